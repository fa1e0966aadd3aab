"""Fitting: probabilities that are right, thresholds that keep their promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.calibration import Calibration
from training.calibration import (
    FAKE_FLOOR,
    REAL_CEILING,
    Scores,
    balanced_weights,
    calibrate,
    conformal_lower,
    conformal_upper,
    cross_fitted,
    fit_platt,
    in_fitting_half,
    write,
)
from training.metrics import ece


def drawn(count: int, seed: int, *, slope: float = 1.5, shift: float = -0.5, groups: int | None = None) -> Scores:
    """Logits whose true probability is known: sigmoid(slope * logit + shift)."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, count)
    labels = (rng.random(count) < 1 / (1 + np.exp(-(slope * logits + shift)))).astype(int)
    names = tuple(f"g{index % groups}" if groups else f"g{index}" for index in range(count))
    return Scores(labels, logits, ("one",) * count, names)


def test_platt_finds_the_parameters_that_made_the_labels():
    scores = drawn(20_000, 1)
    fitted = fit_platt(scores.labels, scores.logits, np.full(20_000, 1 / 20_000))
    assert fitted.slope == pytest.approx(1.5, abs=0.1)
    assert fitted.intercept == pytest.approx(-0.5, abs=0.1)


def test_fitted_probabilities_are_calibrated_on_other_data():
    train, other = drawn(4000, 2), drawn(4000, 3)
    fitted = fit_platt(train.labels, train.logits, np.full(4000, 1 / 4000))
    p_fake = np.array([fitted.p_fake(logit) for logit in other.logits])
    assert ece(other.labels, p_fake) < 0.03
    assert ece(other.labels, 1 / (1 + np.exp(-other.logits))) > 0.05


def test_perfectly_separated_classes_stay_finite():
    labels, logits = np.array([0] * 30 + [1] * 30), np.array([-1.0] * 30 + [1.0] * 30)
    fitted = fit_platt(labels, logits, balanced_weights(labels, ["s"] * 60))
    assert 1 < fitted.slope < 10
    assert 0.9 < fitted.p_fake(1.0) < 1.0


def test_a_model_that_errs_is_flattened_and_not_turned_round():
    labels, logits = np.array([1, 0] * 100), np.array([-2.0, 2.0] * 100)
    fitted = fit_platt(labels, logits, balanced_weights(labels, ["s"] * 200))
    assert fitted.slope > 0
    assert abs(fitted.p_fake(2.0) - 0.5) < 0.1


def test_one_class_alone_cannot_be_calibrated():
    with pytest.raises(ValueError, match="both classes"):
        fit_platt(np.ones(5, int), np.zeros(5), np.full(5, 0.2))


def test_no_source_dominates():
    labels = np.array([0] * 900 + [0] * 9 + [1] * 10)
    weights = balanced_weights(labels, ["large"] * 900 + ["small"] * 9 + ["fakes"] * 10)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[labels == 1].sum() == pytest.approx(0.5)
    assert weights[:900].sum() / weights[900:909].sum() == pytest.approx(10.0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 120), st.integers(1, 6), st.sampled_from([0.05, 0.1, 0.2]))
def test_at_most_the_error_rate_of_the_fitted_groups_reach_the_threshold(seed, groups, each, rate):
    rng = np.random.default_rng(seed)
    p_fake = np.clip(np.round(rng.random(groups * each), 2), 0.01, 0.99)
    names = [f"g{index // each}" for index in range(groups * each)]
    upper, lower = conformal_upper(p_fake, names, rate), conformal_lower(p_fake, names, rate)
    assert float(np.mean(p_fake >= upper)) <= rate
    assert float(np.mean(p_fake <= lower)) <= rate


def test_the_promise_holds_for_new_groups():
    """Exchangeable groups: the share of new ones beyond the threshold is at most the rate, on average over fits."""
    rng, reached = np.random.default_rng(4), []
    for _ in range(400):
        centres = rng.normal(0, 1, 41)
        scores = 1 / (1 + np.exp(-(np.repeat(centres, 5) + rng.normal(0, 0.5, 205))))
        names = [f"g{index // 5}" for index in range(200)]
        reached.append(np.mean(scores[200:] >= conformal_upper(scores[:200], names, 0.1)))
    assert 0.04 < float(np.mean(reached)) < 0.12


def test_too_few_groups_allow_no_call():
    assert conformal_upper(np.linspace(0, 0.3, 18), [f"g{index}" for index in range(18)], 0.05) == 1.0
    assert conformal_lower(np.full(100, 0.9), ["one"] * 100, 0.05) == 0.0


def test_thresholds_keep_off_the_middle_and_the_file_names_its_own_content(tmp_path):
    separated = drawn(2000, 5, slope=20.0, shift=0.0)
    calibration = calibrate(separated, separated, population="made up")
    assert calibration.real <= REAL_CEILING
    assert calibration.fake >= FAKE_FLOOR
    assert calibrate(separated, separated, population="made up") == calibration
    other = calibrate(drawn(2000, 6), drawn(2000, 6), population="made up")
    assert other.version != calibration.version
    write(other, tmp_path / "calibration.json")
    assert Calibration.read(tmp_path / "calibration.json") == other


def test_a_weak_model_is_given_wide_thresholds_that_hold():
    fit, new = drawn(3000, 7, slope=0.4, shift=0.0), drawn(3000, 8, slope=0.4, shift=0.0)
    calibration = calibrate(fit, fit, population="made up")
    p_fake = np.array([calibration.file.p_fake(logit) for logit in new.logits])
    assert float(np.mean(p_fake[new.labels == 0] >= calibration.fake)) < 0.07
    assert float(np.mean(p_fake[new.labels == 1] <= calibration.real)) < 0.07


def test_halves_keep_groups_whole_and_are_about_even():
    scores = drawn(3000, 9, groups=300)
    half = scores.fitting_half
    by_group = {group: {bool(kept) for name, kept in zip(scores.groups, half, strict=True) if name == group}
                for group in set(scores.groups)}  # fmt: skip
    assert all(len(sides) == 1 for sides in by_group.values())
    assert 0.35 < float(half.mean()) < 0.65
    assert in_fitting_half("one", "g1") is in_fitting_half("one", "g1")


def test_cross_fitting_scores_no_group_by_a_scaling_that_saw_it():
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 2
    groups = tuple(f"g{index // 2}" for index in range(400))
    scores = Scores(labels, labels * 2.0 + rng.normal(0, 1, 400), ("s",) * 400, groups)
    p_fake = cross_fitted(scores)
    assert np.isfinite(p_fake).all()
    assert ece(labels, p_fake) < 0.08
    # One wild group moves everybody's probability but its own.
    wild = Scores(labels, np.where(np.array(groups) == "g7", -30.0, scores.logits), scores.sources, groups)
    moved = cross_fitted(wild)
    inside = np.array(groups) == "g7"
    own = fit_platt(labels[~inside], wild.logits[~inside], balanced_weights(labels[~inside], ("s",) * 398))
    assert (moved[~inside] != p_fake[~inside]).any()
    assert moved[inside].max() <= own.p_fake(-25.0)


def test_joined_scores_keep_their_names():
    one = Scores(np.array([0]), np.array([1.0]), ("a",), ("g",))
    both = one.joined(Scores(np.array([1]), np.array([2.0]), ("b",), ("h",)))
    assert both.labels.tolist() == [0, 1]
    assert both.logits.tolist() == [1.0, 2.0]
    assert (both.sources, both.groups) == (("a", "b"), ("g", "h"))
