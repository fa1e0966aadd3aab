"""Train the audio detector: source-grouped cross-validation folds, then the shipped model on everything.

`python -m training.voice.network.train --data ../shared/data --resume` runs the folds and the final fit, each
resumable. Every step's batch follows from the seed and the step's number.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import os
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from detectors.voice.features import fill_window, spectrogram
from training import loop
from training.faces.network.backbone import Weights
from training.feeding import feed, from_workers
from training.metrics import auc, eer
from training.voice.data.dataset import FOLDS, VoiceCache, open_cache
from training.voice.network.backbone import build, imagenet, start
from training.voice.sound.augmentation import augment, mask_features

Batch = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]

ONE_CLASS: Final = "one-class"
HONEST_BELOW: Final = -0.9
SYNTHETIC_ABOVE: Final = -0.2
"""Of the cosine to one direction: a tight cone for the honest, the rest of the sphere for whatever else there may be
(Zhang et al. 2021)."""
SHARPNESS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Schedule(loop.Schedule):
    """How long, how fast, and how batches are balanced."""

    steps: int = 400
    pairs: int = 20
    """Of an honest and an altered example, in a batch."""
    peak_rate: float = 6e-4
    warmup: int = 40
    weight_decay: float = 1e-3
    ema: float = 0.99
    smoothing: float = 0.03
    seed: int = 5
    copies: int = 8
    """Of the fakes of a batch: copy-syntheses of reals of the same batch."""
    objective: str = "cross-entropy"
    """Or ONE_CLASS, over the cosine to one direction."""


class BatchMaker:
    """Balanced draws: classes equal, fakes by system, reals by source, each tempered by a square root."""

    def __init__(self, cache: VoiceCache, schedule: Schedule, held_out: int | None) -> None:
        self._cache, self._schedule = cache, schedule
        rows = [i for i, row in enumerate(cache.rows) if row.fold != held_out]
        self._fakes, self._fake_odds = _balanced(
            rows, lambda i: cache.rows[i].system if cache.rows[i].is_fake else None
        )
        self._reals, self._real_odds = _balanced(
            rows, lambda i: None if cache.rows[i].is_fake else cache.rows[i].source
        )
        self._copy_of = {int(row): k for k, row in enumerate(cache.real_rows)}

    def draw(self, rng: np.random.Generator) -> Batch:
        schedule = self._schedule
        reals = rng.choice(self._reals, schedule.pairs, p=self._real_odds)
        fakes = rng.choice(self._fakes, schedule.pairs - schedule.copies, p=self._fake_odds)
        windows = [self._clip(int(i), rng) for i in reals]
        for i in reals[: schedule.copies]:
            length = int(self._cache.lengths[i])
            variants = self._cache.copies[self._copy_of[int(i)]]
            copy = variants[int(rng.integers(len(variants)))].astype(np.float32) / 32768
            windows.append(augment(copy, length, rng))
        windows += [self._clip(int(i), rng) for i in fakes]
        features = spectrogram(np.stack(windows))
        for single in features:
            mask_features(single, rng)
        labels = np.concatenate([np.zeros((len(reals), 1)), np.ones((schedule.pairs, 1))]).astype(np.float32)
        return features, labels

    def _clip(self, index: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
        return augment(self._cache.clips[index].astype(np.float32) / 32768, int(self._cache.lengths[index]), rng)


def _balanced(rows: list[int], key: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    chosen = [i for i in rows if key(i) is not None]
    counts: dict[str, int] = {}
    for i in chosen:
        counts[key(i)] = counts.get(key(i), 0) + 1
    odds = np.array([counts[key(i)] ** -0.6 for i in chosen])
    return np.array(chosen), odds / odds.sum()


def stream(
    data: Path, cache: Path, schedule: Schedule, held_out: int | None, first_step: int
) -> Generator[Batch, None, None]:
    return from_workers(_work, [(data, cache, schedule, held_out, first_step)], waiting=8)


def _work(
    data: Path, cache: Path, schedule: Schedule, held_out: int | None, first: int, queue: mp.Queue[Batch]
) -> None:
    maker = BatchMaker(open_cache(data, cache), schedule, held_out)
    fit = 0 if held_out is None else held_out + 1
    feed(queue, (maker.draw(np.random.default_rng([schedule.seed, step, fit])) for step in count(first)))


def loss_of(schedule: Schedule, labels: Any, outputs: Any) -> Any:
    """The mean over a batch, by the schedule's objective. labels, outputs: (B, 1)."""
    import tensorflow as tf

    if schedule.objective == ONE_CLASS:
        beyond = tf.where(labels > 0.5, SYNTHETIC_ABOVE - outputs, outputs - HONEST_BELOW)
        return tf.reduce_mean(tf.nn.softplus(SHARPNESS * beyond))
    targets = labels * (1 - 2 * schedule.smoothing) + schedule.smoothing
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, outputs))


class Run:
    """One fit: a fold, or the final one (`held_out` None)."""

    def __init__(
        self,
        folder: Path,
        schedule: Schedule,
        cache: VoiceCache,
        held_out: int | None,
        *,
        resume: bool,
        initial: Path | None = None,
    ) -> None:
        """`initial`: a `model.keras` to go on from, instead of the ImageNet weights.

        Raises: ValueError for a fold, whose sources those weights may have heard.
        """
        if initial is not None and held_out is not None:
            raise ValueError("a fold starts from weights that heard no voices")
        import keras

        self.folder, self.schedule, self.cache, self.held_out = folder, schedule, cache, held_out
        keras.utils.set_random_seed(schedule.seed + (0 if held_out is None else held_out + 1))
        fresh = not (resume and loop.has_checkpoint(folder))
        self.model = build(self._start() if fresh else imagenet(), dropout=0.2, cosine=schedule.objective == ONE_CLASS)
        if fresh and initial is not None:
            self.model.set_weights(keras.models.load_model(initial, compile=False).get_weights())
        optimizer = keras.optimizers.AdamW(schedule.peak_rate, weight_decay=schedule.weight_decay, clipnorm=2.0)
        optimizer.build(self.model.trainable_variables)
        label = {"fold": "final" if held_out is None else held_out}
        self.fit = loop.Fit(folder, schedule, self.model, optimizer, resume=not fresh, label=label)

    def _start(self) -> Weights:
        maker = BatchMaker(self.cache, self.schedule, self.held_out)
        rng = np.random.default_rng([self.schedule.seed, 0, 0, 1])
        batches = [maker.draw(rng)[0] for _ in range(-(-320 // (2 * self.schedule.pairs)))]
        return start(rng.permutation(np.concatenate(batches)[:320]))

    def train(self, data: Path, cache: Path) -> None:
        schedule = self.schedule
        learn = self.fit.learner(lambda labels, outputs: loss_of(schedule, labels, outputs))
        batches = stream(data, cache, schedule, self.held_out, self.fit.step)
        self.fit.run(learn, batches, evaluate=None if self.held_out is None else self.evaluate)
        if self.held_out is not None:
            rows = self.left_out_rows()
            np.savez(self.folder / "left_out.npz", rows=rows, logits=self.scores(rows))

    def left_out_rows(self) -> npt.NDArray[np.int64]:
        return np.array([i for i, row in enumerate(self.cache.rows) if row.fold == self.held_out])

    def scores(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Logits of the averaged weights on unaugmented clips."""
        return self.fit.scores(rows.tolist(), lambda some: clean_features(self.cache, some))

    def evaluate(self) -> dict[str, float]:
        rows = self.left_out_rows()[::2]
        labels = np.array([int(self.cache.rows[i].is_fake) for i in rows])
        scores = self.scores(rows)
        return {"auc": round(auc(labels, scores), 4), "eer": round(eer(labels, scores), 4)}


def clean_features(cache: VoiceCache, rows: Sequence[int]) -> npt.NDArray[np.float32]:
    windows = [fill_window(cache.clips[i, : cache.lengths[i]].astype(np.float32) / np.float32(32768)) for i in rows]
    return spectrogram(np.stack(windows))


def in_its_round(schedule: Schedule, path: Path, step: int, initial: str | None = None) -> Schedule:
    """The schedule with its round's first step. A round that begins here is added to the run's recipe at `path`.

    Args:
        step: that the run stands at; with the same schedule as before it is still in the same round.
        initial: digest of the weights that the run began with, when they were not ImageNet's.
    """
    rounds = json.loads(path.read_text()) if step > 0 else []
    made = asdict(schedule) | ({"initial": initial} if initial else {})
    if not rounds or rounds[-1] != made | {"first_step": rounds[-1]["first_step"]}:
        rounds.append(made | {"first_step": step})
        path.write_text(json.dumps(rounds, indent=1))
    return replace(schedule, first_step=rounds[-1]["first_step"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="audio")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--steps", type=int, default=Schedule().steps, help="of each fold")
    parser.add_argument("--final-steps", type=int, default=Schedule().steps * 2)
    parser.add_argument("--only", choices=["folds", "final"], default=None)
    parser.add_argument("--initial", type=Path, default=None, help="model.keras that the final fit goes on from")
    parser.add_argument("--objective", choices=[Schedule().objective, ONE_CLASS], default=Schedule().objective)
    parser.add_argument("--seed", type=int, default=Schedule().seed)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    cache = open_cache(arguments.data, arguments.cache)
    wanted: list[int | None] = [*range(FOLDS), None]
    if arguments.only == "folds":
        wanted = wanted[:-1]
    elif arguments.only == "final":
        wanted = [None]
    for held_out in wanted:
        steps = arguments.final_steps if held_out is None else arguments.steps
        schedule = Schedule(steps=steps, seed=arguments.seed, objective=arguments.objective)
        folder = arguments.cache / "runs" / arguments.run / ("final" if held_out is None else f"fold{held_out}")
        initial = arguments.initial if held_out is None else None
        run = Run(folder, schedule, cache, held_out, resume=arguments.resume, initial=initial)
        if run.fit.step < schedule.steps:
            begun = sha256(initial.read_bytes()).hexdigest() if initial else None
            run.schedule = run.fit.schedule = in_its_round(schedule, folder / "recipe.json", run.fit.step, begun)
            run.train(arguments.data, arguments.cache)


if __name__ == "__main__":
    main()
