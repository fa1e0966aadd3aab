"""Making the decision on an analysis again, from what its plan stored."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter

from api.http.auth import Reader
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.progress import POLL_S, read
from api.v1.analyses import AnalysisId
from core.errors import Rejected, Unavailable
from core.types import Replay
from tasks.queue import REPLAY

router: Final = APIRouter(prefix="/v1/analyses/{analysis_id}", tags=["results"])

MAX_WAIT_S: Final = 45.0
"""A replay asks a language model at most once; the rules take milliseconds."""


@router.post("/replay", responses=problems(401, 404, 409, 422, 429, 503))
async def replay(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Replay:
    """Decide again on the stored inputs of the plan, under today's rules and prompt, and say whether it is the same.

    Changes nothing about the analysis or its report.
    """
    told = await run_sync(_send, world, analysis_id, caller.owner_id)
    deadline = time.monotonic() + MAX_WAIT_S
    while time.monotonic() < deadline:
        for event in await run_sync(world.events.after, analysis_id, told):
            if event.kind == "replayed":
                return Replay.model_validate(event.detail["replay"])
        await asyncio.sleep(POLL_S)
    raise Unavailable("replay_unanswered", "The plan could not be made again in time; ask once more later.")


def _send(world: World, analysis_id: str, owner_id: str) -> int:
    """Have it made again. Returns: the last event before.

    Raises: Rejected: `analysis_not_found`, `not_planned`.
    """
    if read(world, analysis_id, owner_id).plan is None:
        raise Rejected("not_planned", "This analysis has no plan yet.")
    before = max((event.id for event in world.events.after(analysis_id, 0)), default=0)
    world.queue.send(REPLAY, [analysis_id], task_id=f"{analysis_id}:replay:{uuid.uuid4().hex[:8]}")
    return before
