"""What is to be examined: the one form in which every request for an examination is expressed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, field_validator

from core.types.base import Frozen
from core.types.media import TimeRange
from core.types.vocabulary import Modality

Effort = Literal["quick", "usual", "thorough"]


class ExplanationKind(StrEnum):
    """What is explained besides the verdict itself."""

    FACES = "faces"
    VOICE = "voice"
    VERDICT = "verdict"


class Scope(Frozen):
    """What is to be examined. A field that is None was left open: the service examines all that the file holds.

    Plain words become a `Scope` in `agents.instructions` and nowhere else; everything else builds one directly.
    """

    modalities: Annotated[tuple[Modality, ...], Field(min_length=1, max_length=2)] | None = None
    """The parts to examine; those that are not named are left out."""
    range_s: TimeRange | None = None
    """The stretch to examine, in seconds from the start of the file; what lies beyond its end is cut off."""
    effort: Effort | None = None
    """How hard to look: fewer frames, the usual number, or more."""
    explanations: Annotated[tuple[ExplanationKind, ...], Field(max_length=3)] | None = None
    """What to explain; an empty list asks for the verdict alone."""

    @field_validator("modalities")
    @classmethod
    def _order_modalities(cls, given: tuple[Modality, ...] | None) -> tuple[Modality, ...] | None:
        """One order, so that the same request is written in one way."""
        return None if given is None else tuple(each for each in Modality if each in given)

    @field_validator("explanations")
    @classmethod
    def _order_explanations(cls, given: tuple[ExplanationKind, ...] | None) -> tuple[ExplanationKind, ...] | None:
        return None if given is None else tuple(each for each in ExplanationKind if each in given)

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == Scope()
