"""The one training loop: a stopped run goes on as if it had not been stopped, and what it writes can be read."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training import loop

SCHEDULE = loop.Schedule(steps=6, peak_rate=0.1, warmup=2, weight_decay=0.0, ema=0.9, smoothing=0.0, seed=1)


def fit(folder: Path, *, resume: bool = False, averaged_every: int = 1) -> loop.Fit:
    import keras

    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    optimizer = keras.optimizers.AdamW(SCHEDULE.peak_rate)
    optimizer.build(model.trainable_variables)
    return loop.Fit(folder, SCHEDULE, model, optimizer, resume=resume, averaged_every=averaged_every, label={"fold": 2})


def go_on(run: loop.Fit, until: int) -> list[bool]:
    """Train to a step, each batch made from the step's number; tells whether the batches were closed."""
    import tensorflow as tf

    closed = []

    def batches() -> Generator[tuple[np.ndarray, np.ndarray], None, None]:
        try:
            for step in range(run.step, 99):
                inputs = np.random.default_rng(step).normal(size=(4, 2)).astype(np.float32)
                yield inputs, np.ones((4, 1), np.float32)
        finally:
            closed.append(True)

    step_of = run.learner(lambda labels, outputs: tf.reduce_mean(tf.square(outputs - labels)))

    def learn(batch: tuple[np.ndarray, np.ndarray]) -> float:
        loss = step_of(batch)
        if run.step + 1 == until:
            run.schedule = replace(SCHEDULE, steps=until)
        return loss

    run.run(learn, batches(), evaluate=lambda: {"auc": 0.5}, evaluate_every=2)
    return closed


def test_a_stopped_run_goes_on_as_if_it_had_not_been_stopped(tmp_path: Path) -> None:
    whole = fit(tmp_path / "whole", averaged_every=2)
    assert go_on(whole, until=6) == [True]
    go_on(fit(tmp_path / "parts", averaged_every=2), until=4)
    second = fit(tmp_path / "parts", resume=True, averaged_every=2)
    assert second.step == 4
    go_on(second, until=6)
    for one, other in zip(whole.average, second.average, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    for one, other in zip(whole.model.get_weights(), second.model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_figures_are_of_the_averaged_weights_and_the_last_ones_come_back(tmp_path: Path) -> None:
    run = fit(tmp_path)
    go_on(run, until=6)
    last = [np.array(value) for value in run.model.get_weights()]
    rows = np.eye(2, dtype=np.float32)
    averaged = run.scores([0, 1], lambda some: rows[list(some)])
    kernel, bias = run.average
    np.testing.assert_allclose(averaged, (rows @ kernel + bias).ravel(), rtol=1e-5)
    assert not np.allclose(averaged, run.scores([0, 1], lambda some: rows[list(some)], averaged=False))
    for kept, value in zip(run.model.get_weights(), last, strict=True):
        np.testing.assert_array_equal(kept, value)
    other = fit(tmp_path / "other").model
    loop.load_averaged(other, tmp_path / loop.CHECKPOINT)
    np.testing.assert_allclose(other.get_weights()[0], kernel, rtol=1e-3)


def test_every_line_of_the_log_says_which_fit_it_is_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    go_on(fit(tmp_path), until=6)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines == [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["step"] for line in lines if "left_out" in line] == [2, 4, 6]
    assert {line["fold"] for line in lines} == {2}


def test_the_rate_rises_falls_and_does_so_anew_in_another_round() -> None:
    rates = [SCHEDULE.rate(step) for step in range(6)]
    assert rates[0] < rates[1] == pytest.approx(0.1)
    assert rates[2:] == sorted(rates[2:], reverse=True)
    again = replace(SCHEDULE, steps=12, first_step=6)
    assert [again.rate(step) for step in range(6, 12)] == pytest.approx(rates)
