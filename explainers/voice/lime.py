"""A second opinion on a voice: LIME over patches of the time-frequency plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from explainers.faithfulness import measure, rank_correlation
from explainers.targets import FloatArray, SpectrogramModel
from explainers.voice.attribution import WindowAttribution, band_shares, muted, peak_stretch

METHOD: Final = "LIME (ridge over patches of the time-frequency plane)"
TIMES: Final = 12
"""Patches along time: a quarter of a second each in a window of three."""
BANDS: Final = 8
SAMPLES: Final = 320
"""Mutings that the model is asked about."""
BATCH: Final = 32
KERNEL_WIDTH: Final = 0.25
"""Of LIME's weighting: how quickly a muting that is unlike the window ceases to count."""


@dataclass(frozen=True, slots=True)
class LimeAccount:
    """fit: share of the variance of the model's answers that the linear account explains, R squared, weighted.
    agreement: rank correlation with the first account, patch by patch."""

    attribution: WindowAttribution
    fit: float
    agreement: float


def second_opinion(model: SpectrogramModel, window: FloatArray, first: WindowAttribution, *, seed: int) -> LimeAccount:
    """What each patch gives to the fake logit, by muting patches at random and fitting a line.

    It asks the serving network alone, needs no gradient and no background, and so fails for other reasons than SHAP.

    Args:    window: (T, F, 1). first: the account to compare with. seed: of the mutings.
    Source:  Ribeiro et al. 2016 (LIME), for time-frequency planes Mishra et al. 2017 (SLIME).
    Limits:  patches are judged by muting, which is itself unusual; interactions between patches are averaged away.
    """
    from sklearn.linear_model import Ridge  # deferred: takes two seconds, and few analyses are asked for this

    labels = _patches(window.shape[:2])
    count = int(labels.max()) + 1
    kept = np.random.default_rng(seed).random((SAMPLES, count)) < 0.5
    kept[0] = True
    logits = np.concatenate([_answers(model, window, labels, rows) for rows in np.array_split(kept, SAMPLES // BATCH)])
    distance = 1.0 - np.sqrt(kept.mean(axis=1))
    weights = np.exp(-np.square(distance / KERNEL_WIDTH))
    line = Ridge(alpha=1.0).fit(kept.astype(np.float64), logits, sample_weight=weights)
    given = np.asarray(line.coef_, np.float64)
    sizes = np.bincount(labels.ravel(), minlength=count)
    plane = (given / sizes)[labels].astype(np.float32)
    start_s, end_s = peak_stretch(plane, model.frame_s)
    predicted = float(line.intercept_ + given.sum())
    attribution = WindowAttribution(
        values=plane,
        logit=float(logits[0]),
        expected=float(line.intercept_),
        additivity_error=abs(predicted - float(logits[0])),
        peak_start_s=start_s,
        peak_end_s=end_s,
        bands=band_shares(plane, model.band_hz),
        faithfulness=measure(
            plane,
            lambda area: muted(window, area),
            lambda inputs: model.logits(inputs.astype(np.float32, copy=False)),
            seed=seed,
        ),
    )
    sums = np.bincount(labels.ravel(), weights=first.values.ravel().astype(np.float64), minlength=count)
    return LimeAccount(
        attribution=attribution,
        fit=float(line.score(kept.astype(np.float64), logits, sample_weight=weights)),
        agreement=rank_correlation(given.astype(np.float32), sums.astype(np.float32)),
    )


def _patches(shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """(T, F): the number of the patch that each cell belongs to."""
    times = np.arange(shape[0]) * min(TIMES, shape[0]) // shape[0]
    bands = np.arange(shape[1]) * min(BANDS, shape[1]) // shape[1]
    return np.asarray(times[:, None] * (bands.max() + 1) + bands[None], np.int64)


def _answers(
    model: SpectrogramModel, window: FloatArray, labels: npt.NDArray[np.int64], kept: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    inputs = np.stack([muted(window, ~row[labels]) for row in kept])
    return np.asarray(model.logits(inputs), np.float64)
