"""Removing an analysis wholly: its rows, its objects, and the upload when nothing else needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from core.errors import Rejected, Unavailable
from core.jobs import FORGET
from core.ports import BlobStore, Bucket
from core.types import Removal
from store.conversations import ConversationRepository
from store.database import Database
from store.ledger import open_jobs
from store.repositories import AnalysisRepository, AuditRepository, MediaRepository

OF_ANALYSES: Final = (Bucket.FRAMES, Bucket.AUDIO, Bucket.OUTPUTS)
ORPHANED_AFTER: Final = timedelta(days=1)
"""No upload and no job lasts as long: what is older and in no row will never be in one."""
FORGET_DELAY: Final = timedelta(minutes=1)
"""Long enough for a job of a deleted analysis to have noticed and ended."""
FEW: Final = 20
_AT_ONCE: Final = 500

_log: Final = structlog.get_logger()


def delete_analysis(
    database: Database, blobs: BlobStore, analysis_id: str, *, owner_id: str | None, actor_id: str
) -> None:
    """Rows first, so that nobody finds them; then objects.

    A job recorded with the deletion removes what is left: what a running job writes too late, the graph's
    checkpoints, and the objects where this call is interrupted.

    Raises: Rejected("analysis_not_found").
    """
    with database.begin() as session:
        orphan = AnalysisRepository(session).delete(analysis_id, owner_id)
        AuditRepository(session).record(actor_id, "analysis.deleted", analysis_id)
        removal = Removal(analysis_id=analysis_id, original_key=None if orphan is None else orphan[1])
        open_jobs(session, [FORGET.alone(analysis_id, removal, due_at=datetime.now(UTC) + FORGET_DELAY)])
    remove_objects(blobs, removal)


def remove_objects(blobs: BlobStore, removal: Removal) -> None:
    """Remove the objects of a deleted analysis. Doing so twice is doing it once."""
    for bucket in OF_ANALYSES:
        blobs.delete_prefix(bucket, f"{removal.analysis_id}/")
    if removal.original_key is not None:
        blobs.delete(Bucket.ORIGINALS, removal.original_key)


def sweep(database: Database, blobs: BlobStore, retention_days: int) -> tuple[str, ...]:
    """Remove what is older than its owner has it kept, and at the latest what is older than `retention_days`.

    0 days: the service itself keeps everything. Returns the ids of the analyses that went.
    """
    removed: list[str] = []
    with database.begin() as session:
        ConversationRepository(session).forget_expired(retention_days)
    while True:
        with database.begin() as session:
            expired = AnalysisRepository(session).expired(retention_days)
        if not expired:
            return tuple(removed)
        for analysis_id in expired:
            try:
                delete_analysis(database, blobs, analysis_id, owner_id=None, actor_id="retention")
            except Rejected:  # its owner was faster
                continue
            except Unavailable as error:
                if error.code == "database_unavailable":
                    raise
                _log.warning("store.objects.left_behind", analysis_id=analysis_id, error=repr(error))
            removed.append(analysis_id)


def remove_orphans(database: Database, blobs: BlobStore, before: datetime | None = None) -> int:
    """Remove objects that no row names: of deletions that broke off, of jobs that wrote too late, and uploads that
    were never handed in.

    A database that knows next to nothing of what is stored is not this storage's: then nothing is removed.

    Args:
        before: only what was last written earlier than this; a day ago unless given.

    Returns: how many analyses and originals had objects left.
    """
    before = before or datetime.now(UTC) - ORPHANED_AFTER
    stored, lost = 0, list[tuple[Bucket, str]]()
    for bucket in OF_ANALYSES:
        ids = {key.partition("/")[0] for key in blobs.written_before(bucket, before)}
        stored += len(ids)
        lost += [(bucket, f"{analysis_id}/") for analysis_id in _unknown_analyses(database, ids)]
    originals = set(blobs.written_before(Bucket.ORIGINALS, before))
    stored += len(originals)
    lost += [(Bucket.ORIGINALS, key) for key in _unknown_originals(database, originals)]
    if len(lost) > max(FEW, stored / 2):
        _log.error("store.orphans.too_many", lost=len(lost), stored=stored)
        return 0
    for bucket, prefix in lost:
        blobs.delete_prefix(bucket, prefix)
    if lost:
        _log.info("store.orphans.removed", count=len(lost))
    return len(lost)


def _unknown_analyses(database: Database, ids: Collection[str]) -> Iterator[str]:
    for some in _portions(ids):
        with database.begin() as session:
            known = AnalysisRepository(session).known(some)
        yield from (each for each in some if each not in known)


def _unknown_originals(database: Database, keys: Collection[str]) -> Iterator[str]:
    for some in _portions(keys):
        with database.begin() as session:
            known = MediaRepository(session).known_originals(some)
        yield from (each for each in some if each not in known)


def _portions(names: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
