"""The vocabulary of instructions: one YAML file a language, checked when it is first read.

A phrase is words with blanks between them. `word*` is any word that begins so, `*` any word, `a/b` one of both, and a
`?` at the end of alternatives makes them optional. Phrases are parted by commas; languages/README.md explains the
categories.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from agents.instructions.folding import plain

FOLDER: Final = Path(__file__).with_name("languages")
CATEGORIES: Final = frozenset(
    re.findall(
        r"\w+",
        """picture sound footage still medium has_none person looking placed swapped together matching everything
        listening of_file general idiom small work filler part order imperative without dismissed refused
        late uninteresting drop_it blind negation copula denial doing never doubt only only_after focus
        focus_after include rather than granted_before fine owned belongs be granted_later whether lesser
        clause join contrast also quick thorough verdict_alone forget_rules rules tell result alternative
        figure hostile misspelt not_misspelt second minute hour first last nth half half_a and_half
        range_from range_to range_after after before past until onwards around mark time_filler
        deadline_before deadline_after deadline_filler of_day leave_out left_out""",
    )
)
LEAST_STEM: Final = 2
LONGEST_STEM: Final = 20
_SIGN: Final = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])(?!$|,)")
"""Chinese and Japanese are read sign by sign."""
_Slot = tuple[frozenset[str], tuple[str, ...], bool, bool]
"""Words, stems, whether any word will do, whether none will."""


def _phrases(written: object) -> tuple[str, ...]:
    if not isinstance(written, str):
        raise ValueError("phrases are one text, parted by commas")
    folded = written if written.isascii() else _SIGN.sub(r"\1 ", plain(written))
    phrases = tuple(" ".join(phrase.split()) for phrase in folded.split(","))
    if not all(phrases) or folded != folded.lower() or any(phrase[0] == "*" for phrase in phrases):
        raise ValueError("a phrase is in lower case, not empty, and does not begin with *")
    return phrases


Phrases = Annotated[tuple[str, ...], BeforeValidator(_phrases)]


class Language(BaseModel):
    """The words of one language, by what they do in an instruction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    phrases: Mapping[str, Phrases]
    numbers: Mapping[int, Phrases] = {}

    @model_validator(mode="after")
    def _knows_its_categories(self) -> Language:
        if unknown := self.phrases.keys() - CATEGORIES:
            raise ValueError(f"no such category: {', '.join(sorted(unknown))}")
        return self


class Vocabulary:
    """The phrases of all languages, found by their first word."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self._words: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for language in languages:
            numbers = {f"={number}": phrases for number, phrases in language.numbers.items()}
            for category, phrases in {**language.phrases, **numbers}.items():
                for phrase in phrases:
                    self._add(category, phrase)
        self.misspelt = [word for each in languages for word in each.phrases.get("misspelt", ())]
        self.not_misspelt = {word for each in languages for word in each.phrases.get("not_misspelt", ())}

    def find(self, words: Sequence[str], *, idioms: bool = False) -> Iterator[tuple[str, int, int]]:
        """Category, start and end of every phrase among the words: of idioms, or of all others."""
        for place, word in enumerate(words):
            for category, rest in self._beginning(word) if word[0].isalpha() else ():
                if (category == "idiom") is idioms:
                    for end in _ends(_slots(rest), words, place + 1):
                        yield category, place, end

    def _beginning(self, word: str) -> Iterator[tuple[str, str]]:
        yield from self._words.get(word, ())
        yield from self._words.get(word.removesuffix("'s"), ()) if word.endswith("'s") else ()
        for length in range(LEAST_STEM, min(len(word), LONGEST_STEM) + 1):
            yield from self._stems.get(word[:length], ())

    def _add(self, category: str, phrase: str) -> None:
        first, _, rest = phrase.partition(" ")
        if first[-1] == "?":
            self._add(category, rest)
        for word in first.rstrip("?").split("/"):
            known = self._stems if word[-1] == "*" else self._words
            known[word.rstrip("*")].append((category, rest))


@cache
def _slots(rest: str) -> tuple[_Slot, ...]:
    return tuple(_slot(written) for written in rest.split())


def _slot(written: str) -> _Slot:
    choices = written.rstrip("?").split("/")
    stems = tuple(choice[:-1] for choice in choices if choice[-1] == "*" and len(choice) > 1)
    return frozenset(choices), stems, "*" in choices, written[-1] == "?"


def _ends(slots: tuple[_Slot, ...], words: Sequence[str], place: int) -> Iterator[int]:
    """Where the slots may end, from this place on."""
    if not slots:
        yield place
        return
    among, stems, is_any, is_optional = slots[0]
    word = words[place] if place < len(words) else "\n"
    if word in among or (is_any and word[0].isalnum()) or (stems and word.startswith(stems)):
        yield from _ends(slots[1:], words, place + 1)
    if is_optional:
        yield from _ends(slots[1:], words, place)


@cache
def load_vocabulary() -> Vocabulary:
    """All languages. Raises: ValidationError when a file does not follow the schema."""
    return Vocabulary([read_language(file) for file in sorted(FOLDER.glob("*.yaml"))])


def read_language(file: Path) -> Language:
    """One language. Raises: ValidationError when the file does not follow the schema."""
    written = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    rest = {name: written.pop(name) for name in ("language", "numbers") if name in written}
    return Language.model_validate({**rest, "phrases": written})
