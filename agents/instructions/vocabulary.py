"""The vocabulary of instructions: one YAML file a language, checked when it is first read.

A phrase is words with blanks between them, folded as the text is. `word*` is any word that begins so, `*` any word,
`a/b` one of both, and a `?` at the end of alternatives makes them optional. Phrases are parted by commas.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from agents.instructions.folding import plain

FOLDER: Final = Path(__file__).with_name("languages")
LEAST_STEM: Final = 2
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
    # What is named.
    picture: Phrases = ()
    sound: Phrases = ()
    footage: Phrases = ()  # the file as a whole, or its picture where it is set aside
    still: Phrases = ()  # a picture that only stands there while somebody speaks
    detail: Phrases = ()  # what a face or a voice may lack: "no blinking" is an observation
    person: Phrases = ()
    looking: Phrases = ()
    placed: Phrases = ()  # where a person stands, or what sets one apart
    swapped: Phrases = ()
    together: Phrases = ()  # picture and sound held against one another
    matching: Phrases = ()
    everything: Phrases = ()
    listening: Phrases = ()
    of_file: Phrases = ()  # "video clip", "video call": no picture
    general: Phrases = ()  # asks about the file as a whole
    idiom: Phrases = ()  # names eyes, hands or voices and means none
    # Between what is said and what it is said of.
    small: Phrases = ()  # articles, prepositions
    work: Phrases = ()  # verbs of examining
    filler: Phrases = ()
    order: Phrases = ()  # stands before a verb that gives an order
    # Set aside.
    without: Phrases = ()
    dismissed: Phrases = ()
    refused: Phrases = ()  # as `dismissed`, at the end of a clause alone
    uninteresting: Phrases = ()
    drop_it: Phrases = ()
    blind: Phrases = ()  # "close your eyes"
    # Denied.
    negation: Phrases = ()
    copula: Phrases = ()
    denial: Phrases = ()
    doing: Phrases = ()  # verbs whose subject is somebody: denied, they are a claim
    never: Phrases = ()
    lack: Phrases = ()
    has_none: Phrases = ()  # "she has no eyelashes" is an observation,
    medium: Phrases = ()  # but "the file has no sound" is none
    imperative: Phrases = ()  # "don't" before a verb may be an order
    doubt: Phrases = ()
    late: Phrases = ()  # a negation behind what it sets aside
    # Singled out, or wanted besides.
    only: Phrases = ()
    only_after: Phrases = ()
    part: Phrases = ()  # "the audio part", "the face itself"
    focus: Phrases = ()
    focus_after: Phrases = ()
    include: Phrases = ()
    rather: Phrases = ()
    than: Phrases = ()
    # Granted.
    granted_before: Phrases = ()
    fine: Phrases = ()
    owned: Phrases = ()
    belongs: Phrases = ()
    be: Phrases = ()
    granted_later: Phrases = ()
    whether: Phrases = ()
    lesser: Phrases = ()
    # Conjunctions.
    clause: Phrases = ()
    join: Phrases = ()
    but: Phrases = ()
    also: Phrases = ()
    # Effort and explanations.
    quick: Phrases = ()
    thorough: Phrases = ()
    verdict_alone: Phrases = ()
    # No request.
    forget_rules: Phrases = ()
    rules: Phrases = ()
    tell: Phrases = ()
    result: Phrases = ()
    alternative: Phrases = ()  # "real or not" asks
    figure: Phrases = ()  # "score: 0" dictates a result
    hostile: Phrases = ()
    # Misspelt words are read as these.
    misspelt: Phrases = ()
    not_misspelt: Phrases = ()
    # Time.
    second: Phrases = ()
    minute: Phrases = ()
    hour: Phrases = ()
    first: Phrases = ()
    last: Phrases = ()
    half: Phrases = ()
    half_a: Phrases = ()
    and_half: Phrases = ()
    range_from: Phrases = ()
    range_to: Phrases = ()
    after: Phrases = ()
    before: Phrases = ()
    onwards: Phrases = ()
    around: Phrases = ()
    range_after: Phrases = ()
    deadline_before: Phrases = ()
    deadline_after: Phrases = ()
    deadline_filler: Phrases = ()
    of_day: Phrases = ()
    leave_out: Phrases = ()
    left_out: Phrases = ()
    past: Phrases = ()
    until: Phrases = ()
    nth: Phrases = ()
    mark: Phrases = ()
    time_filler: Phrases = ()
    numbers: Mapping[int, Phrases] = {}


class Vocabulary:
    """The phrases of all languages, found by their first word."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self.languages = languages
        self._words: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for language in languages:
            for category in Language.model_fields.keys() - {"language", "numbers"}:
                for phrase in getattr(language, category):
                    self._add(category, phrase)
            for number, phrases in language.numbers.items():
                for phrase in phrases:
                    self._add(f"={number}", phrase)

    def find(self, words: Sequence[str], only: str | None = None) -> Iterator[tuple[str, int, int]]:
        """Category, start and end of every phrase among the words."""
        for place, word in enumerate(words):
            if not word[0].isalpha():
                continue
            for category, rest in self._beginning(word):
                if (category == "idiom") is (only is None):
                    continue
                for end in _ends(_slots(rest), words, place + 1) if rest else (place + 1,):
                    yield category, place, end

    def _beginning(self, word: str) -> Iterator[tuple[str, str]]:
        yield from self._words.get(word, ())
        for length in range(LEAST_STEM, min(len(word), 20) + 1):
            yield from self._stems.get(word[:length], ())

    def _add(self, category: str, phrase: str) -> None:
        first, _, rest = phrase.partition(" ")
        if first[-1] == "?":
            self._add(category, rest)
        for word in first.rstrip("?").split("/"):
            if word[-1] == "*":
                self._stems[word[:-1]].append((category, rest))
            else:
                self._words[word].append((category, rest))


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
    if place < len(words):
        word = words[place]
        if word in among or (is_any and word[0].isalnum()) or (stems and word.startswith(stems)):
            yield from _ends(slots[1:], words, place + 1)
    if is_optional:
        yield from _ends(slots[1:], words, place)


@cache
def load_vocabulary() -> Vocabulary:
    """All languages. Raises: ValidationError when a file does not follow the schema."""
    files = sorted(FOLDER.glob("*.yaml"))
    return Vocabulary([_language(file) for file in files])


def _language(file: Path) -> Language:
    written = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Language.model_validate(written)
