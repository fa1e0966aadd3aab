"""What every shipped detector keeps to: the same media, the same evidence; no score without a reason."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from cli.verify import WEIGHTS
from core.media import LocalMedia, SampledFrame, Waveform
from core.settings import LimitSettings
from core.types import AudioEvidence, Modality, Scored, Unscored
from detectors.faces.detector import load_visual_detector
from detectors.media.reading import load
from detectors.model_files import file_digest
from detectors.voice.detector import load_audio_detector
from tasks.wiring import load_error_rates

CLIP = Path("samples/interview.mp4")


@pytest.fixture(scope="module")
def media() -> LocalMedia:
    return load(CLIP, LimitSettings(), frame_budget=6)


@pytest.fixture(scope="module", params=["visual", "audio"])
def detector(request):
    return (
        load_visual_detector(device="cpu", threads=1) if request.param == "visual" else load_audio_detector(threads=1)
    )


def test_it_names_itself_its_weights_and_its_calibration(detector):
    assert detector.name == detector.model.name
    assert detector.version.startswith(detector.model.sha256[:12])
    first, *others = detector.models
    assert (first.name, first.version, first.sha256) == (detector.name, detector.version, detector.model.sha256)
    parts = {f"{detector.name}.encoder", f"{detector.name}.head"}
    if detector.name == "visual.face":
        parts.add("visual.face.drawn")
    else:
        parts.add("audio.voice.speakers")
    assert {each.name for each in others} == parts, "every file of weights that scores is named in the manifest"
    for each in detector.models:
        if each.name in WEIGHTS:
            assert file_digest(WEIGHTS[each.name]) == each.sha256
    assert detector.version.endswith(detector.thresholds.version)
    assert 0 <= detector.thresholds.real <= 0.45
    assert 0.55 <= detector.thresholds.fake <= 1


def test_the_error_rates_that_answers_tell_are_those_of_its_limits(detector, request):
    told, limits = load_error_rates()[Modality(request.node.callspec.params["detector"])], detector.thresholds
    assert (told.version, told.false_alarm_rate, told.miss_rate) == (
        limits.version,
        limits.false_alarm_rate,
        limits.miss_rate,
    )


def test_a_clip_is_scored_and_the_evidence_survives_its_json(detector, media):
    evidence = detector.detect(media)
    assert isinstance(evidence.finding, Scored)
    assert evidence.detector.version == detector.version
    assert evidence.finding.calibration_version == detector.thresholds.version
    assert type(evidence).model_validate_json(evidence.model_dump_json()) == evidence


def test_it_leaves_nothing_on_itself(detector, media):
    first = detector.detect(media)
    detector.detect(LocalMedia(info=media.info, frames=media.frames[:1], waveform=Waveform(np.zeros(100, np.float32))))
    assert detector.detect(media) == first


def test_observing_then_reading_is_detecting(detector, media):
    observed = detector.observe(media)
    again = type(observed).model_validate_json(observed.model_dump_json())
    read, detected = detector.interpret(media.info, again), detector.detect(media)
    if isinstance(detected, AudioEvidence):  # what stands beside a score is measured only where it is shown
        assert read.acoustics
        assert not detected.acoustics
        read = read.model_copy(update={"acoustics": detected.acoustics})
    assert read == detected


def test_nothing_to_see_or_hear_is_unscored_with_a_reason(detector, media):
    grey = cv2.imencode(".png", np.full((120, 160, 3), 127, np.uint8))[1].tobytes()
    empty = LocalMedia(
        info=media.info, frames=(SampledFrame(0, 0.0, grey),), waveform=Waveform(np.zeros(48000, np.float32))
    )
    finding = detector.detect(empty).finding
    assert isinstance(finding, Unscored)
    assert finding.reason.message


def test_media_it_cannot_examine_is_refused_with_a_reason(detector, media):
    without = media.info.model_copy(update={"has_video": False, "has_audio": False})
    refusal = detector.supports(without)
    assert refusal is not None
    finding = detector.detect(LocalMedia(info=without)).finding
    assert isinstance(finding, Unscored)
    assert finding.reason == refusal
    assert detector.supports(media.info) is None
