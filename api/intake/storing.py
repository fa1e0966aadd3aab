"""Stores a long upload while it is still received: its sender does not wait for one after the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from api.http.composition import World
from core.errors import DeepwitnessError
from core.ports import Bucket
from store.blobs import PART_BYTES
from store.repositories import new_id

LEAST_BYTES: Final = 2 * PART_BYTES
"""A shorter upload is one part, which is stored when all of it is there."""

_log: Final = structlog.get_logger()


class Abandoned(Exception):
    """The upload broke off or is not wanted."""


class GrowingFile:
    """Reads a file that somebody still writes, from its beginning to where they end."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._written_bytes, self._read_bytes = 0, 0
        self._has_ended, self._is_abandoned = False, False
        self._changed = threading.Condition()

    def grown(self, written_bytes: int) -> None:
        """So much is in the file now."""
        with self._changed:
            self._written_bytes = written_bytes
            self._changed.notify_all()

    def end(self) -> None:
        """Nothing will be added."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def abandon(self) -> None:
        with self._changed:
            self._is_abandoned = True
            self._changed.notify_all()

    def read(self, size: int) -> bytes:
        """So many bytes, as soon as they are there; fewer at the end only. Raises: Abandoned."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_abandoned or self._has_ended or self._written_bytes - self._read_bytes >= size
            )
            if self._is_abandoned:
                raise Abandoned
            there = self._written_bytes - self._read_bytes
        content = self._file.read(min(size, there))
        self._read_bytes += len(content)
        return content

    def close(self) -> None:
        self._file.close()


class EarlyCopy:
    """The object of an upload that is still received. Whoever makes an analysis of it says `settle`; without that,
    `discard` leaves nothing of it."""

    def __init__(self, world: World, path: Path) -> None:
        self.media_id = new_id("me")
        self.is_settled = False
        self.file = GrowingFile(path)
        self._world = world
        pool = ThreadPoolExecutor(1, "early-copy")
        self._stored = pool.submit(self._store)
        pool.shutdown(wait=False)

    @property
    def key(self) -> str:
        return f"{self.media_id}/original"

    def _store(self) -> None:
        try:
            self._world.buckets.ensure()
            self._world.blobs.upload_stream(Bucket.ORIGINALS, self.key, self.file)
        finally:
            self.file.close()
            self._world.copying.release()

    def wait(self) -> None:
        """Until all of it is stored. Raises: Unavailable."""
        self._stored.result()

    def settle(self) -> None:
        """What becomes of the object is decided elsewhere from now on."""
        self.is_settled = True

    def discard(self) -> None:
        """Break off, and remove what was stored."""
        self.file.abandon()
        if self._stored.exception() is None:
            try:
                self._world.blobs.delete(Bucket.ORIGINALS, self.key)
            except DeepwitnessError as error:
                _log.warning("api.original.left_behind", key=self.key, error=repr(error))


def begin_copy(world: World, path: Path) -> EarlyCopy | None:
    """None where enough others are being stored: each holds parts of its file in memory."""
    if not world.copying.acquire(blocking=False):
        return None
    with suppress(OSError):
        return EarlyCopy(world, path)
    world.copying.release()
    return None
