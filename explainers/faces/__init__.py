"""Explains the score of a face."""
