"""Following an analysis: its events as they are written, and waiting for its end. Holds no session in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from anyio.to_thread import run_sync

from api.http.composition import World
from core.errors import Rejected
from core.types import Analysis, AnalysisEvent
from store.repositories import AnalysisRepository

POLL_S: Final = 0.4
FINAL_KINDS: Final = frozenset({"finished", "failed", "cancelled"})
LINGER_S: Final = 10.0
"""A final analysis whose last event is still missing after so long will not get one."""


async def follow(world: World, analysis_id: str, owner_id: str, after: int) -> AsyncIterator[AnalysisEvent]:
    """Every event beyond `after`, up to and with the final one. Ends also when the analysis is deleted."""
    final_since: float | None = None
    while True:
        fresh, is_final = await run_sync(_look, world, analysis_id, owner_id, after)
        for event in fresh:
            after = event.id
            yield event
            if event.kind in FINAL_KINDS:
                return
        if is_final:
            final_since = final_since or time.monotonic()
            if time.monotonic() - final_since > LINGER_S:
                return
        await asyncio.sleep(POLL_S)


def is_told(world: World, analysis_id: str, after: int) -> bool:
    """Whether the final event is at or before `after`, so that nothing will follow."""
    return any(event.kind in FINAL_KINDS and event.id <= after for event in world.events.after(analysis_id, 0))


async def wait_for_end(world: World, analysis_id: str, owner_id: str, seconds: float) -> Analysis:
    """The analysis as it is when it ends, or after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        analysis = await run_sync(read, world, analysis_id, owner_id)
        if analysis.status.is_final or time.monotonic() >= deadline:
            return analysis
        await asyncio.sleep(min(POLL_S, max(0.0, deadline - time.monotonic())))


def read(world: World, analysis_id: str, owner_id: str) -> Analysis:
    """Raises: Rejected("analysis_not_found"), also for somebody else's."""
    with world.database.begin() as session:
        return AnalysisRepository(session).get(analysis_id, owner_id)


def _look(world: World, analysis_id: str, owner_id: str, after: int) -> tuple[tuple[AnalysisEvent, ...], bool]:
    """The status is read first: a final status means that all events but the last few were written."""
    try:
        is_final = read(world, analysis_id, owner_id).status.is_final
    except Rejected:
        return (), True
    return world.events.after(analysis_id, after), is_final
