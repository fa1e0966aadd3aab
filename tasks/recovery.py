"""Finds work whose message or worker was lost, and sends it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from tasks.context import WorkerContext
from tasks.runner import ADVANCE, after_wave

CHECK_EVERY_S: Final = 5.0
UNCLAIMED_S: Final = 30.0
"""A job that nobody claimed for so long is sent again: its message was lost, or its queue is long, and a second
message does no harm."""
IDLE_S: Final = 10.0

_log: Final = structlog.get_logger()


def recover(context: WorkerContext, *, now: datetime | None = None) -> int:
    """Send again what was lost. Returns how many messages were sent."""
    now = now or datetime.now(UTC)
    sent = 0
    for job in context.ledger.abandoned(now - timedelta(seconds=UNCLAIMED_S)):
        _log.warning("tasks.job.recovered", analysis_id=job.spec.analysis_id, task_id=job.spec.id)
        context.queue.send(job.spec.task, [job.spec.id], task_id=job.spec.id)
        sent += 1
    for job in context.ledger.stalled(now - timedelta(seconds=IDLE_S)):
        _log.warning("tasks.analysis.recovered", analysis_id=job.spec.analysis_id, wave=job.spec.wave)
        if job.spec.task == ADVANCE:
            continue
        after_wave(context, job)
        sent += 1
    return sent
