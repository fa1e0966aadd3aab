"""Reads a sentence of testimony into figures, each with its unit, and words, each with its meaning. No model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from agents.report.vocabulary import VOCABULARY, Unit


@dataclass(frozen=True, slots=True)
class Figure:
    unit: Unit
    value: Decimal


@dataclass(frozen=True, slots=True)
class Token:
    """One word, figure or mark. `concept` is None for neutral words and marks, `=word` for words outside the list."""

    text: str
    concept: str | None = None
    figure: Figure | None = None
    factor: int = 1
    """Of the figure's unit, as it was written."""

    @property
    def is_word(self) -> bool:
        return self.figure is None and self.text[0].isalpha()


class Unreadable(Exception):
    """The sentence holds a figure that cannot be read for certain."""


_TOKEN: Final = re.compile(
    r"(?P<clock>\d{1,3}:\d{2}(?::\d{2})?(?![\d:]))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?(?!,\d)(?!\.\d)(?!:\d))"
    r"|(?P<word>[a-z]+(?:[-'][a-z]+)*)"
    r"|(?P<mark>[,.:;()%–—-])"
)
_JOINS: Final = VOCABULARY.joins | {"and"}
_PHRASES: Final = tuple(
    (re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)"), word) for word, phrases in VOCABULARY.phrases
)
_SHORTENED: Final = re.compile(r"(\w)(?:(n't)|'s)(?!\w)")


def read_tokens(sentence: str) -> tuple[Token, ...]:
    """The tokens of a sentence, in order, its closing full stop left out.

    Raises: Unreadable when a figure in it is not written in a way that has one reading.
    """
    text = sentence.replace("’", "'").lower().removesuffix(".")
    for pattern, word in _PHRASES:
        text = pattern.sub(word, text)
    text = _SHORTENED.sub(lambda found: f"{found[1]} not" if found[2] else found[1], text)
    return tuple(_with_units(list(_tokens(text))))


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        match = _TOKEN.match(text, place)
        if match is None:
            raise Unreadable(text[place : place + 8])
        yield from _token(match)
        place = match.end()
        if match.lastgroup in ("clock", "number") and re.match(r"[a-z]", text[place:]):
            unit = re.match(r"[a-z]+", text[place:])
            if unit is None or unit.group() not in VOCABULARY.units:
                raise Unreadable(text[place : place + 8])


def _token(match: re.Match[str]) -> Iterator[Token]:
    found = match.group()
    if match.lastgroup == "clock":
        parts = [int(part) for part in found.split(":")]
        if any(part > 59 for part in parts[1:]):
            raise Unreadable(found)
        total = 0
        for part in parts:
            total = total * 60 + part
        yield Token(found, figure=Figure(Unit.CLOCK, Decimal(total)))
    elif match.lastgroup == "number":
        if re.match(r"0\d", found):
            raise Unreadable(found)
        yield Token(found, figure=Figure(Unit.COUNT, Decimal(found.replace(",", ""))))
    elif match.lastgroup == "mark":
        yield Token(found)
    elif (value := _spelled(found)) is not None:
        yield Token(found, figure=Figure(Unit.COUNT, Decimal(value)))
    elif "-" in found and found not in VOCABULARY.concept_of:
        yield Token(found, f"={found}")
    else:
        yield Token(
            found, None if found in VOCABULARY.neutral else VOCABULARY.concept_of.get(found, f"={_stem(found)}")
        )


def _spelled(word: str) -> int | None:
    """`ninety-one` as 91; None when the word is no number from 0 to 99."""
    tens, hyphen, ones = word.partition("-")
    if not hyphen:
        return VOCABULARY.value_of.get(word)
    value = VOCABULARY.value_of.get(ones, 0)
    return VOCABULARY.value_of[tens] + value if tens in VOCABULARY.numbers.tens and 0 < value < 10 else None


def _with_units(tokens: list[Token]) -> Iterator[Token]:
    """Figures take the unit that follows them; a spelled fraction is joined; what follows `face` is its number."""
    tokens = _points_joined(tokens)
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        figure = token.figure
        following = tokens[place + 1].text if place + 1 < len(tokens) else ""
        if figure is not None and figure.unit is Unit.COUNT:
            if following in VOCABULARY.units:
                unit, factor = VOCABULARY.units[following]
                token = replace(token, figure=Figure(unit, figure.value * factor), factor=factor)
                place += 1
            elif made and made[-1].text == "face":
                token = replace(token, figure=Figure(Unit.FACE, figure.value))
        elif token.text == "%":
            raise Unreadable("%")
        made.append(token)
        place += 1
    return iter(_ranges_joined(made))


def _points_joined(tokens: list[Token]) -> list[Token]:
    """`ninety-one point three` as one figure; two figures side by side have no reading."""
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        last: Figure | None = made[-1].figure if made else None
        if token.text == "point" and last is not None and place + 1 < len(tokens):
            digit = tokens[place + 1].figure
            if digit is None or not 0 <= digit.value <= 9 or last.unit is not Unit.COUNT:
                raise Unreadable("point")
            made[-1] = Token(made[-1].text, figure=Figure(Unit.COUNT, Decimal(f"{last.value}.{digit.value}")))
            place += 2
            continue
        if token.figure is not None and last is not None:
            raise Unreadable(f"{made[-1].text} {token.text}")
        made.append(token)
        place += 1
    return made


def _ranges_joined(tokens: list[Token]) -> list[Token]:
    """In `12.0 to 21.0 s` both figures are seconds, and the `k` of `kHz` belongs to both."""
    made = list(tokens)
    for place in range(len(made) - 2):
        first, join, last = made[place].figure, made[place + 1].text, made[place + 2]
        if first is None or last.figure is None or join not in _JOINS or first.unit is not Unit.COUNT:
            continue
        if last.figure.unit in (Unit.SECONDS, Unit.HERTZ):
            made[place] = replace(made[place], figure=Figure(last.figure.unit, first.value * last.factor))
    return made


def _stem(word: str) -> str:
    """Singular and plural of a word outside the list are the same word."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
