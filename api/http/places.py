"""Places for costly work, shared fairly: whoever holds few of them comes first, and nobody holds them all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Places:
    """A number of places that owners take and give back. Of one event loop; holds no thread while somebody waits.

    Args:
        total: places in all.
        each: most that one owner holds at a time; fewer than `total`, or one owner's slow work keeps all others out.
    """

    def __init__(self, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._held: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken_by(self, owner_id: str) -> AsyncIterator[None]:
        """A place for this owner until the block ends."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((owner_id, turn))
        self._give()
        try:
            await turn
            yield
        finally:
            if turn.done() and not turn.cancelled():
                self._held[owner_id] -= 1
                if not self._held[owner_id]:
                    del self._held[owner_id]
            else:
                self._waiting.remove((owner_id, turn))
            self._give()

    def _give(self) -> None:
        """Give what is free to those who hold least, first come first served among them."""
        while self._held.total() < self._total:
            asking = [each for each in self._waiting if self._held[each[0]] < self._each and not each[1].cancelled()]
            if not asking:
                return
            owner_id, turn = min(asking, key=lambda each: self._held[each[0]])
            self._waiting.remove((owner_id, turn))
            self._held[owner_id] += 1
            turn.set_result(None)
