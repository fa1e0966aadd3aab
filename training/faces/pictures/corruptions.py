"""What happens to pictures on their way: each corruption takes a picture and gives the file it becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from core.media import RgbImage
from training.faces.pictures.codecs import H264, video_round_trip

Encoder = Callable[[RgbImage], bytes]

EQUAL_PX: Final = 200
"""Shorter side of equalised stills: smaller than any of them, so that all are made smaller."""


def equal_size(image: RgbImage) -> bytes:
    """Every still at one size and through one encoder: neither can tell the classes apart any more."""
    scale = EQUAL_PX / min(image.shape[:2])
    resized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _jpeg(85)(np.asarray(resized, np.uint8))


def _jpeg(quality: int) -> Encoder:
    return lambda image: cv2.imencode(".jpg", _bgr(image), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _resized(share: float) -> Encoder:
    def encode(image: RgbImage) -> bytes:
        small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        return _png(np.asarray(cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8))

    return encode


def _noisy(image: RgbImage) -> bytes:
    noise = np.random.default_rng(image.size).normal(0, 8, image.shape)
    return _png(np.clip(image + noise, 0, 255).astype(np.uint8))


def _filmed(codec: str, quality: int) -> Encoder:
    """Through a video encoder; an odd last row or column, which it cannot take, is repeated and cut off again."""

    def encode(image: RgbImage) -> bytes:
        height, width = image.shape[:2]
        even = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        return _png(np.ascontiguousarray(video_round_trip(even, codec, quality, (1, 1))[:height, :width]))

    return encode


def _bgr(image: RgbImage) -> RgbImage:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), np.uint8)


def _png(image: RgbImage) -> bytes:
    return bytes(cv2.imencode(".png", _bgr(image), [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


CORRUPTIONS: Final[dict[str, Encoder | None]] = {
    "none": None,
    "JPEG 75": _jpeg(75),
    "JPEG 50": _jpeg(50),
    "JPEG 30": _jpeg(30),
    "H.264, CRF 32": _filmed(H264, 32),
    "H.264, CRF 40": _filmed(H264, 40),
    "MPEG-1, quantiser 10": _filmed("mpeg1video", 10),
    "half size": _resized(0.5),
    "blur, sigma 1.5 px": lambda image: _png(np.asarray(cv2.GaussianBlur(image, (0, 0), 1.5), np.uint8)),
    "noise, sigma 8": _noisy,
}
