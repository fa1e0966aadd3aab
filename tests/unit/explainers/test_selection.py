from __future__ import annotations

from core.types import (
    AudioCoverage,
    AudioEvidence,
    AudioWindow,
    Box,
    DetectorRef,
    FaceTrack,
    FrameScore,
    Outcome,
    Scored,
    VisualCoverage,
    VisualEvidence,
    VisualSegment,
)
from explainers.selection import (
    MOST_FRAMES,
    excerpt_to_show,
    face_of_track,
    frames_to_explain,
    tracks_to_show,
    windows_to_explain,
)

_BY = DetectorRef(name="tiny", version="1")
_SCORED = Scored(p_fake=0.5, calibration_version="1", uncalibrated=0.0, outcome=Outcome.INCONCLUSIVE)


def _track(track_id: int, scores: dict[float, float], quality: float = 1.0) -> FaceTrack:
    frames = tuple(
        FrameScore(
            frame_index=round(time * 25),
            time_s=time,
            box=Box(x_px=0, y_px=0, width_px=9, height_px=9),
            p_fake=p_fake,
            quality=quality,
        )
        for time, p_fake in scores.items()
    )
    return FaceTrack(id=track_id, start_s=min(scores), end_s=max(scores), p_fake=max(scores.values()), frames=frames)


def _visual(*tracks: FaceTrack, segments: tuple[VisualSegment, ...] = ()) -> VisualEvidence:
    count = sum(len(track.frames) for track in tracks)
    return VisualEvidence(
        detector=_BY,
        finding=_SCORED,
        coverage=VisualCoverage(frames_sampled=count, frames_with_face=count, faces_scored=count),
        tracks=tracks,
        segments=segments,
    )


def _chosen(evidence: VisualEvidence, limit: int = 4) -> list[tuple[int, float]]:
    return [(each.track.id, each.frame.time_s) for each in frames_to_explain(evidence, limit)]


def test_every_segment_and_track_has_its_witness():
    evidence = _visual(
        _track(1, {0.0: 0.99, 1.0: 0.98, 2.0: 0.97, 3.0: 0.96}),
        _track(2, {0.5: 0.1, 1.5: 0.6, 2.5: 0.55}),
        _track(3, {4.0: 0.2}),
        segments=(VisualSegment(id=1, track_id=2, start_s=2.0, end_s=3.0, p_fake=0.55),),
    )
    assert _chosen(evidence) == [(1, 0.0), (2, 1.5), (2, 2.5), (3, 4.0)]


def test_a_witness_names_its_stretch_and_many_stretches_get_more_witnesses():
    tracks = tuple(_track(number, {float(number): 0.9, number + 0.5: 0.8}) for number in range(1, 9))
    segments = tuple(
        VisualSegment(id=number, track_id=number, start_s=number, end_s=number + 0.2, p_fake=0.9)
        for number in range(1, 5)
    )
    witnesses = frames_to_explain(_visual(*tracks, segments=segments))
    assert len(witnesses) == MOST_FRAMES
    assert [each.segment.id for each in witnesses if each.segment] == [1, 2, 3, 4]


def test_the_excerpt_is_the_worst_stretch_or_the_surroundings_of_the_telling_frame():
    track = _track(1, {float(second): 0.2 + 0.07 * (second == 8) for second in range(20)})
    calm = excerpt_to_show(_visual(track), 20.0)
    assert (calm.start_s, calm.end_s) == (5.0, 11.0)
    marked = (
        VisualSegment(id=1, track_id=1, start_s=1.0, end_s=3.0, p_fake=0.8),
        VisualSegment(id=2, track_id=1, start_s=4.0, end_s=18.0, p_fake=0.9),
    )
    worst = excerpt_to_show(_visual(track, segments=marked), 20.0)
    assert (worst.start_s, worst.end_s) == (5.0, 11.0)
    short = excerpt_to_show(_visual(track, segments=marked[:1]), 20.0)
    assert (short.start_s, short.end_s) == (1.0, 3.0)
    assert excerpt_to_show(_visual(), 20.0) is None
    assert excerpt_to_show(_visual(track), 0.0) is None


def test_a_real_face_is_explained_too_and_frames_are_not_repeated():
    assert _chosen(_visual(_track(1, {0.0: 0.01, 1.0: 0.03}))) == [(1, 0.0), (1, 1.0)]


def test_poor_frames_give_way():
    evidence = _visual(_track(1, {0.0: 0.99}, quality=0.1), _track(2, {1.0: 0.6}, quality=0.9))
    assert _chosen(evidence, limit=1) == [(1, 0.0)], "the track that scores highest still comes first"
    both = _visual(_track(1, {0.0: 0.99}, quality=0.1), _track(1, {1.0: 0.6}, quality=0.9))
    assert _chosen(both, limit=1) == [(1, 1.0)]


def test_no_face_no_frames():
    assert frames_to_explain(_visual()) == ()


def _audio(*windows: tuple[float, float]) -> AudioEvidence:
    return AudioEvidence(
        detector=_BY,
        finding=_SCORED,
        coverage=AudioCoverage(total_s=60, speech_s=40),
        windows=tuple(
            AudioWindow(start_s=start, end_s=start + 3, p_fake=p_fake, speech_s=3) for start, p_fake in windows
        ),
    )


def test_windows_do_not_overlap_while_others_are_left():
    chosen = windows_to_explain(_audio((0, 0.9), (1.5, 0.95), (3, 0.5), (9, 0.7)))
    assert [window.start_s for window in chosen] == [1.5, 9]


def test_overlapping_windows_serve_when_nothing_else_is_left():
    assert [window.start_s for window in windows_to_explain(_audio((0, 0.9), (1.5, 0.8)))] == [0, 1.5]


def test_no_speech_no_windows():
    assert windows_to_explain(_audio()) == ()


def test_faces_to_show_are_those_that_score_highest_in_the_order_of_ids():
    evidence = _visual(*(_track(number, {float(number): number / 40}) for number in range(1, 31)))
    assert [track.id for track in tracks_to_show(evidence)] == list(range(19, 31))


def test_a_face_is_shown_at_its_best():
    assert face_of_track(_track(1, {0.0: 0.9, 1.0: 0.1})).time_s == 0.0
