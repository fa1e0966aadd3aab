"""Which analyses an owner has, newest first: their ids and the versions of their rows, by which what was told of them
before is known to hold still.

Read through a connection rather than a session, whose bookkeeping costs more than the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Text, bindparam, cast, func, literal_column, or_, select, tuple_

from core.errors import Rejected
from core.types import AnalysisStatus, MediaKind, Outcome
from store.cursors import cursor_of, position_of
from store.models import AnalysisRow, MediaRow, PlanRow


@dataclass(frozen=True, slots=True)
class Head:
    """An analysis in a listing, and what changes whenever its row or its plan is written."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Search:
    """Which analyses a listing shows. Absent conditions hold for all.

    Args:
        words: every one of them is in the file's name, the instruction or the note, whatever its case; a tag, an
            analysis's id or a file's SHA-256 finds exactly that.
        created_from, created_before: a half-open stretch of time.
    """

    words: str = ""
    status: AnalysisStatus | None = None
    outcome: Outcome | None = None
    kind: MediaKind | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


def read_heads(
    connection: Connection, owner_id: str, search: Search, *, limit: int, cursor: str | None = None
) -> tuple[tuple[Head, ...], str | None]:
    """Which analyses a page holds, newest first, and its `next_cursor`. Raises: Rejected("bad_cursor")."""
    query = _HEADS
    if search != _ALL:
        query = query.join(MediaRow, MediaRow.id == AnalysisRow.media_id).where(*_conditions(search))
    if cursor is not None:
        query = query.where(tuple_(AnalysisRow.created_at, AnalysisRow.id) < position_of(cursor))
    rows = connection.execute(query, {"owner_id": owner_id, "most": limit + 1}).all()
    last = rows[limit - 1] if len(rows) > limit else None
    heads = tuple(Head(row.id, row.version) for row in rows[:limit])
    return heads, None if last is None else cursor_of(last.created_at, last.id)


def read_head(connection: Connection, analysis_id: str, owner_id: str) -> Head:
    """Raises: Rejected("analysis_not_found"), also for somebody else's."""
    row = connection.execute(_HEAD, {"owner_id": owner_id, "analysis_id": analysis_id}).first()
    if row is None:
        raise not_found()
    return Head(row.id, row.version)


def not_found() -> Rejected:
    return Rejected("analysis_not_found", "There is no such analysis.")


_ALL: Final = Search()
_VERSION: Final = func.concat_ws(
    ".", cast(literal_column("analyses.xmin"), Text), cast(literal_column("plans.xmin"), Text)
).label("version")
"""The transactions that wrote the row and its plan last. A file's row is never written again."""
_PLANNED: Final = (
    select(AnalysisRow.id, AnalysisRow.created_at, _VERSION)
    .outerjoin(PlanRow, PlanRow.analysis_id == AnalysisRow.id)
    .where(AnalysisRow.owner_id == bindparam("owner_id"))
)
_HEAD: Final = _PLANNED.where(AnalysisRow.id == bindparam("analysis_id"))
_HEADS: Final = _PLANNED.order_by(AnalysisRow.created_at.desc(), AnalysisRow.id.desc()).limit(bindparam("most"))


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.status is not None:
        found.append(AnalysisRow.status == search.status.value)
    if search.outcome is not None:
        found.append(AnalysisRow.outcome == search.outcome.value)
    if search.kind is not None:
        found.append(MediaRow.kind == search.kind.value)
    if search.created_from is not None:
        found.append(AnalysisRow.created_at >= search.created_from)
    if search.created_before is not None:
        found.append(AnalysisRow.created_at < search.created_before)
    for word in search.words.split():
        found.append(
            or_(
                AnalysisRow.file_name.icontains(word, autoescape=True),
                AnalysisRow.instruction.icontains(word, autoescape=True),
                AnalysisRow.note.icontains(word, autoescape=True),
                AnalysisRow.tags.contains([word]),
                AnalysisRow.id == word,
                MediaRow.sha256 == word.lower(),
            )
        )
    return found
