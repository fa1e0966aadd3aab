"""The vocabulary of instructions: one YAML file a language, checked when it is first read.

A phrase is words with blanks between them. `word*` is any word that begins so, `*` any word, `a/b` one of both, and a
`?` at the end of alternatives makes them optional. Phrases are parted by commas; categories.yaml explains the
categories.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

FOLDER: Final = Path(__file__).with_name("languages")
CATEGORIES: Final = frozenset(
    name
    for group in yaml.safe_load(Path(__file__).with_name("categories.yaml").read_text(encoding="utf-8"))
    for name in group["categories"]
)
_FOLDED: Final = str.maketrans(
    {"’": "'", "`": "'", "´": "'", "ß": "ss", "ł": "l", "œ": "oe", "æ": "ae", "ø": "o", "ı": "i", "ς": "σ"}
)
LEAST_STEM: Final = 2
LONGEST_STEM: Final = 20
_SIGN: Final = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])(?!$|,)")
"""Chinese and Japanese are read sign by sign."""


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and blanks straightened."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED).replace("você", "tu")
    decomposed = unicodedata.normalize("NFKD", folded)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


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
    numbers: Mapping[float, Phrases] = {}

    @model_validator(mode="after")
    def _knows_its_categories(self) -> Language:
        if unknown := self.phrases.keys() - CATEGORIES:
            raise ValueError(f"no such category: {', '.join(sorted(unknown))}")
        return self


class Vocabulary:
    """The phrases of all languages, found by their first word."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self._words: dict[tuple[bool, str], list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        self._stems: dict[tuple[bool, str], list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
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
            for category, rest in self._beginning(word, idioms) if word[0].isalpha() else ():
                end = place + 1 + len(rest)
                if not rest or (end <= len(words) and all(map(_fits, rest, words[place + 1 : end]))):
                    yield category, place, end

    def _beginning(self, word: str, idioms: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from self._words.get((idioms, word), ())
        yield from self._words.get((idioms, word[:-2]), ()) if word.endswith("'s") else ()
        for length in range(LEAST_STEM, min(len(word), LONGEST_STEM) + 1):
            yield from self._stems.get((idioms, word[:length]), ())

    def _add(self, category: str, phrase: str) -> None:
        for slots in product(*((slot[:-1], "") if slot[-1] == "?" else (slot,) for slot in phrase.split())):
            first, *rest = filter(None, slots)
            for word in first.split("/"):
                known = self._stems if word[-1] == "*" else self._words
                known[category == "idiom", word.rstrip("*")].append((category, tuple(rest)))


def _fits(slot: str, word: str) -> bool:
    among, stems, is_any = _choices(slot)
    return word in among or (is_any and word[0].isalnum()) or word.startswith(stems)


@cache
def _choices(slot: str) -> tuple[frozenset[str], tuple[str, ...], bool]:
    """Words, stems, and whether any word will do."""
    choices = slot.split("/")
    return frozenset(choices), tuple(each[:-1] for each in choices if each[-1] == "*" != each), "*" in choices


@cache
def load_vocabulary(language: str = "") -> Vocabulary:
    """One language, or all where none is named or it has no file. Raises: ValidationError for a file off the schema."""
    files = [file for file in sorted(FOLDER.glob("*.yaml")) if file.stem == language] or sorted(FOLDER.glob("*.yaml"))
    vocabulary = Vocabulary([read_language(file) for file in files])
    gc.freeze()  # it stays for good; a collection that walks it takes longer than reading an instruction
    return vocabulary


def read_language(file: Path) -> Language:
    """One language. Raises: ValidationError when the file does not follow the schema."""
    written = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    rest = {name: written.pop(name) for name in ("language", "numbers") if name in written}
    return Language.model_validate({**rest, "phrases": written})
