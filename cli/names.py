"""File names as they may be written: into a line of text, and onto a terminal."""

from __future__ import annotations

from pathlib import Path


def shown(path: str) -> str:
    """The name for a line of text: bytes that are no text are spelled out."""
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


def printable(name: str) -> str:
    """The same for a terminal, which takes control characters for commands."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in shown(name))


def regular(path: str) -> Path:
    """The file of this name.

    Raises: FileNotFoundError, or OSError for what is no file that can be read to its end: a folder, a pipe, a device.
    """
    found = Path(path)
    if "\0" in path:
        raise FileNotFoundError(path)
    if not found.is_file():
        found.stat()
        raise OSError("not a regular file")
    with found.open("rb"):
        return found
