"""What the page says, in every language it speaks: one file of sentences a language, the same keys in each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api.http.language import LANGUAGES, wished

FOLDER: Final = Path(__file__).resolve().parent / "catalogues"
IN_BROWSER: Final = "js."
"""Keys that the scripts on the page need begin so."""


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
    return str(chosen) if chosen in LANGUAGES else wished(accepted) or LANGUAGES[0]
