"""The pipeline version: the same file under the same version has the same analysis."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
"""Of the application; `pyproject.toml` repeats it and a test holds the two together."""
