"""How every topic is answered, read from `forms.yaml` and checked against the prompt that words it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.conversation.answering.phrasing import load_answers
from agents.conversation.understanding.topics import Topic
from agents.report import ENGLISH
from core.errors import Misconfigured

FILE: Final = Path(__file__).with_name("forms.yaml")
ACTED_ON: Final = frozenset({Topic.AGAIN, Topic.CONFIRM})
"""What is done and not told: `agents.conversation.proposals` answers it."""


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
    most: int | None = None
    of_case: bool = False
    declined: bool = False
    nothing: bool = False


class Forms(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    most: int
    forms: dict[Topic, Form]

    def most_of(self, topic: Topic) -> int:
        """Supporting sentences that are told at once."""
        own = self.forms[topic].most if topic in self.forms else None
        return self.most if own is None else own


@cache
def load_forms() -> Forms:
    """Raises: Misconfigured("forms_invalid") when a topic has no form, or a form a sentence that is not worded."""
    try:
        forms = Forms.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise Misconfigured("forms_invalid", f"The forms of answers cannot be read: {error}") from error
    said = {lead.says for form in forms.forms.values() for lead in form.lead}
    said |= {each[1:].partition("@")[0] for form in forms.forms.values() for each in form.more if each.startswith("=")}
    faults = [f"topic {topic}" for topic in set(Topic) - ACTED_ON - set(forms.forms)]
    faults += [f"sentence {key}" for key in said - set(load_answers(ENGLISH).prompt.sections)]
    if faults:
        raise Misconfigured("forms_invalid", f"The forms of answers lack: {', '.join(sorted(faults))}.")
    return forms


def is_declined(topic: Topic) -> bool:
    """Whether the evidence cannot answer it; said plainly."""
    return topic in load_forms().forms and load_forms().forms[topic].declined


def is_of_case(topic: Topic) -> bool:
    """Whether it is answered from the evidence of one analysis."""
    return topic in load_forms().forms and load_forms().forms[topic].of_case
