"""The second voice model: the first layers of a speech recogniser's encoder, and a head over them."""
