"""Strangeness is a distance from what was fitted, in units of the limit."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.faces.familiarity import Familiarity, looks
from training.faces.network import familiarity

C = 30


def textures(rng: np.random.Generator, count: int, shift: float = 0.0) -> np.ndarray:
    """Means and mean squares of C channels with unequal spreads that move together."""
    mixing = np.random.default_rng(0).normal(size=(C, C)) * np.linspace(0.1, 3, C)
    means = rng.normal(size=(count, C)) @ mixing + shift
    deviations = np.exp(rng.normal(size=(count, C)) * 0.1)
    return np.concatenate([means, means**2 + deviations**2], axis=1).astype(np.float32)


def test_looks_are_means_and_standard_deviations():
    values = np.random.default_rng(1).normal(2, 3, (5, 1000, C))
    statistics = np.concatenate([values.mean(axis=1), (values**2).mean(axis=1)], axis=1)
    found = looks(statistics.astype(np.float32))
    assert found[:, :C] == pytest.approx(values.mean(axis=1), abs=1e-4)
    assert found[:, C:] == pytest.approx(values.std(axis=1), abs=1e-3)


def test_few_of_the_same_kind_and_nearly_all_of_another_are_unfamiliar():
    rng = np.random.default_rng(2)
    fitted = familiarity.fit(textures(rng, 4000))
    same = np.array(fitted.strangeness(textures(rng, 2000)))
    other = np.array(fitted.strangeness(textures(rng, 500, shift=25.0)))
    assert (same > 1).mean() < 0.02
    assert (other > 1).mean() > 0.95


def test_what_was_fitted_survives_its_file(tmp_path):
    fitted = familiarity.fit(textures(np.random.default_rng(3), 500))
    path = tmp_path / "familiarity.json"
    familiarity.write(fitted, path)
    assert Familiarity.read(path) == fitted
    assert familiarity.fit(textures(np.random.default_rng(3), 500)).version == fitted.version
