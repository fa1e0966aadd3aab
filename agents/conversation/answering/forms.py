"""How every topic is answered, read from `forms.yaml` and checked against the prompt that words it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agents.conversation.answering.phrasing import load_answers
from agents.conversation.understanding.topics import Topic
from core.errors import Misconfigured
from prompts.slots import ENGLISH

FILE: Final = Path(__file__).with_name("forms.yaml")


class Lead(BaseModel):
    """A first sentence, and when it is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marks: str = Field("", alias="if")
    says: str
    cites: str = "verdict"
    states: Literal["fake", "clean", ""] = ""

    def holds(self, marks: set[str]) -> bool:
        return all((mark.lstrip("!") in marks) is not mark.startswith("!") for mark in self.marks.split())


class Form(BaseModel):
    """How one topic is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead: tuple[Lead, ...] = ()
    more: tuple[str, ...] = ()
    most: int = 3
    """Supporting sentences that are told at once."""
    of_case: bool = False
    declined: bool = False
    nothing: bool = False
    of_all_parts: bool = False


_FORMS: Final = TypeAdapter(dict[Topic, Form])


@cache
def load_forms() -> Mapping[Topic, Form]:
    """Raises: Misconfigured("forms_invalid") when a topic has no form, or a form a sentence that is not worded."""
    try:
        forms = _FORMS.validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise Misconfigured("forms_invalid", f"The forms of answers cannot be read: {error}") from error
    said = {lead.says for form in forms.values() for lead in form.lead}
    said |= {each[1:].partition("@")[0] for form in forms.values() for each in form.more if each.startswith("=")}
    faults = [f"topic {topic}" for topic in set(Topic) - set(forms)]
    faults += [f"sentence {key}" for key in said - set(load_answers(ENGLISH).prompt.sections)]
    if faults:
        raise Misconfigured("forms_invalid", f"The forms of answers lack: {', '.join(sorted(faults))}.")
    return forms
