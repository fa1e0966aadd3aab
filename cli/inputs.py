"""What a command line means: files as they are named, folders with the media in them, a folder being filled, links."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import typer

from cli.names import regular
from deepwitness_client import Client, Scope
from deepwitness_client.models import Submitted

MEDIA_SUFFIXES: Final = frozenset(
    (
        *(".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ts", ".flv", ".wmv", ".3gp"),
        *(".m2ts", ".mts", ".m2v", ".vob", ".mxf", ".264", ".h264", ".265", ".h265", ".hevc", ".dv", ".mjpeg", ".ivf"),
        *(".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"),
        *(".heic", ".heif", ".avif", ".jp2", ".j2k", ".jxl"),
        *(".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".aiff", ".aif", ".amr", ".caf"),
        *(".au", ".snd", ".ac3", ".eac3", ".wma", ".dts", ".wv", ".ape", ".tta", ".w64"),
    )
)
"""Of a folder only files with these names are taken; a file that is named itself may be called anything."""
POLL_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """A file that the service is to fetch itself."""

    url: str

    @property
    def name(self) -> str:
        name = PurePosixPath(unquote(urlsplit(self.url).path)).name
        return "link" if name in ("", "..") else name

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that was named and is not there. It has a line of its own and stops nothing."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def stem(self) -> str:
        return self.path.stem

    def __str__(self) -> str:
        return str(self.path)


Source = Path | Link | Missing


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be examined, in words, in fields, or in both; the fields outweigh the words."""

    instruction: str = ""
    scope: Scope | None = None


def sent(client: Client, source: Source, asked: Request, progress: Callable[[int, int], None]) -> Submitted:
    """Have the service examine a file or what is behind a link. Raises: what the client raises, OSError."""
    if isinstance(source, Link):
        return client.submit_link(source.url, asked.instruction, scope=asked.scope)
    if isinstance(source, Missing):
        raise FileNotFoundError(source.path)
    return client.submit(regular(str(source)), asked.instruction, scope=asked.scope, progress=progress)


def expanded(named: Iterable[str]) -> list[Source]:
    """Links and files in the order given, those of a folder by name, each once.

    Raises: typer.BadParameter when there is nothing in what was named.
    """
    found: dict[Source, None] = {}
    for name in named:
        if name.startswith(("https://", "http://")):
            found[Link(name)] = None
            continue
        path = Path(name)
        if path.is_dir():
            found.update(dict.fromkeys(media_in(path)))
        elif path.exists():
            found[path] = None
        else:
            found[Missing(path)] = None
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
