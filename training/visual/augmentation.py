"""Augmentation that both classes go through alike: drawn once, applied to the real and the fake of a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np

from core.media import RgbImage
from training.visual.blending import colour_shift
from training.visual.dataset import CONTEXT_MARGIN

Augmentation = Callable[[RgbImage], RgbImage]
"""One fully drawn transformation: the same input always gives the same output."""

MARGIN_RANGE: Final = (1.12, 1.42)


def draw_crop(rng: np.random.Generator, size_px: int, context_px: int) -> Augmentation:
    """Random margin and shift of the crop around the face, then the model's size."""
    margin = rng.uniform(*MARGIN_RANGE)
    side = context_px * margin / CONTEXT_MARGIN
    centre = context_px / 2 + rng.uniform(-0.04, 0.04, 2) * side
    angle = float(rng.normal(0, 4))
    middle = (float(centre[0]), float(centre[1]))
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, angle, size_px / side), np.float64)
    matrix[:, 2] += size_px / 2 - centre
    if rng.random() < 0.5:
        matrix = np.array([[-1, 0, size_px - 1], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    method = cv2.INTER_LINEAR if rng.random() < 0.7 else cv2.INTER_AREA
    return lambda image: np.asarray(
        cv2.warpAffine(image, matrix, (size_px, size_px), flags=method, borderMode=cv2.BORDER_REFLECT_101), np.uint8
    )


def draw_colour(rng: np.random.Generator) -> Augmentation:
    seed = int(rng.integers(2**31))
    return lambda image: colour_shift(image, np.random.default_rng(seed), strength=0.8)


def draw_jpeg(rng: np.random.Generator) -> Augmentation:
    """JPEG at quality 30 to 95, in either chroma subsampling."""
    quality = int(rng.integers(30, 96))
    sampling = int(
        rng.choice([cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444], p=[0.8, 0.2])
    )

    def apply(image: RgbImage) -> RgbImage:
        _, encoded = cv2.imencode(
            ".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
        )
        return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)

    return apply


def draw_resize(rng: np.random.Generator) -> Augmentation:
    """Down to 30-90 % and back: a smaller face in the frame."""
    factor = rng.uniform(0.3, 0.9)
    down = int(rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR]))
    up = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))

    def apply(image: RgbImage) -> RgbImage:
        height, width = image.shape[:2]
        small = cv2.resize(image, (int(width * factor), int(height * factor)), interpolation=down)
        return np.asarray(cv2.resize(small, (width, height), interpolation=up), np.uint8)

    return apply


def draw_blur(rng: np.random.Generator) -> Augmentation:
    sigma = float(rng.uniform(0.4, 2.2))
    if rng.random() < 0.3:
        return lambda image: np.asarray(cv2.medianBlur(image, 3), np.uint8)
    return lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


def draw_noise(rng: np.random.Generator) -> Augmentation:
    sigma, seed = float(rng.uniform(1, 8)), int(rng.integers(2**31))

    def apply(image: RgbImage) -> RgbImage:
        noise = np.random.default_rng(seed).standard_normal(image.shape, np.float32)
        return np.clip(image + noise * sigma, 0, 255).astype(np.uint8)

    return apply


def draw_video_codec(rng: np.random.Generator) -> Augmentation:
    """What inter-coded video leaves: coarse blocks, smoothed across their edges."""
    quality, strength = int(rng.integers(20, 60)), float(rng.uniform(0.5, 1.0))

    def apply(image: RgbImage) -> RgbImage:
        _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        blocky = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
        smooth = cv2.bilateralFilter(blocky, 5, 18, 2)
        return np.asarray(cv2.addWeighted(smooth, strength, blocky, 1 - strength, 0), np.uint8)

    return apply


def draw(rng: np.random.Generator, size_px: int, context_px: int) -> tuple[Augmentation, ...]:
    """The whole chain for one pair."""
    chain: list[Augmentation] = []
    if rng.random() < 0.7:
        chain.append(draw_colour(rng))
    chain.append(draw_crop(rng, size_px, context_px))
    if rng.random() < 0.45:
        chain.append(draw_resize(rng))
    if rng.random() < 0.25:
        chain.append(draw_blur(rng))
    if rng.random() < 0.12:
        chain.append(draw_noise(rng))
    codec = rng.random()
    if codec < 0.5:
        chain.append(draw_jpeg(rng))
    elif codec < 0.72:
        chain.append(draw_video_codec(rng))
    if rng.random() < 0.04:
        chain.append(lambda image: np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2))
    return tuple(chain)


def apply(chain: Sequence[Augmentation], image: RgbImage) -> RgbImage:
    for step in chain:
        image = step(image)
    return image
