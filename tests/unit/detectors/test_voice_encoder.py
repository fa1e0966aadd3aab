"""The second voice model: what it is shown, its head's arithmetic, and what both models say together."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import pytest

from core.errors import Misconfigured
from core.media import LocalMedia, Waveform
from core.types import AudioEvidence, AudioObservations, ModelRef, Outcome, Scored, TimeRange
from detectors.calibration import Platt, WitnessFusion
from detectors.voice.detector import VoiceSynthesisDetector
from detectors.voice.encoder import _FILTERS, BANDS, HIGHEST_HZ, LOWEST_HZ, Head, SecondVoiceModel, mel_bands
from detectors.voice.features import FRAMES, WINDOW_SAMPLES
from tests.fixtures.calibrations import CALIBRATION
from tests.unit.detectors.test_audio import RATE, Always, heard, info

FUSION = WitnessFusion(
    network=0.5, second=2.0, calibration=CALIBRATION.model_copy(update={"version": "both", "fake": 0.9, "real": 0.1})
)
LINE = Head(
    mean=np.zeros(2, np.float32),
    scale=np.ones(2, np.float32),
    line=np.array([1.0, -1.0], np.float32),
    offset=0.5,
    inner=np.array([[0.0, 2.0]], np.float32),
    bias=np.array([-1.0], np.float32),
    out=np.array([3.0], np.float32),
)


class Statistics:
    """An encoder that always finds the same two numbers."""

    def __init__(self, *values: float) -> None:
        self.values = values

    def run(self, batch):
        assert batch.shape[1:] == (FRAMES, BANDS)
        return (np.tile(np.array(self.values, np.float32), (len(batch), 1)),)


def second(*values: float) -> SecondVoiceModel:
    return SecondVoiceModel(Statistics(*values), LINE, "00000000", CALIBRATION, FUSION)


def detector(network: float, *values: float) -> VoiceSynthesisDetector:
    model = ModelRef(name="audio.voice", version="1", sha256="0" * 64)
    return VoiceSynthesisDetector(Always(network), CALIBRATION, model, Path("absent"), second(*values))


@pytest.fixture
def talking(monkeypatch: pytest.MonkeyPatch) -> LocalMedia:
    """Six seconds that count as speech from end to end."""
    monkeypatch.setattr("detectors.voice.detector.find_speech", lambda _: (TimeRange(start_s=0.0, end_s=6.0),))
    samples = np.concatenate([noise(0)[0], noise(1)[0]])
    return LocalMedia(info=info(6.0), waveform=Waveform(samples=samples, rate_hz=RATE))


def examine(found: VoiceSynthesisDetector, media: LocalMedia) -> tuple[AudioObservations, AudioEvidence]:
    observed = found.observe(media)
    return observed, found.interpret(media.info, observed.model_copy(update={"reason": None}))


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(1, WINDOW_SAMPLES)).astype(np.float32) * 0.1


def test_mel_bands_are_those_of_the_recogniser_between_100_hz_and_7_khz() -> None:
    reference = librosa.filters.mel(sr=RATE, n_fft=400, n_mels=BANDS).T
    hz = np.arange(201) * 40.0
    reference[(hz < LOWEST_HZ) | (hz > HIGHEST_HZ)] = 0
    np.testing.assert_allclose(_FILTERS, reference, atol=1e-7)


def test_the_encoder_hears_no_level_and_nothing_above_7_khz() -> None:
    plain = mel_bands(noise())
    assert plain.shape == (1, FRAMES, BANDS)
    np.testing.assert_allclose(mel_bands(noise() * 0.01), plain, atol=1e-4)
    whistle = noise() + 0.05 * np.sin(2 * np.pi * 7600 * np.arange(WINDOW_SAMPLES) / RATE).astype(np.float32)
    # At both ends the sound is mirrored, which breaks the whistle and spreads it.
    np.testing.assert_allclose(mel_bands(whistle)[:, 2:-2], plain[:, 2:-2], atol=5e-3)
    hum = noise() + 0.05 * np.sin(2 * np.pi * 1000 * np.arange(WINDOW_SAMPLES) / RATE).astype(np.float32)
    assert np.abs(mel_bands(hum) - plain).max() > 0.1


def test_a_head_is_a_line_and_rectified_units_over_features_that_are_cut() -> None:
    # 1 - 2 + 3 * max(0, 2 * 2 - 1) + 0.5
    assert LINE.logits(np.array([[1.0, 2.0]], np.float32)).tolist() == [8.5]
    assert LINE.logits(np.array([[99.0, 0.0]], np.float32)).tolist() == [6.5]


def test_a_missing_head_is_a_misconfiguration(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Head.read(tmp_path / "head.npz")


def test_a_score_is_of_both_models_logits_and_read_by_their_own_limits(talking: LocalMedia) -> None:
    observed, evidence = examine(detector(2.0, 1.0, 0.0), talking)  # the second model says 1.5
    assert {(each.logit, each.encoder_logit) for each in observed.windows} == {(2.0, 1.5)}
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.uncalibrated == pytest.approx(0.5 * 2.0 + 2.0 * 1.5)
    assert evidence.thresholds is not None
    assert (evidence.thresholds.version, evidence.finding.calibration_version) == ("both", "both")
    alone = {each.name: each.p_fake for each in evidence.witnesses}
    one = Platt(slope=1, intercept=0)
    assert alone == {"network": pytest.approx(one.p_fake(2.0)), "encoder": pytest.approx(one.p_fake(1.5))}


def test_the_second_model_can_turn_what_the_first_says(talking: LocalMedia) -> None:
    finding = examine(detector(2.0, -4.0, 0.0), talking)[1].finding
    assert isinstance(finding, Scored)
    assert finding.outcome is Outcome.REAL


def test_what_the_network_heard_alone_is_read_by_its_own_limits() -> None:
    evidence = detector(0.0, 1.0, 0.0).interpret(info(6.0), heard(1.0, 1.0))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.uncalibrated == pytest.approx(1.0)
    assert evidence.finding.calibration_version == CALIBRATION.version
    assert evidence.witnesses == ()


def test_the_committed_parts_agree_with_each_other() -> None:
    shipped = SecondVoiceModel.load(1)
    logits = shipped.logits(mel_bands(np.concatenate([noise(0), noise(1)])))
    assert logits.shape == (2,)
    np.testing.assert_allclose(shipped.logits(mel_bands(noise(1)))[0], logits[1], atol=1e-4)
    assert min(shipped.fusion.network, shipped.fusion.second) > 0
    assert shipped.fusion.calibration.real < shipped.fusion.calibration.fake
    assert shipped.version.endswith(shipped.fusion.calibration.version)
