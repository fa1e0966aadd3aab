"""Sentences of answers, each a fact with the ids it stands on, in the languages that answers are given in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from agents.report import Fact, translate_facts
from core.types import Outcome
from prompts.library import load
from prompts.slots import ENGLISH, Fill, Language, load_language

PROMPT_ID: Final = "answer"
VERSIONS: Final = {"answer": 6, "answer-de": 6, "answer-fr": 6, "about": 4, "glossary": 6}
"""Of the prompts of answers, and of fixed sentences of our own."""
TRANSLATED: Final = ("de", "fr")
OFFERED: Final = (ENGLISH, *TRANSLATED)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things of one kind, each in its own words, joined by commas and `and`."""

    items: tuple[tuple[str, Mapping[str, Fill]], ...]
    """The section of each, and what it is filled with."""

    def write_in(self, language: Language) -> str:
        *most, last = (language.render(section, slots) for section, slots in self.items)
        return f" {language.translate_word('and')} ".join(filter(None, (", ".join(most), last)))


@cache
def load_answers(code: str) -> Language:
    """The sentences of answers in a language, with the words of its narrative."""
    name = PROMPT_ID if code == ENGLISH else f"{PROMPT_ID}-{code}"
    own = load(name, VERSIONS[name])
    narrative = load_language(code).prompt
    return Language(replace(narrative, sections={**narrative.sections, **own.sections}))


def word_answer(key: str, citations: tuple[str, ...], asserts: Outcome | None = None, /, **slots: Fill) -> Fact:
    """One fact in the English words of the `answer` prompt, beginning with a capital."""
    return Fact(f"{PROMPT_ID}.{key}", citations, _render(ENGLISH, key, slots), asserts, slots)


def load_sentences(prompt_id: str, section: str) -> tuple[Fact, ...]:
    """Fixed sentences of our own, one a line: a term explained, what the service can do."""
    cited = (f"{prompt_id}.{section}",)
    lines = load(prompt_id, VERSIONS[prompt_id]).render(section, {}).splitlines()
    return tuple(Fact(cited[0], cited, line, None, {"line": number}) for number, line in enumerate(lines))


def translate(fact: Fact, code: str) -> Fact:
    """The fact in a language; a page of ours that is not written in it stays English."""
    if code == ENGLISH:
        return fact
    page, _, key = fact.key.partition(".")
    if page == PROMPT_ID:
        return replace(fact, text=_render(code, key, fact.slots))
    if page not in VERSIONS:
        return translate_facts((fact,), code)[0]
    if (section := f"{page}.{key}") not in load_answers(code).prompt.sections:
        return fact
    return replace(fact, text=load_answers(code).render(section, {}).splitlines()[int(str(fact.slots["line"]))])


def _render(code: str, key: str, slots: Mapping[str, Fill]) -> str:
    text = load_answers(code).render(key, slots)
    return text[:1].upper() + text[1:]
