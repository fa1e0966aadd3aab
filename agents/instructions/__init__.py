"""Turns the text of an instruction into what is to be examined."""
