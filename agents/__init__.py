"""Decides what is examined, when enough is known, and what may be said about it."""
