"""A conversation about analyses: questions, and answers that are statements with evidence behind each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from core.types import DecidedBy, Failure, Frozen, LlmCall, Provenance, Reason, Scope, Seconds

DIALOGUE_VERSION: Literal[1] = 1
"""Version of `Answer` as written today."""


class Citation(Frozen):
    """What a statement stands on: an evidence id of one analysis, or a page of our own such as `glossary.heatmap`."""

    id: str
    analysis_id: str | None = None
    time_s: Annotated[Seconds | None, Field(exclude_if=lambda time_s: time_s is None)] = None
    """The moment that is told of, for a player to go to; not written where there is none."""


class Statement(Frozen):
    """One sentence of an answer."""

    text: str
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    provenance: Provenance


class Proposal(Frozen):
    """A new analysis that was offered and is started only when the user says yes."""

    analysis_id: str
    scope: Scope | None = None
    """What would be examined; None in proposals of the earlier version, which worded it as an instruction."""
    instruction: str = ""


class Answer(Frozen):
    """What was answered, by which decision, and what went wrong on the way."""

    schema_version: Literal[1] = DIALOGUE_VERSION
    topics: tuple[str, ...]
    """What the question was understood to be about."""
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    declined: bool = False
    """The evidence does not hold what was asked."""
    proposal: Proposal | None = None
    started: str | None = None
    """Id of the analysis that this answer started."""
    decided_by: DecidedBy
    language: str = "en"
    notes: tuple[Reason, ...] = ()
    llm_calls: tuple[LlmCall, ...] = ()


class TurnStatus(StrEnum):
    WAITING = "waiting"
    ANSWERING = "answering"
    ANSWERED = "answered"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (TurnStatus.ANSWERED, TurnStatus.FAILED)


class Turn(Frozen):
    """One question and what became of it. Numbers count from 1 in a conversation."""

    conversation_id: str
    number: Annotated[int, Field(ge=1)]
    text: str
    status: TurnStatus
    answer: Answer | None = None
    failure: Failure | None = None
    created_at: datetime
    answered_at: datetime | None = None


class Conversation(Frozen):
    """Whose it is and which analyses it is about, in the order in which they were brought in."""

    id: str
    owner_id: str
    analysis_ids: tuple[str, ...]
    turns: Annotated[int, Field(ge=0)]
    created_at: datetime


class DialogueEvent(Frozen):
    """One line of an answer's progress, replayable from any id."""

    id: Annotated[int, Field(ge=1)]
    conversation_id: str
    turn: Annotated[int, Field(ge=1)]
    kind: Literal["asked", "understood", "statement", "answered", "failed"]
    message: str
    detail: dict[str, object] = Field(default_factory=dict)
    created_at: datetime
