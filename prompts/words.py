"""The words of a document in one language: its own sections, and the reasons as the narrative words them."""

from __future__ import annotations

from typing import Final

from core.types import Reason
from prompts.authored import translate
from prompts.library import Prompt, load
from prompts.slots import load_language

LANGUAGES: Final = ("en", "de", "fr")
DOCUMENT_VERSIONS: Final = {"en": ("document", 3), "de": ("document-de", 3), "fr": ("document-fr", 3)}


class Words:
    """An unknown language is told in English."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"
        self._document: Prompt = load(*DOCUMENT_VERSIONS[self.language])
        self._narrative: Prompt = load_language(self.language).prompt

    def say(self, section: str, **values: object) -> str:
        """Raises: KeyError for an unknown section; jinja2.UndefinedError for a value that is missing."""
        return self._document.render(section, values)

    def has(self, section: str) -> bool:
        return section in self._document.sections

    def figure(self, text: str) -> str:
        """A figure with the decimal mark of the language."""
        return text if self.language == "en" else text.replace(".", ",")

    def authored(self, text: str) -> str:
        """A sentence that the service wrote in English while it worked."""
        return translate(text, self.language)

    def reason(self, reason: Reason) -> str:
        """An authored reason as a sentence: word for word in English, by its code in the other languages."""
        section = f"reason.{reason.code}"
        if self.language == "en" or section not in self._narrative.sections:
            return self.authored(reason.message)
        text = self._narrative.render(section, {})
        return text[:1].upper() + text[1:]
