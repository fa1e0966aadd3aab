"""Runs one job: claims it, keeps its lease alive, does the work, and moves the analysis on when it was the last."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from core.errors import DeepwitnessError, Defect, Unavailable
from core.jobs import ADVANCE
from core.stopping import Stopped
from core.tracing import span
from core.types import AFTERWARDS, Failure, JobRecord, NoPayload
from tasks.context import WorkerContext
from tasks.giving_way import give_way
from tasks.job import Job
from tasks.lease import LEASE_S, heartbeat
from tasks.policy import ABANDONED, RECORDING_PAUSES_S, UNKNOWN, GiveUp, Retry, decide, say_why_waiting

T = TypeVar("T")
_log: Final = structlog.get_logger()


def run_job(context: WorkerContext, jobs: Mapping[str, Job[Any]], job_id: str, worker: str) -> None:
    """Carry out a job if it is still to be done. Never raises for what the job does; the ledger holds the outcome."""
    record = context.ledger.claim(job_id, worker, LEASE_S)
    if record is None:
        return
    spec = record.spec
    about = {} if spec.analysis_id is None else {"analysis_id": spec.analysis_id}
    with (
        bound_contextvars(**about, task_id=job_id, request_id=record.request_id),
        span(spec.task, record.request_id, "consumer", {**about, "attempt": record.attempts}),
        heartbeat(lambda: context.ledger.extend(job_id, worker, LEASE_S), job_id),
    ):
        job = jobs.get(spec.task)
        if job is None:
            _log.error("tasks.job.unknown", task=spec.task)
            conclude(context, None, record, worker, UNKNOWN)
        elif record.attempts > job.most_attempts:
            _log.error("tasks.job.abandoned", attempts=record.attempts - 1)
            conclude(context, job, record, worker, ABANDONED)
        else:
            attempt(context, job, record, worker)


def attempt(context: WorkerContext, job: Job[Any], record: JobRecord, worker: str) -> None:
    """Do the work of a claimed job and record how it went."""
    job_id, started = record.spec.id, time.monotonic()
    try:
        body = partial(job.body, context, job.claimed(record))
        result = give_way(body) if job.gives_way else body()
    except Stopped:
        _log.info("tasks.job.stopped", seconds=round(time.monotonic() - started, 3))
        return
    except Exception as error:  # noqa: BLE001 - the policy knows every class, and nothing may escape the ledger
        match decide(error, record.attempts, record.outages):
            case GiveUp(failure=failure, loud=loud):
                _log.error("tasks.job.failed", code=failure.code, exc_info=error if loud else None)
                conclude(context, job, record, worker, failure)
            case Retry(after_s=after_s, counts=counts):
                _log.warning("tasks.job.retried", error=repr(error), after_s=after_s)
                if not counts:
                    tell_waiting(context, record, error)
                patiently(lambda: context.ledger.release(job_id, worker, after_s=after_s, counts=counts))
        return
    elapsed_s = round(time.monotonic() - started, 3)
    _log.info("tasks.job.done", seconds=elapsed_s, attempts=record.attempts)
    if patiently(lambda: context.ledger.finish(job_id, worker, {**result, "seconds": elapsed_s})):
        patiently(lambda: after_wave(context, record))


def patiently(record: Callable[[], T], pauses_s: Iterable[float] = RECORDING_PAUSES_S) -> T:
    """Record an outcome as soon as the database can be reached: work that was done is not to be done again.

    Raises: Unavailable when it stays away; then the lease runs out and the job is done again.
    """
    for pause_s in pauses_s:
        try:
            return record()
        except Unavailable as error:
            _log.warning("tasks.job.unrecorded", error=repr(error), pause_s=pause_s)
            time.sleep(pause_s)
    return record()


def tell_waiting(context: WorkerContext, record: JobRecord, error: Exception) -> None:
    """Say once to whoever follows the analysis what it waits for."""
    spec = record.spec
    if record.outages or spec.analysis_id is None or spec.wave == AFTERWARDS:
        return
    message = say_why_waiting(error)
    # Where the database is what is away, nobody can be told in it.
    with suppress(DeepwitnessError):
        told = context.events.after(spec.analysis_id, 0)
        if not told or told[-1].message != message:
            context.events.append(spec.analysis_id, "waiting", message)


def after_wave(context: WorkerContext, record: JobRecord) -> None:
    """All jobs of the wave have ended: have the graph take its next step. Doing so twice is doing it once."""
    spec = record.spec
    if spec.analysis_id is None or spec.task == ADVANCE.name or spec.wave == AFTERWARDS:
        return
    step = ADVANCE.spec(spec.analysis_id, spec.wave + 1, NoPayload())
    context.ledger.open([step])
    context.queue.send(step)


def conclude(context: WorkerContext, job: Job[Any] | None, record: JobRecord, worker: str, failure: Failure) -> None:
    """Tell whoever waits that the job was given up, then mark it failed."""
    if job is not None and job.on_give_up is not None:
        try:
            claimed = job.claimed(record)
        except Defect:
            _log.error("tasks.job.unreadable", task=record.spec.task)
        else:
            job.on_give_up(context, claimed, failure)
    if patiently(lambda: context.ledger.fail(record.spec.id, worker, failure)):
        patiently(lambda: after_wave(context, record))
