"""Is the evidence enough, or are further frames worth their cost? Plain rules over stored evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from agents.report import rests_on_little
from core.media import is_long
from core.types import (
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

SPARSE_INTERVAL_S: Final = 0.5
"""Frames closer together than this add next to nothing."""
REACH_INTERVALS: Final = 1.5
"""A stretch looked at more densely reaches this many sampling intervals beyond its frames."""
CLEAR_MARGIN: Final = 0.1
"""So far beyond its threshold a score is not turned by the frames that are left; so near to it a closer look is worth
its cost."""
CLOSE_INTERVAL_S: Final = 1.0
"""Unremarkable faces are believed early only when the frames lie this close: what is short must not slip through."""
WIDE_INTERVAL_S: Final = 2.0
"""From here on a face can come and go between two frames."""
ROUNDS: Final = 2
"""The frames that may be added are spent in this many goes, each where the last one points."""
_SAME_FACES: Final = "No other stretch stands out, and further frames of the same faces add next to nothing."


@dataclass(frozen=True, slots=True)
class Assessment:
    """What to look at next, if anything, and why."""

    again: TimeRange | None
    budget: int
    is_denser: bool
    """Whether frames are to be taken that the plan did not hold; else those that it holds and that are left."""
    why: str


def assess(
    media: MediaInfo, plan: Plan, evidence: Sequence[Evidence], verdict: Verdict, *, looked: int, added: int
) -> Assessment:
    """Whether the evidence is enough.

    Args:
        evidence: of all modalities of the plan, over all frames examined so far.
        verdict: what this evidence would amount to if nothing followed.
        looked: frames examined of those the plan began with.
        added: frames taken since; `plan.further_frames` at most.
    """
    seen = next((each for each in evidence if isinstance(each, VisualEvidence)), None)
    if seen is None or Modality.VISUAL not in plan.paths or media.kind is not MediaKind.VIDEO:
        return _enough("There are no further frames to look at.")
    span = plan.range_s or TimeRange(start_s=0.0, end_s=media.duration_s)
    interval_s = (span.end_s - span.start_s) / max(1, seen.coverage.frames_sampled)
    left = plan.frame_budget - looked
    if added == 0 and left > 0:
        if _is_clear(seen, evidence, verdict, interval_s):
            return _enough(f"The evidence is clear after {seen.coverage.frames_sampled} frames.")
        if _stays_open(seen, evidence, verdict):
            return _enough(_SAME_FACES)
        return Assessment(span, left, False, "The first frames do not settle it, so the others are examined too.")
    if interval_s < SPARSE_INTERVAL_S:
        return _enough("The frames are already close together.")
    budget = min(plan.further_frames - added, -(-plan.further_frames // ROUNDS))
    if budget <= 0:
        return _enough("The frames that the plan allows for were spent.")
    if rests_on_little(seen):
        times_s = [frame.time_s for track in seen.tracks for frame in track.frames]
        near = _around(TimeRange(start_s=min(times_s), end_s=max(times_s)), span, interval_s) if times_s else span
        return Assessment(near, budget, True, "Few frames show a face, so further frames are sampled.")
    if not isinstance(seen.finding, Scored):
        return _enough("The faces that were found cannot be scored, and further frames would not change that.")
    passing = _passing_suspicion(seen, media, verdict) if interval_s >= WIDE_INTERVAL_S else None
    if passing is not None and verdict.outcome is not Outcome.FAKE:
        moment = "A moment stands out between frames that lie far apart, so its stretch is sampled more densely."
        return Assessment(_around(passing, span, interval_s), budget, True, moment)
    why = _doubt(seen, seen.finding, evidence, verdict)
    if why is None:
        return _enough("The evidence is clear.")
    is_patient = is_long(media.duration_s) or plan.effort == "thorough"
    stands_out = seen.segments or seen.finding.p_fake >= (seen.thresholds or verdict.thresholds).fake - CLEAR_MARGIN
    if not is_patient and (added or not stands_out):  # figures in docs/evaluation/agents.md
        return _enough(_SAME_FACES)
    return Assessment(_around(_most_suspicious(seen), span, interval_s), budget, True, why)


def _is_clear(seen: VisualEvidence, evidence: Sequence[Evidence], verdict: Verdict, interval_s: float) -> bool:
    """Whether the frames that are left could hardly turn it."""
    if not isinstance(seen.finding, Scored) or verdict.p_fake is None or _contradicted(evidence):
        return False
    if rests_on_little(seen) or seen.finding.outcome is not verdict.outcome:
        return False
    if verdict.outcome is Outcome.REAL:
        return not seen.segments and interval_s <= CLOSE_INTERVAL_S
    return verdict.outcome is Outcome.FAKE


def _stays_open(seen: VisualEvidence, evidence: Sequence[Evidence], verdict: Verdict) -> bool:
    """Whether the score lies so far between its limits that the frames that are left could hardly turn it."""
    if not isinstance(seen.finding, Scored) or rests_on_little(seen) or seen.segments:
        return False
    others = {each.finding.outcome for each in evidence if each is not seen and isinstance(each.finding, Scored)}
    p_fake, limits, all_in_all = seen.finding.p_fake, seen.thresholds or verdict.thresholds, verdict.thresholds.fake
    if any(track.p_fake >= limits.fake for track in seen.tracks) or (Outcome.REAL in others and p_fake < all_in_all):
        return False
    is_far = Outcome.FAKE not in others or (verdict.p_fake or 0.0) >= all_in_all + CLEAR_MARGIN
    return is_far and limits.real + CLEAR_MARGIN <= p_fake <= limits.fake - CLEAR_MARGIN


def _passing_suspicion(seen: VisualEvidence, media: MediaInfo, verdict: Verdict) -> TimeRange | None:
    """Of frames far apart: the stretch of the worst face that is seen too seldom to decide, else of the worst frame."""
    limits = seen.thresholds
    found = [track for track in seen.tracks if not track.decides and limits and track.p_fake >= limits.fake]
    if found:
        worst = max(found, key=lambda track: track.p_fake)
        return TimeRange(start_s=worst.start_s, end_s=worst.end_s)
    worth_a_look = verdict.thresholds.fake if is_long(media.duration_s) or not limits else limits.fake
    frames = [frame for track in seen.tracks for frame in track.frames if frame.p_fake >= worth_a_look]
    return _find_peak(frames) if frames else None


def _doubt(seen: VisualEvidence, finding: Scored, evidence: Sequence[Evidence], verdict: Verdict) -> str | None:
    """Why the most suspicious stretch is worth a denser look."""
    if _contradicted(evidence):
        return "Picture and sound disagree, so the most suspicious stretch is sampled more densely."
    if verdict.outcome is Outcome.INCONCLUSIVE or finding.outcome is Outcome.INCONCLUSIVE:
        return "The faces leave it open, so the most suspicious stretch is sampled more densely."
    if finding.outcome is Outcome.REAL and seen.segments:
        return "A stretch stands out from faces that show no evidence of manipulation, so it is sampled more densely."
    return None


def _enough(why: str) -> Assessment:
    return Assessment(None, 0, False, why)


def _contradicted(evidence: Sequence[Evidence]) -> bool:
    return {Outcome.FAKE, Outcome.REAL} <= {
        each.finding.outcome for each in evidence if isinstance(each.finding, Scored)
    }


def _most_suspicious(seen: VisualEvidence) -> TimeRange:
    """The strongest segment, else the time of the highest-scoring face."""
    if seen.segments:
        strongest = max(seen.segments, key=lambda segment: segment.p_fake)
        return TimeRange(start_s=strongest.start_s, end_s=strongest.end_s)
    return _find_peak(frame for track in seen.tracks for frame in track.frames)


def _find_peak(frames: Iterable[FrameScore]) -> TimeRange:
    peak = max(frames, key=lambda frame: frame.p_fake * frame.quality)
    return TimeRange(start_s=peak.time_s, end_s=peak.time_s)


def _around(stretch: TimeRange, span: TimeRange, interval_s: float) -> TimeRange:
    reach = REACH_INTERVALS * interval_s
    start_s = max(span.start_s, stretch.start_s - reach)
    return TimeRange(start_s=start_s, end_s=max(start_s, min(span.end_s, stretch.end_s + reach)))
