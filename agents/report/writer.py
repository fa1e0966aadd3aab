"""The writer's port, its template implementation, and the choice between writers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from agents.report.facts import Fact
from core.types import LlmCall, Provenance, Reason


@dataclass(frozen=True, slots=True)
class Wording:
    """How one fact was worded. `provenance` says by whom; a template's wording needs no check."""

    fact: Fact
    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Draft:
    """A narrative before it is checked: one wording for each fact, in order."""

    wordings: tuple[Wording, ...]
    calls: tuple[LlmCall, ...] = ()
    notes: tuple[Reason, ...] = ()


class Writer(Protocol):
    """Words facts. Never raises for a model's faults: what it cannot word stays in template words."""

    def write(self, facts: tuple[Fact, ...]) -> Draft: ...


class TemplateWriter:
    """The narrative that needs no model: every fact in its template sentence."""

    def write(self, facts: tuple[Fact, ...]) -> Draft:
        return Draft(tuple(Wording(fact, fact.text, Provenance.TEMPLATE) for fact in facts))
