"""A question put to one analysis, and what every answer begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.conversation.cases import Case, Grades
from agents.conversation.phrasing import say
from agents.conversation.question import Question
from agents.report.case_evidence import Dossier
from agents.report.facts import Fact, collect_facts
from agents.report.slots import Noun
from core.types import (
    AnalysisStatus,
    Modality,
)

PART: Final = {Modality.VISUAL: "faces", Modality.AUDIO: "voice"}
STREAM: Final = {Modality.VISUAL: "picture", Modality.AUDIO: "sound"}


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question put to one analysis."""

    question: Question
    case: Case
    dossier: Dossier
    grades: Grades


def status_of(case: Case) -> Fact:
    analysis = case.analysis
    if analysis.status is AnalysisStatus.FAILED:
        return say("status.failed", ("analysis",))
    if analysis.status is AnalysisStatus.CANCELLED:
        return say("status.cancelled", ("analysis",))
    if analysis.stage is None:
        return say("status.waiting", ("analysis",))
    return say("status.running", ("analysis",), stage=str(analysis.stage))


def told(dossier: Dossier, *prefixes: str) -> list[Fact]:
    """The report's own facts of these kinds, in its order."""
    return [fact for fact in collect_facts(dossier) if any(_is_of(fact.key, prefix) for prefix in prefixes)]


def _is_of(key: str, prefix: str) -> bool:
    return key == prefix or key.startswith(f"{prefix}.")


def absent(dossier: Dossier, modality: Modality) -> Iterator[Fact]:
    """That a modality was not examined, and why if the plan says so."""
    stream = STREAM[modality]
    said = [fact for fact in told(dossier, "unexamined.masked") if fact.slots["part"] == Noun(stream)]
    yield from said or [say(f"{PART[modality]}.none", ("plan",))]
