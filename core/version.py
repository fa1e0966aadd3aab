"""The pipeline version: the same file under the same version has the same analysis."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
"""Of the application; `pyproject.toml` repeats it and a test holds the two together."""
MODELS: Final = "5b02341b"
"""Of the shipped weights and calibrations, so that new ones mean new analyses. A test computes it; the API, which does
not carry the weights, reads it here."""
PIPELINE_VERSION: Final = f"{VERSION}+{MODELS}"
