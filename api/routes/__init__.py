"""Endpoints, grouped by what they speak about."""
