"""Removes direct uploads that nobody handed in, every ten minutes."""

from __future__ import annotations

from typing import Final

from core.jobs import REMOVE_UPLOADS
from core.types import NoPayload
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def remove_uploads(context: WorkerContext, _: ClaimedJob[NoPayload]) -> dict[str, object]:
    return {"removed": context.upkeep.remove_uploads()}


JOB: Final = Job(REMOVE_UPLOADS, remove_uploads)
