"""The voice network: its layers, what they say of a clip, its training and its shipped files."""
