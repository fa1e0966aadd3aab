"""Recording that something is to be analysed: the analysis, its first event and its first job, in one unit of work."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from core.jobs import prepare_job
from core.logging import request_id
from core.types import Analysis, Scope
from core.version import PIPELINE_VERSION
from store.completion import restart
from store.events import append_event
from store.ledger import open_jobs
from store.repositories import AnalysisRepository, AuditRepository

QUEUED_MESSAGE: Final = "The file was accepted and waits for its turn."


def record_analysis(
    session: Session,
    *,
    owner_id: str,
    media_id: str,
    file_name: str,
    instruction: str,
    scope: Scope | None = None,
    idempotency_key: str | None = None,
    source_url: str | None = None,
    language: str | None = None,
) -> tuple[Analysis, bool]:
    """The analysis of kept media, and whether it is new; a new one waits for `prepare_job` to be sent."""
    analysis, is_new = AnalysisRepository(session).add(
        owner_id=owner_id,
        media_id=media_id,
        file_name=file_name,
        instruction=instruction,
        scope=scope,
        pipeline_version=PIPELINE_VERSION,
        idempotency_key=idempotency_key,
        request_id=request_id(),
        source_url=source_url,
        language=language,
    )
    if not is_new and analysis.provisional and restart(session, analysis.id):
        # Nobody who asks again is given what is known to lack a part.
        return AnalysisRepository(session).get(analysis.id), True
    if is_new:
        append_event(session, analysis.id, "queued", QUEUED_MESSAGE)
        open_jobs(session, [prepare_job(analysis.id)])
        AuditRepository(session).record(owner_id, "analysis.created", analysis.id)
    return analysis, is_new
