"""Ways to make a drawing or a painting of a photograph, and what a camera's own smoothing does to one.

Limits: made by filters, not by hands: what people paint is stranger than this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from core.media import RgbImage

Style = Callable[[RgbImage, np.random.Generator], RgbImage]

_STROKES: Final = ((28, 700), (50, 2200), (80, 3500))
"""Layers of a painting: the picture's width over a stroke's length, and their number."""


def stylised(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    return _bytes(cv2.stylization(image, sigma_s=rng.uniform(20, 70), sigma_r=rng.uniform(0.25, 0.6)))


def oil(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    flat = cv2.pyrMeanShiftFiltering(image, int(rng.integers(8, 16)), int(rng.integers(20, 40)))
    return _bytes(cv2.medianBlur(flat, 5))


def watercolour(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    flat = cv2.edgePreservingFilter(image, flags=1, sigma_s=60, sigma_r=rng.uniform(0.35, 0.6)).astype(np.float32)
    paper = cv2.GaussianBlur(rng.normal(0, 1, image.shape[:2]).astype(np.float32), (0, 0), 1.5)
    return _bytes(flat * (1 + 0.05 * paper / paper.std())[..., None])


def cartoon(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Flat colours between black lines."""
    flat = image
    for _ in range(4):
        flat = _bytes(cv2.bilateralFilter(flat, 9, 60, 9))
    step = int(rng.integers(8, 20))
    grey = cv2.medianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), 5)
    lines = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, blockSize=9, C=rng.uniform(3, 6)
    )
    posterised = (flat // step * step).astype(np.uint8)
    return _bytes(cv2.bitwise_and(posterised, posterised, mask=lines))


def pencil(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    _, coloured = cv2.pencilSketch(
        image, sigma_s=60, sigma_r=rng.uniform(0.05, 0.1), shade_factor=rng.uniform(0.03, 0.08)
    )
    return _bytes(coloured)


def kuwahara(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Each pixel becomes the mean of the calmest of four squares that meet in it (Kuwahara et al. 1976)."""
    side = int(rng.integers(3, 7))
    values = image.astype(np.float32)
    means, spreads = [], []
    for x in (0, side):
        for y in (0, side):
            mean = cv2.blur(values, (side + 1, side + 1), anchor=(x, y))
            means.append(mean)
            spreads.append((cv2.blur(values**2, (side + 1, side + 1), anchor=(x, y)) - mean**2).sum(axis=2))
    calmest = np.argmin(spreads, axis=0)
    return _bytes(np.take_along_axis(np.stack(means), calmest[None, ..., None], axis=0)[0])


def brushed(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Strokes of a brush along the picture's lines, the long ones first."""
    height, width = image.shape[:2]
    blurred = _bytes(cv2.GaussianBlur(image, (0, 0), 2))
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 3)
    along = 90 + np.degrees(np.arctan2(cv2.Sobel(grey, cv2.CV_32F, 0, 1), cv2.Sobel(grey, cv2.CV_32F, 1, 0)))
    painted = blurred.copy()
    for fineness, count in _STROKES:
        axes = (max(2, width // fineness), max(1, width // (3 * fineness)))
        for x, y in zip(rng.integers(0, width, count), rng.integers(0, height, count), strict=True):
            colour = np.clip(blurred[y, x].astype(int) + rng.integers(-8, 9), 0, 255).tolist()
            angle = float(along[y, x] + rng.normal(0, 12))
            cv2.ellipse(painted, (int(x), int(y)), axes, angle, 0, 360, colour, cv2.FILLED, cv2.LINE_AA)
    return painted


STYLES: Final[tuple[Style, ...]] = (stylised, oil, watercolour, cartoon, pencil, kuwahara, brushed)


def denoised(image: RgbImage, rng: np.random.Generator) -> RgbImage:
    """A noisy photograph as a telephone smooths it: still a photograph."""
    noisy = _bytes(image + rng.normal(0, rng.uniform(6, 20), image.shape))
    strength = float(rng.uniform(5, 14))
    return _bytes(cv2.fastNlMeansDenoisingColored(noisy, None, strength, strength, 5, 15))


def _bytes(values: object) -> RgbImage:
    return np.asarray(np.clip(np.asarray(values), 0, 255), np.uint8)
