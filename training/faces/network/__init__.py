"""The face network: its layers, its training and its shipped files."""
