"""Does a map point at what the model used? Measured on the very input that the map explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from core.types import Faithfulness
from explainers.targets import BoolArray, FloatArray

ERASED_SHARE: Final = 0.1
"""Of the plane: the part of a map that is erased."""
CONTROLS: Final = 15
"""Equally large areas elsewhere that the map has to beat."""
BEATEN_SHARE: Final = 0.9
"""Of the controls: below this the map is no better than chance. A map without meaning passes one time in eight."""


def strongest_area(saliency: FloatArray, share: float = ERASED_SHARE) -> BoolArray:
    """The cells that hold the highest values: exactly `round(share * H * W)`, at least one. saliency: (H, W)."""
    count = max(1, round(share * saliency.size))
    area = np.zeros(saliency.size, dtype=np.bool_)
    area[np.argsort(-saliency, axis=None, kind="stable")[:count]] = True
    return area.reshape(saliency.shape)


def displaced_areas(area: BoolArray, count: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """`count` areas of the same size and texture in other places: mirrored and moved around the edges, (count, H, W).

    Every copy is moved by at least a quarter of the plane along one axis.
    """
    copies = []
    for _ in range(count):
        copy = area[:: int(rng.choice((-1, 1))), :: int(rng.choice((-1, 1)))]
        shift = [int(rng.integers(0, length)) for length in area.shape]
        far = int(rng.integers(0, 2))
        quarter = area.shape[far] // 4
        shift[far] = int(rng.integers(quarter, area.shape[far] - quarter + 1))
        copies.append(np.roll(copy, shift, axis=(0, 1)))
    return np.stack(copies)


def deletion(
    saliency: FloatArray,
    erase: Callable[[BoolArray], npt.NDArray[np.generic]],
    logits: Callable[[npt.NDArray[np.generic]], FloatArray],
    *,
    seed: int,
) -> Faithfulness:
    """Whether erasing the top of the map costs the fake logit more than erasing as much elsewhere.

    Args:    saliency: (H, W), higher means more evidence of synthesis.
             erase: returns the input with the given (H, W) area taken away; an empty area returns the input itself.
             logits: fake logits of a batch of such inputs.
             seed: of the places of the control areas.
    Returns: Faithfulness; reliable when the fall is positive and larger than that of nine controls in ten.
    Limits:  an erased input is itself unusual, so a fall is evidence about the model and not about the world.
    """
    if not saliency.any():
        return Faithfulness(deletion_drop=0.0, random_drop=0.0, reliable=False)
    area = strongest_area(saliency)
    controls = displaced_areas(area, CONTROLS, np.random.default_rng(seed))
    scores = logits(np.stack([erase(np.zeros_like(area)), erase(area), *map(erase, controls)])).astype(np.float64)
    drops = scores[0] - scores[1:]
    beaten = float(np.mean(drops[0] > drops[1:]))
    return Faithfulness(
        deletion_drop=round(float(drops[0]), 6),
        random_drop=round(float(drops[1:].mean()), 6),
        reliable=bool(drops[0] > 0 and beaten >= BEATEN_SHARE),
    )
