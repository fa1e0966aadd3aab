"""Answers a question that has been read, from the evidence of the analyses that it is about."""
