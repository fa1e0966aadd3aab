"""Does a heatmap find what was changed? Measured on self-blended faces, whose masks are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from detectors.faces import Face, crop_face
from explainers.faithfulness import strongest_area
from explainers.targets import ActivationModel, AlignedFace, BoolArray, FloatArray
from explainers.visual import explain_face
from training.visual.blending import self_blend
from training.visual.dataset import FaceCache

CHANGED: Final = 0.5
"""A pixel counts as changed where the blend's mask exceeds this."""
DETECTED_LOGIT: Final = 0.0
LARGEST_SHARE: Final = 0.6
"""Of the crop: larger masks are hit by chance and left out."""


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A pseudo-fake as the detector sees it. pixels: (S, S, 3) uint8; changed: (S, S), never empty."""

    pixels: RgbImage
    changed: BoolArray


@dataclass(frozen=True, slots=True)
class Localisation:
    """How one map did. `iou` is of its strongest area, as large as the change; `prior_iou` that of a centred blob."""

    logit: float
    hit: bool
    prior_hit: bool
    iou: float
    prior_iou: float
    reliable: bool
    beats_random: bool


def known_changes(cache: FaceCache, indices: Iterable[int], size_px: int, *, seed: int) -> Iterator[KnownChange]:
    """One self-blend of each real face, cropped as serving crops it."""
    rng = np.random.default_rng(seed)
    for index in indices:
        landmarks = cache.landmarks[index]
        pair = self_blend(cache.images[index], landmarks, rng)
        crop = crop_face(pair.fake, Face(landmarks=landmarks, score=1.0), size_px)
        changed = cv2.warpAffine(pair.mask.astype(np.float32), crop.to_crop, (size_px, size_px)) > CHANGED
        if 0 < changed.mean() < LARGEST_SHARE:
            yield KnownChange(pixels=crop.image, changed=changed)


def centre_prior(size_px: int) -> FloatArray:
    """A blob in the middle of the crop, where faces are: what a map has to beat."""
    axis = np.linspace(-1, 1, size_px)
    return np.exp(-4 * (axis[:, None] ** 2 + axis[None] ** 2)).astype(np.float32)


def overlap(first: BoolArray, second: BoolArray) -> float:
    """Intersection over union."""
    union = np.logical_or(first, second).sum()
    return float(np.logical_and(first, second).sum() / union) if union else 0.0


def localise(model: ActivationModel, change: KnownChange, *, seed: int) -> Localisation:
    """One map, held against the truth and against a centred blob."""
    face = AlignedFace(pixels=change.pixels, frame_to_crop=np.eye(2, 3), regions={})
    attribution = explain_face(model, face, seed=seed)
    share = float(change.changed.mean())
    prior = centre_prior(change.pixels.shape[0])
    return Localisation(
        logit=attribution.logit,
        hit=_peak_inside(attribution.heat, change.changed),
        prior_hit=_peak_inside(prior, change.changed),
        iou=overlap(strongest_area(attribution.heat, share), change.changed),
        prior_iou=overlap(strongest_area(prior, share), change.changed),
        reliable=attribution.faithfulness.reliable,
        beats_random=attribution.faithfulness.deletion_drop > attribution.faithfulness.random_drop,
    )


def _peak_inside(heat: FloatArray, changed: npt.NDArray[np.bool_]) -> bool:
    return bool(heat.any() and changed[np.unravel_index(int(heat.argmax()), heat.shape)])
