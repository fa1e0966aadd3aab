"""What is measured beside the model's spectrogram: level says nothing, and the judge never hears what it judges."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.voice.features import WINDOW_SAMPLES
from training.voice.data.dataset import VoiceCache, VoiceRow
from training.voice.evaluation.features import REPRESENTATIONS, figures, left_out_scores, statistics
from training.voice.evaluation.trunk import LeftOut


def windows(count: int, *, buzz: float) -> np.ndarray:
    rng = np.random.default_rng(4)
    time_s = np.arange(WINDOW_SAMPLES) / 16_000
    tones = np.sign(np.sin(2 * np.pi * rng.uniform(100, 300, (count, 1)) * time_s))
    return (0.1 * rng.standard_normal((count, WINDOW_SAMPLES)) + buzz * tones).astype(np.float32)


@pytest.mark.parametrize("name", list(REPRESENTATIONS))
def test_a_quieter_clip_is_the_same_clip(name):
    (window,) = windows(1, buzz=0.1)
    loud, quiet = (statistics(REPRESENTATIONS[name](scale * window)) for scale in (1.0, 0.05))
    assert np.isfinite(loud).all()
    np.testing.assert_allclose(loud, quiet, atol=0.02)


def test_each_fold_is_judged_by_what_did_not_hear_it():
    """In fold 0 the classes are the other way round: whoever had heard it would be right there."""
    rows = tuple(VoiceRow(str(n), n % 2 == 1, "s", "t", "p", n % 3) for n in range(60))
    truth = np.array([1.0 if row.is_fake else -1.0 for row in rows])
    turned = np.where([row.fold == 0 for row in rows], -truth, truth)
    rng = np.random.default_rng(5)
    real = np.flatnonzero(truth < 0)
    cache = VoiceCache(rows, np.zeros(60, np.int64), np.zeros((60, 0)), real, np.zeros((len(real), 1, 0)))
    values = np.concatenate([turned, np.ones(len(real))])
    features = (values[:, None] + 0.1 * rng.standard_normal((len(values), 3))).astype(np.float32)
    found = figures(left_out_scores(features, cache, rows), LeftOut(rows, truth))
    assert found["fold 0"] < 0.2
    assert found["fold 1"] > 0.8
    assert found["joined AUC"] > found["AUC"]
