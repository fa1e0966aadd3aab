"""Files on their way up, with a word on how far they are; and the reading of event streams."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import httpx
from pydantic import BaseModel

from deepwitness_client._operations import Operation

Progress = Callable[[int, int], None]
"""Is told the bytes sent so far and all there are."""
M = TypeVar("M", bound=BaseModel)

RECONNECTS = 20
"""Times in a row that a broken stream is taken up again."""
LONGEST_WAIT_S = 10.0


class Counted:
    """A file that tells how much of it was read. Looks like a file to the multipart writer."""

    def __init__(self, file: BinaryIO, total: int, progress: Progress | None) -> None:
        self._file = file
        self._total = total
        self._progress = progress
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._sent += len(chunk)
        if chunk and self._progress is not None:
            self._progress(self._sent, self._total)
        return chunk

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(256 * 1024):
            yield chunk

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._sent = 0
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()

    @property
    def total(self) -> int:
        return self._total


@contextmanager
def opened(
    file: str | Path | BinaryIO, file_name: str | None, progress: Progress | None
) -> Iterator[tuple[str, Counted]]:
    """The name to send and the counted content. A file that was open already stays open."""
    if isinstance(file, (str, Path)):
        path = Path(file)
        with path.open("rb") as stream:
            yield file_name or path.name, Counted(stream, path.stat().st_size, progress)
        return
    start = file.tell()
    total = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    yield file_name or Path(str(getattr(file, "name", "upload"))).name, Counted(file, total, progress)


class EventReader:
    """Feeds on the lines of a stream of server-sent events."""

    def __init__(self) -> None:
        self._data: list[str] = []

    def feed(self, line: str) -> dict[str, Any] | None:
        """The event that this line ends."""
        if line.startswith("data:"):
            self._data.append(line.removeprefix("data:").lstrip())
        elif not line and self._data:
            told = json.loads("\n".join(self._data))
            self._data = []
            return dict(told)
        return None


def may_repeat(operation: Operation[Any], error: httpx.TransportError) -> bool:
    """Whether sending again cannot do anything twice."""
    return operation.method == "GET" or "Idempotency-Key" in operation.headers or isinstance(error, httpx.ConnectError)


def pause_before_retry(operation: Operation[Any], response: httpx.Response, attempt: int) -> float | None:
    """Seconds to wait before reading again, when the service asks for it and it is not long; None for no."""
    if operation.method != "GET" or response.status_code not in (429, 503):
        return None
    asked = response.headers.get("Retry-After", "")
    pause_s = float(asked) if asked.isdigit() else 0.5 * 2**attempt
    return pause_s if pause_s <= LONGEST_WAIT_S else None
