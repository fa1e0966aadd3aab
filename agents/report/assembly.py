"""Assembles the report: the stored evidence, the headline computed from it, and nothing else."""

from __future__ import annotations

from typing import Final

from agents.report.case_evidence import CaseEvidence
from core.figures import percent, rounded
from core.types import Analysis, Artefact, Headline, LlmCall, Manifest, Narrative, Outcome, Report, Scored
from prompts.headline import write_headline
from prompts.slots import ENGLISH

_LABEL: Final[dict[Outcome, str]] = {
    Outcome.FAKE: "Fake",
    Outcome.REAL: "Real",
    Outcome.INCONCLUSIVE: "Inconclusive",
}


def compose_headline(case_evidence: CaseEvidence, language: str = ENGLISH) -> Headline:
    """The owner's fields. `confidence` is in the verdict that is given; an inconclusive one has none."""
    verdict, heard, seen = case_evidence.verdict, case_evidence.audio, case_evidence.visual
    confidence: float | None = None
    if verdict.p_fake is not None and verdict.outcome is Outcome.FAKE:
        confidence = percent(verdict.p_fake)
    elif verdict.p_fake is not None and verdict.outcome is Outcome.REAL:
        confidence = percent(1.0 - verdict.p_fake)
    return Headline.model_validate(
        {
            "verdict": _LABEL[verdict.outcome],
            "confidence": confidence,
            "fake_frames": None if seen is None or seen.fake_frames_pct is None else rounded(seen.fake_frames_pct),
            "audio_score": percent(heard.finding.p_fake) if heard and isinstance(heard.finding, Scored) else None,
            "xai_summary": write_headline(case_evidence.decision, language),
            "heatmap_url": None,
        }
    )


def assemble_report(
    analysis: Analysis,
    case_evidence: CaseEvidence,
    *,
    artefacts: tuple[Artefact, ...],
    narrative: Narrative,
    llm_calls: tuple[LlmCall, ...],
    manifest: Manifest,
) -> Report:
    return Report(
        analysis_id=analysis.id,
        file_name=analysis.file_name,
        headline=compose_headline(case_evidence, narrative.language),
        media=case_evidence.media,
        plan=case_evidence.plan,
        verdict=case_evidence.verdict,
        evidence=case_evidence.evidence,
        explanations=case_evidence.explanations,
        artefacts=artefacts,
        narrative=narrative,
        llm_calls=llm_calls,
        stability=case_evidence.stability,
        manifest=manifest,
    )
