"""`python -m tests.eval.conversation`: see `tests.eval.conversation.asked`."""

from tests.eval.conversation.asked import main

main()
