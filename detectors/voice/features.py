"""What the audio model hears: a linear-frequency log spectrogram of three seconds, free of level and smooth colouring.

The same function serves training and inference.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from core.media import SPEECH_RATE_HZ

WINDOW_S: Final = 3.0
WINDOW_SAMPLES: Final = int(WINDOW_S * SPEECH_RATE_HZ)
FRAME_SAMPLES: Final = 320
HOP_SAMPLES: Final = 160
"""20 ms every 10 ms (docs/adr/0018)."""
BINS: Final = 141
"""0 Hz to 7 kHz: some sources stop at 7.8 kHz, so what lies above would tell sources apart."""
FRAMES: Final = WINDOW_SAMPLES // HOP_SAMPLES
HZ_PER_BIN: Final = SPEECH_RATE_HZ / FRAME_SAMPLES
SECONDS_PER_FRAME: Final = HOP_SAMPLES / SPEECH_RATE_HZ


class Network(Protocol):
    """A network, wherever it runs."""

    def run(self, batch: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], ...]:
        """batch: (N, ...) float32. Each output: (N, ...)."""


_EDGE: Final = (FRAME_SAMPLES - HOP_SAMPLES) // 2
_HANN: Final = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_SAMPLES) / FRAME_SAMPLES)).astype(np.float32)
_FLOOR: Final = 1e-5
_SMOOTHING_BINS: Final = 25
_RUMBLE_BINS: Final = 3
"""Below 150 Hz hum and rumble tell recordings apart, not voices."""


def spectrogram(windows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Features of a batch of windows.

    Args:
        windows: (B, 48000) float32 at 16 kHz, any level.

    Returns:
        (B, FRAMES, BINS, 1) float32: log power up to 7 kHz, floored 50 dB below the window's mean power, minus the
        smooth part of its mean over time (microphone, room and equaliser), over its standard deviation; 0 below 150 Hz.
    """
    scaled = windows / (np.abs(windows).max(axis=1, keepdims=True) + np.float32(1e-8))
    padded = np.pad(scaled, ((0, 0), (_EDGE, _EDGE)), mode="reflect")
    strided = np.lib.stride_tricks.sliding_window_view(padded, FRAME_SAMPLES, axis=1)[:, ::HOP_SAMPLES]
    spectrum = np.fft.rfft(strided * _HANN, axis=2)[:, :, _RUMBLE_BINS:BINS]
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    level = np.log(power + _FLOOR * power.mean(axis=(1, 2), keepdims=True) + 1e-12)
    level -= _smooth(level.mean(axis=1))[:, None, :]
    level /= level.std(axis=(1, 2), keepdims=True) + 1e-3
    return np.asarray(np.pad(level, ((0, 0), (0, 0), (_RUMBLE_BINS, 0)))[..., None], np.float32)


def _smooth(profile: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Moving average over frequency with reflected ends. profile: (B, BINS - _RUMBLE_BINS)."""
    half = _SMOOTHING_BINS // 2
    padded = np.pad(profile, ((0, 0), (half + 1, half)), mode="reflect")
    total = np.cumsum(padded, axis=1, dtype=np.float64)
    return ((total[:, _SMOOTHING_BINS:] - total[:, :-_SMOOTHING_BINS]) / _SMOOTHING_BINS).astype(np.float32)


def fill_window(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Exactly one window: cut, or repeated from its start, so that length leaves no silence behind."""
    if len(samples) >= WINDOW_SAMPLES:
        return samples[:WINDOW_SAMPLES]
    repeats = -(-WINDOW_SAMPLES // max(len(samples), 1))
    return np.tile(samples, repeats)[:WINDOW_SAMPLES]
