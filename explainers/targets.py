"""What an explainer asks of a model. Detectors satisfy these; the worker's composition root introduces them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from core.media import AlignedFace, RgbImage, Waveform
from core.types import AudioWindow, Box, FaceGeometry

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
Affine = npt.NDArray[np.float64]
"""(2, 3): maps a point (x, y, 1) of one picture to (x, y) of another."""


class Activations(Protocol):
    """Logits and what each position of the last feature map gave to them.

    For a network that ends in global average pooling and a linear head, `maps[n].mean() + bias == logits[n]`, with the
    same bias for every n.
    """

    @property
    def logits(self) -> FloatArray:
        """(N,)."""

    @property
    def maps(self) -> FloatArray:
        """(N, h, w), signed, in logits."""


class ActivationModel(Protocol):
    """A convolutional network that ends in global average pooling and a linear head."""

    def activations(self, crops: npt.NDArray[np.uint8]) -> Activations:
        """crops: (N, S, S, 3) uint8 RGB, N ≥ 1."""


class Layer(Protocol):
    """One layer of a flat network: its class in Keras, whence it takes its inputs, and what it was made with."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def inputs(self) -> tuple[str, ...]: ...

    @property
    def settings(self) -> Mapping[str, Any]: ...

    @property
    def weights(self) -> tuple[FloatArray, ...]:
        """Kernel before bias."""


class Leading(Protocol):
    """The model that speaks louder for manipulation of one face, and that face as it saw it."""

    @property
    def model(self) -> ActivationModel: ...

    @property
    def shuffled(self) -> ActivationModel:
        """The same with its weights shuffled."""

    @property
    def face(self) -> AlignedFace: ...

    @property
    def is_second(self) -> bool:
        """Whether it is the second model, whose map follows from patches."""


class FaceModel(ActivationModel, Protocol):
    """A model of faces that shows what it saw, and itself with its weights shuffled."""

    def align(self, image: RgbImage, box: Box, geometry: FaceGeometry | None) -> AlignedFace:
        """The face of this frame as the model saw it, by the geometry that was stored with its observation.

        Without geometry, as in evidence of earlier versions, it is found again by its box.
        """

    def leading(self, image: RgbImage, box: Box, geometry: FaceGeometry | None) -> Leading:
        """Of the models of this face the one by which alone it is more probably manipulated."""

    @property
    def shuffled(self) -> ActivationModel:
        """The same network with its weights shuffled; the same object every time."""

    def network(self) -> Any:
        """The flat Keras model of the same weights, taking crops as floats of 0 to 255; the same object every time."""


class SpectrogramModel(Protocol):
    """A ReLU network over a time-frequency plane, with one logit.

    Inputs are (N, T, F, 1) float32: T frames of `frame_s` seconds, F bands centred on `band_hz`, ascending.
    """

    def layers(self) -> Sequence[Layer]:
        """Its layers, each after its inputs, the output last. Attributions are exact if all are piecewise linear."""

    def network(self) -> Any:
        """The flat Keras model of the same weights, always the same."""

    def __hash__(self) -> int:
        """Explainers are built once for each model."""

    @property
    def background(self) -> FloatArray:
        """(B, T, F, 1): the inputs whose mean output attributions are measured from."""

    @property
    def frame_s(self) -> float: ...

    @property
    def band_hz(self) -> FloatArray: ...

    def logits(self, inputs: FloatArray) -> FloatArray:
        """(N,) float32, by the runtime that serves: what faithfulness is measured on."""


class SpeechModel(SpectrogramModel, Protocol):
    """A model of speech that shows what it heard."""

    def planes(self, waveform: Waveform, windows: Sequence[AudioWindow]) -> FloatArray:
        """(N, T, F, 1): the network's input for windows that were reported. waveform: the whole sound."""
