"""The second face model: token features and the heads over them."""
