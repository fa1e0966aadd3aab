"""The verbs an agent has: ids in, small JSON out, through ports only. A tool's docstring is what a model reads."""
