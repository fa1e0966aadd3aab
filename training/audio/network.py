"""The audio model: a small residual ReLU network over the spectrogram. Flat, so that DeepExplainer stays exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from detectors.audio_features import BINS, FRAMES

if TYPE_CHECKING:
    import keras

WIDTHS: Final = (16, 24, 40, 56, 80)
EPSILON: Final = 1e-3


def build(*, folded: bool, dropout: float = 0.3) -> keras.Model:
    """Features (B, FRAMES, BINS, 1) in, one logit (B, 1) out; positive means synthetic.

    Args:
        folded: without batch normalisation, as it is shipped; `fold` fills it from a trained one.
    """
    import keras
    from keras import layers

    features = keras.Input((FRAMES, BINS, 1), name="spectrogram")

    def conv(x: Any, width: int, size: int, stride: int, name: str, *, activate: bool = True) -> Any:
        x = layers.Conv2D(
            width, size, strides=stride, padding="same", use_bias=folded, kernel_initializer="he_normal", name=name
        )(x)
        if not folded:
            x = layers.BatchNormalization(momentum=0.95, epsilon=EPSILON, name=f"{name}_norm")(x)
        return layers.ReLU(name=f"{name}_relu")(x) if activate else x

    x = conv(features, WIDTHS[0], 5, 2, "stem")
    for index, width in enumerate(WIDTHS[1:]):
        inner = conv(x, width, 3, 2, f"block{index}_a")
        inner = conv(inner, width, 3, 1, f"block{index}_b", activate=False)
        shortcut = layers.AveragePooling2D(2, padding="same", name=f"block{index}_pool")(x)
        shortcut = conv(shortcut, width, 1, 1, f"block{index}_skip", activate=False)
        x = layers.Add(name=f"block{index}_add")([inner, shortcut])
        x = layers.ReLU(name=f"block{index}_relu")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    if not folded:
        x = layers.Dropout(dropout, name="dropout")(x)
    logit = layers.Dense(1, name="head")(x)
    return keras.Model(features, logit, name="audio")


def fold(trained: keras.Model) -> keras.Model:
    """The same function without batch normalisation."""
    plain = build(folded=True)
    for layer in plain.layers:
        if not layer.weights:
            continue
        source = trained.get_layer(layer.name)
        if layer.name == "head":
            layer.set_weights(source.get_weights())
            continue
        (kernel,) = source.get_weights()
        gamma, beta, mean, variance = trained.get_layer(f"{layer.name}_norm").get_weights()
        scale = gamma / np.sqrt(variance + EPSILON)
        layer.set_weights([kernel * scale, beta - mean * scale])
    return plain
