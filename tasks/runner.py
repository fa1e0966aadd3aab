"""Runs one job: claims it, keeps its lease alive, does the work, and moves the analysis on when it was the last."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from structlog.contextvars import bound_contextvars

from core.tracing import span
from core.types import AFTERWARDS, Failure, Job, JobSpec
from tasks.context import WorkerContext
from tasks.lease import LEASE_S, heartbeat
from tasks.policy import ABANDONED, MAX_ATTEMPTS, GiveUp, decide

Body = Callable[[WorkerContext, JobSpec], dict[str, object]]

ADVANCE: Final = "agents.advance"

_log: Final = structlog.get_logger()


def run_job(context: WorkerContext, bodies: Mapping[str, Body], job_id: str, worker: str) -> None:
    """Carry out a job if it is still to be done. Never raises for what the job does; the ledger holds the outcome."""
    job = context.ledger.claim(job_id, worker, LEASE_S)
    if job is None:
        return
    with (
        bound_contextvars(analysis_id=job.spec.analysis_id, task_id=job_id, request_id=job.request_id),
        span(job.spec.task, job.request_id, analysis_id=job.spec.analysis_id, attempt=job.attempts),
    ):
        if job.attempts > MAX_ATTEMPTS:
            _log.error("tasks.job.abandoned", attempts=job.attempts - 1)
            _conclude(context, job, worker, ABANDONED)
            return
        started = time.monotonic()
        try:
            with heartbeat(lambda: context.ledger.extend(job_id, worker, LEASE_S), job_id):
                result = bodies[job.spec.task](context, job.spec)
        except Exception as error:  # noqa: BLE001 - the policy knows every class, and nothing may escape the ledger
            match decide(error, job.attempts):
                case GiveUp(failure=failure, loud=loud):
                    _log.error("tasks.job.failed", code=failure.code, exc_info=error if loud else None)
                    _conclude(context, job, worker, failure)
                case retry:
                    _log.warning("tasks.job.retried", error=repr(error), after_s=retry.after_s)
                    context.ledger.release(job_id, worker)
                    time.sleep(retry.after_s)
                    context.queue.send(job.spec.task, [job_id], task_id=job_id)
            return
        elapsed_s = round(time.monotonic() - started, 3)
        _log.info("tasks.job.done", seconds=elapsed_s, attempts=job.attempts)
        if context.ledger.finish(job_id, worker, {**result, "seconds": elapsed_s}):
            after_wave(context, job)


def after_wave(context: WorkerContext, job: Job) -> None:
    """All jobs of the wave have ended: have the graph take its next step. Doing so twice is doing it once."""
    spec = job.spec
    if spec.task == ADVANCE or spec.wave == AFTERWARDS:
        return
    step = JobSpec(
        id=f"{spec.analysis_id}:{spec.wave + 1}:{ADVANCE}",
        analysis_id=spec.analysis_id,
        wave=spec.wave + 1,
        task=ADVANCE,
    )
    context.ledger.open([step])
    context.queue.send(step.task, [step.id], task_id=step.id)


def _conclude(context: WorkerContext, job: Job, worker: str, failure: Failure) -> None:
    if job.spec.task == ADVANCE:
        # Without its graph an analysis goes nowhere: better an honest end than an endless wait.
        context.ledger.fail(job.spec.id, worker, failure)
        context.case.mark_failed(job.spec.analysis_id, failure)
        context.events.append(job.spec.analysis_id, "failed", failure.message, detail={"code": failure.code})
    elif context.ledger.fail(job.spec.id, worker, failure):
        after_wave(context, job)
