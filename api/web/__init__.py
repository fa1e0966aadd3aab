"""The web page and its templates."""
