"""Where the visual network runs: LiteRT on the processor, Keras on a GPU."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from core.errors import Misconfigured
from detectors.model_files import find_model_file
from detectors.runtime import ModelRuntime

WEIGHTS: Final = Path(__file__).resolve().parents[1] / "weights" / "visual"
TEXTURE_LAYER: Final = "block4_add"
"""Early enough to know grain, colour and drawing from each other, and too early to know a fake."""

Crops = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Activations:
    """logits: (N,) float32. maps: (N, h, w) float32, class activation maps; a mean plus a constant is the logit.
    textures: (N, 2 * 40) float32, means and mean squares over the picture of an early stage's channels."""

    logits: npt.NDArray[np.float32]
    maps: npt.NDArray[np.float32]
    textures: npt.NDArray[np.float32]


class FaceNetwork(Protocol):
    """The network, wherever it runs."""

    def run(self, crops: Crops) -> Activations:
        """crops: (N, 192, 192, 3) uint8 RGB, N ≥ 1."""


class LiteRtFaceNetwork:
    """On the processor: the fastest path without a GPU."""

    def __init__(self, model: Path | bytes, threads: int) -> None:
        self._runtime = ModelRuntime(model, threads=threads)

    def run(self, crops: Crops) -> Activations:
        # One logit, a plane of 6 x 6, 80 statistics: told apart by their size.
        logits, maps, textures = sorted(self._runtime.run(crops), key=lambda output: output[0].size)
        return Activations(logits[:, 0], maps, textures)


class KerasFaceNetwork:
    """Keras on a GPU, in batches. Imports TensorFlow when first used; untested on hardware."""

    def __init__(self, path: Path, device: str = "/GPU:0") -> None:
        self._path, self._device = path, device
        self._lock = threading.Lock()
        self._predict: Callable[[Crops], Activations] | None = None

    def run(self, crops: Crops) -> Activations:
        with self._lock:
            if self._predict is None:
                self._predict = self._load()
            return self._predict(crops)

    def _load(self) -> Callable[[Crops], Activations]:
        import keras
        import tensorflow as tf

        model = keras.models.load_model(self._path, compile=False)
        kernel, bias = model.get_layer("head").get_weights()
        layers = keras.Model(model.input, [model.get_layer(name).output for name in ("features", TEXTURE_LAYER)])

        def predict(crops: Crops) -> Activations:
            with tf.device(self._device):
                features, early = layers.predict_on_batch(crops.astype(np.float32))
            maps = np.asarray(features @ kernel[:, 0], np.float32)
            statistics = [early.mean(axis=(1, 2)), np.square(early).mean(axis=(1, 2))]
            return Activations(
                np.asarray(maps.mean(axis=(1, 2)) + bias[0], np.float32), maps, np.concatenate(statistics, axis=1)
            )

        return predict


def choose_runtime(
    wanted: Literal["auto", "cpu", "gpu"], threads: int, gpu_present: Callable[[], bool], weights: Path = WEIGHTS
) -> FaceNetwork:
    """The runtime for a device setting. `auto` takes a GPU when there is one.

    Raises: Misconfigured when the weights are missing, or a GPU is demanded and none is present.
    """
    is_present = wanted != "cpu" and gpu_present()
    if wanted == "gpu" and not is_present:
        raise Misconfigured("gpu_missing", "DEVICE__VISUAL=gpu was set, but no GPU is present.")
    if is_present:
        return KerasFaceNetwork(find_model_file(weights, "model.keras"))
    return LiteRtFaceNetwork(find_model_file(weights, "model.tflite"), threads)


def gpu_present() -> bool:
    """Whether an NVIDIA device is visible, found without importing TensorFlow."""
    return Path("/dev/nvidia0").exists()
