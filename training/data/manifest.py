"""Manifests: one typed row a file, written as CSV with a column a field."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import Field, astuple, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar


class Row(Protocol):
    """Any frozen dataclass whose fields are strings."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class FaceRow:
    """One face crop.

    path: relative to the manifest. label: `real` or `fake`. group: files that share a person or an original.
    origin: repository or folder and path of the file that it was cut from. sha256: of that file. terms: as known.
    """

    path: str
    label: str
    dataset: str
    method: str
    group: str
    video: str
    origin: str
    sha256: str
    terms: str

    @property
    def is_fake(self) -> bool:
        return self.label == "fake"


def write_manifest(rows: Sequence[R], path: Path, row_type: type[R]) -> None:
    """Replaces the file at once, so that a reader never sees half of it."""
    part = path.with_suffix(".part")
    with part.open("w", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow([field.name for field in fields(row_type)])
        writer.writerows(astuple(row) for row in rows)
    part.replace(path)


def read_manifest(path: Path, row_type: type[R]) -> tuple[R, ...]:
    """Raises: ValueError when the columns are not those of the row type."""
    names = [field.name for field in fields(row_type)]
    with path.open(newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames is None or list(reader.fieldnames) != names:
            raise ValueError(f"{path.name} does not have the columns {', '.join(names)}")
        return tuple(row_type(**row) for row in reader)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
