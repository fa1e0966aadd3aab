"""How often a question is answered right, graded by rules that know nothing of the code that answers.

    python -m tests.eval.conversation.asked [--half open|held] [--show]

