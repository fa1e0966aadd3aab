"""Which files are media at all: decided by their first bytes, never by their name.

A recognised file is opened with the one demuxer its bytes call for, from an allow-list and from local files only.
Formats that refer to other files (HLS, DASH, ffconcat, SDP, image sequences) are not on the list, so they cannot be
reached however they are named: a protocol allow-list alone does not refuse them.
"""

from __future__ import annotations

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
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,flv,asf,ogg,wav,w64,flac,mp3,aac,aiff,caf,amr,"
    "mjpeg,mxf,h264,hevc,mpegvideo,m4v,ivf,dv,au,ac3,eac3,dts,wv,tta,ape,rm"
)
"""FFmpeg's own names of every demuxer a file may be opened with."""

MOST_FRAME_PX: Final = 50_000_000
"""Of one picture of a recording, wherever in it; one of 8K has 33 million. A size may change behind a file's head."""
_PLAYLIST_STARTS: Final = (b"#EXTM3U", b"ffconcat", b"v=0", b"[playlist]", b"RTSPtext", b"<MPD", b"<smil", b"<asx")
BARE_STREAMS: Final = frozenset(("h264", "hevc", "mpegvideo", "m4v", "mjpeg"))
"""Coded pictures without a container: no times, no index, and nothing to seek by but the byte."""
_SOUGHT_BY_BYTE: Final = frozenset(("mpeg", "mpegts", "flv")) | BARE_STREAMS
_ISO_BOXES: Final = (b"ftyp", b"styp", b"sidx", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"pnot")
_STILL_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"mif1"), "heif"),
    **dict.fromkeys((b"avif", b"avis"), "avif"),
}
"""The brands of sequences (`hevc`, `hevx`, `msf1`) are left out: such a file has a track, and is read as an MP4."""
_PACKET_SIZES: Final = (188, 192, 204)
_SIGNATURES: Final = (
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
    (b"caff", "caf"),
    (b"#!AMR", "amr"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b".snd", "au"),
    (b"DKIF", "ivf"),
    (b"wvpk", "wv"),
    (b"TTA1", "tta"),
    (b"MAC ", "ape"),
    (b".RMF", "rm"),
    (b"\x1f\x07\x00", "dv"),
    (b"\x7f\xfe\x80\x01", "dts"),
)
_MXF_PARTITION: Final = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01"
_KNOWN_STRANGERS: Final = (
    (b"%PDF", "a PDF document", "Send the pictures in it as files of their own."),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Unpack it and send the media in it."),
    (b"Rar!", "a RAR archive", "Unpack it and send the media in it."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and send the media in it."),
    (b"\x1f\x8b", "a compressed archive", "Unpack it and send the media in it."),
    (b"8BPS", "a Photoshop document", "Export it as PNG."),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture", "Convert it: ffmpeg -i INPUT OUTPUT.png"),
    (b"SDPX", "a DPX picture", "Convert it: ffmpeg -i INPUT OUTPUT.png"),
    (b"XPDS", "a DPX picture", "Convert it: ffmpeg -i INPUT OUTPUT.png"),
    (b"FUJIFILMCCD-RAW", "a camera's raw picture", "Develop it, or send the JPEG that the camera stored beside it."),
    (b"MThd", "a MIDI file, which holds notes and no sound", "Send a recording of it."),
    (b"YUV4MPEG2", "uncompressed video", "Convert it: ffmpeg -i INPUT -c:v libx264 -crf 14 OUTPUT.mp4"),
    (b"nut/multimedia", "a NUT recording", "Convert it: ffmpeg -i INPUT -c copy OUTPUT.mkv"),
    (b"\xb7\xd8\x00\x20", "a WTV recording", "Convert it: ffmpeg -i INPUT -c copy OUTPUT.mkv"),
    (b"DSD ", "a DSD recording", "Convert it: ffmpeg -i INPUT -ar 48000 OUTPUT.flac"),
    (b"FRM8", "a DSD recording", "Convert it: ffmpeg -i INPUT -ar 48000 OUTPUT.flac"),
    (b"ID3", "a tag without sound", "Download or copy the file again."),
    (b"<svg", "an SVG drawing", "Export it as PNG."),
)
"""Kinds that people send and that are not read, with the way out."""


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
    for signature, kind, way_out in _KNOWN_STRANGERS:
        if head.startswith(signature):
            raise Rejected("unsupported_format", f"This is {kind}. {way_out}")
    raise Rejected(
        "unsupported_format",
        "This is not a video, image or sound file in a supported format. If a player opens it, convert it: "
        "ffmpeg -i INPUT -c:v libx264 -crf 14 -c:a flac OUTPUT.mkv",
    )


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
    if head[4:8] == b"ftyp":
        return _STILL_BRANDS.get(head[8:12])
    if head.startswith((b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ")):
        return "jpeg2000"
    if head.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        return "jpegxl"
    return None


def _demuxer(head: bytes) -> str | None:
    if head[4:8] in _ISO_BOXES:
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12])
    for signature, demuxer in _SIGNATURES:
        if head.startswith(signature):
            return demuxer
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if _MXF_PARTITION in head:
        return "mxf"
    return _bare_stream(head) or _transport_stream(head) or _mpeg_audio(_after_id3(head)) or _dolby(head)


def _bare_stream(head: bytes) -> str | None:
    """Coded pictures without a container begin with a start code and a parameter set, or a delimiter before it."""
    at = 3 if head.startswith(b"\0\0\1") else 4 if head.startswith(b"\0\0\0\1") else 0
    if not at or len(head) < at + 4:
        return None
    first, second = head[at], head[at + 1]
    if first == 0xB3:
        return "mpegvideo"
    if first in (0xB0, 0xB5) or (first < 0x20 and head.find(b"\0\0\1\xb6") > 0):
        return "m4v"
    if first >> 1 in (32, 33, 34, 35) and first & 0x81 == 0 and second == 1:
        return "hevc"
    return "h264" if first & 0x80 == 0 and first & 0x1F in (6, 7, 8, 9) else None


def _transport_stream(head: bytes) -> str | None:
    """Packets with a sync byte each. A recording may begin inside of one."""
    for size in _PACKET_SIZES:
        for first in range(size):
            if first < len(head) and head[first] == 0x47 and _has_sync_bytes(head, first, size):
                return "mpegts"
    return None


def _has_sync_bytes(head: bytes, first: int, step: int) -> bool:
    needed = 4 if first in (0, 4) else 8
    marks = head[first : first + needed * step : step]
    return len(marks) == needed and set(marks) == {0x47}


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


def _dolby(head: bytes) -> str | None:
    if not head.startswith(b"\x0b\x77") or len(head) < 6:
        return None
    return "ac3" if head[5] >> 3 <= 10 else "eac3"


def open_media(path: Path, demuxer: str, *, max_pixels: int | None = None) -> InputContainer:
    """Open a local file with exactly this demuxer; other formats, protocols and referenced files stay out of reach.

    Raises: Rejected("corrupt_media") when its structure cannot be read.
    """
    options = {"max_pixels": str(max_pixels)} if max_pixels else {}
    try:
        container = av.open(
            f"file:{path}",
            "r",
            format=demuxer,
            options=options,
            container_options={"format_whitelist": AV_DEMUXERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, ValueError) as error:
        raise Rejected("corrupt_media", "The file is damaged beyond reading.") from error
    for stream in container.streams.video:
        if stream.codec_context is not None:
            stream.codec_context.options = decoder_options()
    return container


def decoder_options(**further: str) -> dict[str, str]:
    """Of a decoder of pictures."""
    return {"max_pixels": str(MOST_FRAME_PX), **further}


def rewind(container: InputContainer) -> None:
    """Back to the very first packet, which some demuxers find by position only."""
    if container.format.name in _SOUGHT_BY_BYTE:
        container.seek(0, unsupported_byte_offset=True)
    else:
        container.seek(container.start_time or 0)


def main_video(container: InputContainer, among: set[int] | None = None) -> VideoStream | None:
    """The moving picture that a player would choose; cover art of a sound file is not one.

    Args:
        among: indexes of the streams that come into question; None for all.
    """
    candidates = [
        stream
        for stream in container.streams.video
        if not stream.disposition & (av.stream.Disposition.attached_pic | av.stream.Disposition.still_image)
        and stream.codec_context is not None
        and (among is None or stream.index in among)
    ]
    return max(
        candidates,
        key=lambda stream: (
            bool(stream.disposition & av.stream.Disposition.default),
            bool(stream.duration),  # beside a track, a still picture of the same file has none
            stream.codec_context.width * stream.codec_context.height,
        ),
        default=None,
    )
