"""The audio model: the first five stages of EfficientNet-Lite0 over the spectrogram, from ImageNet weights.

What early convolutions learnt of textures in photographs serves for the texture of a spectrogram, and saves most of the
training. ReLU instead of ReLU6 and batch normalisation folded in: piecewise linear and flat, so that DeepExplainer
stays exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from detectors.voice.features import BINS, FRAMES
from training.faces.network.backbone import STAGES, Units, Weights, pretrained, renewed

if TYPE_CHECKING:
    import keras

STAGE_COUNT: Final = 5
STEM_STRIDE: Final = (3, 2)
"""Over frames and bins."""


def imagenet() -> Weights:
    """ImageNet weights with the colour summed out of the stem: it takes one plane."""
    weights = pretrained()
    weights["_conv_stem.weight"] = weights["_conv_stem.weight"].sum(axis=1, keepdims=True)
    return weights


def start(spectrograms: npt.NDArray[np.float32]) -> Weights:
    """The same with the normalisation statistics of `spectrograms` (N, FRAMES, BINS, 1), N a multiple of 64."""
    weights = imagenet()
    return renewed(weights, build(weights, folded=False), spectrograms)


def build(weights: Weights, *, folded: bool = True, dropout: float = 0.0, cosine: bool = False) -> keras.Model:
    """Features (B, FRAMES, BINS, 1) in, one logit (B, 1) out; positive means synthetic.

    Args:
        weights: of `start`, or any of the same shapes when they are set afterwards.
        folded: without batch normalisation, as it is trained and shipped.
        dropout: before the head, in training.
        cosine: the output is the cosine to one direction instead, which margins are for. Division by a length is not
            piecewise linear: SHAP would not be exact over it.
    """
    import keras
    from keras import layers

    features = keras.Input((FRAMES, BINS, 1), name="spectrogram")
    x = Units(weights, folded=folded, ceiling=None).trunk(features, STAGES[:STAGE_COUNT], STEM_STRIDE)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    if dropout > 0:
        x = layers.Dropout(dropout, name="dropout")(x)
    start = keras.initializers.RandomNormal(stddev=0.01, seed=1)
    if cosine:
        x = layers.UnitNormalization(name="direction")(x)
        unit = keras.constraints.UnitNorm()
        logit = layers.Dense(1, name="head", use_bias=False, kernel_initializer=start, kernel_constraint=unit)(x)
    else:
        logit = layers.Dense(1, name="head", kernel_initializer=start)(x)
    return keras.Model(features, logit, name="audio")
