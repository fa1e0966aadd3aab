"""The one client of a language model."""
