"""Misspelt words for picture and sound, put right where an instruction names neither."""

from __future__ import annotations

import re
from typing import Final

from agents.instructions.lexicon import GENERAL, HEARD, SEEN
from agents.instructions.spelling import one_slip_apart

_OFTEN_MISSPELT: Final = (
    *("face", "faces", "voice", "voices", "audio", "sound", "speech", "picture", "image", "visual", "mouth", "listen"),
    *("gesicht", "stimme", "visage", "visages", "rostro", "volto", "sonido", "suono", "geluid", "gezicht", "twarz"),
    *("dzwiek", "imagen", "imagem", "immagine"),
)
_NO_SLIPS: Final = (
    *("month", "months", "moths", "facts", "fades", "faked", "imagine", "listed", "gericht", "gedicht", "gewicht"),
    *("volta", "nostro"),
)
"""Words of their own, one letter from those."""


def corrected(words: str) -> str | None:
    """Misspelt words for picture and sound put right, others left alone; None when there is nothing to put right."""
    written = re.findall(r"[\w']+|[^\w\s]", words)
    meant = [_respelt(word) for word in written]
    return None if meant == written else " ".join(meant)


def _respelt(word: str) -> str:
    if len(word) < 4 or word in _NO_SLIPS or GENERAL.fullmatch(word) or SEEN.search(word) or HEARD.search(word):
        return word
    return next((meant for meant in _OFTEN_MISSPELT if _is_slip(word, meant)), word)


def _is_slip(written: str, meant: str) -> bool:
    """One letter wrong, missing, doubled or swapped with the next; never the first; in a short word, swaps alone."""
    is_near = written[0] == meant[0] and one_slip_apart(written, meant)
    return is_near and (len(meant) >= 5 or sorted(written) == sorted(meant))
