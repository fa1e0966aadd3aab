"""What each input of the verdict gave to it: exact Shapley values over plain arithmetic."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    Source:  Shapley 1953, computed by SHAP's exact explainer.
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
    """Shapley values (inputs,) of one observation (1, inputs)."""
    with warnings.catch_warnings():
        # SHAP sets up colour maps on import in a way that Matplotlib has begun to advise against.
        warnings.simplefilter("ignore")
        from shap.explainers import ExactExplainer
        from shap.maskers import Independent

        explanation = ExactExplainer(evaluate, Independent(reference, max_samples=1))(observed, silent=True)
        return np.asarray(explanation.values[0], np.float64)
