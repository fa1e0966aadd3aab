"""A text as words: lower case, without accents, and where the phrases of the vocabulary stand among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.instructions.folding import split_words
from agents.instructions.vocabulary import Vocabulary

MOST_WORDS: Final = 400
"""Words that are read of a text; an instruction is shorter, and reading must end in time."""
MOST_LETTERS: Final = 6000
REACH: Final = 14
"""How many words may lie between a word and what is said of it."""
_DENIES: Final = frozenset({"include", "small", "only", "focus", "denial"})
_COVERED_BY: Final = {
    **dict.fromkeys(("negation", "never", "only", "without", "lesser"), _DENIES),
    **dict.fromkeys(("clause", "but", "everything"), frozenset({"without", "include", "only", "granted_before"})),
}
"""Longer phrases that take words with them: there is no "only" in "not only", and no "but" in "everything but"."""
STOPS: Final = frozenset(".;!?。！？؟।…\n")
BREAKS: Final = STOPS | frozenset(",:()、，،-–—")


@dataclass(slots=True)
class Text:
    """The words of a text, and by category the places where phrases of the vocabulary stand.

    Args:
        words: as `split_words` gives them.
    """

    words: Sequence[str]
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    _ends: dict[str, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    _starts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def starting(self, category: str, place: int) -> int | None:
        """Where the longest phrase ends that begins there."""
        return self._starts[category].get(place)

    def ending(self, category: str, place: int) -> list[int]:
        """Where the phrases begin that end there."""
        return self._ends[category].get(place, [])

    def within(self, categories: str, start: int, end: int) -> int | None:
        """Where the first phrase of any of the categories begins that lies between."""
        found = (one for name in categories.split() for one, other in self.spans[name] if start <= one and other <= end)
        return min(found, default=None)

    def backwards(self, place: int, over: str, floor: int) -> Iterator[int]:
        """The place, and those before it with nothing but phrases of these categories in between."""
        yield from self._reached(place, over.split(), max(floor, place - REACH), -1)

    def forwards(self, place: int, over: str, ceiling: int) -> Iterator[int]:
        """The place, and those after it with nothing but marks and phrases of these categories in between."""
        yield from self._reached(place, over.split(), min(ceiling, place + REACH), 1)

    def _reached(self, place: int, over: Sequence[str], limit: int, step: int) -> Iterator[int]:
        seen, todo = {place}, [place]
        while todo:
            here = todo.pop()
            yield here
            for there in self._passed(here, over) if step > 0 else self._passed_back(here, over):
                if there not in seen and (there <= limit if step > 0 else there >= limit):
                    seen.add(there)
                    todo.append(there)

    def _passed(self, place: int, over: Sequence[str]) -> Iterable[int]:
        if place < len(self.words) and not self.words[place][0].isalnum():
            yield place + 1
        yield from (end for name in over if (end := self._starts[name].get(place)))

    def _passed_back(self, place: int, over: Sequence[str]) -> Iterable[int]:
        if place and (self.words[place - 1][-1] == "'" or self.words[place - 1] in '-"„“”«»'):
            yield place - 1
        for name in over:
            yield from self._ends[name].get(place, ())

    def add(self, category: str, start: int, end: int) -> None:
        self.spans[category].append((start, end))
        self._ends[category][end].append(start)
        self._starts[category][start] = max(end, self._starts[category].get(start, 0))

    def clause(self, place: int) -> tuple[int, int]:
        """Where the clause around a place begins and ends."""
        start, end = place, place
        while start and not self.is_break(start - 1):
            start -= 1
        while end < len(self.words) and not self.is_break(end):
            end += 1
        return start, end

    def sentence_end(self, place: int) -> int:
        return next((at for at in range(place, len(self.words)) if self.words[at] in STOPS), len(self.words))

    def is_break(self, place: int) -> bool:
        return self.words[place] in BREAKS or self.starting("clause", place) == place + 1


def read_words(words: str, vocabulary: Vocabulary) -> Text:
    """The text with its phrases; turns of phrase that name eyes or voices and mean none are taken out first."""
    written = split_words(words[:MOST_LETTERS])[:MOST_WORDS]
    idioms = sorted((s, e) for name, s, e in vocabulary.find(written, only="idiom"))
    kept, past = [], 0
    for start, end in idioms:
        if end > past:
            kept.extend(written[past : max(start, past)])
            past = end
    text = Text([*kept, *written[past:]])
    found = sorted(vocabulary.find(text.words), key=lambda span: span[1] - span[2])
    for name, start, end in found:
        over = _COVERED_BY.get(name, ())
        if not any(
            one <= start and end <= other and other - one > end - start
            for each in over
            for one, other in text.spans[each]
        ):
            text.add(name, start, end)
    return text
