"""Face crops for training: caches, pairs, batches and what is left out of them."""
