"""Training and evaluation of the audio detector."""
