"""Phrases over words: a small grammar, read once, and a matcher that looks words up.

    fake            the word itself             fak*, un*ed     a word that begins so (and ends so)
    _  #  ####      any word, number, year      ..3  ...        up to three words of any kind, any number of words
    (a|b c|d*)      one of these                [a|b c]         one of these, or nothing
    ^  $            the beginning, the end      <name>          one of the phrases listed under that name
    !(a|b)          none of these here          &(... a)        one of these here, and go on from here
    !<(a|b)         none of these right before  \\[              the mark itself

Matching takes time of the order of words times phrases that a word begins, whatever the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

MOST_WORDS: Final = 200
"""Of a text that is matched; what follows is not read."""
_TOKEN: Final = re.compile(r"[\w]+|[^\w\s'’‘`´-]")
_SYMBOL: Final = re.compile(r"\\.|!<\(|[!&]?\(|[()|]|\[|\]|<\w[\w.]*>|\.\.\.|\.\.\d+|[^\s()|\[\]]+")

Tokens = Sequence[str]


def split_words(text: str) -> list[str]:
    """Words and marks; hyphens and apostrophes part words."""
    return _TOKEN.findall(text)[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `prefix` alone, or, if `is_open`, any that begins with it and ends with `suffix`."""

    prefix: str
    suffix: str = ""
    is_open: bool = False

    def fits(self, token: str) -> bool:
        if not self.is_open:
            return token == self.prefix
        is_long_enough = len(token) >= len(self.prefix) + len(self.suffix)
        return is_long_enough and token.startswith(self.prefix) and token.endswith(self.suffix)

    def advance(self, tokens: Tokens, places: set[int]) -> set[int]:
        return {place + 1 for place in places if place < len(tokens) and self.fits(tokens[place])}


@dataclass(frozen=True, slots=True)
class Gap:
    """Between no and `most` words of any kind, or as many as there are."""

    most: int | None

    def advance(self, tokens: Tokens, places: set[int]) -> set[int]:
        if self.most is None:
            return set(range(min(places), len(tokens) + 1))
        return {end for place in places for end in range(place, min(place + self.most, len(tokens)) + 1)}


@dataclass(frozen=True, slots=True)
class Kind:
    """One word, or a place, of a kind."""

    holds: Callable[[Tokens, int], bool]
    length: int

    def advance(self, tokens: Tokens, places: set[int]) -> set[int]:
        return {place + self.length for place in places if self.holds(tokens, place)}


@dataclass(frozen=True, slots=True)
class Look:
    """Goes on from where one of the phrases begins, or where none does."""

    phrases: Phrases
    is_barred: bool
    is_behind: bool = False

    def advance(self, tokens: Tokens, places: set[int]) -> set[int]:
        return {place for place in places if self._holds(tokens, place) is not self.is_barred}

    def _holds(self, tokens: Tokens, place: int) -> bool:
        if not self.is_behind:
            return bool(self.phrases.advance(tokens, {place}))
        return any(place in self.phrases.advance(tokens, {start}) for start in range(max(0, place - 3), place))


_KINDS: Final[dict[str, Kind]] = {
    "_": Kind(lambda tokens, place: place < len(tokens) and tokens[place][0].isalnum(), 1),
    "#": Kind(lambda tokens, place: place < len(tokens) and tokens[place][0].isdecimal(), 1),
    "####": Kind(
        lambda tokens, place: place < len(tokens) and tokens[place].isdecimal() and len(tokens[place]) == 4, 1
    ),
    "^": Kind(lambda _, place: place == 0, 0),
    "$": Kind(lambda tokens, place: not any(token[0].isalnum() for token in tokens[place:]), 0),
}


@dataclass(slots=True)
class _Index:
    """Phrases by number, under the words that they begin with."""

    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_beginning: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lengths: list[int] = field(default_factory=list)
    """Of the beginnings, short ones first."""
    anywhere: list[int] = field(default_factory=list)


class Phrases:
    """Phrases of which any may be meant, found by the words that they begin with."""

    def __init__(self, phrases: Iterable[Steps] = (), *, is_optional: bool = False) -> None:
        """`is_optional`: whether a text may go on without any of them."""
        self._phrases = [*phrases]
        self._labels: list[str] = []
        self._is_optional = is_optional

    def add(self, written: Iterable[str], named: dict[str, Phrases], label: str = "") -> Phrases:
        """Read phrases of a label. Raises: ValueError for one not of the grammar, or naming a list not there."""
        for phrase in written:
            symbols = _SYMBOL.findall(phrase)
            if symbols:
                self._phrases += _read(iter([*symbols, ")"]), named, phrase)
        self._labels += [label] * (len(self._phrases) - len(self._labels))
        return self

    @cached_property
    def _index(self) -> _Index:
        """Made when it is first needed: lists may name lists that are read later."""
        made = _Index()
        for number, steps in enumerate(self._phrases):
            firsts = _first_words(steps)
            if firsts is None:
                made.anywhere.append(number)
            for word in firsts or ():
                (made.by_beginning if word.is_open else made.by_word)[word.prefix].append(number)
        made.lengths = sorted({len(beginning) for beginning in made.by_beginning})
        return made

    def first_words(self, after: Steps) -> set[Word] | None:
        """The words that phrases, and what follows them if they are optional, begin with; None if any may begin."""
        found: set[Word] = set()
        for steps in (*self._phrases, *([after] if self._is_optional else [])):
            firsts = _first_words(steps)
            if firsts is None:
                return None
            found |= firsts
        return found

    def advance(self, tokens: Tokens, places: set[int]) -> set[int]:
        """Where phrases end that begin at one of the places."""
        if not places:
            return places
        ends = set(places) if self._is_optional else set[int]()
        for number, begun in self._starts(tokens, places).items():
            ends |= self._ends(number, tokens, begun)
        return ends

    def _starts(self, tokens: Tokens, places: set[int]) -> dict[int, set[int]]:
        """By number, the phrases that may begin at one of the places, and where."""
        index = self._index
        starts = dict.fromkeys(index.anywhere, places)
        for place in places:
            if place < len(tokens):
                token = tokens[place]
                for number in index.by_word.get(token, ()):
                    starts.setdefault(number, set()).add(place)
                for length in index.lengths:
                    if length > len(token):
                        break
                    for number in index.by_beginning.get(token[:length], ()):
                        starts.setdefault(number, set()).add(place)
        return starts

    def _ends(self, number: int, tokens: Tokens, places: set[int]) -> set[int]:
        for step in self._phrases[number]:
            if not places:
                break
            places = step.advance(tokens, places)
        return places

    def find(self, tokens: Tokens, barred: frozenset[str] = frozenset()) -> str | None:
        """The label, not a barred one, of the first phrase in the order of adding that is anywhere in the text."""
        starts = self._starts(tokens, set(range(len(tokens) + 1)))
        numbers = (number for number in sorted(starts) if self._labels[number] not in barred)
        return next((self._labels[number] for number in numbers if self._ends(number, tokens, starts[number])), None)

    def are_in(self, tokens: Tokens) -> bool:
        """Whether any of the phrases is anywhere in the text."""
        return self.find(tokens) is not None

    def are_all_of(self, tokens: Tokens) -> bool:
        """Whether the text is one of the phrases, and nothing else."""
        return len(tokens) in self.advance(tokens, {0})

    def spans(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Where phrases stand, the longest at each place."""
        for place in range(len(tokens)):
            if ends := self.advance(tokens, {place}) - {place}:
                yield place, max(ends)

    def without(self, tokens: Tokens, instead: Sequence[str] = ()) -> list[str]:
        """The text with each of the phrases replaced."""
        left, place, found = list[str](), 0, dict(self.spans(tokens))
        while place < len(tokens):
            left += instead if place in found else [tokens[place]]
            place = found.get(place, place + 1)
        return left


Step = Word | Gap | Kind | Look | Phrases
Steps = tuple[Step, ...]


def _first_words(steps: Steps) -> set[Word] | None:
    """The words that a phrase may begin with; None if it may begin with any, or be of no word."""
    for place, step in enumerate(steps):
        match step:
            case Word(prefix=prefix) if prefix:
                return {step}
            case Phrases():
                return step.first_words(steps[place + 1 :])
            case Look() | Kind(length=0):
                continue
            case _:
                return None
    return None


def _read(symbols: Iterator[str], named: dict[str, Phrases], phrase: str) -> Iterator[Steps]:
    """The alternatives up to the closing bracket."""
    steps: list[Step] = []
    for symbol in symbols:
        match symbol:
            case ")" | "]":
                yield tuple(steps)
                return
            case "|":
                yield tuple(steps)
                steps = []
            case "(" | "[" | "!(" | "!<(" | "&(":
                inner = Phrases(_read(symbols, named, phrase), is_optional=symbol == "[")
                steps.append(inner if symbol in "([" else Look(inner, symbol != "&(", symbol == "!<("))
            case _:
                steps.append(_word(symbol, named, phrase))
    raise ValueError(f"a bracket is not closed: {phrase}")


def _word(symbol: str, named: dict[str, Phrases], phrase: str) -> Word | Gap | Kind | Phrases:
    if symbol in _KINDS:
        return _KINDS[symbol]
    if symbol.startswith(".."):
        return Gap(None if symbol == "..." else int(symbol[2:]))
    if symbol.startswith("<") and symbol.endswith(">"):
        if symbol[1:-1] not in named:
            raise ValueError(f"no list is called {symbol}: {phrase}")
        return named[symbol[1:-1]]
    prefix, star, suffix = symbol.removeprefix("\\").partition("*")
    return Word(prefix, suffix, bool(star))
