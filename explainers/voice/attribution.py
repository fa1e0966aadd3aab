"""Which seconds and bands of a voice spoke for synthesis: SHAP over the time-frequency plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from core.types import BandShare, Faithfulness
from explainers.faithfulness import measure, rank_correlation
from explainers.targets import BoolArray, FloatArray, SpectrogramModel
from explainers.voice.rescale import RescaleNetwork, shuffled

METHOD: Final = "SHAP (closed form of the rescale rule, over the time-frequency plane)"

BAND_EDGES_HZ: Final = (0.0, 500.0, 1000.0, 2000.0, 4000.0, 7000.0)
"""Bands that shares are reported for: fundamental and first formant, then octave by octave to where the model's hearing
ends."""
PEAK_S: Final = 0.5
"""Length of the stretch that is named as the peak of a window."""
COARSE_CELLS: Final = 8
"""Frames, and bands, of one patch."""
SHUFFLE_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class WindowAttribution:
    """What each cell of one window gave to the fake logit.

    values: (T, F) float32, signed logits. logit and expected: of the window and of the background's mean;
    `additivity_error = |values.sum() - (logit - expected)|`, zero where SHAP is exact.
    peak_start_s, peak_end_s: from the window's start, the stretch that spoke most for synthesis.
    bands: share of the positive attribution by frequency, ascending.
    """

    values: FloatArray
    logit: float
    expected: float
    additivity_error: float
    peak_start_s: float
    peak_end_s: float
    bands: tuple[BandShare, ...]
    faithfulness: Faithfulness


def peak_stretch(values: FloatArray, frame_s: float, length_s: float = PEAK_S) -> tuple[float, float]:
    """Where in the window the net attribution is highest, in seconds from its start: (start, end). values: (T, F)."""
    per_frame = values.sum(axis=1, dtype=np.float64)
    frames = min(len(per_frame), max(1, round(length_s / frame_s)))
    sums = np.convolve(per_frame, np.ones(frames), mode="valid")
    first = int(sums.argmax())
    return first * frame_s, (first + frames) * frame_s


def band_shares(values: FloatArray, band_hz: FloatArray) -> tuple[BandShare, ...]:
    """Share of the positive attribution in each band of `BAND_EDGES_HZ` that the plane reaches; empty without any."""
    positive = np.maximum(values, 0.0).sum(axis=0, dtype=np.float64)
    mass = float(positive.sum())
    if mass <= 0:
        return ()
    shares = []
    for low, high in pairwise(BAND_EDGES_HZ):
        inside = (band_hz >= low) & ((band_hz < high) | (high == BAND_EDGES_HZ[-1]))
        if inside.any():
            share = min(1.0, round(float(positive[inside].sum()) / mass, 6))
            shares.append(BandShare(low_hz=low, high_hz=high, share=share))
    return tuple(shares)


def muted(window: FloatArray, area: BoolArray) -> FloatArray:
    """The window with an area lowered to the quietest level that its own band falls to. window: (T, F, 1)."""
    floor = np.quantile(window, 0.05, axis=0, keepdims=True)
    return np.where(area[..., None], np.minimum(window, floor), window).astype(np.float32)


class SpeechExplainer:
    """SHAP values of windows of speech against a fixed background.

    A window takes about a second of one core with eight background inputs. Safe to call from several threads.

    Source:  Lundberg & Lee 2017; Shrikumar et al. 2017 (DeepLIFT rescale rule).
    Limits:  exact sums hold for piecewise-linear networks only, so the error is measured and reported every time.

    Raises: Defect when the network holds a layer that is not known to be piecewise linear.
    """

    def __init__(self, model: SpectrogramModel) -> None:
        self._model = model
        self._network = RescaleNetwork(model.layers())
        self._shuffled = RescaleNetwork(shuffled(model.layers(), SHUFFLE_SEED))

    def explain(self, windows: FloatArray, *, seed: int) -> tuple[WindowAttribution, ...]:
        """Attributions of windows (N, T, F, 1), in their order. `seed`: of the faithfulness test's control areas."""
        account = self._network.explain(windows, self._model.background)
        # Only compared by ranks of coarse patches: on 19 recordings all eight moved the correlation by 0.06 at most.
        middle = len(self._model.background) // 2
        meaningless = self._shuffled.explain(windows, self._model.background[middle : middle + 1])
        return tuple(
            read_plane(
                self._model,
                window,
                plane,
                (float(logit), account.expected),
                seed=seed,
                alike=partial(_alike, plane, other),
            )
            for plane, other, window, logit in zip(
                account.values, meaningless.values, windows, account.logits, strict=True
            )
        )


def _alike(plane: FloatArray, other: FloatArray) -> float:
    return rank_correlation(coarse(plane), coarse(other))


def read_plane(
    model: SpectrogramModel,
    window: FloatArray,
    plane: FloatArray,
    logits: tuple[float, float],
    *,
    seed: int,
    alike: Callable[[], float] | None = None,
) -> WindowAttribution:
    """What values of a window's cells amount to, tested on the window.

    Args:
        window: (T, F, 1). plane: (T, F). logits: of the window, and the one that values are measured from.
        seed: of the control areas. alike: rank correlation with the map of shuffled weights.
    """
    logit, expected = logits
    start_s, end_s = peak_stretch(plane, model.frame_s)
    return WindowAttribution(
        values=plane,
        logit=logit,
        expected=expected,
        additivity_error=abs(float(plane.sum(dtype=np.float64)) - (logit - expected)),
        peak_start_s=start_s,
        peak_end_s=end_s,
        bands=band_shares(plane, model.band_hz),
        faithfulness=measure(
            plane,
            lambda area: muted(window, area),
            lambda inputs: model.logits(inputs.astype(np.float32, copy=False)),
            seed=seed,
            alike=alike,
        ),
    )


@cache
def speech_explainer(model: SpectrogramModel) -> SpeechExplainer:
    """The explainer of a model, built once a process."""
    return SpeechExplainer(model)


def coarse(plane: FloatArray) -> FloatArray:
    """Means over patches of about a quarter second and an octave's fraction, which two accounts can be compared by."""
    cells = (max(1, plane.shape[1] // COARSE_CELLS), max(1, plane.shape[0] // COARSE_CELLS))
    small = cv2.resize(np.ascontiguousarray(plane), cells, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32).reshape(cells[::-1])
