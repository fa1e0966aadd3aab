"""Is the evidence enough, or are further frames worth their cost? Plain rules over stored evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.settings import SamplingSettings
from core.types import (
    AudioEvidence,
    Evidence,
    FrameScore,
    MediaInfo,
    MediaKind,
    Modality,
    Outcome,
    Plan,
    Scored,
    TimeRange,
    Verdict,
    VisualEvidence,
)

THIN_FACE_FRAMES: Final = 8
"""Fewer frames with a face than this is thin evidence, if more can be had."""
SPARSE_INTERVAL_S: Final = 0.5
"""Frames closer together than this add next to nothing."""
REACH_INTERVALS: Final = 1.5
"""A stretch looked at more densely reaches this many sampling intervals beyond its frames."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What to look at again, if anything, and why."""

    again: TimeRange | None
    budget: int
    why: str

    @property
    def is_enough(self) -> bool:
        return self.again is None


def assess(
    media: MediaInfo,
    plan: Plan,
    evidence: Sequence[Evidence],
    verdict: Verdict,
    sampling: SamplingSettings,
    *,
    dense_rounds: int,
) -> Assessment:
    """Whether the evidence is enough.

    Args:
        evidence: of all modalities of the plan, over all frames examined so far.
        verdict: what this evidence would amount to if nothing followed.
        dense_rounds: how often frames were already added; one round is the most.
    """
    seen = next((each for each in evidence if isinstance(each, VisualEvidence)), None)
    if seen is None or Modality.VISUAL not in plan.paths or media.kind is not MediaKind.VIDEO:
        return _enough("There are no further frames to look at.")
    if dense_rounds > 0:
        return _enough("The frames were already looked at more densely once.")
    span = plan.range_s or TimeRange(start_s=0.0, end_s=media.duration_s)
    interval_s = (span.end_s - span.start_s) / max(1, seen.coverage.frames_sampled)
    if interval_s < SPARSE_INTERVAL_S:
        return _enough("The frames are already close together.")
    budget = sampling.dense_frame_budget
    if seen.coverage.frames_with_face < THIN_FACE_FRAMES:
        return Assessment(span, budget, "Few frames show a face, so further frames are sampled.")
    if not isinstance(seen.finding, Scored):
        return _enough("The faces that were found cannot be scored, and further frames would not change that.")
    if _contradicted(evidence):
        return Assessment(
            _around(_most_suspicious(seen), span, interval_s),
            budget,
            "Picture and sound disagree, so the most suspicious stretch is sampled more densely.",
        )
    if verdict.outcome is Outcome.INCONCLUSIVE or seen.finding.outcome is Outcome.INCONCLUSIVE:
        return Assessment(
            _around(_most_suspicious(seen), span, interval_s),
            budget,
            "The faces leave it open, so the most suspicious stretch is sampled more densely.",
        )
    if seen.finding.outcome is Outcome.REAL and seen.segments:
        return Assessment(
            _around(_most_suspicious(seen), span, interval_s),
            budget,
            "A stretch stands out from unremarkable faces, so it is sampled more densely.",
        )
    return _enough("The evidence is clear.")


def _enough(why: str) -> Assessment:
    return Assessment(None, 0, why)


def _contradicted(evidence: Sequence[Evidence]) -> bool:
    outcomes = {each.finding.outcome for each in evidence if isinstance(each.finding, Scored)}
    has_voice = any(isinstance(each, AudioEvidence) for each in evidence)
    return has_voice and {Outcome.FAKE, Outcome.REAL} <= outcomes


def _most_suspicious(seen: VisualEvidence) -> TimeRange:
    """The strongest segment, else the time of the highest-scoring face."""
    if seen.segments:
        strongest = max(seen.segments, key=lambda segment: segment.p_fake)
        return TimeRange(start_s=strongest.start_s, end_s=strongest.end_s)
    frames: list[FrameScore] = [frame for track in seen.tracks for frame in track.frames]
    peak = max(frames, key=lambda frame: frame.p_fake * frame.quality)
    return TimeRange(start_s=peak.time_s, end_s=peak.time_s)


def _around(stretch: TimeRange, span: TimeRange, interval_s: float) -> TimeRange:
    reach = REACH_INTERVALS * interval_s
    start_s = max(span.start_s, stretch.start_s - reach)
    return TimeRange(start_s=start_s, end_s=max(start_s, min(span.end_s, stretch.end_s + reach)))
