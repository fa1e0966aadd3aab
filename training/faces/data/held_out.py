"""Which of the built faces the shipped network was not trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from training.data.manifest import FaceRow
from training.faces.data.dataset import read_manifest
from training.faces.data.folds import SPARED


def held_out_origins(shared: Path) -> frozenset[str]:
    """Origins of the files that no network of this project was trained on, of the sources that it was trained on."""
    return frozenset(f"faces:{row.path}" for row in read_manifest(shared / "faces") if row.held_out)


def spared_groups(rows: Iterable[FaceRow]) -> frozenset[str]:
    """Origins of the files of one group in eight of every source, by a digest of the group's name."""
    return frozenset(
        row.origin for row in rows if hashlib.sha256(f"spared/{row.dataset}/{row.group}".encode()).digest()[0] < 32
    )


def trained_origins(shared: Path, rows: Iterable[FaceRow]) -> frozenset[str]:
    """Origins of the files that the shipped network was trained on, at first or further."""
    first = frozenset(f"faces:{row.path}" for row in read_manifest(shared / "faces") if not row.held_out)
    rows = tuple(rows)
    held_out = held_out_origins(shared) | spared_groups(rows)
    return first | {row.origin for row in rows if row.dataset not in SPARED and row.origin not in held_out}
