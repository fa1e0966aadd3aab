"""Pseudo-fakes made from real faces, with the mask of what was changed.

Source: the idea of self-blended images (Shiohara and Yamasaki, 2022) and of face X-ray (Li et al., 2020); own code.
All functions take and return uint8 RGB crops of one size and take their randomness from the generator given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from detectors.faces.geometry import Points

Mask = npt.NDArray[np.float32]

BLEND_RATIOS: Final = (0.25, 0.5, 0.75, 1.0, 1.0, 1.0)

# Landmarks of partial hulls: the whole face, the face below the brows, the lower face, the eyes' band.
_WHOLE: Final = tuple(range(468))
_BELOW_BROWS: Final = tuple(
    index for index in range(468) if index not in (10, 338, 297, 332, 284, 109, 67, 103, 54, 151, 108, 337, 69, 299)
)
_LOWER: Final = (
    234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
    195, 5, 4, 50, 280, 117, 346,
)  # fmt: skip
_MOUTH: Final = (61, 291, 17, 0, 200, 18, 175, 199, 208, 428, 205, 425, 164, 2, 202, 422, 212, 432)
_EYES_NOSE: Final = (
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300, 33, 263, 116, 345, 98, 327, 2, 50, 280, 143, 372,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A real crop and the pseudo-fake made from it. mask: (H, W) float32 in [0, 1], what was changed."""

    real: RgbImage
    fake: RgbImage
    mask: Mask


def self_blend(image: RgbImage, landmarks: Points, rng: np.random.Generator) -> Pair:
    """Blend a face with a slightly different copy of itself."""
    mask = soft_mask(landmarks, image.shape[:2], rng)
    if rng.random() < 0.5:
        source, target = statistic_shift(image, rng), image
    else:
        source, target = image, statistic_shift(image, rng)
    source, mask = misalign(source, mask, rng)
    ratio = rng.choice(BLEND_RATIOS)
    return Pair(real=target, fake=blend(source, target, mask * ratio), mask=mask)


def swap_blend(
    image: RgbImage, landmarks: Points, donor: RgbImage, donor_landmarks: Points, rng: np.random.Generator
) -> Pair:
    """Blend another face, aligned by its landmarks and matched in colour, into this one."""
    anchors = [33, 263, 1, 61, 291, 152, 10]
    matrix, _ = cv2.estimateAffinePartial2D(donor_landmarks[anchors], landmarks[anchors])
    if matrix is None:
        return self_blend(image, landmarks, rng)
    height, width = image.shape[:2]
    source = cv2.warpAffine(donor, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    mask = soft_mask(landmarks, image.shape[:2], rng)
    source = match_colour(np.asarray(source, np.uint8), image, mask, strength=float(rng.uniform(0.6, 1.0)))
    if rng.random() < 0.5:
        source = _reconstructed(source, rng)
    return Pair(real=image, fake=blend(source, image, mask), mask=mask)


def resynthesis(image: RgbImage, landmarks: Points, rng: np.random.Generator) -> Pair:
    """Give the inside of the face, or the whole picture, the softness and grid texture of a decoder's output."""
    whole = rng.random() < 0.35
    mask = np.ones(image.shape[:2], np.float32) if whole else soft_mask(landmarks, image.shape[:2], rng)
    source = _reconstructed(image, rng)
    return Pair(real=image, fake=blend(source, image, mask), mask=mask)


# -------------------------------------------------------------------------------------------------- ingredients


def soft_mask(landmarks: Points, shape: tuple[int, int], rng: np.random.Generator) -> Mask:
    """A deformed, softened hull of the whole face or of a part of it."""
    part = rng.choice(5, p=[0.42, 0.23, 0.15, 0.1, 0.1])
    chosen = (_WHOLE, _BELOW_BROWS, _LOWER, _MOUTH, _EYES_NOSE)[part]
    hull = cv2.convexHull(np.round(landmarks[list(chosen)]).astype(np.int32))
    mask: Mask = np.zeros(shape, np.float32)
    cv2.fillConvexPoly(mask, hull, 1.0)
    mask = elastic(mask, rng, strength_px=shape[0] * 0.03)
    size = max(shape)
    first = _odd(rng.uniform(0.015, 0.09) * size)
    mask = np.asarray(cv2.GaussianBlur(mask, (first, first), 0), np.float32)
    # Erode or keep: after a blur, a threshold of the soft edge moves the border inwards.
    floor = rng.choice([0.0, 0.0, 0.3, 0.5])
    mask = np.clip((mask - floor) / (1.0 - floor), 0, 1)
    second = _odd(rng.uniform(0.01, 0.06) * size)
    return np.asarray(cv2.GaussianBlur(mask, (second, second), 0), np.float32)


def elastic(mask: Mask, rng: np.random.Generator, strength_px: float) -> Mask:
    """A smooth random displacement, from a coarse grid of offsets."""
    height, width = mask.shape
    coarse = rng.normal(0.0, strength_px, (2, 5, 5)).astype(np.float32)
    dx = cv2.resize(coarse[0], (width, height), interpolation=cv2.INTER_CUBIC)
    dy = cv2.resize(coarse[1], (width, height), interpolation=cv2.INTER_CUBIC)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(cv2.remap(mask, x + dx, y + dy, cv2.INTER_LINEAR), np.float32)


def statistic_shift(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Change the colour or the frequency statistics of a copy a little."""
    shifted = image
    choice = rng.random()
    if choice < 0.85:
        shifted = colour_shift(shifted, rng)
    if choice > 0.35:
        shifted = _sharpened(shifted, rng) if rng.random() < 0.5 else _downscaled(shifted, rng)
    return shifted


def colour_shift(image: RgbImage, rng: np.random.Generator, strength: float = 1.0) -> RgbImage:
    """Shift of the channels, of hue and saturation, of brightness and contrast."""
    pixels = image.astype(np.float32)
    pixels += rng.uniform(-20, 20, 3).astype(np.float32) * strength
    gain = 1.0 + rng.uniform(-0.1, 0.1) * strength
    pixels = (pixels - 128.0) * gain + 128.0 + rng.uniform(-10, 10) * strength
    shifted = np.clip(pixels, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        hsv = cv2.cvtColor(shifted, cv2.COLOR_RGB2HSV).astype(np.int16)
        hsv[..., 0] = (hsv[..., 0] + int(rng.integers(-6, 7) * strength)) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * (1 + rng.uniform(-0.3, 0.3) * strength), 0, 255)
        shifted = np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)
    return shifted


def misalign(source: RgbImage, mask: Mask, rng: np.random.Generator) -> tuple[RgbImage, Mask]:
    """Shift and scale the source by a few per cent, and warp it a little."""
    height, width = source.shape[:2]
    scale = rng.uniform(0.95, 1.05)
    centre = (width / 2, height / 2)
    matrix = np.asarray(cv2.getRotationMatrix2D(centre, float(rng.uniform(-2, 2)), scale), np.float64)
    matrix[:, 2] += rng.uniform(-0.025, 0.025, 2) * (width, height)
    moved = cv2.warpAffine(source, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
    moved_mask = cv2.warpAffine(mask, matrix, (width, height))
    return np.asarray(moved, np.uint8), np.asarray(moved_mask, np.float32)


def blend(source: RgbImage, target: RgbImage, mask: Mask) -> RgbImage:
    """Alpha blending of the source over the target."""
    alpha = mask[..., None]
    mixed = source.astype(np.float32) * alpha + target.astype(np.float32) * (1.0 - alpha)
    return np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)


def match_colour(source: RgbImage, target: RgbImage, mask: Mask, strength: float) -> RgbImage:
    """Bring mean and deviation of the source's face towards the target's (Reinhard transfer in Lab)."""
    inside = mask > 0.5
    if inside.sum() < 16:
        return source
    first = cv2.cvtColor(source, cv2.COLOR_RGB2LAB).astype(np.float32)
    second = cv2.cvtColor(target, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean_a, std_a = first[inside].mean(0), first[inside].std(0) + 1e-3
    mean_b, std_b = second[inside].mean(0), second[inside].std(0)
    matched = (first - mean_a) * (std_b / std_a) + mean_b
    mixed = np.clip(first + (matched - first) * strength, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(mixed, cv2.COLOR_LAB2RGB), np.uint8)


def _reconstructed(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """What an autoencoder's decoder leaves: less detail, interpolated from a small grid, sometimes with ringing."""
    height, width = image.shape[:2]
    small = int(width * rng.uniform(0.25, 0.6))
    down = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.4:
        down = np.clip(down.astype(np.float32) + rng.normal(0, 3, down.shape), 0, 255).astype(np.uint8)
    method = rng.choice(
        [cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST, cv2.INTER_LANCZOS4], p=[0.4, 0.3, 0.1, 0.2]
    )
    up = cv2.resize(down, (width, height), interpolation=int(method))
    if method == cv2.INTER_NEAREST:
        up = cv2.GaussianBlur(up, (5, 5), 0)
    if rng.random() < 0.5:
        up = _sharpened(np.asarray(up, np.uint8), rng)
    return np.asarray(up, np.uint8)


def _sharpened(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.8, 2.0)))
    amount = float(rng.uniform(0.3, 1.2))
    return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), np.uint8)


def _downscaled(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    height, width = image.shape[:2]
    factor = rng.choice([2, 2, 3, 4])
    down = cv2.resize(image, (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    method = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return np.asarray(cv2.resize(down, (width, height), interpolation=method), np.uint8)


def _odd(value: float) -> int:
    return max(3, int(value)) | 1
