"""Holds every sentence to its evidence: a wording that does not follow from its fact gives way to the template's.

A template sentence is rendered from the fact's own slots and needs no reading. A model's wording is not interpreted: it
is accepted only with the very figures and words of the fact, or words that stand for the same, each part of the
sentence whole and in its own order. Anything else is refused: the template sentence is as good, and a refusal costs a
reader nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agents.report.facts import Fact
from agents.report.vocabulary import VOCABULARY, Wordings
from agents.report.writer import Draft
from core.types import Provenance, Sentence

MOST_LENGTH_RATIO: Final = 1.6
"""A wording may be this many times as long as the template sentence."""

_LETTERS: Final = re.compile(r"[A-Za-z0-9 ,.:;'’()%–—-]+")
_INNER_STOP: Final = re.compile(r"\.(?!\d)")
_SHOUTED: Final = re.compile(r"\b[A-Z]{2,}\b|[,;:]{2}|--|  ")
_WORD: Final = re.compile(r"\d[\d.,:]*(?<=\d)|[a-z]+(?:[-'][a-z]+)*|[^\w\s]")
_PERCENT: Final = re.compile(r"\bat (?=\d+(?:\.\d+)? ?%)")
_PLACE: Final = re.compile(r"#(\d)")
Words = tuple[str, ...]
Table = tuple[tuple[re.Pattern[str], str], ...]


def _compile(wordings: Wordings) -> Table:
    """A pattern for each wording, with a group for every figure, and what it is read as."""
    made = []
    for meant, said in wordings:
        for each in said:
            pattern = _PLACE.sub(r"(?P<f\1>\\d[\\d.:]*)", each.replace(".", r"\."))
            made.append((re.compile(rf"(?<!\S){pattern}(?![\w.:])"), _PLACE.sub(r"\\g<f\1>", meant)))
    return tuple(made)


_PHRASES: Final = _compile(VOCABULARY.phrases)
_REWORDINGS: Final = _compile(VOCABULARY.rewordings)


class Refusal(StrEnum):
    """Why a wording was not accepted."""

    FORM = "form"
    """Not one plain sentence of bounded length."""
    INSTRUCTION = "instruction"
    ACCUSATION = "accusation"
    HEDGE = "hedge"
    CERTAINTY = "certainty"
    FIGURE_NEW = "figure_new"
    FIGURE_MISSING = "figure_missing"
    FIGURE_ROLE = "figure_role"
    """All figures and words are there, but not where they say the same."""
    REGION = "region"
    MODALITY = "modality"
    POLARITY = "polarity"
    NEGATION = "negation"
    CONTENT_NEW = "content_new"
    CONTENT_MISSING = "content_missing"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The sentence that is published for a fact, and why it is not the wording that was offered."""

    sentence: Sentence
    refusal: Refusal | None = None


def check_draft(draft: Draft) -> tuple[Ruling, ...]:
    """What may be published of a draft: one sentence a fact, in order, with the reason of every refusal."""
    made = []
    for wording in draft.wordings:
        fact, text = wording.fact, " ".join(wording.text.split())
        written_by_model = wording.provenance is Provenance.LLM and text != fact.text and not fact.is_fixed
        refusal = find_refusal(fact, text) if written_by_model else None
        kept = written_by_model and refusal is None
        sentence = Sentence(
            text=text if kept else fact.text,
            citations=fact.citations,
            provenance=Provenance.LLM if kept else Provenance.TEMPLATE,
            said=fact.said,
        )
        made.append(Ruling(sentence, refusal))
    return tuple(made)


def count_refusals(rulings: Sequence[Ruling]) -> Counter[Refusal]:
    """How often each reason was met."""
    return Counter(each.refusal for each in rulings if each.refusal is not None)


def find_refusal(fact: Fact, text: str) -> Refusal | None:
    """Why `text` may not stand for the fact; None when it says the same in the same words."""
    if not _is_plain(fact, text):
        return Refusal.FORM
    said, owed = _read(text), _read(fact.text)
    theirs, ours = (Counter(word for word in words if word not in VOCABULARY.joints) for words in (said, owed))
    if added := theirs - ours:
        return _name_reason(set(added), Refusal.FIGURE_NEW, Refusal.CONTENT_NEW)
    if missing := ours - theirs:
        return _name_reason(set(missing), Refusal.FIGURE_MISSING, Refusal.CONTENT_MISSING)
    return None if _consists_of(said, _split(owed)) and _keeps_its_reason(said, owed) else Refusal.FIGURE_ROLE


def _is_plain(fact: Fact, text: str) -> bool:
    """One sentence, of plain characters, not shouted, not longer than it needs to be."""
    return (
        0 < len(text) <= MOST_LENGTH_RATIO * len(fact.text)
        and _LETTERS.fullmatch(text) is not None
        and text.endswith(".")
        and (text[0].isupper() or text[0].isdecimal())
        and text.split(" ")[0].lower() not in VOCABULARY.questions
        and _INNER_STOP.search(text[:-1]) is None
        and text.count("(") == text.count(")")
        and _SHOUTED.search(text) is None
    )


def _read(sentence: str) -> Words:
    """Figures as they are written, words by what they stand for, marks, and no fillers."""
    text = sentence.replace("’", "'").lower().removesuffix(".")
    text = _PERCENT.sub(", ", _reword(text, _PHRASES))
    words = (VOCABULARY.meaning_of.get(word, word) for word in _WORD.findall(text) if word not in VOCABULARY.fillers)
    return tuple(_reword(" ".join(words), _REWORDINGS).split())


def _reword(text: str, table: Table) -> str:
    for pattern, wording in table:
        text = pattern.sub(wording, text)
    return text


def _name_reason(words: set[str], figure: Refusal, other: Refusal) -> Refusal:
    for reason, listed in VOCABULARY.reasons.items():
        if words & listed:
            return Refusal(reason)
    return figure if any(word[0].isdecimal() for word in words) else other


def _split(owed: Words) -> list[Words]:
    """The parts of a fact that may change places: what stands between marks, and what a finding is told of."""
    parts: list[list[str]] = [[]]
    for place, word in enumerate(owed):
        is_mark = not word[0].isalnum() and word in VOCABULARY.joints
        led = place and (owed[place - 1] in VOCABULARY.findings or (parts[-1][:1] and parts[-1][0] in VOCABULARY.leads))
        if is_mark or (led and word in VOCABULARY.leads):
            parts.append([])
        if not is_mark and (parts[-1] or word not in VOCABULARY.joints):
            parts[-1].append(word)
    return [tuple(part) for part in parts if part]


def _consists_of(said: Words, parts: Sequence[Words]) -> bool:
    """Whether a wording is these parts, each whole, in any order, with nothing but joints between them."""
    if not said:
        return not parts
    if said[0] in VOCABULARY.joints and _consists_of(said[1:], parts):
        return True
    starts = (place for place, part in enumerate(parts) if said[: len(part)] == part)
    return any(_consists_of(said[len(parts[at]) :], [*parts[:at], *parts[at + 1 :]]) for at in starts)


def _keeps_its_reason(said: Words, owed: Words) -> bool:
    """Whether "because" is said only where the fact gives a reason, or a colon does, and all in the fact's order."""
    if not VOCABULARY.causes & set(said):
        return True
    in_order = [[word for word in words if word not in VOCABULARY.joints] for words in (said, owed)]
    return bool((VOCABULARY.causes | {":"}) & set(owed)) and in_order[0] == in_order[1]
