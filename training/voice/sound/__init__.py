"""What happens to a sound and what makes one: augmentation, distortion, copy-synthesis, text to speech."""
