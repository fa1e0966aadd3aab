"""Which files are media at all: decided by their first bytes, never by their name.

A recognised file is opened with the one demuxer its bytes call for, from an allow-list and from local files only.
Formats that refer to other files (HLS, DASH, ffconcat, SDP, image sequences) are not on the list, so they cannot be
reached however they are named: a protocol allow-list alone does not refuse them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from core.errors import Rejected

HEAD_BYTES: Final = 64 * 1024
"""How much of a file is read to recognise it."""

AV_DEMUXERS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,flv,asf,ogg,wav,w64,flac,mp3,aac,aiff,caf,amr"
)
"""FFmpeg's own names of every demuxer a file may be opened with."""

_PLAYLIST_STARTS: Final = (b"#EXTM3U", b"ffconcat", b"v=0", b"[playlist]", b"RTSPtext", b"<MPD", b"<smil", b"<asx")
_SOUGHT_BY_BYTE: Final = ("mpeg", "mpegts", "flv")
_ISO_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_STILL_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True, slots=True)
class Format:
    """What the first bytes say a file is. `demuxer` is FFmpeg's name; None for still images."""

    name: str
    demuxer: str | None

    @property
    def is_image(self) -> bool:
        return self.demuxer is None


def recognise(head: bytes) -> Format:
    """The format that these first bytes open.

    Raises: Rejected: `empty_file`, `playlist_refused`, or `unsupported_format` for anything not on the list.
    """
    if not head:
        raise Rejected("empty_file", "The file is empty.")
    name = _image_format(head)
    if name is not None:
        return Format(name, None)
    demuxer = _demuxer(head)
    if demuxer is not None:
        return Format(demuxer, demuxer)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(_PLAYLIST_STARTS) or (text.startswith(b"<?xml") and b"<MPD" in text[:4096]):
        raise Rejected("playlist_refused", "This is a playlist that refers to other files; upload the media itself.")
    raise Rejected("unsupported_format", "This is not a video, image or sound file in a supported format.")


def _image_format(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "tiff"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "bmp"
    return None


def _demuxer(head: bytes) -> str | None:
    if head[4:8] in _ISO_BOXES:
        return None if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS else "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12])
    for signature, demuxer in (
        (b"OggS", "ogg"),
        (b"fLaC", "flac"),
        (b"FLV\x01", "flv"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
        (b"riff\x2e\x91\xcf\x11", "w64"),
        (b"caff", "caf"),
        (b"#!AMR", "amr"),
        (b"\x00\x00\x01\xba", "mpeg"),
    ):
        if head.startswith(signature):
            return demuxer
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if any(_has_sync_bytes(head, first, step) for first, step in ((0, 188), (4, 192))):
        return "mpegts"
    return _mpeg_audio(_after_id3(head))


def _has_sync_bytes(head: bytes, first: int, step: int) -> bool:
    marks = head[first : first + 4 * step : step]
    return len(marks) == 4 and set(marks) == {0x47}


def _after_id3(head: bytes) -> bytes:
    if head[:3] != b"ID3" or len(head) < 10:
        return head
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    # A tag larger than what was read (cover art) is nearly always followed by MP3.
    return head[10 + size :] or b"\xff\xfb\x90\x00"


def _mpeg_audio(head: bytes) -> str | None:
    """Two sync bytes alone appear in random data, so the fields that must not take reserved values are read too."""
    if head.startswith(b"fLaC"):
        return "flac"
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "aac" if (head[2] >> 2) & 0xF < 13 else None
    is_audio = head[1] & 0xE0 == 0xE0 and (head[1] >> 3) & 3 != 1 and (head[1] >> 1) & 3 != 0
    return "mp3" if is_audio and head[2] >> 4 not in (0, 15) and (head[2] >> 2) & 3 != 3 else None


def open_media(path: Path, demuxer: str, *, max_pixels: int | None = None) -> InputContainer:
    """Open a local file with exactly this demuxer; other formats, protocols and referenced files stay out of reach.

    Raises: Rejected("corrupt_media") when its structure cannot be read.
    """
    options = {"max_pixels": str(max_pixels)} if max_pixels else {}
    try:
        return av.open(
            f"file:{path}",
            "r",
            format=demuxer,
            options=options,
            container_options={"format_whitelist": AV_DEMUXERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, ValueError) as error:
        raise Rejected("corrupt_media", "The file is damaged beyond reading.") from error


def rewind(container: InputContainer) -> None:
    """Back to the very first packet, which some demuxers find by position only."""
    if container.format.name in _SOUGHT_BY_BYTE:
        container.seek(0, unsupported_byte_offset=True)
    else:
        container.seek(container.start_time or 0)


def main_video(container: InputContainer) -> VideoStream | None:
    """The moving picture to examine; cover art of a sound file is not one."""
    candidates = [
        stream
        for stream in container.streams.video
        if not stream.disposition & (av.stream.Disposition.attached_pic | av.stream.Disposition.still_image)
        and stream.codec_context is not None
    ]
    return max(
        candidates,
        key=lambda stream: (
            bool(stream.disposition & av.stream.Disposition.default),
            stream.codec_context.width * stream.codec_context.height,
        ),
        default=None,
    )


# ------------------------------------------------------------------------------------- sizes of still images


def image_size(name: str, content: bytes) -> tuple[int, int]:
    """Width and height in pixels that an image's header declares, before anything is decompressed.

    Raises: Rejected("corrupt_media").
    """
    try:
        width, height = _IMAGE_SIZES[name](content)
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
    sizes = list(_jpeg_frame_sizes(content))
    return max(sizes, key=lambda size: size[0] * size[1]) if sizes else (0, 0)


def _jpeg_frame_sizes(content: bytes) -> Iterator[tuple[int, int]]:
    position = 2
    while position + 9 <= len(content):
        if content[position] != 0xFF:
            return
        marker = content[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, position + 5)
            yield width, height
        if marker in (0xD9, 0xDA):
            return
        position += 2 + struct.unpack_from(">H", content, position + 2)[0]


def _tiff_size(content: bytes) -> tuple[int, int]:
    order = "<" if content[:2] == b"II" else ">"
    offset = struct.unpack_from(order + "I", content, 4)[0]
    entries = struct.unpack_from(order + "H", content, offset)[0]
    fields = {}
    for entry in range(entries):
        tag, kind = struct.unpack_from(order + "HH", content, offset + 2 + 12 * entry)
        fields[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), content, offset + 10 + 12 * entry)[0]
    return fields[256], fields[257]


_IMAGE_SIZES: Final = {
    "png": _png_size,
    "gif": _gif_size,
    "bmp": _bmp_size,
    "webp": _webp_size,
    "jpeg": _jpeg_size,
    "tiff": _tiff_size,
}
