"""Several voices of one sound: windows are grouped by how they sound, and each group is scored for itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from core.errors import Misconfigured
from core.types import Outcome, ReasonCode, Scored, SpeechObservation
from detectors.calibration import Calibration, Platt
from detectors.voice.detector import load_audio_detector
from detectors.voice.encoder import BANDS, mel_bands
from detectors.voice.features import FRAMES, WINDOW_SAMPLES
from detectors.voice.several import Judged, judge_voices, pooled
from detectors.voice.speakers import CEPSTRA, FILE, MOST_VOICES, VoiceDirections, describe

SIZE, HOP_S = 8, 1.5
PLAIN = Platt(slope=1, intercept=0)
LIMITS = Calibration(
    version="1", sample=PLAIN, file=PLAIN, real=0.2, fake=0.8, false_alarm_rate=0.01, miss_rate=0.05, population="test"
)
DIRECTIONS = VoiceDirections(
    mean=np.zeros(SIZE, np.float32),
    scale=np.ones(SIZE, np.float32),
    directions=np.eye(SIZE, dtype=np.float32),
    spread=np.full(SIZE, 4.0, np.float32),
)


def windows(order: Sequence[int], apart: float = 6.0, seed: int = 0) -> tuple[int, ...]:
    """What is told of windows whose voices lie so far apart, in units of one voice's own variation."""
    middles = np.random.default_rng(42).normal(size=(8, SIZE))
    middles *= apart / np.linalg.norm(middles, axis=1, keepdims=True)
    own = np.random.default_rng(seed).normal(size=(len(order), SIZE))
    places = (middles[list(order)] + own).astype(np.float32)
    return DIRECTIONS.tell_apart(places, [HOP_S * place for place in range(len(order))])


@pytest.mark.parametrize("seed", range(8))
def test_one_voice_is_not_split(seed: int) -> None:
    assert set(windows([0] * 40, seed=seed)) == {1}


@pytest.mark.parametrize("seed", range(4))
def test_two_voices_are_told_apart_and_numbered_as_they_appear(seed: int) -> None:
    order = [5] * 5 + [2] * 6 + [5] * 4 + [2] * 5
    assert windows(order, apart=9.0, seed=seed) == tuple(1 if each == 5 else 2 for each in order)


def test_voices_that_hardly_differ_are_one() -> None:
    assert set(windows([0] * 6 + [1] * 6, apart=1.0)) == {1}


def test_a_voice_needs_three_windows() -> None:
    assert set(windows([0, 0, 0, 1, 1], apart=30.0)) == {1}
    assert set(windows([0] * 20 + [1] * 2, apart=30.0)) == {1}
    assert set(windows([0] * 20 + [1] * 3, apart=30.0)) == {1, 2}


def test_three_voices_are_three_and_no_sound_has_more_than_four() -> None:
    assert max(windows([each for each in (0, 1, 2) for _ in range(6)], apart=12.0)) == 3
    assert max(windows([each for each in range(8) for _ in range(6)], apart=30.0)) == MOST_VOICES


def test_windows_that_share_their_sound_say_less() -> None:
    halves, fresh = np.repeat([0, 1], 6), np.ones(12)
    places = np.random.default_rng(3).normal(size=(12, SIZE)).astype(np.float32)
    places[6:, 0] += 5.0
    assert DIRECTIONS.log_odds(places, fresh / 4, halves) < DIRECTIONS.log_odds(places, fresh, halves)


def noise(tilt: float, seed: int) -> np.ndarray:
    """(1, WINDOW_SAMPLES) of steady noise whose power falls so many times six decibels an octave."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=WINDOW_SAMPLES))
    shaped = np.fft.irfft(spectrum * np.arange(1, len(spectrum) + 1) ** -tilt, WINDOW_SAMPLES)
    return (shaped / np.abs(shaped).max()).astype(np.float32)[None]


def test_statistics_are_of_how_a_window_sounds_and_not_of_how_loud_it_is() -> None:
    plain = describe(mel_bands(noise(0.5, 0)))
    np.testing.assert_allclose(describe(mel_bands(noise(0.5, 0) * 0.01)), plain, atol=0.02)
    means = slice(0, CEPSTRA)
    again = np.abs(describe(mel_bands(noise(0.5, 1))) - plain)[0, means].mean()
    assert np.abs(describe(mel_bands(noise(1.0, 0))) - plain)[0, means].mean() > 5 * again
    assert np.isfinite(describe(np.zeros((1, FRAMES, BANDS), np.float32))).all()


def test_the_committed_directions_fit_the_statistics() -> None:
    shipped = VoiceDirections.load()
    bands = mel_bands(np.concatenate([noise(tilt, seed) for tilt in (0.0, 1.0) for seed in range(6)]))
    places = shipped.place(bands)
    assert places.shape == (12, len(shipped.spread))
    assert (shipped.spread > 0).all()
    assert shipped.tell_apart(places[:6], [3.0 * place for place in range(6)]) == (1,) * 6
    tilted = np.linalg.norm(places[:6].mean(axis=0) - places[6:].mean(axis=0))
    assert tilted > 2 * np.linalg.norm(places[:3].mean(axis=0) - places[3:6].mean(axis=0))


def test_a_file_without_directions_is_refused(tmp_path) -> None:
    np.savez(tmp_path / FILE, mean=np.zeros(3))
    with pytest.raises(Misconfigured):
        VoiceDirections.load(tmp_path)


# ------------------------------------------------------------------------------------------------- each for itself


def judged(*voices: tuple[int | None, float]) -> Judged:
    """Of windows in a row, each with its voice and its logit."""
    heard = [
        SpeechObservation(
            start_s=HOP_S * place, end_s=HOP_S * place + 3, speech_s=2.5, logit=logit, encoder_logit=None, voice=voice
        )
        for place, (voice, logit) in enumerate(voices)
    ]
    logits = [each.logit for each in heard]
    return judge_voices(heard, logits, LIMITS, pooled(heard, logits, LIMITS))


def alternating(one: float, other: float, turns: int = 4) -> list[tuple[int | None, float]]:
    return [each for _ in range(turns) for each in [(1, one)] * 2 + [(2, other)] * 2]


def test_a_synthetic_voice_decides_beside_an_honest_one() -> None:
    found = judged(*alternating(4.0, -3.0))
    assert found.finding.outcome is Outcome.FAKE
    assert found.thresholds == LIMITS.thresholds.among(2)
    assert [(each.number, each.decides) for each in found.voices] == [(1, True), (2, False)]
    outcomes = [each.finding.outcome for each in found.voices if isinstance(each.finding, Scored)]
    assert outcomes == [Outcome.FAKE, Outcome.REAL]


def test_one_voice_is_judged_as_before() -> None:
    found = judged(*[(1, 1.0)] * 6)
    assert (found.voices, found.limits, found.thresholds) == ((), (), LIMITS.thresholds)
    assert judged(*[(None, 4.0)] * 6).finding.outcome is Outcome.FAKE


def test_one_of_two_voices_needs_more_than_a_sound_alone() -> None:
    logit = 1.6  # 0.83, above 0.8 and below what two ask for
    assert judged(*[(1, logit)] * 8).finding.outcome is Outcome.FAKE
    assert judged(*alternating(logit, -1.0)).finding.outcome is Outcome.INCONCLUSIVE


def test_a_voice_that_looks_synthetic_takes_back_that_nothing_was_found() -> None:
    found = judged(*alternating(1.6, -6.0))
    assert pooled_outcome(1.6, -6.0) is Outcome.REAL
    assert found.finding.outcome is Outcome.INCONCLUSIVE
    assert [each.code for each in found.limits] == [ReasonCode.LOW_QUALITY]


def pooled_outcome(one: float, other: float) -> Outcome:
    return judged(*[(None, logit) for _, logit in alternating(one, other)]).finding.outcome


def test_voices_are_named_with_when_they_are_heard() -> None:
    first, second = judged(*alternating(-2.0, -2.0, turns=2)).voices
    assert [(each.start_s, each.end_s) for each in first.spans] == [(0.0, 3.75), (6.75, 9.75)]
    assert [(each.start_s, each.end_s) for each in second.spans] == [(3.75, 6.75), (9.75, 13.5)]


def test_the_shipped_detector_names_the_directions_among_its_files() -> None:
    assert "audio.voice.speakers" in {each.name for each in load_audio_detector(threads=1).models}
