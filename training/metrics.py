"""Measures of a detector, by their names in the field. Scores rise with the belief in a fake; labels are 1 for fake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]


def auc(labels: Labels, scores: Floats) -> float:
    """Area under the ROC curve; ties count half. NaN when a class is absent."""
    fakes = labels == 1
    n_fake, n_real = int(fakes.sum()), int((labels == 0).sum())
    if not n_fake or not n_real:
        return float("nan")
    # Through ranks (Mann and Whitney): scikit-learn's is eight times slower, and a bootstrap asks 500 times.
    return float((rankdata(scores)[fakes].sum() - n_fake * (n_fake + 1) / 2) / (n_fake * n_real))


def eer(labels: Labels, scores: Floats) -> float:
    """Equal error rate: where the miss rate equals the false-alarm rate, interpolated."""
    if len(np.unique(labels)) < 2:
        return float("nan")
    from sklearn.metrics import roc_curve

    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    gap = fpr - (1 - tpr)
    after = int(np.argmax(gap >= 0))
    if after == 0:
        return float(fpr[0])
    before = after - 1
    share = -gap[before] / (gap[after] - gap[before])
    return float(fpr[before] + share * (fpr[after] - fpr[before]))


def tpr_at_fpr(labels: Labels, scores: Floats, fpr_allowed: float) -> float:
    """Best true-positive rate with at most `fpr_allowed` false positives."""
    if len(np.unique(labels)) < 2:
        return float("nan")
    from sklearn.metrics import roc_curve

    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    return float(tpr[fpr <= fpr_allowed].max())


def ece(labels: Labels, probabilities: Floats, bins: int = 15, weights: Floats | None = None) -> float:
    """Expected calibration error over equal-width bins; `weights`: of the samples, equal ones if not given."""
    shares = np.full(len(labels), 1 / max(len(labels), 1)) if weights is None else weights / weights.sum()
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    total = 0.0
    for bin_ in range(bins):
        inside = index == bin_
        if inside.any() and shares[inside].sum() > 0:
            total += abs(float(np.sum(shares[inside] * (probabilities[inside] - labels[inside]))))
    return total


def brier(labels: Labels, probabilities: Floats) -> float:
    return float(np.mean((probabilities - labels) ** 2))


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures every evaluation page shows. `n_fake` and `n_real` count the samples behind them."""

    auc: float
    eer: float
    tpr_at_1: float
    tpr_at_5: float
    ece_15: float
    brier: float
    n_fake: int
    n_real: int

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


def measure(labels: Labels, probabilities: Floats) -> Measures:
    return Measures(
        auc=auc(labels, probabilities),
        eer=eer(labels, probabilities),
        tpr_at_1=tpr_at_fpr(labels, probabilities, 0.01),
        tpr_at_5=tpr_at_fpr(labels, probabilities, 0.05),
        ece_15=ece(labels, probabilities),
        brier=brier(labels, probabilities),
        n_fake=int((labels == 1).sum()),
        n_real=int((labels == 0).sum()),
    )


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


def grouped_bootstrap(
    statistic: Callable[[Labels, Floats], float],
    labels: Labels,
    scores: Floats,
    groups: Sequence[str],
    *,
    draws: int = 500,
    seed: int = 0,
) -> Interval:
    """95 % percentile interval, resampling whole groups (videos, sources) with replacement."""
    rng = np.random.default_rng(seed)
    names, inverse = np.unique(np.asarray(groups), return_inverse=True)
    members = [np.flatnonzero(inverse == index) for index in range(len(names))]
    values = []
    for _ in range(draws):
        chosen = np.concatenate([members[index] for index in rng.integers(len(names), size=len(names))])
        value = statistic(labels[chosen], scores[chosen])
        if np.isfinite(value):
            values.append(value)
    if not values:
        return Interval(float("nan"), float("nan"))
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
