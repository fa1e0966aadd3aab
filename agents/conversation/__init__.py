"""Answers questions about analyses from their stored evidence. These names are all that other rooms use at run time.

`ToolCallingAnswerer`, which needs more at import, is in `agents.conversation.tool_calling`.
"""

from agents.conversation.answerer import AskedQuestion, QuestionAnswerer
from agents.conversation.cases import DetectorErrorRates, ErrorRates
from agents.conversation.proposals import Started, Starter

__all__ = ["AskedQuestion", "DetectorErrorRates", "ErrorRates", "QuestionAnswerer", "Started", "Starter"]
