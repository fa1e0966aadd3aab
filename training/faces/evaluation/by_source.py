"""Evaluation of both witnesses with whole sources left out, and the fit of the second witness's head.

    python -m training.faces.evaluation.by_source --data DIR --tokens DIR [DIR ...] --shared ../shared/data --cache DIR

Writes `docs/evaluation/faces-by-source.md`; with `--ship` also the head, its calibration and the fusion that serve.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.calibration import Calibration, WitnessFusion
from detectors.faces.runtime import WEIGHTS as NETWORK_WEIGHTS
from detectors.faces.tokens import ENCODER_SHA256, WEIGHTS
from training.calibration import Scores, calibrate, write
from training.data.faces import CONTEXT_MARGIN, read_faces
from training.data.manifest import FaceRow
from training.faces.data.folds import FOLDS
from training.faces.data.held_out import trained_origins
from training.faces.evaluation.films import Film, compare_poolings
from training.faces.evaluation.shortcuts import ShortcutRow, measure_shortcuts
from training.faces.evaluation.source_pages import LEAST_FILES, AblationRow, FoldRow, Meaning, Outcomes, page
from training.faces.evaluation.token_card import card
from training.faces.tokens.features import AS_FILED, SHORTCUTS, Kind, TokenTable, read_tokens
from training.faces.tokens.heads import (
    Basis,
    HeadRecipe,
    SourceMoments,
    fit_logistic,
    in_first_half,
)
from training.metrics import auc, ece
from training.reporting import digest

RECIPE: Final = HeadRecipe()
FALSE_ALARM_RATE: Final = 0.02
MISS_RATE: Final = 0.08
"""Of files of left-out sources, when limits are chosen; the source at hand is never among them."""

STRENGTH: Final = 2.5
"""Of the tokens beside the network in the fusion."""
LARGE_FACE_PX: Final = 120
LIMIT_FILES: Final = 150
"""Files of a class of a source that limits are chosen by: a large source has no more say than a small one."""

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Files:
    """Faces of one file pooled by their mean. logits: (N, 2) of the network and of the tokens. folds: (N,) numbers."""

    labels: npt.NDArray[np.int64]
    logits: Floats
    folds: npt.NDArray[np.int64]
    groups: tuple[str, ...]
    sources: tuple[str, ...]

    def scores(self, chosen: Bools, logits: Floats) -> Scores:
        kept = np.flatnonzero(chosen)
        return Scores(
            self.labels[kept],
            logits[kept],
            tuple(self.sources[index] for index in kept),
            tuple(self.groups[index] for index in kept),
        )


class Prepared(NamedTuple):
    """Samples in the directions that heads see, (N, D), and their moments."""

    basis: Basis
    kept: Floats
    moments: SourceMoments


class Evaluation:
    """Token logits of every sample by a head that its source had no part in.

    Args:
        rows: the manifest. table: features. trained: origins that the shipped network was trained on; never scored,
            no more than samples that other weights have scored.
    """

    def __init__(self, rows: tuple[FaceRow, ...], table: TokenTable, trained: frozenset[str]) -> None:
        self.rows, self.table = rows, table
        self._prepared: dict[tuple[int, int, float], Prepared] = {}
        self.names = np.array([rows[index].dataset for index in table.rows])
        self.fold = np.full(len(self.names), -1)
        for number, fold in enumerate(FOLDS):
            self.fold[np.isin(self.names, list(fold.datasets))] = number
        known = np.array([rows[index].origin in trained for index in table.rows])
        unscored = np.isin(self.names, [name for fold in FOLDS for name in fold.unscored])
        as_shipped = table.networks == digest(NETWORK_WEIGHTS / "model.tflite")
        self.scored = (table.kinds == Kind.FILED.value) & (table.draws <= 0) & ~known & ~unscored & as_shipped

    def left_out_logits(self, recipe: HeadRecipe) -> Floats:
        """(N,) by heads that its source had no part in, NaN where a sample is not scored."""
        prepared = self._prepare(recipe)
        logits = np.full(len(self.names), np.nan, np.float32)
        for number, fold in enumerate(FOLDS):
            head = prepared.moments.fit(fold.datasets, recipe)
            tested = self.scored & (self.fold == number)
            logits[tested] = head.logits(prepared.kept[tested])
            print(f"{fold.name}: {auc(self.labels(tested), logits[tested]):.3f}", flush=True)
        return logits

    def final_heads(self, recipe: HeadRecipe) -> dict[str, Floats]:
        """Of every source, by the names and in the shapes of `detectors.faces.tokens.Head`."""
        prepared = self._prepare(recipe)
        fitted = prepared.moments.fit(frozenset(), recipe)
        found = {}
        for weights, biases in (("weights", "biases"), ("gates", "gate_biases")):
            slopes, offsets = getattr(fitted, weights), getattr(fitted, biases)
            of_means = [
                prepared.basis.of_means(own, float(offset))
                for own, offset in zip(slopes.reshape(-1, slopes.shape[-1]), offsets.ravel(), strict=True)
            ]
            rows = np.stack([each for each, _ in of_means])
            found[weights] = rows.reshape(*offsets.shape, *rows.shape[1:])
            found[biases] = np.array([bias for _, bias in of_means], np.float32).reshape(offsets.shape)
        return found

    def other_group_logits(self, recipe: HeadRecipe) -> Floats:
        """(N,) by heads that saw the same sources and not the sample's group, NaN where a sample is not scored."""
        prepared = self._prepare(recipe)
        first = np.array([in_first_half(self.rows[index]) for index in self.table.rows])
        logits = np.full(len(self.names), np.nan, np.float32)
        for part in (False, True):
            tested = self.scored & (first == part)
            heads = prepared.moments.fit(frozenset(), recipe, halves=(not part,))
            logits[tested] = heads.logits(prepared.kept[tested])
        return logits

    def _prepare(self, recipe: HeadRecipe) -> Prepared:
        asked = (recipe.directions, recipe.local_directions, recipe.local_share)
        if asked not in self._prepared:
            basis = Basis(self.table.means, recipe)
            kept = basis.keep(self.table.means)
            moments = SourceMoments(self.rows, self.table, kept, [fold.datasets for fold in FOLDS])
            self._prepared = {asked: Prepared(basis, kept, moments)}
        return self._prepared[asked]

    def films(self, chosen: Bools, tokens: Floats) -> list[Film]:
        """Faces of every film or picture, not pooled."""
        units = np.array([self.table.logits[chosen].std(), tokens[chosen].std()], np.float32)
        members: dict[tuple[str, str, bool], list[int]] = {}
        for index in np.flatnonzero(chosen):
            row = self.rows[self.table.rows[index]]
            members.setdefault((row.dataset, row.video, row.is_fake), []).append(int(index))
        both = np.asarray(np.stack([self.table.logits, tokens], axis=1) / units, np.float32)
        sharp = np.asarray(self.table.shortcuts[:, SHORTCUTS.index("sharpness")], np.float32)
        return [
            Film(is_fake, int(self.fold[indices[0]]), both[indices], sharp[indices])
            for (_, _, is_fake), indices in members.items()
        ]

    def known_files(self, tokens: Floats) -> Files:
        """All that is scored, through the chain and as filed: what the limits are chosen by."""
        return self.pool_files(self.scored & np.isfinite(tokens), tokens)

    def labels(self, chosen: Bools) -> npt.NDArray[np.int64]:
        return self.table.forged[chosen].astype(np.int64)

    def pool_files(self, chosen: Bools, tokens: Floats) -> Files:
        """One entry a film or picture, and one more where faces as filed are among the chosen beside chained ones."""
        members: dict[tuple[str, str, bool, bool], list[int]] = {}
        for index in np.flatnonzero(chosen):
            row = self.rows[self.table.rows[index]]
            is_filed = bool(self.table.draws[index] == AS_FILED)
            members.setdefault((row.dataset, row.video, row.is_fake, is_filed), []).append(int(index))
        both = np.stack([self.table.logits, tokens], axis=1)
        groups = [self.rows[self.table.rows[indices[0]]].group for indices in members.values()]
        return Files(
            labels=np.array([int(key[2]) for key in members]),
            logits=np.stack([both[indices].mean(axis=0) for indices in members.values()]).astype(np.float32),
            folds=np.array([self.fold[indices[0]] for indices in members.values()]),
            groups=tuple(groups),
            sources=tuple(key[0] for key in members),
        )


def fold_weights(labels: npt.NDArray[np.int64], folds: npt.NDArray[np.int64], chosen: Bools) -> Floats:
    """Both classes of every fold weigh alike."""
    weights = np.zeros(len(labels), np.float64)
    for number in np.unique(folds[chosen]):
        for label in (0, 1):
            part = chosen & (folds == number) & (labels == label)
            if part.any():
                weights[part] = 1 / part.sum()
    return np.asarray(weights / weights.sum(), np.float32)


def new_to_both(folds: npt.NDArray[np.int64]) -> Bools:
    """(N,) whether a fold's sources had no part in the network either."""
    return np.array([not FOLDS[number].known_to_network for number in folds])


def weigh_by_spread(logits: Floats, strength: float) -> tuple[float, float]:
    """Weights of the network's and the tokens' logits: each in units of its spread, the tokens `strength` times."""
    spread = logits.std(axis=0)
    return 1.0 / float(spread[0]), strength / float(spread[1])


def fuse(files: Files, strength: float = STRENGTH) -> Floats:
    """(N,) logits of both witnesses together. Spreads are those of the other folds."""
    fused = np.zeros(len(files.labels), np.float32)
    for number in np.unique(files.folds):
        here = files.folds == number
        fused[here] = files.logits[here] @ np.array(weigh_by_spread(files.logits[~here], strength), np.float32)
    return fused


def fuse_fitted(files: Files, others: Bools) -> Floats:
    """(N,) the same by logistic regression on other folds, those of `others` only. Not what serves."""
    fused = np.zeros(len(files.labels), np.float32)
    for number in np.unique(files.folds):
        weights = fold_weights(files.labels, files.folds, others & (files.folds != number))
        head = fit_logistic(files.logits, files.labels, weights)
        fused[files.folds == number] = head.logits(files.logits[files.folds == number])
    return fused


def compare_fusions(files: Files) -> dict[str, float]:
    """Mean AUC over the folds of ways to hear both witnesses."""
    every = np.ones(len(files.labels), bool)
    ways = {
        "the network alone": files.logits[:, 0],
        "the tokens alone": files.logits[:, 1],
        "both alike": fuse(files, 1.0),
        "the tokens two and a half times as strong (shipped)": fuse(files),
        "fitted to the other rows": fuse_fitted(files, every),
        "fitted to the other rows that are new to the network": fuse_fitted(files, new_to_both(files.folds)),
    }
    counts = {n: np.bincount(files.labels[files.folds == n], minlength=2).min() for n in np.unique(files.folds)}
    numbers = [number for number, least in counts.items() if least >= LEAST_FILES]
    return {
        name: float(np.mean([auc(files.labels[files.folds == n], logits[files.folds == n]) for n in numbers]))
        for name, logits in ways.items()
    }


def capped(scores: Scores) -> Scores:
    """At most `LIMIT_FILES` of a class of a source, chosen by digests of their groups' names."""
    order = sorted(range(len(scores.labels)), key=lambda index: hashlib.sha256(scores.groups[index].encode()).digest())
    taken: dict[tuple[str, int], int] = {}
    kept = np.zeros(len(scores.labels), bool)
    for index in order:
        part = (scores.sources[index], int(scores.labels[index]))
        taken[part] = taken.get(part, 0) + 1
        kept[index] = taken[part] <= LIMIT_FILES
    return scores.where(kept)


def read_by_others(
    files: Files, known: Files, weights: tuple[float, float], number: int
) -> tuple[Calibration, npt.NDArray[np.float64]]:
    """Calibration and limits chosen on the other folds of what is known, and this fold's scores by them."""
    heard = np.array(weights, np.float32)
    read = calibrate_both(known.scores(known.folds != number, known.logits @ heard), population="")
    return read, np.array([read.file.p_fake(float(value)) for value in files.logits[files.folds == number] @ heard])


def decide(files: Files, known: Files, weights: tuple[float, float], number: int) -> Outcomes:
    """What limits chosen on the other folds of what is known do to this fold's files."""
    read, p = read_by_others(files, known, weights, number)
    labels = files.labels[files.folds == number]
    return Outcomes(
        honest_right=float((p[labels == 0] <= read.real).mean()),
        honest_wrong=float((p[labels == 0] >= read.fake).mean()),
        forged_right=float((p[labels == 1] >= read.fake).mean()),
        forged_wrong=float((p[labels == 1] <= read.real).mean()),
    )


def weigh_others(known: Files, number: int) -> tuple[float, float]:
    """As in service, by all that is known but this fold."""
    return weigh_by_spread(known.logits[known.folds != number], STRENGTH)


def shown_folds(files: Files) -> list[int]:
    """Numbers of the folds with enough files of both classes."""
    return [
        number
        for number in range(len(FOLDS))
        if np.bincount(files.labels[files.folds == number], minlength=2).min() >= LEAST_FILES
    ]


def measure_meaning(files: Files, known: Files) -> Meaning:
    """What scores mean where a fold's are read by the calibration of the others."""
    labels, scores, weights = [], [], []
    for number in shown_folds(files):
        own = files.labels[files.folds == number]
        labels.append(own)
        scores.append(read_by_others(files, known, weigh_others(known, number), number)[1])
        weights.append(1.0 / np.bincount(own, minlength=2)[own])
    label, p, weight = (np.concatenate(parts) for parts in (labels, scores, weights))
    fifth = np.minimum((5 * p).astype(int), 4)
    bands = []
    for number in range(5):
        own = fifth == number
        if own.any():
            told, forged = (float(np.average(each[own], weights=weight[own])) for each in (p, label))
            bands.append((number, int(own.sum()), told, forged))
    return Meaning(ece(label, p, weights=weight), tuple(bands))


def calibrate_both(scores: Scores, population: str) -> Calibration:
    """Calibration and limits on scores of left-out sources, which weigh alike."""
    even = capped(scores)
    return calibrate(even, even, population=population, false_alarm_rate=FALSE_ALARM_RATE, miss_rate=MISS_RATE)


def measure_folds(evaluation: Evaluation, chosen: Bools, tokens: Floats, known: Files) -> list[FoldRow]:
    """One row a fold: AUC over files of the network, the tokens and both, and the decisions of both.

    known: files whose other folds say how both are heard and where the limits lie, as those of all do in service.
    """
    files = evaluation.pool_files(chosen & np.isfinite(tokens), tokens)
    result = []
    for number in shown_folds(files):
        fold, here, weights = FOLDS[number], files.folds == number, weigh_others(known, number)
        labels = files.labels[here]
        result.append(
            FoldRow(
                name=fold.name,
                is_new=not fold.known_to_network,
                honest=int((labels == 0).sum()),
                forged=int(labels.sum()),
                network=auc(labels, files.logits[here, 0]),
                tokens=auc(labels, files.logits[here, 1]),
                both=auc(labels, files.logits[here] @ np.array(weights, np.float32)),
                outcomes=decide(files, known, weights, number),
                network_outcomes=decide(files, known, (1.0, 0.0), number),
            )
        )
    return result


def measure_shortcut_rows(rows: tuple[FaceRow, ...], table: TokenTable) -> list[ShortcutRow]:
    """Through the chain, a row a source with both classes or a pair of sources."""
    through = TokenTable(**{name: getattr(table, name)[table.draws >= 0] for name in TokenTable.__slots__})
    return [measure_shortcuts(fold.name, rows, through, fold.datasets) for fold in FOLDS]


def compare_recipes(evaluation: Evaluation, shipped: Floats) -> list[AblationRow]:
    """Means over the folds of other recipes of the heads. shipped: left-out logits of the one that serves."""
    recipes = {
        "as shipped, two sets of a head for every kind": RECIPE,
        "the set with pseudo-fakes alone": _with(RECIPE, pseudo=RECIPE.pseudo[:1]),
        "the set without them alone": _with(RECIPE, pseudo=RECIPE.pseudo[1:]),
        "both sets, no regions": _with(RECIPE, local_directions=0),
        "two sets of one head for all kinds": _with(RECIPE, common=1.0),
    }
    result = []
    for name, recipe in recipes.items():
        print(name, flush=True)
        logits = shipped if recipe == RECIPE else evaluation.left_out_logits(recipe)
        chained, _, filed = _views(evaluation.table)
        known = evaluation.known_files(logits)
        folds = [measure_folds(evaluation, evaluation.scored & view, logits, known) for view in (chained, filed)]
        means = [float(np.mean([row.tokens for row in rows])) for rows in folds]
        fused = [float(np.mean([row.both for row in rows])) for rows in folds]
        result.append(AblationRow(name, means[0], fused[0], means[1], fused[1]))
    return result


def _with(recipe: HeadRecipe, **changed: Any) -> HeadRecipe:
    return HeadRecipe(**(asdict(recipe) | changed))


def _views(table: TokenTable) -> tuple[Bools, Bools, Bools]:
    """Samples through the chain, those of them with a face that is not small in the film, and samples as filed."""
    chained = np.asarray(table.draws == 0)
    large = chained & (table.shortcuts[:, SHORTCUTS.index("film size")] >= CONTEXT_MARGIN * LARGE_FACE_PX)
    return chained, large, np.asarray(table.draws == AS_FILED)


def ship(evaluation: Evaluation, tokens: Floats, recipe: HeadRecipe, large: list[FoldRow]) -> None:
    """Fit the head on every source; calibrate it and fuse it with the network on left-out scores; write the card."""
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    heads: dict[str, Any] = evaluation.final_heads(recipe)
    np.savez_compressed(WEIGHTS / "head.npz", **heads)
    files = evaluation.known_files(tokens)
    every = np.ones(len(files.labels), bool)
    population = "files of left-out sources, as filed and through one chain of degradations, faces of 47 to 210 px"
    calibration = calibrate_both(files.scores(every, files.logits[:, 1]), population)
    write(calibration, WEIGHTS / "calibration.json")
    network, strong = weigh_by_spread(files.logits, STRENGTH)
    fusion = WitnessFusion(
        network=round(network, 6),
        second=round(strong, 6),
        calibration=calibrate_both(files.scores(every, fuse(files)), population),
    )
    (WEIGHTS / "fusion.json").write_text(json.dumps(fusion.model_dump(mode="json"), indent=1) + "\n")
    text = card(
        large=large, recipe=recipe, samples=len(evaluation.table.rows), head_sha256=digest(WEIGHTS / "head.npz"),
        encoder_sha256=ENCODER_SHA256, alone=calibration, fusion=fusion,
    )  # fmt: skip
    (WEIGHTS / "card.md").write_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data built")
    parser.add_argument(
        "--tokens", type=Path, nargs="+", required=True, help="folders that training.faces.tokens.features wrote"
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument(
        "--cache", type=Path, required=True, help="folder for left-out logits, so that a page is rewritten"
    )
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"))
    parser.add_argument("--ship", action="store_true", help="write the weights that serve")
    parser.add_argument("--compare", action="store_true", help="measure other recipes too; ten times as long")
    arguments = parser.parse_args()
    rows, _ = read_faces(arguments.data)
    table = read_tokens(rows, *arguments.tokens)
    evaluation = Evaluation(rows, table, trained_origins(arguments.shared, rows))
    arguments.cache.mkdir(parents=True, exist_ok=True)
    folds = [(fold.name, sorted(fold.datasets), sorted(fold.unscored)) for fold in FOLDS]
    key = hashlib.sha256(f"{len(table.rows)}/{RECIPE}/{folds}".encode()).hexdigest()[:12]
    cached = arguments.cache / f"logits-{key}.npz"
    if not cached.exists():
        np.savez(cached, left_out=evaluation.left_out_logits(RECIPE), groups=evaluation.other_group_logits(RECIPE))
    with np.load(cached) as stored:
        left_out, groups = stored["left_out"], stored["groups"]
    compared = arguments.cache / "recipes.json"
    if arguments.compare:
        found = [asdict(row) for row in compare_recipes(evaluation, left_out)]
        compared.write_text(json.dumps({"samples": len(table.rows), "rows": found}))
    comparison: dict[str, Any] = {"samples": 0, "rows": []}
    if compared.exists():
        comparison = json.loads(compared.read_text())
    chained, large, filed = _views(table)
    known = evaluation.known_files(left_out)
    as_filed = measure_folds(evaluation, evaluation.scored & filed, left_out, known) if filed.any() else []
    measured = measure_folds(evaluation, evaluation.scored & large, left_out, known)
    views = {
        "through the chain": (chained, left_out),
        "as filed": (filed, left_out),
        "known sources, as filed": (filed, groups),
    }
    text, figures = page(
        chained=measure_folds(evaluation, evaluation.scored & chained, left_out, known),
        large=measured,
        as_filed=as_filed,
        other_groups=measure_folds(evaluation, evaluation.scored & (filed if filed.any() else large), groups, known),
        meanings={
            name: measure_meaning(evaluation.pool_files(evaluation.scored & view & np.isfinite(said), said), known)
            for name, (view, said) in views.items()
            if view.any()
        },
        fusions=[
            compare_fusions(evaluation.pool_files(evaluation.scored & view & np.isfinite(left_out), left_out))
            for view in (chained, large, filed)
            if view.any()
        ],
        poolings=[
            compare_poolings(evaluation.films(evaluation.scored & view & np.isfinite(left_out), left_out), STRENGTH)
            for view in (chained, filed)
            if view.any()
        ],
        shortcuts=measure_shortcut_rows(rows, table),
        ablation=[AblationRow(**row) for row in comparison["rows"]],
        ablation_samples=int(comparison["samples"]),
        samples=len(table.rows),
        filed_samples=int(filed.sum()),
        faces=len(rows),
        rates=(FALSE_ALARM_RATE, MISS_RATE),
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "faces-by-source.md").write_text(text)
    if arguments.ship:
        ship(evaluation, left_out, RECIPE, measured)
    fusion = WitnessFusion.read(WEIGHTS / "fusion.json").calibration.version
    figures["model"] = {"calibration": fusion, "sha256": digest(NETWORK_WEIGHTS / "model.tflite")}
    (arguments.out / "faces-by-source.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
