"""Curves of an evaluation: reliability, and risk against coverage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]


def risk_coverage(labels: Labels, p_fake: Floats, points: int = 20) -> tuple[tuple[float, float], ...]:
    """(share decided, share of those wrong), deciding the surest first: farthest from one half."""
    order = np.argsort(-np.abs(p_fake - 0.5), kind="stable")
    wrong = ((p_fake >= 0.5).astype(int) != labels)[order]
    counts = np.unique(np.ceil(np.linspace(0, len(wrong), points + 1)[1:]).astype(int))
    return tuple((float(count / len(wrong)), float(wrong[:count].mean())) for count in counts)


def reliability(
    labels: Labels, p_fake: Floats, weights: Floats, bins: int = 15
) -> tuple[tuple[float, float, float], ...]:
    """(mean p_fake, share of fakes, weight) of each bin that holds anything."""
    index = np.minimum((p_fake * bins).astype(int), bins - 1)
    found = []
    for bin_ in range(bins):
        inside = index == bin_
        share = float(weights[inside].sum())
        if share > 0:
            found.append(
                (
                    float(np.average(p_fake[inside], weights=weights[inside])),
                    float(np.average(labels[inside], weights=weights[inside])),
                    share,
                )
            )
    return tuple(found)


def draw_curves(
    out: Path, labels: Labels, p_fake: Floats, weights: Floats, covered: tuple[tuple[float, float], ...]
) -> None:
    """One SVG: reliability of cross-fitted probabilities on the left, risk against coverage on the right."""
    from matplotlib.figure import Figure

    bins = reliability(labels, p_fake, weights / weights.sum())
    figure = Figure(figsize=(8, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    left.scatter(
        [x for x, _, _ in bins],
        [y for _, y, _ in bins],
        s=[600 * share for _, _, share in bins],
        color="#0b5394",
        alpha=0.7,
    )
    left.set(xlabel="p_fake, cross-fitted", ylabel="share of fakes", title="Reliability", xlim=(0, 1), ylim=(0, 1))
    right.plot([x for x, _ in covered], [y for _, y in covered], marker="o", markersize=3, color="#0b5394")
    right.set(xlabel="share decided, surest first", ylabel="share of those wrong", title="Risk against coverage")
    right.set(xlim=(0, 1), ylim=(0, None))
    out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(out, metadata={"Date": None})
