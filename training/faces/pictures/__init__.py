"""What happens to a picture: augmentation, made fakes, codecs and corruptions."""
