"""Evaluate the committed visual detector on left-out groups, through the code that serves.

`python -m training.faces.evaluation.detector --data ../shared/data [--calibrate]` writes
`docs/evaluation/visual.{md,json}` and the model card; `--calibrate` first fits `calibration.json` on one half of the
left-out groups.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from detectors.calibration import Calibration
from detectors.faces.detector import INPUT_PX, NAME, FaceManipulationDetector, load_visual_detector
from detectors.faces.geometry import crop_face, sharpness
from detectors.faces.runtime import WEIGHTS
from detectors.media.extraction import decode_image
from training.calibration import Scores, balanced_weights, calibrate, cross_fitted, write
from training.curves import draw_curves, risk_coverage
from training.faces.data.dataset import read_manifest
from training.faces.data.left_out import STILLS, File, Seen, degraded, grid_files, left_out_files, observe
from training.faces.evaluation.pages import card, page
from training.faces.evaluation.pooling import pooling_rules
from training.faces.network import familiarity
from training.faces.pictures.corruptions import CORRUPTIONS, Encoder, equal_size
from training.metrics import auc, ece
from training.reporting import (
    ERROR_HEADER,
    PAGES,
    Row,
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

MISMATCHED: Final = ("ciplab", "generated")
"""Sources whose honest and forged stills differ in size."""
POPULATION: Final = (
    "left-out groups of FaceForensics++ c23 videos and of DFDC, Photoshop and generated-face stills, "
    "each as it is and once more compressed, shrunk, blurred or noisy"
)


# ------------------------------------------------------------------------------------------------ corruptions


def corruption_grid(
    detector: FaceManipulationDetector, faces: Path, files: Sequence[File], calibration: Calibration
) -> dict[str, dict[str, float]]:
    """By corruption: AUC of FF++ videos and of the stills, and the share of honest files at or above `fake`."""
    grid = {}
    for name, encode in CORRUPTIONS.items():
        seen = Seen(list(files), [observe(detector, faces, file, encode) for file in files])
        scores = seen.mean_scores()
        videos = np.array([source == "ffpp_c23" for source in scores.sources])
        by_still = [
            auc(part.labels, part.logits)
            for source in STILLS
            for part in [scores.where(np.array([name == source for name in scores.sources]))]
        ]
        p_fake = probabilities(calibration, scores)
        grid[name] = {
            "ffpp_c23": auc(scores.labels[videos], scores.logits[videos]),
            "stills": float(np.mean(by_still)),
            "false_alarms": float(np.mean(p_fake[scores.labels == 0] >= calibration.fake)),
            "mean_shift": float(np.mean(scores.logits)),
        }
    return grid


# ------------------------------------------------------------------------------------------------ shortcuts


def shortcuts(faces: Path, files: Sequence[File], encode: Encoder | None = None) -> dict[str, dict[str, float]]:
    """AUC by source of single numbers that must not give the label away; by the middle frame of each file."""
    named: dict[str, dict[str, list[float]]] = {}
    labels: dict[str, list[int]] = {}
    for file in files:
        encoded = (faces / file.paths[len(file.paths) // 2]).read_bytes()
        if encode is not None:
            encoded = encode(decode_image(encoded))
        image = decode_image(encoded)
        values = {
            "shorter side": float(min(image.shape[:2])),
            "file size": float(len(encoded)),
            "sharpness at the model's size": sharpness(crop_face(image, None, INPUT_PX).image),
            "brightness": float(image.mean()),
        }
        labels.setdefault(file.source, []).append(int(file.is_fake))
        for name, value in values.items():
            named.setdefault(file.source, {}).setdefault(name, []).append(value)
    return {
        source: {name: auc(np.array(labels[source]), np.array(column)) for name, column in columns.items()}
        for source, columns in named.items()
    }


# ------------------------------------------------------------------------------------------------ failures


def gallery(faces: Path, seen: Seen, pooled: Scores, out: Path) -> None:
    """The worst errors on one sheet, for those who may see the data: it stays beside the cache, out of the tree."""
    listed = list(seen.observed())
    rows = []
    for label in (0, 1):
        wrong = np.argsort(pooled.logits * (1 if label else -1))
        chosen = [int(index) for index in wrong if pooled.labels[index] == label][:12]
        tiles = []
        for index in chosen:
            path = faces / listed[index][0].paths[len(listed[index][0].paths) // 2]
            tile = cv2.resize(decode_image(path.read_bytes()), (160, 160), interpolation=cv2.INTER_AREA)
            caption = f"{listed[index][0].source} {pooled.logits[index]:+.1f}"
            cv2.putText(tile, caption, (4, 152), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 0), 1, cv2.LINE_AA)
            tiles.append(tile)
        rows.append(np.hstack(tiles))
    out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(out), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


# ------------------------------------------------------------------------------------------------ the whole


def probabilities(calibration: Calibration, scores: Scores) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([calibration.file.p_fake(float(logit)) for logit in scores.logits])


def populations(scores: Scores, methods: Sequence[str], calibration: Calibration) -> list[Row]:
    """FF++ as a whole and by method (against all its reals), then each source of stills."""
    sources, method = np.array(scores.sources), np.array(methods)
    ffpp = sources == "ffpp_c23"
    wanted = {"FF++ c23, all": ffpp}
    wanted |= {
        f"FF++ c23, {name}": ffpp & ((scores.labels == 0) | (method == name))
        for name in sorted(set(method[ffpp & (scores.labels == 1)]))
    }
    wanted |= {
        "DFDC val": sources == "dfdc",
        "generated faces": sources == "generated",
        "Photoshop": sources == "ciplab",
    }
    return [evaluated(name, part, probabilities(calibration, part)) for name, mask in wanted.items()
            for part in [scores.where(mask)]]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="visual")
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--calibrate", action="store_true")
    arguments = parser.parse_args()
    started = time.monotonic()
    faces = arguments.data / "faces"
    files = left_out_files(read_manifest(faces))
    if arguments.calibrate:
        familiarity.write(familiarity.fit(familiarity.known_textures(faces, files)), WEIGHTS / "familiarity.json")
    detector = load_visual_detector(device="cpu", threads=1)
    seen = Seen(list(files), [observe(detector, faces, file, None) for file in files])
    pooled, frames = seen.file_scores(detector), seen.frame_scores()
    if arguments.calibrate:
        again = degraded(detector, faces, files)
        samples, whole = frames.joined(again.frame_scores()), pooled.joined(again.file_scores(detector))
        fitted = calibrate(samples.where(samples.fitting_half), whole.where(whole.fitting_half), population=POPULATION)
        write(fitted, WEIGHTS / "calibration.json")
    calibration = Calibration.read(WEIGHTS / "calibration.json")
    methods = [file.method for file, _ in seen.observed()]
    by_mean = populations(seen.mean_scores(), methods, calibration)
    by_file = populations(pooled, methods, calibration)
    stills = tuple(file for file in files if file.source in MISMATCHED)
    equalised = Seen(list(stills), [observe(detector, faces, file, equal_size) for file in stills])
    by_file += [
        evaluated(f"{name}, sizes equalised", part, probabilities(calibration, part))
        for source, name in (("generated", "generated faces"), ("ciplab", "Photoshop"))
        for whole in [equalised.file_scores(detector)]
        for part in [whole.where(np.array([each == source for each in whole.sources]))]
    ]
    reporting = pooled.where(~pooled.fitting_half)
    decided = {
        source: errors(part.labels, probabilities(calibration, part), calibration)
        for source in (*STILLS, "ffpp_c23")
        for part in [reporting.where(np.array([name == source for name in reporting.sources]))]
    }
    strange = familiarity.strangeness_table(faces, files)
    grid = corruption_grid(detector, faces, grid_files(files), calibration)
    rules = pooling_rules((f.group, f.is_fake, o.faces) for f, o in seen.observed() if f.source == "ffpp_c23")
    fair = balanced_weights(pooled.labels, pooled.sources)
    crossed = cross_fitted(pooled)
    crossed_ece = ece(pooled.labels, crossed, weights=fair)
    covered = risk_coverage(reporting.labels, probabilities(calibration, reporting))
    draw_curves(arguments.pages / "visual.svg", pooled.labels, crossed, fair, covered)
    gallery(faces, seen, pooled, arguments.cache / "gallery-visual.png")
    short = shortcuts(faces, files)
    short |= {f"{name}, sizes equalised": row for name, row in shortcuts(faces, stills, equal_size).items()}
    worst = sorted((row for row in by_file if row.measures.n_fake), key=lambda row: row.measures.auc)[:3]
    misses = [f"{row.name}: AUC {decimal(row.measures.auc)}" for row in worst]
    figures: dict[str, object] = {
        "model": {"name": NAME, "sha256": digest(WEIGHTS / "model.tflite")},
        "calibration": calibration.model_dump(mode="json"),
        "files": {"scored": len(pooled.labels), "listed": len(files)},
        "video_mean": [row.as_dict() for row in by_mean],
        "file_score": [row.as_dict() for row in by_file],
        "corruptions": grid,
        "shortcuts": short,
        "pooling": rules,
        "familiarity": strange,
        "ece_15_cross_fitted": crossed_ece,
        "risk_coverage": [list(point) for point in covered],
    }
    tables = {
        "mean": measures_table(by_mean, "left-out groups"),
        "file": measures_table(by_file, "left-out groups"),
        "errors": table(("left-out groups", *ERROR_HEADER), ((name, *found.cells) for name, found in decided.items())),
        "grid": table(
            ("corruption", "AUC of FF++ videos", "mean AUC of stills", "real called fake", "mean logit"),
            ((name, *(decimal(value) for value in row.values())) for name, row in grid.items()),
        ),
        "shortcuts": table(
            ("source", *next(iter(short.values()))),
            ((source, *(decimal(value) for value in row.values())) for source, row in short.items()),
        ),
    }
    tables["pooling"] = table(
        ("rule", "AUC, all frames altered", "AUC, a quarter altered"),
        ((name, *(decimal(value, 3) for value in row)) for name, row in rules.items()),
    )
    tables["coverage"] = table(
        ("share decided, surest first", "share of those wrong"),
        ((percent(share), percent(risk)) for share, risk in covered if round(share * 100) % 20 == 0),
    )
    tables["strange"] = table(
        ("pictures", "number", "called unfamiliar"),
        ((name, str(row["pictures"]), percent(row["unfamiliar"])) for name, row in strange.items()),
    )
    tables["crossed"] = decimal(crossed_ece, 3)
    origin, how = (
        provenance(WEIGHTS, arguments.cache / "runs" / arguments.run),
        recipe(arguments.cache / "runs" / arguments.run),
    )
    write_page(arguments.pages, "visual", page(tables, calibration, misses, origin), figures)
    (WEIGHTS / "card.md").write_text(card(tables, calibration, misses, origin, how, digest(WEIGHTS / "model.tflite")))
    print(f"evaluated {len(files)} files in {time.monotonic() - started:.0f} s")
    print(tables["file"], tables["errors"], tables["grid"], tables["shortcuts"], sep="\n")


if __name__ == "__main__":
    main()
