"""Parameters of endpoints: ids in paths, which page of a listing, and how long a caller would wait."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from core.errors import Rejected
from core.types import AnalysisStatus, MediaKind, Outcome

MAX_WAIT_S: Final = 60
_ANALYSIS: Final = re.compile(r"an_[0-9a-f]{32}")
_CONVERSATION: Final = re.compile(r"cv_[0-9a-f]{32}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait\s*=\s*(\d{1,6})", re.IGNORECASE)


def possible_id(analysis_id: str) -> str:
    """What cannot be an id names nothing. Raises: Rejected("analysis_not_found")."""
    if not _ANALYSIS.fullmatch(analysis_id):
        raise Rejected("analysis_not_found", "There is no such analysis.")
    return analysis_id


def possible_conversation(conversation_id: str) -> str:
    """What cannot be an id names nothing. Raises: Rejected("conversation_not_found")."""
    if not _CONVERSATION.fullmatch(conversation_id):
        raise Rejected("conversation_not_found", "There is no such conversation.")
    return conversation_id


AnalysisId = Annotated[str, AfterValidator(possible_id), Path(examples=["an_5f0c8a51e8d04f19a7f6f2f0c3f7c1a2"])]
ConversationId = Annotated[
    str, AfterValidator(possible_conversation), Path(examples=["cv_0b7f8a51e8d04f19a7f6f2f0c3f7c1a2"])
]
Token = Annotated[str, Path(pattern=r"^[\w-]{20,64}$")]
"""Of a link that shows an analysis."""


def _is_written(value: object) -> object:
    """Raises: ValueError for a number, which would be read as seconds since 1970."""
    if not isinstance(value, str) or not _MOMENT.match(value):
        raise ValueError("a moment is written as 2026-01-02T03:04:05Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_is_written)]
"""A date and time with its zone, as RFC 3339 writes it."""


def wait_of(prefer: str) -> int:
    """Seconds that the client would wait, at most a minute (RFC 7240)."""
    found = _WAIT.search(prefer)
    return min(int(found.group(1)), MAX_WAIT_S) if found else 0


class AskedPage(BaseModel):
    """Which page of a listing, and of which analyses: those that fit all conditions that are given."""

    model_config = ConfigDict(frozen=True)

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the page before.")
    q: str = Field(
        default="",
        max_length=200,
        description="Every word is in the file's name, the instruction or your note; a tag, an analysis's id or a "
        "file's SHA-256 finds exactly that.",
        examples=["interview"],
    )
    status: AnalysisStatus | None = None
    outcome: Outcome | None = None
    kind: MediaKind | None = None
    created_from: Moment | None = Field(default=None, description="Created at or after this moment.")
    created_before: Moment | None = Field(default=None, description="Created before this moment.")
