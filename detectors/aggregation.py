"""From many samples to one score, and from scores to stretches of time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.types import TimeRange

CLIP_LOGIT: Final = 6.0
"""One sample's say is bounded, so that a single wild frame cannot carry a file."""
STRETCH_SHARE: Final = 0.25
STRETCH_SAMPLES: Final = 4
LONG_SERIES: Final = 96
LEAST_STRETCH: Final = 8
"""Of a series at least as long as `LONG_SERIES`: no shorter stretch speaks for itself."""
STRETCH_MARGIN: Final = 1.0
"""A stretch must stand out this far, in logits, before it speaks louder than the whole."""


def pool(logits: Sequence[float], weights: Sequence[float]) -> float:
    """One logit for a series of samples in order of time.

    The weighted mean of the clipped logits; or, for a manipulation that covers only a part, the best contiguous stretch
    of a quarter of the series (four samples at least) less a margin, if that is higher.

    Raises: ValueError when empty.
    """
    if len(logits) == 0:
        raise ValueError("nothing to pool")
    values = np.clip(np.asarray(logits, np.float64), -CLIP_LOGIT, CLIP_LOGIT)
    shares = np.maximum(np.asarray(weights, np.float64), 1e-3)
    whole = float(np.average(values, weights=shares))
    length = max(STRETCH_SAMPLES, round(len(values) * STRETCH_SHARE))
    if len(values) < 2 * length:
        return whole
    found = [whole, _loudest(values, shares, length, STRETCH_MARGIN)]
    # In a long recording a quarter is minutes. Shorter stretches speak too, and have to stand out from more of them.
    while len(values) >= LONG_SERIES and length // 2 >= LEAST_STRETCH:
        length //= 2
        margin = STRETCH_MARGIN + math.log(STRETCH_SHARE * len(values) / length)
        found.append(_loudest(values, shares, length, margin))
    return max(found)


def _loudest(values: npt.NDArray[np.float64], shares: npt.NDArray[np.float64], length: int, margin: float) -> float:
    """The highest weighted mean of so many samples in a row, less a margin."""
    kernel = np.ones(length)
    means = np.convolve(values * shares, kernel, "valid") / np.convolve(shares, kernel, "valid")
    return float(means.max()) - margin


def stretches(
    times_s: Sequence[float], p_fake: Sequence[float], *, enter: float, leave: float, end_s: float
) -> tuple[tuple[TimeRange, npt.NDArray[np.int64]], ...]:
    """Stretches by hysteresis: one begins where p_fake reaches `enter` and lasts while it stays at or above `leave`.

    A stretch reaches halfway to its neighbours outside, at most one second. A single sample among at least six others
    is noise, not a stretch.

    Returns:
        Each stretch with the indices of its samples.
    """
    values = _median_of_three(np.asarray(p_fake, np.float64))
    found: list[tuple[TimeRange, npt.NDArray[np.int64]]] = []
    index = 0
    while index < len(values):
        if values[index] < leave:
            index += 1
            continue
        stop = index
        while stop < len(values) and values[stop] >= leave:
            stop += 1
        members = np.arange(index, stop)
        if values[members].max() >= enter and (len(members) > 1 or len(values) < 7):
            before = times_s[index] - times_s[index - 1] if index > 0 else 2 * times_s[index]
            after = times_s[stop] - times_s[stop - 1] if stop < len(values) else 2 * (end_s - times_s[stop - 1])
            start = max(0.0, times_s[index] - min(before / 2, 1.0))
            end = max(start, min(max(end_s, times_s[stop - 1]), times_s[stop - 1] + min(max(after, 0.0) / 2, 1.0)))
            found.append((TimeRange(start_s=round(start, 3), end_s=round(end, 3)), members))
        index = stop
    return tuple(found)


def _median_of_three(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if len(values) < 3:
        return values
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray(np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0))
