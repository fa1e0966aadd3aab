"""Assembles the report: the stored evidence, the headline computed from it, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.report.case_evidence import CaseEvidence
from core.figures import clock_range, percent, percent_text, rounded
from core.types import (
    Analysis,
    Artefact,
    AudioSegment,
    Headline,
    LlmCall,
    Manifest,
    MediaKind,
    Modality,
    Narrative,
    Outcome,
    Report,
    Scored,
    VisualSegment,
)
from prompts.library import load

PROMPT_ID: Final = "headline"
PROMPT_VERSION: Final = 1

_LABEL: Final[dict[Outcome, str]] = {
    Outcome.FAKE: "Fake",
    Outcome.REAL: "Real",
    Outcome.INCONCLUSIVE: "Inconclusive",
}


def compose_headline(case_evidence: CaseEvidence) -> Headline:
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
            "xai_summary": _summarise(case_evidence),
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
        headline=compose_headline(case_evidence),
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


def _summarise(case_evidence: CaseEvidence) -> str:
    verdict = case_evidence.verdict
    if verdict.outcome is Outcome.INCONCLUSIVE:
        reason = verdict.reasons[0].message
        why = reason[:1].lower() + reason[1:].rstrip(". ")
        if verdict.p_fake is None:
            return _render_line("inconclusive", reason=why)
        return _render_line("inconclusive.scored", reason=why, percent=percent_text(verdict.p_fake))
    if verdict.outcome is Outcome.REAL:
        parts = {
            item.modality
            for item in case_evidence.evidence
            if isinstance(item.finding, Scored) and item.finding.outcome is Outcome.REAL
        }
        named = "faces and the voice" if len(parts) == 2 else "faces" if Modality.VISUAL in parts else "voice"
        return _render_line("real", subject=named)
    seen, heard = case_evidence.visual, case_evidence.audio
    if seen is not None and isinstance(seen.finding, Scored) and seen.finding.outcome is Outcome.FAKE:
        if seen.segments and case_evidence.media.kind is MediaKind.VIDEO:
            return _render_line("fake.face_segments", stretches=len(seen.segments), span=_name_strongest(seen.segments))
        return _render_line("fake.face", image=case_evidence.media.kind is MediaKind.IMAGE)
    if heard is not None and isinstance(heard.finding, Scored) and heard.finding.outcome is Outcome.FAKE:
        if heard.segments:
            return _render_line(
                "fake.voice_segments", stretches=len(heard.segments), span=_name_strongest(heard.segments)
            )
        return _render_line("fake.voice")
    return _render_line("fake.combined")


def _name_strongest(segments: Sequence[VisualSegment | AudioSegment]) -> str:
    strongest = max(segments, key=lambda segment: segment.p_fake)
    return clock_range(strongest.start_s, strongest.end_s)


def _render_line(section: str, **values: object) -> str:
    return load(PROMPT_ID, PROMPT_VERSION).render(section, values)
