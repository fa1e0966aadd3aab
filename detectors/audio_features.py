"""What the audio model hears: a linear-frequency log spectrogram of three seconds, free of level and smooth colouring.

The same function serves training and inference.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from core.media import SPEECH_RATE_HZ

WINDOW_S: Final = 3.0
WINDOW_SAMPLES: Final = int(WINDOW_S * SPEECH_RATE_HZ)
FFT_SIZE: Final = 512
FRAME_SAMPLES: Final = 400
HOP_SAMPLES: Final = 200
LOW_BIN: Final = 4
HIGH_BIN: Final = 224
"""125 Hz to 7 kHz: some sources stop at 7.8 kHz, so what lies above would tell sources apart."""
BINS: Final = HIGH_BIN - LOW_BIN
FRAMES: Final = (WINDOW_SAMPLES - FRAME_SAMPLES) // HOP_SAMPLES + 1
HZ_PER_BIN: Final = SPEECH_RATE_HZ / FFT_SIZE
SECONDS_PER_FRAME: Final = HOP_SAMPLES / SPEECH_RATE_HZ

_FLOOR: Final = 1e-5
_SMOOTHING_BINS: Final = 41
_HANN: Final = np.hanning(FRAME_SAMPLES).astype(np.float32)


def spectrogram(windows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Features of a batch of windows.

    Args:
        windows: (B, 48000) float32 at 16 kHz, any level.

    Returns:
        (B, FRAMES, BINS, 1) float32: log power between 125 Hz and 7 kHz, floored 50 dB below the window's mean power,
        minus the smooth part of its mean over time (microphone, room and equaliser), over its standard deviation.
    """
    strided = np.lib.stride_tricks.sliding_window_view(windows, FRAME_SAMPLES, axis=1)[:, ::HOP_SAMPLES]
    spectrum = np.fft.rfft(strided * _HANN, FFT_SIZE, axis=2)[:, :, LOW_BIN:HIGH_BIN]
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    mean_power = power.mean(axis=(1, 2), keepdims=True)
    level = np.log(power + _FLOOR * mean_power + 1e-12)
    level -= _smooth(level.mean(axis=1))[:, None, :]
    level /= level.std(axis=(1, 2), keepdims=True) + 1e-3
    return np.asarray(level[..., None], np.float32)


def _smooth(profile: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Moving average over frequency with reflected ends. profile: (B, BINS)."""
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
