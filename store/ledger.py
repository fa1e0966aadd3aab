"""`core.ports.JobLedger` over PostgreSQL: who works on what, until when, and who was last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, aliased

from core.jobs import JobKind, P
from core.types import AFTERWARDS, Failure, JobRecord, JobSpec, JobStatus
from store.database import Database
from store.models import AnalysisRow, JobRow, analysis_is_live, job_is_wanted
from store.tallies import Tally, count, job_ended

_UNFINISHED: Final = (JobStatus.SUBMITTED.value, JobStatus.RUNNING.value)
_MOST_SENT: Final = 500
"""In one look; the next one finds the others."""


class PostgresJobLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, jobs: Sequence[JobSpec]) -> tuple[JobRecord, ...]:
        with self._database.begin() as session:
            return open_jobs(session, jobs)

    def claim(self, job_id: str, worker: str, lease_s: float) -> JobRecord | None:
        with self._database.begin() as session:
            row = session.scalar(
                update(JobRow)
                .where(
                    JobRow.id == job_id,
                    or_(
                        and_(JobRow.status == JobStatus.SUBMITTED.value, JobRow.due_at <= func.clock_timestamp()),
                        _has_expired(),
                    ),
                    _is_wanted(),
                )
                .values(
                    status=JobStatus.RUNNING.value,
                    worker=worker,
                    attempts=JobRow.attempts + 1,
                    lease_until=_in(lease_s),
                    updated_at=func.clock_timestamp(),
                )
                .returning(JobRow)
            )
            if row is None:
                return None
            request_id = session.scalar(select(AnalysisRow.request_id).where(AnalysisRow.id == row.analysis_id))
            return _record(row).model_copy(update={"request_id": request_id})

    def extend(self, job_id: str, worker: str, lease_s: float) -> bool:
        with self._database.begin() as session:
            changed = session.execute(
                update(JobRow)
                .where(_held(job_id, worker), _is_wanted())
                .values(lease_until=_in(lease_s))
                .returning(JobRow.id)
            )
            return changed.first() is not None

    def finish(self, job_id: str, worker: str, result: dict[str, object]) -> bool:
        return self._end(job_id, worker, {"status": JobStatus.DONE.value, "result": result})

    def fail(self, job_id: str, worker: str, failure: Failure) -> bool:
        return self._end(job_id, worker, {"status": JobStatus.FAILED.value, "failure": failure})

    def release(self, job_id: str, worker: str, *, after_s: float, counts: bool) -> None:
        given_back = {} if counts else {"attempts": JobRow.attempts - 1, "outages": JobRow.outages + 1}
        with self._database.begin() as session:
            task = session.scalar(
                update(JobRow)
                .where(_held(job_id, worker))
                .values(
                    **given_back,
                    status=JobStatus.SUBMITTED.value,
                    worker=None,
                    lease_until=None,
                    due_at=_in(after_s),
                    sent_at=None,
                    updated_at=func.clock_timestamp(),
                )
                .returning(JobRow.task)
            )
            if task is not None:
                count(session, {("jobs", (task, "retried")): 1})

    def of_analysis(self, analysis_id: str, wave: int | None = None) -> tuple[JobRecord, ...]:
        query = select(JobRow).where(JobRow.analysis_id == analysis_id)
        if wave is not None:
            query = query.where(JobRow.wave == wave)
        with self._database.begin() as session:
            return tuple(_record(row) for row in session.scalars(query.order_by(JobRow.wave, JobRow.id)))

    def take_unsent(self, unclaimed_since: datetime) -> tuple[JobRecord, ...]:
        unclaimed = and_(JobRow.status == JobStatus.SUBMITTED.value, JobRow.due_at <= func.clock_timestamp())
        # Every worker looks, every few seconds: what waits in a long queue is not to be sent again by each.
        query = select(JobRow).where(
            or_(
                and_(unclaimed, or_(JobRow.sent_at.is_(None), JobRow.sent_at < unclaimed_since)),
                and_(_has_expired(), or_(JobRow.sent_at < JobRow.lease_until, JobRow.sent_at < unclaimed_since)),
            ),
            _is_wanted(),
        )
        query = query.order_by(JobRow.due_at).limit(_MOST_SENT).with_for_update(skip_locked=True, of=JobRow)
        with self._database.begin() as session:
            rows = session.scalars(query).all()
            found = tuple(_record(row) for row in rows)
            for row in rows:
                row.sent_at = func.clock_timestamp()
            return found

    def stalled(self, idle_since: datetime) -> tuple[JobRecord, ...]:
        other = aliased(JobRow)
        unfinished = exists().where(other.analysis_id == JobRow.analysis_id, other.status.in_(_UNFINISHED))
        later = exists().where(
            other.analysis_id == JobRow.analysis_id, other.wave > JobRow.wave, other.wave < AFTERWARDS
        )
        fresher = exists().where(other.analysis_id == JobRow.analysis_id, other.updated_at >= idle_since)
        query = (
            select(JobRow)
            .ext(distinct_on(JobRow.analysis_id))
            .where(~unfinished, ~later, ~fresher, JobRow.wave < AFTERWARDS, _is_of(analysis_is_live()))
            .order_by(JobRow.analysis_id, JobRow.id)
        )
        with self._database.begin() as session:
            return tuple(_record(row) for row in session.scalars(query))

    def _end(self, job_id: str, worker: str, values: dict[str, Any]) -> bool:
        with self._database.begin() as session:
            row = session.get(JobRow, job_id)
            if row is None:
                return False
            together = JobRow.id == job_id
            if row.wave < AFTERWARDS:
                together = and_(JobRow.analysis_id == row.analysis_id, JobRow.wave == row.wave)
            # The whole wave is locked, in one order, so that exactly one job sees itself as the last.
            wave = session.scalars(
                select(JobRow)
                .where(together)
                .order_by(JobRow.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            ).all()
            mine = next((each for each in wave if each.id == job_id), None)
            if mine is None or mine.status != JobStatus.RUNNING.value or mine.worker != worker:
                return False
            session.execute(
                update(JobRow)
                .where(JobRow.id == job_id)
                .values(**values, lease_until=None, updated_at=func.clock_timestamp())
            )
            count(session, _ended(mine, values))
            others = (each for each in wave if each.id != job_id)
            return mine.wave < AFTERWARDS and all(each.status not in _UNFINISHED for each in others)

    def forget(self, before: datetime) -> None:
        """Remove jobs of no analysis that ended before that moment; the others go with their analysis."""
        ended = and_(JobRow.analysis_id.is_(None), JobRow.status.not_in(_UNFINISHED), JobRow.updated_at < before)
        with self._database.begin() as session:
            session.execute(delete(JobRow).where(ended))


def open_jobs(session: Session, jobs: Sequence[JobSpec]) -> tuple[JobRecord, ...]:
    """Record jobs in a unit of work of the caller's."""
    for job in jobs:
        session.execute(
            insert(JobRow)
            .values(
                id=job.id,
                analysis_id=job.analysis_id,
                wave=job.wave,
                task=job.task,
                payload=job.payload,
                status=JobStatus.SUBMITTED.value,
                attempts=0,
                due_at=job.due_at or func.clock_timestamp(),
                # What is due at once is sent by whoever records it; recovery sends it only if that fails.
                sent_at=None if job.due_at else func.clock_timestamp(),
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
    rows = {row.id: row for row in session.scalars(select(JobRow).where(JobRow.id.in_([job.id for job in jobs])))}
    return tuple(_record(rows[job.id]) for job in jobs)


def open_afterwards(session: Session, kind: JobKind[P], analysis_id: str, subject: str, payload: P) -> JobRecord:
    """The job that sees to this subject when the report is there: the one under way, or a new one.

    Asked for twice at once, it is opened once.
    """
    stem = kind.afterwards(analysis_id, f"{subject}:", payload).id
    earlier = session.scalars(
        select(JobRow).where(
            JobRow.analysis_id == analysis_id, JobRow.wave == AFTERWARDS, JobRow.id.startswith(stem, autoescape=True)
        )
    ).all()
    for row in earlier:
        if row.status in _UNFINISHED:
            return _record(row)
    (job,) = open_jobs(session, [kind.afterwards(analysis_id, f"{subject}:{len(earlier) + 1}", payload)])
    return job


def _ended(row: JobRow, values: dict[str, Any]) -> Tally:
    result, failure = values.get("result") or {}, values.get("failure")
    seconds = result.get("seconds")
    return job_ended(
        row.task,
        float(seconds) if isinstance(seconds, int | float) else None,
        failure.code if isinstance(failure, Failure) else None,
    )


def _held(job_id: str, worker: str) -> Any:
    return and_(JobRow.id == job_id, JobRow.worker == worker, JobRow.status == JobStatus.RUNNING.value)


def _has_expired() -> Any:
    return and_(JobRow.status == JobStatus.RUNNING.value, JobRow.lease_until < func.clock_timestamp())


def _is_wanted() -> Any:
    return or_(JobRow.analysis_id.is_(None), _is_of(job_is_wanted()))


def _is_of(condition: ColumnElement[bool]) -> Any:
    return exists().where(AnalysisRow.id == JobRow.analysis_id, condition)


def _in(seconds: float) -> Any:
    return func.clock_timestamp() + timedelta(seconds=seconds)


def _record(row: JobRow) -> JobRecord:
    return JobRecord(
        spec=JobSpec(id=row.id, analysis_id=row.analysis_id, wave=row.wave, task=row.task, payload=row.payload),
        status=JobStatus(row.status),
        attempts=row.attempts,
        outages=row.outages,
        result=row.result,
        failure=row.failure,
    )
