"""What a camera for the dark makes of a face, and what is left of one in stone. Made from pictures taken in light.

Source: a light intensifier shows few photons on a green screen; a security camera lights the scene in infrared, where
skin is pale and even, and pupils throw the lamp back.
Limits: made by arithmetic, not by such cameras. Stone is a stand-in: a face without colour and fine texture, not a
sculptor's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage

Floats = npt.NDArray[np.float32]
Points = npt.NDArray[np.float32]
Night = Callable[[RgbImage, Points, np.random.Generator], RgbImage]
"""Of a picture and the mesh points of its face in pixels."""

_EYES: Final = ((33, 133, 159, 145), (362, 263, 386, 374))
"""Corners and lids of both eyes in the mesh."""
_GREENS: Final = np.array([0.35, 1.0, 0.4], np.float32)


def grey(image: RgbImage, _points: Points, _rng: np.random.Generator) -> RgbImage:
    """Without colour and otherwise as it was."""
    return _bytes(np.repeat(_light(image)[..., None], 3, axis=2))


def noisy(image: RgbImage, _points: Points, rng: np.random.Generator) -> RgbImage:
    """In colour, with the noise of a camera that has too little light."""
    return _bytes(image / 255.0 + rng.normal(0, rng.uniform(0.05, 0.09), image.shape))


def green(image: RgbImage, _points: Points, rng: np.random.Generator) -> RgbImage:
    """A light intensifier: few photons, highlights that bloom, one hue."""
    light = _blur(_light(image) ** rng.uniform(0.6, 0.9), image.shape[0] / rng.uniform(250, 400))
    light = _bloom(light * rng.uniform(1.2, 1.7), image.shape[0] / 30)
    photons = rng.uniform(25, 90)
    counted = rng.poisson(np.clip(light, 0, 1.5) * photons).astype(np.float32) / np.float32(photons)
    counted = _blur(counted, rng.uniform(0.4, 0.9))
    return _bytes(np.clip(counted, 0, 1)[..., None] * _GREENS)


def infrared(image: RgbImage, points: Points, rng: np.random.Generator) -> RgbImage:
    """A security camera at night: pale even skin, a lamp's highlight in the middle, bright pupils, gain noise."""
    light = np.asarray(image[..., 0] / 255.0, np.float32) ** np.float32(rng.uniform(0.5, 0.8))  # red is nearest to it
    light = _lamp(light, points, rng)
    for pupil, radius in _pupils(points):
        cv2.circle(light, pupil, max(1, radius), rng.uniform(0.9, 1.1), -1, cv2.LINE_AA)
    light = _bloom(_blur(light, rng.uniform(0.5, 1.2)), image.shape[0] / 60)
    light = light + rng.normal(0, rng.uniform(0.02, 0.07), light.shape)
    return _bytes(np.repeat(np.clip(light, 0, 1)[..., None], 3, axis=2))


def stone(image: RgbImage, points: Points, rng: np.random.Generator) -> RgbImage:
    """A bust: no colour, no fine texture, eyes as blank as the rest, a rough surface."""
    light = (_light(image) * 255).astype(np.uint8)
    for corners in _EYES:
        eye = points[list(corners)].astype(np.int32)
        centre, width = eye.mean(axis=0), np.linalg.norm(eye[0] - eye[1])
        mask = np.zeros_like(light)
        cv2.ellipse(mask, (int(centre[0]), int(centre[1])), (int(0.5 * width), int(0.22 * width)), 0, 0, 360, 255, -1)
        light = np.asarray(cv2.inpaint(light, mask, 3, cv2.INPAINT_TELEA), np.uint8)
    for _ in range(3):
        light = np.asarray(cv2.bilateralFilter(light, 9, 40, 7), np.uint8)
    surface = _blur(rng.normal(0, 1, light.shape).astype(np.float32), rng.uniform(0.8, 2.0))
    shade = 0.25 + 0.7 * light / 255.0 + rng.uniform(0.01, 0.03) * surface / surface.std()
    tint = np.array([1.0, rng.uniform(0.95, 1.0), rng.uniform(0.85, 0.98)])
    return _bytes(shade[..., None] * tint)


NIGHTS: Final[dict[str, Night]] = {
    "grey": grey,
    "noise in colour": noisy,
    "green light intensifier": green,
    "infrared camera": infrared,
    "stone (stand-in)": stone,
}


def _light(image: RgbImage) -> Floats:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255)


def _blur(values: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)


def _bloom(light: Floats, sigma: float) -> Floats:
    """What is brighter than can be shown spills over its surroundings."""
    return light + 2 * _blur(np.maximum(light - 0.85, 0), sigma)


def _lamp(light: Floats, points: Points, rng: np.random.Generator) -> Floats:
    centre, reach = points.mean(axis=0), float(np.ptp(points[:, 1])) * rng.uniform(0.7, 1.2)
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    away = ((columns - centre[0]) ** 2 + (rows - centre[1]) ** 2) / np.float32(reach**2)
    return np.asarray(light * (0.35 + rng.uniform(0.7, 1.1) * np.exp(-away)), np.float32)


def _pupils(points: Points) -> list[tuple[tuple[int, int], int]]:
    found = []
    for corners in _EYES:
        eye = points[list(corners)]
        x, y = eye.mean(axis=0)
        found.append(((int(x), int(y)), round(0.09 * float(np.linalg.norm(eye[0] - eye[1])))))
    return found


def _bytes(values: npt.NDArray[np.floating]) -> RgbImage:
    return np.asarray(np.clip(np.asarray(values) * 255.0, 0, 255), np.uint8)
