"""Recipes of the public sources that the detectors learn from, and what they all share."""
