"""Loads the words that a reworded fact may use from `vocabulary.yaml` and checks them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

FILE: Final = Path(__file__).with_name("vocabulary.yaml")
Words = frozenset[str]
Wordings = tuple[tuple[str, tuple[str, ...]], ...]
"""What is read for any of several wordings."""


class Vocabulary(BaseModel):
    """The file, with every list as a set of words. Raises: ValidationError for a file that contradicts itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fillers: Words
    questions: Words
    joints: Words
    causes: Words
    leads: Words
    findings: Words
    phrases: Wordings
    same: dict[str, Words]
    rewordings: Wordings
    reasons: dict[str, Words]

    @model_validator(mode="after")
    def _agrees(self) -> Vocabulary:
        if len(self.meaning_of) != sum(len(words) for words in self.same.values()):
            raise ValueError("a word stands for two things")
        if both := (self.fillers | self.joints) & set(self.meaning_of):
            raise ValueError(f"may come and go, and has a meaning: {sorted(both)}")
        return self

    @cached_property
    def meaning_of(self) -> dict[str, str]:
        return {word: meaning for meaning, words in self.same.items() for word in words}


VOCABULARY: Final = Vocabulary.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
