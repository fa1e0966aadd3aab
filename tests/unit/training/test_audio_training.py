"""What the audio training refuses, and what its batches give away, without data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detectors.voice.features import BINS, FRAMES, WINDOW_SAMPLES
from training.voice.data.dataset import VoiceCache, VoiceRow
from training.voice.evaluation.seeds import lines
from training.voice.evaluation.trunk import LeftOut
from training.voice.network.backbone import build, imagenet
from training.voice.network.train import ONE_CLASS, BatchMaker, Run, Schedule, in_its_round, loss_of
from training.voice.sound import augmentation


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


def test_a_recipe_keeps_every_round_and_a_resumed_round_stays_one(tmp_path):
    path = tmp_path / "recipe.json"
    first, second = Schedule(steps=300), Schedule(steps=800, seed=6)
    assert in_its_round(first, path, 0, "digest").first_step == 0
    assert in_its_round(first, path, 100, "digest").first_step == 0
    assert in_its_round(second, path, 300, "digest").first_step == 300
    assert in_its_round(second, path, 500, "digest").first_step == 300
    rounds = json.loads(path.read_text())
    assert [(each["first_step"], each["steps"], each["seed"], each["initial"]) for each in rounds] == [
        (0, 300, 5, "digest"),
        (300, 800, 6, "digest"),
    ]
    assert in_its_round(first, path, 0).first_step == 0
    assert len(json.loads(path.read_text())) == 1


def test_a_round_warms_up_and_slows_down_from_its_first_step():
    schedule = Schedule(steps=800, first_step=300, warmup=40)
    assert schedule.rate(300) == pytest.approx(schedule.peak_rate / 40)
    assert schedule.rate(340) == pytest.approx(schedule.peak_rate)
    assert schedule.rate(799) < schedule.peak_rate / 50


def test_seeds_that_err_on_different_clips_err_less_together():
    rows = tuple(VoiceRow(str(n), n % 2 == 1, "s", "t", "p", n % 3) for n in range(24))
    truth = np.array([1.0 if row.is_fake else -1.0 for row in rows])
    first, second = truth.copy(), truth.copy()
    first[:6], second[18:] = -0.4 * truth[:6], -0.4 * truth[18:]
    table = lines([("a", LeftOut(rows, first)), ("b", LeftOut(rows, second))])
    assert [name for name, *_ in table] == ["a", "b", "their mean"]
    assert table[2][-2:] == ("1.000", "0.000")
    assert float(table[0][-2]) < 1
    with pytest.raises(ValueError, match="other clips"):
        lines([("a", LeftOut(rows, first)), ("b", LeftOut(rows[::-1], second))])


def test_one_class_asks_for_a_tight_cone_of_the_honest_alone():
    labels = np.array([[0.0], [1.0]], np.float32)

    def loss(objective: str, honest: float, synthetic: float) -> float:
        outputs = np.array([[honest], [synthetic]], np.float32)
        return float(loss_of(Schedule(objective=objective), labels, outputs))

    assert loss(ONE_CLASS, -1.0, 0.5) < 0.07
    assert loss(ONE_CLASS, -0.5, 0.5) > 2
    assert loss(ONE_CLASS, -1.0, -0.1) < loss(ONE_CLASS, -1.0, -0.6)
    assert loss("cross-entropy", -3.0, 3.0) < loss("cross-entropy", 3.0, -3.0)


def test_a_cosine_stays_between_minus_one_and_one():
    model = build(imagenet(), cosine=True)
    heard = np.random.default_rng(2).standard_normal((2, FRAMES, BINS, 1)).astype(np.float32)
    assert np.abs(model.predict_on_batch(heard)).max() <= 1.0001
