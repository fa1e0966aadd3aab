"""The voice model on pages and on families of vocoders that it never heard, beside the weights that it goes on from.

    python -m training.voice.evaluation.by_family --cache DIR --run NAME [--calibrate]

Writes `docs/evaluation/voices-by-family.{md,json}` and the model card from what `training.voice.heads.fitting` and
`training.voice.network.levels` wrote. Figures are of heads that heard neither a clip's page nor, in the table of
families, any clip of its family. The trunk under all of them heard `voices` alone. `--calibrate` first fits
`calibration.json` on all left-out pages. What limits do is told of pages that they were not fitted on: limits of the
same rule, fitted on one half of the pages, judge the other half, and the other way round.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.types import Outcome
from detectors.calibration import Calibration, Platt
from detectors.voice.detector import WEIGHTS
from training.calibration import Scores, balanced_weights, calibrate, fit_platt, for_longer_files, write
from training.metrics import Interval, auc, eer, grouped_bootstrap, tpr_at_fpr
from training.reporting import PAGES, Errors, decimal, digest, percent, table, within, write_page
from training.voice.data.bank import read_voices
from training.voice.data.pool import Voice
from training.voice.heads.fitting import FAMILY, VERSIONS

FALSE_ALARM_RATE: Final = 0.01
MISS_RATE: Final = 0.06
"""As many as leave 4 % wrong of both classes together, distorted clips among them."""
LEAST_OF_PAGE: Final = 5
"""Clips of each class that a page needs for an AUC of its own."""
HARDEST: Final = 14
EARLIER: Final = Calibration(
    version="platt-61382ade",
    sample=Platt(slope=0.78526, intercept=0.153507),
    file=Platt(slope=0.78526, intercept=0.153507),
    real=0.1792,
    fake=0.8319,
    false_alarm_rate=0.02,
    miss_rate=0.05,
    population="3 s clips of speech from 23 public sources, each scored by a network that never heard its source",
)
"""The limits that the weights under the head were shipped with."""

TRUNK: Final = "849345bc5f710fc7a8c67c1c700bd5e76ba764cf88bf6a55e02755b098b6cd8e"
"""Digest of the Keras file that `training.voice.network.levels` ran."""

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

    def errors(self, labels: Labels, chosen: Bools, version: int = 0, *, whole: bool = False) -> Errors:
        """Shares over the chosen clips, each decided by its own judge, as one window or as a whole file."""
        outcomes = np.full(len(labels), Outcome.INCONCLUSIVE, dtype=object)
        for calibration, judged in self.judges:
            platt = calibration.file if whole else calibration.sample
            for row in np.flatnonzero(judged & chosen):
                outcomes[row] = calibration.outcome(platt.p_fake(float(self.logits[version, row])))
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
    """AUC and EER with intervals over pages, the mean AUC within pages, and detections at few false alarms."""

    auc: float
    auc_interval: Interval
    eer: float
    eer_interval: Interval
    within_pages: float
    tpr_at_1: float
    tpr_at_5: float

    @property
    def cells(self) -> tuple[str, ...]:
        shown = (decimal(value) for value in (self.within_pages, self.tpr_at_1, self.tpr_at_5))
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


def family_lines(
    labels: Labels, earlier: Said, now: Said, without: Mapping[str, Floats]
) -> list[tuple[str, int, float, float, float, float]]:
    """Of every family: clips; AUC of the earlier weights, of heads without the page, of a head without the family
    and its EER, all against the same honest clips."""
    found = []
    for family, logits in without.items():
        asked = np.isfinite(logits)
        found.append(
            (
                family,
                int(labels[asked].sum()),
                auc(labels[asked], earlier.logits[0, asked]),
                auc(labels[asked], now.logits[0, asked]),
                auc(labels[asked], logits[asked]),
                eer(labels[asked], logits[asked]),
            )
        )
    return sorted(found, key=lambda line: line[4])


def page(tables: Mapping[str, str], counts: Mapping[str, int], calibration: Calibration) -> str:
    """`docs/evaluation/voices-by-family.md`."""
    return f"""# Voices: pages and families of vocoders that were never heard

    python -m training.voice.evaluation.by_family --cache DIR --run NAME

Written by that command. {counts["fakes"]} synthetic clips of {counts["systems"]} systems and {counts["honest"]} honest
clips of {counts["pages"]} public pages of 2021 to 2026 (`training/data/voices.py`), cut to 3 s. A clip is scored by a
head that heard nothing of its page: five folds of whole pages. The trunk under the head is the network that was shipped
before; it heard `voices`, and none of these pages. "Distorted" clips went down a drawn chain of rooms, band limits from
3.4 kHz, noise, clipping and codecs. Brackets are 95 % bootstrap intervals over pages.

## All pages

{tables["all"]}
## Families

Left out in turn: all clips of a family, and a fold of pages whose honest clips they are measured against. A family is
told by a system's name, or by its page where the name does not tell (`training/data/voice_rules.json`).

{tables["families"]}
## What the limits do

`p_fake` at or above {calibration.fake:.2f} is called fake, at or below {calibration.real:.2f} real. The limits are
fitted on all pages so that at most {calibration.false_alarm_rate:.1%} of honest clips, distorted ones included, are
called fake and at most {calibration.miss_rate:.1%} of synthetic ones real. The shares below are of limits that did not
know a clip's page: limits fitted in the same way on one half of the pages judge the other half, and in turn.

A file of two windows that share nothing is scaled more steeply than a single window, by {calibration.file.slope:.2f}
instead of {calibration.sample.slope:.2f} a unit of its logit; what lies in between is scaled in between, and longer
files are scaled like two windows. {counts["longer"]} clips of six seconds say what that does: their AUC is
{tables["longer"]}.

{tables["limits"]}
Honest clips called fake, by where they come from (neither a head nor its limits knew their page):

{tables["honest"]}
## Hardest pages

The mean within pages above is over these AUCs.

{tables["pages"]}
## Limits

Labels come from file names. Many pages build on the same few corpora (LibriTTS, VCTK, LJ Speech), so that speakers and
microphones are better known here than those of a recording from elsewhere will be. What differs between a page's files
beside the system (its rate, its encoder) is not removed above the cut at 7 kHz alone.
"""


def card(tables: Mapping[str, str], counts: Mapping[str, int], calibration: Calibration, recipe: str) -> str:
    """`detectors/weights/audio/card.md`."""
    return f"""# Model card: audio.voice

The first five stages of EfficientNet-Lite0 with plain ReLU, over a linear-frequency log spectrogram (20 ms frames every
10 ms, 150 Hz to 7 kHz, 3 s, level and smooth colouring removed), and a head that reads all of its levels: means and
mean absolute deviations of every block's output and of the spectrogram's bins and cepstra over time. One window in, one
logit out, positive meaning synthetic. `model.tflite` serves (sha256 `{digest(WEIGHTS / "model.tflite")}`),
`model.keras` explains; both hold the same numbers. Speech is found by Silero VAD (MIT).

**Use.** Evidence for a person who decides, together with its attribution and its limits. Not for identifying anybody,
and not as the only ground of a decision about somebody.

**Origin.** Trunk: the network that was shipped before (sha256 of its Keras file `{TRUNK}`), fitted to all of `voices`
from ImageNet weights of EfficientNet-Lite0 (Apache-2.0) through the rounds that `docs/evaluation/history.md` lists; it
stays as it was. Head: a line that starts from ridge regression, and rectified units, the mean of one fit a seed.

**Recipe** of the head, with its seeds: `{recipe}`

**Data and terms.** The trunk: 3 s clips of 28 public sources (read and acted speech, voice commands, and the
demonstration pages and samples of some 60 systems) and copies made for it. The head: the same clips, and clips of
{counts["pages"]} public pages and repositories with {counts["systems"]} systems of 2021 to 2026: neural codecs,
vocoders, text to speech, cloning, conversion (`training/data/voices.py` and `voice_rules.json` name them; almost none
states terms; research use); honest speech of microsoft/P.808 (MIT), microsoft/AEC-Challenge and the free spoken digit
dataset (CC BY-SA 4.0). No clip is in the repository. Pages were labelled by file name. A deployment should check
whether its use of weights trained on research data is covered.

**Calibration** `{calibration.version}`: Platt scaling under equal odds and conformal thresholds
{calibration.real:.2f} (at most {calibration.miss_rate:.1%} of synthetic voices below) and {calibration.fake:.2f} (at
most {calibration.false_alarm_rate:.1%} of honest ones above), fitted on the left-out pages, distorted clips included.
Population: {calibration.population}.

**Figures** of heads on pages that they never heard (`docs/evaluation/voices-by-family.md` has the rest):

{tables["all"]}
By family of vocoders, left out in turn:

{tables["families"]}
What limits of the same rule do on pages that they were not fitted on:

{tables["limits"]}
**Measurements.** `acoustics.json` holds what nine in ten honest clips have of pitch, pauses, band, noise and digital
silence (`python -m training.voice.evaluation.acoustics`). They are shown beside a voice's own; no score takes them in.

**Limits.** Under 1.5 seconds of speech there is no score, under 2.5 seconds no outcome. Languages and accents are as
uneven as in the sources; differences between groups of speakers were not measured. A converted voice keeps a human's
breath and pace and is harder than a read text. A system unlike those in training can pass wholly: most of the newer
systems' clips are left undecided.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--pages", type=Path, default=PAGES)
    arguments = parser.parse_args()
    voices = read_voices(arguments.cache / "voices.csv")
    labels = np.array([int(voice.is_fake) for voice in voices])
    with np.load(arguments.cache / f"{arguments.run}.npz") as saved:
        logits = saved["logits"]
        without = {key.removeprefix(FAMILY): saved[key] for key in saved.files if key.startswith(FAMILY)}
    certain = np.isfinite(logits[0])
    chosen = certain & np.array([not voice.is_old for voice in voices])
    half, every = first_half(voices), np.ones(len(voices), bool)
    with np.load(arguments.cache / f"{arguments.run}-longer.npz") as saved:
        longer = Longer(saved["rows"], saved["logits"])
    if arguments.calibrate:
        write(fit_limits(voices, logits, every, longer), WEIGHTS / "calibration.json")
    calibration = Calibration.read(WEIGHTS / "calibration.json")
    before = np.stack([np.load(arguments.cache / f"{version}-logit.npy") for version in VERSIONS])
    judges = ((fit_limits(voices, logits, half, longer), ~half), (fit_limits(voices, logits, ~half, longer), half))
    models = (Said("the weights before", before, ((EARLIER, every),)), Said("with the head", logits, judges))
    measured = {
        f"{said.name}, {version}": figures(said, voices, labels, chosen, number)
        for number, version in enumerate(VERSIONS)
        for said in models
    }
    families = family_lines(labels, *models, without)
    aucs = [page_aucs(voices, chosen, labels, said.logits[0]) for said in models]
    hardest = sorted(aucs[1], key=lambda name: aucs[1][name])[:HARDEST]
    limits = [
        (f"{said.name}, {version}", *right_and_wrong(found), *found.cells)
        for number, version in enumerate(VERSIONS)
        for said in models
        for found in (said.errors(labels, chosen, number),)
    ]
    limits += [
        (name, *right_and_wrong(found), *found.cells)
        for name, said, whole in longer_ways(longer, len(voices), judges)
        for found in (said.errors(labels, np.isin(np.arange(len(voices)), longer.rows), whole=whole),)
    ]
    honest = [
        (name, int(kind.sum()), *(percent(said.errors(labels, kind, number).false_alarms) for number, said in order))
        for name, own in honest_kinds(voices).items()
        for kind in (own & certain,)
        if kind.any()
        for order in (((0, models[0]), (0, models[1]), (1, models[0]), (1, models[1])),)
    ]
    tables = {
        "all": table(
            ("", "AUC", "EER", "mean AUC within pages", "TPR at 1 % FPR", "TPR at 5 % FPR"),
            ((name, *line.cells) for name, line in measured.items()),
        ),
        "families": table(
            ("family", "clips", "AUC: the weights before", "page left out", "family left out", "EER, family left out"),
            ((name, count, *map(decimal, values)) for name, count, *values in families),
        ),
        "limits": table(
            ("", "decided right", "wrong", "real called fake", "fake called real", "real undecided", "fake undecided"),
            limits,
        ),
        "honest": table(
            ("", "clips", "the weights before", "with the head", "distorted: before", "with the head"),
            honest,
        ),
        "pages": table(
            ("page", "AUC: the weights before", "with the head"),
            ((name, decimal(aucs[0][name]), decimal(aucs[1][name])) for name in hardest),
        ),
    }
    tables["longer"] = (
        f"{decimal(auc(labels[longer.rows], longer.logits[0]))} by the first window, "
        f"{decimal(auc(labels[longer.rows], longer.logits.mean(axis=0)))} by both"
    )
    counts = {
        "longer": len(longer.rows),
        "fakes": int(labels[chosen].sum()),
        "honest": int((1 - labels[chosen]).sum()),
        "systems": len(
            {(voice.page, voice.system) for voice, kept in zip(voices, chosen, strict=True) if kept and voice.is_fake}
        ),
        "pages": len({voice.page for voice, kept in zip(voices, chosen, strict=True) if kept}),
    }
    write_page(
        arguments.pages,
        "voices-by-family",
        page(tables, counts, calibration),
        {
            "calibration": calibration.version,
            "counts": counts,
            "pages": {
                name: {"auc": line.auc, "eer": line.eer, "within_pages": line.within_pages, "tpr_at_1": line.tpr_at_1}
                for name, line in measured.items()
            },
            "families": {name: list(values) for name, *values in families},
        },
    )
    recipe = json.dumps(json.loads((arguments.cache / f"{arguments.run}.json").read_text()))
    (WEIGHTS / "card.md").write_text(card(tables, counts, calibration, recipe))
    print(tables["all"], tables["families"], tables["limits"], tables["honest"], sep="\n")


if __name__ == "__main__":
    main()
