"""The body of `agents.advance`: the graph's own step between two waves of work."""

from __future__ import annotations

from agents.analysis.graph import advance
from core.types import JobSpec
from tasks.context import WorkerContext


def advance_graph(context: WorkerContext, job: JobSpec) -> dict[str, object]:
    advance(context.graph(), job.analysis_id, job.wave)
    return {}
