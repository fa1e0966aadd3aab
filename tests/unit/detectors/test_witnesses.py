"""The second face model beside the network: which faces it sees, and what both say together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.media import LocalMedia
from core.settings import LimitSettings
from core.types import Box, FaceObservation, ModelRef, Outcome, ReasonCode, Scored, VisualObservations
from detectors.calibration import WitnessFusion
from detectors.faces.detector import FaceManipulationDetector
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import LANDMARKS, Face, crop_face, geometry_of
from detectors.faces.tokens import BLOCKS, GRID, REGIONS, WIDTH, DrawnLine, FaceTokenModel, Head
from detectors.faces.witnesses import SecondWitness, choose_faces, follow_on, mean_token_logit
from detectors.media.extraction import decode_image
from detectors.media.reading import load
from tests.unit.detectors.test_visual import CALIBRATION, CLIP, FAMILIAR, Brightness, info, seen

LIMITS = {"real": 0.25, "fake": 0.75}
FUSION = WitnessFusion(
    network=0.5, second=1.0, calibration=CALIBRATION.model_copy(update={"version": "both", **LIMITS})
)


class CountingEncoder:
    """Tokens of one value; counts the faces it is shown."""

    def __init__(self) -> None:
        self.shown = 0

    def tokens(self, crop):
        self.shown += 1
        return np.ones((len(BLOCKS), GRID * GRID, WIDTH), np.float32)


def detector(
    encoder: CountingEncoder, token_logit: float = 2.0, drawn: DrawnLine | None = None
) -> FaceManipulationDetector:
    none, bias = np.zeros((1, len(BLOCKS), len(REGIONS), WIDTH), np.float32), np.array([token_logit], np.float32)
    head = Head(none[None], bias[None], none, 0 * bias)
    model = ModelRef(name="visual.face", version="1", sha256="0" * 64)
    second = SecondWitness(FaceTokenModel(encoder, head, drawn=drawn), CALIBRATION, FUSION)
    return FaceManipulationDetector(Brightness(), CALIBRATION, model, FaceFinder(), FAMILIAR, second=second)


def told(faces: list[FaceObservation], token_logit: float | None) -> list[FaceObservation]:
    return [each.model_copy(update={"token_logit": token_logit}) for each in faces]


def read(faces: list[FaceObservation]):
    observations = VisualObservations(faces=tuple(faces), frame_times_s=tuple(float(t) for t in range(32)))
    return detector(CountingEncoder()).interpret(info(), observations)


def test_a_lasting_face_is_shown_eight_times_spread_over_its_time_at_its_best():
    track = tuple(seen([0.0] * 32))
    track = tuple(
        each.model_copy(update={"quality": 0.9 if index % 4 == 2 else 0.5}) for index, each in enumerate(track)
    )
    assert [each.frame_index for each in choose_faces([track])] == [2, 6, 10, 14, 18, 22, 26, 30]


def test_faces_share_the_pictures_and_the_longest_come_first():
    long, short = tuple(seen([0.0] * 20)), tuple(seen([0.0] * 3, x_px=900))
    chosen = choose_faces([short, long])
    assert sum(each in long for each in chosen) == 4
    assert sum(each in short for each in chosen) == 3
    crowd = [tuple(seen([0.0] * (40 - number), x_px=300.0 * number)) for number in range(12)]
    assert [each.box.x_px for each in choose_faces(crowd)] == [300.0 * number for number in range(8)]


def test_pictures_that_it_saw_of_a_face_count_for_later_frames_between_those():
    first, between = told(seen([0.0] * 32)[::2], 1.0), seen([0.0] * 32)[1::2]
    first = [each if place % 2 else each.model_copy(update={"token_logit": None}) for place, each in enumerate(first)]
    earlier = VisualObservations(faces=tuple(first), frame_times_s=tuple(each.time_s for each in first))
    newcomer = seen([0.0] * 32, x_px=900)[1::2]
    known, new = follow_on([*between, *newcomer], [each.time_s for each in between], earlier)
    assert (known.seen, new.seen) == (8, 0)
    assert not choose_faces([known.new], seen=[known.seen])
    assert len(choose_faces([known.new, new.new], seen=[known.seen, new.seen])) == 1
    later = [each.model_copy(update={"time_s": each.time_s + 40}) for each in between]
    (elsewhere,) = follow_on(later, [each.time_s for each in later], earlier)
    assert elsewhere.seen == 0


def test_what_the_second_model_says_counts_for_its_face_alone():
    evidence = read(told(seen([0.0] * 20), 3.0) + told(seen([0.0] * 20, x_px=900), -3.0))
    assert [round(track.p_fake, 2) for track in evidence.tracks] == [0.95, 0.05]
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.FAKE


def test_both_models_are_told_beside_what_they_say_together():
    evidence = read(told(seen([2.0] * 20), -1.0))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.p_fake == pytest.approx(0.5)
    assert evidence.finding.outcome is Outcome.INCONCLUSIVE
    network, tokens = evidence.witnesses
    assert (network.name, round(network.p_fake, 2), network.faces) == ("network", 0.88, 20)
    assert (tokens.name, round(tokens.p_fake, 2), tokens.faces) == ("tokens", 0.27, 20)


def test_without_the_second_model_the_network_decides_by_its_own_calibration():
    evidence = read(seen([2.0] * 20))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.p_fake == pytest.approx(0.881, abs=1e-3)
    assert evidence.witnesses == ()
    assert mean_token_logit(seen([2.0])) is None


def test_the_limits_that_are_shown_are_those_that_decide():
    both, alone = read(told(seen([2.0] * 20), 0.0)), read(seen([2.0] * 20))
    assert both.thresholds == FUSION.calibration.thresholds == detector(CountingEncoder()).thresholds
    assert alone.thresholds == CALIBRATION.thresholds


def test_a_video_shows_the_second_model_eight_faces_at_most():
    encoder = CountingEncoder()
    media = load(Path(CLIP), LimitSettings(), frame_budget=12)
    observed = detector(encoder, token_logit=-9.0).observe(LocalMedia(info=media.info, frames=media.frames))
    assert encoder.shown == sum(each.token_logit is not None for each in observed.faces) == 8
    assert {each.token_logit for each in observed.faces} == {None, -9.0}


@pytest.mark.parametrize(
    ("token_logit", "shown"),
    [(2.0, 4), (0, 4), (1.3, 8), (0.8, 8), (-0.8, 8), (-9, 8)],
    ids=["beyond the limit", "between", "just beyond", "just below", "just above the lower", "unremarkable"],
)
def test_four_pictures_do_where_they_settle_it(token_logit: float, shown: int):
    encoder = CountingEncoder()
    second = detector(encoder, float(token_logit))._second
    assert second is not None
    faces = seen([0.0] * 16)
    crops = {id(each): np.full((224, 224, 3), place, np.uint8) for place, each in enumerate(faces)}
    told = second.tell(faces, [each.time_s for each in faces], crops, of_long=False)
    assert encoder.shown == sum(each.token_logit is not None for each in told) == shown


def test_of_two_faces_only_the_one_that_is_not_settled_is_shown_more_often():
    encoder = CountingEncoder()
    second = detector(encoder, 0.0)._second
    assert second is not None
    faces = [*seen([0.0] * 16), *seen([-3.0] * 16, x_px=900)]
    crops = {id(each): np.full((224, 224, 3), place, np.uint8) for place, each in enumerate(faces)}
    told = second.tell(faces, [each.time_s for each in faces], crops, of_long=False)
    assert [sum(each.token_logit is not None for each in half) for half in (told[:16], told[16:])] == [2, 4]


def test_what_was_shown_is_not_encoded_again_where_it_is_explained():
    encoder = CountingEncoder()
    watching = detector(encoder, token_logit=-9.0)
    media = load(Path(CLIP), LimitSettings(), frame_budget=12)
    observed = watching.observe(LocalMedia(info=media.info, frames=media.frames))
    images = {frame.index: decode_image(frame.encoded) for frame in media.frames}
    for face in observed.faces:
        if face.token_logit is not None:
            watching.leading(images[face.frame_index], face.box, face.geometry)
    assert encoder.shown == 8


def test_the_rest_of_a_videos_frames_shows_the_second_model_no_more_of_the_same_face():
    encoder = CountingEncoder()
    media = load(Path(CLIP), LimitSettings(), frame_budget=24)
    witness = detector(encoder, drawn=DrawnLine(np.zeros((len(BLOCKS), WIDTH), np.float32), 3.0))
    first = witness.observe(LocalMedia(info=media.info, frames=media.frames[::2]))
    rest = witness.observe(LocalMedia(info=media.info, frames=media.frames[1::2]), first)
    assert encoder.shown == 8
    assert len(rest.faces) == 12
    assert all(each.strangeness > 1 for each in rest.faces)


@pytest.mark.parametrize(("bias", "is_drawn"), [(3.0, True), (-3.0, False)])
def test_a_face_that_is_drawn_where_the_second_model_saw_it_is_so_throughout(bias: float, *, is_drawn: bool):
    media = load(Path(CLIP), LimitSettings(), frame_budget=12)
    line = DrawnLine(np.zeros((len(BLOCKS), WIDTH), np.float32), bias)
    witness = detector(CountingEncoder(), token_logit=4.0, drawn=line)
    observed = witness.observe(LocalMedia(info=media.info, frames=media.frames))
    assert len(observed.faces) == 12
    assert all((each.strangeness > 1) == is_drawn for each in observed.faces)
    evidence = witness.interpret(media.info, observed)
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is (Outcome.INCONCLUSIVE if is_drawn else Outcome.FAKE)
    assert (ReasonCode.UNFAMILIAR in {limit.code for limit in evidence.limits}) == is_drawn


@pytest.mark.parametrize(("token_logit", "is_second"), [(9.0, True), (-9.0, False)])
def test_a_face_is_explained_by_the_model_that_speaks_louder(token_logit: float, *, is_second: bool):
    image = np.full((240, 320, 3), 128, np.uint8)
    box = Box(x_px=100, y_px=60, width_px=90, height_px=110)
    mesh = np.random.default_rng(3).uniform((100, 60), (190, 170), (LANDMARKS, 2)).astype(np.float32)
    face = Face(mesh, 1.0)
    geometry = geometry_of(face, crop_face(image, face, 192).to_crop, 192)
    leading = detector(CountingEncoder(), token_logit).leading(image, box, geometry)
    assert leading.is_second is is_second
    assert leading.face.pixels.shape == ((224, 224, 3) if is_second else (192, 192, 3))
    assert all(mask.shape == leading.face.pixels.shape[:2] for mask in leading.face.regions.values())
