"""A decoded frame as it is meant to be seen: upright, square pixels, ordinary brightness, 8 bits a channel.

HDR frames (PQ and HLG, ITU-R BT.2100) are brought to the range of an ordinary picture by a curve of our own: libswscale
does it too, but takes seconds to prepare, and the filter that others use is not part of PyAV.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.media import RgbImage

MAX_SIDE_PX: Final = 1920
"""Longer frames are reduced to this: faces are examined far below it."""
JPEG_QUALITY: Final = 95
PQ: Final = 16
HLG: Final = 18
"""Transfer characteristics of ITU-T H.273."""
WHITE_NITS: Final = 203.0
"""What is white in an ordinary picture, in an HDR one (ITU-R BT.2408)."""
HLG_PEAK_NITS: Final = 1000.0
KNEE: Final = 0.8
"""Of white: what is darker stays as it is, what is brighter is compressed."""
DISPLAY_GAMMA: Final = 2.4
_LEVELS: Final = 4096
_WIDE_TO_ORDINARY: Final = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)
"""Linear RGB of ITU-R BT.2020 to that of BT.709."""
_WIDE_LUMINANCE: Final = np.array([[0.2627, 0.6780, 0.0593]], np.float32)

Table = npt.NDArray[np.float32]


def encode_drawn(bgr: RgbImage, side_px: int) -> bytes:
    """A frame with sides no longer than this, as BMP: to be drawn on, which needs no packing."""
    size_px = shown_size(bgr.shape[1], bgr.shape[0], side_px=side_px)
    if size_px != (bgr.shape[1], bgr.shape[0]):
        # A side is at most twice as long, so that four pixels leave nothing out; areas take four times as long.
        bgr = np.asarray(cv2.resize(bgr, size_px, interpolation=cv2.INTER_LINEAR), np.uint8)
    return bytes(cv2.imencode(".bmp", bgr)[1])


def upright_frame(frame: VideoFrame, stream: VideoStream) -> RgbImage:
    """(H, W, 3) uint8 in OpenCV's channel order."""
    aspect = float(stream.sample_aspect_ratio or 1)
    width_px, height_px = shown_size(frame.width, frame.height, aspect)
    if is_hdr(frame):
        wide = _converted(frame, "rgb48le", width_px, height_px).to_ndarray()
        bgr = tone_mapped(np.asarray(wide, np.uint16), int(frame.color_trc))
    elif frame.interlaced_frame:  # two moments, line by line: a face that moves has a comb's edges, and one is enough
        field: RgbImage = np.ascontiguousarray(_converted(frame, "bgr24", by=None).to_ndarray()[::2])
        bgr = np.asarray(cv2.resize(field, (width_px, height_px), interpolation=cv2.INTER_LINEAR), np.uint8)
    else:
        bgr = np.asarray(_converted(frame, "bgr24", width_px, height_px).to_ndarray(), np.uint8)
    return turned(bgr, _display_matrix(frame))


def _converted(
    frame: VideoFrame, form: str, width_px: int | None = None, height_px: int | None = None, by: str | None = "AREA"
) -> VideoFrame:
    """By one thread: those that libswscale starts for a frame stay, and after some hundred none can be started."""
    return frame.reformat(width=width_px, height=height_px, format=form, interpolation=by, threads=1)


def shown_size(width_px: int, height_px: int, aspect: float = 1.0, side_px: int = MAX_SIDE_PX) -> tuple[int, int]:
    """Size with square pixels, no side longer than `side_px`."""
    wide = width_px * (aspect if 0.1 < aspect < 10 else 1.0)
    scale = min(1.0, side_px / max(wide, height_px))
    return max(1, round(wide * scale)), max(1, round(height_px * scale))


def encode_jpeg(bgr: RgbImage) -> bytes:
    """JPEG, quality 95, 4:4:4, of an image in OpenCV's channel order."""
    sampling = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, *sampling])[1])


# ------------------------------------------------------------------------------------------------ orientation


def turned(bgr: RgbImage, matrix: tuple[int, int, int, int] | None) -> RgbImage:
    """Turned and mirrored as a display matrix asks. matrix: its (a, b, c, d); x' = a x + c y, y' = b x + d y."""
    if matrix is None:
        return np.ascontiguousarray(bgr)
    a, b, c, d = matrix
    if abs(b) + abs(c) > abs(a) + abs(d):
        bgr, mirrors, flips = bgr.transpose(1, 0, 2), c < 0, b < 0
    else:
        mirrors, flips = a < 0, d < 0
    return np.ascontiguousarray(bgr[:: -1 if flips else 1, :: -1 if mirrors else 1])


def _display_matrix(frame: VideoFrame) -> tuple[int, int, int, int] | None:
    data: Any  # whose stubs take it for the name of its kind
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(data)[:20], "<i4")
            return int(a), int(b), int(c), int(d)
    return None


# ------------------------------------------------------------------------------------------------ brightness


def is_hdr(frame: VideoFrame) -> bool:
    return int(frame.color_trc or 0) in (PQ, HLG)


def tone_mapped(wide: npt.NDArray[np.uint16], transfer: int) -> RgbImage:
    """An HDR picture in the range of an ordinary one.

    Args:
        wide: (H, W, 3) uint16 RGB, non-linear, over the full range.
        transfer: `PQ` or `HLG`.

    Returns:
        (H, W, 3) uint8 in OpenCV's channel order.
    """
    linear = _to_light(transfer)[wide >> 4]
    if transfer == HLG:  # a display brightens highlights by the picture's own luminance
        luminance = cv2.transform(linear, _WIDE_LUMINANCE)
        scale = np.power(np.maximum(luminance, 1e-6), 0.2) * np.float32(HLG_PEAK_NITS / WHITE_NITS)
        linear = linear * scale.reshape(*linear.shape[:2], 1)
    ordinary = cv2.transform(linear, _WIDE_TO_ORDINARY)
    top = float(_LEVELS - 1)
    # The square root spends the table's steps where the eye does: in the dark.
    index = np.sqrt(np.clip(ordinary, 0, _TOP_LIGHT) / _TOP_LIGHT) * top
    rgb: RgbImage = _to_signal()[index.astype(np.uint16)]
    return np.ascontiguousarray(rgb[:, :, ::-1])


_TOP_LIGHT: Final = 10_000.0 / WHITE_NITS


@cache
def _to_light(transfer: int) -> Table:
    """(4096,) linear light of a 12-bit signal; 1 is an ordinary picture's white for PQ, the scene's peak for HLG."""
    signal = np.linspace(0, 1, _LEVELS)
    if transfer == PQ:
        m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
        power = signal ** (1 / m2)
        return ((np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1) * _TOP_LIGHT).astype(np.float32)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12).astype(np.float32)


@cache
def _to_signal() -> npt.NDArray[np.uint8]:
    """(4096,) 8-bit signal of linear light, by its square root."""
    light = np.linspace(0, 1, _LEVELS) ** 2 * _TOP_LIGHT
    bright = KNEE + (1 - KNEE) * (1 - np.exp(-(light - KNEE) / (1 - KNEE)))
    kept = np.where(light <= KNEE, light, bright)
    return np.asarray(np.round(255 * kept ** (1 / DISPLAY_GAMMA)), np.uint8)
