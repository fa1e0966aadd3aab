"""Which frames and windows of an analysis deserve an explanation."""

from __future__ import annotations

from typing import Final

from core.types import AudioEvidence, AudioWindow, FaceTrack, FrameScore, VisualEvidence

FRAMES: Final = 4
WINDOWS: Final = 2
TRACKS: Final = 12


def frames_to_explain(evidence: VisualEvidence, limit: int = FRAMES) -> tuple[tuple[FaceTrack, FrameScore], ...]:
    """The frames that carried the decision, in order of time: the best of each segment, of each track, then the rest.

    Carrying is the score weighted by quality; a frame too poor to count for the score is no witness for it. Frames are
    chosen for every verdict, whatever the scores.
    """

    def carries(choice: tuple[FaceTrack, FrameScore]) -> tuple[float, float]:
        return choice[1].p_fake * choice[1].quality, -choice[1].time_s

    frames = [(track, frame) for track in evidence.tracks for frame in track.frames]
    ranked = sorted(frames, key=carries, reverse=True)
    segments = sorted(evidence.segments, key=lambda segment: segment.p_fake, reverse=True)
    in_segments = [
        [
            (track, frame)
            for track, frame in ranked
            if track.id == segment.track_id and segment.start_s <= frame.time_s <= segment.end_s
        ][:1]
        for segment in segments
    ]
    in_tracks = [
        [(track, frame) for track, frame in ranked if track.id == wanted.id][:1]
        for wanted in sorted(evidence.tracks, key=lambda track: track.p_fake, reverse=True)
    ]
    chosen: dict[tuple[int, int], tuple[FaceTrack, FrameScore]] = {}
    for choices in (*in_segments, *in_tracks, ranked):
        for track, frame in choices:
            if len(chosen) < limit:
                chosen.setdefault((track.id, frame.frame_index), (track, frame))
    return tuple(sorted(chosen.values(), key=lambda choice: (choice[1].time_s, choice[0].id)))


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
    """The faces that score highest, in the order of their ids."""
    highest = sorted(evidence.tracks, key=lambda track: (-track.p_fake, track.id))[:limit]
    return tuple(sorted(highest, key=lambda track: track.id))


def face_of_track(track: FaceTrack) -> FrameScore:
    """The frame that shows this face best: large and of good quality."""
    return max(
        track.frames, key=lambda frame: (frame.quality * frame.box.width_px * frame.box.height_px, -frame.time_s)
    )
