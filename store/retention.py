"""Removing an analysis wholly: its rows, its objects, and the upload when nothing else needs it."""

from __future__ import annotations

from core.ports import BlobStore, Bucket
from store.conversations import ConversationRepository
from store.database import Database
from store.repositories import AnalysisRepository, AuditRepository


def delete_analysis(
    database: Database, blobs: BlobStore, analysis_id: str, *, owner_id: str | None, actor_id: str
) -> None:
    """Rows first, so that nobody finds them; then objects. Objects left by a failure are found by their prefix again.

    Raises: Rejected("analysis_not_found").
    """
    with database.begin() as session:
        orphan = AnalysisRepository(session).delete(analysis_id, owner_id)
        AuditRepository(session).record(actor_id, "analysis.deleted", analysis_id)
    remove_leftovers(blobs, analysis_id)
    if orphan is not None:
        blobs.delete(Bucket.ORIGINALS, orphan[1])


def remove_leftovers(blobs: BlobStore, analysis_id: str) -> None:
    """Remove what a job that was still running wrote after its analysis was deleted."""
    for bucket in (Bucket.FRAMES, Bucket.AUDIO, Bucket.OUTPUTS):
        blobs.delete_prefix(bucket, f"{analysis_id}/")


def sweep(database: Database, blobs: BlobStore, retention_days: int) -> tuple[str, ...]:
    """Remove what is older than its owner has it kept, and at the latest what is older than `retention_days`.

    0 days: the service itself keeps everything. Returns the ids of the analyses that went.
    """
    with database.begin() as session:
        expired = AnalysisRepository(session).expired(retention_days)
        ConversationRepository(session).forget_expired(retention_days)
    for analysis_id in expired:
        delete_analysis(database, blobs, analysis_id, owner_id=None, actor_id="retention")
    return expired
