"""What a template sentence is filled with: typed values, each written out in the language of the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from core.figures import ACOUSTIC_FORMS, acoustic_figure, clock, decimal_text, percent_text, points, seconds_text
from core.types import (
    Because,
    Changes,
    CoveredKind,
    Frequency,
    Length,
    Measured,
    Moment,
    Narrative,
    Noun,
    Percent,
    Points,
    Provenance,
    Reason,
    Sentence,
    SlotValue,
    Span,
    TrackName,
    voice_letter,
)
from prompts.library import Prompt, load

ENGLISH: Final = "en"
PROMPT_VERSIONS: Final = {"narrative": 11, "narrative-de": 13, "narrative-fr": 12}
SPOKEN: Final = ("en", "de", "fr")


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

    def render(self, section: str, slots: Mapping[str, Fill]) -> str:
        """One sentence with its slots filled in."""
        values = {name: write_slot(self, slot) for name, slot in slots.items()}
        return self.prompt.render(section, values)


@runtime_checkable
class Writable(Protocol):
    """A value that writes itself out in a language; it is told once and not kept."""

    def write_in(self, language: Language) -> str: ...


Fill = SlotValue | Writable


def load_language(code: str) -> Language:
    """Raises: Misconfigured when there are no template files of that language."""
    prompt_id = "narrative" if code == ENGLISH else f"narrative-{code}"
    return Language(load(prompt_id, PROMPT_VERSIONS.get(prompt_id, 1)))


def write_slot(language: Language, slot: Fill) -> str | int:
    """One value in the words of a language."""
    match slot:
        case str() | int():
            return slot
        case Percent(value):
            return language.write_figure(percent_text(value))
        case Points(value):
            return language.write_figure(decimal_text(points(value), 1))
        case Frequency(value_hz):
            return decimal_text(value_hz, 0)
        case Moment(time_s):
            return clock(time_s)
        case Length(length_s):
            return language.write_figure(seconds_text(length_s))
        case Span(start, end):
            return f"{write_slot(language, start)} {language.translate_word('to')} {write_slot(language, end)}"
        case Noun(name):
            return language.translate_word(name)
        case Because(reason, is_clause):
            message = reason.message.rstrip(". ") + "."
            own = message[:1].lower() + message[1:] if is_clause else message
            return language.translate_reason(reason) or own
        case Measured(measure, values):
            to = f" {language.translate_word('to')} "
            written = to.join(language.write_figure(acoustic_figure(measure, value)) for value in values)
            return f"{written} {language.translate_word(ACOUSTIC_FORMS[measure][1])}"
        case Changes(checks):
            *most, last = (language.translate_word(str(check)) for check in checks)
            return f" {language.translate_word('and')} ".join(filter(None, (", ".join(most), last)))
        case TrackName():
            return _write_track(language, slot)
        case _:
            return slot.write_in(language)


_LANGUAGES: Final = {
    "spa": "spanish", "eng": "english", "deu": "german", "ger": "german", "fra": "french", "fre": "french",
    "ita": "italian", "por": "portuguese", "rus": "russian", "ukr": "ukrainian", "pol": "polish", "tur": "turkish",
    "ara": "arabic", "hin": "hindi", "zho": "chinese", "chi": "chinese", "jpn": "japanese", "kor": "korean",
    "nld": "dutch", "dut": "dutch",
}  # fmt: skip
"""Tags of ISO 639-2; another tag stands for itself."""
MOST_SPANS: Final = 4
"""Of a voice, that a sentence names."""
_SIDES: Final = {1: "left channel", 2: "right channel"}


def _write_track(language: Language, track: TrackName) -> str:
    word = language.translate_word
    if track.part is CoveredKind.STILL:
        return word("photograph in front of the video")
    if track.part is CoveredKind.OTHER:
        return word("stream of another kind")
    if track.part is CoveredKind.VOICE:
        spans = [f"{clock(each.start_s)}–{clock(each.end_s)}" for each in track.spans]
        told = ", ".join(spans[:MOST_SPANS]) + (" …" if len(spans) > MOST_SPANS else "")
        return f"{word('voice')} {voice_letter(track.number)} ({told})"
    name = f"{word('picture track' if track.part is CoveredKind.PICTURE else 'sound track')} {track.number}"
    if track.language:
        name += f" ({word(_LANGUAGES.get(track.language, track.language))})"
    if track.channel is None:
        return name
    side = word(_SIDES[track.channel]) if track.channel in _SIDES else f"{word('channel')} {track.channel}"
    return f"{side} {word('of')} {name}"


def reword(narrative: Narrative, language: str) -> Narrative:
    """The same testimony in another language, worded by its own template files.

    A sentence of an earlier version, which does not hold its fact, makes the narrative stay as it is.
    """
    if language == narrative.language or language not in SPOKEN:
        return narrative
    words = load_language(language)
    told: list[Sentence] = []
    for each in narrative.sentences:
        if each.said is None or each.said.key not in words.prompt.sections:
            return narrative
        text = words.render(each.said.key, each.said.slots)
        told.append(each.model_copy(update={"text": text, "provenance": Provenance.TEMPLATE}))
    return narrative.model_copy(update={"sentences": tuple(told), "language": language})
