"""What the voice detector reaches, and the pages that say it."""
