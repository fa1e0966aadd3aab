"""Turns the text of an instruction into what is to be examined.

Other rooms use the names listed here and nothing else of this room.
"""

from __future__ import annotations

from dataclasses import dataclass

from agents.instructions.folding import plain
from agents.instructions.reading import EVERYTHING, read_effort, read_subject
from agents.instructions.text import read_text
from agents.instructions.timespans import Stretch, find_second_among, find_stretch_among, names_duration
from core.types import Scope, TimeRange

__all__ = [
    "EVERYTHING", "InstructionReading", "Stretch", "find_range", "find_second", "find_stretch",
    "mentions_picture", "mentions_sound", "plain", "read_instruction",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class InstructionReading:
    """How an instruction was understood.

    Args:
        scope: what the words ask for; what they leave open is None there.
        rule: which rule decided.
        is_sure: whether the rule needs no second opinion.
        excluded: whether the words exclude what they do not want.
    """

    scope: Scope
    rule: str
    is_sure: bool
    excluded: bool


def read_instruction(text: str, duration_s: float | None) -> InstructionReading:
    """What an instruction asks for.

    Args:
        text: as it was written; its first 250 words are read.
        duration_s: length of the media; None or 0 when unknown, then a stretch that hangs on it is left open.
    """
    words = read_text(plain(text))
    subject = read_subject(words)
    rule, is_sure = subject.rule, subject.is_sure
    if rule in ("no_instruction", "not_a_request"):
        return InstructionReading(Scope(), rule, is_sure, subject.excludes)
    stretch, effort = find_stretch_among(words), read_effort(words)
    if rule == "nothing_named" and (stretch or effort or names_duration(words)):
        rule, is_sure = "time_or_effort_named", True
    is_open = rule in ("asked_in_general", "nothing_named", "time_or_effort_named")
    scope = Scope(
        modalities=None if is_open else subject.wanted,
        range_s=stretch.within(duration_s or 0.0) if stretch else None,
        effort=effort,
        explanations=() if words.has("verdict_alone") else None,
    )
    return InstructionReading(scope, rule, is_sure, subject.excludes)


def find_stretch(text: str) -> Stretch | None:
    """The stretch of the media that a text names, before the length of the media is known."""
    return find_stretch_among(read_text(plain(text)))


def find_range(text: str, duration_s: float) -> TimeRange | None:
    """The stretch that a text names, clipped to the media; None when none is named, or none of it lies within.

    Args:
        duration_s: length of the media; 0 when unknown, then "the last ..." means nothing.
    """
    named = find_stretch(text)
    return None if named is None else named.within(duration_s)


def find_second(text: str) -> float | None:
    """The moment that a number of seconds names: "the tenth second"."""
    return find_second_among(read_text(plain(text)))


def mentions_picture(text: str) -> bool:
    """Whether anything that is seen is named, in any language of the vocabulary."""
    return read_text(plain(text)).has("picture")


def mentions_sound(text: str) -> bool:
    """Whether anything that is heard is named, in any language of the vocabulary."""
    return read_text(plain(text)).has("sound")
