"""Reads files: formats, streams, frames and sound."""
