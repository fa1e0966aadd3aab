"""Sentences of answers, each a fact with the ids it stands on."""

from __future__ import annotations

from typing import Final

from agents.report import Fact, Language, SlotValue
from core.types import Outcome
from prompts.library import load

PROMPT_ID: Final = "answer"
PROMPT_VERSION: Final = 2
LINES_VERSIONS: Final = {"about": 2, "glossary": 5}
"""Of the prompts of fixed sentences."""


def word_answer(key: str, citations: tuple[str, ...], asserts: Outcome | None = None, /, **slots: SlotValue) -> Fact:
    """One fact in the words of the `answer` prompt."""
    return Fact(
        f"answer.{key}", citations, Language(load(PROMPT_ID, PROMPT_VERSION)).render(key, slots), asserts, slots
    )


def load_sentences(prompt_id: str, section: str) -> tuple[Fact, ...]:
    """Fixed sentences of our own, one a line: a term explained, what the service can do."""
    text = load(prompt_id, LINES_VERSIONS[prompt_id]).render(section, {})
    return tuple(Fact(f"{prompt_id}.{section}", (f"{prompt_id}.{section}",), line) for line in text.splitlines())
