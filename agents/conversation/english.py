"""Whether a text is English, by its small words: only to say plainly that answers are."""

from __future__ import annotations

import re
from typing import Final

from agents.conversation.phrasebook import load_phrasebook

ENGLISH: Final = "en"


def is_english(words: str) -> bool:
    """False when the small words speak for another language, or the script is not Latin.

    Args:
        words: lower case, without accents.
    """
    letters = [character for character in words if character.isalpha()]
    if letters and sum(character.isascii() for character in letters) < len(letters) / 2:
        return False
    by_language = load_phrasebook().small_words
    english = by_language[ENGLISH]
    others = frozenset().union(*by_language.values()) - english
    said = re.findall(r"[a-z']+", words)
    return sum(word in others for word in said) <= sum(word in english for word in said)
