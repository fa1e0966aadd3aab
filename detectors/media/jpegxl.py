"""JPEG XL, stills and animations, which neither OpenCV nor Pillow reads: by the FFmpeg that comes with the worker."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.errors import Rejected
from core.media import RgbImage

_TIMEOUT_S: Final = 15.0
_MOST_SIDE: Final = 1 << 16


def can_decode() -> bool:
    """Whether FFmpeg is here. The API's image lacks it: the worker decodes what the API only looks at."""
    return importlib.util.find_spec("imageio_ffmpeg") is not None


def decode_still(path: Path, most_px: int) -> RgbImage:
    """The first picture, (H, W, 3) uint8 in OpenCV's channel order.

    Args:
        most_px: refused beyond that, whatever size the file's head states.

    Raises: Rejected: `corrupt_media`, `decode_timeout`.
    """
    shown = _decode(path, "jpegxl_pipe", most_px, "-frames:v", "1")
    bgr = next(_pictures(shown), None)
    if bgr is None:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.")
    return bgr


def read_times(path: Path, most: int, most_px: int) -> tuple[tuple[float, ...], float]:
    """When each picture of an animation is shown, and how long all take. Seconds; nothing where none decodes.

    Raises: Rejected("decode_timeout").
    """
    told = _run(path, "jpegxl_anim", most_px, "-frames:v", str(most), "-c:v", "wrapped_avframe", "-f", "framecrc", "-")
    tick_s, times, end_s = Fraction(1, 1000), [], 0.0
    for line in told.decode("ascii", "replace").splitlines():
        if line.startswith("#tb 0:"):
            tick_s = Fraction(line.removeprefix("#tb 0:").strip())
        elif not line.startswith("#"):
            _, _, shown, lasts, *_ = (int(part, 0) for part in line.split(",")[:4])
            times.append(round(float(shown * tick_s), 4))
            end_s = float((shown + lasts) * tick_s)
    return tuple(times), round(end_s, 4)


def decode_pictures(path: Path, wanted: Sequence[int], most_px: int) -> Iterator[tuple[int, RgbImage]]:
    """Those of an animation that have these numbers, ascending.

    Raises: Rejected("decode_timeout").
    """
    chosen = "+".join(f"eq(n\\,{number})" for number in wanted)
    content = _decode(path, "jpegxl_anim", most_px, "-vf", f"select={chosen}", "-fps_mode", "passthrough")
    yield from zip(sorted(wanted), _pictures(content), strict=False)


def _decode(path: Path, demuxer: str, most_px: int, *chosen: str) -> bytes:
    return _run(path, demuxer, most_px, *chosen, "-c:v", "ppm", "-pix_fmt", "rgb24", "-f", "image2pipe", "-")


def _run(path: Path, demuxer: str, most_px: int, *arguments: str) -> bytes:
    import imageio_ffmpeg  # deferred: absent from the API's image

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-threads", "1", "-f", demuxer]
    command += ["-max_pixels", str(most_px), "-i", f"file:{path}", *arguments]
    try:
        # A list of our own constants and a path; no shell reads it.
        return subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False).stdout  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Rejected("decode_timeout", "Reading the file took longer than allowed.") from error


def _pictures(content: bytes) -> Iterator[RgbImage]:
    """Pictures in the form of PPM, one after the other."""
    at = 0
    while content[at : at + 3] == b"P6\n":
        size_end = content.index(b"\n", at + 3)
        width_px, height_px = (int(side) for side in content[at + 3 : size_end].split())
        start = content.index(b"\n", size_end + 1) + 1
        at = start + 3 * width_px * height_px
        if at > len(content) or max(width_px, height_px) > _MOST_SIDE:
            return
        rgb = np.frombuffer(content, np.uint8, 3 * width_px * height_px, start).reshape(height_px, width_px, 3)
        yield np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)
