"""The visual detector around a network that is known: tracks, pooling, abstention, and the explainers' view."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import Misconfigured
from core.media import LocalMedia, SampledFrame
from core.settings import LimitSettings
from core.types import (
    Box,
    FaceObservation,
    MediaInfo,
    MediaKind,
    ModelRef,
    Outcome,
    ReasonCode,
    Scored,
    Unscored,
    VisualObservations,
)
from detectors.faces.detector import INPUT_PX, TURNED, FaceManipulationDetector, load_visual_detector
from detectors.faces.familiarity import Familiarity
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import Face
from detectors.faces.runtime import WEIGHTS, Activations, KerasFaceNetwork, LiteRtFaceNetwork, choose_runtime
from detectors.media.extraction import decode_image
from detectors.media.reading import load
from explainers.selection import frames_to_explain, tracks_to_show
from tests.fixtures.calibrations import CALIBRATION

CLIP = Path("samples/interview.mp4")

FAMILIAR = Familiarity(version="test", mean=(0.0,) * 4, axes=((1.0, 0.0, 0.0, 0.0),), limit=1.0)


class Brightness:
    """A network that calls bright faces fake."""

    def run(self, crops):
        maps = crops.astype(np.float32).mean(axis=3)[:, ::32, ::32] / 64 - 2
        return Activations(maps.mean(axis=(1, 2)), maps, np.zeros((len(crops), 4), np.float32))


def detector() -> FaceManipulationDetector:
    model = ModelRef(name="visual.face", version="1", sha256="0" * 64)
    return FaceManipulationDetector(Brightness(), CALIBRATION, model, FaceFinder(), FAMILIAR)


def info(duration_s: float = 32.0, **changes) -> MediaInfo:
    fields = {
        "kind": MediaKind.VIDEO,
        "container": "mp4",
        "size_bytes": 1,
        "sha256": "0" * 64,
        "duration_s": duration_s,
        "has_video": True,
        "has_audio": False,
    }
    return MediaInfo(**{**fields, **changes})


def seen(logits, *, x_px: float = 0.0, quality: float = 1.0, times_s=None) -> list[FaceObservation]:
    times_s = range(len(logits)) if times_s is None else times_s
    box = Box(x_px=x_px, y_px=0, width_px=100, height_px=100)
    return [
        FaceObservation(frame_index=int(t), time_s=float(t), box=box, logit=logit, quality=quality)
        for t, logit in zip(times_s, logits, strict=True)
    ]


def read(faces: list[FaceObservation], frames: int = 32, **changes):
    observations = VisualObservations(faces=tuple(faces), frame_times_s=tuple(float(t) for t in range(frames)))
    return detector().interpret(info(**changes), observations)


# ------------------------------------------------------------------------------------------------ reading


def test_a_face_that_is_altered_for_a_while_is_found_in_time():
    evidence = read(seen([-2.0] * 12 + [3.0] * 10 + [-2.0] * 10))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.FAKE
    (segment,) = evidence.segments
    assert (segment.start_s, segment.end_s) == (11.5, 21.5)
    assert evidence.fake_frames_pct == pytest.approx(100 * 10 / 32)


def test_a_marked_stretch_reaches_the_threshold_by_its_own_mean():
    evidence = read(seen([-2.0] * 10 + [0.2] * 6 + [3.0] * 8 + [0.2] * 8))
    (segment,) = evidence.segments
    assert segment.p_fake >= CALIBRATION.fake
    assert (segment.start_s, segment.end_s) == (15.5, 23.5)


def test_one_altered_person_beside_an_honest_one_makes_the_video_fake():
    evidence = read(seen([-3.0] * 20) + seen([3.0] * 20, x_px=900))
    assert [track.p_fake > 0.5 for track in evidence.tracks] == [False, True]
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.FAKE
    assert {segment.track_id for segment in evidence.segments} == {2}
    assert all(track.decides for track in evidence.tracks)


def test_nine_honest_faces_do_not_add_up_to_a_fake_and_one_clear_fake_stands_out():
    def grid(worst: float):
        return read([face for n in range(9) for face in seen([worst if n == 4 else -2.0] * 12, x_px=300.0 * n)], 12)

    borderline = next(logit for logit in np.arange(0, 4, 0.05) if CALIBRATION.file.p_fake(logit) >= CALIBRATION.fake)
    assert read(seen([borderline] * 12), 12).finding.outcome is Outcome.FAKE
    assert grid(borderline).finding.outcome is Outcome.INCONCLUSIVE
    assert grid(5.5).finding.outcome is Outcome.FAKE
    assert grid(-2.0).finding.outcome is Outcome.REAL
    assert grid(5.5).thresholds.fake > CALIBRATION.fake


def test_a_face_seen_twice_does_not_decide_over_one_that_is_there_throughout():
    evidence = read(seen([-3.0] * 30) + seen([6.0] * 2, x_px=900))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.REAL
    assert [track.decides for track in evidence.tracks] == [True, False]
    assert evidence.segments == ()
    assert evidence.fake_frames_pct == 0
    assert {witness.track.id for witness in frames_to_explain(evidence)} == {1}
    assert [track.id for track in tracks_to_show(evidence, 1)] == [1]


def test_one_wild_frame_of_a_long_video_does_not_decide_over_it():
    """However far apart the frames lie: a face that lasts is one series."""
    logits = [-2.5] * 15 + [3.4] + [-2.5] * 16
    for apart_s in (1.0, 60.0):
        times = [apart_s * number for number in range(32)]
        observations = VisualObservations(faces=tuple(seen(logits, times_s=times)), frame_times_s=tuple(times))
        evidence = detector().interpret(info(32 * apart_s), observations)
        assert isinstance(evidence.finding, Scored)
        assert evidence.finding.outcome is Outcome.REAL
        assert len(evidence.tracks) == 1


def test_many_faces_that_only_pass_are_judged_together():
    """A montage: every face somewhere else, and one of them looks altered by chance."""
    passing = [face for t in range(32) for face in seen([3.4 if t == 9 else -2.5], x_px=(t % 2) * 2000, times_s=[t])]
    evidence = read([face for face in passing if face.time_s % 4 < 2])
    assert len(evidence.tracks) > 1
    assert all(track.decides for track in evidence.tracks)
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.REAL
    altered = [face.model_copy(update={"logit": 3.4}) for face in passing]
    finding = read(altered).finding
    assert isinstance(finding, Scored)
    assert finding.outcome is Outcome.FAKE


def test_a_face_too_poor_to_judge_condemns_nothing_and_clears_nothing():
    speaker, bystander = seen([-3.0] * 32), seen([3.4] * 8, x_px=900, quality=0.1)
    evidence = read(speaker + bystander)
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.p_fake < 0.3
    assert evidence.finding.outcome is Outcome.INCONCLUSIVE
    assert [track.decides for track in evidence.tracks] == [True, False]
    assert ReasonCode.LOW_QUALITY in {limit.code for limit in evidence.limits}
    harmless = read(speaker + seen([0.0] * 8, x_px=900, quality=0.1))
    assert isinstance(harmless.finding, Scored)
    assert harmless.finding.outcome is Outcome.REAL
    assert harmless.quality == pytest.approx(1.0)


def test_an_altered_face_is_not_outvoted_by_a_crowd_that_passes():
    """Six strangers a frame who never come back, and one altered face that stays; sharp strangers and blurred ones."""
    crowd = [(t, 400 + 9000 * t + 600 * n) for t in range(32) for n in range(6)]
    for quality in (1.0, 0.15):
        for times in (range(32), range(5, 15)):
            passing = [face for t, x in crowd for face in seen([-3.0], x_px=x, quality=quality, times_s=[t])]
            evidence = read(seen([5.0] * len(times), times_s=times) + passing)
            assert isinstance(evidence.finding, Scored)
            assert evidence.finding.outcome is Outcome.FAKE
            assert evidence.quality == pytest.approx(1.0)


def test_faces_each_flawed_in_another_way_are_judged_where_they_are_not_so_together():
    """One strange, two blurred, none lasting: the series of all three is neither."""
    faces = [
        *seen([-1.0] * 2, quality=1.0, times_s=range(2)),
        *seen([-1.0] * 2, quality=0.1, x_px=900, times_s=range(2, 4)),
        *seen([-1.0] * 2, quality=0.1, x_px=1900, times_s=range(4, 6)),
    ]
    strange = [face.model_copy(update={"strangeness": 1.5 if face.time_s < 2 else 0.5}) for face in faces]
    evidence = read(strange)
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.REAL


def test_poor_faces_give_a_score_and_no_outcome():
    evidence = read(seen([4.0] * 20, quality=0.1))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.p_fake > 0.9
    assert evidence.finding.outcome is Outcome.INCONCLUSIVE
    assert ReasonCode.LOW_QUALITY in {limit.code for limit in evidence.limits}


def test_unfamiliar_faces_give_a_score_and_no_outcome_once_they_are_half_of_all():
    for strange, outcome in ((9, Outcome.FAKE), (10, Outcome.INCONCLUSIVE)):
        faces = tuple(
            face.model_copy(update={"strangeness": 1.5 if number < strange else 0.5})
            for number, face in enumerate(seen([4.0] * 20))
        )
        evidence = read(faces)
        assert isinstance(evidence.finding, Scored)
        assert evidence.finding.outcome is outcome
        assert (ReasonCode.UNFAMILIAR in {limit.code for limit in evidence.limits}) is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize("logit", [6.0, -6.0])
def test_one_frame_of_many_never_decides_and_two_may(logit: float):
    alone, both = read(seen([logit])), read(seen([logit] * 2))
    assert alone.finding.outcome is Outcome.INCONCLUSIVE
    assert ReasonCode.TOO_FEW_FACE_FRAMES in {limit.code for limit in alone.limits}
    assert both.finding.outcome is (Outcome.FAKE if logit > 0 else Outcome.REAL)


def test_few_faces_and_a_missing_end_are_stated():
    evidence = read(seen([0.0] * 2), truncated=True)
    assert {limit.code for limit in evidence.limits} == {
        ReasonCode.TOO_FEW_FACE_FRAMES,
        ReasonCode.STREAM_TRUNCATED,
    }


def test_no_face_is_a_reason_and_not_a_half():
    evidence = read([])
    assert isinstance(evidence.finding, Unscored)
    assert evidence.finding.reason.code is ReasonCode.NO_FACE
    assert evidence.coverage.frames_sampled == 32


def test_observations_of_two_jobs_read_as_those_of_one():
    faces = seen([-1.0, 2.0, 3.0, 1.0, -2.0, 0.5])
    times = tuple(float(t) for t in range(6))
    early = VisualObservations(faces=tuple(faces[:3]), frame_times_s=times[:3])
    late = VisualObservations(faces=tuple(faces[3:]), frame_times_s=times[3:])
    whole = VisualObservations(faces=tuple(faces), frame_times_s=times)
    assert detector().interpret(info(6), late.merged(early)) == detector().interpret(info(6), whole)


def test_an_image_has_no_segments():
    evidence = read(seen([3.0]), frames=1, kind=MediaKind.IMAGE, duration_s=0.0)
    assert evidence.segments == ()
    assert evidence.limits == ()


# ------------------------------------------------------------------------------------------------ seeing


@pytest.fixture(scope="module")
def media() -> LocalMedia:
    return load(CLIP, LimitSettings(), frame_budget=4)


def test_faces_of_a_clip_are_seen_where_they_are(media):
    observed = detector().observe(media)
    assert len(observed.frame_times_s) == 4
    assert len(observed.faces) == 4
    for each in observed.faces:
        assert 0.2 * 640 < each.box.width_px < 0.9 * 640
        assert each.quality > 0.2


def test_a_face_crop_is_one_face_even_when_no_mesh_is_found(media):
    blank = cv2.imencode(".png", np.full((96, 96, 3), 200, np.uint8))[1].tobytes()
    still = LocalMedia(
        info=info(0, kind=MediaKind.IMAGE, container="png"),
        frames=(SampledFrame(0, 0.0, blank),),
        is_face_crop=True,
    )
    (face,) = detector().observe(still).faces
    assert (face.box.width_px, face.box.height_px) == (96, 96)
    assert face.quality < 0.5


def test_what_is_explained_is_what_was_seen(media):
    subject = detector()
    face = subject.observe(media).faces[0]
    image = decode_image(media.frames[0].encoded)
    kept = FaceObservation.model_validate_json(face.model_dump_json()).geometry
    subject._finder = None
    aligned = subject.align(image, face.box, kept)
    assert aligned.pixels.shape == (INPUT_PX, INPUT_PX, 3)
    assert float(subject.activations(aligned.pixels[None]).logits[0]) == face.logit
    assert {str(region) for region in aligned.regions} >= {"eyes", "nose", "mouth", "face boundary"}


def test_a_face_stored_without_geometry_is_found_again(media):
    subject = detector()
    face = subject.observe(media).faces[0]
    image = decode_image(media.frames[0].encoded)
    aligned = subject.align(image, face.box, None)
    known = subject.align(image, face.box, face.geometry)
    assert (aligned.pixels == known.pixels).all()
    assert all((mask == known.regions[region]).all() for region, mask in aligned.regions.items())
    nowhere = Box(x_px=5000, y_px=5000, width_px=50, height_px=50)
    assert subject.align(image, nowhere, None).regions == {}


def test_frames_that_are_taken_later_are_searched_for_small_faces_in_long_recordings_only(monkeypatch):
    searched = []
    monkeypatch.setattr(FaceFinder, "find_small", lambda *_: searched.append(True) or ())
    media = load(CLIP, LimitSettings(), frame_budget=2)
    subject = detector()
    first = subject.observe(media)
    assert searched
    searched.clear()
    assert subject.observe(media, first) == first
    assert not searched
    subject.observe(replace(media, info=media.info.model_copy(update={"duration_s": 600.0})), first)
    assert searched


def test_evidence_keeps_the_geometry_and_observing_again_needs_no_search(media):
    subject = detector()
    evidence = subject.detect(media)
    kept = {score.frame_index: (score.geometry,) for track in evidence.tracks for score in track.frames}
    subject._finder = None
    again = subject.observe(replace(media, frames=tuple(replace(f, faces=kept[f.index]) for f in media.frames)))
    first = [score for track in evidence.tracks for score in track.frames]
    for face, score in zip(again.faces, first, strict=True):
        # To the last bit: by it the same crop is cut for the second model, which remembers what it made of that one.
        assert face.geometry == score.geometry
        assert face.logit == pytest.approx(math.log(score.p_fake / (1 - score.p_fake)), abs=0.02)
        assert face.quality == pytest.approx(score.quality, abs=0.01)
        assert face.box.x_px == pytest.approx(score.box.x_px, abs=0.5)
    bare = evidence.without_geometry()
    assert "geometry" not in bare.model_dump_json()


def test_the_shipped_map_adds_up_to_the_logit_but_for_one_constant(media):
    shipped = load_visual_detector(device="cpu", threads=1)
    crops = np.random.default_rng(0).integers(0, 256, (3, INPUT_PX, INPUT_PX, 3), dtype=np.uint8)
    found = shipped.activations(crops)
    rest = found.logits - found.maps.mean(axis=(1, 2))
    np.testing.assert_allclose(rest, rest[0], atol=1e-3)


# ------------------------------------------------------------------------------------------------ devices


def test_the_device_is_chosen_as_asked():
    assert isinstance(choose_runtime("cpu", 1, lambda: True), LiteRtFaceNetwork)
    assert isinstance(choose_runtime("auto", 1, lambda: False), LiteRtFaceNetwork)
    assert isinstance(choose_runtime("auto", 1, lambda: True), KerasFaceNetwork)
    with pytest.raises(Misconfigured):
        choose_runtime("gpu", 1, lambda: False)


def test_missing_weights_refuse(tmp_path):
    assert WEIGHTS.exists()
    with pytest.raises(Misconfigured):
        load_visual_detector(device="cpu", weights=tmp_path)


def test_a_face_upside_down_is_noticed_and_nothing_is_decided_by_it():
    frame = decode_image(load(CLIP, LimitSettings(), frame_budget=1).frames[0].encoded)
    finder = FaceFinder()
    upright = finder.find(frame)[0]
    turned = np.ascontiguousarray(np.rot90(frame, 2))
    corner = np.array([frame.shape[1], frame.shape[0]], np.float32)
    unsure = Face((corner - upright.landmarks).astype(np.float32), 0.9)
    assert finder.is_turned(turned, unsure)
    assert not finder.is_turned(frame, Face(upright.landmarks, 0.9))
    assert not finder.is_turned(turned, Face(unsure.landmarks, 1.0))
    faces = [each.model_copy(update={"strangeness": TURNED}) for each in seen([4.0] * 8)]
    found = read(faces)
    assert found.finding.outcome is Outcome.INCONCLUSIVE
    assert [limit.code for limit in found.limits] == [ReasonCode.UNFAMILIAR]
