"""`core.ports.CaseFile` and `core.ports.EventLog` over PostgreSQL; each call is its own unit of work."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Defect, Rejected
from core.types import (
    Analysis,
    AnalysisEvent,
    AnalysisStatus,
    Artefact,
    Evidence,
    Explanation,
    Failure,
    Plan,
    PreparedMedia,
    Report,
    Stage,
    Verdict,
)
from store.completion import mark_incomplete
from store.database import Database
from store.events import append_event, event_of
from store.models import (
    AnalysisRow,
    ArtefactRow,
    Base,
    EventRow,
    EvidenceRow,
    ExplanationRow,
    PlanRow,
    ReportRow,
)
from store.repositories import AnalysisRepository, MediaRepository, fail
from store.tallies import analysis_finished, count
from store.versions import report_today

R = TypeVar("R", bound=Base)


class PostgresCaseFile:
    def __init__(self, database: Database) -> None:
        self._database = database

    def analysis(self, analysis_id: str) -> Analysis:
        with self._database.begin() as session:
            return AnalysisRepository(session).get(analysis_id)

    def original_key(self, analysis_id: str) -> str:
        """Key of the uploaded file in the originals bucket."""
        with self._database.begin() as session:
            return MediaRepository(session).original_key(_required(session, analysis_id).media_id)

    def is_cancelled(self, analysis_id: str) -> bool:
        with self._database.begin() as session:
            status = session.scalar(select(AnalysisRow.status).where(AnalysisRow.id == analysis_id))
            return status is None or status == AnalysisStatus.CANCELLED.value

    def save_prepared(self, analysis_id: str, prepared: PreparedMedia) -> None:
        with self._database.begin() as session:
            _required(session, analysis_id).prepared = prepared

    def find_prepared(self, analysis_id: str) -> PreparedMedia | None:
        with self._database.begin() as session:
            _required(session, analysis_id)
            return session.scalar(select(AnalysisRow.prepared).where(AnalysisRow.id == analysis_id))

    def prepared(self, analysis_id: str) -> PreparedMedia:
        prepared = self.find_prepared(analysis_id)
        if prepared is None:
            raise Defect("not_prepared", "The media was asked for before it was prepared.")
        return prepared

    def save_plan(self, analysis_id: str, plan: Plan) -> None:
        with self._database.begin() as session:
            _required(session, analysis_id)
            _upsert(session, PlanRow, ["analysis_id"], analysis_id=analysis_id, content=plan)

    def plan(self, analysis_id: str) -> Plan | None:
        with self._database.begin() as session:
            return session.scalar(select(PlanRow.content).where(PlanRow.analysis_id == analysis_id))

    def save_evidence(self, analysis_id: str, evidence: Evidence) -> None:
        with self._database.begin() as session:
            _required(session, analysis_id)
            _upsert(
                session,
                EvidenceRow,
                ["analysis_id", "modality"],
                analysis_id=analysis_id,
                modality=evidence.modality.value,
                schema_version=evidence.schema_version,
                content=evidence,
            )

    def evidence(self, analysis_id: str) -> tuple[Evidence, ...]:
        with self._database.begin() as session:
            query = select(EvidenceRow.content).where(EvidenceRow.analysis_id == analysis_id)
            return tuple(session.scalars(query.order_by(EvidenceRow.modality.desc())))

    def _save(self, analysis_id: str, table: type[Base], item: Explanation | Artefact) -> None:
        with self._database.begin() as session:
            _required(session, analysis_id)
            _upsert(session, table, ["analysis_id", "id"], analysis_id=analysis_id, id=item.id, content=item)

    def save_verdict(self, analysis_id: str, verdict: Verdict) -> None:
        with self._database.begin() as session:
            row = _required(session, analysis_id)
            row.verdict, row.outcome = verdict, verdict.outcome.value
            if row.verdict_at is None:
                row.verdict_at = session.scalar(select(func.clock_timestamp()))

    def save_explanation(self, analysis_id: str, explanation: Explanation) -> None:
        self._save(analysis_id, ExplanationRow, explanation)

    def explanations(self, analysis_id: str) -> tuple[Explanation, ...]:
        with self._database.begin() as session:
            query = select(ExplanationRow.content).where(ExplanationRow.analysis_id == analysis_id)
            return tuple(session.scalars(query.order_by(ExplanationRow.id)))

    def save_artefact(self, analysis_id: str, artefact: Artefact) -> None:
        self._save(analysis_id, ArtefactRow, artefact)

    def artefacts(self, analysis_id: str) -> tuple[Artefact, ...]:
        with self._database.begin() as session:
            query = select(ArtefactRow.content).where(ArtefactRow.analysis_id == analysis_id)
            return tuple(session.scalars(query.order_by(ArtefactRow.id)))

    def save_report(self, analysis_id: str, report: Report) -> None:
        with self._database.begin() as session:
            row = _required(session, analysis_id)
            _upsert(
                session,
                ReportRow,
                ["analysis_id"],
                analysis_id=analysis_id,
                schema_version=report.schema_version,
                content=report.model_dump(mode="json"),
            )
            if not AnalysisStatus(row.status).is_final:
                row.status, row.stage = AnalysisStatus.FINISHED.value, Stage.DONE.value
                row.finished_at = session.scalar(select(func.clock_timestamp()))
                mark_incomplete(session, row)
                session.flush()
                count(session, analysis_finished(report.verdict, report.llm_calls))

    def report(self, analysis_id: str) -> Report | None:
        with self._database.begin() as session:
            row = session.get(ReportRow, analysis_id)
            return None if row is None else Report.model_validate(report_today(row.content))

    def set_stage(self, analysis_id: str, stage: Stage) -> None:
        with self._database.begin() as session:
            session.execute(
                update(AnalysisRow)
                .where(AnalysisRow.id == analysis_id, AnalysisRow.status.in_(("queued", "running")))
                .values(
                    status=AnalysisStatus.RUNNING.value,
                    stage=stage.value,
                    started_at=func.coalesce(AnalysisRow.started_at, func.clock_timestamp()),
                )
            )

    def mark_failed(self, analysis_id: str, failure: Failure) -> None:
        with self._database.begin() as session:
            if fail(session, analysis_id, failure):
                append_event(session, analysis_id, "failed", failure.message, detail={"code": failure.code})


class PostgresEventLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self,
        analysis_id: str,
        kind: str,
        message: str,
        *,
        stage: Stage | None = None,
        detail: dict[str, object] | None = None,
    ) -> AnalysisEvent:
        with self._database.begin() as session:
            return append_event(session, analysis_id, kind, message, stage=stage, detail=detail)

    def after(self, analysis_id: str, event_id: int) -> tuple[AnalysisEvent, ...]:
        with self._database.begin() as session:
            query = select(EventRow).where(EventRow.analysis_id == analysis_id, EventRow.id > event_id)
            return tuple(event_of(row) for row in session.scalars(query.order_by(EventRow.id)))


def _required(session: Session, analysis_id: str) -> AnalysisRow:
    row = session.get(AnalysisRow, analysis_id)
    if row is None:
        raise Rejected("analysis_not_found", "There is no such analysis.")
    return row


def _upsert(session: Session, table: type[R], keys: list[str], **values: Any) -> None:
    statement = insert(table).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))
