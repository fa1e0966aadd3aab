"""What the shipped detectors share: a name, weights, and the calibration that their scores are read by."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from core.types import DetectorRef, ModelRef, Thresholds
from detectors.calibration import Calibration, WitnessFusion
from detectors.keras_file import Layer, read_layers
from detectors.model_files import find_model_file


class SecondModel(Protocol):
    """What is heard beside the network, and what both say together."""

    @property
    def version(self) -> str: ...
    @property
    def fusion(self) -> WitnessFusion: ...
    @property
    def models(self) -> tuple[ModelRef, ...]:
        """Its files."""


S = TypeVar("S", bound=SecondModel)


class TrainedDetector(Generic[S]):
    """A trained network, a second model beside it or none, and the reading of their scores.

    Args:
        preprocessing: raised when what the models are shown changes.
        weights: folder of the Keras file of the serving network, for explanations; read when first asked for.
    """

    def __init__(
        self,
        name: str,
        preprocessing: int,
        calibration: Calibration,
        model: ModelRef,
        weights: Path,
        second: S | None,
    ) -> None:
        self._name, self._preprocessing, self._weights = name, preprocessing, weights
        self._calibration, self._model, self._second = calibration, model, second
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        network = f"{self._model.sha256[:12]}-p{self._preprocessing}-{self._calibration.version}"
        return network if self._second is None else f"{network}-{self._second.version}"

    @property
    def reference(self) -> DetectorRef:
        return DetectorRef(name=self.name, version=self.version)

    @property
    def model(self) -> ModelRef:
        return self._model

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """Every file of weights that scores; the first bears the detector's version."""
        network = self._model.model_copy(update={"name": self.name, "version": self.version})
        return (network, *(() if self._second is None else self._second.models))

    @property
    def thresholds(self) -> Thresholds:
        """Of what every model saw or heard."""
        return (self._calibration if self._second is None else self._second.fusion.calibration).thresholds

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
