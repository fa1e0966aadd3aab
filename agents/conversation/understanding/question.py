"""What a question names: a moment, a face, a part, a region, a file, a term. Code reads them, never a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.distance import OSA

from agents.conversation.understanding.language import find_language
from agents.conversation.understanding.phrasebook import load_phrasebook
from agents.conversation.understanding.phrases import Phrases, Tokens, split_words
from agents.instructions import find_mentioned, find_second, find_stretch, plain
from core.types import Modality, TimeRange

_LONG_WORD: Final = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what code found in it. Times are of one file, since "the end" is somewhere else in each."""

    text: str
    words: str
    """Lower case, without accents."""
    part: Modality | None = None
    """Named alone; None when neither or both are."""
    face: int | None = None
    region: str | None = None
    measure: str | None = None
    """Of the sound: one of `AcousticMeasure`, or `acoustics` for all of them."""
    moment_s: float | None = None
    range_s: TimeRange | None = None
    file: int | None = None
    term: str | None = None
    wants_map: bool = False
    files: int = 1
    """How many the conversation is about."""
    side: str | None = None
    """Of the picture on which a face is that is meant."""
    asks: frozenset[str] = frozenset()
    """What the words turn on, by the lists `asked.*` of the phrase files: whether fake or genuine, which change."""

    @property
    def has_time(self) -> bool:
        return self.moment_s is not None or self.range_s is not None

    def carry(self, before: Question) -> Question:
        """This question with what it leaves open taken from another; a face or a part of its own stands alone."""
        names_own = self.part is not None or self.face is not None or self.side is not None
        kept = self if names_own else before
        return replace(
            self,
            part=kept.part,
            face=kept.face,
            side=kept.side,
            region=self.region or (None if names_own else before.region),
            file=self.file or before.file,
            term=self.term or before.term,
            moment_s=self.moment_s if self.has_time else before.moment_s,
            range_s=self.range_s if self.has_time else before.range_s,
        )


def read_question(text: str, duration_s: float = 0.0, files: int = 1) -> Question:
    """What the question names.

    Args:
        duration_s: of the file that it is asked about; 0 when unknown, then "the end" names no moment.
        files: how many the conversation is about; of several, "the second one" is a file, of one a face.
    """
    book = load_phrasebook()
    words = plain(" ".join(text.split()))
    tokens = split_words(words)
    sides = [name for name, phrases in book.listed("side") if phrases.are_in(tokens)]
    range_s, moment_s = _find_time(text, tokens, duration_s)
    return Question(
        text=text,
        words=words,
        part=_find_part(tokens) or _find_part(split_words(correct_slips(words))),
        face=_find_number("face", tokens, takes_one=files <= 1),
        region=_find_first("region", tokens),
        measure=_find_first("measure", tokens),
        moment_s=moment_s,
        range_s=range_s,
        file=_find_number("file", tokens, takes_one=files > 1),
        term=_find_first("term", tokens),
        wants_map=book.words["map"].are_in(tokens),
        files=files,
        side=sides[0] if len(sides) == 1 else None,
        asks=frozenset(name for name, phrases in book.listed("asked") if phrases.are_in(tokens)),
    )


def correct_slips(words: str) -> str:
    """The text with each word that is one slip away from a known one read as that; others as they are."""
    return _LONG_WORD.sub(_correct, words)


def _correct(found: re.Match[str]) -> str:
    """The one known word that is a slip away: a letter too many, too few or another, or two neighbours swapped."""
    word, known = found.group(), load_phrasebook().spelled
    near = [each for each in known if OSA.distance(word, each, score_cutoff=1) <= 1] if word not in known else []
    return near[0] if len(near) == 1 else word


def _find_part(tokens: Tokens) -> Modality | None:
    """The part that is named alone, by the words of questions and then by those of instructions."""
    lists = load_phrasebook().words
    meant = lists["contrast"].without(tokens)
    heard, seen = lists["voice"].are_in(meant), lists["face"].are_in(meant)
    if not heard and not seen:
        others = " ".join(meant)
        heard, seen = find_mentioned(others, find_language(others))
    if heard == seen:
        return None
    return Modality.AUDIO if heard else Modality.VISUAL


def _find_first(kind: str, tokens: Tokens) -> str | None:
    """What of a kind is named, by the order of the kind's lists."""
    name = load_phrasebook().kinds[kind].find(tokens)
    return name.replace("_", " ") if name is not None and kind == "region" else name


def _find_number(noun: str, tokens: Tokens, *, takes_one: bool) -> int | None:
    """`face 2`, `the second face`, `Gesicht 2`; None when nothing of that kind is named by a number."""
    book = load_phrasebook()
    nouns = [book.words[f"{noun}_noun"], *([book.words["one"]] if takes_one else [])]

    def after_noun(place: int) -> set[int]:
        return {end for phrases in nouns for end in phrases.advance(tokens, {place})}

    for place in range(len(tokens)):
        for end in after_noun(place):
            number = _number_at(
                tokens, book.words["number_sign"].advance(tokens, {end}) or {end}, book.numbers["number"]
            )
            if number is not None:
                return number
    for value, ordinals in book.numbers["ordinal"].items():
        for start, end in ordinals.spans(tokens):
            follows = after_noun(end) or (end < len(tokens) and after_noun(end + 1))
            leads = any(start in after_noun(place) for place in range(max(0, start - 3), start))
            if follows or leads:
                return value
    return None


def _number_at(tokens: Tokens, places: set[int], spelled: Mapping[int, Phrases]) -> int | None:
    for place in places:
        token = tokens[place] if place < len(tokens) else ""
        if token.isdecimal() and len(token) <= 3 and tokens[place + 1 : place + 2] not in ([":"], ["."]):
            return int(token)
        for value, phrases in spelled.items():
            if phrases.advance(tokens, {place}):
                return value
    return None


def _find_time(text: str, tokens: Tokens, duration_s: float) -> tuple[TimeRange | None, float | None]:
    """A stretch, if two points in time or a stretch by name are named and it lies within the file; else a moment."""
    lists, stretch = load_phrasebook().words, find_stretch(text)
    if stretch is not None and stretch.moment_s is None:
        if range_s := stretch.within(duration_s):
            return range_s, None
        if beyond := stretch.within(0.0):
            return None, beyond.start_s
    moment_s = stretch.moment_s if stretch is not None and stretch.moment_s is not None else find_second(text)
    if moment_s is not None:
        return None, moment_s
    at_end_s = max(0.0, duration_s - 1.0) if duration_s > 0 and lists["end"].are_in(tokens) else None
    return None, 0.0 if lists["start"].are_in(tokens) else at_end_s
