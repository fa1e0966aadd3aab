"""What the page says, in every language it speaks: one file of sentences a language, the same keys in each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api.usecases.account import LANGUAGES

FOLDER: Final = Path(__file__).resolve().parent / "catalogues"
IN_BROWSER: Final = "js."
"""Keys that the scripts on the page need begin so."""

_WISH: Final = re.compile(r"([a-z]{1,8})(?:-[a-z0-9]{1,8})*(?:\s*;\s*q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    language: str
    sentences: dict[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence of this key. Raises: KeyError for a key or a value that is missing."""
        return self.sentences[key].format_map({name: str(value) for name, value in values.items()})

    def has(self, key: str) -> bool:
        return key in self.sentences

    def for_browser(self) -> dict[str, str]:
        return {
            key.removeprefix(IN_BROWSER): text for key, text in self.sentences.items() if key.startswith(IN_BROWSER)
        }


@cache
def catalogue(language: str) -> Catalogue:
    return Catalogue(language, json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")))


def preferred(chosen: str | None, accepted: str) -> str:
    """The language to speak: the chosen one, else the best of an Accept-Language header, else the first."""
    if chosen in LANGUAGES:
        return str(chosen)
    wishes = [(float(quality or 1), name.lower()) for name, quality in _WISH.findall(accepted[:200])]
    spoken = [(quality, name) for quality, name in wishes if name in LANGUAGES and quality > 0]
    return max(spoken, key=lambda wish: wish[0])[1] if spoken else LANGUAGES[0]
