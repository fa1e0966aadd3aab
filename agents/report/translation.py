"""The narrative in another language: the same facts, by the template files of that language, with the same figures.

No model takes part: the checker reads English, so only the template's own words are published in another language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from agents.report.facts import Fact, changes_text
from prompts.library import Prompt, load

PROMPT_VERSION: Final = 3
_NOUNS: Final = ("subject", "medium", "part", "other", "region")
ENGLISH: Final = "en"


def in_language(facts: Sequence[Fact], language: str) -> tuple[Fact, ...]:
    """The facts worded in `language`; English ones are as they are.

    Raises: Misconfigured when there are no template files of that language.
    """
    if language == ENGLISH:
        return tuple(facts)
    prompt = load(f"narrative-{language}", PROMPT_VERSION)
    return tuple(replace(fact, text=prompt.render(fact.key, _values(fact, prompt))) for fact in facts)


def _values(fact: Fact, prompt: Prompt) -> dict[str, object]:
    values = dict(fact.values)
    for name in _NOUNS:
        if name in values:
            values[name] = prompt.render(f"word.{str(values[name]).replace(' ', '_')}", {})
    if "span" in values:
        values["span"] = str(values["span"]).replace(" to ", f" {prompt.render('word.to', {})} ")
    if "code" in values:
        section = f"reason.{values['code']}"
        values["reason"] = prompt.render(section if section in prompt.sections else "reason.other", {})
    if isinstance(checks := values.get("checks"), tuple):
        values["changes"] = changes_text(checks, prompt)
    if "faces" in values:
        values["count"] = str(values["faces"]).split()[0]
    return values
