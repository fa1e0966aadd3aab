"""The pitch of frames whose period is known."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from detectors.voice.pitch import estimate_pitch

RATE = 16_000
ROOT = Path(__file__).resolve().parents[3]


def frames_of(samples: np.ndarray) -> np.ndarray:
    return sliding_window_view(samples.astype(np.float32), 1024)[::256]


def estimate(samples: np.ndarray) -> np.ndarray:
    return estimate_pitch(frames_of(samples), RATE, 60, 500)


@pytest.mark.parametrize("pitch_hz", [61.0, 83.7, 120.0, 227.3, 440.0, 498.0])
def test_a_tone_has_its_pitch_between_samples_too(pitch_hz: float) -> None:
    times = np.arange(RATE) / RATE
    tone = sum(np.sin(2 * np.pi * pitch_hz * number * times) / number for number in range(1, 9))
    assert estimate(tone) == pytest.approx(pitch_hz, rel=0.005)


def test_a_weak_fundamental_is_found_by_its_harmonics() -> None:
    times = np.arange(RATE) / RATE
    harmonics = sum(np.sin(2 * np.pi * 110 * number * times) for number in range(3, 9))
    assert estimate(harmonics) == pytest.approx(110, rel=0.005)


def test_the_shortest_of_several_equal_periods_is_taken() -> None:
    """A period of 4 ms is one of 8 and 12 ms as well."""
    clicks = np.zeros(RATE)
    clicks[:: RATE // 250] = 1
    assert estimate(clicks) == pytest.approx(250, rel=0.005)


def test_a_glide_is_followed_frame_by_frame() -> None:
    pitch = np.geomspace(100, 300, 2 * RATE)
    glide = np.sin(2 * np.pi * np.cumsum(pitch) / RATE)
    found = estimate(glide)
    expected = np.exp(frames_of(np.log(pitch)).mean(axis=1))
    assert np.abs(np.log2(found / expected)).max() < 0.05


def test_silence_and_noise_give_finite_pitches_within_the_bounds() -> None:
    noise = np.random.default_rng(1).normal(size=RATE)
    for samples in (np.zeros(RATE), noise, np.ones(RATE), np.r_[1.0, np.zeros(RATE)]):
        found = estimate(samples)
        assert np.isfinite(found).all()
        assert ((found > 59) & (found < 530)).all()


def test_measuring_a_voice_loads_nothing_that_numba_compiled() -> None:
    """Processes that compile the same function side by side can leave code behind that crashes each later one."""
    script = (
        "import sys, numpy; from core.types import TimeRange; from detectors.voice.acoustics import measure\n"
        "found = measure(numpy.sin(numpy.arange(32000) / 20).astype('f'), (TimeRange(start_s=0, end_s=2),))\n"
        "print(len(found), 'numba' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["9", "False"]
