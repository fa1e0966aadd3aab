"""Train the later stages of the voice network on copies of one utterance beside their original.

    python -m training.voice.network.pairs --cache DIR --run NAME --fit fold0 --initial TRUNK.keras

Starts from a trunk (`training.voice.network.backbone`) that heard none of the pages and goes on from the third stage's
output, which `training.voice.network.levels` has written: the first three stages stay as they are. Fits are `fold0` to
`fold4`, each without one fold of whole pages; a family by name, without every page's clips of that family; and `final`.
Resumes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from training import loop
from training.metrics import auc, eer
from training.voice.data.bank import read_voices
from training.voice.data.pool import FOLDS, Voice, assign_folds
from training.voice.network.levels import MIDDLE

if TYPE_CHECKING:
    import keras

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Batch = tuple[Floats, Floats]

FINAL: Final = "final"


@dataclass(frozen=True, slots=True)
class Schedule(loop.Schedule):
    """How long, how fast, and what a batch holds."""

    steps: int = 500
    peak_rate: float = 4e-4
    warmup: int = 30
    weight_decay: float = 1e-3
    ema: float = 0.99
    smoothing: float = 0.03
    dropout: float = 0.3
    pair_weight: float = 0.5
    margin: float = 1.0
    """By how much a copy's logit should lie above its original's."""
    groups: int = 8
    copies: int = 3
    """Groups of a batch: an original and copies of it by this many systems, all clean or all distorted."""
    old_real: int = 10
    old_fake: int = 10
    pages_fake: int = 14
    pages_real: int = 22
    seed: int = 5

    @property
    def size(self) -> int:
        singles = self.old_real + self.old_fake + self.pages_fake + self.pages_real
        return self.groups * (1 + self.copies) + singles


class PairBatches:
    """Rows of a batch: groups of an original and its copies first, then single clips of both classes.

    A row is a clip's index, plus the number of clips where its distorted version is meant.
    """

    def __init__(
        self, voices: tuple[Voice, ...], originals: npt.NDArray[np.int64], left_out: Bools, schedule: Schedule
    ) -> None:
        self._count, self._schedule = len(voices), schedule
        self._systems = [voice.system for voice in voices]
        groups: dict[str, dict[int, list[int]]] = {}
        singles: dict[tuple[bool, bool], dict[str, list[int]]] = {}
        for index, voice in enumerate(voices):
            if left_out[index]:
                continue
            key = f"{voice.page}/{voice.system}"
            singles.setdefault((voice.is_old, voice.is_fake), {}).setdefault(key, []).append(index)
            original = int(originals[index])
            if voice.is_fake and not voice.is_old and original >= 0 and not left_out[original]:
                groups.setdefault(voice.page, {}).setdefault(original, []).append(index)
        self._groups = {page: list(found.items()) for page, found in sorted(groups.items())}
        self._pages = list(self._groups)
        self._page_odds = _tempered([len(self._groups[page]) for page in self._pages], 0.5)
        self._singles = {
            kind: (list(found.values()), _tempered([len(members) for members in found.values()], 0.4))
            for kind, found in singles.items()
        }

    def draw(self, rng: np.random.Generator) -> tuple[npt.NDArray[np.int64], Floats]:
        """Rows (size,) and labels (size, 1)."""
        schedule = self._schedule
        rows: list[int] = []
        labels: list[int] = []
        for place in rng.choice(len(self._pages), schedule.groups, p=self._page_odds):
            found = self._groups[self._pages[int(place)]]
            original, copies = found[int(rng.integers(len(found)))]
            shift = self._count * int(rng.random() < 0.5)
            order = [copies[int(number)] for number in rng.permutation(len(copies))]
            distinct = list({self._systems[index]: index for index in order}.values())
            taken = (distinct + order * schedule.copies)[: schedule.copies]
            rows += [original + shift, *(index + shift for index in taken)]
            labels += [0] + [1] * schedule.copies
        for kind, count in (
            ((True, False), schedule.old_real),
            ((True, True), schedule.old_fake),
            ((False, True), schedule.pages_fake),
            ((False, False), schedule.pages_real),
        ):
            members, odds = self._singles[kind]
            for place in rng.choice(len(members), count, p=odds):
                own = members[int(place)]
                rows.append(own[int(rng.integers(len(own)))] + self._count * int(rng.random() < 0.5))
                labels.append(int(kind[1]))
        return np.array(rows), np.array(labels, np.float32)[:, None]


def _tempered(sizes: list[int], power: float) -> npt.NDArray[np.float64]:
    odds = np.array([size**power for size in sizes])
    return np.asarray(odds / odds.sum())


def later_stages(network: keras.Model, dropout: float) -> keras.Model:
    """From the third stage's output to the logit, sharing the network's layers."""
    import keras
    from keras import layers

    middle = network.get_layer(MIDDLE).output
    pooled = layers.Dropout(dropout, name="dropout")(network.get_layer("pool").output)
    return keras.Model(middle, network.get_layer("head")(pooled))


def batch_loss(schedule: Schedule, labels: Any, logits: Any) -> Any:
    """Cross-entropy of every window, and of every copy against its original: the copy's logit lies above."""
    import tensorflow as tf

    targets = labels * (1 - 2 * schedule.smoothing) + schedule.smoothing
    classes = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits))
    paired = schedule.groups * (1 + schedule.copies)
    groups = tf.reshape(logits[:paired, 0], (schedule.groups, 1 + schedule.copies))
    pairs = tf.reduce_mean(tf.nn.softplus(schedule.margin - (groups[:, 1:] - groups[:, :1])))
    return classes + schedule.pair_weight * pairs


class Run:
    """One fit, resumable."""

    def __init__(self, cache: Path, folder: Path, schedule: Schedule, left_out: Bools, initial: Path) -> None:
        import keras

        keras.utils.set_random_seed(schedule.seed)
        self.folder, self.schedule, self.left_out = folder, schedule, left_out
        self.voices = read_voices(cache / "voices.csv")
        self.middle = [np.load(cache / f"{name}-middle.npy", mmap_mode="r") for name in ("clean", "distorted")]
        self.pairs = PairBatches(self.voices, np.load(cache / "originals.npy"), left_out, schedule)
        self.network = keras.models.load_model(initial, compile=False)
        self.model = later_stages(self.network, schedule.dropout)
        optimizer = keras.optimizers.AdamW(schedule.peak_rate, weight_decay=schedule.weight_decay, clipnorm=2.0)
        optimizer.build(self.model.trainable_variables)
        resume, label = loop.has_checkpoint(folder), {"fit": folder.name}
        self.fit = loop.Fit(folder, schedule, self.model, optimizer, resume=resume, label=label)

    def features(self, rows: Sequence[int]) -> Floats:
        listed = len(self.voices)
        return np.stack([self.middle[row // listed][row % listed] for row in rows]).astype(np.float32)

    def batches(self) -> Generator[Batch, None, None]:
        """From the run's step on."""
        for step in itertools.count(self.fit.step):
            rows, labels = self.pairs.draw(np.random.default_rng([self.schedule.seed, step]))
            yield self.features(rows.tolist()), labels

    def train(self) -> None:
        learn = self.fit.learner(lambda labels, logits: batch_loss(self.schedule, labels, logits))
        self.fit.run(learn, self.batches(), evaluate=self.evaluate if self.left_out.any() else None)
        self.finish()

    def finish(self) -> None:
        """Write what the averaged weights say of every clip, and the whole network with them."""
        rows = np.arange(2 * len(self.voices))
        if self.left_out.any():
            rows = np.flatnonzero(np.tile(self.left_out, 2))
        logits = self.scores(rows)
        np.savez(self.folder / "logits.npz", rows=rows, logits=logits)
        if self.left_out.any():
            own = rows < len(self.voices)
            self.fit.log({"step": self.fit.step, "left_out": self.figures(rows[own], logits[own])})
        self.model.set_weights(self.fit.average)
        self.network.save(self.folder / "model.keras")

    def scores(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Logits of the averaged weights."""
        return self.fit.scores(rows.tolist(), self.features)

    def evaluate(self) -> dict[str, float]:
        """Of every fourth left-out clip."""
        rows = np.flatnonzero(self.left_out)[::4]
        return self.figures(rows, self.scores(rows))

    def figures(self, rows: npt.NDArray[np.int64], logits: Floats) -> dict[str, float]:
        """AUC and EER of left-out clips as they are."""
        labels = np.array([int(self.voices[int(row)].is_fake) for row in rows])
        return {"auc": round(auc(labels, logits), 4), "eer": round(eer(labels, logits), 4)}


def spared(voices: tuple[Voice, ...], fit: str) -> Bools:
    """Which clips a fit may not hear: a fold of pages, or a family of vocoders wherever it is found.

    The clips of `voices` are heard by every fit: the weights that it goes on from know them.
    """
    old = np.array([voice.is_old for voice in voices])
    if fit == FINAL:
        return np.zeros(len(voices), bool)
    if fit.startswith("fold"):
        return np.asarray((assign_folds(voices) == int(fit.removeprefix("fold"))) & ~old)
    found = np.array([voice.family == fit for voice in voices]) & ~old
    if not found.any():
        raise ValueError(f"no family {fit}")
    return np.asarray(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--fit", required=True, help=f"fold0 to fold{FOLDS - 1}, a family, or {FINAL}")
    parser.add_argument("--initial", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=Schedule().steps)
    parser.add_argument("--seed", type=int, default=Schedule().seed)
    parser.add_argument("--rate", type=float, default=Schedule().peak_rate)
    parser.add_argument("--pair-weight", type=float, default=Schedule().pair_weight)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    schedule = Schedule(
        steps=arguments.steps, seed=arguments.seed, peak_rate=arguments.rate, pair_weight=arguments.pair_weight
    )
    folder = arguments.cache / "runs" / arguments.run / arguments.fit
    left_out = spared(read_voices(arguments.cache / "voices.csv"), arguments.fit)
    run = Run(arguments.cache, folder, schedule, left_out, arguments.initial)
    begun = sha256(arguments.initial.read_bytes()).hexdigest()
    (folder / "recipe.json").write_text(json.dumps([asdict(schedule) | {"initial": begun}], indent=1))
    run.train()


if __name__ == "__main__":
    main()
