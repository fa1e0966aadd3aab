"""Training and evaluation of the visual detector."""
