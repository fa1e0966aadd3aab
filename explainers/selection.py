"""Which frames and windows of an analysis deserve an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.types import AudioEvidence, AudioWindow, FaceTrack, FrameScore, VisualEvidence, VisualSegment

FRAMES: Final = 4
MOST_FRAMES: Final = 6
"""Where there are more stretches and faces than `FRAMES`."""
WINDOWS: Final = 2
TRACKS: Final = 12
CLIP_S: Final = 6.0
"""Longest stretch that is shown as a moving picture."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A frame that carried the decision: for a marked stretch, or for its face alone."""

    track: FaceTrack
    frame: FrameScore
    segment: VisualSegment | None


def frames_to_explain(evidence: VisualEvidence, limit: int | None = None) -> tuple[Witness, ...]:
    """The frames that carried the decision, in order of time: the best of each segment, of each track, then the rest.

    Faces that decide nothing carry none. Carrying is the score weighted by quality; a frame too poor to count for the
    score is no witness for it. Frames are chosen for every verdict, whatever the scores.
    """
    tracks = [track for track in evidence.tracks if track.decides]
    limit = limit or min(MOST_FRAMES, max(FRAMES, len(evidence.segments) + len(tracks)))
    segments = sorted(evidence.segments, key=lambda segment: segment.p_fake, reverse=True)

    def stretch_of(track: FaceTrack, frame: FrameScore) -> VisualSegment | None:
        within = (each for each in segments if each.track_id == track.id and _holds(each, frame))
        return next(within, None)

    ranked = sorted(
        (Witness(track, frame, stretch_of(track, frame)) for track in tracks for frame in track.frames),
        key=lambda each: (each.frame.p_fake * each.frame.quality, -each.frame.time_s),
        reverse=True,
    )
    in_segments = [[each for each in ranked if each.segment is segment][:1] for segment in segments]
    in_tracks = [
        [each for each in ranked if each.track.id == wanted.id][:1]
        for wanted in sorted(tracks, key=lambda track: track.p_fake, reverse=True)
    ]
    chosen: dict[tuple[int, int], Witness] = {}
    for choices in (*in_segments, *in_tracks, ranked):
        for each in choices:
            if len(chosen) < limit:
                chosen.setdefault((each.track.id, each.frame.frame_index), each)
    return tuple(sorted(chosen.values(), key=lambda each: (each.frame.time_s, each.track.id)))


def _holds(segment: VisualSegment, frame: FrameScore) -> bool:
    return segment.start_s <= frame.time_s <= segment.end_s


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The stretch of one face to show as a moving picture."""

    track: FaceTrack
    start_s: float
    end_s: float


def excerpt_to_show(evidence: VisualEvidence, duration_s: float) -> Excerpt | None:
    """The worst marked stretch, or the surroundings of the frame that carried most; its densest `CLIP_S` at most."""
    witnesses = frames_to_explain(evidence)
    if not witnesses or duration_s <= 0:
        return None
    worst = max(evidence.segments, key=lambda segment: (segment.p_fake, -segment.start_s), default=None)
    track = next((each for each in evidence.tracks if worst and each.id == worst.track_id), None)
    if worst is None or track is None:
        best = max(witnesses, key=lambda each: each.frame.p_fake * each.frame.quality)
        track, low_s, high_s = best.track, 0.0, duration_s
        centre_s = best.frame.time_s
    else:
        low_s, high_s = worst.start_s, worst.end_s
        inside = [frame for frame in track.frames if _holds(worst, frame)]
        peak = max(inside, key=lambda frame: frame.p_fake * frame.quality, default=None)
        centre_s = (low_s + high_s) / 2 if peak is None or high_s - low_s <= CLIP_S else peak.time_s
    start_s = min(max(low_s, centre_s - CLIP_S / 2), max(low_s, high_s - CLIP_S))
    return Excerpt(track, round(start_s, 3), round(min(high_s, start_s + CLIP_S), 3))


def windows_to_explain(evidence: AudioEvidence, limit: int = WINDOWS) -> tuple[AudioWindow, ...]:
    """The windows of speech with the highest scores, not overlapping while others are left, in order of time."""
    ranked = sorted(evidence.windows, key=lambda window: (-window.p_fake, window.start_s))
    apart: list[AudioWindow] = []
    for window in ranked:
        if all(window.start_s >= other.end_s or window.end_s <= other.start_s for other in apart):
            apart.append(window)
    chosen = [*apart, *(window for window in ranked if window not in apart)][:limit]
    return tuple(sorted(chosen, key=lambda window: window.start_s))


def tracks_to_show(evidence: VisualEvidence, limit: int = TRACKS) -> tuple[FaceTrack, ...]:
    """The faces that may decide and score highest, then others, in the order of their ids."""
    highest = sorted(evidence.tracks, key=lambda track: (not track.decides, -track.p_fake, track.id))[:limit]
    return tuple(sorted(highest, key=lambda track: track.id))


def face_of_track(track: FaceTrack) -> FrameScore:
    """The frame that shows this face best: large and of good quality."""
    return max(
        track.frames, key=lambda frame: (frame.quality * frame.box.width_px * frame.box.height_px, -frame.time_s)
    )
