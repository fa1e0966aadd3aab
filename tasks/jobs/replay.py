"""Makes a stored decision again, and tells as an event what came of it."""

from __future__ import annotations

from typing import Final

from agents.analysis.replay import replay
from core.jobs import REPLAY
from core.types import NoPayload
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def replay_plan(context: WorkerContext, job: ClaimedJob[NoPayload]) -> dict[str, object]:
    """Whoever waits reads the event. Telling it again is harmless."""
    plan = context.case.plan(job.analysis_id)
    if plan is None:
        return {}
    found = replay(plan, context.graph().deps.llm)
    message = "The plan comes out the same." if found.same else "The plan comes out differently."
    context.events.append(job.analysis_id, "replayed", message, detail={"replay": found.model_dump(mode="json")})
    return {}


JOB: Final = Job(REPLAY, replay_plan)
