"""Reads misspelt words as the words that people ask with: `fkae` is fake, `vioce` is voice."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from agents.instructions import is_one_slip


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS: Final = _listed(
    """fake real video voice face faces when where which what with sure score verdict manipulated manipulation synthetic
    heatmap summary summarise threshold reliable compare model frames audio sound speech genuine authentic deepfake
    altered confidence probability certain evidence reason explain region mouth eyes checked examined version detector
    resolution duration length seconds minute people person report download should publish lying made created software
    analyse analyze again second first result trust prove accurate mistake wrong weight plan missing timestamp echt
    gesicht stimme warum sicher gefalscht"""
)
LEAST_LETTERS: Final = 4


def corrected(words: str) -> str:
    """The text with each word that is one slip away from a known one read as that; others as they are.

    Args:
        words: lower case, without accents.
    """
    return re.sub(r"[a-z]{4,}", lambda found: _corrected(found.group()), words)


@cache
def _corrected(word: str) -> str:
    if word in _WORDS:
        return word
    near = [known for known in sorted(_WORDS) if len(known) >= LEAST_LETTERS and is_one_slip(word, known)]
    return near[0] if len(near) == 1 else word
