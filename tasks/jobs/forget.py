"""Removes what is left of a deleted analysis."""

from __future__ import annotations

from typing import Final

from core.jobs import FORGET
from core.types import Removal
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def forget_analysis(context: WorkerContext, job: ClaimedJob[Removal]) -> dict[str, object]:
    """Due late enough for the last job of the analysis to have noticed that it is gone."""
    context.upkeep.forget(job.payload)
    return {}


JOB: Final = Job(FORGET, forget_analysis)
