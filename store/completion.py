"""Analyses that had to end without a part that the service failed at: marked, and examined again by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.jobs import COMPLETE, prepare_job
from core.types import AFTERWARDS, AnalysisStatus, Completion, JobStatus
from store.database import Database
from store.events import append_event
from store.ledger import open_jobs
from store.models import (
    AnalysisRow,
    ArtefactRow,
    EventRow,
    EvidenceRow,
    ExplanationRow,
    JobRow,
    PlanRow,
    ReportRow,
)

PAUSES: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""Before each attempt at completing; after the last the analysis stays as it is, and marked."""
AGAIN: Final = "A part of this analysis had failed. The recording is examined again."


def mark_incomplete(session: Session, row: AnalysisRow) -> None:
    """Mark a finished analysis whose jobs failed through a fault of the service, and have it completed later."""
    failures = session.scalars(
        select(JobRow.failure).where(
            JobRow.analysis_id == row.id, JobRow.wave < AFTERWARDS, JobRow.status == JobStatus.FAILED.value
        )
    )
    row.provisional = any(failure is not None and failure.is_ours for failure in failures)
    if row.provisional and row.restarts < len(PAUSES):
        due_at = datetime.now(UTC) + PAUSES[row.restarts]
        open_jobs(session, [COMPLETE.alone(f"{row.id}:{row.restarts}", Completion(analysis_id=row.id), due_at=due_at)])


def restart(session: Session, analysis_id: str) -> bool:
    """Have an incomplete analysis examined from its beginning. False when it is not incomplete (any more).

    What it had found is gone; its first job waits in the ledger to be sent.
    """
    row = session.get(AnalysisRow, analysis_id, with_for_update=True, populate_existing=True)
    if row is None or not row.provisional or row.status != AnalysisStatus.FINISHED.value:
        return False
    for table in (JobRow, EventRow, PlanRow, EvidenceRow, ExplanationRow, ArtefactRow, ReportRow):
        session.execute(delete(table).where(table.analysis_id == analysis_id))
    row.status, row.stage = AnalysisStatus.QUEUED.value, None
    row.prepared, row.verdict, row.outcome = None, None, None
    row.started_at, row.verdict_at, row.finished_at = None, None, None
    row.provisional, row.restarts = False, row.restarts + 1
    session.flush()
    append_event(session, analysis_id, "queued", AGAIN)
    open_jobs(session, [prepare_job(analysis_id)])
    return True


def complete(database: Database, analysis_id: str) -> bool:
    """`restart` in a unit of work of its own."""
    with database.begin() as session:
        return restart(session, analysis_id)
