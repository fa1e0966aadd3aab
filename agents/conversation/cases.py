"""What a conversation may look at: the analyses that it is about, each read once, and nothing beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.report import CaseEvidence, read_case_evidence
from core.errors import Rejected
from core.ports import CaseFile
from core.types import Analysis, Artefact, Modality, Report


@dataclass(frozen=True, slots=True)
class DetectorErrorRates:
    """How the thresholds of a detector were set; supports a statement of how often it errs, and on what."""

    version: str
    false_alarm_rate: float
    miss_rate: float
    population: str


ErrorRates = Mapping[Modality, DetectorErrorRates]


@dataclass(frozen=True, slots=True)
class Case:
    """One analysis of a conversation. Without evidence it has no verdict yet, or never will."""

    number: int
    """The place in the conversation, from 1; people call it file 1."""
    analysis: Analysis
    case_evidence: CaseEvidence | None = None
    report: Report | None = None
    artefacts: tuple[Artefact, ...] = ()


def read_cases(file: CaseFile, analysis_ids: Sequence[str], owner_id: str) -> tuple[Case, ...]:
    """The cases of one owner. What is gone, or somebody else's, is not among them."""
    cases = []
    for number, analysis_id in enumerate(analysis_ids, start=1):
        try:
            analysis = file.analysis(analysis_id)
        except Rejected:
            continue
        if analysis.owner_id != owner_id:
            continue
        plan, report = file.plan(analysis_id), file.report(analysis_id)
        case_evidence = None
        if analysis.verdict is not None and plan is not None:
            stability = () if report is None else report.stability
            case_evidence = read_case_evidence(file, analysis_id, plan, analysis.verdict, stability)
        cases.append(Case(number, analysis, case_evidence, report, file.artefacts(analysis_id)))
    return tuple(cases)
