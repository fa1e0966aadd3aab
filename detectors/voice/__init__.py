"""Finds and scores speech."""
