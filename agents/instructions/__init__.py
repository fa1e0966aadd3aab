"""Turns the text of an instruction into what is to be examined.

Other rooms use the names listed here and nothing else of this room.
"""

from __future__ import annotations

from dataclasses import replace

from agents.instructions.reading import EVERYTHING, InstructionReading, read_subject
from agents.instructions.refusals import find_declined
from agents.instructions.text import read_text, respell
from agents.instructions.timespans import Stretch, find_second_among, find_stretch_among
from agents.instructions.vocabulary import plain
from core.types import Effort, Scope

__all__ = [
    "EVERYTHING", "InstructionReading", "Stretch", "find_mentioned", "find_second", "find_stretch", "plain",
    "read_instruction",
]  # fmt: skip


def read_instruction(text: str, duration_s: float | None) -> InstructionReading:
    """What an instruction asks for.

    Args:
        text: as it was written; its first 250 words are read.
        duration_s: length of the media; None or 0 when unknown, then a stretch that hangs on it is left open.
    """
    words = read_text(plain(text))
    read = read_subject(words)
    if read.rule in ("no_instruction", "not_a_request"):
        return read
    stretch = find_stretch_among(words) or find_stretch_among(read_text(respell(words) or ""))
    effort: Effort | None = "quick" if words.has("quick") else "thorough" if words.has("thorough") else None
    if read.rule == "nothing_named" and (stretch or effort):
        read = replace(read, rule="time_or_effort_named", is_sure=True)
    scope = Scope(
        modalities=read.scope.modalities,
        range_s=stretch.within(duration_s or 0.0) if stretch else None,
        effort=effort,
        explanations=() if words.has("verdict_alone") else None,
    )
    return replace(read, scope=scope, declined=tuple(find_declined(words, stretch, duration_s or 0.0)))


def find_stretch(text: str) -> Stretch | None:
    """The stretch of the media that a text names, before the length of the media is known."""
    named = find_stretch_among(read_text(plain(text)))
    return None if named is None or named.is_reversed else named


def find_second(text: str) -> float | None:
    """The moment that a number of seconds names: "the tenth second"."""
    return find_second_among(read_text(plain(text)))


def find_mentioned(text: str, language: str) -> tuple[bool, bool]:
    """Whether anything that is heard, and whether anything that is seen, is named in the words of a language."""
    read = read_text(plain(text), language)
    return read.has("sound"), read.has("picture")
