"""Curves of an evaluation: reliability, risk against coverage, and detection error tradeoff."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
    out: Path,
    labels: Labels,
    p_fake: Floats,
    weights: Floats,
    covered: tuple[tuple[float, float], ...],
    tradeoffs: Mapping[str, tuple[Labels, Floats]] | None = None,
) -> None:
    """One SVG: reliability of cross-fitted probabilities, risk against coverage, detection error tradeoffs.

    tradeoffs: labels and logits by name; without them there is no third panel.
    """
    from matplotlib.figure import Figure

    bins = reliability(labels, p_fake, weights / weights.sum())
    figure = Figure(figsize=(12 if tradeoffs else 8, 3.4), layout="constrained")
    left, right, *further = figure.subplots(1, 3 if tradeoffs else 2)
    for axes in further:
        _draw_tradeoffs(axes, tradeoffs or {})
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


def _draw_tradeoffs(axes: Axes, tradeoffs: Mapping[str, tuple[Labels, Floats]]) -> None:
    """Both error rates on normal deviate scales, where a Gaussian pair of classes is a straight line."""
    from scipy.stats import norm
    from sklearn.metrics import det_curve

    ticks = (0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
    for style, (name, (labels, scores)) in zip(("-", "--", ":", "-."), tradeoffs.items(), strict=False):
        alarms, misses, _ = det_curve(labels, scores)
        inside = np.flatnonzero((alarms > 0) & (alarms < 1) & (misses > 0) & (misses < 1))
        inside = inside[:: max(1, len(inside) // 200)]
        axes.plot(norm.ppf(alarms[inside]), norm.ppf(misses[inside]), style, linewidth=1.2, label=name)
    axes.plot(norm.ppf([0.01, 0.8]), norm.ppf([0.01, 0.8]), color="0.7", linewidth=1)
    axes.set_xticks(norm.ppf(ticks), [f"{tick:.0%}" for tick in ticks])
    axes.set_yticks(norm.ppf(ticks), [f"{tick:.0%}" for tick in ticks])
    axes.set(xlabel="real called fake", ylabel="fake missed", title="Detection error tradeoff")
    axes.set(xlim=tuple(norm.ppf([0.005, 0.85])), ylim=tuple(norm.ppf([0.005, 0.85])))
    axes.legend(fontsize=8)
