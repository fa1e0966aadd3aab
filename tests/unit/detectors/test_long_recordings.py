"""Faces of a long recording: stretches that were looked at closely, pictures that come again, and shots."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.media import LONG_S, LocalMedia, SampledFrame
from core.settings import LimitSettings
from core.types import FaceObservation, Outcome, Scored, VisualEvidence, VisualObservations
from detectors.faces.long_recordings import (
    PICTURE_SPREAD,
    count_pictures,
    count_shots,
    limit_factor,
    same_picture,
    view_of,
)
from detectors.faces.witnesses import choose_faces, mean_token_logit
from detectors.media.reading import load
from tests.unit.detectors.test_visual import CLIP, info, seen
from tests.unit.detectors.test_witnesses import FUSION, CountingEncoder, detector

HOUR_S = 3600.0
FAKE_S = (1500.0, 1520.0)


@pytest.fixture(scope="module")
def frames() -> tuple[SampledFrame, ...]:
    return load(CLIP, LimitSettings(), frame_budget=20).frames


def looks(times_s: list[float], *, fake: float = 1.5, rest: float = -2.0, shots: int = 1) -> list[FaceObservation]:
    """One face; what the second model says of it is `fake` in the middle and `rest` elsewhere, each picture its own."""
    views = [int.from_bytes(np.random.default_rng(shot).bytes(7)) for shot in range(shots)]
    found = []
    for place, each in enumerate(seen([0.0] * len(times_s), times_s=times_s)):
        token_logit = fake if FAKE_S[0] <= each.time_s < FAKE_S[1] else rest
        view = views[place % shots] ^ (1 << place % 8)
        more = {"token_logit": token_logit, "view": view, "logit": place / 1000, "frame_index": place}
        found.append(each.model_copy(update=more))
    return found


def interpret(faces: list[FaceObservation], duration_s: float = HOUR_S) -> VisualEvidence:
    times = tuple(each.time_s for each in faces)
    observations = VisualObservations(faces=tuple(faces), frame_times_s=times)
    evidence = detector(CountingEncoder()).interpret(info(duration_s), observations)
    assert isinstance(evidence.finding, Scored)
    return evidence


FAR = [place * 10.0 for place in range(360)]
CLOSE = [1496.0 + place * 1.7 for place in range(16)]
TWICE = sorted({*FAR, *CLOSE})


def test_twenty_seconds_of_an_hour_that_were_looked_at_closely_decide_and_are_located():
    evidence = interpret(looks(TWICE, fake=2.5))
    assert evidence.finding.outcome is Outcome.FAKE
    (segment,) = evidence.segments
    assert FAKE_S[0] - 6 < segment.start_s < segment.end_s < FAKE_S[1] + 6
    assert evidence.fake_frames_pct < 10


def test_what_was_only_seen_from_afar_does_not():
    evidence = interpret(looks(FAR, fake=2.5))
    assert evidence.finding.outcome is not Outcome.FAKE


def test_a_stretch_no_louder_than_the_rest_of_its_recording_is_not_what_speaks():
    evidence = interpret(looks(TWICE, fake=-2.0))
    assert evidence.finding.outcome is Outcome.REAL
    assert evidence.segments == ()


def test_the_more_shots_a_recording_has_the_higher_a_stretch_has_to_score():
    one, many = interpret(looks(TWICE, fake=2.5)), interpret(looks(TWICE, fake=2.5, shots=20))
    assert one.finding.outcome is Outcome.FAKE
    assert many.finding.outcome is Outcome.INCONCLUSIVE
    assert one.thresholds.fake < many.thresholds.fake
    assert count_shots(looks(TWICE)) == 1
    assert count_shots(looks(TWICE, shots=20)) == 20


def test_a_loop_of_four_pictures_is_no_surer_than_four_pictures():
    many = looks(FAR, fake=0.64, rest=0.64)
    loop = [each.model_copy(update={"logit": float(place % 4), "view": place % 4}) for place, each in enumerate(many)]
    less, more = interpret(loop), interpret([each.model_copy(update={"logit": 1.5 + each.logit / 10}) for each in many])
    assert count_pictures(loop) == 4
    assert less.finding.p_fake == pytest.approx(more.finding.p_fake, abs=0.01)
    assert (less.finding.outcome, more.finding.outcome) == (Outcome.INCONCLUSIVE, Outcome.FAKE)
    spoken = {same_picture(each): 0.0 for each in (*loop, *many)}
    assert limit_factor(tuple(loop), spoken) > limit_factor(tuple(many), spoken) > 1


def test_pictures_that_lie_far_apart_make_their_mean_less_sure():
    track = tuple(looks(FAR[:8]))
    near = {same_picture(each): 0.1 * (place % 2) for place, each in enumerate(track)}
    apart = {key: 20 * log_odds for key, log_odds in near.items()}
    assert limit_factor(track, near) == pytest.approx(math.exp(2 * PICTURE_SPREAD / math.sqrt(8)))
    assert limit_factor(track, apart) == pytest.approx(math.exp(2 * np.std([0, 2] * 4, ddof=1) / math.sqrt(8)))


def test_a_picture_that_comes_again_counts_once():
    one, other = looks([10.0, 20.0])
    other = other.model_copy(update={"token_logit": 1.0, "logit": 5.0})
    again = [one.model_copy(update={"time_s": 30.0 + place, "frame_index": 9 + place}) for place in range(8)]
    assert mean_token_logit((one, other, *again)) == pytest.approx((one.token_logit + 1.0) / 2)


@pytest.mark.parametrize("token_logit", [-2.0, 0.0, 2.0])
def test_a_short_recording_is_read_as_one_series_by_the_limits_of_its_faces(token_logit: float):
    times = [place * LONG_S / 64 for place in range(64)]
    faces = looks(sorted({*times, *(50 + place / 4 for place in range(16))}), rest=token_logit)
    faces = [each.model_copy(update={"view": None}) for each in faces]
    evidence = interpret(faces, LONG_S)
    (track,) = evidence.tracks
    mean = float(np.mean([each.logit for each in faces]))
    assert evidence.thresholds == FUSION.calibration.thresholds
    assert evidence.finding.p_fake == pytest.approx(
        detector(CountingEncoder())._second.calibrated(token_logit).file.p_fake(mean), abs=1e-3
    )
    assert [frame.p_fake for frame in track.frames] == sorted(frame.p_fake for frame in track.frames)


def test_of_a_long_recording_the_second_model_sees_what_the_first_suspects():
    track = tuple(seen([3.0 if place == 17 else -1.0 for place in range(64)]))
    assert 17 in {each.frame_index for each in choose_faces([track], 8, of_long=True)}
    assert 17 not in {each.frame_index for each in choose_faces([track], 8)}
    poor = tuple(each.model_copy(update={"quality": 0.3}) if each.logit > 0 else each for each in track)
    assert 17 not in {each.frame_index for each in choose_faces([poor], 8, of_long=True)}


@pytest.mark.parametrize(("duration_s", "shown"), [(LONG_S, 8), (LONG_S + 1, 16)])
def test_only_a_long_recording_is_looked_at_by_shots_and_by_more_pictures(duration_s: float, shown: int, frames):
    encoder = CountingEncoder()
    observed = detector(encoder, token_logit=-9.0).observe(LocalMedia(info=info(duration_s), frames=frames))
    assert len(observed.faces) == 20
    assert encoder.shown == shown
    assert all((each.view is None) == (duration_s <= LONG_S) for each in observed.faces)
    assert ("view" in observed.model_dump_json()) == (duration_s > LONG_S)


def test_views_of_one_shot_differ_in_few_bits_and_of_two_in_many():
    rng = np.random.default_rng(1)
    first, second = (np.kron(rng.uniform(0, 255, (6, 10, 3)), np.ones((40, 40, 1))) for _ in range(2))
    noisy = np.clip(first + rng.normal(0, 6, first.shape) + 8, 0, 255)
    view, again, other = (view_of(image.astype(np.uint8)) for image in (first, noisy, second))
    assert (view ^ again).bit_count() <= 6
    assert (view ^ other).bit_count() > 12
