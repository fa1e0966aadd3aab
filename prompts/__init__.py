"""Versioned text: what language models are told, and the sentences of the template narrative."""
