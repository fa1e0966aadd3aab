"""Text brought to one spelling, lower case without accents, and cut into words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FOLDED: Final = str.maketrans(
    {"’": "'", "`": "'", "´": "'", "ß": "ss", "ł": "l", "œ": "oe", "æ": "ae", "ø": "o", "ı": "i", "ς": "σ"}
)
_WORD: Final = re.compile(
    r"\d+(?::\d\d)+(?:[.,]\d+)?(?![\d:])|\d+(?:[.,]\d+)?"  # a clock, a number
    r"|[\u0900-\u097f]+|[\u3040-\u30ff\u3400-\u9fff]"  # Devanagari words; Chinese and Japanese, sign by sign
    r"|[^\W\d_]+'(?:t|s|re|ve|ll|m|d)(?!\w)|[^\W\d_]+'(?=[^\W\d_])|[^\W\d_]+"  # don't; l' and qu'
    r"|(?<![^\W\d_])[-–—~]+|[-–—~]+(?![^\W\d_])|->|→|[^\w\s'-]"  # a dash unless it joins two words; other marks
)


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and blanks straightened."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED).replace("você", "tu")
    decomposed = unicodedata.normalize("NFKD", folded)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


def split_words(words: str) -> list[str]:
    """The words, numbers and marks of a plain text; `_` and a stray apostrophe are none."""
    return _WORD.findall(words.replace("w/o ", "without "))
