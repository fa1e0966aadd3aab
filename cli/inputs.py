"""Which files a command line means: files as they are named, folders with the media in them, a folder being filled."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import typer

MEDIA_SUFFIXES: Final = frozenset(
    (
        *(".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".wmv", ".3gp"),
        *(".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"),
        *(".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".aiff", ".aif", ".amr", ".caf"),
    )
)
"""Of a folder only files with these names are taken; a file that is named itself may be called anything."""
POLL_S: Final = 1.0


def expanded(paths: Iterable[Path]) -> list[Path]:
    """Files in the order given, those of a folder by name, each once.

    Raises: typer.BadParameter for what does not exist, and when nothing is left.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(media_in(path)))
        elif path.exists():
            found[path] = None
        else:
            raise typer.BadParameter(f"there is no file {path}")
    if not found:
        raise typer.BadParameter("there is no media file in what was named")
    return list(found)


def media_in(folder: Path) -> list[Path]:
    """Media by name, in this folder and those in it; hidden ones are left alone."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in MEDIA_SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def arriving(folder: Path, *, poll_s: float = POLL_S) -> Iterator[Path]:
    """Files as they come to be in a folder, each once it has stopped growing; those there at first are taken too.

    A file that is written again is given again. Never ends.
    """
    given: dict[Path, tuple[int, int]] = {}
    growing: dict[Path, tuple[int, int]] = {}
    while True:
        present: dict[Path, tuple[int, int]] = {}
        for path in media_in(folder):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            present[path] = (stat.st_size, stat.st_mtime_ns)
        for path, state in present.items():
            if state[0] > 0 and given.get(path) != state and growing.get(path) == state:
                given[path] = state
                yield path
        growing = present
        time.sleep(poll_s)
