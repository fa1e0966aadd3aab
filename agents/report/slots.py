"""What a template sentence is filled with: typed values, each written out in the language of the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from core.figures import ACOUSTIC_FORMS, acoustic_figure, clock, decimal_text, percent_text, points, seconds_text
from core.types import AcousticMeasure, Check, Reason
from prompts.library import Prompt, load

ENGLISH: Final = "en"
PROMPT_VERSIONS: Final = {"narrative": 5, "narrative-de": 6, "narrative-fr": 6}


@dataclass(frozen=True, slots=True)
class Language:
    """The template sentences and the words of one language. English words stand for themselves."""

    prompt: Prompt

    def write_figure(self, text: str) -> str:
        """A figure with the decimal mark of the language."""
        return text if self.prompt.id == "narrative" else text.replace(".", ",")

    def translate_word(self, word: str) -> str:
        section = f"word.{word.replace(' ', '_')}"
        return self.prompt.render(section, {}) if section in self.prompt.sections else word

    def translate_reason(self, reason: Reason) -> str | None:
        """None in English, where the authored message is the text."""
        for section in (f"reason.{reason.code}", "reason.other"):
            if section in self.prompt.sections:
                return self.prompt.render(section, {})
        return None

    def render(self, section: str, slots: Mapping[str, SlotValue]) -> str:
        """One sentence with its slots filled in."""
        values = {name: slot if isinstance(slot, str | int) else slot.write_in(self) for name, slot in slots.items()}
        return self.prompt.render(section, values)


def load_language(code: str) -> Language:
    """Raises: Misconfigured when there are no template files of that language."""
    prompt_id = "narrative" if code == ENGLISH else f"narrative-{code}"
    return Language(load(prompt_id, PROMPT_VERSIONS.get(prompt_id, 1)))


class Slot(Protocol):
    def write_in(self, language: Language) -> str: ...


SlotValue = Slot | str | int
"""A bare text or number is the same in every language."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A score or a share in [0, 1]."""

    value: float

    def write_in(self, language: Language) -> str:
        return language.write_figure(percent_text(self.value))


@dataclass(frozen=True, slots=True)
class Points:
    """A difference of two scores in [0, 1], told in percentage points."""

    value: float

    def write_in(self, language: Language) -> str:
        return language.write_figure(decimal_text(points(self.value), 1))


@dataclass(frozen=True, slots=True)
class Frequency:
    value_hz: float

    def write_in(self, _: Language) -> str:
        return decimal_text(self.value_hz, 0)


@dataclass(frozen=True, slots=True)
class Moment:
    time_s: float

    def write_in(self, _: Language) -> str:
        return clock(self.time_s)


@dataclass(frozen=True, slots=True)
class Length:
    length_s: float

    def write_in(self, language: Language) -> str:
        return language.write_figure(seconds_text(self.length_s))


@dataclass(frozen=True, slots=True)
class Span:
    """From the one to the other, both moments or both lengths."""

    start: Moment | Length
    end: Moment | Length

    def write_in(self, language: Language) -> str:
        ends = self.start.write_in(language), self.end.write_in(language)
        return f" {language.translate_word('to')} ".join(ends)


@dataclass(frozen=True, slots=True)
class Noun:
    """A part, a region or a kind of file, by its English name."""

    name: str

    def write_in(self, language: Language) -> str:
        return language.translate_word(self.name)


@dataclass(frozen=True, slots=True)
class Because:
    """An authored reason: a sentence of its own, or the end of one."""

    reason: Reason
    is_clause: bool = True

    def write_in(self, language: Language) -> str:
        message = self.reason.message.rstrip(". ") + "."
        own = message[:1].lower() + message[1:] if self.is_clause else message
        return language.translate_reason(self.reason) or own


@dataclass(frozen=True, slots=True)
class Measured:
    """An acoustic measurement with its unit: one value, or the two ends of a range."""

    measure: AcousticMeasure
    values: tuple[float, ...]

    def write_in(self, language: Language) -> str:
        to = f" {language.translate_word('to')} "
        written = to.join(acoustic_figure(self.measure, value) for value in self.values)
        return f"{written} {language.translate_word(ACOUSTIC_FORMS[self.measure][1])}"


@dataclass(frozen=True, slots=True)
class Changes:
    """What was done to the file."""

    checks: tuple[Check, ...]

    def write_in(self, language: Language) -> str:
        *most, last = (language.translate_word(str(check)) for check in self.checks)
        return f" {language.translate_word('and')} ".join(filter(None, (", ".join(most), last)))
