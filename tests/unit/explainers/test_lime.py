from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from core.types import Faithfulness
from explainers.targets import FloatArray
from explainers.voice.attribution import WindowAttribution
from explainers.voice.lime import BANDS, TIMES, _patches, second_opinion


@dataclass(frozen=True)
class Linear:
    """Judges the sum of one corner of the plane."""

    frame_s: float = 0.05
    band_hz: FloatArray = field(default_factory=lambda: np.geomspace(100, 7000, 16).astype(np.float32))
    network: Any = None
    background: Any = None

    def logits(self, inputs: FloatArray) -> FloatArray:
        return inputs[:, :10, :4, 0].sum(axis=(1, 2)).astype(np.float32)


def _window() -> FloatArray:
    window = np.random.default_rng(3).random((48, 16, 1)).astype(np.float32)
    window[:, :, 0][5] = 0  # every band falls silent once, so that muting takes it all away
    return window


def _account(values: FloatArray) -> WindowAttribution:
    check = Faithfulness(deletion_drop=0, random_drop=0, reliable=False)
    return WindowAttribution(values, 1.0, 0.0, 0.0, 0.0, 0.5, (), check)


def test_of_a_linear_model_it_finds_the_corner_and_agrees_with_the_truth():
    window = _window()
    truth = np.zeros((48, 16), np.float32)
    truth[:10, :4] = window[:10, :4, 0]
    told = second_opinion(Linear(), window, _account(truth), seed=1)
    assert told.fit > 0.95
    assert told.agreement > 0.35, "most patches give nothing, and their ranks are tied"
    assert told.attribution.faithfulness.reliable
    inside = told.attribution.values[:8, :4].mean()
    outside = np.abs(told.attribution.values[16:, 8:]).mean()
    assert inside > 10 * outside
    assert told.attribution.peak_start_s < 0.1
    assert told.attribution.additivity_error < 0.1 * told.attribution.logit


def test_it_disagrees_with_an_account_that_is_turned_round():
    window = _window()
    truth = np.zeros((48, 16), np.float32)
    truth[:10, :4] = window[:10, :4, 0]
    assert second_opinion(Linear(), window, _account(-truth), seed=1).agreement < -0.3


def test_the_same_seed_gives_the_same_opinion():
    window, first = _window(), _account(np.zeros((48, 16), np.float32))
    one, two = (second_opinion(Linear(), window, first, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.attribution.values, two.attribution.values)


@pytest.mark.parametrize("shape", [(280, 120), (48, 16), (5, 3)])
def test_patches_cover_the_plane(shape):
    labels = _patches(shape)
    assert labels.shape == shape
    assert set(np.unique(labels)) == set(range(min(TIMES, shape[0]) * min(BANDS, shape[1])))
