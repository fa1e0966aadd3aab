"""Regular expressions that are compiled when they are first used: the large ones take longer than all else at start."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property


class Pattern:
    """A regular expression, as `re.Pattern` has it."""

    def __init__(self, written: str) -> None:
        self.pattern = written

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def search(self, text: str) -> re.Match[str] | None:
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        return self._compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text)

    def findall(self, text: str) -> list[str]:
        return self._compiled.findall(text)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self._compiled.sub(replacement, text)

    def split(self, text: str) -> list[str]:
        return [part or "" for part in self._compiled.split(text)]


def any_of(by_language: Mapping[str, str]) -> Pattern:
    """Any of the stems, which stand by language and go on over several lines."""
    stems = "|".join("".join(part.strip() for part in listed.splitlines()) for listed in by_language.values())
    return Pattern(rf"(?<!\w)(?:{stems})(?!\w)")
