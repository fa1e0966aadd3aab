"""Which precision to serve the visual network in: time and accuracy of single, half and 8-bit weights.

`python -m training.faces.network.precision --data ../shared/data` prints one line each. Left-out faces, one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from detectors.faces.detector import INPUT_PX
from detectors.faces.runtime import WEIGHTS, LiteRtFaceNetwork
from training.faces.data.dataset import FaceCache, open_cache
from training.faces.network.export import to_litert, with_activation_map
from training.faces.network.train import serving_crops
from training.metrics import auc

FACES: Final = 240
SAMPLES: Final = 64
"""Training faces that the ranges of 8-bit activations are taken from."""


def variants(model: Any, samples: npt.NDArray[np.float32]) -> Iterator[tuple[str, bytes]]:
    """Name and flatbuffer of every precision."""
    import tensorflow as tf

    yield "single", to_litert(model, half=False)
    yield "half", to_litert(model, half=True)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    yield "8-bit weights", bytes(converter.convert())
    converter.representative_dataset = lambda: ([face[None]] for face in samples)
    yield "8-bit weights and activations", bytes(converter.convert())


def chosen(cache: FaceCache, *, held_out: bool, count: int) -> list[int]:
    """The same faces every time, of all sources alike."""
    listed = [i for i, row in enumerate(cache.rows) if row.held_out is held_out and cache.found[i]]
    return sorted(np.random.default_rng(4).permutation(listed)[:count].tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    arguments = parser.parse_args()
    import keras

    cache = open_cache(arguments.data, arguments.cache)
    model = with_activation_map(keras.models.load_model(WEIGHTS / "model.keras", compile=False))
    samples = serving_crops(cache, chosen(cache, held_out=False, count=SAMPLES), INPUT_PX)
    indices = chosen(cache, held_out=True, count=FACES)
    faces = serving_crops(cache, indices, INPUT_PX).astype(np.uint8)
    labels = np.array([int(cache.rows[i].is_fake) for i in indices])
    for name, flatbuffer in variants(model, samples):
        network = LiteRtFaceNetwork(flatbuffer, threads=1)
        network.run(faces[:8])
        started = time.process_time()
        logits = network.run(faces).logits
        per_face_ms = (time.process_time() - started) / len(faces) * 1000
        print(f"{name:32} {len(flatbuffer) / 1e6:6.2f} MB {per_face_ms:6.1f} ms a face, AUC {auc(labels, logits):.4f}")


if __name__ == "__main__":
    main()
