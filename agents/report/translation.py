"""The narrative in another language: the same facts, with their slots in that language's sentences.

No model takes part: the checker reads English, so only the template's own words are published in another language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.report.facts import Fact
from agents.report.slots import ENGLISH, load_language


def translate_facts(facts: Sequence[Fact], code: str) -> tuple[Fact, ...]:
    """The facts worded in a language; English ones are as they are.

    Raises: Misconfigured when there are no template files of that language.
    """
    if code == ENGLISH:
        return tuple(facts)
    language = load_language(code)
    return tuple(replace(fact, text=language.render(fact.key, fact.slots)) for fact in facts)
