"""Measure the explanations where the truth is known, and hold them to their own checks where it is not.

`python -m training.explanations.evaluate --data ../shared/data` writes `docs/evaluation/explanations.{md,json}`. It
runs the shipped detectors and the code that serves; about four minutes on one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from core.media import RgbImage
from core.types import Faithfulness
from detectors.audio import load_audio_detector
from detectors.audio_features import WINDOW_SAMPLES, fill_window, spectrogram
from detectors.calibration import Calibration
from detectors.visual import INPUT_PX, load_visual_detector
from detectors.visual_runtime import WEIGHTS
from explainers import lime
from explainers.visual import (
    GRAD_CAM,
    REFERENCE_METHODS,
    FaceAttribution,
    ReferenceMethod,
    explain_face,
    grad_cam,
    reference_map,
    second_opinion,
)
from tasks.targets import FaceTarget, face_target, speech_witness
from training.audio.dataset import read_clip
from training.audio.dataset import read_manifest as read_voices
from training.explanations.localisation import (
    Curves,
    KnownFace,
    Localisation,
    aligned,
    curves,
    known_change,
    known_faces,
    localise,
    served_crop,
)
from training.explanations.page import page
from training.reporting import PAGES, digest, write_page
from training.visual.dataset import FaceRow, read_manifest

SEED: Final = 17
REAL_FACES: Final = 48
"""Left-out honest faces, each blended once and explained once as it is."""
FAKE_FACES: Final = 48
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
    by_grad_cam: list[bool] = field(default_factory=list)

    def add(self, attribution: FaceAttribution, drawn: Curves | None = None) -> None:
        self.checks.append(attribution.faithfulness)
        self.by_grad_cam.append(attribution.method == GRAD_CAM)
        if drawn is not None:
            self.curves.append(drawn)


@dataclass(slots=True)
class Located:
    """Maps held to the truth."""

    found: list[Localisation] = field(default_factory=list)
    detected: list[bool] = field(default_factory=list)

    def only(self, detected: bool) -> list[Localisation]:
        return [each for each, seen in zip(self.found, self.detected, strict=True) if seen or not detected]

    def small(self) -> list[Localisation]:
        return [each for each in self.found if each.share < SMALL_SHARE]


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
    if held.by_grad_cam:
        figures["by_grad_cam"] = asdict(estimate(held.by_grad_cam))
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


# ------------------------------------------------------------------------------------------------ faces


def chosen(rows: Sequence[FaceRow], *, is_fake: bool, count: int) -> list[FaceRow]:
    """Left-out images, FaceForensics++ and DFDC in turn, the same ones every time, at most two of a video."""
    rng = np.random.default_rng(SEED)
    pools = []
    for dataset in ("ffpp_c23", "dfdc"):
        listed = [row for row in rows if row.held_out and row.is_fake == is_fake and row.dataset == dataset]
        order = [listed[index] for index in rng.permutation(len(listed))]
        taken: dict[str, int] = {}
        kept = []
        for row in order:
            taken[row.video] = taken.get(row.video, 0) + 1
            if taken[row.video] <= 2:
                kept.append(row)
        pools.append(kept[: count // 2])
    return [row for pair in zip(*pools, strict=False) for row in pair]


def faces(data: Path) -> dict[str, object]:
    """Localisation on self-blends; checks on real fakes and on honest faces; agreement with tf-keras-vis."""
    rows = read_manifest(data / "faces")
    target = face_target(load_visual_detector(device="cpu", threads=1))
    threshold = Calibration.read(WEIGHTS / "calibration.json")
    honest = list(known_faces(data / "faces", chosen(rows, is_fake=False, count=REAL_FACES)))
    forged = list(known_faces(data / "faces", chosen(rows, is_fake=True, count=FAKE_FACES)))
    rng = np.random.default_rng(SEED)
    plain, served, blends = Located(), Located(), Held()
    for number, face in enumerate(honest):
        change = known_change(face, INPUT_PX, rng)
        if change is None:
            continue
        mapped = grad_cam(target, aligned(change.pixels), seed=number, shuffled=target.shuffled)
        shown = explain_face(target, aligned(change.pixels), seed=number, shuffled=target.shuffled)
        is_detected = threshold.sample.p_fake(mapped.logit) >= threshold.fake
        for kept, attribution in ((plain, mapped), (served, shown)):
            kept.found.append(localise(attribution, change))
            kept.detected.append(is_detected)
        blends.add(shown)
    return {
        "model": digest(WEIGHTS / "model.tflite"),
        "grad_cam": located(plain.only(detected=False)),
        "grad_cam_detected": located(plain.only(detected=True)),
        "served": located(served.only(detected=False)),
        "served_detected": located(served.only(detected=True)),
        "served_small": located(served.small()),
        "blends": checked(blends),
        "fakes": checked(_held(target, forged, rng)),
        "honest": checked(_held(target, honest[: REAL_FACES // 2], rng)),
        "references": _references(target, [served_crop(face, INPUT_PX) for face in forged[:OPINIONS]]),
    }


def _held(target: FaceTarget, known: Sequence[KnownFace], rng: np.random.Generator) -> Held:
    held = Held()
    for number, face in enumerate(known):
        pixels = served_crop(face, INPUT_PX)
        attribution = explain_face(target, aligned(pixels), seed=number, shuffled=target.shuffled)
        held.add(attribution, curves(target, pixels, attribution.heat, rng) if attribution.heat.any() else None)
    return held


def _references(target: FaceTarget, crops: Sequence[RgbImage]) -> dict[str, object]:
    """How far the closed form is from tf-keras-vis, and how other methods rank the same cells."""
    network = target.network()
    inputs = np.stack(crops)
    closed = np.maximum(target.activations(inputs).maps, 0)
    peaks = closed.max(axis=(1, 2), keepdims=True)
    closed = np.divide(closed, peaks, out=np.zeros_like(closed), where=peaks > 0)
    difference = np.abs(closed - reference_map(network, inputs.astype(np.float32), "gradcam")).max()
    names: tuple[ReferenceMethod, ...] = ("gradcam++", "scorecam")
    agreement = {
        REFERENCE_METHODS[name]: asdict(
            estimate(
                [second_opinion(target, network, aligned(crop), name, first=GRAD_CAM, seed=0)[1] for crop in crops]
            )
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
    witness = speech_witness(load_audio_detector(threads=1))
    clips = [read_clip(data / "voices" / by_system[str(name)].path)[:WINDOW_SAMPLES] for name in names]
    planes = spectrogram(np.stack([fill_window(clip) for clip in clips]))
    held, errors, agreements, fits = Held(), [], [], []
    for number, plane in enumerate(planes):
        (account,) = witness.explainer.explain(plane[None], seed=number)
        held.checks.append(account.faithfulness)
        errors.append(account.additivity_error)
        if number < SECOND_VOICES:
            told = lime.second_opinion(witness.target, plane, account, seed=number)
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
