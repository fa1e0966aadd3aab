"""The labelled instructions, which of them are held back, and what counts as understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from core.types import MediaKind, Modality, Plan, PlanInputs

LABELLED: Final = Path(__file__).with_name("instructions.jsonl")
DURATION_S: Final = 4000.0
"""Length of the imagined file: every stretch that the texts name lies within it."""


class Labelled(BaseModel):
    """One instruction and what it asks for.

    `range_s`: seconds; a missing end reaches to the end of the file, a negative start counts from it. `batch`: texts
    of one sitting; later ones were first scored before any rule had seen them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    audio: bool
    faces: bool
    paths: tuple[Modality, ...]
    range_s: tuple[float, float | None] | None
    language: str
    batch: Literal["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "unseen"]
    held: bool | None = None
    """Said of texts by other authors; of the older sittings the hash says it."""
    skip_range: bool = False
    """Whether the stretch is not scored, because people would differ about it."""

    @property
    def held_back(self) -> bool:
        """A third by hash, or as it is said: its failures were counted, never read, while the rules were written."""
        if self.held is not None:
            return self.held
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 3 == 0

    @property
    def inputs(self) -> PlanInputs:
        return PlanInputs(
            instruction=self.text,
            media_kind=MediaKind.VIDEO,
            has_video=self.faces,
            has_audio=self.audio,
            duration_s=DURATION_S,
        )

    @property
    def stretch_s(self) -> tuple[float, float] | None:
        if self.range_s is None:
            return None
        start, end = self.range_s
        return (DURATION_S + start, DURATION_S) if start < 0 else (start, DURATION_S if end is None else end)


@dataclass(frozen=True, slots=True)
class Scored:
    """Whether the paths were right, and the stretch of time."""

    paths: bool
    stretch: bool

    @property
    def right(self) -> bool:
        return self.paths and self.stretch


def labelled() -> tuple[Labelled, ...]:
    """All instructions, in the order in which they were written."""
    with LABELLED.open(encoding="utf-8") as lines:
        return tuple(Labelled.model_validate_json(line) for line in lines)


def scored(case: Labelled, plan: Plan) -> Scored:
    found = None if plan.range_s is None else (plan.range_s.start_s, plan.range_s.end_s)
    return Scored(paths=set(plan.paths) == set(case.paths), stretch=case.skip_range or found == case.stretch_s)
