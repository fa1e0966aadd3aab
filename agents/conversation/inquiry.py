"""A question put to one analysis, and what every answer begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.conversation.cases import Case, ErrorRates
from agents.conversation.phrasing import word_answer
from agents.conversation.question import Question
from agents.report import CaseEvidence, Fact, Noun, collect_facts
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
    case_evidence: CaseEvidence
    grades: ErrorRates


def describe_status(case: Case) -> Fact:
    analysis = case.analysis
    if analysis.status is AnalysisStatus.FAILED:
        return word_answer("status.failed", ("analysis",))
    if analysis.status is AnalysisStatus.CANCELLED:
        return word_answer("status.cancelled", ("analysis",))
    if analysis.stage is None:
        return word_answer("status.waiting", ("analysis",))
    return word_answer("status.running", ("analysis",), stage=str(analysis.stage))


def select_facts(case_evidence: CaseEvidence, *prefixes: str) -> list[Fact]:
    """The report's own facts of these kinds, in its order."""
    return [fact for fact in collect_facts(case_evidence) if any(_is_of(fact.key, prefix) for prefix in prefixes)]


def _is_of(key: str, prefix: str) -> bool:
    return key == prefix or key.startswith(f"{prefix}.")


def explain_absence(case_evidence: CaseEvidence, modality: Modality) -> Iterator[Fact]:
    """That a modality was not examined, and why if the plan says so."""
    stream = STREAM[modality]
    said = [fact for fact in select_facts(case_evidence, "unexamined.masked") if fact.slots["part"] == Noun(stream)]
    yield from said or [word_answer(f"{PART[modality]}.none", ("plan",))]
