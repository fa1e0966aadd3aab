"""What heads say of both halves of clips of six seconds: how much surer a score is that rests on two windows.

    python -m training.voice.heads.longer --data ../shared/data --pool DIR --cache DIR --run NAME

Clips are drawn from those of the pool that are that long. Each is scored by a head that heard nothing of its page,
fitted by the recipe of `NAME.json`. `last.npz` keeps what the network's levels say of the last three seconds, and
`last-encoder.npy`, of the same clips, what `training.voice.encoder.features --last` made of them;
`NAME-longer.npz` holds the clips' rows in the bank and their logits (2, N), first three seconds and last. Resumes by
fold.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from detectors.voice.detector import WEIGHTS
from detectors.voice.features import WINDOW_SAMPLES, spectrogram
from training.voice.data.bank import read_clip
from training.voice.data.pool import FOLDS, assign_folds, list_voices
from training.voice.encoder.features import KIND
from training.voice.heads.fitting import KINDS, Floats, Material, Recipe, figures, fit_head, read_material
from training.voice.network.levels import spectrum_statistics, with_levels

MOST_FAKE: Final = 650
MOST_HONEST: Final = 450
LEAST_SAMPLES: Final = 94_000
"""Two windows that share an eighth of a second at most."""
_BATCH: Final = 32


def choose_long(material: Material, paths: list[Path | None]) -> npt.NDArray[np.int64]:
    """Rows of clips of the pool that hold two windows, at most so many of each class."""
    long = np.array(
        [
            row
            for row, path in enumerate(paths)
            if path is not None and material.voices[row].origin == "pool" and material.certain[row]
            if soundfile.info(str(path)).frames >= LEAST_SAMPLES
        ]
    )
    rng = np.random.default_rng(1)
    kinds = [long[material.labels[long] == label] for label in (1, 0)]
    for kind in kinds:
        rng.shuffle(kind)
    return np.sort(np.concatenate([kinds[0][:MOST_FAKE], kinds[1][:MOST_HONEST]]))


def measure_last(paths: list[Path], trunk: Path) -> Floats:
    """(N, D): levels and statistics of the spectrogram over the last three seconds, as the bank has of the first."""
    import keras
    import tensorflow as tf

    model = with_levels(keras.models.load_model(trunk, compile=False))
    run = tf.function(lambda planes: model(planes, training=False)[0])
    found = []
    for first in range(0, len(paths), _BATCH):
        ends = [read_clip(path)[-WINDOW_SAMPLES:] for path in paths[first : first + _BATCH]]
        planes = spectrogram(np.stack(ends)).astype(np.float16).astype(np.float32)
        found.append(np.concatenate([run(tf.constant(planes)).numpy(), spectrum_statistics(planes[..., 0])], axis=1))
    return np.concatenate(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--trunk", type=Path, default=WEIGHTS / "model.keras")
    arguments = parser.parse_args()
    cache: Path = arguments.cache
    stored = json.loads((cache / f"{arguments.run}.json").read_text())
    kinds = stored.get("kinds", KINDS)
    material = read_material(cache, kinds)
    if not (cache / "last.npz").exists():
        places = {voice: path for path, voice in list_voices(arguments.data, arguments.pool)}
        paths = [places.get(voice) for voice in material.voices]
        rows = choose_long(material, paths)
        kept = [path for row in rows if (path := paths[int(row)]) is not None]
        np.savez(cache / "last.npz", rows=rows, x=measure_last(kept, arguments.trunk))
    with np.load(cache / "last.npz") as saved:
        rows, last = saved["rows"], saved["x"]
    if kinds == [KIND]:
        last = np.load(cache / f"last-{KIND}.npy")
    recipe = Recipe(**{field.name: stored[field.name] for field in fields(Recipe)})
    target = cache / f"{arguments.run}-longer.npz"
    logits = np.full((2, len(rows)), np.nan, np.float32)
    if target.exists():
        with np.load(target) as saved:
            logits = saved["logits"]
    fold_of, labels = assign_folds(material.voices), material.labels[rows]
    for fold in range(FOLDS):
        own = fold_of[rows] == fold
        if np.isfinite(logits[0, own]).all():
            continue
        head = fit_head(material, fold_of != fold, recipe, stored["seeds"])
        logits[:, own] = head.logits(material.features[0][rows[own]]), head.logits(last[own])
        np.savez(target, rows=rows, logits=logits)
        print(f"fold {fold}: first {figures(labels[own], logits[0, own])}, both", end=" ", flush=True)
        print(figures(labels[own], logits[:, own].mean(axis=0)), flush=True)
    print("first", figures(labels, logits[0]), "both", figures(labels, logits.mean(axis=0)))


if __name__ == "__main__":
    main()
