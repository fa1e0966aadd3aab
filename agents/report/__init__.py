"""From facts to checked sentences and the assembled report."""
