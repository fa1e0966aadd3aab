"""Heads over token means: linear discriminants in closed form, sets of one for every kind of material, from moments.

With the moments at hand, heads without one source cost no more than solving their equations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve, eigh
from scipy.special import log_softmax

from training.data.manifest import FaceRow
from training.faces.tokens.features import AS_FILED, Kind, TokenTable

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Means = npt.NDArray[np.float16] | npt.NDArray[np.float32]

GATE_L2: Final = 0.3
"""Added to the variance of every direction where kinds are told apart."""
SEEN: Final = 9000


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How heads are fitted.

    directions: of the means over the whole crop, the principal ones, that are kept. local_directions: of how far each
    region differs from it. local_share: how large these count beside the others, which are of one scale. l2: added to
    the variance of every direction. pseudo: for each set of heads, the share of the forged weight, and of the honest,
    that pseudo-fakes with their originals have. as_filed: the share of faces as filed; faces through the chain have the
    rest. power: a source's weight in its class is its number of samples to this power. kin: share of the weight that a
    kind's own sources have in its head. common: share of one head of all sources in every kind's. softness: how
    gradually a face passes from one kind to another.
    """

    directions: int = 1536
    local_directions: int = 512
    local_share: float = 0.5
    l2: float = 0.2
    pseudo: tuple[float, ...] = (0.1, 0.0)
    as_filed: float = 0.5
    power: float = 0.5
    kin: float = 0.6
    common: float = 0.3
    softness: float = 3.0


@dataclass(frozen=True, slots=True)
class FittedHead:
    """weights: (F,) of the features as they are. The logit is features @ weights + bias."""

    weights: Floats
    bias: float

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ self.weights + self.bias, np.float32)


@dataclass(frozen=True, slots=True)
class KindHeads:
    """Sets of heads, in each set one for every kind of material, heard as far as a face looks like that kind.

    weights: (S, K, D) of the kept directions. biases: (S, K). gates: (K, D). gate_biases: (K,). A face's shares of the
    kinds are the softmax of kept @ gates + gate_biases; of the sets the one that says the higher logit speaks.
    """

    weights: Floats
    biases: Floats
    gates: Floats
    gate_biases: Floats

    def logits(self, kept: Floats) -> Floats:
        shares = np.exp(log_softmax(kept @ self.gates.T + self.gate_biases, axis=1))
        sets = [
            (shares * (kept @ weights.T + biases)).sum(axis=1)
            for weights, biases in zip(self.weights, self.biases, strict=True)
        ]
        return np.asarray(np.max(sets, axis=0), np.float32)


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
    """count; total: (D,); products: (D, D), of the kept directions."""

    count: int
    total: Floats
    products: Floats


class Basis:
    """Directions of the means that heads see: the principal ones of the whole crop's and of each region's by itself.

    Args:
        means: (N, B, R, W).
    """

    def __init__(self, means: Means, recipe: HeadRecipe) -> None:
        self._shape = means.shape[1:]
        self._parts = []
        for region in range(self._shape[1]):
            own = _region(means, region)
            mean = own.mean(axis=0, dtype=np.float64).astype(np.float32)
            scale = own.std(axis=0) + np.float32(1e-3)
            count, share = (recipe.local_directions, recipe.local_share) if region else (recipe.directions, 1.0)
            directions = principal_directions((own - mean) / scale, count) * np.float32(share)
            self._parts.append((mean, scale, directions))

    def keep(self, means: Means) -> Floats:
        """(N, D) of means (N, B, R, W)."""
        found = [
            ((_region(means, region) - mean) / scale) @ directions
            for region, (mean, scale, directions) in enumerate(self._parts)
        ]
        return np.concatenate(found, axis=1)

    def of_means(self, slopes: Floats, bias: float) -> tuple[Floats, float]:
        """Slopes (D,) and bias over the kept directions, as weights (B, R, W) and bias of the means as they are."""
        weights, first = [], 0
        for mean, scale, directions in self._parts:
            last = first + directions.shape[1]
            own = (directions @ slopes[first:last]) / scale
            bias -= float(mean.astype(np.float64) @ own)
            weights.append(own.reshape(self._shape[0], self._shape[2]))
            first = last
        return np.stack(weights, axis=1).astype(np.float32), bias


def _region(means: Means, region: int) -> Floats:
    return means[:, :, region].reshape(len(means), -1).astype(np.float32)


class SourceMoments:
    """Moments of every part of the samples, and the heads that follow from them.

    The directions that are kept follow from all samples, whatever is left out later; labels of what is left out are
    never looked at. Faces as filed count only of sources that have them of both classes: elsewhere their size and
    coding would tell the classes apart.
    """

    def __init__(
        self, rows: tuple[FaceRow, ...], table: TokenTable, kept: Floats, kinds: Sequence[frozenset[str]]
    ) -> None:
        """kept: (N, D), of `Basis`. kinds: datasets of every kind of material."""
        self._kinds, self._size = tuple(kinds), kept.shape[1]
        members: dict[Part, list[int]] = {}
        for index, part in enumerate(_parts(rows, table)):
            members.setdefault(part, []).append(index)
        self._moments: dict[Part, Moments] = {}
        for part in sorted(members):
            x = kept[members[part]]
            self._moments[part] = Moments(len(x), x.sum(axis=0), x.T @ x)

    def fit(self, left_out: frozenset[str], recipe: HeadRecipe, halves: tuple[bool, ...] = (True, False)) -> KindHeads:
        """Heads of all sources but those left out. Their scale is the targets', minus one and one; calibrate it.

        halves: of the groups of every source, whether the first; both when left out.
        """
        parts = [part for part in self._moments if part.dataset not in left_out and part.first_half in halves]
        classes = [{part.forged for part in parts if part.dataset in kind} for kind in self._kinds]
        kinds = [kind for kind, found in zip(self._kinds, classes, strict=True) if found == {True, False}]
        if recipe.common == 1.0:
            kinds = []
        sets = [self._fit_set(parts, kinds, recipe, pseudo) for pseudo in recipe.pseudo]
        gates = self._gates(parts, kinds, recipe) or [(np.zeros(self._size), 0.0)]
        return KindHeads(
            weights=np.array([[weights for weights, _ in found] for found in sets], np.float32),
            biases=np.array([[bias for _, bias in found] for found in sets], np.float32),
            gates=np.array([weights for weights, _ in gates], np.float32),
            gate_biases=np.array([bias for _, bias in gates], np.float32),
        )

    def _fit_set(
        self, parts: Sequence[Part], kinds: Sequence[frozenset[str]], recipe: HeadRecipe, pseudo: float
    ) -> list[tuple[Doubles, float]]:
        """A head for every kind, or one of all sources where there is no kind."""
        common = self._discriminant(self._weights(parts, recipe, pseudo), recipe.l2)
        found = []
        for kind in kinds:
            own = self._weights([part for part in parts if part.dataset in kind], recipe, pseudo)
            others = self._weights([part for part in parts if part.dataset not in kind], recipe, pseudo)
            mixed = {part: recipe.kin * weight for part, weight in own.items()}
            mixed |= {part: (1 - recipe.kin) * weight for part, weight in others.items()}
            slopes, bias = self._discriminant(mixed, recipe.l2)
            mixture = recipe.common * common[0] + (1 - recipe.common) * slopes
            found.append((mixture, recipe.common * common[1] + (1 - recipe.common) * bias))
        return found or [common]

    def _discriminant(self, weights: dict[Part, float], l2: float) -> tuple[Doubles, float]:
        """Slopes over the kept directions, and the bias."""
        products, mean, signed, balance = self._weighted(weights)
        products[np.diag_indices(len(mean))] += np.float32(l2)
        factor = cho_factor(products, overwrite_a=True, check_finite=False)
        slopes = np.asarray(cho_solve(factor, signed - balance * mean), np.float64)
        return slopes, float(balance - mean @ slopes)

    def _weighted(self, weights: dict[Part, float]) -> tuple[Floats, Doubles, Doubles, float]:
        """Covariance, mean, mean of the signed directions and of the signs, under weights that sum to one."""
        size = self._size
        products = np.zeros((size, size), np.float32)
        mean, signed, balance = np.zeros(size), np.zeros(size), 0.0
        for part, weight in weights.items():
            moments, sign = self._moments[part], 1.0 if part.forged else -1.0
            products += np.float32(weight) * moments.products
            mean += weight * moments.total
            signed += sign * weight * moments.total
            balance += sign * weight * moments.count
        products -= np.outer(mean, mean).astype(np.float32)
        return products, mean, signed, balance

    def _gates(
        self, parts: Sequence[Part], kinds: Sequence[frozenset[str]], recipe: HeadRecipe
    ) -> list[tuple[Doubles, float]]:
        """What tells the kinds apart: a discriminant with one covariance, both classes of a kind weighing alike."""
        if not kinds:
            return []
        even = replace(recipe, as_filed=0.5, power=1.0)
        size = self._size
        within, means = np.zeros((size, size), np.float32), []
        for kind in kinds:
            products, mean, _, _ = self._weighted(self._weights([p for p in parts if p.dataset in kind], even, 0.0))
            within += products / np.float32(len(kinds))
            means.append(mean)
        within[np.diag_indices(size)] += np.float32(GATE_L2)
        slopes = cho_solve(cho_factor(within, overwrite_a=True, check_finite=False), np.stack(means, axis=1)).T
        return [
            (slope / recipe.softness, -0.5 * float(slope @ mean) / recipe.softness)
            for slope, mean in zip(slopes, means, strict=True)
        ]

    def _weights(self, parts: Sequence[Part], recipe: HeadRecipe, pseudo: float) -> dict[Part, float]:
        """Of one sample of each part: half for the honest, half for the forged; all samples' weights sum to one."""
        shares = {
            Way.PSEUDO: pseudo,
            Way.AS_FILED: recipe.as_filed,
            Way.CHAINED: 1 - pseudo - recipe.as_filed,
        }
        filed = [{p.dataset for p in parts if p.way is Way.AS_FILED and p.forged is forged} for forged in (False, True)]
        kept = [part for part in parts if part.way is not Way.AS_FILED or part.dataset in filed[0] & filed[1]]
        sizes: dict[tuple[str, bool, Way], int] = {}
        for part in kept:
            sizes[part[:3]] = sizes.get(part[:3], 0) + self._moments[part].count
        raw = {}
        for part in kept:
            size = sizes[part[:3]]
            alike = sum(n**recipe.power for (_, *rest), n in sizes.items() if rest == [part.forged, part.way])
            ways = sum(shares[way] for way in {way for _, forged, way in sizes if forged == part.forged})
            raw[part] = 0.5 * shares[part.way] / ways * size ** (recipe.power - 1) / alike
        whole = sum(weight * self._moments[part].count for part, weight in raw.items())
        return {part: weight / whole for part, weight in raw.items()}


def principal_directions(scaled: Floats, count: int) -> Floats:
    """(F, D) orthonormal directions of the greatest variance, at most `count`, from at most `SEEN` samples."""
    if not count:
        return np.zeros((scaled.shape[1], 0), np.float32)
    seen = scaled[np.random.default_rng(0).permutation(len(scaled))[:SEEN]]
    size = scaled.shape[1]
    products = seen.T @ seen / np.float32(len(seen))
    _, directions = eigh(products, subset_by_index=[max(0, size - count), size - 1], check_finite=False)
    return np.asarray(directions[:, ::-1], np.float32)


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
