"""Explains how the verdict was weighed."""
