"""Calibration as the training room makes it: Platt scaling and conformal thresholds, on groups the model never saw.

Claim: on files like those of the calibration's population, p_fake is a probability under equal odds of real and fake,
at most `FALSE_ALARM_RATE` of honest files are called fake and at most `MISS_RATE` of fakes real.
Source: Platt 1999 (with his target smoothing); hierarchical split conformal prediction, Lee, Barber & Willett 2023.
Limits: the promise holds for new groups of the same sources; a new kind of source voids it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.calibration import Calibration, Platt

FALSE_ALARM_RATE: Final = 0.005
"""A tenth of the one in twenty that is wanted: a new kind of source is always worse than the sources at hand, and an
honest file that is called fake is the worst that can happen."""
MISS_RATE: Final = 0.05
"""A fake that is called real: no more than one in twenty, so that honest files are told so where they can be."""
REAL_CEILING: Final = 0.45
FAKE_FLOOR: Final = 0.55
"""However well the classes part, what lies near one half is called neither."""
LEAST_SLOPE: Final = 0.05

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits of samples or files. labels: (N,) 1 for fake; sources, groups: N names, a group being of one source."""

    labels: Labels
    logits: Floats
    sources: tuple[str, ...]
    groups: tuple[str, ...]

    def where(self, chosen: Bools) -> Scores:
        kept = np.flatnonzero(chosen)
        return Scores(
            self.labels[kept],
            self.logits[kept],
            tuple(self.sources[index] for index in kept),
            tuple(self.groups[index] for index in kept),
        )

    def joined(self, other: Scores) -> Scores:
        return Scores(
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.logits, other.logits]),
            (*self.sources, *other.sources),
            (*self.groups, *other.groups),
        )

    @property
    def fitting_half(self) -> Bools:
        """Which entries calibrations are fitted on; the others are for reporting. Whole groups, by a hash."""
        return np.array(
            [in_fitting_half(source, group) for source, group in zip(self.sources, self.groups, strict=True)]
        )


def in_fitting_half(source: str, group: str) -> bool:
    return hashlib.sha256(f"calibration/{source}/{group}".encode()).digest()[0] < 128


def balanced_weights(labels: Labels, sources: Sequence[str]) -> npt.NDArray[np.float64]:
    """Both classes weigh the same; within a class a source weighs as the square root of its size. Sums to one."""
    names = np.asarray(sources)
    weights = np.zeros(len(labels))
    for label in (0, 1):
        for name in np.unique(names[labels == label]):
            cell = (labels == label) & (names == name)
            weights[cell] = cell.sum() ** -0.5
        total = weights[labels == label].sum()
        weights[labels == label] /= 2 * max(total, 1e-12)
    return weights


def fit_platt(labels: Labels, logits: Floats, weights: Floats) -> Platt:
    """Weighted logistic regression on smoothed targets, by Newton's method. The slope never turns negative.

    Raises: ValueError when a class is absent.
    """
    fakes, reals = int((labels == 1).sum()), int((labels == 0).sum())
    if not fakes or not reals:
        raise ValueError("calibration needs both classes")
    targets = np.where(labels == 1, (fakes + 1) / (fakes + 2), 1 / (reals + 2))
    values = np.asarray(logits, np.float64)
    design = np.stack([values, np.ones_like(values)], axis=1)
    parameters = np.array([1.0, 0.0])

    def loss(at: npt.NDArray[np.float64]) -> float:
        margin = design @ at
        return float(np.sum(weights * (np.logaddexp(0, margin) - targets * margin)))

    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(design @ parameters, -60, 60)))
        gradient = design.T @ (weights * (p - targets))
        curvature = (design * (weights * p * (1 - p))[:, None]).T @ design + 1e-9 * np.eye(2)
        step, size = np.linalg.solve(curvature, gradient), 1.0
        while loss(parameters - size * step) > loss(parameters) and size > 1e-6:
            size /= 2
        parameters = parameters - size * step
        if np.abs(size * step).max() < 1e-8:
            break
    if parameters[0] < LEAST_SLOPE:
        share = float(np.average(targets, weights=weights))
        mean = float(np.average(values, weights=weights))
        return Platt(slope=LEAST_SLOPE, intercept=float(np.log(share / (1 - share))) - LEAST_SLOPE * mean)
    return Platt(slope=round(float(parameters[0]), 6), intercept=round(float(parameters[1]), 6))


def cross_fitted(scores: Scores, parts: int = 5, *, whole_sources: bool = False) -> npt.NDArray[np.float64]:
    """p_fake of every entry by a Platt scaling fitted to others: each part of the groups, or sources, is spared."""
    names = scores.sources if whole_sources else map("/".join, zip(scores.sources, scores.groups, strict=True))
    part = np.array([hashlib.sha256(f"crossfit/{name}".encode()).digest()[0] % parts for name in names])
    p_fake = np.full(len(part), np.nan)
    for number in np.unique(part):
        others = scores.where(part != number)
        platt = fit_platt(others.labels, others.logits, balanced_weights(others.labels, others.sources))
        p_fake[part == number] = [platt.p_fake(float(logit)) for logit in scores.logits[part == number]]
    return p_fake


def conformal_upper(p_fake: Floats, groups: Sequence[str], error_rate: float) -> float:
    """The least threshold that a new group's score reaches with probability at most `error_rate`; 1.0 when too few.

    Every group counts once, however many scores it has; one unseen group counts as reaching any threshold.
    """
    names, inverse = np.unique(np.asarray(groups), return_inverse=True)
    share = 1.0 / np.bincount(inverse)[inverse] / (len(names) + 1)
    order = np.argsort(-p_fake, kind="stable")
    reached = 1.0 / (len(names) + 1) + np.cumsum(share[order])
    allowed = int(np.searchsorted(reached, error_rate + 1e-12, "right"))
    if 1.0 / (len(names) + 1) > error_rate:
        return 1.0
    if allowed == len(order):
        return float(np.min(p_fake))
    # Just above the first score that may not reach it, and not at or below any score tied with it.
    return float(np.nextafter(p_fake[order[allowed]], 1.0))


def conformal_lower(p_fake: Floats, groups: Sequence[str], error_rate: float) -> float:
    """The greatest threshold that a new group's score falls to with probability at most `error_rate`; 0.0 if none."""
    return 1.0 - conformal_upper(1.0 - np.asarray(p_fake), groups, error_rate)


def calibrate(
    samples: Scores,
    files: Scores,
    *,
    population: str,
    false_alarm_rate: float = FALSE_ALARM_RATE,
    miss_rate: float = MISS_RATE,
) -> Calibration:
    """Fit everything that `calibration.json` holds. Give it the fitting half of groups that training never saw."""
    sample = fit_platt(samples.labels, samples.logits, balanced_weights(samples.labels, samples.sources))
    file = fit_platt(files.labels, files.logits, balanced_weights(files.labels, files.sources))
    p_fake = np.array([file.p_fake(float(logit)) for logit in files.logits])
    groups = np.array([f"{source}/{group}" for source, group in zip(files.sources, files.groups, strict=True)])
    honest, forged = files.labels == 0, files.labels == 1
    fake = max(FAKE_FLOOR, conformal_upper(p_fake[honest], groups[honest].tolist(), false_alarm_rate))
    real = min(REAL_CEILING, conformal_lower(p_fake[forged], groups[forged].tolist(), miss_rate))
    # Thresholds are rounded away from one half, so that rounding breaks no promise.
    fitted = {
        "sample": sample,
        "file": file,
        "real": max(0.0, np.floor(real * 1e4) / 1e4),
        "fake": min(1.0, np.ceil(fake * 1e4) / 1e4),
        "false_alarm_rate": false_alarm_rate,
        "miss_rate": miss_rate,
        "population": population,
    }
    return _named(Calibration(version="", **fitted))


def for_longer_files(calibration: Calibration, gain: Platt) -> Calibration:
    """The same for files that are longer than those it was fitted on.

    Args:
        gain: a factor and an addend to the scaling of a file.
    """
    slope, intercept = calibration.file.slope * gain.slope, calibration.file.intercept + gain.intercept
    file = Platt(slope=round(slope, 6), intercept=round(intercept, 6))
    return _named(calibration.model_copy(update={"version": "", "file": file}))


def _named(unnamed: Calibration) -> Calibration:
    digest = hashlib.sha256(unnamed.model_dump_json().encode()).hexdigest()
    return unnamed.model_copy(update={"version": f"platt-{digest[:8]}"})


def write(calibration: Calibration, path: Path) -> None:
    path.write_text(json.dumps(calibration.model_dump(mode="json"), indent=1) + "\n")
