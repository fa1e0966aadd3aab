"""Stretches of time named in plain words. Code, not a model, reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agents.instructions.text import Text
from core.types import TimeRange

AROUND_S: Final = 3.0
"""A single moment stands for this many seconds to either side."""
_LONG: Final = 1e9
_DASHES: Final = frozenset({"-", "–", "—", "~", "->", "→", "--"})
_ORDINAL: Final = frozenset(
    re.findall(r"\S+", "st nd rd th ieme eme ere er e a o ª º ste de te . й я ю ой ей та ту ої го у η ο ησ")
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch as it was named, before the media's length is known. Seconds from the end where `from_end`.

    `end_s` None reaches to the end. With `from_end`, `start_s` before the end up to `end_s` before the end. `halves`
    counts in halves of the media instead of seconds.
    """

    start_s: float
    end_s: float | None
    from_end: bool = False
    halves: bool = False

    def within(self, duration_s: float) -> TimeRange | None:
        """Clipped to the media; None when none of it lies within, or its length is needed and unknown (0)."""
        if duration_s <= 0 and (self.from_end or self.halves or self.end_s is None):
            return None
        start, end = self.start_s, self.end_s
        if self.halves:
            start, end = start * duration_s / 2, None if end is None else end * duration_s / 2
        if self.from_end:
            start, end = (0.0 if start >= _LONG else duration_s - start), duration_s - (end or 0.0)
        start = max(0.0, start)
        end = duration_s if end is None else min(end, duration_s) if duration_s > 0 else end
        return TimeRange(start_s=start, end_s=end) if end > start else None


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number of seconds or minutes, or a bare number, and where it stands among the words."""

    value: float
    unit_s: float | None
    start: int
    end: int
    is_clock: bool = False
    is_moment: bool = False
    """Written with its unit first: "minute 2"."""

    @property
    def seconds(self) -> float:
        return self.value * (self.unit_s or 1.0)


def find_stretch_among(text: Text) -> Stretch | None:
    """The stretch of the media that the text names."""
    return next(_Reader(text).stretches(), None)


def names_duration(text: Text) -> bool:
    """Whether it is said how long the examination may take, or how long the file is."""
    reader = _Reader(text)
    return any(reader.is_deadline(amount) for amount in reader.amounts())


def find_second_among(text: Text) -> float | None:
    """The moment that a number of seconds names: "the tenth second", "second 10"."""
    reader = _Reader(text)
    named = (amount for amount in reader.amounts() if amount.unit_s == 1.0 and not reader.is_article(amount))
    return next((amount.value for amount in named), None)


class _Reader:
    """Reads the times of one text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._words = text.words
        self._numbers: dict[int, tuple[float, int]] = {}
        for name, spans in text.spans.items():
            if name.startswith("="):
                for start, end in spans:
                    if end > self._numbers.get(start, (0, 0))[1]:
                        self._numbers[start] = float(name[1:]), end

    def stretches(self) -> Iterator[Stretch]:
        """What is named, the clearest first."""
        amounts = [each for each in self.amounts() if not (self.is_deadline(each) or self._is_of_day(each))]
        yield from self._ranges(amounts)
        yield from self._ends_of_media(amounts)
        yield from self._halves()
        yield from self._open_ends(amounts)
        clocks = [each.seconds for each in amounts if each.is_clock]
        if len(clocks) == 2 and clocks[0] < clocks[1]:
            yield Stretch(clocks[0], clocks[1])
        yield from self._moments(amounts)

    def amounts(self) -> Iterator[_Amount]:
        place = 0
        while place < len(self._words):
            amount = self._amount(place)
            if amount is not None and (amount.unit_s is not None or not self.is_article(amount)):
                yield amount
            place = amount.end if amount else place + 1

    def is_article(self, amount: _Amount) -> bool:
        return not self._words[amount.start][0].isdigit() and self._numbers.get(amount.start, (0.0, 0))[0] == 1

    def is_deadline(self, amount: _Amount) -> bool:
        """ "Under 5 seconds", "a 30 second clip", "you have one minute": no time of the media."""
        if amount.unit_s is None or amount.is_clock or self._at("mark", amount.end):
            return False
        after = self._at("deadline_after", amount.end) and not amount.is_moment
        start = amount.start
        while self._text.ending("deadline_filler", start):
            start -= 1
        return bool(after or self._text.ending("deadline_before", start))

    def _amount(self, place: int) -> _Amount | None:
        word = self._words[place]
        if ":" in word and word[0].isdigit():
            parts = [float(part.replace(",", ".")) for part in word.split(":")]
            return _Amount(sum(part * 60**at for at, part in enumerate(reversed(parts))), 1.0, place, place + 1, True)
        unit = self._unit(place)
        if unit is not None:
            counted = self._number(unit[1])
            is_free = counted is not None and self._unit(counted[1]) is None
            if counted and is_free and (self._words[unit[1]][0].isdigit() or counted[0] != 1):
                return _Amount(counted[0], unit[0], place, counted[1], is_moment=True)
        half = self._at("half_a", place)
        if half and (unit := self._unit(half)):
            return _Amount(0.5, unit[0], place, unit[1])
        counted = self._number(place)
        if counted is None or word[0] == "-":
            return None
        value, end = counted
        unit = self._unit(end)
        if unit is None:
            return _Amount(value, None, place, end)
        unit_s, end = unit
        seconds = value * unit_s
        if unit_s > 1:
            if added := self._at("and_half", end):
                return _Amount(seconds + unit_s / 2, 1.0, place, added, True)
            joined = self._at("join", end) or end
            more = self._number(joined)
            if more and (smaller := self._unit(more[1])) and smaller[0] < unit_s:
                return _Amount(seconds + more[0] * smaller[0], 1.0, place, smaller[1], True)
            if more and joined == end and more[0] < 60 and not self._unit(more[1]):
                return _Amount(seconds + more[0] * unit_s / 60, 1.0, place, more[1], True)
        return _Amount(value, unit_s, place, end)

    def _unit(self, place: int) -> tuple[float, int] | None:
        found = (
            (unit_s, self._at(name, place)) for name, unit_s in (("second", 1.0), ("minute", 60.0), ("hour", 3600.0))
        )
        return next(((unit_s, end) for unit_s, end in found if end), None)

    def _number(self, place: int) -> tuple[float, int] | None:
        """A number in digits or words, of tens and ones in either order, and where it ends."""
        if place >= len(self._words):
            return None
        word = self._words[place]
        if word[0].isdigit():
            if ":" in word:
                return None
            end = place + 1
            if (end < len(self._words) and self._words[end] in _ORDINAL and self._unit(end) is None) or (
                end < len(self._words) and self._words[end] in "ae.º" and self._unit(end + 1)
            ):
                end += 1
            return float(word.replace(",", ".")), end
        if place not in self._numbers:
            return None
        value, end = self._numbers[place]
        if value >= 20 and value % 10 == 0:
            after = self._at("join", end) or end
            ones = self._numbers.get(after)
            is_unit = ones is not None and self._unit(after) is not None and self._unit(ones[1]) is None
            if ones and ones[0] < (20 if value in (60, 80) else 10) and not is_unit:
                return value + ones[0], ones[1]
        return value, end

    def _at(self, category: str, place: int) -> int | None:
        return self._text.starting(category, place)

    def _ends_before(self, category: str, place: int, over: str = "small time_filler") -> bool:
        """Whether a phrase of the category ends right before the place, articles aside."""
        return any(self._text.ending(category, here) for here in self._text.backwards(place, over, max(0, place - 4)))

    def _ranges(self, amounts: list[_Amount]) -> Iterator[Stretch]:
        for one, other in pairwise(amounts):
            between = self._words[one.end : other.start]
            is_dashed = bool(_DASHES & set(between)) or between[:2] == [".", "."]
            is_opened = self._ends_before("range_from", one.start)
            is_to = self._is_only("range_to", one.end, other.start)
            is_joined = self._is_only("range_to join", one.end, other.start)
            is_closed = self._at("range_after", other.end) is not None
            if (
                not (is_dashed or is_to or ((is_opened or one.is_moment) and is_joined) or is_closed)
                or len(between) > 5
            ):
                continue
            if one.unit_s is None and other.unit_s is None:
                continue
            unit_s = one.unit_s or other.unit_s or 1.0
            start = one.value * unit_s
            end = other.value * (other.unit_s or (1.0 if one.is_clock else unit_s))
            if one.unit_s is None and other.is_clock:
                continue
            if start < end:
                yield Stretch(start, end)

    def _is_only(self, categories: str, start: int, end: int) -> bool:
        """Whether a phrase of the categories lies there, and nothing else but articles."""
        for here in self._text.forwards(start, "small time_filler mark", end):
            for category in categories.split():
                there = self._at(category, here)
                if there is not None and end in self._text.forwards(there, f"small time_filler {category}", end):
                    return True
        return False

    def _ends_of_media(self, amounts: list[_Amount]) -> Iterator[Stretch]:
        """ "The first ten seconds", "the last half minute", or all but these."""
        lengths = {each.start: each for each in amounts if each.unit_s is not None and not each.is_moment}
        for is_first, name in ((True, "first"), (False, "last")):
            for start, end in self._text.spans[name]:
                amount = lengths.get(end) or self._bare_unit(end)
                if amount is None and (counted := self._counted_before(start)) and (unit := self._unit(end)):
                    amount = _Amount(counted, unit[0], start - 1, unit[1])
                if amount is None or amount.unit_s is None:
                    continue
                left_out = self._ends_before("leave_out", start) or self._at("left_out", amount.end)
                if is_first:
                    beyond = left_out or self._ends_before("past", start)
                    yield Stretch(amount.seconds, None) if beyond else Stretch(0.0, amount.seconds)
                else:
                    until = left_out or self._ends_before("until", start)
                    start_s, end_s = (_LONG, amount.seconds) if until else (amount.seconds, None)
                    yield Stretch(start_s, end_s, from_end=True)

    def _bare_unit(self, place: int) -> _Amount | None:
        """ "The last minute" is one of it; "the last second" is too short to be meant."""
        unit = self._unit(place)
        if unit is None or unit[0] == 1.0:
            return None
        half = self._at("and_half", unit[1])
        return _Amount(1.5 if half else 1.0, unit[0], place, half or unit[1])

    def _counted_before(self, place: int) -> float | None:
        counted = self._number(place - 1) if place else None
        return counted[0] if counted and counted[1] == place else None

    def _halves(self) -> Iterator[Stretch]:
        """ "The second minute", "from the third minute on", "the first half"."""
        for start, end in self._text.spans["nth"]:
            unit = self._unit(end)
            number = self._numbers.get(start, (2.0, 0))[0]
            if unit and unit[0] == 60.0 and number >= 2 and self._number(unit[1]) is None:
                from_s = 60.0 * (number - 1)
                yield Stretch(from_s, None if self._ends_before("after", start) else from_s + 60.0)
        for name, start_s in (("first", 0.0), ("last", 1.0), ("nth", 1.0)):
            for start, end in self._text.spans[name]:
                number = self._numbers.get(start, (2.0, 0))[0] if name == "nth" else 2.0
                if number == 2.0 and (half := self._at("half", end)) and not self._unit(half):
                    yield Stretch(start_s, 1.0 if start_s == 0 else None, halves=True)

    def _open_ends(self, amounts: Iterable[_Amount]) -> Iterator[Stretch]:
        timed = [each for each in amounts if each.unit_s is not None]
        for each in timed:
            if self._ends_before("before", each.start):
                yield Stretch(0.0, each.seconds)
        for each in timed:
            if self._ends_before("after", each.start) or self._at("onwards", each.end):
                yield Stretch(each.seconds, None)

    def _moments(self, amounts: Iterable[_Amount]) -> Iterator[Stretch]:
        for each in amounts:
            is_marked = each.is_clock or each.is_moment or (each.unit_s and self._at("mark", each.end))
            if is_marked and (self._ends_before("around", each.start)):
                yield Stretch(max(0.0, each.seconds - AROUND_S), each.seconds + AROUND_S)

    def _is_of_day(self, amount: _Amount) -> bool:
        """Whether the time is one of the day, such as a deadline."""
        return self._text.within("of_day", max(0, amount.start - 6), min(len(self._words), amount.end + 3)) is not None
