"""The list of analyses as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from api.http.composition import World
from api.usecases.analyses import find_analyses, search_for
from core.figures import percent
from core.types import Analysis, AnalysisStatus, MediaKind, Modality, Outcome

MOST: Final = 1000
_PAGE: Final = 100
_HEAD: Final = (
    "analysis", "file", "created", "status", "verdict", "faces_pct", "voice_pct", "instruction", "note", "tags",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def list_for_export(
    world: World,
    owner_id: str,
    words: str,
    status: AnalysisStatus | None,
    outcome: Outcome | None,
    kind: MediaKind | None,
) -> tuple[Analysis, ...]:
    """The newest analyses that fit, a thousand at most."""
    found: list[Analysis] = []
    search = search_for(words, status, outcome, kind)
    cursor: str | None = None
    while len(found) < MOST:
        page = find_analyses(world, owner_id, search, limit=_PAGE, cursor=cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return tuple(found[:MOST])


def table_of(analyses: Sequence[Analysis]) -> str:
    """CSV with a head. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_HEAD)
    for each in analyses:
        verdict = each.verdict
        scores = {} if verdict is None else {part.modality: percent(part.p_fake) for part in verdict.contributions}
        table.writerow(
            _plain(cell)
            for cell in (
                each.id, each.file_name, each.created_at.isoformat(), each.status,
                "" if verdict is None else verdict.outcome if verdict.is_examined else "nothing_to_examine",
                scores.get(Modality.VISUAL, ""), scores.get(Modality.AUDIO, ""),
                each.instruction, each.note, ", ".join(each.tags),
            )
        )  # fmt: skip
    return written.getvalue()


def _plain(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
