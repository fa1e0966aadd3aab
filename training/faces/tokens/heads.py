"""Linear heads over token means: a regularised discriminant in closed form, from the moments of every source.

With the moments at hand, a head without one source costs no more than solving its equations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from training.data.manifest import FaceRow
from training.faces.tokens.features import AS_FILED, Kind, TokenTable

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How a head is fitted.

    blocks: whose token means it sees. l2: added to the variance of every standardised feature. pseudo, as_filed: shares
    of the forged weight, and of the honest, that pseudo-fakes with their originals and faces as filed have; faces
    through the chain have the rest. power: a source's weight in its class is its number of samples to this power.
    """

    blocks: tuple[int, ...] = (5, 7, 9, 11)
    l2: float = 0.1
    pseudo: float = 0.1
    as_filed: float = 0.5
    power: float = 0.5


@dataclass(frozen=True, slots=True)
class FittedHead:
    """weights: (F,) of the features as they are. The logit is features @ weights + bias."""

    weights: Floats
    bias: float

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ self.weights + self.bias, np.float32)


class Way(StrEnum):
    """How samples came about, as far as a head weighs them apart."""

    PSEUDO = "pseudo"
    CHAINED = "chained"
    AS_FILED = "as_filed"


class Part(NamedTuple):
    """Samples of one source, class, way and half of the groups, which a head weighs alike."""

    dataset: str
    forged: bool
    way: Way
    first_half: bool


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
    left out are never looked at. Faces as filed count only of sources that have them of both classes: elsewhere their
    size and coding would tell the classes apart.
    """

    def __init__(self, rows: tuple[FaceRow, ...], table: TokenTable, features: Floats) -> None:
        """features: (N, F), see `flatten_blocks`."""
        self._mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
        self._deviation = features.std(axis=0) + np.float32(1e-3)
        members: dict[Part, list[int]] = {}
        for index, part in enumerate(_parts(rows, table)):
            members.setdefault(part, []).append(index)
        self._moments: dict[Part, Moments] = {}
        for part in sorted(members):
            x = (features[members[part]] - self._mean) / self._deviation
            self._moments[part] = Moments(len(x), x.sum(axis=0), x.T @ x)

    def fit(self, left_out: frozenset[str], recipe: HeadRecipe, halves: tuple[bool, ...] = (True, False)) -> FittedHead:
        """A head of all sources but those left out. Its scale is the targets', minus one and one; calibrate it.

        halves: of the groups of every source, whether the first; both when left out.
        """
        size = len(self._mean)
        products = np.zeros((size, size), np.float32)
        mean, cross, balance = np.zeros(size), np.zeros(size), 0.0
        for part, weight in self._weights(left_out, recipe, halves).items():
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

    def _weights(self, left_out: frozenset[str], recipe: HeadRecipe, halves: tuple[bool, ...]) -> dict[Part, float]:
        """Of one sample of each part: half for the honest, half for the forged; all samples' weights sum to one."""
        kept = [part for part in self._moments if part.dataset not in left_out and part.first_half in halves]
        shares = {
            Way.PSEUDO: recipe.pseudo,
            Way.AS_FILED: recipe.as_filed,
            Way.CHAINED: 1 - recipe.pseudo - recipe.as_filed,
        }
        weights: dict[Part, float] = {}
        for way, share in shares.items():
            classes = {
                forged: {part.dataset for part in kept if part.way is way and part.forged == forged}
                for forged in (False, True)
            }
            both = classes[False] & classes[True]
            for forged, datasets in classes.items():
                sizes = {
                    dataset: sum(self._moments[part].count for part in kept if part[:3] == (dataset, forged, way))
                    for dataset in (both if way is Way.AS_FILED else datasets)
                }
                whole = sum(size**recipe.power for size in sizes.values())
                for part in kept:
                    if part.way is way and part.forged == forged and part.dataset in sizes:
                        size = sizes[part.dataset]
                        weights[part] = share / 2 * size ** (recipe.power - 1) / whole
        whole = sum(weight * self._moments[part].count for part, weight in weights.items())
        return {part: weight / whole for part, weight in weights.items()}


def _parts(rows: tuple[FaceRow, ...], table: TokenTable) -> Iterator[Part]:
    for index, draw, kind, forged in zip(table.rows, table.draws, table.kinds, table.forged, strict=True):
        row = rows[index]
        way = Way.PSEUDO if kind != Kind.FILED.value else Way.AS_FILED if draw == AS_FILED else Way.CHAINED
        yield Part(row.dataset, bool(forged), way, in_first_half(row))


def in_first_half(row: FaceRow) -> bool:
    """Whether the row's group is of the first half of its source's groups, by a digest."""
    return hashlib.sha256(f"half/{row.dataset}/{row.group}".encode()).digest()[0] < 128


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
