"""The testimony in words, and the typed facts that it words, so that any language can word them again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from core.types.base import Frozen
from core.types.coverage import Covered, CoveredKind
from core.types.evidence import AcousticMeasure
from core.types.media import TimeRange
from core.types.plan import Check
from core.types.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class Percent:
    """A score or a share in [0, 1]."""

    value: float
    kind: Literal["percent"] = "percent"


@dataclass(frozen=True, slots=True)
class Points:
    """A difference of two scores in [0, 1], told in percentage points."""

    value: float
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Frequency:
    value_hz: float
    kind: Literal["frequency"] = "frequency"


@dataclass(frozen=True, slots=True)
class Moment:
    time_s: float
    kind: Literal["moment"] = "moment"


@dataclass(frozen=True, slots=True)
class Length:
    length_s: float
    kind: Literal["length"] = "length"


@dataclass(frozen=True, slots=True)
class Span:
    """From the one to the other, both moments or both lengths."""

    start: Annotated[Moment | Length, Field(discriminator="kind")]
    end: Annotated[Moment | Length, Field(discriminator="kind")]
    kind: Literal["span"] = "span"


@dataclass(frozen=True, slots=True)
class Noun:
    """A part, a region or a kind of file, by its English name."""

    name: str
    kind: Literal["noun"] = "noun"


@dataclass(frozen=True, slots=True)
class Because:
    """An authored reason: a sentence of its own, or the end of one."""

    reason: Reason
    is_clause: bool = True
    kind: Literal["because"] = "because"


@dataclass(frozen=True, slots=True)
class Measured:
    """An acoustic measurement with its unit: one value, or the two ends of a range."""

    measure: AcousticMeasure
    values: tuple[float, ...]
    kind: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True)
class Changes:
    """What was done to the file."""

    checks: tuple[Check, ...]
    kind: Literal["changes"] = "changes"


@dataclass(frozen=True, slots=True)
class TrackName:
    """A part of a file: `sound track 2 (Spanish)`, `right channel of sound track 1`, `voice B (00:12–00:30)`."""

    part: CoveredKind
    number: int
    channel: int | None = None
    language: str = ""
    spans: tuple[TimeRange, ...] = ()
    kind: Literal["track"] = "track"

    @classmethod
    def of(cls, covered: Covered) -> TrackName:
        return cls(covered.kind, covered.number, covered.channel, covered.language, covered.spans)


Slot = Annotated[
    Percent | Points | Frequency | Moment | Length | Span | Noun | Because | Measured | Changes | TrackName,
    Field(discriminator="kind"),
]
SlotValue = Slot | int | str
"""A bare text or number is the same in every language."""


class Provenance(StrEnum):
    LLM = "llm"
    TEMPLATE = "template"


class SaidFact(Frozen):
    """What a sentence says, before any words: the section of the narrative that words it, and what fills it."""

    key: str
    slots: dict[str, SlotValue] = Field(default_factory=dict)


class Sentence(Frozen):
    """One sentence of testimony and the evidence ids it stands on."""

    text: str
    citations: Annotated[tuple[str, ...], Field(min_length=1)]
    provenance: Provenance
    said: Annotated[SaidFact | None, Field(exclude_if=lambda said: said is None)] = None
    """None in reports of earlier versions: their sentences stay in the language they were written in."""


class Narrative(Frozen):
    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    language: str = "en"
    notes: tuple[Reason, ...] = ()
