"""Removes what is older than the retention, once an hour."""

from __future__ import annotations

from typing import Final

from core.jobs import SWEEP
from core.types import NoPayload
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def sweep_expired(context: WorkerContext, _: ClaimedJob[NoPayload]) -> dict[str, object]:
    context.upkeep.sweep()
    return {}


JOB: Final = Job(SWEEP, sweep_expired)
