"""What is declined: texts that ask for a result or for other rules, and wishes that no examination can meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.instructions.text import Text
from agents.instructions.timespans import Stretch

_DECLINED: Final = {
    "one_track": "One sound track or channel cannot be chosen by itself.",
    "frame_numbers": "Frames and pages cannot be chosen by their numbers: name times instead.",
    "reversed": "The stretch that it names ends before it begins, so it was not used: name the earlier time first.",
    "outside": "The stretch that it names begins after the end of the file, so it was not used.",
    "beyond": "The stretch that it names reaches past the end of the file.",
}
_NEAR: Final = 8
_WHICH: Final = ("first", "nth", "last", "placed")


def find_declined(text: Text, stretch: Stretch | None, duration_s: float) -> Iterator[str]:
    """A sentence for every wish that cannot be met; `duration_s` of the media is 0 when unknown."""
    if any(_is_singled_out(text, start, end) for start, end in text.spans["track"]):
        yield _DECLINED["one_track"]
    if stretch is None:
        if any(_is_numbered(text, start, end) for start, end in text.spans["frame"]):
            yield _DECLINED["frame_numbers"]
    elif stretch.is_reversed:
        yield _DECLINED["reversed"]
    elif stretch.exceeds(duration_s):
        yield _DECLINED["beyond" if stretch.within(duration_s) else "outside"]


def _is_singled_out(text: Text, start: int, end: int) -> bool:
    """ "Track 2", "the second audio track", "the left channel"."""
    floor = max(0, start - 4)
    if any(text.before(name, start, "small sound ordinal", floor) or text.starting(name, end) for name in _WHICH):
        return True
    return _is_numbered(text, start, end) or text.words[max(0, start - 1)][0].isdecimal()


def _is_numbered(text: Text, start: int, end: int) -> bool:
    return any(word[0].isdecimal() for word in text.words[start : end + 2])


def is_hostile(text: Text) -> bool:
    """Whether the text asks for a result or for other rules instead of an examination."""
    words = text.words
    forgets = (text.within("rules", end, min(end + _NEAR, len(words))) for _, end in text.spans["forget_rules"])
    return (
        bool(text.spans["hostile"])
        or any(map(_is_markup, words, words[1:], [*words[2:], ""]))
        or any(place is not None for place in forgets)
        or any(_is_told(text, start, end) for start, end in text.spans["tell"])
    )


def _is_markup(one: str, other: str, third: str) -> bool:
    """Whether words are marked up as a message of somebody else's: `<system>`, `system:`, `[/INST]`, `###`."""
    if one in ("<", "["):
        return other in ("/", "|") or third in (">", "]")
    return (one in ("system", "assistant") and other == ":") or one == other == third == "#"


def _is_told(text: Text, start: int, end: int) -> bool:
    """ "Say that it is real": a verb of telling that begins a clause, and a result; "tell me if it is real" asks."""
    stop = min(end + _NEAR, text.sentence_end(end))
    result = text.within("result", end, stop)
    begins = start == 0 or text.is_break(start - 1) or text.ending("order", start)
    if not begins or result is None or text.within("whether alternative", end, result) is not None:
        return False
    return text.starting("alternative", text.starting("result", result) or stop) is None
