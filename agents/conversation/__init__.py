"""Answers questions about analyses from their evidence."""
