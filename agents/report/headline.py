"""The headline of a report, computed from the stored evidence and nothing else."""

from __future__ import annotations

from agents.report.case_evidence import CaseEvidence
from core.figures import percent, rounded
from core.types import Headline, Outcome, Scored
from prompts.headline import write_headline
from prompts.slots import ENGLISH


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
            "verdict": verdict.outcome.capitalize(),
            "confidence": confidence,
            "fake_frames": None if seen is None or seen.fake_frames_pct is None else rounded(seen.fake_frames_pct),
            "audio_score": percent(heard.finding.p_fake) if heard and isinstance(heard.finding, Scored) else None,
            "xai_summary": write_headline(case_evidence.decision, language),
            "heatmap_url": None,
        }
    )
