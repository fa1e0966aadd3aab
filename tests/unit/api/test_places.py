"""Places for probing: one owner's slow files never keep another owner waiting."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from api.http.places import Places


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Bench:
    """Holders of places that are let go one by one."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.inside: list[str] = []

    def begin(self, owner_id: str, until: asyncio.Event) -> asyncio.Task[None]:
        async def hold() -> None:
            async with self.places.taken_by(owner_id):
                self.inside.append(owner_id)
                try:
                    await until.wait()
                finally:
                    self.inside.remove(owner_id)

        return asyncio.create_task(hold())


def test_an_owner_with_many_slow_files_leaves_places_for_others() -> None:
    async def run() -> None:
        bench, never, end = Bench(Places(4, 2)), asyncio.Event(), asyncio.Event()
        slow = [bench.begin("eve", never) for _ in range(20)]
        await settled()
        assert bench.inside == ["eve", "eve"]
        others = [bench.begin("ada", end), bench.begin("bob", end), bench.begin("ada", end)]
        await settled()
        assert sorted(bench.inside) == ["ada", "bob", "eve", "eve"], "both came in at once"
        end.set()
        await settled()
        assert all(each.done() for each in others)
        assert bench.inside == ["eve", "eve"]
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(run())


def test_the_owner_who_holds_least_comes_next() -> None:
    async def run() -> None:
        bench, first, later = Bench(Places(2, 2)), asyncio.Event(), asyncio.Event()
        held = [bench.begin("eve", first), bench.begin("eve", later)]
        await settled()
        waiting = [bench.begin("eve", later), bench.begin("ada", later)]
        await settled()
        first.set()
        await settled()
        assert sorted(bench.inside) == ["ada", "eve"]
        later.set()
        await asyncio.gather(*held, *waiting)

    asyncio.run(run())


def test_whoever_leaves_the_queue_takes_no_place_with_them() -> None:
    async def run() -> None:
        bench, end, now = Bench(Places(1, 1)), asyncio.Event(), asyncio.Event()
        holder, gone = bench.begin("ada", end), bench.begin("bob", now)
        await settled()
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        end.set()
        await holder
        now.set()
        await asyncio.wait_for(bench.begin("eve", now), 2)

    asyncio.run(run())


def test_a_place_given_to_somebody_who_leaves_at_that_moment_is_given_on() -> None:
    async def run() -> None:
        bench, end, now = Bench(Places(1, 1)), asyncio.Event(), asyncio.Event()
        holder, gone = bench.begin("ada", end), bench.begin("bob", now)
        await settled()
        holder.cancel()
        gone.cancel()
        await asyncio.gather(holder, gone, return_exceptions=True)
        now.set()
        await asyncio.wait_for(bench.begin("eve", now), 2)

    asyncio.run(run())
