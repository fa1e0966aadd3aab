"""The HTTP service: uploads in, progress and testimony out. Knows no model and no agent."""
