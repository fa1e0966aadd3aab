"""Which windows of a sound are of one voice: the directions that tell voices apart, and how well they do."""
