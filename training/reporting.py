"""How evaluations are written down: tables for people, the same numbers as JSON, and what the model cards repeat."""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.calibration import Calibration
from training.calibration import Scores
from training.metrics import Interval, Measures, auc, brier, ece, eer, grouped_bootstrap, measure, tpr_at_fpr

DRAWS: Final = 300
PAGES: Final = Path("docs/evaluation")
MADE_BY: Final = "The averaged weights of run"

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Row:
    """One population's figures. ECE and Brier are of its reporting half alone, the rest of all its left-out groups."""

    name: str
    measures: Measures
    auc_interval: Interval
    eer_interval: Interval
    tpr_at_5_interval: Interval
    ece_interval: Interval
    groups: int

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def evaluated(name: str, scores: Scores, p_fake: Floats, *, whole_sources: bool = False) -> Row:
    """All measures of one population with 95 % intervals over its groups, or over `whole_sources`."""
    groups = [
        source if whole_sources else f"{source}/{group}"
        for source, group in zip(scores.sources, scores.groups, strict=True)
    ]
    reporting = ~scores.fitting_half
    whole = measure(scores.labels, p_fake)
    calibrated = bool(reporting.any())
    measures = replace(
        whole,
        ece_15=ece(scores.labels[reporting], p_fake[reporting]) if calibrated else math.nan,
        brier=brier(scores.labels[reporting], p_fake[reporting]) if calibrated else math.nan,
    )

    def interval(statistic: Callable[[Labels, Floats], float]) -> Interval:
        return grouped_bootstrap(statistic, scores.labels, p_fake, groups, draws=DRAWS)

    return Row(
        name=name,
        measures=measures,
        auc_interval=interval(auc),
        eer_interval=interval(eer),
        tpr_at_5_interval=interval(lambda labels, values: tpr_at_fpr(labels, values, 0.05)),
        ece_interval=grouped_bootstrap(
            ece,
            scores.labels[reporting],
            p_fake[reporting],
            [group for group, kept in zip(groups, reporting, strict=True) if kept],
            draws=DRAWS,
        )
        if calibrated
        else Interval(math.nan, math.nan),
        groups=len(set(groups)),
    )


def decimal(value: float, digits: int = 2) -> str:
    return "–" if not math.isfinite(value) else f"{value:.{digits}f}"


def percent(value: float) -> str:
    return "–" if not math.isfinite(value) else f"{100 * value:.0f} %"


def within(value: float, interval: Interval) -> str:
    return f"{decimal(value)} ({decimal(interval.low)}–{decimal(interval.high)})"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def measures_table(rows: Sequence[Row], unit: str) -> str:
    header = (unit, "real", "fake", "groups", "AUC", "EER", "TPR at 1 % FPR", "TPR at 5 % FPR", "ECE-15", "Brier")
    return table(
        header,
        (
            (
                row.name,
                row.measures.n_real,
                row.measures.n_fake,
                row.groups,
                within(row.measures.auc, row.auc_interval),
                within(row.measures.eer, row.eer_interval),
                decimal(row.measures.tpr_at_1),
                within(row.measures.tpr_at_5, row.tpr_at_5_interval),
                within(row.measures.ece_15, row.ece_interval),
                decimal(row.measures.brier),
            )
            for row in rows
        ),
    )


@dataclass(frozen=True, slots=True)
class Errors:
    """What the thresholds do on the reporting half, in shares of each class."""

    false_alarms: float
    misses: float
    undecided_real: float
    undecided_fake: float

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return (
            percent(self.false_alarms),
            percent(self.misses),
            percent(self.undecided_real),
            percent(self.undecided_fake),
        )


ERROR_HEADER: Final = ("real called fake", "fake called real", "real undecided", "fake undecided")


def errors(labels: Labels, p_fake: Floats, calibration: Calibration) -> Errors:
    honest, forged = p_fake[labels == 0], p_fake[labels == 1]

    def share(chosen: npt.NDArray[np.bool_]) -> float:
        return float(chosen.mean()) if len(chosen) else math.nan

    return Errors(
        false_alarms=share(honest >= calibration.fake),
        misses=share(forged <= calibration.real),
        undecided_real=share((honest < calibration.fake) & (honest > calibration.real)),
        undecided_fake=share((forged < calibration.fake) & (forged > calibration.real)),
    )


def write_page(folder: Path, name: str, markdown: str, figures: dict[str, object]) -> None:
    """`<name>.md` and `<name>.json`; what is not a number becomes null."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(markdown)
    (folder / f"{name}.json").write_text(json.dumps(_finite(figures), indent=1, sort_keys=True) + "\n")


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float):
        return round(value, 5) if math.isfinite(value) else None
    return value


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance(weights: Path, run: Path) -> str:
    """Which run the shipped weights come from, established by comparing their last layer with its checkpoint."""
    checkpoint = run / "checkpoint.npz"
    if not checkpoint.exists():
        return "The run that made these weights is not at hand."
    with np.load(checkpoint) as stored:
        last = max(int(name[1:]) for name in stored.files if name.startswith("a"))
        kernel, step = np.asarray(stored[f"a{last - 1}"], np.float32), int(stored["step"])
    rounded = kernel.astype(np.float16).astype(np.float32)
    for held in _arrays(weights / "model.keras"):
        if held.shape == kernel.shape and (np.array_equal(held, kernel) or np.array_equal(held, rounded)):
            return f"{MADE_BY} `{run.name}` after {step} steps."
    return f"Interim weights: they are not those that run `{run.name}` holds after {step} steps, which has gone on."


def _arrays(archive: Path) -> list[npt.NDArray[np.float32]]:
    import h5py

    found: list[npt.NDArray[np.float32]] = []
    with zipfile.ZipFile(archive) as opened, h5py.File(io.BytesIO(opened.read("model.weights.h5"))) as stored:
        stored.visititems(lambda _, item: found.append(np.asarray(item)) if isinstance(item, h5py.Dataset) else None)
    return found


def recipe(run: Path) -> str:
    """The run's recipe as one line of JSON, or that there is none."""
    path = run / "recipe.json"
    return json.dumps(json.loads(path.read_text())) if path.exists() else "not recorded"
