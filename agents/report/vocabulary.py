"""Loads the closed vocabulary of a reworded fact from `vocabulary.yaml` and checks it."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

FILE: Final = Path(__file__).with_name("vocabulary.yaml")
Words = frozenset[str]


class Concept(StrEnum):
    """What a word means, as far as a rule of the checker asks for it; the file holds more."""

    MANIPULATED = "manipulated"
    SYNTHETIC = "synthetic"
    INCONCLUSIVE = "inconclusive"
    EVIDENCE = "evidence"
    NEGATION = "negation"
    SCORE = "score"
    FLAG = "flag"
    FINDING = "finding"
    LEVEL = "level"
    SHARE = "share"
    HOLDING = "holding"
    ALONE = "alone"
    ONLY = "only"
    ABOVE = "above"
    BELOW = "below"
    THRESHOLD = "threshold"
    OUTSIDE = "outside"
    BETWEEN = "between"
    SAMPLED = "sampled"
    FRAME = "frame"
    FACE = "face"
    VOICE = "voice"
    STRETCH = "stretch"
    BECAUSE = "because"
    FREQUENCY = "frequency"
    JOINER = "joiner"
    LYING = "lying"
    FAILED = "failed"
    ENDING = "ending"
    MAP = "map"
    VERDICT = "verdict"


class Unit(StrEnum):
    PERCENT = "percent"
    POINTS = "points"
    """A difference of two percentages."""
    CLOCK = "clock"
    SECONDS = "seconds"
    HERTZ = "hertz"
    FACE = "face"
    """The number by which a face is called."""
    COUNT = "count"


class Numbers(BaseModel):
    """Numbers in words: `ones` from zero to nineteen, `tens` from twenty to ninety."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ones: tuple[str, ...]
    tens: tuple[str, ...]


class Before(BaseModel):
    """What may stand right before a figure of each kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    percent: Words
    span: Words
    moment: Words
    length: Words


class Vocabulary(BaseModel):
    """The file, with every list as a set of words. Raises: ValidationError for a file that contradicts itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    neutral: Words
    articles: Words
    auxiliaries: Words
    prepositions: Words
    closing: Words
    never_governed: Words
    concepts: dict[str, Words]
    regions: Words
    modalities: Words
    outcomes: Words
    addable: Words
    repeatable: Words
    droppable: Words
    not_scored_as: Words
    need_as: Words
    barred: dict[str, Words]
    hedges: Words
    units: dict[str, tuple[Unit, int]]
    numbers: Numbers
    joins: Words
    before: Before
    phrases: tuple[tuple[str, tuple[str, ...]], ...]

    @model_validator(mode="after")
    def _agrees(self) -> Vocabulary:
        named = self.regions | self.modalities | self.outcomes | self.addable | self.repeatable | self.droppable
        if unknown := (named | set(Concept)) - set(self.concepts):
            raise ValueError(f"no words for the concepts {sorted(unknown)}")
        if len(self.concept_of) != sum(len(words) for words in self.concepts.values()):
            raise ValueError("a word stands for two concepts")
        if both := self.neutral & set(self.concept_of):
            raise ValueError(f"neutral, and of a meaning: {sorted(both)}")
        return self

    @cached_property
    def concept_of(self) -> dict[str, str]:
        return {word: concept for concept, words in self.concepts.items() for word in words}

    @cached_property
    def scored_as(self) -> Words:
        """Verbs by which a score is reported: `scores as`, `is flagged as`."""
        return (self.concepts[Concept.SCORE] | self.concepts[Concept.FLAG]) - self.not_scored_as

    @cached_property
    def value_of(self) -> dict[str, int]:
        """Numbers from zero to twenty, and tens, in words."""
        tens = {word: 10 * tens for tens, word in enumerate(self.numbers.tens, start=2)}
        return {word: value for value, word in enumerate(self.numbers.ones)} | tens


VOCABULARY: Final = Vocabulary.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
