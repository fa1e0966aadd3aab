"""The audio detector around a network that is known: windows, pooling, abstention."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import Defect, Misconfigured
from core.media import LONG_S, LocalMedia, Waveform
from core.types import (
    AudioObservations,
    MediaInfo,
    MediaKind,
    ModelRef,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    SpeechObservation,
    TimeRange,
    Unscored,
)
from detectors.calibration import Platt
from detectors.keras_file import read_layers
from detectors.voice.detector import (
    LEAST_SPEECH_S,
    Heard,
    VoiceSynthesisDetector,
    cover,
    load_audio_detector,
    place_windows,
)
from detectors.voice.features import BINS, FRAMES, WINDOW_S, WINDOW_SAMPLES, spectrogram
from detectors.voice.several import evened, heard_s
from detectors.voice.speech import speech_within
from explainers.voice.rescale import RescaleNetwork
from tests.fixtures import calibrations

RATE = 16_000
CALIBRATION = calibrations.CALIBRATION.model_copy(update={"file": Platt(slope=2, intercept=0)})


class Always:
    """A network that says one number, and remembers what it was shown."""

    def __init__(self, logit: float) -> None:
        self.logit, self.shown = logit, []

    def run(self, features):
        self.shown.append(features)
        return (np.full((len(features), 1), self.logit, np.float32),)


def detector(logit: float = 0.0, runtime: Always | None = None) -> VoiceSynthesisDetector:
    model = ModelRef(name="audio.voice", version="1", sha256="0" * 64)
    return VoiceSynthesisDetector(runtime or Always(logit), CALIBRATION, model, Path("absent"))


def info(duration_s: float = 12.0, *, has_audio: bool = True, truncated: bool = False) -> MediaInfo:
    return MediaInfo(
        kind=MediaKind.AUDIO if has_audio else MediaKind.VIDEO,
        container="wav",
        size_bytes=1,
        sha256="0" * 64,
        duration_s=duration_s,
        has_video=not has_audio,
        has_audio=has_audio,
        truncated=truncated,
    )


def heard(*logits: float, hop_s: float = 1.5, speech_s: float | None = None, reason: Reason | None = None):
    windows = tuple(
        SpeechObservation(start_s=i * hop_s, end_s=i * hop_s + 3.0, speech_s=3.0, logit=logit)
        for i, logit in enumerate(logits)
    )
    total_s = windows[-1].end_s if windows else 5.0
    return AudioObservations(
        windows=windows, speech_s=total_s if speech_s is None else speech_s, total_s=total_s, reason=reason
    )


# ------------------------------------------------------------------------------------------------ windows

stretch_lists = st.lists(st.tuples(st.floats(0.25, 3.0), st.floats(0.25, 8.0)), min_size=1, max_size=8).map(
    lambda parts: tuple(
        TimeRange(
            start_s=sum(sum(part) for part in parts[:i]) + parts[i][0],
            end_s=sum(sum(part) for part in parts[: i + 1]),
        )
        for i in range(len(parts))
    )
)


@given(stretch_lists, st.floats(0.0, 3.0))
@example((TimeRange(start_s=1.0, end_s=1.97), TimeRange(start_s=2.66, end_s=4.72)), 0.0)
def test_windows_lie_in_the_sound_and_hold_speech_and_miss_no_long_stretch(speech, tail_s):
    samples = int(np.ceil((speech[-1].end_s + tail_s) * RATE))
    placed = place_windows(speech, samples)
    assert [each.start for each in placed] == sorted({each.start for each in placed})
    for each in placed:
        assert each.start >= 0
        assert samples < WINDOW_SAMPLES or each.start + WINDOW_SAMPLES <= samples
        assert LEAST_SPEECH_S <= each.speech_s <= WINDOW_S
    for stretch in speech:
        if stretch.end_s - stretch.start_s < LEAST_SPEECH_S + 0.01:
            continue
        for time_s in np.linspace(stretch.start_s + 0.01, stretch.end_s - 0.01, 7):
            near = [each for each in placed if each.start / RATE <= time_s <= each.start / RATE + WINDOW_S]
            alone = speech_within(speech, time_s - 0.75, time_s + 0.75) < 1.4
            assert near or alone


def test_one_window_for_three_seconds_and_overlapping_ones_for_more():
    assert [each.start for each in place_windows((TimeRange(start_s=0, end_s=3),), 3 * RATE)] == [0]
    starts = [each.start / RATE for each in place_windows((TimeRange(start_s=0, end_s=7.5),), 8 * RATE)]
    assert starts == [0.0, 1.5, 3.0, 4.5]


def test_silence_between_passages_is_not_listened_to():
    speech = (TimeRange(start_s=2, end_s=5), TimeRange(start_s=30, end_s=33))
    assert [each.start / RATE for each in place_windows(speech, 40 * RATE)] == [2.0, 30.0]


def test_scattered_words_fill_no_window():
    speech = tuple(TimeRange(start_s=5.0 * i, end_s=5.0 * i + 0.6) for i in range(6))
    assert place_windows(speech, 30 * RATE) == ()


@given(stretch_lists)
def test_what_covers_a_recording_misses_nothing_that_all_windows_hold(speech):
    placed = place_windows(speech, int(np.ceil((speech[-1].end_s + 1) * RATE)))
    kept = cover(placed)
    assert set(kept) <= set(placed)
    for window in set(placed) - set(kept):
        before, after = (each.start - window.start for each in (kept[0], kept[-1]))
        assert before < 0 < after
        reached = max(each.start for each in kept if each.start < window.start) + WINDOW_SAMPLES
        assert min(each.start for each in kept if each.start > window.start) <= reached


@pytest.mark.parametrize("duration_s", [LONG_S, LONG_S + 30])
def test_windows_of_a_long_recording_overlap_only_around_what_stands_out(duration_s, monkeypatch):
    loud = range(60 * RATE, 63 * RATE)

    def hear(_, samples, placed):
        return [Heard(window(each.start, 4.0 if each.start in loud else -4.0), None) for each in placed]

    def window(start, logit):
        return SpeechObservation(start_s=start / RATE, end_s=start / RATE + WINDOW_S, speech_s=3.0, logit=logit)

    monkeypatch.setattr(VoiceSynthesisDetector, "hear", hear)
    samples = np.zeros(int(duration_s * RATE), np.float32)
    placed = place_windows((TimeRange(start_s=0, end_s=duration_s),), len(samples))
    found = [each.seen for each in detector()._windows(samples, placed)]
    starts = [each.start_s for each in found]
    assert starts == sorted(starts)
    if duration_s == LONG_S:
        assert len(starts) == len(placed)
    else:
        assert [each for each in starts if each % 3] == [58.5, 61.5]
        logits, _ = evened(found, [each.logit for each in found])
        assert len(logits) == len(placed)


def test_where_windows_lie_side_by_side_their_mean_stands_between_them():
    windows = heard(1.0, 2.0, 4.0, 4.0, hop_s=3.0).windows
    overlapping = windows[3].model_copy(update={"start_s": 7.5, "end_s": 10.5, "speech_s": 2.0})
    found = evened([*windows[:3], overlapping], [1.0, 2.0, 4.0, 5.0])
    assert found == ([1.0, 1.5, 2.0, 3.0, 4.0, 5.0], [3.0, 3.0, 3.0, 3.0, 3.0, 2.0])
    assert evened([], []) == ([], [])


# ------------------------------------------------------------------------------------------------ reading


def test_the_score_is_the_calibrated_pool():
    evidence = detector().interpret(info(), heard(1.0, 1.0, 1.0))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.uncalibrated == pytest.approx(1.0)
    assert evidence.finding.p_fake == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert evidence.finding.outcome is Outcome.FAKE
    assert [window.p_fake for window in evidence.windows] == [pytest.approx(1 / (1 + np.exp(-1.0)))] * 3


@pytest.mark.parametrize(("windows", "slope"), [(1, 1.0), (2, 1.5), (3, 2.0), (40, 2.0)])
def test_a_file_is_scaled_by_how_much_of_it_lies_in_windows(windows, slope):
    finding = detector().interpret(info(), heard(*[1.0] * windows)).finding
    assert isinstance(finding, Scored)
    assert finding.p_fake == pytest.approx(1 / (1 + np.exp(-slope)))


def test_windows_that_overlap_are_heard_once_and_gaps_not_at_all():
    apart = heard(0.0, 0.0, hop_s=10.0).windows
    assert heard_s(apart) == pytest.approx(6.0)
    assert heard_s(heard(0.0, 0.0, 0.0).windows) == pytest.approx(6.0)
    assert heard_s((apart[0], apart[0])) == pytest.approx(3.0)
    assert heard_s(()) == 0


@pytest.mark.parametrize(("logit", "outcome"), [(-2, "real"), (0, "inconclusive"), (2, "fake")])
def test_outcomes_follow_the_thresholds(logit, outcome):
    finding = detector().interpret(info(), heard(logit, logit)).finding
    assert isinstance(finding, Scored)
    assert finding.outcome == outcome


def test_a_synthetic_stretch_is_bounded_in_time():
    logits = [-3.0] * 6 + [3.0] * 6 + [-3.0] * 6
    evidence = detector().interpret(info(30), heard(*logits))
    (segment,) = evidence.segments
    assert 8.0 < segment.start_s < 11.0
    assert 17.0 < segment.end_s < 20.5
    assert segment.p_fake > 0.9


def test_a_single_window_that_is_synthetic_is_a_segment_of_its_own_length():
    (segment,) = detector().interpret(info(3), heard(3.0)).segments
    assert (segment.start_s, segment.end_s) == (0.0, 3.0)


def test_little_speech_gives_a_score_and_no_outcome():
    evidence = detector().interpret(info(), heard(4.0, speech_s=2.0))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.INCONCLUSIVE
    assert [limit.code for limit in evidence.limits] == [ReasonCode.TOO_LITTLE_SPEECH]


def test_poor_sound_gives_a_score_and_no_outcome():
    poor = Reason(code=ReasonCode.LOW_QUALITY, message="Clipped.")
    evidence = detector().interpret(info(), heard(4.0, 4.0, reason=poor))
    assert isinstance(evidence.finding, Scored)
    assert evidence.finding.outcome is Outcome.INCONCLUSIVE
    assert evidence.limits == (poor,)


def test_a_truncated_file_says_so():
    evidence = detector().interpret(info(truncated=True), heard(1.0, 1.0))
    assert ReasonCode.STREAM_TRUNCATED in {limit.code for limit in evidence.limits}


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (np.zeros(5 * RATE, np.float32), ReasonCode.NO_SPEECH),
        (np.zeros(0, np.float32), ReasonCode.NO_SPEECH),
        ((0.2 * np.sin(np.arange(5 * RATE) / 9)).astype(np.float32), ReasonCode.NO_SPEECH),
    ],
)
def test_without_speech_there_is_a_reason_and_no_score(samples, code):
    network = Always(5.0)
    evidence = detector(runtime=network).detect(LocalMedia(info=info(5), waveform=Waveform(samples)))
    assert isinstance(evidence.finding, Unscored)
    assert evidence.finding.reason.code is code
    assert network.shown == []


def test_without_sound_there_is_a_reason_and_no_score():
    evidence = detector().detect(LocalMedia(info=info(has_audio=False)))
    assert isinstance(evidence.finding, Unscored)
    assert evidence.finding.reason.code is ReasonCode.NO_AUDIO_STREAM


def test_sound_at_another_rate_is_a_defect():
    waveform = Waveform(np.zeros(8000, np.float32), 8000)
    with pytest.raises(Defect):
        detector().observe(LocalMedia(info=info(), waveform=waveform))


def test_missing_weights_refuse(tmp_path):
    with pytest.raises(Misconfigured):
        load_audio_detector(weights=tmp_path)
    with pytest.raises(Misconfigured):
        detector().network()


# ------------------------------------------------------------------------------------------------ features and model


def test_level_and_smooth_colouring_do_not_reach_the_model():
    rng = np.random.default_rng(0)
    voice = np.cumsum(rng.standard_normal(WINDOW_SAMPLES)) * np.sin(np.arange(WINDOW_SAMPLES) / 4000)
    voice = (voice / np.abs(voice).max()).astype(np.float32)
    plain, quiet = spectrogram(np.stack([voice, voice * 0.01]))
    assert plain.shape == (FRAMES, BINS, 1)
    np.testing.assert_allclose(plain, quiet, atol=0.02)


def test_nothing_above_seven_kilohertz_reaches_the_model():
    rng = np.random.default_rng(0)
    voice = rng.standard_normal(WINDOW_SAMPLES)
    spectrum = np.fft.rfft(voice)
    spectrum[int(len(spectrum) * 7300 / 8000) :] = 0
    narrow = np.fft.irfft(spectrum, WINDOW_SAMPLES)
    full, cut = spectrogram(np.stack([voice, narrow]).astype(np.float32))
    np.testing.assert_allclose(full, cut, atol=0.05)


def test_serving_and_explaining_use_one_function():
    shipped = load_audio_detector(threads=1)
    windows = np.random.default_rng(5).standard_normal((3, WINDOW_SAMPLES)).astype(np.float32)
    features = spectrogram(windows)
    replayed = np.asarray(shipped.network()(features, training=False))[:, 0]
    np.testing.assert_allclose(shipped.logits(features), replayed, atol=1e-3)
    assert shipped.network() is shipped.network()
    account = RescaleNetwork(shipped.layers()).explain(features, shipped.background[:2])
    np.testing.assert_allclose(account.logits, replayed, atol=1e-4)
    np.testing.assert_allclose(account.values.sum(axis=(1, 2)), account.logits - account.expected, atol=1e-4)


def test_a_file_that_is_no_network_is_refused(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"no archive")
    with pytest.raises(Misconfigured):
        read_layers(tmp_path / "model.keras")
