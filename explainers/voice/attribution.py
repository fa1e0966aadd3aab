"""Which seconds and bands of a voice spoke for synthesis: SHAP over the time-frequency plane."""

from __future__ import annotations

import threading
import warnings
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np

from core.types import BandShare, Faithfulness
from explainers.faithfulness import measure, rank_correlation
from explainers.targets import BoolArray, FloatArray, SpectrogramModel

METHOD: Final = "SHAP DeepExplainer over the time-frequency plane"

BAND_EDGES_HZ: Final = (0.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
"""Bands that shares are reported for: fundamental and first formant, then octave by octave."""
PEAK_S: Final = 0.5
"""Length of the stretch that is named as the peak of a window."""
COARSE_CELLS: Final = 8
"""Frames, and bands, of one patch."""
SHUFFLE_SEED: Final = 1

_one_at_a_time: Final = threading.Lock()
"""SHAP swaps TensorFlow's gradient functions while it works, for the whole process."""


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
        inside = (band_hz >= low) & (band_hz < high)
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

    Building it traces the network once, and once more with shuffled weights when first explaining; a window takes
    about a second on one core with eight background inputs. Safe to call from several threads, which then take turns.

    Source:  Lundberg & Lee 2017; Shrikumar et al. 2017 (DeepLIFT rescale rule).
    Limits:  exact sums hold for piecewise-linear networks only, so the error is measured and reported every time.
    """

    def __init__(self, model: SpectrogramModel) -> None:
        self._model = model
        self._shuffled: Any = None
        with _one_at_a_time:
            self._explainer = _deep_explainer(model.network(), model.background)
            self._expected = float(np.asarray(self._explainer.expected_value).ravel()[0])

    def explain(self, windows: FloatArray, *, seed: int) -> tuple[WindowAttribution, ...]:
        """Attributions of windows (N, T, F, 1), in their order. `seed`: of the faithfulness test's control areas."""
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self._shuffled is None:
                self._shuffled = _deep_explainer(_shuffled(self._model.network()), self._model.background)
            raw = self._explainer.shap_values(windows, check_additivity=False)
            meaningless = self._shuffled.shap_values(windows, check_additivity=False)
            outputs = np.asarray(self._model.network()(windows, training=False), np.float64).reshape(len(windows))
        planes, others = (np.asarray(each, np.float32).reshape(windows.shape[:3]) for each in (raw, meaningless))
        return tuple(
            self._read(plane, other, window, float(output), seed)
            for plane, other, window, output in zip(planes, others, windows, outputs, strict=True)
        )

    def _read(
        self, plane: FloatArray, other: FloatArray, window: FloatArray, logit: float, seed: int
    ) -> WindowAttribution:
        start_s, end_s = peak_stretch(plane, self._model.frame_s)
        return WindowAttribution(
            values=plane,
            logit=logit,
            expected=self._expected,
            additivity_error=abs(float(plane.sum(dtype=np.float64)) - (logit - self._expected)),
            peak_start_s=start_s,
            peak_end_s=end_s,
            bands=band_shares(plane, self._model.band_hz),
            faithfulness=measure(
                plane,
                lambda area: muted(window, area),
                lambda inputs: self._model.logits(inputs.astype(np.float32, copy=False)),
                seed=seed,
                alike=lambda: rank_correlation(coarse(plane), coarse(other)),
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


def _shuffled(network: Any) -> Any:
    """A copy of a Keras network, every weight permuted within itself."""
    import keras

    rng = np.random.default_rng(SHUFFLE_SEED)
    copy = keras.models.clone_model(network)
    copy.set_weights([rng.permutation(weight.ravel()).reshape(weight.shape) for weight in network.get_weights()])
    return copy


def _deep_explainer(network: Any, background: FloatArray) -> Any:
    with warnings.catch_warnings():
        # SHAP warns of TensorFlow 2 as such and of colour maps it makes on import; sums are checked here instead.
        warnings.simplefilter("ignore")
        import keras
        from shap.explainers import DeepExplainer
        from shap.explainers._deep import deep_tf

        # A depthwise convolution is linear in its input like any other; SHAP knows only the common kind.
        deep_tf.op_handlers.setdefault("DepthwiseConv2dNative", deep_tf.linearity_1d(0))
        return DeepExplainer(keras.Model([network.inputs[0]], network.outputs[0]), background)
