"""Holds every sentence to its evidence: what was not worded by the template is replaced by the template's sentence."""

from __future__ import annotations

from agents.writer import Draft
from core.types import Provenance, Sentence


def ruled(draft: Draft) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(text=each.fact.text, citations=each.fact.citations, provenance=Provenance.TEMPLATE)
        for each in draft.wordings
    )
