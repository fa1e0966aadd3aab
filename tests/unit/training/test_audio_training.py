"""What the audio training refuses, and what its batches give away, without data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detectors.audio_features import WINDOW_SAMPLES
from training.audio import augmentation
from training.audio.dataset import VoiceCache, VoiceRow
from training.audio.train import BatchMaker, Run, Schedule


def test_a_fold_does_not_go_on_from_weights_that_may_have_heard_it(tmp_path):
    nothing = np.zeros((0, 0), np.int16)
    cache = VoiceCache((), np.zeros(0, np.int64), nothing, np.zeros(0, np.int64), nothing)
    with pytest.raises(ValueError, match="heard no voices"):
        Run(tmp_path / "fold0", Schedule(), cache, 0, resume=False, initial=Path("model.keras"))
    assert not (tmp_path / "fold0").exists()


def test_codecs_say_nothing_of_the_class(monkeypatch):
    """Copies are coded as often as clips are, and honest ones as often as synthetic ones."""
    monkeypatch.setattr(augmentation, "codec_round_trip", lambda signal, _rng: np.zeros_like(signal))
    rng = np.random.default_rng(3)
    clips = rng.integers(-9000, 9000, (4, WINDOW_SAMPLES)).astype(np.int16)
    rows = tuple(VoiceRow("", index >= 2, "source", "system", "speaker", 1) for index in range(4))
    cache = VoiceCache(rows, np.full(4, WINDOW_SAMPLES), clips, np.arange(2), clips[:2, None])
    maker = BatchMaker(cache, Schedule(pairs=10, copies=4), held_out=0)
    coded: dict[float, list[bool]] = {0.0: [], 1.0: []}
    for step in range(20):
        features, labels = maker.draw(np.random.default_rng(step))
        for plane, label in zip(features, labels.ravel().tolist(), strict=True):
            coded[label].append(bool(np.ptp(plane) < 0.1))
    assert np.mean(coded[0.0]) == pytest.approx(0.3, abs=0.08)
    assert np.mean(coded[1.0]) == pytest.approx(0.3, abs=0.08)
