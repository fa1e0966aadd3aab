"""What each input of the verdict gave to it: exact Shapley values over plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from core.types import FusionFactor


@dataclass(frozen=True, slots=True)
class FusionInput:
    """One input of the verdict: what was observed, and what stands for "not known" when it is left out."""

    name: str
    observed: float
    reference: float


@dataclass(frozen=True, slots=True)
class FusionAttribution:
    """`base` plus the factors' Shapley values is the verdict's probability."""

    base: float
    factors: tuple[FusionFactor, ...]


def explain_verdict(fuse: Callable[[tuple[float, ...]], float], inputs: Sequence[FusionInput]) -> FusionAttribution:
    """How far each input moved the verdict's probability away from the one with all inputs at their references.

    Every subset of the inputs is evaluated, so the values are exact and their sum is the whole difference.

    Args:    fuse: the verdict's arithmetic; takes the inputs' values in the order given.
             inputs: 1 to 12 of them.
    Source:  Shapley 1953, by its definition.
    """
    if not 1 <= len(inputs) <= 12:
        raise ValueError("exact Shapley values are for 1 to 12 inputs")
    observed = np.array([[each.observed for each in inputs]], np.float64)
    reference = np.array([[each.reference for each in inputs]], np.float64)

    def evaluate(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.array([fuse(tuple(map(float, row))) for row in rows], np.float64)

    base = float(evaluate(reference)[0])
    if np.array_equal(observed, reference):
        values = np.zeros(len(inputs))
    elif len(inputs) == 1:
        values = evaluate(observed) - base
    else:
        values = _exact(evaluate, observed, reference)
    return FusionAttribution(
        base=base,
        factors=tuple(
            FusionFactor(name=each.name, value=each.observed, shapley=round(float(value), 9))
            for each, value in zip(inputs, values, strict=True)
        ),
    )


def _exact(
    evaluate: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    observed: npt.NDArray[np.float64],
    reference: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Shapley values (inputs,) of one observation (1, inputs): of every subset, what each further input adds to it."""
    count = observed.shape[1]
    subsets = np.arange(2**count)
    held = (subsets[:, None] >> np.arange(count)) & 1 == 1
    outcome, sizes = evaluate(np.where(held, observed, reference)), held.sum(axis=1)
    share = np.array([1 / (count * comb(count - 1, size)) for size in range(count)])
    without = [subsets[~held[:, place]] for place in range(count)]
    return np.array(
        [
            float((share[sizes[each]] * (outcome[each | 1 << place] - outcome[each])).sum())
            for place, each in enumerate(without)
        ]
    )
