"""Still images and animations decoded: OpenCV first, Pillow for what it does not read or refuses for being damaged.

Runs in the confined reader: Pillow is told to keep what a damaged file yields, and standard error is listened to for
what the libraries underneath complain of. Nothing here is called on bytes of our own making.
"""

from __future__ import annotations

import io
import mmap
import os
import struct
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.errors import Rejected
from core.media import RgbImage
from core.settings import LimitSettings
from detectors.media import jpegxl
from detectors.media.stills import (
    gif_delays,
    image_size,
    is_animated_jpegxl,
    is_animated_png,
    jpeg_layout,
    refuse_costly,
    tiff_pages,
    without_false_lengths,
    without_tracks,
)

_BY_PILLOW: Final = frozenset(("heif", "avif", "jpeg2000"))
_MAY_MOVE: Final = frozenset(("gif", "webp", "png", "tiff", "heif", "avif"))
PAGE_S: Final = 1.0
"""A page of a document has no duration: it is given this long."""
LEAST_SHOWN_S: Final = 0.02
"""Browsers show no picture of an animation for less."""
ALLOWED_ANIMATION_PX: Final = 1500 * 1280 * 720
"""What may be decoded to reach the pictures of one animation: each is built on those before it."""
MOST_PICTURES: Final = 20_000
MOST_AT_ONCE_PX: Final = 150_000_000
"""Of the pictures of a JPEG XL, which are all held in memory."""
PILLOW_ERRORS: Final = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, RuntimeError, struct.error)
"""What Pillow and its readers raise of a damaged file."""
_COMPLAINTS: Final = (b"Corrupt JPEG data", b"Premature end", b"libpng error", b"libpng warning: IDAT", b"CRC error")


@dataclass(frozen=True, slots=True)
class Picture:
    """One image, (H, W, 3) uint8 in OpenCV's channel order, upright."""

    bgr: RgbImage
    is_cut: bool = False
    """Whether its end is missing."""
    is_damaged: bool = False
    """Whether a decoder complained of its data."""


@dataclass(frozen=True, slots=True)
class Animation:
    """Pictures shown one after the other: when each is shown, and how long all take. Seconds."""

    times_s: tuple[float, ...]
    duration_s: float
    are_pages: bool = False
    lacks_pages: bool = False
    """Whether the file names pages behind its last one that cannot be found."""


@contextmanager
def contents(path: Path) -> Iterator[bytes]:
    """The file as bytes that are read only where they are looked at."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped  # type: ignore[misc]  # searched, sliced and unpacked as bytes are


def read_picture(content: bytes, name: str, limits: LimitSettings) -> Picture:
    """The image, or its first picture, as far as it can be read.

    Raises: Rejected: `corrupt_media`, `too_many_pixels`, `too_many_scans`.
    """
    refuse_costly(name, content, limits)
    is_cut = False
    if name == "png":
        content, is_cut = without_false_lengths(content)
    elif name == "jpeg":
        is_cut = jpeg_layout(content).end is None
    elif name == "heif":
        content = without_tracks(content)
    if name == "jpegxl":
        return Picture(_jpegxl(content, limits))
    if name not in _BY_PILLOW:
        bgr, is_damaged = _by_opencv(content)
        if bgr is not None:
            return Picture(bgr, is_cut, is_damaged)
    return Picture(_by_pillow(content, limits), is_cut, name not in _BY_PILLOW and not is_cut)


def read_animation(path: Path, name: str, limits: LimitSettings) -> Animation | None:
    """What there is beyond the first picture; None for a still.

    Raises: Rejected("decode_timeout").
    """
    if name == "jpegxl":
        return _animated_jpegxl(path, limits)
    if name not in _MAY_MOVE:
        return None
    try:
        if name in ("gif", "tiff", "png"):
            with contents(path) as content:
                if name != "png":
                    return _gif(content, limits) if name == "gif" else _document(content)
                if not is_animated_png(content):
                    return None
        with open_with_pillow(path) as image:
            count = min(int(getattr(image, "n_frames", 1)), MOST_PICTURES)
            if count < 2:
                return None
            if name == "heif":
                return Animation(tuple(number * PAGE_S for number in range(count)), count * PAGE_S, are_pages=True)
            found = _timed(image, count, name)
            return found if len(found.times_s) > 1 else None
    except PILLOW_ERRORS:
        return None


def _gif(content: bytes, limits: LimitSettings) -> Animation | None:
    times, at_s = [], 0.0
    for delay_s in gif_delays(content, MOST_PICTURES, limits.max_pixels):
        times.append(round(at_s, 4))
        at_s += max(LEAST_SHOWN_S, delay_s)
    return Animation(tuple(times), round(at_s, 4)) if len(times) > 1 else None


def _document(content: bytes) -> Animation | None:
    """A TIFF of several pages, or of one where more are lost."""
    count, is_whole = tiff_pages(content, MOST_PICTURES)
    if count < 1 or (count < 2 and is_whole):
        return None
    times = tuple(number * PAGE_S for number in range(count))
    return Animation(times, count * PAGE_S, are_pages=True, lacks_pages=not is_whole)


def _animated_jpegxl(path: Path, limits: LimitSettings) -> Animation | None:
    with contents(path) as content:
        if not is_animated_jpegxl(content) or not jpegxl.can_decode():
            return None
        width_px, height_px = image_size("jpegxl", content)
    most = min(MOST_PICTURES, ALLOWED_ANIMATION_PX // (width_px * height_px))
    times, duration_s = jpegxl.read_times(path, most, limits.max_pixels)
    return Animation(times, duration_s) if len(times) > 1 else None


def sample_animation(
    path: Path, name: str, wanted: Sequence[int], limits: LimitSettings
) -> Iterator[tuple[int, RgbImage | None]]:
    """The pictures of these numbers, ascending, as far as the limits and the file allow; None for a page that cannot be
    read among others that can."""
    if name == "jpegxl":
        with contents(path) as content:
            width_px, height_px = image_size("jpegxl", content)
        step = -(-len(wanted) * width_px * height_px // MOST_AT_ONCE_PX)
        yield from jpegxl.decode_pictures(path, wanted[::step], limits.max_pixels)
        return
    spent, are_pages = 0, name in ("tiff", "heif")
    with suppress(*PILLOW_ERRORS), open_with_pillow(path) as image:
        last = -1
        for number in sorted(wanted):
            width_px, height_px = image.size
            spent += width_px * height_px * max(1, number - last)
            if width_px * height_px > limits.max_pixels or spent > ALLOWED_ANIMATION_PX:
                return
            try:
                image.seek(number)
                shown = _as_bgr(image)
            except PILLOW_ERRORS:
                if not are_pages:
                    return
                shown = None
            yield number, shown
            last = number


# ------------------------------------------------------------------------------------------------ decoders


def _by_opencv(content: bytes) -> tuple[RgbImage | None, bool]:
    with _complaints() as told:
        try:
            bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error:
            bgr = None
    return (None, True) if bgr is None else (np.asarray(bgr, np.uint8), bool(told))


def _by_pillow(content: bytes, limits: LimitSettings) -> RgbImage:
    try:
        with open_with_pillow(io.BytesIO(content)) as image:
            if image.size[0] * image.size[1] > limits.max_pixels:
                raise Rejected("too_many_pixels", "The picture has more pixels than this service accepts.")
            return _as_bgr(image)
    except PILLOW_ERRORS as error:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.") from error


def open_with_pillow(source: Path | io.BytesIO):  # type: ignore[no-untyped-def]
    from PIL import Image, ImageFile  # deferred: most images never need it

    if not Image.registered_extensions().get(".heic"):
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    Image.MAX_IMAGE_PIXELS = None  # our own limit is asked instead
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(source)


def _as_bgr(image) -> RgbImage:  # type: ignore[no-untyped-def]
    from PIL import ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I") or upright.mode == "F":
            values = np.asarray(upright, np.float32)
            scale = 255.0 / max(65535.0 if upright.mode.startswith("I;16") else float(values.max(initial=0)), 1.0)
            return np.asarray(cv2.cvtColor(np.clip(values * scale, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR))
        return np.ascontiguousarray(np.asarray(upright.convert("RGB"), np.uint8)[:, :, ::-1])


def _timed(image, count: int, name: str) -> Animation:  # type: ignore[no-untyped-def]
    """When each picture is shown. A WebP or AVIF tells that with the decoded picture only: in a large one all share the
    first one's."""
    times, at_s, shown_s = [], 0.0, 0.1
    is_indexed = name == "png"
    is_small = count * image.size[0] * image.size[1] < ALLOWED_ANIMATION_PX / 4
    is_told = True
    for number in range(count):
        times.append(round(at_s, 4))
        if is_told and (is_indexed or is_small or number == 0):
            try:
                image.seek(number)
                if not is_indexed:
                    image.load()
                shown_s = max(LEAST_SHOWN_S, float(image.info.get("duration") or 100) / 1000)
            except PILLOW_ERRORS:
                # What stands behind it is reached over it only, and each further try would read all before it again.
                is_told = not is_indexed
        at_s += shown_s
    return Animation(tuple(times), round(at_s, 4))


def _jpegxl(content: bytes, limits: LimitSettings) -> RgbImage:
    if not jpegxl.can_decode():
        return np.zeros((1, 1, 3), np.uint8)
    with tempfile.NamedTemporaryFile(suffix=".jxl") as file:
        file.write(content)
        file.flush()
        return jpegxl.decode_still(Path(file.name), limits.max_pixels)


@contextmanager
def _complaints() -> Iterator[list[bytes]]:
    """What the libraries print of damage while they decode. OpenCV hands the picture on without a word of it."""
    told: list[bytes] = []
    kept = os.dup(2)
    with os.fdopen(os.memfd_create("complaints"), "r+b") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield told
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            said = file.read(64 * 1024)
            told += [each for each in _COMPLAINTS if each in said]
