"""Recipes of public sources: what they hold, how it is labelled, on which terms."""
