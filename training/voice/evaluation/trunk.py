"""Evaluate the trunk of the voice detector by source-grouped cross-validation, and write its page.

`python -m training.voice.evaluation.trunk --data ../shared/data` writes `docs/evaluation/audio.{md,json}`. The trunk
heard every source, so that no figure can be given for it: the figures are of its twins, each trained without one fold
of whole sources and scored on that fold, with limits fitted on one half of the left-out groups. The head that is
shipped over it has its card, its limits and its page from `training.voice.evaluation.by_family`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly
from scipy.stats import spearmanr

from core.errors import Misconfigured
from core.media import SPEECH_RATE_HZ, LocalMedia, Waveform
from core.types import MediaInfo, MediaKind
from detectors.calibration import Calibration
from detectors.voice.detector import NAME, WEIGHTS, VoiceSynthesisDetector, load_audio_detector
from training.calibration import Scores, balanced_weights, calibrate, cross_fitted
from training.curves import draw_curves, risk_coverage
from training.metrics import auc, ece
from training.reporting import (
    ERROR_HEADER,
    MADE_BY,
    PAGES,
    decimal,
    digest,
    errors,
    evaluated,
    measures_table,
    percent,
    provenance,
    recipe,
    table,
    write_page,
)
from training.voice.data.dataset import FOLDS, VoiceRow, read_clip, read_manifest
from training.voice.evaluation.pages import page
from training.voice.network.export import averaged_model
from training.voice.network.export import write as write_model
from training.voice.sound.synthesis import encode_decode

GRID_CLIPS: Final = 25
"""Clips of each class and fold in the corruption grid."""
SHORTCUT_STRIDE: Final = 3
"""Every third clip is measured for shortcuts."""
WORST: Final = 8
"""Clips of each class in the list of failures."""
LEAST_SYSTEM: Final = 10
"""Clips that a system or a side of a source needs for a line of its own."""
FALSE_ALARM_RATE: Final = 0.02
"""One in two hundred would need more honest speakers than there are: at that rate nothing would be called fake."""
POPULATION: Final = "3 s clips of speech from {} sources, each scored by a network that never heard its source"

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Every clip of the folds that are there, with the logit of the network that never heard its source."""

    rows: tuple[VoiceRow, ...]
    logits: npt.NDArray[np.float64]

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        return np.array([int(row.is_fake) for row in self.rows])

    @property
    def scores(self) -> Scores:
        """Grouped by source and speaker."""
        return Scores(
            labels=self.labels,
            logits=self.logits,
            sources=tuple(row.source for row in self.rows),
            groups=tuple(row.speaker or row.path for row in self.rows),
        )


def finished_folds(run: Path) -> tuple[int, ...]:
    return tuple(fold for fold in range(FOLDS) if (run / f"fold{fold}" / "left_out.npz").exists())


def left_out(run: Path, rows: Sequence[VoiceRow], folds: Sequence[int]) -> LeftOut:
    """What the folds' networks said of the sources they never heard.

    Raises: Misconfigured when no fold has ended; ValueError when a fold's clips are not those of the manifest.
    """
    if not folds:
        raise Misconfigured("no_folds", "Train the folds first: make train-audio.")
    chosen: list[VoiceRow] = []
    logits: list[float] = []
    for fold in folds:
        with np.load(run / f"fold{fold}" / "left_out.npz") as stored:
            listed = [rows[int(index)] for index in stored["rows"]]
            if any(row.fold != fold for row in listed):
                raise ValueError(f"fold {fold} was trained on another manifest")
            chosen += listed
            logits += stored["logits"].astype(float).tolist()
    return LeftOut(tuple(chosen), np.array(logits))


# ------------------------------------------------------------------------------------------------ corruptions


def _noisy(clip: Samples) -> Samples:
    noise = np.random.default_rng(len(clip)).standard_normal(len(clip))
    return np.asarray(clip + noise * np.sqrt(np.mean(clip**2)) * 10 ** (-15 / 20), np.float32)


def _telephone(clip: Samples) -> Samples:
    return np.asarray(resample_poly(resample_poly(clip, 7, 16), 16, 7)[: len(clip)], np.float32)


CORRUPTIONS: Final[Mapping[str, Callable[[Samples], Samples]]] = {
    "none": lambda clip: clip,
    "noise at 15 dB": _noisy,
    "MP3, 32 kbit/s": lambda clip: encode_decode(clip, "libmp3lame", "mp3", SPEECH_RATE_HZ, 32_000),
    "Opus, 16 kbit/s": lambda clip: encode_decode(clip, "libopus", "ogg", SPEECH_RATE_HZ, 16_000),
    "band up to 3.5 kHz": _telephone,
    "20 dB quieter": lambda clip: np.asarray(clip * 0.1, np.float32),
}


def grid_rows(rows: Sequence[VoiceRow], fold: int) -> tuple[VoiceRow, ...]:
    """The same clips every time, spread over the fold's sources."""
    chosen: list[VoiceRow] = []
    for is_fake in (False, True):
        listed = [row for row in rows if row.fold == fold and row.is_fake is is_fake]
        order = np.random.default_rng([17, fold, is_fake]).permutation(len(listed))[:GRID_CLIPS]
        chosen += [listed[index] for index in sorted(order)]
    return tuple(chosen)


def pooled_logit(detector: VoiceSynthesisDetector, clip: Samples) -> float:
    """The pooled logit of one clip by the serving path; NaN when it is not scored."""
    media = MediaInfo(
        kind=MediaKind.AUDIO,
        container="samples",
        size_bytes=0,
        sha256="0" * 64,
        duration_s=len(clip) / SPEECH_RATE_HZ,
        has_video=False,
        has_audio=True,
    )
    finding = detector.detect(LocalMedia(info=media, waveform=Waveform(clip))).finding
    return finding.uncalibrated if finding.kind == "scored" else float("nan")


def corruption_grid(
    run: Path, voices: Path, rows: Sequence[VoiceRow], folds: Sequence[int], calibration: Calibration
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """By corruption: the mean of the folds' AUCs and the share of honest clips at or above `fake`.

    Also how far the serving path, which places its own windows, is from the logits of the training room.
    """
    said: dict[str, list[tuple[VoiceRow, float]]] = {name: [] for name in CORRUPTIONS}
    for fold in folds:
        with tempfile.TemporaryDirectory() as scratch:
            with contextlib.redirect_stdout(io.StringIO()):  # the converter reports on itself
                write_model(averaged_model(run / f"fold{fold}" / "checkpoint.npz"), Path(scratch))
            detector = load_audio_detector(threads=1, weights=Path(scratch), alone=True)
            for row in grid_rows(rows, fold):
                clip = read_clip(voices / row.path)
                for name, corrupt in CORRUPTIONS.items():
                    said[name].append((row, pooled_logit(detector, corrupt(clip))))
    grid: dict[str, dict[str, float]] = {}
    for name, entries in said.items():
        scored = [(row, logit) for row, logit in entries if np.isfinite(logit)]
        honest = np.array([calibration.file.p_fake(logit) for row, logit in scored if not row.is_fake])
        grid[name] = {
            "auc": _mean_over_folds([row for row, _ in scored], np.array([logit for _, logit in scored])),
            "false_alarms": float(np.mean(honest >= calibration.fake)),
            "mean_logit": float(np.mean([logit for _, logit in scored])),
            "scored": len(scored) / len(entries),
        }
    trained = left_out(run, rows, folds)
    reference = dict(zip([row.path for row in trained.rows], trained.logits.tolist(), strict=True))
    pairs = np.array([(logit, reference[row.path]) for row, logit in said["none"] if np.isfinite(logit)])
    return grid, {
        "clips": float(len(pairs)),
        "correlation": float(np.corrcoef(pairs.T)[0, 1]),
        "mean_difference": float(np.mean(pairs[:, 0] - pairs[:, 1])),
    }


def _mean_over_folds(rows: Sequence[VoiceRow], values: Floats) -> float:
    folds = np.array([row.fold for row in rows])
    labels = np.array([int(row.is_fake) for row in rows])
    return float(np.mean([auc(labels[folds == fold], values[folds == fold]) for fold in np.unique(folds)]))


# ------------------------------------------------------------------------------------------------ shortcuts, slices


def shortcuts(voices: Path, everything: LeftOut) -> dict[str, dict[str, float]]:
    """What a clip is like beside its voice: each number's own AUC, and its rank correlation with the logit among honest
    clips."""
    measured: dict[str, list[float]] = {}
    for row in everything.rows:
        for name, value in surroundings(read_clip(voices / row.path)).items():
            measured.setdefault(name, []).append(value)
    honest = everything.labels == 0
    return {
        name: {
            "auc": auc(everything.labels, np.array(values)),
            "correlation": _rank_correlation(np.array(values)[honest], everything.logits[honest]),
        }
        for name, values in measured.items()
    }


def surroundings(clip: Samples) -> dict[str, float]:
    """Loudness; seconds; seconds before the sound comes within 30 dB of its loudest 20 ms; how far
    the quietest twentieth lies under the loudest 20 ms, dB; where the band ends, in bins of 15.6 Hz."""
    frames = clip[: len(clip) // 320 * 320].reshape(-1, 320)
    levels = 10 * np.log10(np.mean(frames.astype(np.float64) ** 2, axis=1) + 1e-10)
    power = np.mean(np.abs(np.fft.rfft(clip[: len(clip) // 1024 * 1024].reshape(-1, 1024), axis=1)) ** 2, axis=0)
    return {
        "loudness": float(np.sqrt(np.mean(clip**2))),
        "duration": len(clip) / SPEECH_RATE_HZ,
        "leading silence": float(np.argmax(levels > levels.max() - 30)) * 320 / SPEECH_RATE_HZ,
        "noise floor": float(np.percentile(levels, 5) - levels.max()),
        "band end": float(np.flatnonzero(power > power.max() * 1e-6)[-1]),
    }


def _rank_correlation(first: Floats, second: Floats) -> float:
    if len(np.unique(first)) < 2:
        return 0.0
    return float(spearmanr(first, second).statistic)


def by_system(everything: LeftOut) -> list[tuple[str, int, float]]:
    """Each system's clips against all honest clips of the same fold, hardest first."""
    found = []
    for system in sorted({row.system for row in everything.rows if row.is_fake}):
        own = np.array([row.is_fake and row.system == system for row in everything.rows])
        if own.sum() < LEAST_SYSTEM:
            continue
        folds = {row.fold for row, mine in zip(everything.rows, own, strict=True) if mine}
        against = np.array([not row.is_fake and row.fold in folds for row in everything.rows])
        kept = own | against
        found.append((system, int(own.sum()), auc(everything.labels[kept], everything.logits[kept])))
    return sorted(found, key=lambda item: item[2])


def within_sources(everything: LeftOut) -> list[tuple[str, int, int, float]]:
    """Honest against synthetic clips of one source: nothing about the source itself can help here."""
    found = []
    for source in sorted({row.source for row in everything.rows}):
        own = np.array([row.source == source for row in everything.rows])
        labels = everything.labels[own]
        if min((labels == 0).sum(), (labels == 1).sum()) >= LEAST_SYSTEM:
            found.append(
                (source, int((labels == 0).sum()), int((labels == 1).sum()), auc(labels, everything.logits[own]))
            )
    return sorted(found, key=lambda item: item[3])


def worst(everything: LeftOut) -> list[tuple[str, str, str, float]]:
    """The honest clips that sound most synthetic and the synthetic ones that sound most honest: no more than two of a
    speaker or system, so that no source fills the list."""
    found = []
    for is_fake in (False, True):
        seen: dict[str, int] = {}
        for index in np.argsort(everything.logits if is_fake else -everything.logits):
            row = everything.rows[index]
            key = f"{row.source}/{row.system if is_fake else row.speaker}"
            if row.is_fake is not is_fake or seen.get(key, 0) >= 2:
                continue
            seen[key] = seen.get(key, 0) + 1
            found.append(("fake" if is_fake else "real", row.source, row.system, float(everything.logits[index])))
            if sum(seen.values()) == WORST:
                break
    return found


# ------------------------------------------------------------------------------------------------ the whole


def probabilities(calibration: Calibration, logits: Floats) -> npt.NDArray[np.float64]:
    return np.array([calibration.file.p_fake(float(logit)) for logit in logits])


def origin_of(run: Path) -> tuple[str, str]:
    """What the shipped weights are, the final fit or, in the meantime, a fold's network; and that run's recipe."""
    final = provenance(WEIGHTS, run / "final")
    if final.startswith(MADE_BY):
        return f"{final} That run was fitted to every source.", recipe(run / "final")
    for fold in range(FOLDS):
        of_fold = provenance(WEIGHTS, run / f"fold{fold}")
        if of_fold.startswith(MADE_BY):
            return f"{of_fold} They are interim: one fold's network, not the fit to every source.", recipe(
                run / f"fold{fold}"
            )
    return final, "not recorded"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="audio")
    parser.add_argument("--pages", type=Path, default=PAGES)
    arguments = parser.parse_args()
    started = time.monotonic()
    run, voices = arguments.cache / "runs" / arguments.run, arguments.data / "voices"
    rows = read_manifest(voices)
    folds = finished_folds(run)
    everything = left_out(run, rows, folds)
    scores = everything.scores
    half = scores.where(scores.fitting_half)
    population = POPULATION.format(len(set(half.sources)))
    calibration = calibrate(half, half, population=population, false_alarm_rate=FALSE_ALARM_RATE)
    p_fake = probabilities(calibration, everything.logits)
    fold_of = np.array([row.fold for row in everything.rows])
    measured = [evaluated("all folds", scores, p_fake, whole_sources=True)]
    measured += [
        evaluated(f"fold {fold}", scores.where(fold_of == fold), p_fake[fold_of == fold], whole_sources=True)
        for fold in folds
    ]
    reporting = ~scores.fitting_half
    decided = errors(scores.labels[reporting], p_fake[reporting], calibration)
    systems, sources = by_system(everything), within_sources(everything)
    grid, serving = corruption_grid(run, voices, rows, folds, calibration)
    short = shortcuts(voices, LeftOut(everything.rows[::SHORTCUT_STRIDE], everything.logits[::SHORTCUT_STRIDE]))
    tables = {
        "measures": measures_table(measured, "left-out sources"),
        "errors": table(("", *ERROR_HEADER), [("reporting half", *decided.cells)]),
        "systems": table(("system", "clips", "AUC"), ((name, n, decimal(value)) for name, n, value in systems)),
        "sources": table(
            ("source", "real", "fake", "AUC"), ((name, n, m, decimal(value)) for name, n, m, value in sources)
        ),
        "grid": table(
            ("corruption", "AUC", "real called fake", "mean logit", "share scored"),
            ((name, *(decimal(value) for value in row.values())) for name, row in grid.items()),
        ),
        "shortcuts": table(
            ("number", "its own AUC", "rank correlation with the logit, honest clips"),
            ((name, *(decimal(value) for value in row.values())) for name, row in short.items()),
        ),
    }
    fair = balanced_weights(scores.labels, scores.sources)
    crossed = cross_fitted(scores, whole_sources=True)
    crossed_ece = ece(scores.labels, crossed, weights=fair)
    covered = risk_coverage(scores.labels, crossed)
    tradeoffs = {"all folds": (scores.labels, scores.logits)} | {
        f"fold {fold}": (scores.labels[fold_of == fold], scores.logits[fold_of == fold]) for fold in folds
    }
    draw_curves(arguments.pages / "audio.svg", scores.labels, crossed, fair, covered, tradeoffs)
    tables["crossed"] = decimal(crossed_ece, 3)
    tables["coverage"] = table(
        ("share decided, surest first", "share of those wrong"),
        ((percent(share), percent(risk)) for share, risk in covered if round(share * 100) % 20 == 0),
    )
    failures = worst(everything)
    tables["worst"] = table(
        ("truly", "source", "system", "logit"),
        ((truth, source, system, decimal(logit, 1)) for truth, source, system, logit in failures),
    )
    misses = [f"{name}: AUC {decimal(value)}" for name, _, value in systems[:5]]
    origin, _ = origin_of(run)
    coverage = f"{len(folds)} of {FOLDS} folds, {len(everything.rows)} of {len(rows)} clips"
    write_page(
        arguments.pages,
        "audio",
        page(tables, calibration, misses, origin, coverage, serving),
        {
            "model": {"name": NAME, "sha256": digest(WEIGHTS / "model.tflite")},
            "calibration": calibration.model_dump(mode="json"),
            "folds": list(folds),
            "left_out": [row.as_dict() for row in measured],
            "ece_15_cross_fitted": crossed_ece,
            "risk_coverage": [list(point) for point in covered],
            "systems": {name: value for name, _, value in systems},
            "within_sources": {name: value for name, _, _, value in sources},
            "corruptions": grid,
            "serving": serving,
            "shortcuts": short,
        },
    )
    print(f"evaluated {coverage} in {time.monotonic() - started:.0f} s")
    print(tables["measures"], tables["errors"], tables["grid"], tables["shortcuts"], serving, sep="\n")


if __name__ == "__main__":
    main()
