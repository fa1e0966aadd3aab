"""Examines a recording again whose analysis ended without a part that the service failed at."""

from __future__ import annotations

from typing import Final

from core.jobs import COMPLETE, prepare_job
from core.types import Completion
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def complete(context: WorkerContext, job: ClaimedJob[Completion]) -> dict[str, object]:
    """Begin again, unless somebody asked for the file meanwhile and so began it."""
    analysis_id = job.payload.analysis_id
    begun = context.upkeep.restart(analysis_id)
    if begun:
        context.queue.send(prepare_job(analysis_id))
    return {"begun": begun}


JOB: Final = Job(COMPLETE, complete)
