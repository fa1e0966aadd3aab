"""Pictures that are the same picture: by a perceptual hash that size, coding and light edits hardly move.

Limits: two crops of one scene at different margins differ; crops aligned by a face finder have one margin.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage

Hashes = npt.NDArray[np.uint8]
"""(N, 31) packed bits: 247 signs of the coarsest cosine coefficients of the grey picture, and one bit of padding."""

SIDE_PX: Final = 64
COEFFICIENTS: Final = 16
NEAR_BITS: Final = 24
"""Pictures whose hashes differ in at most this many bits are one picture."""


def hash_picture(image: RgbImage) -> npt.NDArray[np.uint8]:
    """(31,) packed bits. image: (H, W, 3) uint8 RGB."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    coarse = np.asarray(cv2.dct(small), np.float32)[:COEFFICIENTS, :COEFFICIENTS].ravel()[1:248]
    return np.packbits(coarse > np.median(coarse))


def distances(first: Hashes, second: Hashes) -> npt.NDArray[np.int64]:
    """(N, M) numbers of differing bits."""
    return np.stack([np.bitwise_count(first ^ one).sum(axis=1, dtype=np.int64) for one in second], axis=1)


def find_duplicates(
    hashes: Hashes, scopes: list[str], videos: list[str], known: Hashes | None = None
) -> npt.NDArray[np.bool_]:
    """Which pictures repeat an earlier one or a known one.

    Args:
        hashes: in the order in which a picture may stay.
        scopes: pictures repeat one another only within a scope (honest and forged copies of one scene are a pair).
        videos: frames of one video do not count as repetitions of one another.
        known: hashes of pictures that must not occur at all.
    """
    repeated = np.zeros(len(hashes), bool)
    if known is not None and len(known):
        for start in range(0, len(hashes), 1024):
            part = slice(start, start + 1024)
            repeated[part] = (distances(hashes[part], known) <= NEAR_BITS).any(axis=1)
    labels, names = np.array(scopes), np.array(videos)
    for index in range(1, len(hashes)):
        earlier = np.flatnonzero((labels[:index] == labels[index]) & (names[:index] != names[index]))
        if not repeated[index] and len(earlier):
            bits = np.bitwise_count(hashes[earlier] ^ hashes[index]).sum(axis=1, dtype=np.int64)
            repeated[index] = bool((bits <= NEAR_BITS).any())
    return repeated
