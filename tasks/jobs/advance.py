"""The graph's own step between two waves of work."""

from __future__ import annotations

from typing import Final

from agents.analysis.graph import advance
from core.jobs import ADVANCE
from core.types import Failure, NoPayload
from tasks.checkpoints import reachable
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def advance_graph(context: WorkerContext, job: ClaimedJob[NoPayload]) -> dict[str, object]:
    with reachable():
        advance(context.graph(), job.analysis_id, job.wave)
    return {}


def fail_analysis(context: WorkerContext, job: ClaimedJob[NoPayload], failure: Failure) -> None:
    """Without its graph an analysis goes nowhere: better an honest end than an endless wait."""
    context.case.mark_failed(job.analysis_id, failure)


JOB: Final = Job(ADVANCE, advance_graph, on_give_up=fail_analysis)
