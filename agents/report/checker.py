"""Holds every sentence to its evidence: a wording that does not follow from its fact gives way to the template's.

A wording is accepted only if it could be cross-examined like the fact it words: the same figures in the same roles, the
same finding, the same parts and regions, nothing new, nothing essential left out. Any doubt is a refusal: the template
sentence is as good, and a refusal costs a reader nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import Final

from agents.report import vocabulary as words
from agents.report.facts import Fact
from agents.report.figure_roles import figures_keep_their_roles
from agents.report.statements import Token, Unit, Unreadable, read
from agents.report.writer import Draft
from core.types import Outcome, Provenance, Sentence

MOST_LENGTH_RATIO: Final = 1.6
"""A wording may be this many times as long as the template sentence."""

_LETTERS: Final = re.compile(r"[A-Za-z0-9 ,.:;'’()%–—-]+")
_INNER_STOP: Final = re.compile(r"\.(?!\d)")
_OPERATORS: Final = (words.NEGATION, words.OUTSIDE, words.ONLY)
_SKIPPED: Final = frozenset({words.FINDING, words.LEVEL})


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


def ruled(draft: Draft) -> tuple[Sentence, ...]:
    """What may be published of a draft: one sentence a fact, in order."""
    return tuple(each.sentence for each in rulings(draft))


def rulings(draft: Draft) -> tuple[Ruling, ...]:
    """The same, with the reason of every refusal."""
    made = []
    for wording in draft.wordings:
        fact, text = wording.fact, " ".join(wording.text.split())
        written_by_model = wording.provenance is Provenance.LLM and text != fact.text
        refusal = refusal_of(fact, text) if written_by_model else None
        kept = written_by_model and refusal is None
        sentence = Sentence(
            text=text if kept else fact.text,
            citations=fact.citations,
            provenance=Provenance.LLM if kept else Provenance.TEMPLATE,
        )
        made.append(Ruling(sentence, refusal))
    return tuple(made)


def tally(made: Sequence[Ruling]) -> Counter[Refusal]:
    """How often each reason was met."""
    return Counter(each.refusal for each in made if each.refusal is not None)


def refusal_of(fact: Fact, text: str) -> Refusal | None:
    """Why `text` may not stand for the fact; None when every part of it follows from the fact."""
    if not _is_plain(fact, text):
        return Refusal.FORM
    own = set(re.findall(r"[a-z]+(?:-[a-z]+)*", fact.text.lower()))
    said = set(re.findall(r"[a-z]+(?:-[a-z]+)*", text.replace("’", "'").lower())) - own
    for barred, refusal in (
        (words.INSTRUCTIONS, Refusal.INSTRUCTION),
        (words.ACCUSATIONS, Refusal.ACCUSATION),
        (words.CONTRARY, Refusal.POLARITY),
        (words.CERTAINTIES, Refusal.CERTAINTY),
        (words.VAGUE_QUANTITIES, Refusal.FIGURE_NEW),
    ):
        if said & barred:
            return refusal
    try:
        told, known = read(text), read(fact.text)
    except Unreadable:
        return Refusal.FIGURE_NEW
    return (
        _hedged(told, known)
        or _figures(told, known)
        or _contents(fact, told, known)
        or _operators(told, known)
        or _polarity(fact, told, known)
        or (None if figures_keep_their_roles(fact, told, known) else Refusal.FIGURE_ROLE)
        or (Refusal.FORM if _repeats_itself(told, known) or not _reads_as_a_sentence(told) else None)
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
        and not re.search(r"\b[A-Z]{2,}\b|[,;:]{2}|--|  ", text)
    )


def _hedged(told: Sequence[Token], known: Sequence[Token]) -> Refusal | None:
    allowed = {token.text for token in known}
    return Refusal.HEDGE if any(token.text in words.HEDGES - allowed for token in told) else None


def _figures(told: Sequence[Token], known: Sequence[Token]) -> Refusal | None:
    offered = Counter(token.figure for token in told if token.figure)
    owed = Counter(token.figure for token in known if token.figure)
    if offered - owed:
        return Refusal.FIGURE_NEW
    return Refusal.FIGURE_MISSING if owed - offered else None


def _contents(fact: Fact, told: Sequence[Token], known: Sequence[Token]) -> Refusal | None:
    """Nothing new is said, and nothing essential is left out."""
    said = {token.concept for token in told if token.concept}
    owed = {token.concept for token in known if token.concept}
    if fact.key == "alone":
        said, owed = _as_alone(said), _as_alone(owed)
    for concept in sorted(said - owed - _addable(fact, known)):
        return _refusal_for(concept)
    droppable = set(words.DROPPABLE)
    if fact.key not in ("alone", "weakest.alone"):
        droppable.add(words.ALONE)
    if words.THRESHOLD in said and fact.key.startswith("verdict."):
        droppable |= {words.ABOVE, words.BELOW}
    for concept in sorted(owed - said - droppable):
        return Refusal.POLARITY if concept in words.OUTCOMES else Refusal.CONTENT_MISSING
    return None


def _addable(fact: Fact, known: Sequence[Token]) -> frozenset[str]:
    """Concepts that a wording may add, because what they say is in the fact without the word."""
    addable = set(words.ADDABLE)
    if fact.asserts is not None:
        addable.add(words.SCORE)
    if fact.asserts is Outcome.FAKE:
        addable.add(words.FLAG)
    if fact.key.startswith("verdict."):
        addable |= {words.THRESHOLD, words.BECAUSE}
    if fact.key.endswith(".unscored") or fact.key == "unexamined.masked":
        addable.add(words.BECAUSE)
    if fact.key.startswith(("shares", "spectrogram", "heatmap")):
        addable |= {words.HOLDING, words.FREQUENCY}
    if any(token.figure and token.figure.unit in (Unit.CLOCK, Unit.SECONDS, Unit.HERTZ) for token in known):
        addable |= {words.JOINER, words.BETWEEN, words.STRETCH}
    return frozenset(addable)


def _as_alone(concepts: set[str]) -> set[str]:
    return {words.ALONE if concept == words.ONLY else concept for concept in concepts}


def _refusal_for(concept: str) -> Refusal:
    if concept in words.REGIONS:
        return Refusal.REGION
    if concept in words.MODALITIES:
        return Refusal.MODALITY
    if concept in words.OUTCOMES:
        return Refusal.POLARITY
    return Refusal.NEGATION if concept == words.NEGATION else Refusal.CONTENT_NEW


def _operators(told: Sequence[Token], known: Sequence[Token]) -> Refusal | None:
    """Words that turn the meaning of what follows turn the same thing as in the fact."""
    for operator in _OPERATORS:
        offered, owed = _bound(operator, told), _bound(operator, known)
        if operator == words.ONLY and not offered:
            continue
        if offered != owed and not (operator == words.ONLY and words.ALONE in {token.concept for token in known}):
            return Refusal.NEGATION if operator == words.NEGATION else Refusal.FIGURE_ROLE
    return None


def _bound(operator: str, tokens: Sequence[Token]) -> Counter[object]:
    """What each use of an operator applies to: the next figure or word that carries meaning, before any mark.

    "No, evidence was found" is not "no evidence was found".
    """
    found: Counter[object] = Counter()
    for place, token in enumerate(tokens):
        if token.concept == operator:
            phrase = takewhile(lambda each: each.figure or each.is_word, tokens[place + 1 :])
            meant = (each.figure or each.concept for each in phrase if each.concept not in _SKIPPED)
            found[next((each for each in meant if each), None)] += 1
    return found


def _polarity(fact: Fact, told: Sequence[Token], known: Sequence[Token]) -> Refusal | None:
    """The finding that the fact asserts is stated once, and no other."""
    if fact.asserts in (None, Outcome.INCONCLUSIVE) and _outcomes(told) != _outcomes(known):
        return Refusal.POLARITY
    if fact.asserts is None:
        return None
    findings = (words.MANIPULATED, words.SYNTHETIC)
    offered = sum(token.concept in findings for token in told)
    owed = sum(token.concept in findings for token in known)
    if offered > owed:
        return Refusal.POLARITY
    if fact.asserts is Outcome.FAKE:
        return None if _scored_as(told, findings) else Refusal.POLARITY
    if fact.asserts is Outcome.REAL:
        return None if offered == 1 and _absent(told, findings) else Refusal.POLARITY
    return None if sum(token.concept == words.INCONCLUSIVE for token in told) == 1 else Refusal.POLARITY


def _outcomes(tokens: Sequence[Token]) -> list[str]:
    """Findings and their contraries as they are named, in order."""
    return [
        token.concept or token.text
        for token in tokens
        if token.concept in words.OUTCOMES or token.text in words.CONTRARY
    ]


def _scored_as(told: Sequence[Token], findings: tuple[str, ...]) -> bool:
    """`scores … as manipulated`: a score is reported, and no more certainty is claimed than that."""
    for place, token in enumerate(told):
        if token.concept in findings:
            before = told[max(0, place - 5) : place]
            verbs = [at for at, each in enumerate(before) if each.text in words.SCORED_AS]
            between = before[verbs[-1] + 1 :] if verbs else ()
            fits = all(each.figure or each.text in ("as", "at", "being", "with", "of") for each in between)
            if verbs and fits and any(each.text == "as" for each in between):
                return True
    return False


def _absent(told: Sequence[Token], findings: tuple[str, ...]) -> bool:
    """`no evidence of manipulation`, in this order and with no mark and nothing that carries meaning in between."""
    meant = [token.concept or token.text for token in told if token.text not in words.NEUTRAL]
    return any(
        (first, second) == (words.NEGATION, words.EVIDENCE) and third in findings
        for first, second, third in zip(meant, meant[1:], meant[2:], strict=False)
    )


def _repeats_itself(told: Sequence[Token], known: Sequence[Token]) -> bool:
    """A word of one meaning is used about as often as the fact uses it."""
    owed = Counter(token.concept for token in known if token.concept)
    offered = Counter(token.concept for token in told if token.concept)
    return any(count > max(1, owed[concept] + (concept in words.REPEATABLE)) for concept, count in offered.items())


def _reads_as_a_sentence(told: Sequence[Token]) -> bool:
    """Articles are followed by what they belong to, nothing dangles, and something is said of something."""
    if told[0].text in words.AUXILIARIES:
        return False
    spoken = [token for token in told if token.is_word or token.figure]
    if not spoken or spoken[-1].text in words.DANGLING or told[-1].text in (",", ";", ":", "(", "-", "–", "—"):
        return False
    for token, following in pairwise(told):
        if token.is_word and token.text == following.text:
            return False
        if token.text in words.PREPOSITIONS and following.text in words.NEVER_GOVERNED:
            return False
        if token.text in words.AUXILIARIES and following.text in words.AUXILIARIES:
            return False
        owned = following.figure is not None or following.concept not in (None, words.NEGATION)
        if token.text in words.ARTICLES and not owned:
            return False
    for place, token in enumerate(told):
        if token.text in words.NEED_AS and "as" not in [each.text for each in told[place + 1 : place + 4]]:
            return False
    return any(
        token.text in words.AUXILIARIES
        or token.concept in (words.SCORE, words.FINDING, words.LEVEL, words.HOLDING, "lying", "failed", "ending")
        or (token.concept or "").startswith("=")
        for token in told
    )
