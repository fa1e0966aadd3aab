"""Does a heatmap find what was changed? Measured on self-blended faces, whose masks are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import AlignedFace, RgbImage
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import Crop, Face, Points, crop_face, region_masks
from detectors.media.extraction import decode_image
from explainers.faces.attribution import blurrer
from explainers.faithfulness import displaced_areas, strongest_area
from explainers.targets import ActivationModel, BoolArray, FloatArray
from training.data.faces import CONTEXT_MARGIN
from training.faces.data.dataset import CONTEXT_SIZE_PX, FaceRow
from training.faces.pictures.blending import self_blend

CHANGED: Final = 0.5
"""A pixel counts as changed where the blend's mask exceeds this."""
LARGEST_SHARE: Final = 0.6
"""Of the crop: larger masks are hit by chance and left out."""
OCCLUSION_CELLS: Final = 6
"""Along each side of the crop."""
SHARES: Final = (0.05, 0.1, 0.2, 0.4, 0.7)
"""Of the crop: how much of it is erased, or put back, along a curve."""


@dataclass(frozen=True, slots=True)
class KnownFace:
    """A face with room around it, and its mesh in the same pixels."""

    image: RgbImage
    landmarks: Points


@dataclass(frozen=True, slots=True)
class KnownChange:
    """A pseudo-fake as the detector sees it. original: (S, S, 3) uint8, unchanged; changed: (S, S), never empty."""

    face: AlignedFace
    original: RgbImage
    changed: BoolArray


@dataclass(frozen=True, slots=True)
class Localisation:
    """How one map did. `iou` is of its strongest area, as large as the change; `prior_iou` that of a centred blob.
    `share` is the change's, of the crop."""

    hit: bool
    prior_hit: bool
    iou: float
    prior_iou: float
    share: float


def known_faces(faces: Path, rows: Sequence[FaceRow]) -> Iterator[KnownFace]:
    """The faces of these images that a mesh was found in, as training crops them."""
    finder = FaceFinder()
    for row in rows:
        image = decode_image((faces / row.path).read_bytes())
        face = finder.find_in_crop(image)
        if face is not None:
            crop = crop_face(image, face, CONTEXT_SIZE_PX, CONTEXT_MARGIN)
            yield KnownFace(crop.image, crop.project(face.landmarks))


def served_face(face: KnownFace, size_px: int) -> AlignedFace:
    """The crop that serving would take of it, with its regions."""
    return _aligned(crop_face(face.image, Face(landmarks=face.landmarks, score=1.0), size_px), face.landmarks)


def known_change(face: KnownFace, size_px: int, rng: np.random.Generator) -> KnownChange | None:
    """A self-blend of a real face, cropped as serving crops it; None when the change is all of it or nothing."""
    pair = self_blend(face.image, face.landmarks, rng)
    mesh = Face(landmarks=face.landmarks, score=1.0)
    crop = crop_face(pair.fake, mesh, size_px)
    changed = cv2.warpAffine(pair.mask.astype(np.float32), crop.to_crop, (size_px, size_px)) > CHANGED
    if not 0 < changed.mean() < LARGEST_SHARE:
        return None
    return KnownChange(_aligned(crop, face.landmarks), crop_face(pair.real, mesh, size_px).image, changed)


def _aligned(crop: Crop, landmarks: Points) -> AlignedFace:
    size_px = crop.image.shape[0]
    regions = region_masks(crop.project(landmarks), size_px)
    return AlignedFace(pixels=crop.image, frame_to_crop=np.eye(2, 3), regions=regions)


def centre_prior(size_px: int) -> FloatArray:
    """A blob in the middle of the crop, where faces are: what a map has to beat."""
    axis = np.linspace(-1, 1, size_px)
    return np.exp(-4 * (axis[:, None] ** 2 + axis[None] ** 2)).astype(np.float32)


def overlap(first: BoolArray, second: BoolArray) -> float:
    """Intersection over union."""
    union = np.logical_or(first, second).sum()
    return float(np.logical_and(first, second).sum() / union) if union else 0.0


def localise(heat: FloatArray, change: KnownChange) -> Localisation:
    """One map (S, S), held against the truth and against a centred blob."""
    share = float(change.changed.mean())
    prior = centre_prior(heat.shape[0])
    return Localisation(
        hit=_peak_inside(heat, change.changed),
        prior_hit=_peak_inside(prior, change.changed),
        iou=overlap(strongest_area(heat, share), change.changed),
        prior_iou=overlap(strongest_area(prior, share), change.changed),
        share=share,
    )


def _peak_inside(heat: FloatArray, changed: npt.NDArray[np.bool_]) -> bool:
    return bool(heat.any() and changed[np.unravel_index(int(heat.argmax()), heat.shape)])


@dataclass(frozen=True, slots=True)
class Curves:
    """Mean over `SHARES`, in logits: how far erasing lowers the score, how far putting back raises it; of the map's
    strongest area, and of equally large ones elsewhere."""

    deletion: float
    random_deletion: float
    insertion: float
    random_insertion: float


def curves(model: ActivationModel, pixels: RgbImage, heat: FloatArray, rng: np.random.Generator) -> Curves:
    """Deletion and insertion along the whole map, with blur as the erasure."""
    blurred = blurrer(pixels)
    inputs = [pixels, blurred(np.ones(heat.shape, np.bool_))]
    for share in SHARES:
        area = strongest_area(heat, share)
        other = displaced_areas(area, 1, rng)[0]
        inputs += [blurred(each) for each in (area, other, ~area, ~other)]
    logits = model.activations(np.stack(inputs)).logits.astype(np.float64)
    taken = logits[2:].reshape(len(SHARES), 4)
    return Curves(
        deletion=float((logits[0] - taken[:, 0]).mean()),
        random_deletion=float((logits[0] - taken[:, 1]).mean()),
        insertion=float((taken[:, 2] - logits[1]).mean()),
        random_insertion=float((taken[:, 3] - logits[1]).mean()),
    )


def occlusion_map(model: ActivationModel, pixels: RgbImage) -> FloatArray:
    """(S, S): how far the logit falls when the fine detail of each of 36 cells is blurred away (Zeiler & Fergus 2014).

    What was served where Grad-CAM failed its check, until ADR 13; measured to show why it no longer is.
    """
    size = pixels.shape[0]
    edges = np.linspace(0, size, OCCLUSION_CELLS + 1).round().astype(int)
    blurred, cells = blurrer(pixels), []
    for rows in pairwise(edges):
        for columns in pairwise(edges):
            area = np.zeros((size, size), np.bool_)
            area[slice(*rows), slice(*columns)] = True
            cells.append(blurred(area))
    logits = model.activations(np.stack([pixels, *cells])).logits
    drops = np.maximum((logits[0] - logits[1:]).reshape(OCCLUSION_CELLS, OCCLUSION_CELLS), 0)
    return np.asarray(cv2.resize(drops, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
