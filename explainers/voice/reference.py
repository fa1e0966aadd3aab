"""A second opinion on a voice: SHAP's own DeepExplainer over TensorFlow, the reference of the closed form."""

from __future__ import annotations

import threading
import warnings
from functools import cache
from typing import Any, Final

import numpy as np

from explainers.faithfulness import rank_correlation
from explainers.targets import FloatArray, SpectrogramModel
from explainers.voice.attribution import WindowAttribution, coarse, read_plane

METHOD: Final = "SHAP DeepExplainer over the time-frequency plane"

_one_at_a_time: Final = threading.Lock()
"""SHAP swaps TensorFlow's gradient functions while it works, for the whole process."""


class SpeechReference:
    """SHAP's DeepExplainer of one network. Building it traces the network. Callers in several threads take turns.

    Source:  Lundberg & Lee 2017.
    Limits:  not compared with shuffled weights.
    """

    def __init__(self, model: SpectrogramModel) -> None:
        self._model = model
        with _one_at_a_time:
            self._explainer = _deep_explainer(model.network(), model.background)
            self._expected = float(np.asarray(self._explainer.expected_value).ravel()[0])

    def second_opinion(
        self, window: FloatArray, first: WindowAttribution, *, seed: int
    ) -> tuple[WindowAttribution, float]:
        """The package's account of a window (T, F, 1), and its rank correlation with the first one.

        Args:    seed: of the faithfulness test's control areas.
        """
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            raw = self._explainer.shap_values(window[None], check_additivity=False)
            logit = float(np.asarray(self._model.network()(window[None], training=False)).ravel()[0])
        plane = np.asarray(raw, np.float32).reshape(window.shape[:2])
        told = read_plane(self._model, window, plane, (logit, self._expected), seed=seed)
        return told, rank_correlation(coarse(plane), coarse(first.values))


@cache
def speech_reference(model: SpectrogramModel) -> SpeechReference:
    """The reference of a model, built once a process."""
    return SpeechReference(model)


def _deep_explainer(network: Any, background: FloatArray) -> Any:
    with warnings.catch_warnings():
        # SHAP warns of TensorFlow 2 as such and of colour maps it makes on import; sums are checked elsewhere instead.
        warnings.simplefilter("ignore")
        import keras
        from shap.explainers import DeepExplainer
        from shap.explainers._deep import deep_tf

        # A depthwise convolution is linear in its input like any other; SHAP knows only the common kind.
        deep_tf.op_handlers.setdefault("DepthwiseConv2dNative", deep_tf.linearity_1d(0))
        return DeepExplainer(keras.Model([network.inputs[0]], network.outputs[0]), background)
