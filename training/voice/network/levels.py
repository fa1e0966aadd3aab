"""What the network's levels and the spectrogram itself say of every window of the bank: what heads are fitted on.

    python -m training.voice.network.levels --cache DIR --weights detectors/weights/audio/model.keras

Writes, for `clean` and `distorted` windows, `NAME-levels.npy` (N, 2 * channels): mean and mean absolute deviation over
positions of every block's output; `NAME-middle.npy` (N, 25, 18, 40): the third stage's output, from which later stages
can be trained alone; `NAME-logit.npy`; and `NAME-spectrum.npy` (N, SPECTRUM): statistics over time of the spectrogram.
All of them are piecewise linear in the spectrogram, so that SHAP stays exact over whatever is built on them.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from detectors.voice.features import BINS

if TYPE_CHECKING:
    import keras

CEPSTRA: Final = 24
LOWEST_BIN: Final = 3
SPECTRUM: Final = 4 * CEPSTRA + 3 * (BINS - LOWEST_BIN)
MIDDLE: Final = "block4_add"
BLOCK_OUTPUTS: Final = (
    "blocks-0-_project_conv",
    "blocks-1-_project_conv",
    "block2_add",
    "blocks-3-_project_conv",
    "block4_add",
    "blocks-5-_project_conv",
    "block6_add",
    "block7_add",
    "blocks-8-_project_conv",
    "block9_add",
    "block10_add",
)
_BATCH: Final = 32

Floats = npt.NDArray[np.float32]


def spectrum_statistics(planes: Floats) -> Floats:
    """(N, SPECTRUM) of spectrograms (N, FRAMES, BINS).

    Means over time of every bin, mean absolute deviations from them, mean absolute differences between frames; the same
    of cepstra, and of their second differences.
    """
    levels = planes[:, :, LOWEST_BIN:]
    cepstra = dct(levels, norm="ortho", axis=2)[:, :, :CEPSTRA]
    found = [levels.mean(axis=1), cepstra.mean(axis=1)]
    for values in (levels, cepstra):
        found.append(np.abs(values - values.mean(axis=1, keepdims=True)).mean(axis=1))
        found.append(np.abs(np.diff(values, axis=1)).mean(axis=1))
    found.append(np.abs(np.diff(cepstra, n=2, axis=1)).mean(axis=1))
    return np.concatenate(found, axis=1).astype(np.float32)


def with_levels(model: keras.Model) -> keras.Model:
    """The same network; its outputs are the blocks' means and deviations, the third stage's output and the logit."""
    from keras import layers, ops

    found = []
    for name in BLOCK_OUTPUTS:
        block = model.get_layer(name).output
        mean = ops.mean(block, axis=(1, 2), keepdims=True)
        found.append(layers.Flatten()(mean))
        found.append(ops.mean(ops.abs(block - mean), axis=(1, 2)))
    import keras

    return keras.Model(model.input, [layers.Concatenate()(found), model.get_layer(MIDDLE).output, model.output])


def measure(cache: Path, name: str, model: keras.Model) -> None:
    import tensorflow as tf

    planes = np.load(cache / f"{name}.npy", mmap_mode="r")
    count = len(planes)
    run = tf.function(lambda x: model(x, training=False), input_signature=[tf.TensorSpec((None, *planes.shape[1:], 1))])
    first_levels, first_middle, _ = run(tf.constant(planes[:2].astype(np.float32)[..., None]))
    levels = np.zeros((count, first_levels.shape[1]), np.float32)
    middle = np.lib.format.open_memmap(cache / f"{name}-middle.npy", "w+", np.float16, (count, *first_middle.shape[1:]))
    logits = np.zeros(count, np.float32)
    spectrum = np.zeros((count, SPECTRUM), np.float32)
    for first in range(0, count, _BATCH):
        batch = planes[first : first + _BATCH].astype(np.float32)
        own_levels, own_middle, own_logits = run(tf.constant(batch[..., None]))
        last = first + len(batch)
        levels[first:last], middle[first:last] = own_levels.numpy(), own_middle.numpy()
        logits[first:last] = own_logits.numpy().ravel()
        spectrum[first:last] = spectrum_statistics(batch)
        if first % (_BATCH * 30) == 0:
            print(f"{name}: {last} of {count}", flush=True)
    np.save(cache / f"{name}-levels.npy", levels)
    np.save(cache / f"{name}-logit.npy", logits)
    np.save(cache / f"{name}-spectrum.npy", spectrum)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--only", choices=("clean", "distorted"), default=None)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    model = with_levels(keras.models.load_model(arguments.weights, compile=False))
    for name in ("clean", "distorted"):
        if arguments.only in (None, name):
            measure(arguments.cache, name, model)


if __name__ == "__main__":
    main()
