"""Many samples to one score, and scores to stretches of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.aggregation import CLIP_LOGIT, STRETCH_MARGIN, pool, stretches

series = st.lists(st.tuples(st.floats(-20, 20), st.floats(0.05, 1)), min_size=1, max_size=60)


@given(series)
def test_the_pool_lies_between_the_clipped_extremes_and_never_below_the_mean(pairs):
    logits, weights = [logit for logit, _ in pairs], [weight for _, weight in pairs]
    clipped = np.clip(logits, -CLIP_LOGIT, CLIP_LOGIT)
    pooled = pool(logits, weights)
    assert clipped.min() - 1e-9 <= pooled <= clipped.max() + 1e-9
    assert pooled >= np.average(clipped, weights=weights) - 1e-9


@given(series, st.integers(0, 59), st.floats(0, 10))
def test_a_sample_that_looks_more_synthetic_never_lowers_the_pool(pairs, index, more):
    logits, weights = [logit for logit, _ in pairs], [weight for _, weight in pairs]
    raised = list(logits)
    raised[index % len(raised)] += more
    assert pool(raised, weights) >= pool(logits, weights) - 1e-9


def test_a_manipulated_quarter_speaks_louder_than_the_honest_rest():
    logits = [-2.0] * 24 + [4.0] * 8
    assert pool(logits, [1.0] * 32) == pytest.approx(4.0 - STRETCH_MARGIN)


def test_a_wild_frame_cannot_carry_a_file():
    assert pool([-2.0] * 31 + [1000.0], [1.0] * 32) < 0


def test_a_poor_frame_weighs_little():
    assert pool([4.0, -1.0, -1.0], [0.05, 1.0, 1.0]) < -0.5


def test_nothing_cannot_be_pooled():
    with pytest.raises(ValueError, match="nothing"):
        pool([], [])


def found(p_fake, *, end_s=None, step_s=1.0):
    times = [index * step_s for index in range(len(p_fake))]
    return stretches(times, p_fake, enter=0.7, leave=0.5, end_s=end_s or times[-1])


def test_hysteresis_carries_a_stretch_through_a_dip():
    ((stretch, members),) = found([0.1, 0.1, 0.8, 0.8, 0.6, 0.6, 0.8, 0.8, 0.1, 0.1])
    assert members.tolist() == [2, 3, 4, 5, 6, 7]
    assert (stretch.start_s, stretch.end_s) == (1.5, 7.5)


def test_what_only_lingers_below_the_entrance_is_no_stretch():
    assert found([0.1, 0.6, 0.6, 0.6, 0.6, 0.1, 0.1, 0.1]) == ()


def test_one_sample_among_many_is_noise_and_among_few_is_not():
    assert found([0.1, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.1]) == ()
    assert len(found([0.9])) == 1


def test_a_stretch_reaches_the_ends_of_the_media_and_no_further():
    ((stretch, _),) = found([0.9] * 6, end_s=5.4)
    assert (stretch.start_s, stretch.end_s) == (0.0, 5.4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.05, 20))
def test_stretches_are_ordered_apart_and_inside(p_fake, step_s):
    end_s = len(p_fake) * step_s
    before = 0.0
    for stretch, members in found(p_fake, end_s=end_s, step_s=step_s):
        assert before - 1e-3 <= stretch.start_s <= stretch.end_s <= end_s + 1e-3
        assert np.all(np.diff(members) == 1)
        before = stretch.end_s


def test_a_short_stretch_of_a_long_series_speaks_and_of_an_ordinary_one_does_not() -> None:
    def pooled(length: int) -> float:
        series = [-3.0] * length
        series[20:28] = [5.0] * 8
        return pool(series, [1.0] * length)

    assert pooled(128) > 1
    assert pooled(64) < 0.1
