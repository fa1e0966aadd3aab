"""Finds, tracks and scores faces."""
