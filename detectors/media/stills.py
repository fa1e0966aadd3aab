"""What the bytes of a still image declare, read before anything is decompressed: sizes, scans, lengths, attachments."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import Rejected
from core.settings import LimitSettings

Content = bytes | memoryview
MOST_SCANS: Final = 100
"""Of a JPEG. Cameras and editors write one to twelve; a file of thousands holds a decoder for minutes."""
MOST_MARKERS: Final = 1 << 16
"""Of a JPEG, up to its end. Photographs have some dozens."""
MOST_SCANNED_PX: Final = 1_000_000_000
"""Pixels times scans: a decoder goes over the whole picture for each."""
MOST_CHUNKS: Final = 1 << 17
"""Of a PNG. Pictures have some thousands, and an animation two or three a picture."""
_GAP_BYTES: Final = 16
"""Between pictures of a motion JPEG."""
_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""Any but a restart, a fill byte, and the escaped 0xFF of coded data."""
_MOVIE: Final = re.compile(rb"\0\0.{2}ftyp(?:mp4|iso|qt |avc|M4V|3gp|MSNV)", re.DOTALL)
_PNG_PICTURE: Final = b"IDAT"


@dataclass(frozen=True, slots=True)
class JpegLayout:
    """One JPEG as its markers tell it: sizes of its frame headers, how many scans it has, and where it ends."""

    sizes: tuple[tuple[int, int], ...]
    scans: int
    end: int | None
    """Past its end marker; None when there is none."""


def jpeg_layout(content: bytes, start: int = 0) -> JpegLayout:
    """Walks the markers from a start-of-image on; stops counting scans past `MOST_SCANS`.

    Raises: Rejected("corrupt_media") past `MOST_MARKERS`.
    """
    sizes: list[tuple[int, int]] = []
    position, scans, markers = start + 2, 0, 0
    while (found := _MARKER.search(content, position)) is not None:
        position, marker, markers = found.start(), content[found.start() + 1], markers + 1
        if markers > MOST_MARKERS:
            raise Rejected("corrupt_media", "The image is damaged beyond reading.")
        if marker == 0xD9:
            return JpegLayout(tuple(sizes), scans, position + 2)
        if marker in (0x01, 0xD8) or position + 4 > len(content):
            position += 2
            continue
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                break
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and position + 9 <= len(content):
            height, width = struct.unpack_from(">HH", content, position + 5)
            sizes.append((width, height))
        position += 2 + max(2, struct.unpack_from(">H", content, position + 2)[0])
    return JpegLayout(tuple(sizes), scans, None)


def is_motion_jpeg(content: bytes) -> bool:
    """Whether three JPEGs of one size follow one another: a film, where two may be a picture and its preview."""
    start, sizes = 0, []
    for _ in range(3):
        layout = jpeg_layout(content, start)
        if layout.end is None or not layout.sizes:
            return False
        sizes.append(layout.sizes[0])
        start = content.find(b"\xff\xd8\xff", layout.end, layout.end + _GAP_BYTES)
        if start < 0:
            break
    return len(sizes) == 3 and len(set(sizes)) == 1


def embedded_movie(name: str, content: bytes) -> int | None:
    """Where the video of a Motion Photo begins: behind the picture, or in a box of a HEIF file; None without one."""
    if name == "jpeg":
        end = jpeg_layout(content).end
    elif name in ("heif", "avif"):
        end = content.find(b"mpvd")
        end = None if end < 0 else end
    else:
        return None
    found = None if end is None else _MOVIE.search(content, end)
    return None if found is None else found.start()


def boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of what each box between these places holds."""
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if length == 1 and at + 16 <= end:
            length, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        last = end if length == 0 else at + length
        if last < at + head or last > end:
            return
        yield kind, at + head, last
        at = last


def sequence_beside_still(content: bytes) -> tuple[int, int] | None:
    """Where the marks of the box of stills and of the box of tracks stand in a HEIC or AVIF that holds both; else None.

    The main brand names one of them only, and a reader that goes by it passes the other over.
    """
    marks = {
        kind: start - 4 for kind, start, _ in boxes(content, 0, len(content)) if content[start - 4 : start] == kind
    }
    return (marks[b"meta"], marks[b"moov"]) if {b"meta", b"moov"} <= marks.keys() else None


def without_tracks(content: bytes) -> bytes:
    """A HEIC as a still only: a decoder refuses it whole for a track that is damaged."""
    both = sequence_beside_still(content)
    return content if both is None else content[: both[1]] + b"free" + content[both[1] + 4 :]


def refuse_costly(name: str, content: bytes, limits: LimitSettings) -> None:
    """Refuse what would cost more to decode than any picture does.

    Raises: Rejected: `corrupt_media`, `too_many_pixels`, `too_many_scans`.
    """
    width_px, height_px = image_size(name, content)
    if width_px * height_px > limits.max_pixels:
        raise Rejected("too_many_pixels", "The picture has more pixels than this service accepts.")
    if name == "jpeg":
        scans = jpeg_layout(content).scans
        if scans > MOST_SCANS or scans * width_px * height_px > MOST_SCANNED_PX:
            raise Rejected(
                "too_many_scans",
                "This JPEG is stored in more passes than this service accepts. Save it again as an ordinary JPEG.",
            )


def without_false_lengths(content: bytes) -> tuple[bytes, bool]:
    """A PNG whose chunks end where the file does, and whether one claimed more.

    Picture data that is cut short is kept as far as it goes; any other chunk that reaches past the end is dropped with
    what follows: decoders set aside as much memory as it claims.

    Raises: Rejected("corrupt_media") past `MOST_CHUNKS`.
    """
    position, chunks = 8, 0
    while position + 8 <= len(content):
        chunks += 1
        if chunks > MOST_CHUNKS:
            raise Rejected("corrupt_media", "The image is damaged beyond reading.")
        length, kind = struct.unpack_from(">I4s", content, position)
        left = len(content) - position - 12
        if length > left:
            if kind != _PNG_PICTURE or left < 1:
                return content[:position], True
            return content[:position] + struct.pack(">I", left) + content[position + 4 :], True
        if kind == b"IEND":
            return content, False
        position += 12 + length
    return content, True


# ------------------------------------------------------------------------------------------------ several pictures


def is_animated_png(content: bytes) -> bool:
    """Whether it may be one: a PNG without this mark is none."""
    return content.find(b"acTL") >= 0


def gif_delays(content: bytes, most: int, max_pixels: int) -> list[float]:
    """Seconds that each picture is shown by what the file states, 0.1 where it states none; nothing is decoded.

    Ends where the file does, where its data stops making sense, or where a picture makes the canvas too large.
    """
    delays: list[float] = []
    stated_s, at = 0.0, 13 + _palette_bytes(content[10])
    while at + 1 < len(content) and len(delays) < most:
        kind = content[at]
        if kind == 0x21:
            if content[at + 1] == 0xF9 and at + 8 <= len(content) and content[at + 2] >= 4:
                stated_s = struct.unpack_from("<H", content, at + 4)[0] / 100
            at = _behind_blocks(content, at + 2)
        elif kind == 0x2C and at + 10 <= len(content):
            left, top, width, height, flags = struct.unpack_from("<HHHHB", content, at + 1)
            if (left + width) * (top + height) > max_pixels:
                break
            delays.append(stated_s or 0.1)
            stated_s, at = 0.0, _behind_blocks(content, at + 11 + _palette_bytes(flags))
        elif kind == 0:  # some writers end what has ended
            at += 1
        else:
            break
    return delays


def _palette_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _behind_blocks(content: bytes, at: int) -> int:
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1


def tiff_pages(content: bytes, most: int) -> tuple[int, bool]:
    """How many pages the file's chain of directories reaches, and whether it ends as it should."""
    order = "<" if content[:2] == b"II" else ">"
    seen: set[int] = set()
    (at,) = struct.unpack_from(order + "I", content, 4)
    while at and at not in seen and len(seen) < most:
        if at + 2 > len(content):
            return len(seen), False
        entries = struct.unpack_from(order + "H", content, at)[0]
        end = at + 2 + 12 * entries
        if not entries or end + 4 > len(content):
            return len(seen), False
        seen.add(at)
        (at,) = struct.unpack_from(order + "I", content, end)
    return len(seen), True


# ------------------------------------------------------------------------------------------------ sizes


def image_size(name: str, content: bytes) -> tuple[int, int]:
    """Width and height in pixels that an image's header declares; (1, 1) where only the decoder's header tells.

    Raises: Rejected("corrupt_media").
    """
    try:
        width, height = _IMAGE_SIZES[name](content) if name in _IMAGE_SIZES else (1, 1)
    except (struct.error, IndexError, StopIteration, KeyError) as error:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.") from error
    if width < 1 or height < 1:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.")
    return width, height


def _png_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _gif_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _bmp_size(content: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", content, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", content, 18)
    else:
        width, height = struct.unpack_from("<ii", content, 18)
    return abs(width), abs(height)


def _webp_size(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", content, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """The largest frame header: a file may carry several, and the decoder is not asked which one it heeds."""
    return max(jpeg_layout(content).sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def _tiff_size(content: bytes) -> tuple[int, int]:
    order = "<" if content[:2] == b"II" else ">"
    offset = struct.unpack_from(order + "I", content, 4)[0]
    entries = struct.unpack_from(order + "H", content, offset)[0]
    fields = {}
    for entry in range(entries):
        tag, kind = struct.unpack_from(order + "HH", content, offset + 2 + 12 * entry)
        fields[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), content, offset + 10 + 12 * entry)[0]
    return fields[256], fields[257]


_JXL_WIDTHS: Final = (9, 13, 18, 30)
_JXL_RATIOS: Final = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


class _Bits:
    """Reads a bit field from the lowest bit of the first byte on, as JPEG XL writes them."""

    def __init__(self, content: bytes) -> None:
        self._value, self._at = int.from_bytes(content, "little"), 0

    def take(self, count: int) -> int:
        found = self._value >> self._at & ((1 << count) - 1)
        self._at += count
        return found

    def side(self, is_small: int) -> int:
        return 8 * (self.take(5) + 1) if is_small else self.take(_JXL_WIDTHS[self.take(2)]) + 1

    def size(self) -> tuple[int, int]:
        """Width and height, as a JPEG XL states them wherever it does."""
        is_small = self.take(1)
        height = self.side(is_small)
        ratio = self.take(3)
        if ratio == 0:
            return self.side(is_small), height
        return height * _JXL_RATIOS[ratio - 1][0] // _JXL_RATIOS[ratio - 1][1], height


def _jpegxl_header(content: bytes) -> _Bits:
    """Of the bare codestream, or of the box that holds its beginning, wherever its file ends."""
    start = 0
    if content[:2] != b"\xff\x0a":
        parts = (each for each in boxes(content, 0, sys.maxsize) if each[0] in (b"jxlc", b"jxlp"))
        kind, start, _ = next(parts)
        start += 4 if kind == b"jxlp" else 0
    return _Bits(content[start + 2 : start + 64])


def _jpegxl_size(content: bytes) -> tuple[int, int]:
    return _jpegxl_header(content).size()


def is_animated_jpegxl(content: bytes) -> bool:
    """Whether the header of a JPEG XL announces an animation; also where a preview hides what it announces."""
    try:
        bits = _jpegxl_header(content)
    except (StopIteration, struct.error):
        return False
    bits.size()
    if bits.take(1) or not bits.take(1):  # all as usual, or no further fields
        return False
    bits.take(3)
    if bits.take(1):
        bits.size()
    return bool(bits.take(1)) or bool(bits.take(1))


_IMAGE_SIZES: Final = {
    "png": _png_size,
    "gif": _gif_size,
    "bmp": _bmp_size,
    "webp": _webp_size,
    "jpeg": _jpeg_size,
    "tiff": _tiff_size,
    "jpegxl": _jpegxl_size,
}
