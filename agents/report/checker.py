"""Holds every sentence to its evidence: a wording that does not follow from its fact gives way to the template's.

A template sentence is rendered from the fact's own slots and needs no reading. A model's wording is read: it is
accepted only with the same figures in the same roles, the same finding, the same parts and regions, nothing new and
nothing essential left out. Any doubt is a refusal: the template sentence is as good, and a refusal costs a reader
nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import Final

from agents.report.facts import Fact
from agents.report.figure_roles import figures_keep_their_roles
from agents.report.statements import Token, Unreadable, read_tokens
from agents.report.vocabulary import VOCABULARY, Concept, Unit
from agents.report.writer import Draft
from core.types import Outcome, Provenance, Sentence

MOST_LENGTH_RATIO: Final = 1.6
"""A wording may be this many times as long as the template sentence."""

_LETTERS: Final = re.compile(r"[A-Za-z0-9 ,.:;'’()%–—-]+")
_INNER_STOP: Final = re.compile(r"\.(?!\d)")
_SHOUTED: Final = re.compile(r"\b[A-Z]{2,}\b|[,;:]{2}|--|  ")
_WORD: Final = re.compile(r"[a-z]+(?:-[a-z]+)*")
_OPERATORS: Final = (Concept.NEGATION, Concept.OUTSIDE, Concept.ONLY)
_FINDINGS: Final = (Concept.MANIPULATED, Concept.SYNTHETIC)
_PREDICATES: Final = {
    Concept.SCORE,
    Concept.FINDING,
    Concept.LEVEL,
    Concept.HOLDING,
    Concept.LYING,
    Concept.FAILED,
    Concept.ENDING,
}


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
    """All figures are there, but one of them says something else."""
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
    """Why `text` may not stand for the fact; None when every part of it follows from the fact."""
    if fact.key.startswith("measured."):
        return Refusal.FIGURE_ROLE  # a value and the ends of its range share a unit: a swap would pass unseen
    if not _is_plain(fact, text):
        return Refusal.FORM
    added = set(_WORD.findall(text.replace("’", "'").lower())) - set(_WORD.findall(fact.text.lower()))
    for reason, barred in VOCABULARY.barred.items():
        if added & barred:
            return Refusal(reason)
    try:
        said, owed = read_tokens(text), read_tokens(fact.text)
    except Unreadable:
        return Refusal.FIGURE_NEW
    return (
        _check_hedges(said, owed)
        or _check_figures(said, owed)
        or _check_contents(fact, said, owed)
        or _check_operators(said, owed)
        or _check_finding(fact, said, owed)
        or (None if figures_keep_their_roles(fact, said, owed) else Refusal.FIGURE_ROLE)
        or (Refusal.FORM if _repeats_itself(said, owed) or not _is_sentence(said) else None)
    )


def _is_plain(fact: Fact, text: str) -> bool:
    """One sentence, of plain characters, not shouted, not longer than it needs to be."""
    return (
        0 < len(text) <= MOST_LENGTH_RATIO * len(fact.text)
        and _LETTERS.fullmatch(text) is not None
        and text.endswith(".")
        and (text[0].isupper() or text[0].isdigit())
        and _INNER_STOP.search(text[:-1]) is None
        and text.count("(") == text.count(")")
        and _SHOUTED.search(text) is None
    )


def _check_hedges(said: Sequence[Token], owed: Sequence[Token]) -> Refusal | None:
    allowed = {token.text for token in owed}
    return Refusal.HEDGE if any(token.text in VOCABULARY.hedges - allowed for token in said) else None


def _check_figures(said: Sequence[Token], owed: Sequence[Token]) -> Refusal | None:
    ours, theirs = (Counter(token.figure for token in tokens if token.figure) for tokens in (owed, said))
    if theirs - ours:
        return Refusal.FIGURE_NEW
    return Refusal.FIGURE_MISSING if ours - theirs else None


def _check_contents(fact: Fact, said: Sequence[Token], owed: Sequence[Token]) -> Refusal | None:
    """Nothing new is said, and nothing essential is left out."""
    theirs, ours = _concepts(fact, said), _concepts(fact, owed)
    for concept in sorted(theirs - ours - _addable(fact, owed)):
        return _refusal_for(concept)
    droppable = set(VOCABULARY.droppable)
    if fact.key not in ("alone", "weakest.alone"):
        droppable.add(Concept.ALONE)
    if Concept.THRESHOLD in theirs and fact.key.startswith("verdict."):
        droppable |= {Concept.ABOVE, Concept.BELOW}
    for concept in sorted(ours - theirs - droppable):
        return Refusal.POLARITY if concept in VOCABULARY.outcomes else Refusal.CONTENT_MISSING
    return None


def _concepts(fact: Fact, tokens: Sequence[Token]) -> set[str]:
    found = {token.concept for token in tokens if token.concept}
    if fact.key == "alone":
        found = {Concept.ALONE if concept == Concept.ONLY else concept for concept in found}
    return found


def _addable(fact: Fact, owed: Sequence[Token]) -> set[str]:
    """Concepts that a wording may add, because what they say is in the fact without the word."""
    addable = set(VOCABULARY.addable)
    if fact.asserts is not None:
        addable.add(Concept.SCORE)
    if fact.asserts is Outcome.FAKE:
        addable.add(Concept.FLAG)
    if fact.key.startswith("verdict."):
        addable |= {Concept.THRESHOLD, Concept.BECAUSE}
    if fact.key.endswith(".unscored") or fact.key == "unexamined.masked":
        addable.add(Concept.BECAUSE)
    if fact.key.startswith(("shares", "spectrogram", "heatmap")):
        addable |= {Concept.HOLDING, Concept.FREQUENCY}
    if any(token.figure and token.figure.unit in (Unit.CLOCK, Unit.SECONDS, Unit.HERTZ) for token in owed):
        addable |= {Concept.JOINER, Concept.BETWEEN, Concept.STRETCH}
    return addable


def _refusal_for(concept: str) -> Refusal:
    if concept in VOCABULARY.regions:
        return Refusal.REGION
    if concept in VOCABULARY.modalities:
        return Refusal.MODALITY
    if concept in VOCABULARY.outcomes:
        return Refusal.POLARITY
    return Refusal.NEGATION if concept == Concept.NEGATION else Refusal.CONTENT_NEW


def _check_operators(said: Sequence[Token], owed: Sequence[Token]) -> Refusal | None:
    """Words that turn the meaning of what follows turn the same thing as in the fact."""
    for operator in _OPERATORS:
        theirs, ours = _operands(operator, said), _operands(operator, owed)
        may_go = operator == Concept.ONLY and (not theirs or any(token.concept == Concept.ALONE for token in owed))
        if theirs != ours and not may_go:
            return Refusal.NEGATION if operator == Concept.NEGATION else Refusal.FIGURE_ROLE
    return None


def _operands(operator: str, tokens: Sequence[Token]) -> Counter[object]:
    """What each use of an operator applies to: the next figure or word that carries meaning, before any mark.

    "No, evidence was found" is not "no evidence was found".
    """
    found: Counter[object] = Counter()
    for place, token in enumerate(tokens):
        if token.concept == operator:
            phrase = takewhile(lambda each: each.figure or each.is_word, tokens[place + 1 :])
            meant = (each.figure or each.concept for each in phrase)
            found[next((each for each in meant if each and each not in (Concept.FINDING, Concept.LEVEL)), None)] += 1
    return found


def _check_finding(fact: Fact, said: Sequence[Token], owed: Sequence[Token]) -> Refusal | None:
    """The finding that the fact asserts is stated once, and no other."""
    if fact.asserts in (None, Outcome.INCONCLUSIVE) and _outcomes(said) != _outcomes(owed):
        return Refusal.POLARITY
    theirs, ours = (sum(token.concept in _FINDINGS for token in tokens) for tokens in (said, owed))
    match fact.asserts:
        case None:
            stated = True
        case Outcome.FAKE:
            stated = theirs <= ours and _is_scored_as_found(said)
        case Outcome.REAL:
            stated = theirs == 1 and _finds_no_evidence(said)
        case _:
            stated = theirs <= ours and sum(token.concept == Concept.INCONCLUSIVE for token in said) == 1
    return None if stated else Refusal.POLARITY


def _outcomes(tokens: Sequence[Token]) -> list[str]:
    """Findings and their contraries as they are named, in order."""
    contrary = VOCABULARY.barred[Refusal.POLARITY]
    return [
        token.concept or token.text
        for token in tokens
        if token.concept in VOCABULARY.outcomes or token.text in contrary
    ]


def _is_scored_as_found(said: Sequence[Token]) -> bool:
    """`scores … as manipulated`: a score is reported, and no more certainty is claimed than that."""
    for place, token in enumerate(said):
        if token.concept in _FINDINGS:
            before = said[max(0, place - 5) : place]
            verbs = [at for at, each in enumerate(before) if each.text in VOCABULARY.scored_as]
            between = before[verbs[-1] + 1 :] if verbs else ()
            fits = all(each.figure or each.text in ("as", "at", "being", "with", "of") for each in between)
            if fits and any(each.text == "as" for each in between):
                return True
    return False


def _finds_no_evidence(said: Sequence[Token]) -> bool:
    """`no evidence of manipulation`, in this order and with no mark and nothing that carries meaning in between."""
    meant = [token.concept or token.text for token in said if token.text not in VOCABULARY.neutral]
    return any(
        (first, second) == (Concept.NEGATION, Concept.EVIDENCE) and third in _FINDINGS
        for first, second, third in zip(meant, meant[1:], meant[2:], strict=False)
    )


def _repeats_itself(said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """A word of one meaning is used about as often as the fact uses it."""
    ours, theirs = (Counter(token.concept for token in tokens if token.concept) for tokens in (owed, said))
    return any(count > max(1, ours[each] + (each in VOCABULARY.repeatable)) for each, count in theirs.items())


def _is_sentence(said: Sequence[Token]) -> bool:
    """Articles are followed by what they belong to, nothing dangles, and something is said of something."""
    auxiliaries, prepositions = VOCABULARY.auxiliaries, VOCABULARY.prepositions
    spoken = [token for token in said if token.is_word or token.figure]
    if said[0].text in auxiliaries or not spoken or spoken[-1].text in VOCABULARY.neutral - VOCABULARY.closing:
        return False
    if said[-1].text in (",", ";", ":", "(", "-", "–", "—"):
        return False
    for token, following in pairwise(said):
        is_owned = following.figure is not None or following.concept not in (None, Concept.NEGATION)
        if (
            (token.is_word and token.text == following.text)
            or (token.text in prepositions and following.text in prepositions | auxiliaries | VOCABULARY.never_governed)
            or (token.text in auxiliaries and following.text in auxiliaries)
            or (token.text in VOCABULARY.articles and not is_owned)
        ):
            return False
    for place, token in enumerate(said):
        if token.text in VOCABULARY.need_as and "as" not in [each.text for each in said[place + 1 : place + 4]]:
            return False
    return any(
        token.text in auxiliaries or token.concept in _PREDICATES or (token.concept or "").startswith("=")
        for token in said
    )
