"""Explains the score of a voice."""
