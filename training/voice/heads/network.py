"""The voice network with a head over all of its levels, as it is served and explained.

    python -m training.voice.heads.network --cache DIR --run NAME [--out detectors/weights/audio]

Means and deviations of every block and of the spectrogram are written as pooling, differences and rectifiers: piecewise
linear and flat, so that DeepExplainer stays exact. One window in, one logit out, as before.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.fft import dct

from detectors.voice.detector import WEIGHTS
from detectors.voice.encoder import LIMIT, Head
from detectors.voice.features import BINS, FRAMES
from training.voice.network.export import write
from training.voice.network.levels import BLOCK_OUTPUTS, CEPSTRA, LOWEST_BIN

if TYPE_CHECKING:
    import keras

HALVED: Final = 0.5
"""A mean absolute deviation is twice the mean of what lies above the mean: the network pools the latter."""


def join(trunk: keras.Model, head: Head) -> keras.Model:
    """Features (B, FRAMES, BINS, 1) in, one logit (B, 1) out.

    Args:
        trunk: the network that `training.voice.network.levels` ran.
    """
    import keras
    from keras import layers

    plane = trunk.input
    parts, halved = [], []
    for name in BLOCK_OUTPUTS:
        block = trunk.get_layer(name).output
        channels = block.shape[-1]
        mean = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_mean")(block)
        above = layers.ReLU(name=f"{name}_above")(layers.Subtract(name=f"{name}_around")([block, mean]))
        parts += [
            layers.Flatten(name=f"{name}_level")(mean),
            layers.GlobalAveragePooling2D(name=f"{name}_deviation")(above),
        ]
        halved += [False] * channels + [True] * channels
    levels = layers.Cropping2D(((0, 0), (LOWEST_BIN, 0)), name="bins")(plane)
    levels = layers.Reshape((FRAMES, BINS - LOWEST_BIN), name="frames")(levels)
    to_cepstra = layers.Dense(CEPSTRA, use_bias=False, name="cepstra")
    cepstra = to_cepstra(levels)
    to_cepstra.set_weights([dct(np.eye(BINS - LOWEST_BIN), norm="ortho", axis=1)[:, :CEPSTRA].astype(np.float32)])
    bins = BINS - LOWEST_BIN
    parts += [_mean(levels, "bins"), _mean(cepstra, "cepstra")]
    parts += [_deviation(levels, "bins"), _change(levels, "bins")]
    parts += [_deviation(cepstra, "cepstra"), _change(cepstra, "cepstra")]
    parts.append(_change(_step(cepstra, "cepstra_step"), "cepstra_second"))
    halved += [False] * (bins + CEPSTRA)
    halved += [True] * bins + [False] * bins + [True] * CEPSTRA + [False] * 2 * CEPSTRA
    half = np.where(halved, HALVED, 1.0).astype(np.float32)
    mean, scale = head.mean * half, head.scale * half
    x = layers.Concatenate(name="levels")(parts)
    x = layers.Rescaling((1 / scale).tolist(), (LIMIT - mean / scale).tolist(), name="standardised")(x)
    # Cut to -LIMIT..LIMIT; what comes out is LIMIT - x, so that the head's weights are turned around.
    x = layers.ReLU(name="not_below")(x)
    x = layers.Rescaling(-1.0, 2 * LIMIT, name="turned")(x)
    x = layers.ReLU(name="not_above")(x)
    inner = layers.Dense(len(head.bias), activation=None, name="inner")
    hidden = layers.ReLU(name="inner_relu")(inner(x))
    inner.set_weights([-head.inner.T, head.bias + LIMIT * head.inner.sum(axis=1)])
    last = layers.Dense(1, name="head")
    logit = last(layers.Concatenate(name="joined")([x, hidden]))
    weights = np.concatenate([-head.line, head.out])[:, None]
    last.set_weights([weights, np.array([head.offset + LIMIT * float(head.line.sum())])])
    return keras.Model(plane, logit, name="audio")


def _mean(values: Any, name: str) -> Any:
    from keras import layers

    return layers.GlobalAveragePooling1D(name=f"{name}_mean")(values)


def _deviation(values: Any, name: str) -> Any:
    """Half the mean absolute deviation from the mean over time."""
    from keras import layers

    mean = layers.GlobalAveragePooling1D(keepdims=True, name=f"{name}_centre")(values)
    above = layers.ReLU(name=f"{name}_above")(layers.Subtract(name=f"{name}_around")([values, mean]))
    return layers.GlobalAveragePooling1D(name=f"{name}_deviation")(above)


def _step(values: Any, name: str) -> Any:
    """From frame to frame."""
    from keras import layers

    later = layers.Cropping1D((1, 0), name=f"{name}_later")(values)
    return layers.Subtract(name=f"{name}_difference")(
        [later, layers.Cropping1D((0, 1), name=f"{name}_earlier")(values)]
    )


def _change(values: Any, name: str) -> Any:
    """Mean absolute difference between frames."""
    from keras import layers

    step = _step(values, f"{name}_change")
    turned = layers.Rescaling(-1.0, name=f"{name}_change_turned")(step)
    sizes = [layers.ReLU(name=f"{name}_{sign}")(each) for sign, each in (("rising", step), ("falling", turned))]
    return layers.GlobalAveragePooling1D(name=f"{name}_change")(layers.Add(name=f"{name}_change_size")(sizes))


def rounded(model: keras.Model) -> keras.Model:
    """In half precision, so that both files hold the same numbers."""
    model.set_weights([value.astype(np.float16).astype(np.float32) for value in model.get_weights()])
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--trunk", type=Path, default=WEIGHTS / "model.keras")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    import keras

    trunk = keras.models.load_model(arguments.trunk, compile=False)
    write(rounded(join(trunk, Head.read(arguments.cache / f"{arguments.run}.npz"))), arguments.out)
    for name in ("model.keras", "model.tflite"):
        print(name, f"{(arguments.out / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
