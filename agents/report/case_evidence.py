"""Everything a narrative may rest on, and its evidence ids."""

from __future__ import annotations

from dataclasses import dataclass

from core.ports import CaseFile
from core.types import (
    AudioEvidence,
    Covered,
    Decision,
    Evidence,
    Explanation,
    MediaInfo,
    Plan,
    Stability,
    Verdict,
    VisualEvidence,
    cover,
    decide,
)


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """What one analysis has established, read once."""

    media: MediaInfo
    plan: Plan
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    stability: tuple[Stability, ...] = ()

    @property
    def visual(self) -> VisualEvidence | None:
        return next((each for each in self.evidence if isinstance(each, VisualEvidence)), None)

    @property
    def audio(self) -> AudioEvidence | None:
        return next((each for each in self.evidence if isinstance(each, AudioEvidence)), None)

    @property
    def decision(self) -> Decision:
        """What decided; the one account that facts, headline and answers are worded from."""
        return decide(self.verdict, self.evidence, self.media)

    @property
    def coverage(self) -> tuple[Covered, ...]:
        """What of the file was examined and what was not."""
        return cover(self.media, self.plan, self.evidence)


def read_case_evidence(
    case: CaseFile, analysis_id: str, plan: Plan, verdict: Verdict, stability: tuple[Stability, ...] = ()
) -> CaseEvidence:
    """
    Args:
        stability: what the checks came to, which are kept in the report alone.
    """
    return CaseEvidence(
        media=case.prepared(analysis_id).info,
        plan=plan,
        verdict=verdict,
        evidence=case.evidence(analysis_id),
        # Second opinions stand beside the report's own maps, not in their place.
        explanations=tuple(each for each in case.explanations(analysis_id) if getattr(each, "agreement", None) is None),
        stability=stability,
    )
