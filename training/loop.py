"""One loop for every network that is trained here: schedule, averaged weights, checkpoints, log, left-out figures.

A run is a folder with `checkpoint.npz` (step, last weights, averaged weights, optimiser) and `log.jsonl`. Whoever makes
its batches from the seed and the step's number can stop it at any point and go on with the same run.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

Arrays = list[npt.NDArray[np.float32]]
T = TypeVar("T")

CHECKPOINT: Final = "checkpoint.npz"
LOG_EVERY: Final = 20
SAVE_EVERY: Final = 100
SCORED_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast."""

    steps: int
    peak_rate: float
    warmup: int
    weight_decay: float
    ema: float
    """Share of the averaged weights that a step keeps."""
    smoothing: float
    """How far labels are from 0 and 1."""
    seed: int
    first_step: int = 0
    """Of the round: a run that goes on with another schedule warms up and slows down anew."""

    def rate(self, step: int) -> float:
        """Learning rate: a linear rise, then half a cosine down to a hundredth of the peak."""
        taken, planned = step - self.first_step, self.steps - self.first_step
        if taken < self.warmup:
            return self.peak_rate * (taken + 1) / self.warmup
        progress = (taken - self.warmup) / max(1, planned - self.warmup)
        return self.peak_rate * (0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2)


def has_checkpoint(folder: Path) -> bool:
    return (folder / CHECKPOINT).exists()


def load_averaged(model: Any, checkpoint: Path) -> None:
    """Give a model a run's averaged weights, rounded to half precision, which both exported files hold alike."""
    with np.load(checkpoint) as stored:
        weights = [stored[f"a{i}"] for i in range(len(model.get_weights()))]
    model.set_weights([value.astype(np.float16).astype(np.float32) for value in weights])


class Fit:
    """One network on its way through a schedule, with its checkpoint on disk.

    Args:
        folder: of the run; made when it is not there.
        model: with the weights that a fresh run starts from.
        optimizer: built for the model's variables.
        resume: take up the checkpoint, which must be there.
        averaged_every: steps between two updates of the averaged weights.
        label: begins every line of the log.
    """

    def __init__(
        self,
        folder: Path,
        schedule: Schedule,
        model: Any,
        optimizer: Any,
        *,
        resume: bool,
        averaged_every: int = 1,
        label: Mapping[str, object] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.model, self.optimizer = folder, model, optimizer
        self.schedule, self._averaged_every, self._label = schedule, averaged_every, label or {}
        self.average: Arrays = [np.array(value) for value in model.get_weights()]
        self.step = 0
        if resume:
            self._restore()

    def learner(self, loss: Callable[[Any, Any], Any]) -> Callable[[tuple[Any, Any]], float]:
        """One step of the optimiser on a batch of inputs and labels, for `run`. loss: of labels and outputs."""
        import tensorflow as tf

        @tf.function
        def learn(inputs: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                cost = loss(labels, self.model(inputs, training=True))
            gradients = tape.gradient(cost, self.model.trainable_variables)
            self.optimizer.apply(gradients, self.model.trainable_variables)
            return cost

        return lambda batch: float(learn(*(tf.constant(part) for part in batch)))

    def run(
        self,
        learn: Callable[[T], float],
        batches: Generator[T, None, None],
        *,
        evaluate: Callable[[], Mapping[str, float]] | None,
        evaluate_every: int = SAVE_EVERY,
    ) -> None:
        """Go on to the schedule's end.

        Args:
            learn: takes one step of the optimiser and gives the loss.
            batches: from the run's step on; closed at the end.
            evaluate: figures on left-out data, asked for as often as said and at the end; None without such data.
        """
        losses: list[float] = []
        started = time.monotonic()
        while self.step < self.schedule.steps:
            batch = next(batches)
            self.optimizer.learning_rate.assign(self.schedule.rate(self.step))
            losses.append(learn(batch))
            self.step += 1
            is_last = self.step == self.schedule.steps
            if self.step % self._averaged_every == 0:
                self._update_average()
            if self.step % LOG_EVERY == 0:
                pace = (time.monotonic() - started) / len(losses)
                mean = float(np.mean(losses[-LOG_EVERY:]))
                self.log({"step": self.step, "loss": round(mean, 4), "s_per_step": round(pace, 3)})
            if self.step % SAVE_EVERY == 0 or is_last:
                self.save()
            if evaluate is not None and (self.step % evaluate_every == 0 or is_last):
                self.log({"step": self.step, "left_out": evaluate()})
        batches.close()

    def scores(
        self, rows: Sequence[int], inputs: Callable[[Sequence[int]], npt.NDArray[np.float32]], *, averaged: bool = True
    ) -> npt.NDArray[np.float32]:
        """(N,) logits of these rows, by the averaged weights or the last. inputs: the network's input of some rows."""
        with self.averaged_weights() if averaged else self._last_weights():
            found = [
                self.model.predict_on_batch(inputs(rows[first : first + SCORED_AT_ONCE])).ravel()
                for first in range(0, len(rows), SCORED_AT_ONCE)
            ]
        return np.concatenate(found)

    @contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """The model holds the averaged weights for as long as this lasts."""
        current = self.model.get_weights()
        self.model.set_weights(self.average)
        try:
            yield
        finally:
            self.model.set_weights(current)

    @contextmanager
    def _last_weights(self) -> Iterator[None]:
        yield

    def save(self) -> None:
        """Write the checkpoint; a stop in between leaves the one before."""
        arrays = {f"w{i}": value for i, value in enumerate(self.model.get_weights())}
        arrays |= {f"a{i}": value for i, value in enumerate(self.average)}
        arrays |= {f"o{i}": variable.numpy() for i, variable in enumerate(self.optimizer.variables)}
        part = self.folder / "checkpoint.part.npz"
        np.savez(part, step=np.array(self.step), **arrays)
        part.replace(self.folder / CHECKPOINT)

    def log(self, line: Mapping[str, object]) -> None:
        """Print one line of JSON and keep it."""
        written = json.dumps({**self._label, **line})
        print(written, flush=True)
        with (self.folder / "log.jsonl").open("a") as handle:
            handle.write(written + "\n")

    def _restore(self) -> None:
        with np.load(self.folder / CHECKPOINT) as stored:
            self.step = int(stored["step"])
            self.model.set_weights([stored[f"w{i}"] for i in range(len(self.average))])
            self.average = [stored[f"a{i}"] for i in range(len(self.average))]
            for index, variable in enumerate(self.optimizer.variables):
                variable.assign(stored[f"o{index}"])

    def _update_average(self) -> None:
        keep = min(self.schedule.ema, (1 + self.step) / (10 + self.step)) ** self._averaged_every
        for kept, value in zip(self.average, self.model.get_weights(), strict=True):
            kept *= keep
            kept += (1 - keep) * value
