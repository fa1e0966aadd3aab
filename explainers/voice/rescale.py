"""SHAP values of a piecewise linear network in closed form, by the rescale rule, with NumPy alone.

Every layer but ReLU is linear in its inputs: what reaches its output is handed back by its transpose. A ReLU hands back
what reaches it times the slope between the window's value and the background's.

Source:  Shrikumar et al. 2017 (DeepLIFT), Lundberg & Lee 2017; `shap.DeepExplainer` is the reference that
         `tests/unit/explainers` holds this to, and a second opinion's method.
Limits:  exact in sum for the layers that `_KINDS` names, and for no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.errors import Defect
from explainers.targets import FloatArray, Layer

_PIECE: Final = 1 << 15
"""Values that a ReLU hands back at a time."""

Shape = tuple[int, ...]
Arrays = list[FloatArray]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One forward pass. Of other layers than ReLU only the shape of the output is needed again."""

    logits: FloatArray
    shapes: dict[str, Shape]
    bent: dict[str, FloatArray]
    """What came into each ReLU."""


@dataclass(frozen=True, slots=True)
class Account:
    """values: (N, T, F), what each cell gave to the logit. logits: (N,). expected: the background's mean logit.

    A window's values sum to its logit less the expected one.
    """

    values: FloatArray
    logits: FloatArray
    expected: float


class RescaleNetwork:
    """Takes a network apart once; safe to use from several threads.

    Raises: Defect when the network holds a layer that is not known to be linear.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        unknown = {layer.kind for layer in layers} - {"InputLayer", "ReLU", *_KINDS}
        bent = [layer for layer in layers if layer.kind == "ReLU" and not _is_plain(layer.settings)]
        if unknown or bent:
            raise Defect("network_not_linear", "The network holds layers that cannot be explained in closed form.")
        self._layers = tuple(layers)
        self._last = {name: number for number, layer in enumerate(layers) for name in layer.inputs}

    def explain(self, windows: FloatArray, background: FloatArray) -> Account:
        """Of windows (N, T, F, 1), as the mean over the background (B, T, F, 1)."""
        # One window a time: what a layer makes of it stays within the processor's caches.
        seen, total = [self._pass(window[None]) for window in windows], np.zeros(windows.shape, np.float64)
        expected = 0.0
        for reference in background:
            other = self._pass(reference[None])
            expected += float(other.logits[0]) / len(background)
            for number, window in enumerate(windows):
                total[number] += (self._handed_back(seen[number], other) * (window - reference))[0]
        values = (total / len(background)).astype(np.float32)[..., 0]
        return Account(values, np.concatenate([each.logits for each in seen]), expected)

    def _pass(self, inputs: FloatArray) -> _Seen:
        held: dict[str, FloatArray] = {}
        shapes: dict[str, Shape] = {}
        bent: dict[str, FloatArray] = {}
        for number, layer in enumerate(self._layers):
            taken = [held[name] for name in layer.inputs]
            if layer.kind == "InputLayer":
                made = inputs.astype(np.float32, copy=False)
            elif layer.kind == "ReLU":
                bent[layer.name] = taken[0]
                made = np.maximum(taken[0], np.float32(0))
            else:
                made = _KINDS[layer.kind].forward(layer, taken)
            held[layer.name], shapes[layer.name] = made, made.shape[1:]
            for name in layer.inputs:
                if self._last[name] == number:
                    held.pop(name, None)
        return _Seen(made.reshape(len(inputs)), shapes, bent)

    def _handed_back(self, seen: _Seen, other: _Seen) -> FloatArray:
        """What a unit of each input cell gives to the logit on the way from the background to the window."""
        reaching: dict[str, FloatArray] = {self._layers[-1].name: np.ones((1, 1), np.float32)}
        for layer in reversed(self._layers):
            gradient = reaching.pop(layer.name, None)
            if gradient is None:
                continue
            if layer.kind == "InputLayer":
                return gradient
            if layer.kind == "ReLU":
                given = [_bent_back(gradient, seen.bent[layer.name], other.bent[layer.name])]
            else:
                shapes = [(1, *seen.shapes[name]) for name in layer.inputs]
                given = _KINDS[layer.kind].backward(layer, gradient, shapes)
            for name, part in zip(layer.inputs, given, strict=True):
                reaching[name] = reaching[name] + part if name in reaching else part
        raise Defect("network_not_linear", "The network does not depend on its input.")


def shuffled(layers: Sequence[Layer], seed: int) -> tuple[Layer, ...]:
    """The same network, every weight permuted within itself."""
    rng = np.random.default_rng(seed)
    return tuple(_Shuffled.of(layer, rng) for layer in layers)


@dataclass(frozen=True, slots=True)
class _Shuffled:
    name: str
    kind: str
    inputs: tuple[str, ...]
    settings: Mapping[str, Any]
    weights: tuple[FloatArray, ...]

    @classmethod
    def of(cls, layer: Layer, rng: np.random.Generator) -> _Shuffled:
        weights = tuple(rng.permutation(each.ravel()).reshape(each.shape) for each in layer.weights)
        return cls(layer.name, layer.kind, layer.inputs, layer.settings, weights)


def _is_plain(settings: Mapping[str, Any]) -> bool:
    return settings.get("max_value") is None and not settings.get("negative_slope") and not settings.get("threshold")


def _bent_back(gradient: FloatArray, seen: FloatArray, other: FloatArray) -> FloatArray:
    """What reaches a ReLU's output times its slope, in [0, 1]: how much of what comes in comes out of it on the way
    from one value to the other. Its passes go over a piece at a time, which stays within the processor's caches."""
    given = np.empty_like(seen)
    step, ground = np.empty((2, _PIECE), np.float32)
    whole = tuple(each.reshape(-1) for each in (np.ascontiguousarray(gradient), seen, other, given))
    for first in range(0, seen.size, _PIECE):
        reached, value, reference, slope = (each[first : first + _PIECE] for each in whole)
        step, ground = step[: len(slope)], ground[: len(slope)]
        np.subtract(value, reference, out=step)
        np.maximum(value, np.float32(0), out=slope)
        slope -= np.maximum(reference, np.float32(0), out=ground)
        is_same = step == 0
        if is_same.any():
            slope[is_same] = value[is_same] > 0
            step[is_same] = 1
        slope /= step
        slope *= reached
    return given


# ------------------------------------------------------------------------------------------- layers, both ways


@dataclass(frozen=True, slots=True)
class _Linear:
    """forward: from inputs to output. backward: from what reaches the output to what reaches each input, of these
    shapes."""

    forward: Callable[[Layer, Arrays], FloatArray]
    backward: Callable[[Layer, FloatArray, list[Shape]], Arrays]


def _taps(layer: Layer, height: int, width: int) -> tuple[Shape, Shape, Iterator[tuple[Any, int, int]]]:
    """How a convolution is padded over each axis, the size of its output, and where each cell of its kernel looks."""
    sizes, pads = [], []
    for length, kernel, stride in zip(
        (height, width), layer.weights[0].shape[:2], layer.settings["strides"], strict=True
    ):
        out = -(-length // stride) if layer.settings["padding"] == "same" else (length - kernel) // stride + 1
        needed = max(0, (out - 1) * stride + kernel - length) if layer.settings["padding"] == "same" else 0
        sizes.append(out)
        pads.append((needed // 2, needed - needed // 2))
    down, right = layer.settings["strides"]

    def cells() -> Iterator[tuple[Any, int, int]]:
        for row in range(layer.weights[0].shape[0]):
            for column in range(layer.weights[0].shape[1]):
                rows = slice(row, row + (sizes[0] - 1) * down + 1, down)
                columns = slice(column, column + (sizes[1] - 1) * right + 1, right)
                yield np.s_[:, rows, columns], row, column

    return tuple(sizes), (*pads[0], *pads[1]), cells()


def _padded(plane: FloatArray, pads: Shape) -> FloatArray:
    if not any(pads):
        return plane
    return np.pad(plane, ((0, 0), pads[:2], pads[2:], (0, 0)))


def _cut(plane: FloatArray, pads: Shape) -> FloatArray:
    top, bottom, left, right = pads
    return plane[:, top : plane.shape[1] - bottom, left : plane.shape[2] - right]


def _times(plane: FloatArray, matrix: FloatArray) -> FloatArray:
    """plane @ matrix over the last axis, as one product."""
    rows = np.ascontiguousarray(plane).reshape(-1, plane.shape[-1])
    return (rows @ matrix).reshape(*plane.shape[:-1], matrix.shape[-1])


def _bias(layer: Layer, made: FloatArray) -> FloatArray:
    if len(layer.weights) > 1:
        made += layer.weights[1]
    return made


def _convolve(layer: Layer, taken: Arrays) -> FloatArray:
    kernel, (plane,) = layer.weights[0], taken
    (height, width), pads, cells = _taps(layer, *plane.shape[1:3])
    padded, made = _padded(plane, pads), np.zeros((len(plane), height, width, kernel.shape[3]), np.float32)
    for place, row, column in cells:
        made += _times(padded[place], kernel[row, column])
    return _bias(layer, made)


def _convolve_back(layer: Layer, gradient: FloatArray, shapes: list[Shape]) -> Arrays:
    kernel, (shape,) = layer.weights[0], shapes
    _, pads, cells = _taps(layer, *shape[1:3])
    if kernel.shape[:2] == (1, 1) and tuple(layer.settings["strides"]) == (1, 1):
        return [_times(gradient, kernel[0, 0].T)]
    given = np.zeros((shape[0], shape[1] + sum(pads[:2]), shape[2] + sum(pads[2:]), shape[3]), np.float32)
    for place, row, column in cells:
        given[place] += _times(gradient, kernel[row, column].T)
    return [_cut(given, pads)]


def _convolve_apart(layer: Layer, taken: Arrays) -> FloatArray:
    kernel, (plane,) = layer.weights[0][..., 0], taken
    (height, width), pads, cells = _taps(layer, *plane.shape[1:3])
    padded, made = _padded(plane, pads), np.zeros((len(plane), height, width, plane.shape[3]), np.float32)
    part = np.empty_like(made)
    for place, row, column in cells:
        np.multiply(padded[place], kernel[row, column], out=part)
        made += part
    return _bias(layer, made)


def _convolve_apart_back(layer: Layer, gradient: FloatArray, shapes: list[Shape]) -> Arrays:
    kernel, (shape,) = layer.weights[0][..., 0], shapes
    _, pads, cells = _taps(layer, *shape[1:3])
    given = np.zeros((shape[0], shape[1] + sum(pads[:2]), shape[2] + sum(pads[2:]), shape[3]), np.float32)
    part = np.empty_like(gradient)
    for place, row, column in cells:
        np.multiply(gradient, kernel[row, column], out=part)
        given[place] += part
    return [_cut(given, pads)]


def _mean(layer: Layer, taken: Arrays) -> FloatArray:
    axes = tuple(range(1, taken[0].ndim - 1))
    mean = taken[0].mean(axis=axes, keepdims=bool(layer.settings.get("keepdims")), dtype=np.float32)
    return np.asarray(mean, np.float32)


def _mean_back(_: Layer, gradient: FloatArray, shapes: list[Shape]) -> Arrays:
    (shape,) = shapes
    inner = (1,) * (len(shape) - 2)
    share = gradient.reshape(shape[0], *inner, shape[-1]) / np.float32(np.prod(shape[1:-1]))
    return [np.broadcast_to(share, shape)]


def _folded(gradient: FloatArray, shape: Shape) -> FloatArray:
    """Summed over the axes along which this input was repeated."""
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1 and gradient.shape[axis] > 1)
    return gradient.sum(axis=axes, keepdims=True) if axes else gradient


def _crops(layer: Layer) -> tuple[slice, ...]:
    """The part that cropping leaves, without the batch's axis."""
    given = layer.settings["cropping"]
    pairs = [given] if layer.kind == "Cropping1D" else given
    return tuple(slice(before, -after if after else None) for before, after in pairs)


def _crop_back(layer: Layer, gradient: FloatArray, shapes: list[Shape]) -> Arrays:
    given = np.zeros(shapes[0], np.float32)
    given[:, *_crops(layer)] = gradient
    return [given]


def _joined_back(_: Layer, gradient: FloatArray, shapes: list[Shape]) -> Arrays:
    ends = np.cumsum([shape[-1] for shape in shapes])[:-1].tolist()
    return list(np.split(gradient, ends, axis=-1))


def _dense_back(layer: Layer, gradient: FloatArray, _: list[Shape]) -> Arrays:
    return [gradient @ layer.weights[0].T]


_RESHAPED: Final = _Linear(
    lambda layer, taken: taken[0].reshape(len(taken[0]), *layer.settings.get("target_shape", (-1,))),
    lambda _, gradient, shapes: [gradient.reshape(shapes[0])],
)
_CROPPED: Final = _Linear(lambda layer, taken: taken[0][:, *_crops(layer)], _crop_back)
_AVERAGED: Final = _Linear(_mean, _mean_back)
_KINDS: Final[Mapping[str, _Linear]] = {
    "Conv2D": _Linear(_convolve, _convolve_back),
    "DepthwiseConv2D": _Linear(_convolve_apart, _convolve_apart_back),
    "Dense": _Linear(lambda layer, taken: _bias(layer, taken[0] @ layer.weights[0]), _dense_back),
    "Add": _Linear(
        lambda _, taken: sum(taken[1:], taken[0]),
        lambda _, gradient, shapes: [_folded(gradient, shape) for shape in shapes],
    ),
    "Subtract": _Linear(
        lambda _, taken: taken[0] - taken[1],
        lambda _, gradient, shapes: [_folded(gradient, shapes[0]), -_folded(gradient, shapes[1])],
    ),
    "Concatenate": _Linear(lambda _, taken: np.concatenate(taken, axis=-1), _joined_back),
    "Rescaling": _Linear(
        lambda layer, taken: taken[0] * np.float32(layer.settings["scale"]) + np.float32(layer.settings["offset"]),
        lambda layer, gradient, _: [gradient * np.float32(layer.settings["scale"])],
    ),
    "GlobalAveragePooling1D": _AVERAGED,
    "GlobalAveragePooling2D": _AVERAGED,
    "Cropping1D": _CROPPED,
    "Cropping2D": _CROPPED,
    "Flatten": _RESHAPED,
    "Reshape": _RESHAPED,
}
"""Layers that are linear in their inputs. Concatenation is along the last axis."""
