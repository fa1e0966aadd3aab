"""Making the decision on an analysis again, from what its plan stored."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Final

from anyio.to_thread import run_sync

from api.http.composition import World
from api.intake.submission import send_job
from api.usecases.progress import POLL_S, read
from core.errors import Rejected, Unavailable
from core.jobs import REPLAY
from core.types import NoPayload, Replay
from store.ledger import open_jobs

MAX_WAIT_S: Final = 45.0
"""A replay asks a language model at most once; the rules take milliseconds."""


async def decide_again(world: World, analysis_id: str, owner_id: str) -> Replay:
    """The decision as it is made today, beside the stored one.

    Raises: Rejected: `analysis_not_found`, `not_planned`. Unavailable("replay_unanswered").
    """
    told = await run_sync(_send, world, analysis_id, owner_id)
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
    job = REPLAY.afterwards(analysis_id, uuid.uuid4().hex[:8], NoPayload())
    with world.database.begin() as session:
        open_jobs(session, [job])
    send_job(world, job)
    return before
