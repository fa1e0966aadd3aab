"""Finds work that is due or whose message or worker was lost, and sends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from core.jobs import ADVANCE, REMOVE_ORPHANS, REMOVE_UPLOADS, SWEEP
from core.types import JobSpec, JobStatus, NoPayload
from tasks.context import WorkerContext
from tasks.runner import after_wave

CHECK_EVERY_S: Final = 5.0
UNCLAIMED_S: Final = 30.0
"""A job that nobody claimed for so long is sent again: its message was lost, or its queue is long, and a second
message does no harm."""
IDLE_S: Final = 10.0
ORPHANS_DELAY: Final = timedelta(hours=1)
"""Nobody's first minutes are spent on listing the storage."""

_log: Final = structlog.get_logger()


def recover(context: WorkerContext, *, now: datetime | None = None) -> int:
    """Send what is due and what was lost. Returns how many messages were sent."""
    now = now or datetime.now(UTC)
    context.ledger.open(periodic_jobs(now))
    sent = 0
    for job in context.ledger.take_unsent(now - timedelta(seconds=UNCLAIMED_S)):
        if job.status is JobStatus.RUNNING:
            _log.warning("tasks.job.recovered", analysis_id=job.spec.analysis_id, task_id=job.spec.id)
        context.queue.send(job.spec)
        sent += 1
    for job in context.ledger.stalled(now - timedelta(seconds=IDLE_S)):
        _log.warning("tasks.analysis.recovered", analysis_id=job.spec.analysis_id, wave=job.spec.wave)
        if job.spec.task == ADVANCE.name:
            continue
        after_wave(context, job)
        sent += 1
    return sent


def periodic_jobs(now: datetime) -> list[JobSpec]:
    """Of these ten minutes, this hour and this day. Every worker records them; their ids make them one each."""
    return [
        SWEEP.alone(f"{now:%Y-%m-%dT%H}", NoPayload(), due_at=now),
        REMOVE_ORPHANS.alone(f"{now:%Y-%m-%d}", NoPayload(), due_at=now + ORPHANS_DELAY),
        REMOVE_UPLOADS.alone(f"{now:%Y-%m-%dT%H}:{now.minute // 10}", NoPayload(), due_at=now),
    ]
