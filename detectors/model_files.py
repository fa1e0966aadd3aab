"""Where the files of a model lie: in a folder of ours, or in an installed package that carries them."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from core.errors import Misconfigured

SHIPPED: Final = Path(__file__).parent / "weights"
"""A folder for each model: its weights and its calibrations."""
WEIGHTS_SUFFIXES: Final = (".tflite", ".keras", ".npz", ".json")


@cache
def find_model_file(place: Path | str, name: str, *, sha256: str | None = None, code: str = "weights_missing") -> Path:
    """The file, checked to be the one that is meant. Asking again reads nothing.

    Args:
        place: a folder, or the import name of a package, whose code is not run.
        name: path of the file within the folder or the package.
        sha256: of the file's content; None when any content will do.
        code: of the error, which its page in the documentation is named by.

    Raises: Misconfigured when the file is not there, or has another digest.
    """
    folder = place if isinstance(place, Path) else _package_folder(place)
    path = None if folder is None else folder / name
    if path is None or not path.is_file():
        holder = "The folder" if isinstance(place, Path) else "The package"
        raise Misconfigured(code, f"{holder} {_named(place)} does not hold {name}. Run 'make setup' to install it.")
    if sha256 is not None and file_digest(path) != sha256:
        raise Misconfigured(
            code, f"The file {name} of {_named(place)} is not the one that this version needs. Run 'make setup' again."
        )
    return path


def unreadable(name: str) -> Misconfigured:
    """The error of a model file that holds something else than it should."""
    return Misconfigured("weights_missing", f"The model file {name} cannot be read. Run 'make setup' again.")


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_weights(folder: Path = SHIPPED) -> tuple[Path, ...]:
    """Files of weights and calibrations of every model, in order."""
    return tuple(path for path in sorted(folder.glob("*/*")) if path.suffix in WEIGHTS_SUFFIXES)


def digest_weights(files: Sequence[Path]) -> str:
    """Eight hexadecimal digits of all of them together; `core.version.MODELS` holds those of the shipped ones."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(bytes.fromhex(file_digest(path)))
    return digest.hexdigest()[:8]


def _named(place: Path | str) -> str:
    return place.name if isinstance(place, Path) else place


def package_file(package: str, name: str) -> Path | None:
    """A file of an installed package, whose code is not run; None where the package is not installed."""
    folder = _package_folder(package)
    return None if folder is None else folder / name


def _package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return None if found is None or found.origin is None else Path(found.origin).parent
