"""What this process stored or fetched lately, kept at hand: the next job on the same recording reads it again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Final

from core.ports import BlobRef, Bucket
from core.settings import BlobSettings
from store.blobs import MinioBlobStore

KEPT: Final = frozenset({Bucket.FRAMES, Bucket.AUDIO})
"""What is written once and read by several jobs."""
MOST_BYTES: Final = 64 * 1024**2
LONGEST_S: Final = 120.0
"""What was deleted elsewhere is forgotten here by then."""

_Name = tuple[Bucket, str]


class RecentBlobs(MinioBlobStore):
    """A blob store that asks the storage for nothing that it still holds. May be shared between threads."""

    def __init__(self, settings: BlobSettings, most_bytes: int = MOST_BYTES, longest_s: float = LONGEST_S) -> None:
        super().__init__(settings)
        self._most_bytes, self._longest_s = most_bytes, longest_s
        self._held: OrderedDict[_Name, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()

    def put_bytes(self, bucket: Bucket, key: str, content: bytes, media_type: str) -> BlobRef:
        stored = super().put_bytes(bucket, key, content, media_type)
        self._keep((bucket, key), content)
        return stored

    def get_bytes(self, bucket: Bucket, key: str) -> bytes:
        with self._guard:
            since, content = self._held.get((bucket, key), (0.0, b""))
        if content and time.monotonic() - since < self._longest_s:
            return content
        content = super().get_bytes(bucket, key)
        self._keep((bucket, key), content)
        return content

    def delete(self, bucket: Bucket, key: str) -> None:
        self._forget([(bucket, key)])
        super().delete(bucket, key)

    def delete_prefix(self, bucket: Bucket, prefix: str) -> int:
        with self._guard:
            names = [name for name in self._held if name[0] is bucket and name[1].startswith(prefix)]
        self._forget(names)
        return super().delete_prefix(bucket, prefix)

    def _keep(self, name: _Name, content: bytes) -> None:
        if name[0] not in KEPT:
            return
        self._forget([name])
        now = time.monotonic()
        with self._guard:
            self._held[name] = now, content
            self._bytes += len(content)
            while self._held:
                oldest, (since, first) = next(iter(self._held.items()))
                if self._bytes <= self._most_bytes and now - since < self._longest_s:
                    return
                del self._held[oldest]
                self._bytes -= len(first)

    def _forget(self, names: list[_Name]) -> None:
        with self._guard:
            for name in names:
                _, content = self._held.pop(name, (0.0, b""))
                self._bytes -= len(content)
