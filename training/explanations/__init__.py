"""How far the maps can be trusted, measured where the truth is known."""
