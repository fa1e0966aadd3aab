"""What the shipped detectors share: a name, weights, and the calibration that their scores are read by."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from core.types import DetectorRef, ModelRef, Thresholds
from detectors.calibration import Calibration
from detectors.keras_file import Layer, read_layers
from detectors.model_files import find_model_file


class TrainedDetector:
    """A trained model and the reading of its scores.

    Args:
        preprocessing: raised when what the model is shown changes.
        weights: folder of the Keras file of the serving network, for explanations; read when first asked for.
    """

    def __init__(self, name: str, preprocessing: int, calibration: Calibration, model: ModelRef, weights: Path) -> None:
        self._name, self._preprocessing, self._weights = name, preprocessing, weights
        self._calibration, self._model = calibration, model
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        return f"{self._model.sha256[:12]}-p{self._preprocessing}-{self._calibration.version}"

    @property
    def reference(self) -> DetectorRef:
        return DetectorRef(name=self.name, version=self.version)

    @property
    def model(self) -> ModelRef:
        return self._model

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """Every file of weights that scores; the first bears the detector's version."""
        return (self._model.model_copy(update={"name": self.name, "version": self.version}),)

    @property
    def thresholds(self) -> Thresholds:
        return self._calibration.thresholds

    def network(self) -> Any:
        """The Keras model of the network that serves; imports TensorFlow when first called.

        Raises: Misconfigured when its file is missing.
        """
        with self._lock:
            return self._keras

    def layers(self) -> tuple[Layer, ...]:
        """The layers of the same network, read without TensorFlow. Raises: Misconfigured when its file is missing."""
        return read_layers(find_model_file(self._weights, "model.keras"))

    @cached_property
    def _keras(self) -> Any:
        path = find_model_file(self._weights, "model.keras")
        import keras

        return keras.models.load_model(path, compile=False)
