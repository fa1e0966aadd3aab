"""In which language a text is, by its small words: answers are given in it where they can be."""

from __future__ import annotations

import re
from typing import Final

from agents.conversation.understanding.phrasebook import load_phrasebook

ENGLISH: Final = "en"
OTHER: Final = "other"
"""A script that is not Latin: none that answers are given in."""


def find_language(words: str, otherwise: str = ENGLISH) -> str:
    """The code of the language whose small words are the most.

    Args:
        words: lower case, without accents.
        otherwise: what to say of a text without small words; also the language that wins a tie.
    """
    letters = [character for character in words if character.isalpha()]
    if letters and sum(character.isascii() for character in letters) < len(letters) / 2:
        return OTHER
    said = re.findall(r"[a-z]+", words)
    counts = {code: sum(word in small for word in said) for code, small in load_phrasebook().small_words.items()}
    if not any(counts.values()):
        return otherwise
    return max(counts, key=lambda code: (counts[code], code == otherwise, code == ENGLISH))
