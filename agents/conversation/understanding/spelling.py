"""Reads misspelt words as the words that people ask with: `fkae` is fake, `vioce` is voice."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from agents.conversation.understanding.phrasebook import load_phrasebook

_LONG_WORD: Final = re.compile(r"[a-z]{4,}")


def correct_spelling(words: str) -> str:
    """The text with each word that is one slip away from a known one read as that; others as they are.

    Args:
        words: lower case, without accents.
    """
    return _LONG_WORD.sub(lambda found: _correct(found.group()), words)


@cache
def _correct(word: str) -> str:
    """A slip is one letter too many, too few or another, or two neighbours swapped."""
    known = load_phrasebook().spelled
    if word in known:
        return word
    near = [each for each in known if abs(len(each) - len(word)) <= 1 and OSA.distance(word, each) <= 1]
    return near[0] if len(near) == 1 else word
