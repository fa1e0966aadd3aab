"""The voice models, one by one and together, on pages and on families of vocoders that they never heard.

    python -m training.voice.evaluation.by_family --cache DIR --run NAME --second NAME … FINAL [--ship]

Writes `docs/evaluation/voices-by-family.{md,json}` and both model cards from what `training.voice.heads.fitting` and
`training.voice.heads.longer` wrote of the network's run, and `training.voice.heads.together` of the second model's:
some that each left pages out, and the final one that heard all. Figures are of pages that the network's head and one of
the former runs did not hear. `--ship` first writes the final run's encoder and head, both calibrations and
the fusion, fitted on all left-out pages. What limits do is told of pages that they were not fitted on: limits of the
same rule, fitted on one half of the pages, judge the other half, and the other way round.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.types import Outcome
from detectors.calibration import Calibration, Platt, WitnessFusion
from detectors.voice.detector import WEIGHTS
from detectors.voice.encoder import WEIGHTS as ENCODER_WEIGHTS
from detectors.voice.encoder import Head
from training.calibration import Scores, balanced_weights, calibrate, fit_platt, for_longer_files, write
from training.metrics import Interval, auc, ece, eer, grouped_bootstrap, tpr_at_fpr
from training.reporting import PAGES, Errors, decimal, digest, percent, table, within, write_page
from training.voice.data.bank import VERSIONS, read_voices
from training.voice.data.pool import Voice
from training.voice.encoder.features import export
from training.voice.evaluation import family_pages
from training.voice.heads import together
from training.voice.heads.fitting import FAMILY, LEAST_OF_FAMILY

FALSE_ALARM_RATE: Final = 0.01
MISS_RATE: Final = 0.06
"""As many as leave 4 % wrong of both classes together, distorted clips among them."""
LEAST_OF_PAGE: Final = 5
"""Clips of each class that a page needs for an AUC of its own."""
HARDEST: Final = 14
FAMILY_FIGURES: Final = ("clips", "network_without_family", "network", "both", "eer")
"""By these names in the file beside the page."""
Bools = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Said:
    """What one model says of every clip as it is and distorted: logits (2, N); NaN where it was not asked.

    judges: calibrations, each with the clips that it decides on; together they are all clips.
    """

    name: str
    logits: Floats
    judges: tuple[tuple[Calibration, Bools], ...]

    def p_fake(self, chosen: Bools, version: int = 0, *, whole: bool = False) -> Floats:
        """(N,) of the chosen clips by their own judges, as one window or as a whole file; NaN elsewhere."""
        found = np.full(len(chosen), np.nan, np.float32)
        for calibration, judged in self.judges:
            platt = calibration.file if whole else calibration.sample
            for row in np.flatnonzero(judged & chosen):
                found[row] = platt.p_fake(float(self.logits[version, row]))
        return found

    def errors(self, labels: Labels, chosen: Bools, version: int = 0, *, whole: bool = False) -> Errors:
        """Shares over the chosen clips, each decided by its own judge, as one window or as a whole file."""
        outcomes = np.full(len(labels), Outcome.INCONCLUSIVE, dtype=object)
        p_fake = self.p_fake(chosen, version, whole=whole)
        for calibration, judged in self.judges:
            for row in np.flatnonzero(judged & chosen):
                outcomes[row] = calibration.outcome(float(p_fake[row]))
        honest, forged = outcomes[chosen & (labels == 0)], outcomes[chosen & (labels == 1)]

        def share(found: npt.NDArray[np.object_], outcome: Outcome) -> float:
            return float(np.mean(found == outcome)) if len(found) else math.nan

        return Errors(
            false_alarms=share(honest, Outcome.FAKE),
            misses=share(forged, Outcome.REAL),
            undecided_real=share(honest, Outcome.INCONCLUSIVE),
            undecided_fake=share(forged, Outcome.INCONCLUSIVE),
        )


def first_half(voices: Sequence[Voice]) -> Bools:
    """Clips of one half of the pages, drawn by a hash of their names."""
    return np.array([hashlib.sha256(f"pages/{voice.page}".encode()).digest()[0] < 128 for voice in voices])


@dataclass(frozen=True, slots=True)
class Longer:
    """Of `training.voice.heads.longer`: rows of clips of six seconds, and logits (2, N) of their two halves."""

    rows: Labels
    logits: Floats

    def gain(self, voices: Sequence[Voice], heard: Bools) -> Platt:
        """What scaling the mean of two windows takes, over and above what the first takes: a factor and an addend."""
        kept = heard[self.rows]
        own = [voices[int(row)] for row in self.rows[kept]]
        labels = np.array([int(voice.is_fake) for voice in own])
        weights = balanced_weights(labels, [voice.page for voice in own])
        both = fit_platt(labels, self.logits[:, kept].mean(axis=0), weights)
        first = fit_platt(labels, self.logits[0, kept], weights)
        return Platt(slope=both.slope / first.slope, intercept=both.intercept - first.intercept)


def fit_limits(voices: Sequence[Voice], logits: Floats, heard: Bools, longer: Longer) -> Calibration:
    """Platt scaling and limits over left-out pages that may be heard, clips as they are and after a drawn chain.

    The limits are those of single windows; the scaling of a file is that of a window, with the gain of two.
    """
    new = np.array([not voice.is_old for voice in voices])
    rows = np.flatnonzero(heard & new & np.isfinite(logits[0]))
    scores = Scores(
        labels=np.array([int(voices[int(row)].is_fake) for row in rows] * 2),
        logits=np.concatenate([logits[0, rows], logits[1, rows]]).astype(np.float64),
        sources=tuple(voices[int(row)].page for row in rows) * 2,
        groups=tuple(str(int(row)) for row in rows) * 2,
    )
    pages = len(set(scores.sources))
    fitted = calibrate(
        scores,
        scores,
        population=f"3 s clips of {pages} public pages, clean and distorted, each scored by a head that never heard "
        "its page",
        false_alarm_rate=FALSE_ALARM_RATE,
        miss_rate=MISS_RATE,
    )
    return for_longer_files(fitted, longer.gain(voices, heard))


def longer_ways(
    longer: Longer, count: int, judges: tuple[tuple[Calibration, Bools], ...]
) -> list[tuple[str, Said, bool]]:
    """The clips of six seconds by their first window alone, and by both with the scaling of a file."""

    def said(name: str, logits: Floats) -> Said:
        spread = np.full((1, count), np.nan, np.float32)
        spread[0, longer.rows] = logits
        return Said(name, spread, judges)

    one, two = "6 s clips, the first window alone", "6 s clips, both windows"
    return [(one, said(one, longer.logits[0]), False), (two, said(two, longer.logits.mean(axis=0)), True)]


def page_aucs(voices: Sequence[Voice], chosen: Bools, labels: Labels, logits: Floats) -> dict[str, float]:
    """Of every page with enough of both classes, its own honest clips against its own synthetic ones."""
    names = np.array([voice.page for voice in voices])
    found = {}
    for page in sorted(set(names[chosen].tolist())):
        own = chosen & (names == page)
        if min(int((labels[own] == 0).sum()), int((labels[own] == 1).sum())) >= LEAST_OF_PAGE:
            found[page] = auc(labels[own], logits[own])
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """AUC and EER with intervals over pages, the mean AUC within pages, detections at few false alarms, and by how much
    scores are off, by calibrations that did not know the page."""

    auc: float
    auc_interval: Interval
    eer: float
    eer_interval: Interval
    within_pages: float
    tpr_at_1: float
    tpr_at_5: float
    ece: float

    @property
    def cells(self) -> tuple[str, ...]:
        shown = (decimal(value) for value in (self.within_pages, self.tpr_at_1, self.tpr_at_5, self.ece))
        return within(self.auc, self.auc_interval), within(self.eer, self.eer_interval), *shown


def figures(said: Said, voices: Sequence[Voice], labels: Labels, chosen: Bools, version: int = 0) -> Figures:
    logits = said.logits[version]
    pages = [voice.page for voice, kept in zip(voices, chosen, strict=True) if kept]
    own_labels, own = labels[chosen], logits[chosen]
    return Figures(
        auc=auc(own_labels, own),
        auc_interval=grouped_bootstrap(auc, own_labels, own, pages, draws=200),
        eer=eer(own_labels, own),
        eer_interval=grouped_bootstrap(eer, own_labels, own, pages, draws=200),
        within_pages=float(np.mean(list(page_aucs(voices, chosen, labels, logits).values()))),
        tpr_at_1=tpr_at_fpr(own_labels, own, 0.01),
        tpr_at_5=tpr_at_fpr(own_labels, own, 0.05),
        ece=ece(own_labels, said.p_fake(chosen, version)[chosen], weights=balanced_weights(own_labels, pages)),
    )


def honest_kinds(voices: Sequence[Voice]) -> dict[str, Bools]:
    """Honest clips of the pages and recipes, by where they come from."""
    with_synthesis = {voice.page for voice in voices if voice.is_fake and not voice.is_old}
    named = {
        "P.808: telephone or noisy": "human, telephone or noisy",
        "AEC challenge: echo cancelled": "human, echo cancelled",
        "digits at 8 kHz": "human, digits at 8 kHz",
    }
    kinds = {
        "of pages that also hold synthesis": np.array(
            [not voice.is_fake and not voice.is_old and voice.page in with_synthesis for voice in voices]
        ),
        "P.808: studio and NOIZEUS": np.array(
            [voice.page == "microsoft/P.808" and voice.system == "human" for voice in voices]
        ),
    }
    return kinds | {name: np.array([voice.system == system for voice in voices]) for name, system in named.items()}


def right_and_wrong(found: Errors) -> tuple[str, str]:
    """Shares of clips decided right and wrong, both classes weighing alike."""
    right = (2 - found.false_alarms - found.undecided_real - found.misses - found.undecided_fake) / 2
    return percent(right), percent((found.false_alarms + found.misses) / 2)


@dataclass(frozen=True, slots=True)
class Run:
    """What `fitting` and `longer` wrote of one model: logits (2, N) of left-out clips, those without each family, those
    of clips of six seconds, and the final head with its recipe."""

    logits: Floats
    without: Mapping[str, Floats]
    longer: Longer
    head: Head
    recipe: str

    @classmethod
    def read(cls, cache: Path, name: str) -> Run:
        with np.load(cache / f"{name}.npz") as saved:
            without = {key.removeprefix(FAMILY): saved[key] for key in saved.files if key.startswith(FAMILY)}
            logits = saved["logits"]
        with np.load(cache / f"{name}-longer.npz") as saved:
            longer = Longer(saved["rows"], saved["logits"])
        recipe = json.dumps(json.loads((cache / f"{name}.json").read_text()))
        return cls(logits, without, longer, Head.read(cache / f"{name}.npz"), recipe)

    @classmethod
    def together(cls, cache: Path, names: Sequence[str], count: int) -> Run:
        """Logits of each run but the last over the clips whose pages it left out, NaN elsewhere; head of the last."""
        logits, rows, halves = together.left_out(cache, names[:-1], count)
        recipes = [json.loads((cache / name / together.RECIPE).read_text()) for name in names]
        return cls(logits, {}, Longer(rows, halves), together.read_run(cache / names[-1])[1], json.dumps(recipes))

    def beside(self, other: Run, weights: tuple[float, float]) -> Run:
        """Both models' logits summed; head and recipe are this one's."""

        def summed(own: Floats, others: Floats) -> Floats:
            return np.asarray(weights[0] * own + weights[1] * others, np.float32)

        rows, mine, theirs = np.intersect1d(self.longer.rows, other.longer.rows, return_indices=True)
        return Run(
            summed(self.logits, other.logits),
            {},
            Longer(rows, summed(self.longer.logits[:, mine], other.longer.logits[:, theirs])),
            self.head,
            self.recipe,
        )


def weigh_by_spread(chosen: Bools, *runs: Run) -> tuple[float, float]:
    """Weights by which both logits have the same spread over clips as they are."""
    network, second = (round(1.0 / float(run.logits[0, chosen].std()), 6) for run in runs)
    return network, second


def family_lines(
    voices: Sequence[Voice], labels: Labels, network: Run, both: Run, chosen: Bools
) -> list[tuple[str, int, float, float, float, float]]:
    """Of every family: clips; AUC of the network without the family and without the page; AUC and EER of both without
    the page, these against the honest clips of all those pages."""
    found = []
    honest = chosen & (labels == 0)
    for family, logits in network.without.items():
        own = chosen & np.array([voice.family == family for voice in voices])
        if own.sum() < LEAST_OF_FAMILY:
            continue
        apart, asked = np.isfinite(logits), own | honest
        said = both.logits[0, asked]
        found.append(
            (
                family,
                int(own.sum()),
                auc(labels[apart], logits[apart]),
                auc(labels[asked], network.logits[0, asked]),
                auc(labels[asked], said),
                eer(labels[asked], said),
            )
        )
    return sorted(found, key=lambda line: line[4])


def count_systems_and_pages(voices: Sequence[Voice], chosen: Bools) -> tuple[int, int]:
    """Of the chosen clips."""
    own = [voice for voice, kept in zip(voices, chosen, strict=True) if kept]
    return len({(voice.page, voice.system) for voice in own if voice.is_fake}), len({voice.page for voice in own})


def ship(final: Path, second: Run, weights: tuple[float, float], limits: Sequence[Calibration]) -> None:
    """Write what serves. limits: of the network, of the second model, of both."""
    export(together.read_run(final)[0], ENCODER_WEIGHTS / "model.tflite")
    write(limits[0], WEIGHTS / "calibration.json")
    write(limits[1], ENCODER_WEIGHTS / "calibration.json")
    fusion = WitnessFusion(network=weights[0], second=weights[1], calibration=limits[2])
    (ENCODER_WEIGHTS / "fusion.json").write_text(json.dumps(fusion.model_dump(mode="json"), indent=1) + "\n")
    arrays = {name: np.asarray(value, np.float32) for name, value in asdict(second.head).items()}
    arrays["inner"] = arrays["inner"].astype(np.float16)
    np.savez_compressed(ENCODER_WEIGHTS / "head.npz", **arrays)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--second", nargs="+", required=True, help="runs that left pages out, and the final one")
    parser.add_argument("--ship", action="store_true")
    parser.add_argument("--pages", type=Path, default=PAGES)
    arguments = parser.parse_args()
    voices = read_voices(arguments.cache / "voices.csv")
    labels = np.array([int(voice.is_fake) for voice in voices])
    network = Run.read(arguments.cache, arguments.run)
    second = Run.together(arguments.cache, arguments.second, len(voices))
    chosen = np.isfinite(network.logits[0] + second.logits[0]) & np.array([not voice.is_old for voice in voices])
    heard = np.isfinite(network.logits[0]) & np.array([not voice.is_old for voice in voices])
    weights = weigh_by_spread(chosen, network, second)
    both = network.beside(second, weights)
    half, every = first_half(voices), np.ones(len(voices), bool)
    runs = {"the network": network, "the encoder": second, "both": both}
    limits = [fit_limits(voices, run.logits, every, run.longer) for run in runs.values()]
    if arguments.ship:
        ship(arguments.cache / arguments.second[-1], second, weights, limits)
    models = {
        name: Said(
            name,
            run.logits,
            (
                (fit_limits(voices, run.logits, half, run.longer), ~half),
                (fit_limits(voices, run.logits, ~half, run.longer), half),
            ),
        )
        for name, run in runs.items()
    }
    measured = {
        f"{name}, {version}": figures(said, voices, labels, chosen, number)
        for number, version in enumerate(VERSIONS)
        for name, said in models.items()
    }
    families = family_lines(voices, labels, network, both, chosen)
    alone, together = models["the network"], models["both"]
    aucs = [page_aucs(voices, chosen, labels, said.logits[0]) for said in (alone, together)]
    hardest = sorted(aucs[1], key=lambda name: aucs[1][name])[:HARDEST]
    decided = [
        (f"{name}, {version}", *right_and_wrong(found), *found.cells)
        for number, version in enumerate(VERSIONS)
        for name, said in models.items()
        for found in (said.errors(labels, chosen, number),)
    ]
    decided += [
        (name, *right_and_wrong(found), *found.cells)
        for name, said, whole in longer_ways(both.longer, len(voices), together.judges)
        for found in (said.errors(labels, np.isin(np.arange(len(voices)), both.longer.rows), whole=whole),)
    ]
    honest = [
        (
            name,
            int(own.sum()),
            *(
                percent(said.errors(labels, own, number).false_alarms)
                for number in range(len(VERSIONS))
                for said in (alone, together)
            ),
        )
        for name, kind in honest_kinds(voices).items()
        for own in (kind & chosen,)
        if own.any()
    ]
    gains = [measured[f"both, {version}"].auc - measured[f"the network, {version}"].auc for version in VERSIONS]
    tables = {
        "all": table(
            ("", "AUC", "EER", "mean AUC within pages", "TPR at 1 % FPR", "TPR at 5 % FPR", "ECE"),
            ((name, *line.cells) for name, line in measured.items()),
        ),
        "gain": ", ".join(f"{gain:+.3f}" for gain in gains),
        "families": table(
            ("family", "clips", "AUC: the network, family left out", "the network, page left out",
             "both, page left out", "EER of both"),
            ((name, count, *map(decimal, values)) for name, count, *values in families),
        ),
        "limits": table(
            ("", "decided right", "wrong", "real called fake", "fake called real", "real undecided", "fake undecided"),
            decided,
        ),
        "honest": table(("", "clips", "the network", "both", "distorted: the network", "both"), honest),
        "pages": table(
            ("page", "AUC: the network", "both"),
            ((name, decimal(aucs[0][name]), decimal(aucs[1][name])) for name in hardest),
        ),
        "longer": f"{decimal(auc(labels[both.longer.rows], both.longer.logits[0]))} by the first window, "
        f"{decimal(auc(labels[both.longer.rows], both.longer.logits.mean(axis=0)))} by both",
    }  # fmt: skip
    counts = {
        "longer": len(both.longer.rows),
        "fakes": int(labels[chosen].sum()),
        "honest": int((1 - labels[chosen]).sum()),
        **dict(zip(("systems", "pages"), count_systems_and_pages(voices, chosen), strict=True)),
        **dict(zip(("systems heard", "pages heard"), count_systems_and_pages(voices, heard), strict=True)),
    }
    write_page(
        arguments.pages,
        "voices-by-family",
        family_pages.page(tables, counts, limits[2]),
        {
            "model": {"calibration": limits[2].version, "sha256": digest(WEIGHTS / "model.tflite")},
            "counts": counts,
            "pages": {
                name: {
                    "auc": line.auc,
                    "eer": line.eer,
                    "within_pages": line.within_pages,
                    "tpr_at_1": line.tpr_at_1,
                    "ece": line.ece,
                }
                for name, line in measured.items()
            },
            "families": {name: dict(zip(FAMILY_FIGURES, values, strict=True)) for name, *values in families},
        },
    )
    (WEIGHTS / "card.md").write_text(family_pages.card(tables, counts, limits[0], network.recipe))
    (ENCODER_WEIGHTS / "card.md").write_text(family_pages.encoder_card(tables, counts, limits[1], second.recipe))
    print(tables["all"], tables["families"], tables["limits"], tables["honest"], sep="\n")


if __name__ == "__main__":
    main()
