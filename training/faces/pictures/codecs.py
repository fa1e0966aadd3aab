"""Video coding of a single crop: what a real encoder leaves of a face, at the size the face had in the film."""

from __future__ import annotations

from typing import Final

from core.media import RgbImage
from training.data.degradation import code_picture

H264: Final = "libx264"
QUANTISED: Final = ("mpeg1video", "mpeg2video", "mpeg4")
"""Older codecs, steered by a fixed quantiser; H.264 is by its constant rate factor."""


def video_round_trip(image: RgbImage, codec: str, quality: int, motion_px: tuple[int, int]) -> RgbImage:
    """The second frame of a two-frame film that moves by `motion_px`: predicted from the first, then corrected.

    Args:
        image: (H, W, 3) uint8 RGB; H and W even, at least 32.
        quality: constant rate factor of H.264 (0 to 51), or the quantiser of an older codec (1 to 31).
    """
    if codec == H264:
        options = {"preset": "veryfast", "tune": "zerolatency", "crf": str(quality)}
        return code_picture(image, (codec, "h264"), options, motion_px)
    return code_picture(image, (codec, codec), {"qmin": str(quality), "qmax": str(quality)}, motion_px)
