"""Datasets, augmentation, training and evaluation. Never imported by the service."""
