"""Linear heads over token means: weighted logistic regression on standardised features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from training.data.manifest import FaceRow
from training.faces.tokens import Kind, TokenTable

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """How a head is fitted.

    blocks: whose token means it sees. l2: strength, per standardised feature, of weights summing to one. pseudo: share
    of the forged weight that pseudo-fakes have. power: a source's weight is its number of samples to this power.
    """

    blocks: tuple[int, ...] = tuple(range(12))
    l2: float = 1e-3
    pseudo: float = 0.3
    power: float = 0.5


@dataclass(frozen=True, slots=True)
class FittedHead:
    """weights: (F,) of the features as they are. The logit is features @ weights + bias."""

    weights: Floats
    bias: float

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ self.weights + self.bias, np.float32)


def flatten_blocks(table: TokenTable, blocks: tuple[int, ...]) -> Floats:
    """(N, len(blocks) * 768)"""
    return table.means[:, list(blocks)].reshape(len(table.means), -1).astype(np.float32)


def balance_sources(
    rows: tuple[FaceRow, ...], table: TokenTable, recipe: HeadRecipe, chosen: npt.NDArray[np.bool_]
) -> Floats:
    """Weights of samples: half for the honest, half for the forged, sources of a class by a power of their size.

    Args:
        chosen: (N,) samples that count; the others get no weight.
    """
    names = np.array([rows[index].dataset for index in table.rows])
    filed = table.kinds == Kind.FILED.value
    weights = np.zeros(len(names), np.float64)
    for forged in (False, True):
        for is_filed in (True, False):
            part = chosen & (table.forged == forged) & (filed == is_filed)
            for name in np.unique(names[part]):
                members = part & (names == name)
                weights[members] = float(members.sum()) ** (recipe.power - 1)
            if forged and weights[part].sum():
                weights[part] *= (1 - recipe.pseudo if is_filed else recipe.pseudo) / weights[part].sum()
        whole = chosen & (table.forged == forged)
        weights[whole] /= 2 * max(weights[whole].sum(), 1e-12)
    return weights.astype(np.float32)


def fit_head(features: Floats, forged: npt.NDArray[np.bool_], weights: Floats, l2: float) -> FittedHead:
    """Weighted logistic regression.

    Args:
        features: (N, F). forged: (N,). weights: (N,), summing to one; samples of no weight are left aside.
    """
    kept = weights > 0
    x, w = features[kept], weights[kept].astype(np.float64)
    signs = np.where(forged[kept], 1.0, -1.0)
    mean = np.asarray(w @ x, np.float32)
    deviation = np.sqrt(np.maximum(np.asarray(w @ np.square(x), np.float32) - mean**2, 0)) + np.float32(1e-4)
    x = (x - mean) / deviation

    def loss(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        slopes = at[:-1].astype(np.float32)
        margins = signs * (x @ slopes + at[-1])
        pull = -signs * w / (1 + np.exp(np.clip(margins, -60, 60)))
        gradient = np.append(pull.astype(np.float32) @ x + l2 * slopes, pull.sum())
        return float(w @ np.logaddexp(0, -margins)) + l2 / 2 * float(slopes @ slopes), gradient.astype(np.float64)

    found = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": 1e-7}
    )
    slopes = found.x[:-1].astype(np.float32) / deviation
    return FittedHead(slopes, float(found.x[-1]) - float(mean @ slopes))
