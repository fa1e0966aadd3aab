"""Counters kept with what they count: written in its transaction, never taken back by deletion or retention."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.types import JobStatus, LlmCall, Outcome, Verdict
from core.webhooks import DeliveryStatus
from store.models import AnalysisRow, DeliveryRow, JobRow, TallyRow, analysis_is_live, job_is_wanted

JOB_SECONDS_BUCKETS: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_MAX_LABEL_CHARS: Final = 80

Tally = dict[tuple[str, tuple[str, ...]], float]
"""Metric and the values of its labels, to how much it grew."""


@dataclass(frozen=True, slots=True)
class Depth:
    """Work of one queue: how many jobs wait or run, and how long the first has waited."""

    queue: str
    waiting: int
    running: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Load:
    """What there is to do at this moment."""

    queues: tuple[Depth, ...]
    unfinished: int
    deliveries_pending: int


def count(session: Session, grown: Tally) -> None:
    """Add to the counters. Call it last in a unit of work: it holds their rows until the commit."""
    # In one order, so that two transactions never wait for each other.
    rows = [
        {"metric": metric, "labels": json.dumps([label[:_MAX_LABEL_CHARS] for label in labels]), "value": float(value)}
        for (metric, labels), value in sorted(grown.items())
        if value
    ]
    if not rows:
        return
    statement = insert(TallyRow).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["metric", "labels"], set_={"value": TallyRow.value + statement.excluded.value}
        )
    )


def job_ended(task: str, seconds: float | None, failure_code: str | None) -> Tally:
    grown: defaultdict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    grown["jobs", (task, "done" if failure_code is None else "failed")] = 1
    if failure_code is not None:
        grown["failures", (failure_code,)] = 1
    if seconds is not None:
        grown["job_seconds_sum", (task,)] = seconds
        grown["job_seconds_count", (task,)] = 1
        for bound in JOB_SECONDS_BUCKETS:
            grown["job_seconds_bucket", (task, str(bound))] = int(seconds <= bound)
    return grown


def analysis_finished(verdict: Verdict, calls: Iterable[LlmCall]) -> Tally:
    grown: defaultdict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    grown["analyses", ("finished",)] = 1
    grown["verdicts", (verdict.outcome.value,)] = 1
    if verdict.outcome is Outcome.INCONCLUSIVE:
        for code in {reason.code.value for reason in verdict.reasons}:
            grown["abstentions", (code,)] = 1
    return grown | llm_called(calls)


def llm_called(calls: Iterable[LlmCall]) -> Tally:
    grown: defaultdict[tuple[str, tuple[str, ...]], float] = defaultdict(float)
    for call in calls:
        grown["llm_calls", (call.purpose, call.outcome)] += 1
        grown["llm_tokens", ("prompt",)] += call.prompt_tokens or 0
        grown["llm_tokens", ("completion",)] += call.completion_tokens or 0
        grown["llm_seconds", (call.purpose,)] += call.seconds
        grown["llm_cost", (call.purpose,)] += call.cost or 0.0
    return grown


def read_tallies(session: Session) -> dict[str, dict[tuple[str, ...], float]]:
    """Every counter's value by metric and labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for row in session.scalars(select(TallyRow)):
        found.setdefault(row.metric, {})[tuple(json.loads(row.labels))] = row.value
    return found


def read_load(session: Session) -> Load:
    """Waiting and running jobs of each queue: what decides how many workers it needs."""
    queue = func.split_part(JobRow.task, ".", 1)
    age_s = func.extract("epoch", func.clock_timestamp() - JobRow.due_at)
    waiting = JobRow.status == JobStatus.SUBMITTED.value
    running = JobRow.status == JobStatus.RUNNING.value
    rows = session.execute(
        select(
            queue.label("queue"),
            func.count().filter(waiting).label("waiting"),
            func.count().filter(running).label("running"),
            func.coalesce(func.max(age_s).filter(waiting), 0).label("oldest_s"),
        )
        .outerjoin(AnalysisRow, AnalysisRow.id == JobRow.analysis_id)
        .where(
            running | (waiting & (JobRow.due_at <= func.clock_timestamp())),
            JobRow.analysis_id.is_(None) | job_is_wanted(),
        )
        .group_by(queue)
    )
    unfinished = select(func.count()).where(analysis_is_live())
    pending = select(func.count()).where(DeliveryRow.status == DeliveryStatus.PENDING.value)
    return Load(
        tuple(Depth(row.queue, row.waiting, row.running, float(row.oldest_s)) for row in rows),
        session.execute(unfinished).scalar_one(),
        session.execute(pending).scalar_one(),
    )
