"""Linear heads over token means: a regularised discriminant in closed form, from the moments of every source.

With the moments at hand, a head without one source costs no more than solving its equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from training.data.manifest import FaceRow
from training.faces.tokens.features import Kind, TokenTable

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How a head is fitted.

    blocks: whose token means it sees. l2: added to the variance of every standardised feature. pseudo: share of the
    forged weight, and of the honest, that pseudo-fakes and their originals have. power: a source's weight in its class
    is its number of samples to this power.
    """

    blocks: tuple[int, ...] = (5, 7, 9, 11)
    l2: float = 0.1
    pseudo: float = 0.1
    power: float = 0.5


@dataclass(frozen=True, slots=True)
class FittedHead:
    """weights: (F,) of the features as they are. The logit is features @ weights + bias."""

    weights: Floats
    bias: float

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ self.weights + self.bias, np.float32)


class Part(NamedTuple):
    """Samples of one source, class and kind that a head weighs alike."""

    dataset: str
    forged: bool
    filed: bool


@dataclass(frozen=True, slots=True)
class Moments:
    """count; total: (F,); products: (F, F), of standardised features."""

    count: int
    total: Floats
    products: Floats


def flatten_blocks(table: TokenTable, blocks: tuple[int, ...]) -> Floats:
    """(N, len(blocks) * 768)"""
    return table.means[:, list(blocks)].reshape(len(table.means), -1).astype(np.float32)


class SourceMoments:
    """Moments of every part of the samples, and the heads that follow from them.

    Features are brought to one scale by the deviation over all samples, whatever is left out later; labels of what is
    left out are never looked at.
    """

    def __init__(self, rows: tuple[FaceRow, ...], table: TokenTable, features: Floats, chosen: Bools) -> None:
        """features: (N, F), see `flatten_blocks`. chosen: (N,), the samples that count."""
        names = np.array([rows[index].dataset for index in table.rows])
        filed = table.kinds == Kind.FILED.value
        self._mean = features[chosen].mean(axis=0)
        self._deviation = features[chosen].std(axis=0) + np.float32(1e-3)
        self._moments: dict[Part, Moments] = {}
        for part in sorted({Part(*key) for key in zip(names[chosen].tolist(), table.forged[chosen].tolist(),
                                                      filed[chosen].tolist(), strict=True)}):  # fmt: skip
            inside = chosen & (names == part.dataset) & (table.forged == part.forged) & (filed == part.filed)
            x = (features[inside] - self._mean) / self._deviation
            self._moments[part] = Moments(len(x), x.sum(axis=0), x.T @ x)

    def fit(self, left_out: frozenset[str], recipe: HeadRecipe) -> FittedHead:
        """A head of all sources but those left out. Its scale is the targets', minus one and one; calibrate it."""
        size = len(self._mean)
        products = np.zeros((size, size), np.float32)
        mean, cross, balance = np.zeros(size), np.zeros(size), 0.0
        for part, weight in self._weights(left_out, recipe).items():
            moments, sign = self._moments[part], 1.0 if part.forged else -1.0
            products += np.float32(weight) * moments.products
            mean += weight * moments.total
            cross += sign * weight * moments.total
            balance += sign * weight * moments.count
        products -= np.outer(mean, mean).astype(np.float32)
        products[np.diag_indices(size)] += np.float32(recipe.l2)
        slopes = cho_solve(cho_factor(products, overwrite_a=True, check_finite=False), cross - balance * mean)
        weights = np.asarray(slopes / self._deviation, np.float32)
        return FittedHead(weights, float(balance - mean @ slopes - self._mean @ weights))

    def _weights(self, left_out: frozenset[str], recipe: HeadRecipe) -> dict[Part, float]:
        """Of one sample of each part: half for the honest, half for the forged; all samples' weights sum to one."""
        kept = [part for part in self._moments if part.dataset not in left_out]
        weights: dict[Part, float] = {}
        for forged in (False, True):
            for filed in (True, False):
                parts = [part for part in kept if part.forged == forged and part.filed == filed]
                sizes = [float(self._moments[part].count) ** recipe.power for part in parts]
                share = (1 - recipe.pseudo if filed else recipe.pseudo) / 2
                for part, size in zip(parts, sizes, strict=True):
                    weights[part] = share * size / sum(sizes) / self._moments[part].count
        whole = sum(weight * self._moments[part].count for part, weight in weights.items())
        return {part: weight / whole for part, weight in weights.items()}


def fit_logistic(features: Floats, labels: npt.NDArray[np.int64], weights: Floats) -> FittedHead:
    """Weighted logistic regression of a few features, by Newton's method with a little regularisation.

    Args:
        features: (N, F), F small. labels: (N,) 1 for forged. weights: (N,), summing to one.
    """
    kept = weights > 0
    x, y, w = features[kept].astype(np.float64), labels[kept].astype(np.float64), weights[kept].astype(np.float64)
    centre, scale = w @ x / w.sum(), np.sqrt(w @ (x - w @ x / w.sum()) ** 2 / w.sum()) + 1e-9
    design = np.column_stack([(x - centre) / scale, np.ones(len(x))])
    at = np.zeros(design.shape[1])
    ridge = np.diag([1e-3] * (len(at) - 1) + [1e-9])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(design @ at, -30, 30)))
        gradient = design.T @ (w * (p - y)) + ridge @ at
        curvature = (design * (w * p * (1 - p))[:, None]).T @ design + ridge
        at -= np.linalg.solve(curvature, gradient)
    slopes = at[:-1] / scale
    return FittedHead(np.asarray(slopes, np.float32), float(at[-1] - centre @ slopes))
