"""What an explainer asks of a model. Detectors satisfy these; the worker's composition root introduces them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from core.types import FacialRegion

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


@dataclass(frozen=True, slots=True)
class AlignedFace:
    """One face as the model saw it.

    pixels: (S, S, 3) uint8 RGB. frame_to_crop: (2, 3), from full-frame pixels to crop pixels. regions: masks (S, S)
    of the named facial regions in crop pixels; empty when no landmarks were found.
    """

    pixels: RgbImage
    frame_to_crop: Affine
    regions: Mapping[FacialRegion, BoolArray]


class SpectrogramModel(Protocol):
    """A ReLU network over a time-frequency plane, with one logit.

    Inputs are (N, T, F, 1) float32: T frames of `frame_s` seconds, F bands centred on `band_hz`, ascending.
    """

    @property
    def network(self) -> Any:
        """The flat Keras model. Only piecewise-linear activations, or SHAP's sums cease to be exact."""

    @property
    def background(self) -> FloatArray:
        """(B, T, F, 1): the inputs whose mean output attributions are measured from."""

    @property
    def frame_s(self) -> float: ...

    @property
    def band_hz(self) -> FloatArray: ...

    def logits(self, inputs: FloatArray) -> FloatArray:
        """(N,) float32, by the runtime that serves: what faithfulness is measured on."""
