"""The pitch of a voice over time: the period after which the sound is most like itself.

Source: YIN, steps 1 to 5 (de Cheveigné & Kawahara 2002, "YIN, a fundamental frequency estimator for speech and music").
Limits: one voice at a time; a frame without a period is given one all the same, so that whoever asks has to look how
periodic it is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

ABSOLUTE_THRESHOLD: Final = 0.1
"""Of the normalised difference: the shortest period whose dip lies below it is taken (step 4 of the paper)."""
_TINY: Final = float(np.finfo(np.float64).tiny)

Floats = npt.NDArray[np.float64]


def estimate_pitch(frames: npt.NDArray[np.float32], rate_hz: int, lowest_hz: float, highest_hz: float) -> Floats:
    """(N,) pitch of each frame in Hz.

    Args:
        frames: (N, L) stretches of sound, each longer than the longest period.
        lowest_hz: above `rate_hz / L`.
        highest_hz: at most half of `rate_hz`.
    """
    shortest, longest = int(rate_hz / highest_hz), int(np.ceil(rate_hz / lowest_hz))
    dips = _normalised_difference(frames.astype(np.float64), longest)[:, shortest : longest + 1]
    at = _first_deep_dip(dips)
    return rate_hz / (shortest + at + _offset_of_minimum(dips, at))


def _normalised_difference(frames: Floats, longest: int) -> Floats:
    """(N, longest + 1): squared difference of a frame from itself so much later, over its mean up to that lag.

    A frame is followed by silence here, so that the whole of it is compared at every lag. With a window shortened to
    what overlaps, pitch over honest clips ranged and jumped more.
    """
    spectrum = np.fft.rfft(frames, 2 * frames.shape[1])
    alike = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:, : longest + 1]
    lost = np.cumsum(frames**2, axis=1)[:, :longest]
    difference = 2 * (alike[:, :1] - alike)
    difference[:, 1:] -= lost
    means = np.cumsum(difference, axis=1) / np.maximum(np.arange(longest + 1), 1)
    return np.asarray(difference / (means + _TINY))


def _first_deep_dip(dips: Floats) -> npt.NDArray[np.int64]:
    """(N,) index of the first local minimum below the threshold, or of the lowest value where none is."""
    beside = np.pad(dips, ((0, 0), (1, 1)), constant_values=np.inf)
    deep = (dips < beside[:, :-2]) & (dips <= beside[:, 2:]) & (dips < ABSOLUTE_THRESHOLD)
    return np.asarray(np.where(deep.any(axis=1), deep.argmax(axis=1), dips.argmin(axis=1)))


def _offset_of_minimum(dips: Floats, at: npt.NDArray[np.int64]) -> Floats:
    """(N,) how far the minimum of a parabola through a dip and its neighbours lies from it, in samples."""
    rows, inner = np.arange(len(dips)), np.clip(at, 1, dips.shape[1] - 2)
    before, here, after = (dips[rows, inner + step] for step in (-1, 0, 1))
    bend, slope = before + after - 2 * here, (after - before) / 2
    # At the edge there is no parabola; where it would lie a whole sample away, it fits no dip.
    fits = (inner == at) & (np.abs(slope) < np.abs(bend))
    return np.asarray(np.where(fits, -slope / np.where(fits, bend, 1.0), 0.0))
