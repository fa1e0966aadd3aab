"""The words of a text, and where the phrases of the vocabulary stand among them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from agents.instructions.vocabulary import load_vocabulary

MOST_WORDS: Final = 250
"""Words that are read of a text; an instruction is shorter, and reading must end in time."""
MOST_LETTERS: Final = 4000
REACH: Final = 14
"""How many words may lie between a word and what is said of it."""
_WORD: Final = re.compile(
    r"\d+(?::\d\d){1,3}(?:[.,]\d+)?(?![\d:])|\d+(?:[.,]\d+)?"  # a clock (of frames, too), a number
    r"|[\u0900-\u097f]+|[\u3040-\u30ff\u3400-\u9fff]"  # Devanagari words; Chinese and Japanese, sign by sign
    r"|[^\W\d_]+'(?:t|s|re|ve|ll|m|d)(?!\w)|[^\W\d_]+'(?=[^\W\d_])|[^\W\d_]+"  # don't; l' and qu'
    r"|(?<![^\W\d_])[-–—~]+|[-–—~]+(?![^\W\d_])|->|→|[^\w\s'-]"  # a dash unless it joins two words; other marks
)
STOPS: Final = frozenset(".;!?。！？؟।…")
BREAKS: Final = STOPS | frozenset(",:()、，،-–—")
_DENIES: Final = ("include", "small", "only", "focus", "denial")
_COVERED_BY: Final = {
    **dict.fromkeys(("negation", "never", "only", "without", "lesser"), _DENIES),
    **dict.fromkeys(("clause", "everything"), ("without", "include", "only", "granted_before")),
}
"""Longer phrases that take words with them: there is no "only" in "not only", and no "but" in "everything but"."""


@dataclass(slots=True)
class Text:
    """The words of a text, and by category the places where phrases of the vocabulary stand."""

    words: Sequence[str]
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    _ends: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    _starts: dict[tuple[str, int], int] = field(default_factory=dict)
    _breaks: list[int] = field(default_factory=list)

    def add(self, category: str, start: int, end: int) -> None:
        self.spans[category].append((start, end))
        self._ends[category, end].append(start)
        self._starts[category, start] = max(end, self._starts.get((category, start), 0))

    def has(self, categories: str) -> bool:
        return any(self.spans[name] for name in categories.split())

    def starting(self, category: str, place: int) -> int | None:
        """Where the longest phrase ends that begins there."""
        return self._starts.get((category, place))

    def ending(self, category: str, place: int) -> Sequence[int]:
        """Where the phrases begin that end there."""
        return self._ends.get((category, place), ())

    def within(self, categories: str, start: int, end: int) -> int | None:
        """Where the first phrase of any of the categories begins that lies between."""
        found = (one for name in categories.split() for one, other in self.spans[name] if start <= one and other <= end)
        return min(found, default=None)

    def before(self, category: str, place: int, over: str, floor: int) -> list[int]:
        """Where phrases begin that end right before the place, or with nothing but `over` in between."""
        found = (start for here in self.backwards(place, over, floor) for start in self.ending(category, here))
        return [start for start in found if start >= floor]

    def backwards(self, place: int, over: str, floor: int) -> list[int]:
        """The place, and those before it with nothing but phrases of these categories in between."""
        names, reached = over.split(), [place]
        for here in reached:
            marks = [here - 1] if here and self.words[here - 1][-1] in "'\"„“”«»-" else []
            for there in (*marks, *(start for name in names for start in self.ending(name, here))):
                if there not in reached and there >= max(floor, place - REACH):
                    reached.append(there)
        return reached

    def forwards(self, place: int, over: str, ceiling: int) -> list[int]:
        """The place, and those after it with nothing but marks and phrases of these categories in between."""
        names, reached = over.split(), [place]
        for here in reached:
            marks = [here + 1] if here < len(self.words) and not self.words[here][0].isalnum() else []
            for there in (*marks, *(self._starts.get((name, here), -1) for name in names)):
                if there > here and there not in reached and there <= min(ceiling, place + REACH):
                    reached.append(there)
        return reached

    def clause(self, place: int) -> tuple[int, int]:
        """Where the clause around a place begins and ends."""
        if not self._breaks:
            self._breaks = [-1, *filter(self.is_break, range(len(self.words))), len(self.words)]
        at = bisect_left(self._breaks, place)
        return self._breaks[at - 1] + 1, self._breaks[at]

    def is_break(self, place: int) -> bool:
        return self.words[place] in BREAKS or self.starting("clause", place) == place + 1

    def ends_clause(self, category: str, place: int) -> bool:
        """Whether a phrase of the category begins there and is the last of its clause."""
        end = self.starting(category, place)
        if end is None or end >= len(self.words):
            return end is not None
        return self.is_break(end) or self.starting("join", end) is not None

    def sentence_end(self, place: int) -> int:
        return next((at for at in range(place, len(self.words)) if self.words[at] in STOPS), len(self.words))


def read_text(words: str, language: str = "") -> Text:
    """The words of a plain text and what the vocabulary knows of them: of one language, or of all if none is named.

    Turns of phrase that name eyes or voices and mean none are taken out first.
    """
    vocabulary = load_vocabulary(language)
    written = _WORD.findall(words[:MOST_LETTERS].replace("w/o ", "without "))[:MOST_WORDS]
    kept, past = list[str](), 0
    for start, end in sorted((start, end) for _, start, end in vocabulary.find(written, idioms=True)):
        kept.extend(written[past : max(start, past)])
        past = max(end, past)
    text = Text([*kept, *written[past:]])
    longest: dict[tuple[str, int], int] = {}
    for name, start, end in sorted(vocabulary.find(text.words), key=lambda span: span[1] - span[2]):
        if all(longest.get((each, start), 0) <= end - start for each in _COVERED_BY.get(name, ())):
            text.add(name, start, end)
            for place in range(start, end):
                longest.setdefault((name, place), end - start)
    return text


def respell(text: Text) -> str | None:
    """The text with words one slip away from a known one put right; None when there is nothing to put right."""
    read = {text.words[start] for spans in text.spans.values() for start, end in spans if end - start == 1}
    unread = set(text.words) - load_vocabulary().not_misspelt - read
    better = {word: meant for word in unread if (meant := _meant(word))}
    return " ".join(better.get(word, word) for word in text.words) if better else None


def _meant(word: str) -> str | None:
    """The known word one slip away; never in its first letter, and in a short word only a swap."""
    known = (each for each in load_vocabulary().misspelt if len(word) >= 4 and word[0] == each[0])
    near = (each for each in known if len(each) >= 5 or sorted(word) == sorted(each))
    return next((each for each in near if OSA.distance(word, each, score_cutoff=1) == 1), None)
