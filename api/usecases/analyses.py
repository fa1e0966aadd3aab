"""Finding, cancelling and removing analyses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from api.http.composition import World
from api.http.language import asked_language
from api.schemas import AnalysisView
from api.usecases.files import Links
from core.errors import Rejected
from core.ports import Bucket
from core.types import Analysis, AnalysisStatus, MediaKind, Outcome
from store.events import append_event
from store.listing import Head, Search, read_head, read_heads
from store.repositories import AnalysisRepository, AuditRepository, Page
from store.retention import delete_analysis

MOST_WRITTEN: Final = 4_000
"""Analyses kept as JSON, two kilobytes each."""
ALL: Final = Search()


def search_for(
    words: str = "",
    status: AnalysisStatus | None = None,
    outcome: Outcome | None = None,
    kind: MediaKind | None = None,
    created_from: datetime | None = None,
    created_before: datetime | None = None,
) -> Search:
    """The conditions of a listing."""
    return Search(words.replace("\0", " "), status, outcome, kind, created_from, created_before)


def find_analyses(world: World, owner_id: str, search: Search = ALL, *, limit: int, cursor: str | None = None) -> Page:
    """One page of the owner's analyses, newest first; with conditions, of those that fit all of them.

    Raises: Rejected("bad_cursor").
    """
    with world.database.reading() as session:
        return AnalysisRepository(session).page(owner_id, search, limit=limit, cursor=cursor)


def tell_page(world: World, owner_id: str, search: Search, *, limit: int, cursor: str | None) -> bytes:
    """The same as an `AnalysisPage` in JSON. Raises: Rejected("bad_cursor")."""
    with world.database.asking() as connection:
        heads, next_cursor = read_heads(connection, owner_id, search, limit=limit, cursor=cursor)
    items = b",".join(_told(world, heads))
    return b'{"items":[%b],"next_cursor":%b}' % (items, json.dumps(next_cursor).encode())


def tell_one(world: World, analysis_id: str, owner_id: str) -> bytes:
    """An analysis as an `AnalysisView` in JSON. Raises: Rejected("analysis_not_found"), also for somebody else's."""
    with world.database.asking() as connection:
        head = read_head(connection, analysis_id, owner_id)
    for told in _told(world, [head]):
        return told
    raise Rejected("analysis_not_found", "There is no such analysis.")


def _told(world: World, heads: Sequence[Head]) -> Iterator[bytes]:
    """Each analysis in JSON, without those that were removed meanwhile. Only what was written since is read again."""
    language = asked_language() or ""
    unknown = [head.id for head in heads if (head.id, head.version, language) not in world.written]
    read: dict[str, Analysis] = {}
    if unknown:
        with world.database.reading() as session:
            read = AnalysisRepository(session).analyses(unknown)
    for head in heads:
        key = (head.id, head.version, language)
        told = world.written.get(key)
        if told is None and head.id in read:
            told = AnalysisView.of(read[head.id]).model_dump_json().encode()
            if len(world.written) >= MOST_WRITTEN:
                world.written.clear()
            world.written[key] = told
        if told is not None:
            yield told


def cancel(world: World, analysis_id: str, owner_id: str) -> Analysis:
    """The cancelled analysis; cancelling again changes nothing.

    Raises: Rejected: `analysis_not_found`, `already_finished`.
    """
    with world.database.begin() as session:
        repository = AnalysisRepository(session)
        before = repository.get(analysis_id, owner_id)
        analysis = repository.cancel(analysis_id, owner_id)
        if analysis.status is not AnalysisStatus.CANCELLED:
            raise Rejected("already_finished", "This analysis has already ended.")
        if before.status is not AnalysisStatus.CANCELLED:
            append_event(session, analysis_id, "cancelled", "The analysis was cancelled.")
            AuditRepository(session).record(owner_id, "analysis.cancelled", analysis_id)
    return analysis


def annotate(world: World, analysis_id: str, owner_id: str, note: str | None, tags: tuple[str, ...] | None) -> Analysis:
    """The analysis with its owner's note and tags; None leaves one as it is. Raises: Rejected("analysis_not_found")."""
    clean = None if tags is None else [each.strip().replace("\0", "") for each in tags if each.strip()]
    with world.database.begin() as session:
        text = None if note is None else note.replace("\0", "")
        return AnalysisRepository(session).annotate(analysis_id, owner_id, text, clean)


def thumbnails_of(links: Links, analyses: Sequence[Analysis]) -> dict[str, str]:
    """Addresses of a small picture for each of these analyses that has one."""
    with links.world.database.begin() as session:
        found = AnalysisRepository(session).thumbnails([each.id for each in analyses])
    return {id_: links.to(Bucket.OUTPUTS, each.key) for id_, each in found.items()}


def remove(world: World, analysis_id: str, owner_id: str) -> None:
    """Remove an analysis, all it produced, and the upload unless another analysis needs it."""
    delete_analysis(world.database, world.blobs, analysis_id, owner_id=owner_id, actor_id=owner_id)
