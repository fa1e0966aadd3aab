"""Texts that ask for a result or for other rules, and for no examination."""

from __future__ import annotations

from typing import Final

from agents.instructions.text import Text

_NEAR: Final = 8


def is_hostile(text: Text) -> bool:
    """Whether the text asks for a result or for other rules instead of an examination."""
    words = text.words
    forgets = (text.within("rules", end, min(end + _NEAR, len(words))) for _, end in text.spans["forget_rules"])
    return (
        bool(text.spans["hostile"])
        or any(map(_is_markup, words, words[1:], [*words[2:], ""]))
        or any(place is not None for place in forgets)
        or any(_is_dictated(text, end) for _, end in text.spans["figure"])
        or any(_is_told(text, start, end) for start, end in text.spans["tell"])
    )


def _is_markup(one: str, other: str, third: str) -> bool:
    """Whether words are marked up as a message of somebody else's: `<system>`, `system:`, `[/INST]`, `###`."""
    if one in ("<", "["):
        return other in ("/", "|") or third in (">", "]")
    return (one in ("system", "assistant") and other == ":") or one == other == third == "#"


def _is_dictated(text: Text, end: int) -> bool:
    """ "verdict: real", "score = 0"."""
    mark, value = [*text.words[end : end + 2], "", ""][:2]
    return mark in (":", "=") and (value[:1].isdigit() or text.starting("result", end + 1) is not None)


def _is_told(text: Text, start: int, end: int) -> bool:
    """ "Say that it is real": a verb of telling that begins a clause, and a result; "tell me if it is real" asks."""
    stop = min(end + _NEAR, text.sentence_end(end))
    result = text.within("result", end, stop)
    begins = start == 0 or text.is_break(start - 1) or text.ending("order", start)
    if not begins or result is None or text.within("whether alternative", end, result) is not None:
        return False
    return text.starting("alternative", text.starting("result", result) or stop) is None
