"""What each part of the recipe is worth: short fits that differ in one thing, and the shipped weights served otherwise.

`python -m training.faces.evaluation.ablation --data ../shared/data [--steps 200]` trains the cases, one after another,
each resumable, and writes `docs/evaluation/ablation.{md,json}`. Fits are short and of one seed: differences of a few
hundredths are within their noise.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from detectors.faces.detector import INPUT_PX
from detectors.faces.runtime import WEIGHTS
from detectors.runtime import ModelRuntime
from training.faces.data.batches import RECIPE, Recipe
from training.faces.data.dataset import FaceCache, open_cache
from training.faces.network.export import to_litert
from training.faces.network.train import Run, Schedule, left_out_sample, serving_crops
from training.metrics import auc
from training.reporting import PAGES, decimal, digest, table, write_page

if TYPE_CHECKING:
    import keras

SIZE_PX: Final = 160
SOURCES: Final = ("ffpp_c23", "dfdc", "generated", "ciplab")
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One fit: what differs, and how."""

    name: str
    slug: str
    schedule: Schedule
    recipe: Recipe = RECIPE


def cases(steps: int) -> tuple[Case, ...]:
    full = Schedule(steps=steps, warmup=steps // 8, sizes=((0.0, SIZE_PX),))
    labelled = replace(RECIPE, self_blends=0.0, swap_blends=0.0, resyntheses=0.0)
    own = replace(RECIPE, dfdc_pairs=0.0, ffpp_fakes=0.0, generated=0.0, ciplab=0.0)
    return (
        Case("the whole recipe", "whole", full),
        Case("no blends of our own, labelled fakes only", "fakes", full, labelled),
        Case("blends of our own only, no labelled fake", "blends", full, own),
        Case("no localisation term", "unlocated", replace(full, localisation=0.0)),
        Case("mixup of pictures and labels", "mixup", replace(full, mixup=0.3)),
        Case("high-pass residual instead of the picture", "residual", replace(full, residual=True)),
        Case("EfficientNet-Lite2 instead of Lite0", "lite2", replace(full, lite2=True)),
    )


def fitted(case: Case, data: Path, cache: Path, faces: FaceCache) -> dict[str, Figures]:
    """Figures of the averaged and of the last weights of a case; kept beside its checkpoint."""
    folder = cache / "runs" / f"ablation-{case.slug}-{case.schedule.steps}"
    result = folder / "result.json"
    if not result.exists():
        run = Run(folder, case.schedule, faces, resume=True)
        run.train(data, cache, case.recipe, evaluate_every=case.schedule.steps)
        found = {"averaged": run.evaluate(SIZE_PX), "last": run.evaluate(SIZE_PX, averaged=False)}
        result.write_text(json.dumps(found))
    kept: dict[str, Figures] = json.loads(result.read_text())
    return kept


def served(model: keras.Model, faces: FaceCache) -> Iterator[tuple[str, Figures]]:
    """The shipped weights at other input sizes and crop margins, and averaged over a mirrored copy."""
    open_model = _any_size(model)
    for size_px in (160, 192, 224):
        yield f"input {size_px} px", _figures(open_model, faces, size_px, 1.25)
    for margin in (1.1, 1.4):
        yield f"crop margin {margin}", _figures(open_model, faces, INPUT_PX, margin)
    yield "mean of the picture and its mirror image", _figures(open_model, faces, INPUT_PX, 1.25, mirrored=True)


def _any_size(model: keras.Model) -> keras.Model:
    from training.faces.network.backbone import build, pretrained

    opened = build(pretrained(), None, folded=True)
    opened.set_weights(model.get_weights())
    return opened


def _figures(model: keras.Model, faces: FaceCache, size_px: int, margin: float, *, mirrored: bool = False) -> Figures:
    found = {}
    for source in SOURCES:
        chosen = left_out_sample(faces, source)
        scores = []
        for k in range(0, len(chosen), 64):
            crops = serving_crops(faces, chosen[k : k + 64], size_px, margin)
            logits = model.predict_on_batch(crops).ravel()
            if mirrored:
                logits = (logits + model.predict_on_batch(crops[:, :, ::-1]).ravel()) / 2
            scores.append(logits)
        labels = np.array([int(faces.rows[i].is_fake) for i in chosen])
        found[source] = auc(labels, np.concatenate(scores))
    return found


def costs() -> Iterator[tuple[str, float]]:
    """Milliseconds of one core for a face by LiteRT; weights do not matter for it."""
    import keras

    from training.faces.network.backbone import LITE2_STAGES, build, pretrained_lite2

    side = (INPUT_PX, INPUT_PX, 3)
    networks: dict[str, Callable[[], keras.Model]] = {
        "EfficientNet-Lite0 (shipped)": lambda: keras.models.load_model(WEIGHTS / "model.keras", compile=False),
        "EfficientNet-Lite2": lambda: build(pretrained_lite2(), INPUT_PX, folded=True, stages=LITE2_STAGES),
        "MobileNetV3 large": lambda: keras.applications.MobileNetV3Large(side, weights=None, classes=1),
        "MobileNetV3 small": lambda: keras.applications.MobileNetV3Small(side, weights=None, classes=1),
        "EfficientNet-B0": lambda: keras.applications.EfficientNetB0(input_shape=side, weights=None, classes=1),
        "EfficientNet-B2": lambda: keras.applications.EfficientNetB2(input_shape=side, weights=None, classes=1),
    }
    for name, make in networks.items():
        yield name, _milliseconds(to_litert(make(), half=True))


def _milliseconds(content: bytes, rounds: int = 60) -> float:
    runtime = ModelRuntime(content)
    image = np.random.default_rng(0).uniform(0, 255, (1, INPUT_PX, INPUT_PX, 3)).astype(np.float32)
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        runtime.run(image)
        taken.append(time.process_time() - started)
    return 1000 * float(np.median(taken[5:]))


def page(tables: dict[str, str], steps: int, sha256: str) -> str:
    return f"""# What each part of the visual recipe is worth

    python -m training.faces.evaluation.ablation --data ../shared/data --steps {steps}

Written by that command. AUC over single frames of a fixed sample of the left-out groups.

## Fits that differ in one thing

From ImageNet weights, {steps} steps of 32 faces at {SIZE_PX} px, one seed: far from converged, so this says what helps
early, and differences of a few hundredths are noise.

{tables["fits"]}
## The shipped weights, served otherwise

Weights `{sha256[:12]}`, trained at {INPUT_PX} px and margins of 1.12 to 1.42, served at 1.25.

{tables["served"]}
## What other networks would cost

Processor time of a face at {INPUT_PX} px on one core, through LiteRT, half-precision weights. The goal is 10 ms.
Machines differ: compare within the table.
ImageNet weights of MobileNetV3 and of the B networks were out of reach, so their accuracy was not measured.

{tables["costs"]}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fits-only", action="store_true", help="train the cases and write nothing")
    arguments = parser.parse_args()
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    faces = open_cache(arguments.data, arguments.cache)
    fits = {case.name: fitted(case, arguments.data, arguments.cache, faces) for case in cases(arguments.steps)}
    if arguments.fits_only:
        return
    other = dict(served(keras.models.load_model(WEIGHTS / "model.keras", compile=False), faces))
    price = dict(costs())
    header = ("", "FF++ c23", "DFDC val", "generated", "Photoshop")
    averaged = [(name, *(decimal(found["averaged"][source]) for source in SOURCES)) for name, found in fits.items()]
    whole = next(iter(fits.values()))
    last = ("the whole recipe, last weights instead of their average", *(decimal(whole["last"][s]) for s in SOURCES))
    tables = {
        "fits": table(header, [averaged[0], last, *averaged[1:]]),
        "served": table(header, [(name, *(decimal(row[source]) for source in SOURCES)) for name, row in other.items()]),
        "costs": table(("network", "ms"), [(name, decimal(value, 1)) for name, value in price.items()]),
    }
    sha256 = digest(WEIGHTS / "model.tflite")
    figures = {"model_sha256": sha256, "steps": arguments.steps, "fits": fits, "served": other, "ms": price}
    write_page(arguments.pages, "ablation", page(tables, arguments.steps, sha256), figures)
    print(*tables.values(), sep="\n")


if __name__ == "__main__":
    main()
