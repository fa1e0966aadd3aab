"""Measure the explanations where the truth is known, and hold them to their own checks where it is not.

`python -m training.explanations.evaluate --data ../shared/data` writes `docs/evaluation/explanations.{md,json}`. It
runs the shipped detectors and the code that serves; about four minutes on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.media import AlignedFace
from core.types import Faithfulness
from detectors.calibration import Calibration
from detectors.faces.detector import INPUT_PX, load_visual_detector
from detectors.faces.runtime import WEIGHTS
from detectors.voice.detector import load_audio_detector
from detectors.voice.features import WINDOW_SAMPLES, fill_window, spectrogram
from explainers.faces.attribution import (
    REFERENCE_METHODS,
    ReferenceMethod,
    activated,
    explain_face,
    place_of,
    placed,
    reference_map,
    second_opinion,
)
from explainers.targets import FaceModel
from explainers.voice import lime
from explainers.voice.attribution import speech_explainer
from training.explanations.localisation import (
    Curves,
    KnownFace,
    Localisation,
    curves,
    known_change,
    known_faces,
    localise,
    occlusion_map,
    served_face,
)
from training.explanations.page import page
from training.explanations.undoing import Undone, change_blurred, change_undone, known_pairs, undone
from training.faces.data.dataset import FaceRow, read_manifest
from training.reporting import PAGES, digest, write_page
from training.voice.data.dataset import read_clip
from training.voice.data.dataset import read_manifest as read_voices

SEED: Final = 17
REAL_FACES: Final = 48
"""Left-out honest faces, each blended once and explained once as it is."""
FAKE_FACES: Final = 48
PAIRS: Final = 40
"""Real fakes beside the very picture that they were made of."""
OPINIONS: Final = 6
VOICES: Final = 16
"""Fakes explained, each of another system."""
SECOND_VOICES: Final = 4
SMALL_SHARE: Final = 0.25
"""Of the crop: changes below it (a mouth, the eyes) are where a centred blob does not help."""
DRAWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % bootstrap interval over faces or clips; `count` of them."""

    value: float
    low: float
    high: float
    count: int


def estimate(values: Sequence[float | bool]) -> Estimate:
    """Of no values: not a number."""
    given = np.asarray(values, np.float64)
    if len(given) == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    draws = np.random.default_rng(SEED).choice(given, (DRAWS, len(given))).mean(axis=1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return Estimate(float(given.mean()), float(low), float(high), len(given))


@dataclass(slots=True)
class Held:
    """Maps held to their checks."""

    checks: list[Faithfulness] = field(default_factory=list)
    curves: list[Curves] = field(default_factory=list)

    def add(self, check: Faithfulness, drawn: Curves | None = None) -> None:
        self.checks.append(check)
        if drawn is not None:
            self.curves.append(drawn)


@dataclass(slots=True)
class Located:
    """Maps held to the truth, and what is known of their faces."""

    found: list[Localisation] = field(default_factory=list)
    detected: list[bool] = field(default_factory=list)
    relied_on: list[bool] = field(default_factory=list)

    def of(self, kept: Sequence[bool]) -> list[Localisation]:
        return [each for each, keep in zip(self.found, kept, strict=True) if keep]

    @property
    def small(self) -> list[bool]:
        return [each.share < SMALL_SHARE for each in self.found]


def checked(held: Held) -> dict[str, object]:
    """What the checks say of many maps."""
    returned = [each for each in held.checks if each.insertion_rise is not None and each.random_rise is not None]
    alike = [each.weights_correlation for each in held.checks if each.weights_correlation is not None]
    figures: dict[str, object] = {
        "deletion_better": asdict(estimate([each.deletion_drop > each.random_drop for each in held.checks])),
        "deletion_beats_nine_in_ten": asdict(estimate([(each.beaten_share or 0) >= 0.9 for each in held.checks])),
        "insertion_better": asdict(
            estimate([(each.insertion_rise or 0) > (each.random_rise or 0) for each in returned])
        ),
        "weights_correlation": asdict(estimate(alike)),
        "weights_correlation_most": max(alike, default=np.nan),
        "relied_on": asdict(estimate([each.reliable for each in held.checks])),
    }
    steady = [each.steadiness for each in held.checks if each.steadiness is not None]
    if steady:
        figures["steadiness"] = asdict(estimate(steady))
    if held.curves:
        for name in ("deletion", "random_deletion", "insertion", "random_insertion"):
            figures[f"curve_{name}"] = asdict(estimate([getattr(each, name) for each in held.curves]))
    return figures


def located(found: Sequence[Localisation]) -> dict[str, object]:
    """Pointing game and overlap, beside those of a centred blob."""
    iou, prior = (float(np.mean([getattr(each, name) for each in found] or [np.nan])) for name in ("iou", "prior_iou"))
    return {
        "hit": asdict(estimate([each.hit for each in found])),
        "prior_hit": asdict(estimate([each.prior_hit for each in found])),
        "iou": asdict(estimate([each.iou for each in found])),
        "prior_iou": asdict(estimate([each.prior_iou for each in found])),
        "iou_over_prior": iou / prior if prior else np.nan,
    }


def treated(found: Sequence[Undone]) -> dict[str, object]:
    """How often it was better here than elsewhere, and how far the logit fell."""
    return {
        "better": asdict(estimate([each.is_better for each in found])),
        "here": asdict(estimate([each.here for each in found])),
        "elsewhere": asdict(estimate([each.elsewhere for each in found])),
    }


# ------------------------------------------------------------------------------------------------ faces


def is_reported(row: FaceRow) -> bool:
    """One half of the groups, by their hash. The serving rule was chosen on the other half."""
    return hashlib.sha256(f"{row.dataset}/{row.group}".encode()).digest()[0] % 2 == 1


def chosen(rows: Sequence[FaceRow], *, is_fake: bool, count: int) -> list[FaceRow]:
    """Left-out images, the same ones every time, at most two of a video: half of FaceForensics++, which may not hold as
    many, and the rest of DFDC."""
    rng = np.random.default_rng(SEED)
    pools: list[list[FaceRow]] = []
    for dataset in ("ffpp_c23", "dfdc"):
        listed = [
            row
            for row in rows
            if row.held_out and row.is_fake == is_fake and row.dataset == dataset and is_reported(row)
        ]
        taken: dict[str, int] = {}
        kept = []
        for row in (listed[index] for index in rng.permutation(len(listed))):
            taken[row.video] = taken.get(row.video, 0) + 1
            if taken[row.video] <= 2:
                kept.append(row)
        pools.append(kept)
    first = pools[0][: count // 2]
    return [*first, *pools[1][: count - len(first)]]


def faces(data: Path) -> dict[str, object]:
    """Localisation on self-blends; checks on real fakes and on honest faces; agreement with tf-keras-vis."""
    rows = read_manifest(data / "faces")
    target = load_visual_detector(device="cpu", threads=1)
    honest = list(known_faces(data / "faces", chosen(rows, is_fake=False, count=REAL_FACES)))
    forged = list(known_faces(data / "faces", chosen(rows, is_fake=True, count=FAKE_FACES)))
    rng = np.random.default_rng(SEED)
    return {
        "model": digest(WEIGHTS / "model.tflite"),
        **_blends(target, honest, rng),
        "fakes": checked(_held(target, forged, rng)),
        "honest": checked(_held(target, honest[::2], rng)),
        "pairs": _pairs(target, data / "faces", [row for row in rows if is_reported(row)]),
        "references": _references(target, [served_face(face, INPUT_PX) for face in forged[:OPINIONS]]),
    }


def _blends(target: FaceModel, honest: Sequence[KnownFace], rng: np.random.Generator) -> dict[str, object]:
    """Maps of changes that are known: where they point, and what undoing and erasing do."""
    threshold = Calibration.read(WEIGHTS / "calibration.json")
    served, plain, place, occluded, held = Located(), Located(), Located(), Located(), Held()
    by_map: list[Undone] = []
    by_truth: list[Undone] = []
    by_blur: list[Undone] = []
    for number, known in enumerate(honest):
        change = known_change(known, INPUT_PX, rng)
        if change is None:
            continue
        face, size = change.face, change.face.pixels.shape[:2]
        shown = explain_face(target, face, seed=number, shuffled=target.shuffled)
        is_detected = threshold.sample.p_fake(shown.logit) >= threshold.fake
        bare = np.maximum(activated(target, face)[1], 0)
        heats = (
            (served, shown.heat),
            (plain, cv2.resize(bare, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)),
            (place, placed(np.ones((1, 1), np.float32), place_of(face))),
            (occluded, occlusion_map(target, face.pixels)),
        )
        for kept, heat in heats:
            kept.found.append(localise(heat, change))
            kept.detected.append(is_detected)
            kept.relied_on.append(shown.faithfulness.reliable)
        held.add(shown.faithfulness)
        if shown.heat.any():
            by_map.append(undone(target, face, change.original, shown.heat, number))
        by_truth.append(change_undone(target, face, change.original, change.changed, number))
        by_blur.append(change_blurred(target, face, change.changed, number))
    return {
        "served": located(served.found),
        "served_detected": located(served.of(served.detected)),
        "served_relied_on": located(served.of(served.relied_on)),
        "served_small": located(served.of(served.small)),
        "grad_cam": located(plain.found),
        "grad_cam_small": located(plain.of(plain.small)),
        "place": located(place.found),
        "place_small": located(place.of(place.small)),
        "occlusion": located(occluded.found),
        "blends": checked(held),
        "undone_by_map": treated(by_map),
        "undone_by_truth": treated(by_truth),
        "blurred_by_truth": treated(by_blur),
    }


def _pairs(target: FaceModel, folder: Path, rows: Sequence[FaceRow]) -> dict[str, object]:
    """Real fakes undone where their map is strongest: all, and those that speak for manipulation."""
    found, speaking = [], []
    for number, pair in enumerate(known_pairs(folder, rows, INPUT_PX, PAIRS, SEED)):
        shown = explain_face(target, pair.face, seed=number)
        if shown.heat.any():
            fall = undone(target, pair.face, pair.original, shown.heat, number)
            found.append(fall)
            if shown.logit > 0:
                speaking.append(fall)
    return {"all": treated(found), "speaking": treated(speaking)}


def _held(target: FaceModel, known: Sequence[KnownFace], rng: np.random.Generator) -> Held:
    held = Held()
    for number, each in enumerate(known):
        face = served_face(each, INPUT_PX)
        shown = explain_face(target, face, seed=number, shuffled=target.shuffled)
        drawn = curves(target, face.pixels, shown.heat, rng) if shown.heat.any() else None
        held.add(shown.faithfulness, drawn)
    return held


def _references(target: FaceModel, shown: Sequence[AlignedFace]) -> dict[str, object]:
    """How far the closed form is from tf-keras-vis, and how other methods rank the same cells."""
    network = target.network()
    inputs = np.stack([face.pixels for face in shown])
    closed = np.maximum(target.activations(inputs).maps, 0)
    peaks = closed.max(axis=(1, 2), keepdims=True)
    closed = np.divide(closed, peaks, out=np.zeros_like(closed), where=peaks > 0)
    difference = np.abs(closed - reference_map(network, inputs.astype(np.float32), "gradcam")).max()
    names: tuple[ReferenceMethod, ...] = ("gradcam++", "scorecam")
    agreement = {
        REFERENCE_METHODS[name]: asdict(
            estimate([second_opinion(target, network, face, name, seed=0)[1] for face in shown])
        )
        for name in names
    }
    return {"closed_form_difference": float(difference), "agreement": agreement}


# ------------------------------------------------------------------------------------------------ voices


def voices(data: Path) -> dict[str, object]:
    """SHAP on synthetic voices: its checks, the error of its sum, and LIME's agreement."""
    rows = sorted((row for row in read_voices(data / "voices") if row.is_fake), key=lambda row: row.path)
    by_system = {row.system: row for row in reversed(rows)}
    names = np.random.default_rng(SEED).permutation(sorted(by_system))[:VOICES]
    model = load_audio_detector(threads=1)
    explainer = speech_explainer(model)
    clips = [read_clip(data / "voices" / by_system[str(name)].path)[:WINDOW_SAMPLES] for name in names]
    planes = spectrogram(np.stack([fill_window(clip) for clip in clips]))
    held, errors, agreements, fits = Held(), [], [], []
    for number, plane in enumerate(planes):
        (account,) = explainer.explain(plane[None], seed=number)
        held.checks.append(account.faithfulness)
        errors.append(account.additivity_error)
        if number < SECOND_VOICES:
            told = lime.second_opinion(model, plane, account, seed=number)
            agreements.append(told.agreement)
            fits.append(told.fit)
    return {
        "windows": checked(held),
        "additivity_error_most": max(errors),
        "lime_agreement": asdict(estimate(agreements)),
        "lime_fit": asdict(estimate(fits)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=Path, default=PAGES)
    arguments = parser.parse_args()
    started = time.perf_counter()
    figures: dict[str, object] = {"faces": faces(arguments.data)}
    print(f"faces after {time.perf_counter() - started:.0f} s", flush=True)
    figures["voices"] = voices(arguments.data)
    write_page(arguments.pages, "explanations", page(figures), figures)
    print(f"written after {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
