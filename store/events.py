"""The progress of an analysis as rows. Never commits."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.errors import Rejected
from core.types import AnalysisEvent, Stage
from store.models import AnalysisRow, EventRow
from store.webhooks import queue_notices


def append_event(
    session: Session,
    analysis_id: str,
    kind: str,
    message: str,
    *,
    stage: Stage | None = None,
    detail: dict[str, object] | None = None,
) -> AnalysisEvent:
    """Add an event in a unit of work of the caller's. Ids count from 1 without gaps, per analysis."""
    number = session.execute(
        update(AnalysisRow)
        .where(AnalysisRow.id == analysis_id)
        .values(last_event=AnalysisRow.last_event + 1)
        .returning(AnalysisRow.last_event)
    ).scalar_one_or_none()
    if number is None:
        raise Rejected("analysis_not_found", "There is no such analysis.")
    row = EventRow(
        analysis_id=analysis_id,
        id=number,
        kind=kind,
        stage=None if stage is None else stage.value,
        message=message,
        detail=TypeAdapter(dict[str, Any]).dump_python(detail or {}, mode="json"),
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    queue_notices(session, analysis_id, kind)
    return event_of(row)


def event_of(row: EventRow) -> AnalysisEvent:
    return AnalysisEvent.model_validate(
        {
            "id": row.id,
            "analysis_id": row.analysis_id,
            "kind": row.kind,
            "stage": row.stage,
            "message": row.message,
            "detail": row.detail,
            "created_at": row.created_at,
        }
    )
