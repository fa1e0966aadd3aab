"""What is measured of speech, on sounds whose measures are known."""

from __future__ import annotations

import numpy as np
import pytest

from core.types import AcousticMeasure, AcousticMeasurement, AudioObservations, TimeRange
from detectors.voice.acoustics import beside_usual, measure

RATE = 16_000


def buzz(pitch_hz: float | np.ndarray, seconds: float = 4.0, highest_hz: float = 7000.0) -> np.ndarray:
    """Harmonics of a pitch, one for each time or the same throughout, up to a frequency."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(pitch_hz, round(seconds * RATE))) / RATE
    count = int(highest_hz / np.max(pitch_hz))
    waves = sum(np.sin(number * phase) / number for number in range(1, count + 1))
    noise = np.random.default_rng(3).normal(size=len(phase)) * 1e-4
    return (0.1 * waves + noise).astype(np.float32)


def whole(samples: np.ndarray) -> tuple[TimeRange, ...]:
    return (TimeRange(start_s=0.0, end_s=len(samples) / RATE),)


@pytest.mark.parametrize("pitch_hz", [90.0, 150.0, 310.0])
def test_a_steady_buzz_has_its_pitch_and_no_range(pitch_hz: float) -> None:
    samples = buzz(pitch_hz)
    found = measure(samples, whole(samples))
    assert found[AcousticMeasure.PITCH] == pytest.approx(pitch_hz, rel=0.01)
    assert found[AcousticMeasure.PITCH_RANGE] < 0.1
    assert found[AcousticMeasure.PITCH_STEP] < 0.05


def test_an_octave_up_and_down_has_a_range_of_most_of_it_and_steps() -> None:
    times = np.arange(4 * RATE) / RATE
    samples = buzz(150 * 2 ** (0.5 * np.sin(2 * np.pi * 0.5 * times)))
    found = measure(samples, whole(samples))
    assert 10 < found[AcousticMeasure.PITCH_RANGE] < 12
    assert found[AcousticMeasure.PITCH_STEP] > 0.1


def test_noise_has_no_pitch_and_a_flat_spectrum() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 3 * RATE).astype(np.float32)
    found = measure(noise, whole(noise))
    assert AcousticMeasure.PITCH not in found
    voice = buzz(120.0)
    assert found[AcousticMeasure.FLATNESS] > -4 > measure(voice, whole(voice))[AcousticMeasure.FLATNESS] + 10


def test_a_band_ends_where_it_was_cut_and_falls_there() -> None:
    wide, narrow = buzz(120.0, highest_hz=7000), buzz(120.0, highest_hz=3400)
    ends = [measure(each, whole(each)) for each in (wide, narrow)]
    assert ends[1][AcousticMeasure.BAND_END] == pytest.approx(3400, abs=150)
    assert ends[0][AcousticMeasure.BAND_END] == pytest.approx(7000, abs=150)
    assert ends[1][AcousticMeasure.BAND_FALL] > 20


def test_pauses_noise_and_digital_silence_are_shares_and_levels_of_the_sound() -> None:
    hiss = np.random.default_rng(2).normal(0, 1e-3, RATE).astype(np.float32)
    nothing = np.zeros(RATE, np.float32)
    samples = np.concatenate([buzz(120.0, 2.0), hiss, nothing, buzz(120.0, 2.0)])
    speech = (TimeRange(start_s=0, end_s=2), TimeRange(start_s=4, end_s=6))
    found = measure(samples, speech)
    assert found[AcousticMeasure.PAUSES] == pytest.approx(1 / 3)
    assert found[AcousticMeasure.DIGITAL_SILENCE] == pytest.approx(1 / 6, abs=1e-3)
    assert found[AcousticMeasure.NOISE_FLOOR] < -80
    without = measure(np.concatenate([samples[: 3 * RATE], samples[4 * RATE :]]), (speech[0],))
    assert without[AcousticMeasure.DIGITAL_SILENCE] == 0
    level = float(np.mean(buzz(120.0, 2.0) ** 2))
    assert without[AcousticMeasure.NOISE_FLOOR] == pytest.approx(10 * np.log10(1e-6 / level), abs=1)


def test_too_little_speech_is_not_measured() -> None:
    samples = buzz(120.0, 2.0)
    assert measure(samples, ()) == {}
    assert measure(samples, (TimeRange(start_s=0, end_s=0.1),)) == {}


def test_measurements_stand_beside_what_is_usual() -> None:
    (usual, silent) = beside_usual({AcousticMeasure.PITCH: 150.0, AcousticMeasure.DIGITAL_SILENCE: 0.9})
    assert usual.is_usual
    assert usual.usual_low < 150 < usual.usual_high
    assert not silent.is_usual
    every = beside_usual(dict.fromkeys(AcousticMeasure, 0.0))
    assert [each.measure for each in every] == list(AcousticMeasure)
    assert all(isinstance(each, AcousticMeasurement) and each.usual_low <= each.usual_high for each in every)


def test_observations_of_earlier_versions_hold_none() -> None:
    stored = AudioObservations(windows=(), speech_s=0.0, total_s=1.0).model_dump(mode="json")
    del stored["acoustics"]
    assert AudioObservations.model_validate(stored).acoustics == {}
    new = AudioObservations(windows=(), speech_s=0, total_s=1, acoustics={AcousticMeasure.PITCH: 120.0})
    assert AudioObservations.model_validate(new.model_dump(mode="json")) == new
