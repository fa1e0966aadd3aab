"""Where a listing goes on: the last row's moment and id, so that rows added meanwhile shift nothing."""

from __future__ import annotations

from datetime import datetime

from core.errors import Rejected


def cursor_of(created_at: datetime, row_id: str) -> str:
    return f"{created_at.isoformat()}~{row_id}"


def position_of(cursor: str) -> tuple[datetime, str]:
    """Raises: Rejected("bad_cursor")."""
    moment, separator, row_id = cursor.partition("~")
    try:
        if not separator or "\0" in row_id:
            raise ValueError(cursor)
        return datetime.fromisoformat(moment), row_id
    except ValueError as error:
        raise Rejected("bad_cursor", "The cursor is not one that this listing gave.") from error
