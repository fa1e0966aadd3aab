"""The file behind a link, fetched by the API itself into a temporary file and checked as any upload."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from anyio.to_thread import run_sync

from api.http.composition import World
from api.http.room import need_room
from api.intake.submission import Accepted, made_under, submit
from api.intake.upload import Received, clean_file_name, clean_instruction, spooled, too_large
from api.schemas import SubmitLink
from core.errors import Rejected
from egress.fetching import download


@contextmanager
def fetched_link(world: World, asked: SubmitLink) -> Iterator[Received]:
    """Raises: Rejected: `links_off`, `too_large`, as `egress.fetching.download`, and as any upload."""
    settings = world.settings
    if not settings.links.enabled:
        raise Rejected("links_off", "This service fetches no links; upload the file.")
    instruction = clean_instruction(asked.instruction)
    url = asked.url.strip()
    with spooled(settings.limits) as (path, spool):
        with download(settings.links, url) as found:
            if found.declared_bytes is not None and found.declared_bytes > settings.limits.max_upload_bytes:
                raise too_large()
            need_room(settings.limits, found.declared_bytes or 0)
            for chunk in found.chunks:
                spool.write(chunk)
        spool.close()
        name = clean_file_name(asked.file_name or found.file_name)
        yield Received(path, spool.size_bytes, spool.sha256, name, instruction, asked.scope, source_url=url)


def known_under(world: World, owner_id: str, asked: SubmitLink, idempotency_key: str | None) -> Accepted | None:
    """What this key already made: then nothing is fetched again. Raises: Rejected when it was asked otherwise."""
    if idempotency_key is None:
        return None
    found = made_under(world, owner_id, idempotency_key, clean_instruction(asked.instruction), asked.scope)
    if found is None:
        return None
    if found.source_url != asked.url.strip():
        raise Rejected("idempotency_key_reused", "This idempotency key was used for another request.")
    return Accepted(found, False)


async def submit_link(world: World, owner_id: str, asked: SubmitLink, idempotency_key: str | None) -> Accepted:
    """Have the file behind a link analysed. Raises: Rejected, Unavailable."""
    known = await run_sync(known_under, world, owner_id, asked, idempotency_key)
    if known is not None:
        return known
    fetching = fetched_link(world, asked)
    async with world.fetching.taken_by(owner_id):
        received = await run_sync(fetching.__enter__)
    try:
        async with world.probing.taken_by(owner_id):
            return await run_sync(submit, world, owner_id, received, idempotency_key)
    finally:
        await run_sync(fetching.__exit__, None, None, None)
