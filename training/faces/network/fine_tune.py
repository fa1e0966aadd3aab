"""Train the network further on all built sources, from exported weights.

    python -m training.faces.network.fine_tune --data DIR --shared ../shared/data --cache DIR --run NAME

`--spared` names datasets that are left out whole; they are scored as the run goes on. Of every source a part of the
groups is held out, and of the sources that the network knew before, the groups that were held out then.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Generator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from detectors.faces.runtime import WEIGHTS
from training.data.faces import read_crop, read_faces
from training.data.manifest import FaceRow
from training.faces.data.batches import Batch, Recipe
from training.faces.data.dataset import FaceCache
from training.faces.data.folds import SPARED
from training.faces.data.held_out import held_out_origins, spared_groups
from training.faces.data.pairs import context_to_network, stream
from training.faces.network.train import Run, Schedule
from training.metrics import auc

LOOKED_AT: int = 90
"""Faces of a class of a source that are scored while training."""


class FineTuning(Run):
    """A run over the built faces; `Run` does the learning and the checkpoints."""

    def __init__(self, folder: Path, schedule: Schedule, data: Path, shared: Path, spared: frozenset[str]) -> None:
        empty = FaceCache((), np.empty(0, np.uint8), np.empty(0, np.float32), np.empty(0, bool))
        super().__init__(folder, schedule, empty, resume=True, initial=WEIGHTS / "model.keras")
        self._data, self._spared = data, spared
        self._held_out = held_out_origins(shared) | spared_groups(read_faces(data)[0])

    def _batches(self, data: Path, cache: Path, recipe: Recipe) -> Generator[Batch, None, None]:  # noqa: ARG002
        return stream(
            self._data, self._spared, self._held_out, pairs=self.schedule.pairs,
            size_px=self.schedule.size_px(self.fit.step), seed=self.schedule.seed, first_step=self.fit.step,
        )  # fmt: skip

    def evaluate(self, size_px: int = 192, *, averaged: bool = True) -> dict[str, float]:
        """AUC over the faces as filed: of every spared source, and of the groups held out of the older ones."""
        rows, _ = read_faces(self._data)

        def inputs(chosen: Sequence[int]) -> npt.NDArray[np.float32]:
            crops = [context_to_network(read_crop(self._data, rows[i]), size_px) for i in chosen]
            return np.stack(crops).astype(np.float32)

        result = {}
        for name, chosen in choose_looked_at(rows, self._spared, self._held_out).items():
            labels = np.array([int(rows[i].is_fake) for i in chosen])
            result[name] = round(auc(labels, self.fit.scores(chosen, inputs, averaged=averaged)), 4)
        return result


def choose_looked_at(
    rows: tuple[FaceRow, ...], spared: frozenset[str], held_out: frozenset[str]
) -> dict[str, list[int]]:
    """The same bounded sample every time. Sources of one class are looked at together."""
    classes: dict[tuple[str, bool], list[int]] = {}
    for index, row in enumerate(rows):
        if row.dataset in spared or row.origin in held_out:
            classes.setdefault((row.dataset, row.is_fake), []).append(index)
    for members in classes.values():
        members[:] = sorted(np.random.default_rng(0).permutation(members)[:LOOKED_AT].tolist())
    both = [name for name, fake in classes if fake and (name, False) in classes]
    chosen = {name: classes[name, False] + classes[name, True] for name in both}
    single = [members for (name, _), members in classes.items() if name not in both]
    labels = {rows[members[0]].is_fake for members in single}
    if len(labels) == 2:
        chosen["sources of one class"] = [index for members in single for index in members]
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data built")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", required=True)
    parser.add_argument("--spared", nargs="*", default=sorted(SPARED))
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--peak-rate", type=float, default=1.6e-4)
    parser.add_argument("--evaluate-every", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    import tensorflow as tf

    cv2.setNumThreads(1)
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    schedule = Schedule(
        steps=arguments.steps, seed=arguments.seed, peak_rate=arguments.peak_rate, warmup=40, ema=0.995,
        sizes=((0.0, 192),),
    )  # fmt: skip
    run = FineTuning(
        arguments.cache / "runs" / arguments.run, schedule, arguments.data, arguments.shared,
        frozenset(arguments.spared),
    )  # fmt: skip
    about: dict[str, Any] = {"schedule": asdict(schedule), "spared": arguments.spared}
    (run.folder / "recipe.json").write_text(json.dumps(about, indent=1))
    run.train(arguments.data, arguments.cache, Recipe(), arguments.evaluate_every)


if __name__ == "__main__":
    main()
