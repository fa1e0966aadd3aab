"""How well the planner understands instructions: labelled texts, and the command that scores a backend on them."""
