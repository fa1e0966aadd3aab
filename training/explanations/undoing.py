"""Deletion where the truth is known: the change itself is undone in the map's strongest part, and elsewhere.

Blurring or greying a part of a face is a change of a face, which is what the detector looks for. Undoing is not: the
original's own pixels are put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.media import AlignedFace, RgbImage
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import Face, crop_face, region_masks
from detectors.media.extraction import decode_image
from explainers.faces.attribution import blurrer
from explainers.faithfulness import displaced_areas, strongest_area
from explainers.targets import ActivationModel, BoolArray, FloatArray
from training.faces.data.dataset import FaceRow

UNDONE_SHARE: Final = 0.25
"""Of the crop: an original's tenth within a change leaves a seam of its own, which is another change."""
ELSEWHERE: Final = 6
BORDER_PX: Final = 12
LIKE: Final = 6.0
"""Mean difference, of 255, of the borders of two pictures that show one moment, once changed and once not."""


@dataclass(frozen=True, slots=True)
class Undone:
    """Falls of the logit: where the area asked about was treated, and on average where equally large ones were."""

    here: float
    elsewhere: float

    @property
    def is_better(self) -> bool:
        return self.here > self.elsewhere


@dataclass(frozen=True, slots=True)
class KnownPair:
    """A labelled fake as the detector sees it, and the same crop of the picture that it was made of."""

    face: AlignedFace
    original: RgbImage


def undone(model: ActivationModel, face: AlignedFace, original: RgbImage, heat: FloatArray, seed: int) -> Undone:
    """How far the logit falls when the original is put back in the map's strongest quarter."""
    return _treated(model, face.pixels, strongest_area(heat, UNDONE_SHARE), _returner(face.pixels, original), seed)


def change_undone(
    model: ActivationModel, face: AlignedFace, original: RgbImage, changed: BoolArray, seed: int
) -> Undone:
    """The same of the very change: what the best of maps would get."""
    return _treated(model, face.pixels, changed, _returner(face.pixels, original), seed)


def change_blurred(model: ActivationModel, face: AlignedFace, changed: BoolArray, seed: int) -> Undone:
    """The very change erased by a blur: whether that erasure can find a change at all."""
    return _treated(model, face.pixels, changed, blurrer(face.pixels), seed)


def known_pairs(faces: Path, rows: Sequence[FaceRow], size_px: int, count: int, seed: int) -> Iterator[KnownPair]:
    """Left-out fakes of DFDC whose original shows the same moment, cropped by the fake's mesh as serving crops."""
    finder, found = FaceFinder(), 0
    by_group: dict[str, dict[bool, FaceRow]] = {}
    for row in rows:
        if row.dataset == "dfdc" and row.held_out:
            by_group.setdefault(row.group, {})[row.is_fake] = row
    complete = sorted(group for group, both in by_group.items() if len(both) == 2)
    for group in np.random.default_rng(seed).permutation(complete):
        if found == count:
            return
        fake, real = (decode_image((faces / by_group[str(group)][side].path).read_bytes()) for side in (True, False))
        face = finder.find_in_crop(fake)
        if face is None or fake.shape != real.shape or _border_difference(fake, real) > LIKE:
            continue
        crop = crop_face(fake, face, size_px)
        original = crop_face(real, Face(landmarks=face.landmarks, score=1.0), size_px).image
        found += 1
        regions = region_masks(crop.project(face.landmarks), size_px)
        yield KnownPair(AlignedFace(crop.image, np.eye(2, 3), regions), original)


def _border_difference(first: RgbImage, second: RgbImage) -> float:
    difference = cv2.absdiff(first, second).mean(axis=2)
    difference[BORDER_PX:-BORDER_PX, BORDER_PX:-BORDER_PX] = np.nan
    return float(np.nanmean(difference))


def _returner(pixels: RgbImage, original: RgbImage) -> Callable[[BoolArray], RgbImage]:
    def returned(area: BoolArray) -> RgbImage:
        alpha = cv2.GaussianBlur(area.astype(np.float32), (0, 0), pixels.shape[0] / 64)[..., None]
        return np.asarray(np.rint(pixels * (1 - alpha) + original * alpha), np.uint8)

    return returned


def _treated(
    model: ActivationModel, pixels: RgbImage, area: BoolArray, treat: Callable[[BoolArray], RgbImage], seed: int
) -> Undone:
    others = displaced_areas(area, ELSEWHERE, np.random.default_rng(seed))
    logits = model.activations(np.stack([pixels, treat(area), *map(treat, others)])).logits.astype(np.float64)
    falls = logits[0] - logits[1:]
    return Undone(here=float(falls[0]), elsewhere=float(falls[1:].mean()))
