"""Removes objects that no row names, once a day."""

from __future__ import annotations

from typing import Final

from core.jobs import REMOVE_ORPHANS
from core.types import NoPayload
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def remove_orphans(context: WorkerContext, _: ClaimedJob[NoPayload]) -> dict[str, object]:
    return {"removed": context.upkeep.remove_orphans()}


JOB: Final = Job(REMOVE_ORPHANS, remove_orphans)
