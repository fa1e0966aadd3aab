"""Augmentation that both classes go through alike: drawn once, applied to the real and the fake of a pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.fft import irfft2, rfft2

from core.media import RgbImage
from detectors.faces.geometry import Points
from training.data.faces import CONTEXT_MARGIN
from training.faces.pictures.blending import Mask, colour_shift
from training.faces.pictures.codecs import H264, QUANTISED, video_round_trip

Augmentation = Callable[[RgbImage], RgbImage]
"""One fully drawn transformation: the same input always gives the same output."""
Warp = Callable[[Any], Any]
"""A drawn change of place: of a picture or, alike, of its mask."""

MARGIN_RANGE: Final = (1.12, 1.42)


def draw_crop(rng: np.random.Generator, size_px: int, context_px: int) -> Warp:
    """Random margin and shift of the crop around the face, at the given size."""
    margin = rng.uniform(*MARGIN_RANGE)
    side = context_px * margin / CONTEXT_MARGIN
    centre = context_px / 2 + rng.uniform(-0.04, 0.04, 2) * side
    angle = float(rng.normal(0, 5))
    middle = (float(centre[0]), float(centre[1]))
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, angle, size_px / side), np.float64)
    matrix[:, 2] += size_px / 2 - centre
    if rng.random() < 0.5:
        matrix = np.array([[-1, 0, size_px - 1], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    return lambda pixels: cv2.warpAffine(
        pixels, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
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
    """H.264 from fine to coarse, or one of the MPEG codecs of older films."""
    motion = (int(rng.integers(-3, 4)), int(rng.integers(-3, 4)))
    if rng.random() < 0.72:
        codec, quality = H264, int(rng.integers(18, 41))
    else:
        codec, quality = QUANTISED[int(rng.integers(len(QUANTISED)))], int(rng.integers(2, 14))
    return lambda image: video_round_trip(image, codec, quality, motion)


def draw_sharpen(rng: np.random.Generator) -> Augmentation:
    """What cameras and editors add: halos around edges."""
    sigma, amount = float(rng.uniform(0.7, 1.8)), float(rng.uniform(0.2, 1.2))
    return lambda image: np.asarray(
        cv2.addWeighted(image, 1 + amount, cv2.GaussianBlur(image, (0, 0), sigma), -amount, 0), np.uint8
    )


def draw_style(other: RgbImage, rng: np.random.Generator) -> Augmentation:
    """The coarsest amplitudes of another picture, in part: its light, colours and soft gradients, for light is no
    evidence (after Yang & Soatto 2020). other: of the size of the pictures it is applied to."""
    reach, share = int(rng.integers(1, 5)), float(rng.uniform(0.3, 0.8))
    rows = [*range(reach + 1), *range(-reach, 0)]
    taken = np.abs(rfft2(other.astype(np.float32), axes=(0, 1))[rows, : reach + 1])

    def apply(image: RgbImage) -> RgbImage:
        spectrum = rfft2(image.astype(np.float32), axes=(0, 1))
        coarse = spectrum[rows, : reach + 1]
        amplitude = np.abs(coarse)
        spectrum[rows, : reach + 1] = coarse * ((1 - share) + share * taken / np.maximum(amplitude, 1e-3))
        return np.asarray(np.clip(irfft2(spectrum, image.shape[:2], axes=(0, 1)), 0, 255), np.uint8)

    return apply


def draw_scale(rng: np.random.Generator, from_px: int, to_px: int) -> Augmentation:
    """To the size that a face has in the film, or from it to the model's."""
    small = (cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    large = (cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
    method = int(rng.choice(small if to_px < from_px else large))
    return lambda image: np.asarray(cv2.resize(image, (to_px, to_px), interpolation=method), np.uint8)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn capture: the cut out of the context crop, and all that happens to its pixels."""

    crop: Warp
    photometric: tuple[Augmentation, ...]

    def picture(self, context: RgbImage) -> RgbImage:
        image: RgbImage = np.asarray(self.crop(context), np.uint8)
        for step in self.photometric:
            image = step(image)
        return image

    def cells(self, mask: Mask, count: int) -> Mask:
        """The mask's share of each cell of a (count, count) grid over the picture."""
        return np.asarray(cv2.resize(self.crop(mask), (count, count), interpolation=cv2.INTER_AREA), np.float32)


def draw(rng: np.random.Generator, size_px: int, context_px: int, other: RgbImage) -> Drawn:
    """How a pair was filmed, coded and shown to the model: light, face size, optics, sensor, codec, in that order.

    other: (context_px, context_px, 3), any picture to borrow the light of.
    """
    chain: list[Augmentation] = []
    crop_px = 224
    if rng.random() < 0.35:
        chain.append(draw_style(np.asarray(cv2.resize(other, (crop_px, crop_px)), np.uint8), rng))
    if rng.random() < 0.7:
        chain.append(draw_colour(rng))
    film_px = 2 * round(float(np.exp(rng.uniform(np.log(64), np.log(300)))) / 2)
    chain.append(draw_scale(rng, crop_px, film_px))
    if rng.random() < 0.22:
        chain.append(draw_blur(rng))
    if rng.random() < 0.12:
        chain.append(draw_sharpen(rng))
    if rng.random() < 0.15:
        chain.append(draw_noise(rng))
    codec = rng.random()
    if codec < 0.34:
        chain.append(draw_jpeg(rng))
    if codec > 0.26 and codec < 0.72:
        chain.append(draw_video_codec(rng))
    if film_px != size_px:
        chain.append(draw_scale(rng, film_px, size_px))
    if rng.random() < 0.04:
        chain.append(lambda image: np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2))
    return Drawn(crop=draw_crop(rng, crop_px, context_px), photometric=tuple(chain))


def draw_degradation(rng: np.random.Generator) -> tuple[Augmentation, ...]:
    """For one member of a pair that does not belong together: so that neither sharpness nor codec gives it away."""
    chain: list[Augmentation] = []
    if rng.random() < 0.6:
        chain.append(draw_resize(rng))
    if rng.random() < 0.35:
        chain.append(draw_blur(rng))
    if rng.random() < 0.2:
        chain.append(draw_sharpen(rng))
    if rng.random() < 0.25:
        chain.append(draw_noise(rng))
    if rng.random() < 0.5:
        chain.append(draw_jpeg(rng))
    return tuple(chain)


def draw_backdrop(other: RgbImage, rng: np.random.Generator) -> Callable[[RgbImage, Points], RgbImage]:
    """One backdrop and one kind of edge for several faces: a colour, a gradient, or another picture out of focus."""
    height, width = other.shape[:2]
    kind = rng.random()
    backdrop: npt.NDArray[Any]
    if kind < 0.3:
        backdrop = np.broadcast_to(rng.uniform(0, 255, 3), other.shape).astype(np.float32)
    elif kind < 0.5:
        corners = rng.uniform(0, 255, (2, 2, 3)).astype(np.float32)
        backdrop = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    else:
        backdrop = cv2.GaussianBlur(np.roll(other, width // 2, 1), (0, 0), float(rng.uniform(1, 20))).astype(np.float32)
    grow, softness = float(rng.uniform(0.98, 1.12)), float(rng.uniform(0.5, 6.0))

    def apply(image: RgbImage, landmarks: Points) -> RgbImage:
        centre = landmarks.mean(axis=0)
        hull = cv2.convexHull(np.round(centre + (landmarks - centre) * grow).astype(np.int32))
        face: npt.NDArray[Any] = np.zeros((height, width), np.float32)
        cv2.fillConvexPoly(face, hull, 1.0)
        face = cv2.GaussianBlur(face, (0, 0), softness)[..., None]
        return np.asarray(np.clip(image * face + backdrop * (1 - face), 0, 255), np.uint8)

    return apply
