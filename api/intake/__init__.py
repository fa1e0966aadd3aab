"""Receives a recording by upload, link or form, and records it as one submission."""
