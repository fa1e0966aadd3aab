"""Copy-synthesis by the neural vocoder: the pitch stays, the samples do not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from detectors.voice.features import WINDOW_SAMPLES
from detectors.voice.pitch import estimate_pitch
from training.voice.sound.synthesis import HIFIGAN, resynthesise


def voice() -> np.ndarray:
    """A buzz whose pitch wanders between 130 and 170 Hz, (48000,) float32."""
    time_s = np.arange(WINDOW_SAMPLES) / 16_000
    phase = 2 * np.pi * np.cumsum(150 + 20 * np.sin(2 * np.pi * 0.7 * time_s)) / 16_000
    buzz = sum(np.sin(phase * harmonic) / harmonic for harmonic in range(1, 20))
    return (0.1 * buzz / np.abs(buzz).max()).astype(np.float32)


def pitch(clip: np.ndarray) -> np.ndarray:
    """Hz, every 32 ms."""
    return estimate_pitch(sliding_window_view(clip, 1024)[::512], 16_000, 100, 300)[10:-10]


@pytest.mark.parametrize("seed", [2, 3])
def test_the_neural_vocoder_keeps_the_pitch_and_not_the_samples(seed):
    clip = voice()
    rebuilt = resynthesise(clip, HIFIGAN, np.random.default_rng(seed))
    assert rebuilt.shape == clip.shape
    assert rebuilt.dtype == np.float32
    assert float(np.sqrt(np.mean(rebuilt**2))) == pytest.approx(float(np.sqrt(np.mean(clip**2))), rel=1e-3)
    assert np.median(np.abs(pitch(rebuilt) / pitch(clip) - 1)) < 0.05
    assert abs(np.corrcoef(clip, rebuilt)[0, 1]) < 0.9
