"""Reads a question: in which language it is, what it is about, and what it names."""
