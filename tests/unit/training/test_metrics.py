"""The measures against values worked out by hand, and their invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.curves import reliability, risk_coverage
from training.metrics import auc, brier, ece, eer, grouped_bootstrap, measure, tpr_at_fpr

LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1])
SCORES = np.array([0.1, 0.2, 0.3, 0.8, 0.4, 0.7, 0.8, 0.9])


def test_by_hand():
    assert auc(LABELS, SCORES) == pytest.approx((3 + 3 + 3.5 + 4) / 16)
    assert tpr_at_fpr(LABELS, SCORES, 0.0) == 0.25
    assert tpr_at_fpr(LABELS, SCORES, 0.25) == 1.0
    assert brier(np.array([0, 1]), np.array([0.2, 0.6])) == pytest.approx(0.1)
    assert ece(np.array([0, 1, 1, 1]), np.array([0.75, 0.75, 0.75, 0.75])) == pytest.approx(0.0)
    assert ece(np.array([0, 0]), np.array([0.9, 0.9])) == pytest.approx(0.9)


def test_as_many_false_alarms_as_are_allowed_are_allowed():
    labels = np.array([0] * 20 + [1] * 4)
    scores = np.array([*range(19), 50.0, 10.5, 40.0, 45.0, 60.0])
    assert tpr_at_fpr(labels, scores, 0.05) == 0.75


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(-20, 20)), min_size=2, max_size=80))
def test_invariants(pairs):
    labels = np.array([int(label) for label, _ in pairs])
    scores = np.array([score for _, score in pairs], float)
    if len(set(labels.tolist())) < 2:
        assert np.isnan(auc(labels, scores))
        return
    assert auc(labels, scores) == pytest.approx(1 - auc(labels, -scores))
    assert auc(labels, scores) == pytest.approx(auc(labels, np.tanh(scores / 50)))
    assert auc(1 - labels, -scores) == pytest.approx(auc(labels, scores))
    assert 0 <= eer(labels, scores) <= 1
    assert tpr_at_fpr(labels, scores, 0.01) <= tpr_at_fpr(labels, scores, 0.05) <= 1


def test_eer_of_a_shifted_pair_of_normals():
    rng = np.random.default_rng(0)
    scores = np.concatenate([rng.normal(-1, 1, 20_000), rng.normal(1, 1, 20_000)])
    assert eer(np.repeat([0, 1], 20_000), scores) == pytest.approx(0.1587, abs=0.01)


def test_intervals_over_groups_are_wider_than_over_samples():
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(20) % 2, 30)
    scores = np.repeat(rng.normal(0, 1, 20), 30) + labels + rng.normal(0, 0.1, 600)
    grouped = grouped_bootstrap(auc, labels, scores, [str(index // 30) for index in range(600)], draws=200)
    alone = grouped_bootstrap(auc, labels, scores, [str(index) for index in range(600)], draws=200)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)
    assert grouped.low <= auc(labels, scores) <= grouped.high


def test_measures_count_their_classes():
    found = measure(LABELS, SCORES)
    assert (found.n_real, found.n_fake) == (4, 4)
    assert found.as_dict()["auc"] == found.auc


def test_weighted_calibration_error_is_that_of_a_repeated_sample():
    labels, p_fake = np.array([0, 1, 1]), np.array([0.1, 0.2, 0.9])
    repeated = ece(np.array([0, 0, 0, 1, 1]), np.array([0.1, 0.1, 0.1, 0.2, 0.9]))
    assert ece(labels, p_fake, weights=np.array([3.0, 1.0, 1.0])) == pytest.approx(repeated)


def test_risk_is_counted_from_the_surest_down():
    covered = risk_coverage(np.array([1, 0, 1, 0]), np.array([0.99, 0.9, 0.6, 0.45]), points=4)
    assert covered == ((0.25, 0.0), (0.5, 0.5), (0.75, pytest.approx(1 / 3)), (1.0, 0.25))


def test_reliability_bins_hold_all_the_weight():
    labels, p_fake = np.array([0, 1, 1, 0]), np.array([0.02, 0.03, 0.97, 0.5])
    bins = reliability(labels, p_fake, np.full(4, 0.25))
    assert sum(share for _, _, share in bins) == pytest.approx(1)
    assert bins[0] == (pytest.approx(0.025), 0.5, 0.5)
