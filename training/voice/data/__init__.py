"""Clips for training: recorded and cached, and which page or fold each belongs to."""
