"""Uploads that go straight to the storage: which addresses are open, how much they may take, and what was left there.

An address takes its file as often as it is asked to until it expires, also after the file was handed in. So it counts
against its owner's quota until then, and what lies there afterwards is removed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.errors import Rejected
from core.ports import BlobStore, Bucket
from store.database import Database
from store.models import UploadRow, UserRow

PREFIX: Final = "uploads/"
"""Of the keys in the originals' bucket; what is handed in is copied to a key of its own."""
LEFT_AFTER: Final = timedelta(minutes=40)
"""What was written so long ago was not handed in, and is removed."""

_log: Final = structlog.get_logger()


def key_of_upload(owner_id: str, upload_id: str) -> str:
    return f"{PREFIX}{owner_id}/{upload_id}"


class UploadRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(
        self, owner_id: str, upload_id: str, size_bytes: int, expires_at: datetime, *, most: int, most_bytes: int
    ) -> None:
        """Record an address that takes so many bytes until it expires.

        Args:
            most, most_bytes: what the owner may have open together.

        Raises: Rejected("too_many_uploads").
        """
        # One at a time for each owner, or two requests at once would both find room.
        self._session.execute(select(UserRow.id).where(UserRow.id == owner_id).with_for_update())
        is_open = (UploadRow.owner_id == owner_id, UploadRow.expires_at > func.clock_timestamp())
        count, held = self._session.execute(
            select(func.count(), func.coalesce(func.sum(UploadRow.size_bytes), 0)).where(*is_open)
        ).one()
        if count >= most or held + size_bytes > most_bytes:
            raise Rejected(
                "too_many_uploads",
                "Too many uploads were begun. Wait until earlier addresses have expired, or send the file itself.",
            )
        self._session.add(UploadRow(id=upload_id, owner_id=owner_id, size_bytes=size_bytes, expires_at=expires_at))
        self._session.flush()

    def forget_expired(self) -> None:
        self._session.execute(delete(UploadRow).where(UploadRow.expires_at <= func.clock_timestamp()))


def remove_left_uploads(database: Database, blobs: BlobStore, *, now: datetime | None = None) -> int:
    """Remove uploads that were never handed in, or were put again after that. Returns how many there were."""
    with database.begin() as session:
        UploadRepository(session).forget_expired()
    before = (now or datetime.now(UTC)) - LEFT_AFTER
    left = list(blobs.written_before(Bucket.ORIGINALS, before, PREFIX))
    for key in left:
        blobs.delete(Bucket.ORIGINALS, key)
    if left:
        _log.info("store.uploads.removed", count=len(left))
    return len(left)
