"""Sentences that the service wrote in English while it worked, in the reader's language.

Reasons of plans, lines of progress and messages of errors are authored in English, and stored or raised as they are.
Each has its words in the files beside this module, by its English text; `{}` stands for a figure or a name that is
taken over. A sentence that is not listed stays English.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("de", "fr")
SLOT: Final = "{}"
_NEXT: Final = re.compile(r"(?<=[.!?]) (?=[A-ZÄÖÜÀÉÊ])")
_FILLING: Final = r"((?:(?!\. [A-Z]).){1,400}?)"
"""A slot never reaches into the next sentence."""
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")
_MOST_CHARS: Final = 2000
"""Longer texts are not ours."""


class _Pattern(NamedTuple):
    english: re.Pattern[str]
    words: str


class _Catalogue(NamedTuple):
    fixed: dict[str, str]
    patterns: tuple[_Pattern, ...]


@cache
def _load(language: str) -> _Catalogue:
    """The entries, and the sentences of those that hold several, by themselves."""
    listed: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    every = dict(listed)
    for english, words in listed.items():
        parts, told = _NEXT.split(english), _NEXT.split(words)
        if len(parts) == len(told):
            every |= dict(zip(parts, told, strict=True))
    patterns = [
        _Pattern(re.compile(_FILLING.join(map(re.escape, english.split(SLOT)))), words)
        for english, words in every.items()
        if SLOT in english
    ]
    return _Catalogue({key: words for key, words in every.items() if SLOT not in key}, tuple(patterns))


def translate(text: str, language: str) -> str:
    """The text in a language, sentence by sentence where it holds several. English and unknown ones change nothing."""
    if language not in LANGUAGES or len(text) > _MOST_CHARS:
        return text
    catalogue = _load(language)
    whole = _translate_one(text, catalogue)
    if whole is not None:
        return whole
    return " ".join(_translate_one(each, catalogue) or each for each in _NEXT.split(text))


def _translate_one(text: str, catalogue: _Catalogue) -> str | None:
    if (words := catalogue.fixed.get(text)) is not None:
        return words
    for pattern in catalogue.patterns:
        if found := pattern.english.fullmatch(text):
            slots = (catalogue.fixed.get(each) or _POINT.sub(",", each) for each in found.groups())
            return pattern.words.format(*slots)
    return None
