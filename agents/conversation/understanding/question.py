"""What a question names: a moment, a face, a part, a region, a file, a term. Code reads them, never a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from agents.conversation.understanding.phrasebook import load_phrasebook
from agents.conversation.understanding.phrases import Phrases, Tokens, split_words
from agents.instructions import find_range, find_second, mentions_picture, mentions_sound, plain
from core.types import Modality, TimeRange


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


_CLOCK: Final = re.compile(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?![\d:])")
_SECOND: Final = r"(?:s|secs?|seconds?|sek|sekunden?|secondes?|segundos?|second[oi]|seconden|sekund\w*|segs?)"
_SECONDS: Final = re.compile(rf"(?<![\d.,:])(\d{{1,5}}(?:[.,]\d+)?)(?:st|nd|rd|th|\.|e|eme|a|o)?[- ]?{_SECOND}\b")
_SECOND_FIRST: Final = re.compile(rf"\b{_SECOND} (?:n[or]?\.? ?)?(\d{{1,5}}(?:[.,]\d+)?)\b")
_JOIN: Final = r"\s*(?:-|–|—|to|and|und|bis|a|et|y|e|al|en|tot|do|until)\s*"
_TWO_SECONDS: Final = re.compile(rf"\d\s*(?:{_SECOND})?{_JOIN}\d+\s*{_SECOND}\b|\b(?:{_SECOND})\s+\d+{_JOIN}\d+")


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
    range_s = find_range(text, duration_s) if _names_stretch(words, tokens) else None
    return Question(
        text=text,
        words=words,
        part=_find_part(tokens),
        face=_find_number("face", tokens, takes_one=files <= 1),
        region=_find_first("region", tokens),
        measure=_find_first("measure", tokens),
        moment_s=None if range_s else _find_start(text, words, tokens) or _find_moment(words, tokens, duration_s),
        range_s=range_s,
        file=_find_number("file", tokens, takes_one=files > 1),
        term=_find_first("term", tokens),
        wants_map=book.words["map"].are_in(tokens),
        files=files,
        side=sides[0] if len(sides) == 1 else None,
        asks=frozenset(name for name, phrases in book.listed("asked") if phrases.are_in(tokens)),
    )


def _find_part(tokens: Tokens) -> Modality | None:
    """The part that is named alone, by the words of questions and then by those of instructions."""
    lists = load_phrasebook().words
    meant = lists["contrast"].without(tokens)
    heard, seen = lists["voice"].are_in(meant), lists["face"].are_in(meant)
    if not heard and not seen:
        others = " ".join(meant)
        heard, seen = mentions_sound(others), mentions_picture(others)
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


def _names_stretch(words: str, tokens: Tokens) -> bool:
    """Two points in time, or a stretch by name; a single moment is none."""
    lists = load_phrasebook().words
    clocks = len(_CLOCK.findall(words))
    if clocks:
        return clocks > 1 or lists["bound"].are_in(tokens)
    return _TWO_SECONDS.search(words) is not None or lists["stretch_of_time"].are_in(tokens)


def _find_start(text: str, words: str, tokens: Tokens) -> float | None:
    """Where a stretch begins of which nothing lies within the file."""
    named = find_range(text, 0.0) if _names_stretch(words, tokens) else None
    return None if named is None else named.start_s


def _find_moment(words: str, tokens: Tokens, duration_s: float) -> float | None:
    lists = load_phrasebook().words
    if found := _CLOCK.search(words):
        hours, minutes, seconds = found.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + int(seconds)
    if found := _SECONDS.search(words) or _SECOND_FIRST.search(words):
        return float(found.group(1).replace(",", "."))
    if (counted := find_second(words)) is not None:
        return counted
    if lists["early_or_late"].are_in(tokens):
        return None
    if lists["start"].are_in(tokens):
        return 0.0
    return max(0.0, duration_s - 1.0) if duration_s > 0 and lists["end"].are_in(tokens) else None
