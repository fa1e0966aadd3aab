"""Video coding of a single crop: what a real encoder leaves of a face, at the size the face had in the film."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, cast

import av
import numpy as np

from core.media import RgbImage

H264: Final = "libx264"
QUANTISED: Final = ("mpeg1video", "mpeg2video", "mpeg4")
"""Older codecs, steered by a fixed quantiser; H.264 is by its constant rate factor."""
_RATE: Final = 25


def video_round_trip(image: RgbImage, codec: str, quality: int, motion_px: tuple[int, int]) -> RgbImage:
    """The second frame of a two-frame film that moves by `motion_px`: predicted from the first, then corrected.

    Args:
        image: (H, W, 3) uint8 RGB; H and W even, at least 32.
        quality: constant rate factor of H.264 (0 to 51), or the quantiser of an older codec (1 to 31).
    """
    height, width = image.shape[:2]
    encoder = cast("av.VideoCodecContext", av.CodecContext.create(codec, "w"))
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, _RATE), Fraction(_RATE)
    encoder.thread_count = 1
    if codec == H264:
        encoder.options = {"preset": "veryfast", "tune": "zerolatency", "crf": str(quality)}
    else:
        encoder.options = {"qmin": str(quality), "qmax": str(quality)}
    decoder = cast("av.VideoCodecContext", av.CodecContext.create("h264" if codec == H264 else codec, "r"))
    decoder.thread_count = 1
    packets = []
    for index, picture in enumerate((np.roll(image, motion_px, (0, 1)), image)):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(format="yuv420p")
        frame.pts = index
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    frames = [frame for packet in packets for frame in decoder.decode(packet)] + decoder.decode(None)
    return np.asarray(frames[-1].to_ndarray(format="rgb24"), np.uint8)
