"""The testimony in words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from core.types.base import Frozen
from core.types.vocabulary import Reason


class Provenance(StrEnum):
    LLM = "llm"
    TEMPLATE = "template"


class Sentence(Frozen):
    """One sentence of testimony and the evidence ids it stands on."""

    text: str
    citations: Annotated[tuple[str, ...], Field(min_length=1)]
    provenance: Provenance


class Narrative(Frozen):
    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    language: str = "en"
    notes: tuple[Reason, ...] = ()
