"""What the face detector reaches, and the pages that say it."""
