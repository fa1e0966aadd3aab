"""What people keep beside an analysis: links, their word on a verdict, keys."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from core.types.base import Frozen


class Share(Frozen):
    """A link that shows one analysis to whoever has it, for a time. The link itself is told once and not kept."""

    id: str
    analysis_id: str
    created_at: datetime
    expires_at: datetime


class Judgement(StrEnum):
    """What a person makes of a verdict."""

    RIGHT = "right"
    WRONG = "wrong"


class Feedback(Frozen):
    """A person's word on a verdict. It is kept beside the analysis and changes nothing in it."""

    id: str
    analysis_id: str
    judgement: Judgement
    truth: Literal["fake", "real"] | None = None
    """What the recording is, as far as that person knows."""
    comment: str = ""
    created_at: datetime


class ApiKey(Frozen):
    """A key as its owner sees it later: without its secret."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    """To the minute."""
