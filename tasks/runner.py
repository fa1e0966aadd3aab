"""Runs one job: claims it, keeps its lease alive, does the work, and moves the analysis on when it was the last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import structlog
from structlog.contextvars import bound_contextvars

from core.types import Failure, Job, JobSpec
from tasks.context import WorkerContext
from tasks.policy import ABANDONED, MAX_ATTEMPTS, GiveUp, decide

Body = Callable[[WorkerContext, JobSpec], dict[str, object]]

LEASE_S: Final = 15.0
HEARTBEAT_S: Final = 4.0
ADVANCE: Final = "agents.advance"

_log: Final = structlog.get_logger()


def run_job(context: WorkerContext, bodies: Mapping[str, Body], job_id: str, worker: str) -> None:
    """Carry out a job if it is still to be done. Never raises for what the job does; the ledger holds the outcome."""
    job = context.ledger.claim(job_id, worker, LEASE_S)
    if job is None:
        return
    with bound_contextvars(analysis_id=job.spec.analysis_id, task_id=job_id):
        if job.attempts > MAX_ATTEMPTS:
            _log.error("tasks.job.abandoned", attempts=job.attempts - 1)
            _conclude(context, job, worker, ABANDONED)
            return
        started = time.monotonic()
        try:
            with _heartbeat(context, job_id, worker):
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
    if spec.task == ADVANCE:
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


@contextmanager
def _heartbeat(context: WorkerContext, job_id: str, worker: str) -> Iterator[None]:
    """Extend the lease for as long as the body runs."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(HEARTBEAT_S):
            try:
                if not context.ledger.extend(job_id, worker, LEASE_S):
                    return
            except Exception as error:  # noqa: BLE001 - a missed beat is made up by the next, or the lease runs out
                _log.warning("tasks.lease.not_extended", error=repr(error))

    thread = threading.Thread(target=beat, name=f"lease-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
