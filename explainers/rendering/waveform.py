"""The whole sound as one strip without axes, to be laid under a timeline: x is time, and nothing else is on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageColor

from core.media import Waveform
from explainers.rendering.palette import FAKE, REAL, png
from explainers.rendering.spectrogram import smoothed
from explainers.targets import FloatArray
from explainers.voice.attribution import WindowAttribution

ROWS: Final = 96
MOST_COLUMNS: Final = 1600
COLUMNS_A_SECOND: Final = 50
LOW_HZ: Final = 80.0
HIGH_HZ: Final = 7600.0
_FRAME: Final = 1024
_GLANCES: Final = 3
"""Frames that are averaged for one column of a long recording."""
_RANGE_DB: Final = 55.0
_GROUND: Final = (29, 35, 43)
_LIGHT: Final = (226, 232, 240)


@dataclass(frozen=True, slots=True)
class PaintedWindow:
    """An explained window: where it lies, and what each of its cells gave."""

    start_s: float
    frame_s: float
    attribution: WindowAttribution


def render_strip(waveform: Waveform, duration_s: float, painted: Sequence[PaintedWindow], band_hz: FloatArray) -> bytes:
    """PNG: level by time and pitch in grey, low below high; explained windows tinted, red for synthesis, blue against.

    Args:
        duration_s: of the recording; the strip spans it, whether or not the sound does.
        band_hz: (F,) centres of the rows of the attributions, ascending.
    """
    columns = int(np.clip(duration_s * COLUMNS_A_SECOND, 200, MOST_COLUMNS))
    level = _level(waveform, duration_s, columns)
    top = float(np.quantile(level, 0.999))
    shown = np.clip((level - (top - _RANGE_DB)) / _RANGE_DB, 0, 1)[..., None] ** 1.4
    picture = np.asarray(_GROUND) * (1 - shown) + np.asarray(_LIGHT) * shown
    for window in painted:
        _tint(picture, window, duration_s, band_hz)
    return png(np.rint(picture[::-1]).astype(np.uint8))


@cache
def pitches() -> FloatArray:
    """(ROWS,) centres of the strip's rows in hertz, ascending; even steps of pitch."""
    return np.geomspace(LOW_HZ, HIGH_HZ, ROWS).astype(np.float32)


def _level(waveform: Waveform, duration_s: float, columns: int) -> npt.NDArray[np.float64]:
    """(ROWS, columns) dB."""
    samples = np.pad(waveform.samples, (_FRAME // 2, _FRAME // 2 + 1))
    step = duration_s * waveform.rate_hz / columns
    power = np.zeros((columns, _FRAME // 2 + 1), np.float32)
    shape = np.hanning(_FRAME).astype(np.float32)
    for glance in range(_GLANCES):
        centres = ((np.arange(columns) + (glance + 0.5) / _GLANCES) * step).astype(np.int64)
        centres = np.minimum(centres, len(waveform.samples))
        spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[centres] * shape)
        power += np.square(spectra.real) + np.square(spectra.imag)
    at = pitches() / waveform.rate_hz * _FRAME
    below = at.astype(np.int64)
    share = at - below
    rows = power[:, below] * (1 - share) + power[:, below + 1] * share
    return np.asarray(10 * np.log10(rows.T / _GLANCES + 1e-7), np.float64)


def _tint(picture: npt.NDArray[np.float64], window: PaintedWindow, duration_s: float, band_hz: FloatArray) -> None:
    values = smoothed(window.attribution.values, 5, 3)
    reach = float(np.quantile(np.abs(values), 0.99)) or 1.0
    columns = picture.shape[1]
    left = round(window.start_s / duration_s * columns)
    width = max(1, round(len(values) * window.frame_s / duration_s * columns))
    rows = np.stack([np.interp(pitches(), band_hz, each) for each in values], axis=1).astype(np.float32)
    area = cv2.resize(rows, (width, ROWS), interpolation=cv2.INTER_AREA)[:, : max(0, columns - left)]
    for sign, colour in ((1.0, FAKE), (-1.0, REAL)):
        veil = np.clip(sign * area / reach, 0, 1)[..., None] * 0.9
        stretch = picture[:, left : left + area.shape[1]]
        stretch += (np.asarray(ImageColor.getrgb(colour)) - stretch) * veil
