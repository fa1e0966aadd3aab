"""Who is who between sampled frames."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.types import Box, FaceObservation
from detectors.faces.tracking import MEMORY_S, follow


def face(time_s: float, x_px: float, size_px: float = 100.0, logit: float = 0.0) -> FaceObservation:
    box = Box(x_px=x_px, y_px=50, width_px=size_px, height_px=size_px)
    return FaceObservation(frame_index=int(time_s * 10), time_s=time_s, box=box, logit=logit, quality=1.0)


def test_two_people_who_keep_their_places_are_two_tracks():
    seen = [face(t, x) for t in (0, 1, 2, 3) for x in (0 + 10 * t, 800 - 10 * t)]
    tracks = follow(seen)
    assert [len(track) for track in tracks] == [4, 4]
    assert all(each.box.x_px < 400 for each in tracks[0])


def test_a_face_that_jumps_across_the_picture_is_somebody_else():
    assert [len(track) for track in follow([face(0, 0), face(1, 0), face(2, 900), face(3, 900)])] == [2, 2]


def test_a_face_that_grows_threefold_between_frames_is_somebody_else():
    assert len(follow([face(0, 0, 100), face(1, 0, 300)])) == 2


def test_who_returns_soon_is_the_same_and_who_returns_late_is_not():
    assert len(follow([face(0, 0), face(MEMORY_S - 1, 0)])) == 1
    frames = [float(time_s) for time_s in range(int(MEMORY_S) + 2)]
    assert len(follow([face(0, 0), face(MEMORY_S + 1, 0)], frames)) == 2


def test_in_a_long_video_the_next_frame_is_always_near():
    """32 frames of half an hour: one person, one track, with one frame where nobody was found."""
    frames = [60.0 * number for number in range(32)]
    assert len(follow([face(time_s, 0) for time_s in frames if time_s != 600], frames)) == 1
    assert len(follow([face(time_s, 0) for time_s in frames if not 600 <= time_s <= 720], frames)) == 2


def test_nobody_is_in_a_frame_twice():
    (first, second) = follow([face(0, 0), face(0, 120), face(1, 5), face(1, 125)])
    assert [each.box.x_px for each in first] == [0, 5]
    assert [each.box.x_px for each in second] == [120, 125]


def test_nothing_seen_is_no_track():
    assert follow([]) == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.floats(0, 2000), st.floats(20, 400)), max_size=40, unique_by=lambda each: each
    )
)
def test_every_observation_is_in_one_track_once_and_in_order(listed):
    seen = [face(float(time_s), x_px, size_px) for time_s, x_px, size_px in listed]
    tracks = follow(seen)
    assert sorted(map(id, (each for track in tracks for each in track))) == sorted(map(id, seen))
    for track in tracks:
        times = [each.time_s for each in track]
        assert times == sorted(set(times))
    assert [track[0].time_s for track in tracks] == sorted(track[0].time_s for track in tracks)
