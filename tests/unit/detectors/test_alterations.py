"""Harmless changes change the bytes, keep what they must, and how far the score moves is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.media import LocalMedia, SampledFrame, Waveform
from core.types import Check, Evidence, FaceGeometry, FaceTrack, Modality, Outcome, ReasonCode, Scored
from detectors.alterations import DOWNSCALED_BY, altered
from detectors.faces.geometry import LANDMARKS, Face, crop_face, cut, face_of, geometry_of, transform_of
from detectors.media.extraction import decode_image
from detectors.media.frames import encode_jpeg
from tasks.jobs.recheck import compare, enough_frames, faces_by_frame
from tests.fixtures.reports import faces, media, track, voice, without

RANDOM = np.random.default_rng(3)
IMAGE = cv2.GaussianBlur(RANDOM.integers(0, 255, (80, 120, 3), dtype=np.uint8), (9, 9), 3)
SEEN = LocalMedia(info=media(), frames=(SampledFrame(4, 1.5, encode_jpeg(IMAGE)),))
TONE = (0.3 * np.sin(2 * np.pi * 220 * np.arange(32_000) / 16_000)).astype(np.float32)
HEARD = LocalMedia(info=media(), waveform=Waveform(TONE))


def pixels(changed: LocalMedia | None) -> np.ndarray:
    assert changed is not None
    decoded = cv2.imdecode(np.frombuffer(changed.frames[0].encoded, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded.astype(np.float32)


def test_a_flip_mirrors_and_nothing_else() -> None:
    flipped = pixels(altered(SEEN, Modality.VISUAL, Check.FLIP))
    assert np.array_equal(flipped[:, ::-1], pixels(SEEN))
    assert np.abs(flipped - IMAGE).mean() > 10


def test_recompression_keeps_the_picture_and_costs_detail() -> None:
    changed = pixels(altered(SEEN, Modality.VISUAL, Check.RECOMPRESS))
    assert changed.shape == IMAGE.shape
    assert 0.5 < np.abs(changed - IMAGE).mean() < 12


def test_downscaling_shrinks_both_sides() -> None:
    height, width = pixels(altered(SEEN, Modality.VISUAL, Check.DOWNSCALE)).shape[:2]
    assert (height, width) == (round(80 * DOWNSCALED_BY), round(120 * DOWNSCALED_BY))


@pytest.mark.parametrize(
    ("check", "as_seen"),
    [
        (Check.RECOMPRESS, lambda crop: crop),
        (Check.DOWNSCALE, lambda crop: crop),
        (Check.FLIP, lambda crop: crop[:, ::-1]),
    ],
)
def test_known_faces_go_where_the_picture_goes(check: Check, as_seen: Callable[[np.ndarray], np.ndarray]) -> None:
    rgb = np.ascontiguousarray(IMAGE[..., ::-1])
    points = np.random.default_rng(1).uniform((40, 20), (80, 65), (LANDMARKS, 2)).astype(np.float32)
    face = Face(landmarks=points, score=0.9)
    crop = crop_face(rgb, face, 64)
    known = replace(SEEN.frames[0], faces=(geometry_of(face, crop.to_crop, 64),))
    changed = altered(replace(SEEN, frames=(known,)), Modality.VISUAL, check)
    assert changed is not None
    (frame,) = changed.frames
    assert frame.faces is not None
    again = cut(decode_image(frame.encoded), transform_of(frame.faces[0]), 64).image
    assert np.abs(again.astype(float) - as_seen(crop.image)).mean() < 8
    found = face_of(frame.faces[0])
    assert found is not None
    ratio = DOWNSCALED_BY if check is Check.DOWNSCALE else 1.0
    assert found.box.width_px == pytest.approx(face.box.width_px * ratio, abs=0.2)


def test_a_recheck_looks_for_no_face_that_is_known_and_for_all_of_a_frame_that_has_an_unknown_one() -> None:
    place = FaceGeometry(frame_to_crop=(1, 0, 0, 0, 1, 0), crop_px=8)
    first, second = track(1, 0, 2, 0.9, 3), track(2, 0, 2, 0.2, 3)
    known = tuple(frame.model_copy(update={"geometry": place}) for frame in first.frames)
    whole = faces(0.9, (first.model_copy(update={"frames": known}),))
    assert faces_by_frame(whole) == {frame.frame_index: (place,) for frame in known}
    assert faces_by_frame(faces(0.9, (first.model_copy(update={"frames": known}), second))) == {}


def test_index_and_time_of_a_frame_stay() -> None:
    changed = altered(SEEN, Modality.VISUAL, Check.FLIP)
    assert changed is not None
    assert (changed.frames[0].index, changed.frames[0].time_s, changed.info) == (4, 1.5, SEEN.info)


def test_sound_survives_a_lossy_codec_nearly_as_it_was() -> None:
    changed = altered(HEARD, Modality.AUDIO, Check.RECOMPRESS)
    assert changed is not None
    assert changed.waveform is not None
    heard = changed.waveform.samples
    assert abs(len(heard) - len(TONE)) < 3000
    middle = heard[8000:24000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) == pytest.approx(220, abs=2)
    assert not np.array_equal(heard[: len(TONE)], TONE[: len(heard)])


def test_without_speech_nothing_is_left_of_trimmed_sound() -> None:
    changed = altered(
        replace(HEARD, waveform=Waveform(np.zeros(32_000, np.float32))), Modality.AUDIO, Check.TRIM_SILENCE
    )
    assert changed is not None
    assert changed.waveform is not None
    assert len(changed.waveform.samples) == 0


@pytest.mark.parametrize(("modality", "check"), [(Modality.VISUAL, Check.TRIM_SILENCE), (Modality.AUDIO, Check.FLIP)])
def test_a_change_that_does_not_apply_is_left_out(modality: Modality, check: Check) -> None:
    assert altered(SEEN if modality is Modality.VISUAL else HEARD, modality, check) is None


def test_a_score_that_turns_is_called_unstable() -> None:
    answers = iter(
        [faces(0.9, (track(1, 0, 5, 0.9),)), faces(0.88, (track(1, 0, 5, 0.88),)), faces(0.05, (track(1, 0, 5, 0.05),))]
    )

    def detect(_: LocalMedia) -> Evidence:
        return next(answers)

    found = compare(Modality.VISUAL, SEEN, (Check.RECOMPRESS, Check.FLIP, Check.TRIM_SILENCE), detect)
    assert [each.check for each in found.scores] == [Check.RECOMPRESS, Check.FLIP]
    assert found.baseline == 0.9
    assert found.largest_change == pytest.approx(0.85)
    assert [each.outcome for each in found.scores] == [Outcome.FAKE, Outcome.REAL]
    assert not found.stable


def test_a_score_that_moves_within_its_outcome_is_stable_and_what_cannot_be_scored_is_no_change() -> None:
    unheard = without(Modality.AUDIO, ReasonCode.NO_SPEECH, "No speech.")
    answers = iter([voice(0.9), voice(0.86), unheard])

    def detect(_: LocalMedia) -> Evidence:
        return next(answers)

    found = compare(Modality.AUDIO, HEARD, (Check.RECOMPRESS, Check.TRIM_SILENCE), detect)
    assert isinstance(voice(0.9).finding, Scored)
    assert found.stable
    assert found.largest_change == pytest.approx(0.04)
    assert found.scores[1].p_fake is None


def seen_in(number: int, *indexes: int) -> FaceTrack:
    one = track(number, 0, 5, 0.9)
    frames = tuple(one.frames[0].model_copy(update={"frame_index": index}) for index in indexes)
    return one.model_copy(update={"frames": frames})


@pytest.mark.parametrize(
    ("tracks", "kept"),
    [
        ((seen_in(1, *range(0, 64, 8)),), {0, 16, 32, 48}),
        # Two who take turns are both left as often as it takes to stand for themselves.
        ((seen_in(1, 0, 8, 16, 24), seen_in(2, 32, 40, 48, 56)), set(range(0, 64, 8))),
        ((seen_in(1, 0, 8, 16, 24, 32),), {0, 16, 24, 32}),
        # Whoever is there only now and then stays as well.
        ((seen_in(1, *range(0, 64, 8)), seen_in(2, 8, 24)), {8, 24, 32, 48}),
        ((), set(range(0, 64, 8))),
    ],
)
def test_a_score_is_taken_again_of_as_few_frames_as_every_face_needs(
    tracks: tuple[FaceTrack, ...], kept: set[int]
) -> None:
    assert enough_frames(range(0, 64, 8), tracks) == kept


def test_frames_that_the_slower_model_saw_stay_rather_than_others() -> None:
    everywhere = (seen_in(1, *range(0, 64, 8)),)
    assert enough_frames(range(0, 64, 8), everywhere, {8, 24, 40, 56}) == {8, 24, 40, 56}
    assert enough_frames(range(0, 64, 8), everywhere, {8, 40}) == {8, 32, 40, 48}
