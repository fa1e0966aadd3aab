from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.faithfulness import (
    BRIEF_CONTROLS,
    CONTROLS,
    MOST_ALIKE,
    RETURNED_CONTROLS,
    displaced_areas,
    measure,
    rank_correlation,
    strongest_area,
)


@given(height=st.integers(1, 40), width=st.integers(1, 40), share=st.floats(0.01, 1.0), seed=st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_the_strongest_area_has_its_size_and_nothing_outside_is_stronger(height, width, share, seed):
    saliency = np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)
    area = strongest_area(saliency, share)
    assert area.sum() == max(1, round(share * height * width))
    if not area.all():
        assert saliency[area].min() >= saliency[~area].max()


@given(seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_displaced_areas_keep_the_size(seed):
    rng = np.random.default_rng(seed)
    area = rng.random((24, 16)) < 0.1
    assert (displaced_areas(area, 5, rng).sum(axis=(1, 2)) == area.sum()).all()


def _linear(weights: np.ndarray, saliency: np.ndarray, *, looks: list[int] | None = None, **more):
    """looks: is told how many inputs are scored each time."""

    def logits(inputs: np.ndarray) -> np.ndarray:
        if looks is not None:
            looks.append(len(inputs))
        return (inputs * weights).sum(axis=(1, 2)).astype(np.float32)

    return measure(saliency.astype(np.float32), lambda area: np.where(area, 0.0, 1.0), logits, seed=0, **more)


def test_the_true_weights_of_a_linear_model_are_reliable():
    weights = np.random.default_rng(0).random((20, 20))
    check = _linear(weights, weights)
    assert check.reliable
    assert check.deletion_drop == pytest.approx(np.sort(weights, axis=None)[-40:].sum(), rel=1e-4)
    assert check.random_drop == pytest.approx(weights.mean() * 40, rel=0.15)
    assert check.insertion_rise == pytest.approx(check.deletion_drop, rel=1e-4), "of a linear model they are the same"
    assert check.beaten_share == 1.0
    assert check.weights_correlation is None


def test_meaningless_maps_are_seldom_called_reliable():
    rng = np.random.default_rng(1)
    weights = rng.random((20, 20))
    reliable = [_linear(weights, rng.random((20, 20))).reliable for _ in range(80)]
    assert np.mean(reliable) < 0.3


def test_a_map_that_shuffled_weights_give_too_is_not_relied_on():
    weights = np.random.default_rng(0).random((20, 20))
    assert _linear(weights, weights, alike=lambda: MOST_ALIKE - 0.01).reliable
    refused = _linear(weights, weights, alike=lambda: MOST_ALIKE)
    assert (refused.reliable, refused.weights_correlation) == (False, MOST_ALIKE)


def test_what_deletion_refuted_is_measured_further_and_not_relied_on():
    weights = np.random.default_rng(0).random((20, 20))
    check = _linear(weights, 1 - weights, alike=lambda: 0.1)
    assert (check.reliable, check.weights_correlation) == (False, 0.1)
    assert check.insertion_rise < check.random_rise


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=30), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_rank_correlation_is_of_ranks_and_symmetric(values, seed):
    first = np.asarray(values, np.float32)
    second = np.random.default_rng(seed).permutation(first)
    found = rank_correlation(first, second)
    assert -1 <= found <= 1
    assert found == rank_correlation(second, first)
    if np.ptp(first) > 0:
        assert rank_correlation(first, first) == 1.0
        assert rank_correlation(first, -first) == pytest.approx(-1.0, abs=1e-6)


def test_an_empty_map_is_not_tested_at_all():
    check = measure(
        np.zeros((4, 4), np.float32),
        lambda area: pytest.fail("nothing to erase"),
        lambda inputs: pytest.fail("nothing to score"),
        seed=0,
    )
    assert (check.deletion_drop, check.reliable) == (0.0, False)


def test_the_cost_is_bounded():
    batches = []
    measure(
        np.eye(8, dtype=np.float32),
        lambda area: area.astype(np.float32),
        lambda inputs: batches.append(len(inputs)) or np.zeros(len(inputs), np.float32),
        seed=0,
    )
    assert batches == [CONTROLS + 2, RETURNED_CONTROLS + 2]


def test_a_brief_check_says_of_deletion_and_shuffled_weights_what_the_whole_one_says():
    weights = np.random.default_rng(0).random((20, 20))
    for saliency, likeness in ((weights, 0.1), (1 - weights, 0.1), (weights, MOST_ALIKE)):
        looks: list[int] = []
        brief = _linear(weights, saliency, alike=lambda told=likeness: told, brief=True, looks=looks)
        whole = _linear(weights, saliency, alike=lambda told=likeness: told)
        assert (brief.deletion_drop, brief.weights_correlation) == (whole.deletion_drop, likeness)
        assert brief.reliable == whole.reliable
        assert (brief.deletion_drop > brief.random_drop) == (whole.deletion_drop > whole.random_drop)
        assert (brief.beaten_share, brief.insertion_rise, brief.random_rise) == (None, None, None)
        assert looks == [BRIEF_CONTROLS + 2]


def test_of_cells_that_are_equally_high_the_first_ones_are_the_strongest():
    area = strongest_area(np.array([[0.5, 0.9, 0.5, 0.5]], np.float32), share=0.5)
    assert area.tolist() == [[True, True, False, False]]
