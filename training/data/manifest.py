"""Manifests: one typed row a file, written as CSV with a column a field."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, astuple, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, TypeVar


class Row(Protocol):
    """Any frozen dataclass whose fields are strings, numbers or flags."""

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


_READ: Final[Mapping[str, Callable[[str], object]]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": lambda text: {"True": True, "False": False}[text],
}
"""By the name of a field's type: what its column says."""


def read_manifest(path: Path, row_type: type[R]) -> tuple[R, ...]:
    """Raises: ValueError when the columns are not those of the row type; KeyError for a flag that is neither."""
    readers = {field.name: _READ[str(field.type)] for field in fields(row_type)}
    with path.open(newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames is None or list(reader.fieldnames) != list(readers):
            raise ValueError(f"{path.name} does not have the columns {', '.join(readers)}")
        return tuple(row_type(**{name: read(row[name]) for name, read in readers.items()}) for row in reader)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
