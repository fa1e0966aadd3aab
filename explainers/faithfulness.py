"""Does a map point at what the model used? Measured on the very input that the map explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from core.types import Faithfulness
from explainers.targets import BoolArray, FloatArray

ERASED_SHARE: Final = 0.1
"""Of the plane: the part of a map that is erased, or put back."""
CONTROLS: Final = 9
"""Equally large areas elsewhere that the map has to beat when they are erased: the fewest of which all being beaten is
what a map without meaning does one time in ten."""
RETURNED_CONTROLS: Final = 5
"""Of these, the ones that are put back too; against their mean, which takes no more."""
BRIEF_CONTROLS: Final = 2
"""Instead of `CONTROLS` in a brief check: enough for a mean."""
BEATEN_SHARE: Final = 0.9
"""Of the controls: below this the map is no better than chance."""
MOST_ALIKE: Final = 0.7
"""Rank correlation with the map of shuffled weights from which a map shows the input and not the model."""


def strongest_area(saliency: FloatArray, share: float = ERASED_SHARE) -> BoolArray:
    """The cells that hold the highest values: exactly `round(share * H * W)`, at least one. saliency: (H, W)."""
    count = max(1, round(share * saliency.size))
    cells = saliency.reshape(-1)
    least = np.partition(cells, cells.size - count)[cells.size - count]
    area = cells > least
    # Of cells that are equally high the first ones.
    area[np.flatnonzero(cells == least)[: count - int(area.sum())]] = True
    return np.asarray(area, np.bool_).reshape(saliency.shape)


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


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Spearman's, over all cells of two maps of one shape; 0 when either is the same everywhere."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    coefficient = float(np.corrcoef(_ranks(first.ravel()), _ranks(second.ravel()))[0, 1])
    return float(np.clip(round(coefficient, 6), -1.0, 1.0))


def _ranks(values: FloatArray) -> npt.NDArray[np.float64]:
    """Mean ranks: equal values share theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts, dtype=np.float64)
    return (ends - (counts - 1) / 2)[places]


def measure(
    saliency: FloatArray,
    erase: Callable[[BoolArray], npt.NDArray[np.generic]],
    logits: Callable[[npt.NDArray[np.generic]], FloatArray],
    *,
    seed: int,
    alike: Callable[[], float] | None = None,
    brief: bool = False,
) -> Faithfulness:
    """Whether the top of the map carries the fake logit, and whether the map hangs on the model at all.

    Deletion: erasing the top costs more than erasing as much elsewhere. Insertion: the top alone, all else erased,
    gives more than as much from elsewhere. Sanity: the map is not that of a network with shuffled weights.

    Args:    saliency: (H, W), higher means more evidence of synthesis.
             erase: returns the input with the given (H, W) area taken away; an empty area returns the input itself.
             logits: fake logits of a batch of such inputs.
             seed: of the places of the control areas.
             alike: rank correlation with the map of shuffled weights.
             brief: where deletion is told and does not decide. It is measured against fewer areas, `beaten_share` is
             left out, and insertion is not measured.
    Returns: Faithfulness; reliable when all that was measured speaks for the map.
    Source:  Petsiuk et al. 2018 (deletion, insertion); Adebayo et al. 2018 (shuffled weights).
    Limits:  an erased input is itself unusual, so a fall is evidence about the model and not about the world.
    """
    if not saliency.any():
        return Faithfulness(deletion_drop=0.0, random_drop=0.0, reliable=False, beaten_share=0.0)
    area = strongest_area(saliency)
    controls = displaced_areas(area, BRIEF_CONTROLS if brief else CONTROLS, np.random.default_rng(seed))
    scores = logits(np.stack([erase(np.zeros_like(area)), erase(area), *map(erase, controls)])).astype(np.float64)
    drops = scores[0] - scores[1:]
    beaten = float(np.mean(drops[0] > drops[1:]))
    holds = bool(drops[0] > 0 and beaten >= BEATEN_SHARE)
    deleted = Faithfulness(
        deletion_drop=round(float(drops[0]), 6),
        random_drop=round(float(drops[1:].mean()), 6),
        reliable=holds,
        beaten_share=None if brief else round(beaten, 6),
    )
    correlation = None if alike is None else alike()
    is_learnt = correlation is None or correlation < MOST_ALIKE
    if brief:
        return deleted.model_copy(update={"weights_correlation": correlation, "reliable": holds and is_learnt})
    kept = [~area, *(~control for control in controls[:RETURNED_CONTROLS])]
    bare = logits(np.stack([erase(np.ones_like(area)), *map(erase, kept)])).astype(np.float64)
    rises = bare[1:] - bare[0]
    return deleted.model_copy(
        update={
            "insertion_rise": round(float(rises[0]), 6),
            "random_rise": round(float(rises[1:].mean()), 6),
            "weights_correlation": correlation,
            "reliable": holds and is_learnt and bool(rises[0] > rises[1:].mean()),
        }
    )
