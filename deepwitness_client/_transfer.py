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
from deepwitness_client.errors import Problem

Progress = Callable[[int, int], None]
"""Is told the bytes sent so far and all there are."""
M = TypeVar("M", bound=BaseModel)

RECONNECTS = 20
"""Times in a row that a broken stream is taken up again."""
LONGEST_PAUSE_S = 10.0
"""Before something is tried again after a failure."""


class Counted:
    """A file that tells how much of it was read. Looks like a file to the multipart writer."""

    def __init__(self, file: BinaryIO, total: int, progress: Progress | None) -> None:
        self._file = file
        self._start = file.tell()
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
        """Positions count from where the file stood when it was given."""
        place = self._file.seek(offset + self._start if whence == os.SEEK_SET else offset, whence)
        self._sent = place - self._start
        return self._sent

    def tell(self) -> int:
        return self._file.tell() - self._start

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
            yield file_name or _as_text(path.name), Counted(stream, path.stat().st_size, progress)
        return
    start = file.tell()
    total = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    yield file_name or Path(str(getattr(file, "name", "upload"))).name, Counted(file, total, progress)


def _as_text(name: str) -> str:
    """A file's name may hold bytes that are no text, which nothing could send."""
    return name.encode(errors="surrogateescape").decode(errors="replace")


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


def may_repeat(operation: Operation[Any]) -> bool:
    """Whether sending again cannot do anything twice."""
    return operation.method == "GET" or "Idempotency-Key" in operation.headers


class Patience:
    """Says of one call when it is sent again: seconds to wait first, or None for not again. Itself it never waits."""

    def __init__(self, retries: int, patience_s: float, *, repeatable: bool) -> None:
        self._retries = retries
        self._left_s = patience_s
        self._repeatable = repeatable
        self._tries = 0

    def after_break(self, error: httpx.TransportError) -> float | None:
        """Without a connection nothing was sent, whatever it was."""
        if not (self._repeatable or isinstance(error, httpx.ConnectError)):
            return None
        return self._retry(0.5 * 2.0**self._tries)

    def after_refusal(self, problem: Problem) -> float | None:
        """429 is said before anything is done, so it holds for every operation; 503 only for what may be repeated."""
        if problem.status == 429:
            pause_s = max(problem.retry_after_s or 0.0, min(0.1 * 2.0**self._tries, 2.0))
            if pause_s > self._left_s:
                return None
            self._left_s -= pause_s
            self._tries += 1
            return pause_s
        if problem.status != 503 or not self._repeatable:
            return None
        asked_s = problem.retry_after_s
        return self._retry(0.5 * 2.0**self._tries if asked_s is None else asked_s)

    def _retry(self, pause_s: float) -> float | None:
        if self._retries == 0 or pause_s > LONGEST_PAUSE_S:
            return None
        self._retries -= 1
        self._tries += 1
        return pause_s
