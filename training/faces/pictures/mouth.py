"""Pseudo-fakes of the mouth: what lip-syncing leaves of a lower face, made from honest faces in many ways.

Own code. Lip-sync systems rebuild the lower face at 64 to 128 px and paste it back, as a rectangle or under a soft
mask; the rest of the face stays as filmed. Functions take and return uint8 RGB crops of one size and draw from the
generator.
Limits: none of these ways is a trained network; they leave softness, seams and shapes, not a network's own texture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from detectors.faces.geometry import Points
from training.faces.pictures.blending import Mask, Pair, blend, elastic, match_colour

_LOWER: Final = (
    234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
    195, 5, 4, 50, 280, 117, 346,
)  # fmt: skip
_AROUND_MOUTH: Final = (61, 291, 17, 0, 200, 18, 175, 199, 208, 428, 205, 425, 164, 2, 202, 422, 212, 432)
_ANCHORS: Final = (33, 263, 1, 61, 291, 152, 10)

Rebuild = Callable[[RgbImage, Points, np.random.Generator], RgbImage]


def mouth_blend(
    image: RgbImage, landmarks: Points, other: RgbImage, other_landmarks: Points, rng: np.random.Generator
) -> Pair:
    """Rebuild the lower face in a random way and blend it back.

    Args:
        image: (H, W, 3), the honest face. landmarks: (468, 2) in its pixels.
        other: another face of the same size, best another frame of the same film: its mouth may be moved in.
    """
    kind = rng.random()
    if kind < 0.3:
        source = _fitted(other, other_landmarks, image, landmarks, rng)
        source = _shrunk(source, rng) if rng.random() < 0.7 else source
    elif kind < 0.55:
        source = _shrunk(_reshaped(image, landmarks, rng), rng)
    elif kind < 0.7:
        source = _inpainted(image, landmarks, rng)
    elif kind < 0.85:
        source = _shrunk(image, rng)
    else:
        source = _coded(image, rng)
    mask = _rectangle(landmarks, image.shape[:2], rng) if rng.random() < 0.35 else _hull(landmarks, image, rng)
    return Pair(real=image, fake=blend(source, image, mask), mask=mask)


def _fitted(
    other: RgbImage, other_landmarks: Points, image: RgbImage, landmarks: Points, rng: np.random.Generator
) -> RgbImage:
    """Another face's lower half, laid on this one by its landmarks and in its colours."""
    anchors = list(_ANCHORS)
    matrix, _ = cv2.estimateAffinePartial2D(other_landmarks[anchors], landmarks[anchors])
    if matrix is None:
        return image
    height, width = image.shape[:2]
    moved = cv2.warpAffine(other, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    mask = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(landmarks[list(_LOWER)]).astype(np.int32)), 1.0)
    return match_colour(np.asarray(moved, np.uint8), image, mask, float(rng.uniform(0.6, 1.0)))


def _reshaped(image: RgbImage, landmarks: Points, rng: np.random.Generator) -> RgbImage:
    """The mouth opened, closed, widened or moved by a smooth warp around it."""
    height, width = image.shape[:2]
    centre = landmarks[list(_AROUND_MOUTH)].mean(axis=0)
    reach = float(np.linalg.norm(landmarks[61] - landmarks[291])) * float(rng.uniform(0.7, 1.3)) + 1.0
    y, x = np.mgrid[:height, :width].astype(np.float32)
    falloff = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * reach**2)).astype(np.float32)
    taller, wider = rng.normal(0, 0.25), rng.normal(0, 0.1)
    shift = rng.normal(0, 0.04, 2) * reach
    map_x = x - falloff * np.float32(1) * ((x - centre[0]) * np.float32(wider) + np.float32(shift[0]))
    map_y = y - falloff * np.float32(1) * ((y - centre[1]) * np.float32(taller) + np.float32(shift[1]))
    warped = cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(warped, np.uint8)


def _shrunk(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """At the size that a lip-sync network works at, and back; sometimes sharpened or smoothed as its output is."""
    height, width = image.shape[:2]
    # The crop is 1.7 faces wide, so 64 to 128 px of a face are 110 to 220 px of the crop; smaller ones are common too.
    side = int(rng.uniform(0.28, 0.65) * width)
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.4:
        small = cv2.bilateralFilter(small, 5, float(rng.uniform(15, 45)), 3)
    method = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4]))
    large = cv2.resize(small, (width, height), interpolation=method)
    if rng.random() < 0.4:
        soft = cv2.GaussianBlur(large, (0, 0), float(rng.uniform(0.8, 2.0)))
        amount = float(rng.uniform(0.3, 1.2))
        large = cv2.addWeighted(large, 1 + amount, soft, -amount, 0)
    return np.asarray(large, np.uint8)


def _inpainted(image: RgbImage, landmarks: Points, rng: np.random.Generator) -> RgbImage:
    """Mouth or chin filled in from what surrounds it, with the old picture showing through in part."""
    height, width = image.shape[:2]
    holes = np.zeros((height, width), np.uint8)
    centre = landmarks[list(_AROUND_MOUTH)].mean(axis=0)
    size = float(np.linalg.norm(landmarks[61] - landmarks[291]))
    axes = (max(2, int(size * rng.uniform(0.3, 0.8))), max(2, int(size * rng.uniform(0.15, 0.5))))
    cv2.ellipse(holes, (int(centre[0]), int(centre[1])), axes, float(rng.uniform(-15, 15)), 0, 360, 255, -1)
    method = int(rng.choice([cv2.INPAINT_TELEA, cv2.INPAINT_NS]))
    filled = cv2.inpaint(image, holes, 3, method)
    share = float(rng.uniform(0.3, 0.8))
    return np.asarray(cv2.addWeighted(filled, share, image, 1 - share, 0), np.uint8)


def _coded(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Through coarse cosine coefficients: a stand-in for an autoencoder's bottleneck."""
    height, width = image.shape[:2]
    side = 8 * int(rng.integers(10, 21))
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 40))])
    rough = cv2.medianBlur(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8), 3)
    return np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _hull(landmarks: Points, image: RgbImage, rng: np.random.Generator) -> Mask:
    """A deformed hull of the lower face or of the mouth, with a soft edge."""
    height, width = image.shape[:2]
    chosen = _LOWER if rng.random() < 0.65 else _AROUND_MOUTH
    mask: Mask = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(landmarks[list(chosen)]).astype(np.int32)), 1.0)
    mask = elastic(mask, rng, strength_px=height * 0.02)
    return _softened(mask, float(rng.uniform(0.006, 0.04)) * width)


def _rectangle(landmarks: Points, shape: tuple[int, int], rng: np.random.Generator) -> Mask:
    """The lower part of the face's box, as systems that paste boxes leave it."""
    low, high = landmarks.min(axis=0), landmarks.max(axis=0)
    size = high - low
    top = float(landmarks[[195, 5, 4], 1].mean() + rng.uniform(-0.08, 0.1) * size[1])
    grown = rng.uniform(-0.05, 0.08, 3)
    left, right = low[0] - grown[0] * size[0], high[0] + grown[1] * size[0]
    bottom = high[1] + grown[2] * size[1]
    mask: Mask = np.zeros(shape, np.float32)
    mask[max(0, int(top)) : max(1, int(bottom)), max(0, int(left)) : max(1, int(right))] = 1.0
    return mask if rng.random() < 0.3 else _softened(mask, float(rng.uniform(0.003, 0.02)) * shape[1])


def _softened(mask: npt.NDArray[np.float32], sigma_px: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma_px, 0.5)), np.float32)
