"""The body of `agents.replay`: a stored decision is made again, and what came of it is told as an event."""

from __future__ import annotations

from typing import Final

import structlog

from agents.analysis.replay import replay
from core.errors import DeepwitnessError
from core.ports import CaseFile, EventLog, LanguageModel

_log: Final = structlog.get_logger()


def replay_plan(case: CaseFile, events: EventLog, llm: LanguageModel | None, analysis_id: str) -> None:
    """Never raises for what a deleted analysis or a dependency does: whoever waits is told that no answer came."""
    try:
        plan = case.plan(analysis_id)
        if plan is None:
            return
        found = replay(plan, llm)
        message = "The plan comes out the same." if found.same else "The plan comes out differently."
        events.append(analysis_id, "replayed", message, detail={"replay": found.model_dump(mode="json")})
    except DeepwitnessError as error:
        _log.warning("tasks.replay.failed", analysis_id=analysis_id, code=error.code)
