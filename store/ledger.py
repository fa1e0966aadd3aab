"""`core.ports.JobLedger` over PostgreSQL: who works on what, until when, and who was last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, aliased

from core.types import AFTERWARDS, Failure, Job, JobSpec, JobStatus
from store.database import Database
from store.models import AnalysisRow, JobRow, analysis_is_live, job_is_wanted
from store.tallies import Tally, count, job_ended

_UNFINISHED: Final = (JobStatus.SUBMITTED.value, JobStatus.RUNNING.value)


class PostgresJobLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, jobs: Sequence[JobSpec]) -> tuple[Job, ...]:
        with self._database.begin() as session:
            return open_jobs(session, jobs)

    def claim(self, job_id: str, worker: str, lease_s: float) -> Job | None:
        with self._database.begin() as session:
            row = session.scalar(
                update(JobRow)
                .where(
                    JobRow.id == job_id,
                    or_(
                        JobRow.status == JobStatus.SUBMITTED.value,
                        and_(JobRow.status == JobStatus.RUNNING.value, JobRow.lease_until < func.clock_timestamp()),
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
            return _job(row).model_copy(update={"request_id": request_id})

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

    def release(self, job_id: str, worker: str) -> None:
        with self._database.begin() as session:
            task = session.scalar(
                update(JobRow)
                .where(_held(job_id, worker))
                .values(
                    status=JobStatus.SUBMITTED.value,
                    worker=None,
                    lease_until=None,
                    updated_at=func.clock_timestamp(),
                )
                .returning(JobRow.task)
            )
            if task is not None:
                count(session, {("jobs", (task, "retried")): 1})

    def of_analysis(self, analysis_id: str, wave: int | None = None) -> tuple[Job, ...]:
        query = select(JobRow).where(JobRow.analysis_id == analysis_id)
        if wave is not None:
            query = query.where(JobRow.wave == wave)
        with self._database.begin() as session:
            return tuple(_job(row) for row in session.scalars(query.order_by(JobRow.wave, JobRow.id)))

    def abandoned(self, submitted_before: datetime) -> tuple[Job, ...]:
        query = select(JobRow).where(
            or_(
                and_(JobRow.status == JobStatus.RUNNING.value, JobRow.lease_until < func.clock_timestamp()),
                and_(JobRow.status == JobStatus.SUBMITTED.value, JobRow.updated_at < submitted_before),
            ),
            _is_wanted(),
        )
        with self._database.begin() as session:
            rows = session.scalars(query.order_by(JobRow.updated_at).with_for_update(skip_locked=True, of=JobRow)).all()
            found = tuple(_job(row) for row in rows)
            for row in rows:
                # Every worker looks, every few seconds: what waits in a long queue is not to be sent again by each.
                if row.status == JobStatus.SUBMITTED.value:
                    row.updated_at = func.clock_timestamp()
            return found

    def stalled(self, idle_since: datetime) -> tuple[Job, ...]:
        other = aliased(JobRow)
        unfinished = exists().where(other.analysis_id == JobRow.analysis_id, other.status.in_(_UNFINISHED))
        later = exists().where(other.analysis_id == JobRow.analysis_id, other.wave > JobRow.wave)
        fresher = exists().where(other.analysis_id == JobRow.analysis_id, other.updated_at >= idle_since)
        query = (
            select(JobRow)
            .ext(distinct_on(JobRow.analysis_id))
            .where(~unfinished, ~later, ~fresher, JobRow.wave < AFTERWARDS, _is_of(analysis_is_live()))
            .order_by(JobRow.analysis_id, JobRow.id)
        )
        with self._database.begin() as session:
            return tuple(_job(row) for row in session.scalars(query))

    def _end(self, job_id: str, worker: str, values: dict[str, Any]) -> bool:
        with self._database.begin() as session:
            row = session.get(JobRow, job_id)
            if row is None:
                return False
            # The whole wave is locked, in one order, so that exactly one job sees itself as the last.
            wave = session.scalars(
                select(JobRow)
                .where(JobRow.analysis_id == row.analysis_id, JobRow.wave == row.wave)
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
            return all(each.status not in _UNFINISHED for each in wave if each.id != job_id)


def open_jobs(session: Session, jobs: Sequence[JobSpec]) -> tuple[Job, ...]:
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
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
    rows = {row.id: row for row in session.scalars(select(JobRow).where(JobRow.id.in_([job.id for job in jobs])))}
    return tuple(_job(rows[job.id]) for job in jobs)


def open_afterwards(session: Session, analysis_id: str, task: str, subject: str, payload: dict[str, object]) -> Job:
    """The job that sees to this subject when the report is there: the one under way, or a new one.

    Asked for twice at once, it is opened once.
    """
    stem = f"{analysis_id}:{task}:{subject}:"
    earlier = session.scalars(
        select(JobRow).where(
            JobRow.analysis_id == analysis_id, JobRow.wave == AFTERWARDS, JobRow.id.startswith(stem, autoescape=True)
        )
    ).all()
    for row in earlier:
        if row.status in _UNFINISHED:
            return _job(row)
    spec = JobSpec(id=f"{stem}{len(earlier) + 1}", analysis_id=analysis_id, wave=AFTERWARDS, task=task, payload=payload)
    (job,) = open_jobs(session, [spec])
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


def _is_wanted() -> Any:
    return _is_of(job_is_wanted())


def _is_of(condition: ColumnElement[bool]) -> Any:
    return exists().where(AnalysisRow.id == JobRow.analysis_id, condition)


def _in(seconds: float) -> Any:
    return func.clock_timestamp() + timedelta(seconds=seconds)


def _job(row: JobRow) -> Job:
    return Job(
        spec=JobSpec(id=row.id, analysis_id=row.analysis_id, wave=row.wave, task=row.task, payload=row.payload),
        status=JobStatus(row.status),
        attempts=row.attempts,
        result=row.result,
        failure=row.failure,
    )
