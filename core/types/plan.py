"""What is examined, how hard and why; and the same decision made again."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from core.types.base import Frozen, Seconds, is_empty
from core.types.llm import LlmCall
from core.types.media import TimeRange
from core.types.scope import Effort, ExplanationKind, Scope
from core.types.vocabulary import MediaKind, Modality, Outcome, Reason

PLAN_VERSION: Literal[2] = 2
"""As written today; `store.versions` brings older ones up to it when they are read."""


class Check(StrEnum):
    """A harmless change to the recording that ought to leave its score where it is."""

    RECOMPRESS = "recompress"
    DOWNSCALE = "downscale"
    FLIP = "flip"
    TRIM_SILENCE = "trim_silence"


class DecidedBy(Frozen):
    """Who made a decision: the rules in code, a prompt version answered by a model, or a classifier (of questions)."""

    kind: Literal["rules", "llm", "classifier"]
    rules_version: int | None = None
    """Of the rules in force, which also said that a model was to be asked. Not kept by plans of version 1."""
    rule: str | None = None
    prompt_id: str | None = None
    prompt_version: int | None = None
    model: str | None = None
    answer: dict[str, str] | None = None
    """What the model answered, word for word out of closed lists: a decision is replayed with it."""


class PlanInputs(Frozen):
    """Everything the planner looked at; storing it makes the decision replayable."""

    instruction: str
    scope: Annotated[Scope | None, Field(exclude_if=lambda scope: scope is None)] = None
    """What was asked for in so many fields, beside or instead of the instruction; its fields outweigh the words.

    Not written when there is none: reports that were sealed before there were scopes stay as they were sealed.
    """
    media_kind: MediaKind
    has_video: bool
    has_audio: bool
    unreadable: Annotated[tuple[Modality, ...], Field(exclude_if=is_empty)] = ()
    """Of which the file has streams, but none that can be decoded."""
    duration_s: Seconds
    usual_frames: Annotated[int, Field(ge=1)] = 32
    """Frames that this service samples when nothing is said about effort."""
    usual_further_frames: Annotated[int, Field(ge=0)] = 32
    """Frames that an assessment may add then."""


class Widening(Frozen):
    """The modality that was not asked for, examined after all because the one that was did not settle it.

    What it was decided on is kept, so that the decision can be made again.
    """

    path: Modality
    outcome: Outcome | None
    """Of what was asked for; None when it could not be scored."""
    is_thin: bool
    """Whether it rested on little: few frames with a face, or little speech."""
    why: str


class Plan(Frozen):
    """Which paths are examined, how hard, and why."""

    schema_version: Literal[2] = PLAN_VERSION
    inputs: PlanInputs
    paths: tuple[Modality, ...]
    effort: Effort = "usual"
    frame_budget: Annotated[int, Field(ge=0)]
    first_look: Annotated[int, Field(ge=0)] | None = None
    """Frames after which the evidence is first assessed; the rest follow unless it is clear. None: all at once."""
    further_frames: Annotated[int, Field(ge=0)] = 0
    """How many frames the assessment may add, all in all."""
    in_reserve: Modality | None = None
    """What was neither asked for nor excluded, to be examined if what was asked for does not settle it."""
    reserve_frames: Annotated[int, Field(ge=0)] = 0
    """How many frames that may take."""
    widened: Widening | None = None
    range_s: TimeRange | None = None
    explanations: tuple[ExplanationKind, ...] = ()
    checks: tuple[Check, ...] = ()
    """Changes under which the score is taken again, once the verdict is known."""
    decided_by: DecidedBy
    why: str
    masked: tuple[Reason, ...] = ()
    """Paths that were asked for or usual, but that the media cannot support."""


class Replay(Frozen):
    """A decision made again on the inputs that its plan stored."""

    same: bool
    differs: tuple[str, ...]
    """Names of the plan's fields that came out otherwise."""
    stored: Plan
    again: Plan
    asked: Literal["no_model", "stored_answer", "model"]
    """Where the answer came from, if rules did not decide: nobody was there to ask, as stored, or asked again."""
    calls: tuple[LlmCall, ...] = ()
