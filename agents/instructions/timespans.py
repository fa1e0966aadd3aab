"""Stretches of time named in plain words. Code, not a model, reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agents.instructions.text import Text
from core.types import TimeRange

AROUND_S: Final = 3.0
"""A single moment stands for this many seconds to either side."""
_LONG: Final = 1e9
"""No recording is so long; a number of 400 digits is not even finite."""
_UNITS: Final = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
_DASHES: Final = frozenset({"-", "–", "—", "~", "->", "→", "--"})
_FILLER: Final = "small time_filler"
MOST_WORDS_BETWEEN: Final = 5
"""Between the start and the end of a stretch."""


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
    moment_s: float | None = None
    """The single moment that it stands around, where no more than that was named."""

    @property
    def is_reversed(self) -> bool:
        return not self.from_end and self.end_s is not None and self.end_s <= self.start_s

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

    def exceeds(self, duration_s: float) -> bool:
        """Whether it names a time beyond the end of the media, whose length is known."""
        named = self.start_s if self.from_end and self.start_s < _LONG else self.end_s or self.start_s
        return 0 < duration_s < named and not self.halves


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number of seconds or minutes, or a bare number, and where it stands among the words."""

    value: float
    unit_s: float | None
    start: int
    end: int
    is_moment: bool = False
    """A clock, a number with its unit first ("minute 2"), or one of two units."""

    @property
    def seconds(self) -> float:
        return self.value * (self.unit_s or 1.0)


def find_stretch_among(text: Text) -> Stretch | None:
    """The stretch of the media that the text names, also one that ends before it begins."""
    return next(_Reader(text).stretches(), None)


def find_second_among(text: Text) -> float | None:
    """The moment that a number of seconds names: "the tenth second", "second 10"."""
    reader = _Reader(text)
    named = (each.value for each in reader.amounts() if each.unit_s == 1.0 and (each.value != 1.0 or each.is_moment))
    return next(named, None)


class _Reader:
    """Reads the times of one text."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._words = text.words
        self._at = text.starting
        spans = ((float(name[1:]), *span) for name in text.spans if name[0] == "=" for span in text.spans[name])
        self._numbers = {start: (value, end) for value, start, end in sorted(spans, key=lambda span: span[2])}

    def stretches(self) -> Iterator[Stretch]:
        """What is named, the clearest first."""
        amounts = [
            one for one in self.amounts() if self._text.within("of_day", max(0, one.start - 6), one.end + 3) is None
        ]
        yield from self._ranges(amounts)
        yield from self._ends_of_media(amounts)
        yield from self._numbered(amounts)
        timed = [each for each in amounts if each.unit_s is not None]
        yield from (Stretch(0.0, each.seconds) for each in timed if self._follows("before", each.start))
        for each in timed:
            if self._follows("after", each.start) or self._at("onwards", each.end):
                yield Stretch(each.seconds, None)
        for each in timed:
            if each.is_moment and self._follows("around", each.start):
                yield Stretch(max(0.0, each.seconds - AROUND_S), each.seconds + AROUND_S, moment_s=each.seconds)

    def amounts(self) -> Iterator[_Amount]:
        place = 0
        while place < len(self._words):
            amount = self._amount(place)
            if amount and (amount.unit_s or amount.value != 1.0 or self._words[place][0].isdecimal()):
                yield amount
            place = amount.end if amount else place + 1

    def _amount(self, place: int) -> _Amount | None:
        word = self._words[place]
        if ":" in word and word[0].isdecimal():
            parts = [min(float(part.replace(",", ".")), _LONG) for part in word.split(":")[:3]]
            return _Amount(sum(part * 60**at for at, part in enumerate(reversed(parts))), 1.0, place, place + 1, True)
        if unit := self._unit(place):
            counted = self._number(unit[1])
            if counted and not self._unit(counted[1]) and (self._words[unit[1]][0].isdecimal() or counted[0] != 1):
                return _Amount(counted[0], unit[0], place, counted[1], is_moment=True)
        counted = self._number(place)
        if counted is None:
            return None
        unit_s, end = self._unit(counted[1]) or (None, counted[1])
        return self._with_smaller(_Amount(counted[0], unit_s, place, end))

    def _with_smaller(self, amount: _Amount) -> _Amount:
        """ "1 min 30", "two minutes and 5 seconds", "a minute and a half": in seconds."""
        unit_s, end, seconds = amount.unit_s or 1.0, amount.end, amount.seconds
        if unit_s == 1.0:
            return amount
        if added := self._at("and_half", end):
            return _Amount(seconds + unit_s / 2, 1.0, amount.start, added, is_moment=True)
        joined = self._at("join", end) or end
        more = self._number(joined)
        smaller = self._unit(more[1]) if more else None
        if more and smaller and smaller[0] < unit_s:
            return _Amount(seconds + more[0] * smaller[0], 1.0, amount.start, smaller[1], is_moment=True)
        if more and not smaller and joined == end and more[0] < 60:
            return _Amount(seconds + more[0] * unit_s / 60, 1.0, amount.start, more[1], is_moment=True)
        return amount

    def _unit(self, place: int) -> tuple[float, int] | None:
        found = ((unit_s, self._at(name, place)) for name, unit_s in _UNITS.items())
        return next(((unit_s, end) for unit_s, end in found if end), None)

    def _number(self, place: int) -> tuple[float, int] | None:
        """A number in digits or words, of tens and ones in either order, and where it ends."""
        word = self._words[place] if place < len(self._words) else ""
        if word[:1].isdecimal():
            if ":" in word:
                return None
            end = past = place + 1
            is_nth = self._at("ordinal", end) or self._words[end : end + 1] == ["."]
            if is_nth and not any(word[0].isdecimal() for word in self._words[end + 1 : end + 2]):  # "31 a 34 min"
                past = end + 1 if self._unit(end) is None or self._unit(end + 1) else end
            return min(float(word.replace(",", ".")), _LONG), past
        if place not in self._numbers:
            return None
        value, end = self._numbers[place]
        half_end = self._at("and_half", end)
        if half_end is not None and self._unit(half_end):
            return value + 0.5, half_end
        if value >= 20 and value % 10 == 0:
            after = self._at("join", end) or end
            ones = self._numbers.get(after)
            is_unit = ones is not None and self._unit(after) is not None and self._unit(ones[1]) is None
            if ones and ones[0] < (20 if value in (60, 80) else 10) and not is_unit:
                return value + ones[0], ones[1]
        return value, end

    def _follows(self, category: str, place: int) -> bool:
        """Whether a phrase of the category ends right before the place, articles aside."""
        return any(
            self._text.ending(category, here) for here in self._text.backwards(place, _FILLER, max(0, place - 4))
        )

    def _ranges(self, amounts: Sequence[_Amount]) -> Iterator[Stretch]:
        for one, other in pairwise(amounts):
            gap = one.end, other.start
            between = self._words[slice(*gap)]
            if len(between) > MOST_WORDS_BETWEEN or (one.unit_s is None and other.unit_s is None):
                continue
            is_opened = one.is_moment or self._follows("range_from", one.start)
            is_to = _DASHES & set(between) or between[:2] == [".", "."] or self._at("range_after", other.end)
            if is_to or self._is_only("range_to", *gap) or (is_opened and self._is_only("join", *gap)):
                unit_s = one.unit_s or other.unit_s or 1.0
                yield Stretch(one.value * unit_s, other.value * (other.unit_s or unit_s))
            elif one.unit_s is not None and other.unit_s is not None and not one.is_moment:
                if self._is_only("after", *gap):
                    yield Stretch(other.seconds, other.seconds + one.seconds)
                elif self._is_only("before", *gap):
                    yield Stretch(max(0.0, other.seconds - one.seconds), other.seconds)

    def _is_only(self, category: str, start: int, end: int) -> bool:
        """Whether a phrase of the category lies there, and nothing else but articles."""
        places = (self._at(category, here) for here in self._text.forwards(start, _FILLER, end))
        return any(there and end in self._text.forwards(there, f"{_FILLER} {category}", end) for there in places)

    def _ends_of_media(self, amounts: Sequence[_Amount]) -> Iterator[Stretch]:
        """ "The first ten seconds", "the last half minute", or all but these."""
        lengths = {each.start: each for each in amounts if each.unit_s is not None and not each.is_moment}
        for name in ("first", "last"):
            for start, end in self._text.spans[name]:
                amount = lengths.get(end) or self._bare_unit(start, end)
                if amount is None:
                    continue
                cut, length_s = self._follows("leave_out", start) or self._at("left_out", amount.end), amount.seconds
                if name == "first":
                    yield Stretch(length_s, None) if cut else Stretch(0.0, length_s)
                else:
                    yield Stretch(_LONG, length_s, from_end=True) if cut else Stretch(length_s, None, from_end=True)

    def _bare_unit(self, start: int, end: int) -> _Amount | None:
        """ "The last minute" is one, "the 10 first seconds" are ten; "the last second" is too short to be meant."""
        unit = self._unit(end)
        counted = self._number(start - 1) if start else None
        if unit and counted and counted[1] == start:
            return _Amount(counted[0], unit[0], start - 1, unit[1])
        return self._with_smaller(_Amount(1.0, unit[0], end, unit[1])) if unit and unit[0] > 1.0 else None

    def _numbered(self, amounts: Sequence[_Amount]) -> Iterator[Stretch]:
        """ "The second minute", "the 31st minute", "from the third minute on", "the second half"."""
        for each in amounts:
            is_nth = self._at("ordinal", each.start + 1) or self._words[each.start + 1 : each.start + 2] == ["."]
            if is_nth and each.unit_s == 60.0 and not each.is_moment:
                yield self._nth_minute(each.value, each.start)
        for start, end in self._text.spans["nth"]:
            unit, number = self._unit(end), self._numbers.get(start, (2.0, 0))[0]
            if unit and unit[0] == 60.0 and number >= 2 and self._number(unit[1]) is None:
                yield self._nth_minute(number, start)
        yield from (Stretch(0.0, 1.0, halves=True) for _ in self._text.spans["first_half"])
        yield from (Stretch(1.0, None, halves=True) for _ in self._text.spans["second_half"])

    def _nth_minute(self, number: float, place: int) -> Stretch:
        from_s = 60.0 * max(0.0, number - 1)
        return Stretch(from_s, None if self._follows("after", place) else from_s + 60.0)
