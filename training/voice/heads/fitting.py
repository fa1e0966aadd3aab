"""Heads over the voice network's levels: fitted to pages, each fold by clips of pages that it never heard.

    python -m training.voice.heads.fitting --cache DIR --run NAME [--kinds encoder]

The trunk stays as it was shipped: it was fitted to `voices` and heard none of the pages. A head reads what
`training.voice.network.levels` wrote: means and deviations of every block and of the spectrogram. The second model's
reads what `training.voice.encoder.features` wrote, and nothing under it was fitted to these labels. A head is a line,
started from ridge regression, beside a layer of rectified units; cross-entropy over single clips, and over pairs of a
copy and its original, which the copy's logit has to lie above. `RUN.npz` holds the logits of left-out clips, NaN
where a clip is of neither class, and the final head.

Limits: of `voices` the trunk heard every source, so that figures on them flatter it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.voice.encoder import Head, standardised
from training.data.voices import read_rules
from training.metrics import auc, eer
from training.voice.data.bank import VERSIONS, read_voices
from training.voice.data.pool import FOLDS, Voice, assign_folds

KINDS: Final = ("levels", "spectrum")
"""What the first model's head reads."""
_INNER: Final = ("inner", "bias", "out")
LEAST_OF_FAMILY: Final = 20
FAMILY: Final = "without/"
"""Before a family's name, in the file of a run."""

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recipe:
    """hidden: rectified units beside the line; old_share: weight of a clip of `voices` against one of the pages."""

    hidden: int = 32
    steps: int = 400
    batch: int = 256
    pairs: int = 64
    pair_weight: float = 0.0
    margin: float = 1.0
    rate: float = 4e-4
    decay: float = 0.05
    dropout: float = 0.2
    smoothing: float = 0.03
    ridge: float = 0.3
    old_share: float = 0.5


@dataclass(frozen=True, slots=True)
class Material:
    """features: of every clip, clean and distorted, (N, D) each; originals: of `training.voice.data.bank`."""

    voices: tuple[Voice, ...]
    features: tuple[Floats, Floats]
    originals: Rows

    @property
    def certain(self) -> Bools:
        """Clips that are honest or synthetic by today's rules, which may be newer than the bank, and were measured."""
        rules = read_rules()
        ruled = np.array(
            [
                voice.is_old
                or not rules.is_neither("fake" if voice.is_fake else "real", voice.system, voice.page, voice.path)
                for voice in self.voices
            ]
        )
        return np.asarray(ruled & self.features[0].any(axis=1))

    @property
    def labels(self) -> Rows:
        return np.array([int(voice.is_fake) for voice in self.voices])


def read_material(cache: Path, kinds: Sequence[str] = KINDS) -> Material:
    features = [
        np.concatenate([np.load(cache / f"{version}-{kind}.npy") for kind in kinds], axis=1).astype(np.float32)
        for version in VERSIONS
    ]
    return Material(read_voices(cache / "voices.csv"), (features[0], features[1]), np.load(cache / "originals.npy"))


def clip_weights(voices: Sequence[Voice], old_share: float) -> npt.NDArray[np.float64]:
    """Classes weigh alike, pages and `voices` by their share; systems and honest pages as the root of their size."""
    weights = np.zeros(len(voices))
    for is_fake in (False, True):
        for is_old in (False, True):
            own = np.array([voice.is_fake is is_fake and voice.is_old is is_old for voice in voices])
            if not own.any():
                continue
            keys = [
                f"{voice.page}/{voice.system}" if is_fake else voice.page
                for voice, mine in zip(voices, own, strict=True)
                if mine
            ]
            _, place, sizes = np.unique(keys, return_inverse=True, return_counts=True)
            share = sizes[place] ** -0.5
            weights[own] = share / share.sum() * (old_share if is_old else 1.0)
    return np.asarray(weights / weights.sum())


def fit_head(material: Material, heard: Bools, recipe: Recipe, seeds: Sequence[int]) -> Head:
    """The mean of one head a seed, each fitted to the clips that it may hear."""
    heard = heard & material.certain
    rows = np.flatnonzero(heard)
    both = np.concatenate([each[rows] for each in material.features])
    mean, scale = both.mean(axis=0), both.std(axis=0) + np.float32(1e-6)
    del both
    planes = [standardised(each, mean, scale) for each in material.features]
    labels = material.labels.astype(np.float32)
    draws = draws_of(material, heard, recipe.old_share)
    line, offset = _ridge([plane[rows] for plane in planes], labels[rows], draws.odds, recipe.ridge)
    fitted = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 7])
        parameters = {
            "line": line.astype(np.float32),
            "offset": np.array([offset], np.float32),
            "inner": (rng.standard_normal((recipe.hidden, len(line))) / np.sqrt(len(line))).astype(np.float32),
            "bias": np.zeros(recipe.hidden, np.float32),
            "out": (rng.standard_normal(recipe.hidden) * 0.05).astype(np.float32),
        }
        _train(parameters, planes, labels, draws, recipe, rng)
        head = Head(
            mean, scale, parameters["line"], float(parameters["offset"][0]), *(parameters[name] for name in _INNER)
        )
        fitted.append(head)
    return mean_of(fitted)


@dataclass(frozen=True, slots=True)
class Draws:
    """Clips that a fit may hear, with their odds; copies of an original among them, with theirs."""

    rows: Rows
    odds: npt.NDArray[np.float64]
    copies: Rows
    copy_odds: npt.NDArray[np.float64]
    originals: Rows


def draws_of(material: Material, heard: Bools, old_share: float) -> Draws:
    """heard: which clips, all of them certain. Pages weigh by the root of how many copies they have."""
    rows, labels = np.flatnonzero(heard), material.labels
    copies = np.array(
        [
            row
            for row in rows
            if labels[row] and not material.voices[row].is_old and heard[material.originals[row]]
            if material.originals[row] >= 0
        ],
        np.int64,
    )
    _, place, sizes = np.unique([material.voices[row].page for row in copies], return_inverse=True, return_counts=True)
    copy_odds = sizes[place] ** -0.5
    odds = clip_weights([material.voices[int(row)] for row in rows], old_share)
    return Draws(rows, odds, copies, np.asarray(copy_odds / copy_odds.sum(), np.float64), material.originals)


def _train(
    parameters: dict[str, Floats],
    planes: Sequence[Floats],
    labels: Floats,
    draws: Draws,
    recipe: Recipe,
    rng: np.random.Generator,
) -> None:
    """Change the parameters in place. Every step draws its clips, and half of them distorted."""
    learner, singles, pairs = _Adam(parameters), recipe.batch, recipe.pairs if recipe.pair_weight else 0
    size = planes[0].shape[1]
    for step in range(recipe.steps):
        drawn = rng.choice(draws.rows, singles, p=draws.odds)
        paired = rng.choice(draws.copies, pairs, p=draws.copy_odds) if pairs else draws.copies[:0]
        chosen = np.concatenate([drawn, paired, draws.originals[paired]])
        distorted = np.concatenate([rng.random(singles) < 0.5, np.tile(rng.random(pairs) < 0.5, 2)])
        x = np.where(distorted[:, None], planes[1][chosen], planes[0][chosen])
        x *= rng.random((1, size)) >= recipe.dropout
        raw = x @ parameters["inner"].T + parameters["bias"]
        hidden = np.maximum(raw, 0)
        logits = x @ parameters["line"] + hidden @ parameters["out"] + parameters["offset"]
        slope = np.zeros(len(logits), np.float32)
        targets = labels[drawn] * (1 - 2 * recipe.smoothing) + recipe.smoothing
        slope[:singles] = (_sigmoid(logits[:singles]) - targets) / singles
        if pairs:
            above = logits[singles : singles + pairs] - logits[singles + pairs :]
            push = recipe.pair_weight * _sigmoid(recipe.margin - above) / pairs
            slope[singles : singles + pairs], slope[singles + pairs :] = -push, push
        back = slope[:, None] * parameters["out"] * (raw > 0)
        gradients = {
            "line": slope @ x + recipe.decay * parameters["line"],
            "offset": np.array([slope.sum()], np.float32),
            "inner": back.T @ x + recipe.decay * parameters["inner"] / recipe.hidden,
            "bias": back.sum(axis=0),
            "out": slope @ hidden,
        }
        learner.learn(gradients, recipe.rate * (0.02 + 0.98 * (1 + np.cos(np.pi * step / recipe.steps)) / 2))


def mean_of(heads: Sequence[Head]) -> Head:
    """One head whose logit is the mean of the given ones', all fitted to the same clips."""
    return Head(
        mean=heads[0].mean,
        scale=heads[0].scale,
        line=np.mean([head.line for head in heads], axis=0),
        offset=float(np.mean([head.offset for head in heads])),
        inner=np.concatenate([head.inner for head in heads]),
        bias=np.concatenate([head.bias for head in heads]),
        out=np.concatenate([head.out / np.float32(len(heads)) for head in heads]).astype(np.float32),
    )


def _ridge(
    planes: Sequence[Floats], labels: Floats, weights: npt.NDArray[np.float64], penalty: float
) -> tuple[npt.NDArray[np.float64], float]:
    """Weighted regression on +-1, scaled to logits."""
    targets = 2 * labels - 1
    share = (weights / len(planes)).astype(np.float32)
    size = planes[0].shape[1]
    gram, moment, mean, level = np.zeros((size, size)), np.zeros(size), np.zeros(size), 0.0
    for plane in planes:
        weighted = plane * share[:, None]
        gram += weighted.T @ plane
        moment += weighted.T @ targets
        mean += weighted.sum(axis=0)
        level += float(share @ targets)
    gram -= np.outer(mean, mean)
    moment -= mean * level
    line = np.linalg.solve(gram + penalty * np.eye(size), moment)
    return np.asarray(line * _TO_LOGITS), float(level - mean @ line) * _TO_LOGITS


_TO_LOGITS: Final = 3.0


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), np.float32)


class _Adam:
    def __init__(self, parameters: dict[str, Floats]) -> None:
        self._parameters, self._step = parameters, 0
        self._first = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._second = {name: np.zeros_like(value) for name, value in parameters.items()}

    def learn(self, gradients: dict[str, Floats], rate: float) -> None:
        self._step += 1
        for name, gradient in gradients.items():
            self._first[name] = 0.9 * self._first[name] + 0.1 * gradient
            self._second[name] = 0.99 * self._second[name] + 0.01 * gradient**2
            first = self._first[name] / (1 - 0.9**self._step)
            second = self._second[name] / (1 - 0.99**self._step)
            self._parameters[name] -= np.float32(rate) * first / (np.sqrt(second) + np.float32(1e-8))


def figures(labels: Rows, logits: Floats) -> str:
    return f"AUC {auc(labels, logits):.3f} EER {eer(labels, logits):.3f}"


def left_out_logits(material: Material, recipe: Recipe, seeds: Sequence[int], folds: Sequence[int]) -> Floats:
    """(2, N): logits of clean and distorted clips by heads that heard neither their page nor their source."""
    fold_of = assign_folds(material.voices)
    labels = material.labels
    old = np.array([voice.is_old for voice in material.voices])
    found = np.full((2, len(labels)), np.nan, np.float32)
    for fold in folds:
        started = time.monotonic()
        heard = fold_of != fold
        head = fit_head(material, heard, recipe, seeds)
        for version in (0, 1):
            asked = ~heard & material.certain
            found[version, asked] = head.logits(material.features[version][asked])
        own = asked & ~old
        said = ", ".join(f"{VERSIONS[number]} {figures(labels[own], found[number, own])}" for number in (0, 1))
        print(f"fold {fold}: {said}, {time.monotonic() - started:.0f} s", flush=True)
    return found


def family_logits(material: Material, recipe: Recipe, seeds: Sequence[int]) -> dict[str, Floats]:
    """By family of vocoders, logits (N,) of its clips and of a fold's honest ones by a head that heard neither.

    Everything else is NaN.
    """
    fold_of, labels = assign_folds(material.voices), material.labels
    old = np.array([voice.is_old for voice in material.voices])
    found = {}
    for number, family in enumerate(sorted({voice.family for voice in material.voices if voice.family})):
        own = np.array([voice.family == family for voice in material.voices])
        if (own & ~old).sum() < LEAST_OF_FAMILY:
            continue
        spared = fold_of == number % FOLDS
        head = fit_head(material, ~own & ~spared, recipe, seeds)
        asked = ~old & material.certain & (own | (spared & (labels == 0)))
        logits = np.full(len(labels), np.nan, np.float32)
        logits[asked] = head.logits(material.features[0][asked])
        found[family] = logits
        print(f"without {family}: {figures(labels[asked], logits[asked])}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[5, 6, 7])
    parser.add_argument("--folds", type=int, nargs="+", default=list(range(FOLDS)))
    parser.add_argument("--hidden", type=int, default=Recipe().hidden)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--pair-weight", type=float, default=Recipe().pair_weight)
    parser.add_argument("--decay", type=float, default=Recipe().decay)
    parser.add_argument("--final", action="store_true", help="also leave families out, and fit a head to everything")
    arguments = parser.parse_args()
    material = read_material(arguments.cache, arguments.kinds)
    recipe = Recipe(
        hidden=arguments.hidden, steps=arguments.steps, pair_weight=arguments.pair_weight, decay=arguments.decay
    )
    logits = left_out_logits(material, recipe, arguments.seeds, arguments.folds)
    scored = np.isfinite(logits[0]) & ~np.array([voice.is_old for voice in material.voices])
    for version in (0, 1):
        print(VERSIONS[version], figures(material.labels[scored], logits[version, scored]))
    saved: dict[str, npt.NDArray[np.generic]] = {"logits": logits}
    if arguments.final:
        families = family_logits(material, recipe, arguments.seeds)
        saved |= {FAMILY + family: own for family, own in families.items()}
        everything = np.ones(len(material.voices), bool)
        head = fit_head(material, everything, recipe, arguments.seeds)
        saved |= {name: np.asarray(value) for name, value in asdict(head).items()}
        made = asdict(recipe) | {"seeds": arguments.seeds, "kinds": list(arguments.kinds)}
        (arguments.cache / f"{arguments.run}.json").write_text(json.dumps(made))
    np.savez(arguments.cache / f"{arguments.run}.npz", **saved)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
