"""What a worker keeps at hand of the object storage: as the storage would answer, bounded, and gone when deleted."""

from __future__ import annotations

import pytest

from core.errors import Rejected
from core.ports import BlobRef, Bucket
from core.settings import BlobSettings
from store.blobs import MinioBlobStore
from store.recent import RecentBlobs

SETTINGS = BlobSettings.model_validate({"endpoint": "nowhere:1", "access_key": "a", "secret_key": "s"})


class Far:
    """The storage itself, which counts what it is asked for."""

    def __init__(self) -> None:
        self.held: dict[tuple[Bucket, str], bytes] = {}
        self.fetched: list[str] = []

    def put(self, bucket: Bucket, key: str, content: bytes) -> BlobRef:
        self.held[bucket, key] = content
        return BlobRef(bucket, key, len(content))

    def get(self, bucket: Bucket, key: str) -> bytes:
        self.fetched.append(key)
        if (bucket, key) not in self.held:
            raise Rejected("blob_not_found", "The stored object does not exist.")
        return self.held[bucket, key]


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Far:
    far = Far()
    monkeypatch.setattr(MinioBlobStore, "put_bytes", lambda _, bucket, key, content, __: far.put(bucket, key, content))
    monkeypatch.setattr(MinioBlobStore, "get_bytes", lambda _, bucket, key: far.get(bucket, key))
    monkeypatch.setattr(MinioBlobStore, "delete", lambda _, bucket, key: far.held.pop((bucket, key)))
    monkeypatch.setattr(MinioBlobStore, "delete_prefix", lambda *_: far.held.clear() or 0)
    return far


def test_what_was_stored_or_fetched_is_not_fetched_again(far: Far) -> None:
    blobs = RecentBlobs(SETTINGS)
    blobs.put_bytes(Bucket.FRAMES, "a/1", b"one", "image/jpeg")
    far.put(Bucket.AUDIO, "a/2", b"two")
    assert [blobs.get_bytes(Bucket.FRAMES, "a/1"), *(blobs.get_bytes(Bucket.AUDIO, "a/2") for _ in range(2))] == [
        b"one",
        b"two",
        b"two",
    ]
    assert far.fetched == ["a/2"]


def test_results_are_always_asked_of_the_storage(far: Far) -> None:
    blobs = RecentBlobs(SETTINGS)
    blobs.put_bytes(Bucket.OUTPUTS, "a/1", b"one", "image/png")
    assert blobs.get_bytes(Bucket.OUTPUTS, "a/1") == b"one"
    assert far.fetched == ["a/1"]


def test_it_holds_no_more_than_it_may_and_nothing_for_long(far: Far) -> None:
    blobs = RecentBlobs(SETTINGS, most_bytes=10)
    for key in ("a/1", "a/2", "a/3"):
        blobs.put_bytes(Bucket.FRAMES, key, b"four", "image/jpeg")
    for key in ("a/3", "a/2", "a/1"):
        blobs.get_bytes(Bucket.FRAMES, key)
    assert far.fetched == ["a/1"]
    brief = RecentBlobs(SETTINGS, longest_s=0.0)
    brief.put_bytes(Bucket.FRAMES, "b/1", b"one", "image/jpeg")
    brief.get_bytes(Bucket.FRAMES, "b/1")
    assert far.fetched == ["a/1", "b/1"]


def test_what_is_deleted_is_gone(far: Far) -> None:
    blobs = RecentBlobs(SETTINGS)
    for key in ("a/1", "a/2"):
        blobs.put_bytes(Bucket.FRAMES, key, b"one", "image/jpeg")
    blobs.delete(Bucket.FRAMES, "a/1")
    with pytest.raises(Rejected):
        blobs.get_bytes(Bucket.FRAMES, "a/1")
    blobs.delete_prefix(Bucket.FRAMES, "a/")
    with pytest.raises(Rejected):
        blobs.get_bytes(Bucket.FRAMES, "a/2")
