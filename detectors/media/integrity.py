"""What a file's own numbers and checksums tell of what is missing, where its demuxer skips it without a word.

Demuxers read on behind damage, and from what they then yield nobody could tell that there was more: pages of an Ogg
file are numbered and carry checksums, a FLAC frame states its place, and an index of an AVI may end before its data.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import islice
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from core.errors import Rejected
from core.types import StreamKind, TimeRange
from detectors.media.formats import BARE_STREAMS, decoder_options, open_media
from detectors.media.pictures import contents
from detectors.media.stills import boxes
from detectors.media.survey import Survey, extend, packets

LEAST_LOST_S: Final = 0.5
"""Containers round what they state of a track: less than this is not missing."""
LOST_SHARE: Final = 0.02
STATING: Final = frozenset(("mov,mp4,m4a,3gp,3g2,mj2", "avi"))
"""Containers that state the length of each track. Of others FFmpeg makes one up from the bit rate."""
LEAST_BEFORE_S: Final = 0.05
OVERSIZED: Final = 1.5
"""A picture of a bare stream that takes so many times the bytes of any key frame is looked into."""
MOST_OVERSIZED: Final = 4
ALLOWED_PX: Final = 1500 * 1280 * 720
"""Of a bare stream that are decoded to see what does not: a minute of 720p."""
MOST_RUN: Final = 600
MOST_RUN_BYTES: Final = 32_000_000
"""Pictures and bytes from a key frame on that are decoded to look into one."""
_HELD_BACK: Final = 16
"""Pictures at most that a decoder holds back."""
_KEPT_BYTES: Final = 512
"""Of a picture, at least, when it is decoded a second time without what follows."""
_AVI_BYTES: Final = 1 << 21
"""Of an AVI, in which pieces of every track occur."""
MOST_CHAINED: Final = 4096
"""Streams of an Ogg file that are followed; a recording of a broadcast has one a song."""
_NO_ZERO: Final = b"\x80"
"""Ends what is cut off: decoders take zeros at the end of a picture for none of it."""
MOST_BARE_MARKS: Final = 4096
"""Of pages without what follows them: damage leaves few."""
_BARE_MARK: Final = re.compile(rb"OggS(?!\0)")
_ANY_MARK: Final = re.compile(rb"OggS")
_MARK: Final = re.compile(rb"OggS\0")
_PAGE: Final = struct.Struct("<4sBBqIIIB")
_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(slots=True)
class Losses:
    """What is known to be missing. Seconds from the start of the media."""

    before_s: float = 0.0
    """How much of the recording came before what the file begins with."""
    ends_at_s: float | None = None
    """Where reading ends although the file goes on, or lacks the mark of an end."""
    spans: list[TimeRange] = field(default_factory=list)


def find_losses(path: Path, container: InputContainer, found: Survey) -> Losses:
    """What the demuxer passed over."""
    name = container.format.name
    start_s = max(0.0, (container.start_time or 0) / av.time_base)
    losses = Losses()
    if name == "flac":  # its times count from the first sample that was recorded
        losses.before_s = start_s if start_s >= LEAST_BEFORE_S else 0.0
        stated = max((stated_s(container, each) for each in container.streams), default=0.0) - start_s
        if lacks(found.end_s, stated):
            losses.spans.append(TimeRange(start_s=found.end_s, end_s=stated))
    elif name == "ogg":
        with contents(path) as content:
            losses = _page_losses(content, start_s)
    elif name in BARE_STREAMS:
        losses.spans += _bare_losses(path, name, found)
    for stream in container.streams:
        if stream.index in found.tracks:
            losses.spans += unheld(found.tracks[stream.index].end_s, stated_end_s(container, stream))
    return losses


def stated_s(container: InputContainer, stream: Stream) -> float:
    """How long this track is by what its container states; 0 where it states nothing."""
    tick_s = float(stream.time_base or 0)
    if container.format.name == "avi":  # counts the track's own units in the field of frames
        return float(stream.frames * tick_s)
    return float((stream.duration or 0) * tick_s)


def stated_end_s(container: InputContainer, stream: Stream) -> float:
    """When this track ends by what its container states, from the start of the media; 0 where it states nothing."""
    if container.format.name not in STATING:
        return 0.0
    first_s = float((stream.start_time or 0) * (stream.time_base or 0)) - (container.start_time or 0) / av.time_base
    return max(0.0, first_s) + stated_s(container, stream)


def lacks(held_s: float, stated: float) -> bool:
    """Whether a track holds so much less than is stated of it that no rounding explains it."""
    return stated - held_s > max(LEAST_LOST_S, LOST_SHARE * stated)


def unheld(held_s: float, stated: float) -> tuple[TimeRange, ...]:
    """The end of a track that its container states and does not yield."""
    return (TimeRange(start_s=held_s, end_s=stated),) if lacks(held_s, stated) else ()


# ------------------------------------------------------------------------------------------------ Ogg


@dataclass(frozen=True, slots=True)
class _Page:
    start: int
    end: int
    serial: int
    number: int
    position: int
    """Granule position; negative where no packet ends on the page."""
    is_first: bool
    is_last: bool
    content: int
    """Where what it carries begins."""


def refuse_bare_marks(path: Path) -> None:
    """Refuse an Ogg file with more marks of pages than it could hold pages, or with thousands that begin none.

    A demuxer tries each of them, and goes back for each that fails.

    Raises: Rejected("corrupt_media").
    """
    with contents(path) as content:
        most = len(content) // _PAGE.size
        if _more_than(MOST_BARE_MARKS, _BARE_MARK, content) or _more_than(most, _ANY_MARK, content):
            raise Rejected("corrupt_media", "The file names more pieces of picture or sound than it can hold.")


def _more_than(most: int, mark: re.Pattern[bytes], content: bytes) -> bool:
    return next(islice(mark.finditer(content), most, None), None) is not None


def _pages(content: bytes) -> Iterator[_Page]:
    """Every whole page, in the order of the file: what lies between two of them belongs to none.

    Limits: marks may overlap, each with a sum to be computed over much of the file. When more was summed in vain than
        the file holds, the rest of it counts as no pages.
    """
    found, left = _MARK.search(content), len(content)
    while found is not None and left > 0:
        at = found.start()
        end = _page_end(content, at)
        page = None if end is None else _page_at(content, at, end)
        if page is None:
            left -= 0 if end is None else end - at
        else:
            yield page
        found = _MARK.search(content, at + 1 if page is None else page.end)


def _page_end(content: bytes, at: int) -> int | None:
    """Where a page ends that begins there, if one does."""
    if at + _PAGE.size > len(content):
        return None
    body = at + _PAGE.size + content[at + _PAGE.size - 1]
    end = body + sum(content[at + _PAGE.size : body])
    return None if end > len(content) else end


def _page_at(content: bytes, at: int, end: int) -> _Page | None:
    _, _, flags, position, serial, number, checksum, segments = _PAGE.unpack_from(content, at)
    if _checksum(content[at : at + 22] + bytes(4) + content[at + 26 : end]) != checksum:
        return None
    body = at + _PAGE.size + segments
    return _Page(at, end, serial, number, position, bool(flags & 2), bool(flags & 4), body)


def _checksum(content: bytes) -> int:
    """Of a page (polynomial 0x04C11DB7, no inversion): zlib's sum is the same with the bits in the other order."""
    mirrored = zlib.crc32(content.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_MIRRORED), "big")


def _rate_hz(head: bytes) -> int:
    """Of the positions of a stream that begins like this; 0 where they are no plain count of samples."""
    if head.startswith(b"\x01vorbis"):
        return int.from_bytes(head[12:16], "little")
    if head.startswith(b"OpusHead"):
        return 48_000
    if head.startswith(b"\x7fFLAC"):
        return int.from_bytes(head[27:30], "big") >> 4
    return int.from_bytes(head[36:40], "little") if head.startswith(b"Speex   ") else 0


def _page_losses(content: bytes, start_s: float) -> Losses:
    losses = Losses()
    rates: dict[int, int] = {}
    numbers: dict[int, int] = {}
    open_streams: set[int] = set()
    reached_s, since_s, end = 0.0, None, 0
    for page in _pages(content):
        if page.serial not in numbers and len(numbers) >= MOST_CHAINED:
            continue
        if page.is_first:
            rates[page.serial] = _rate_hz(content[page.content : page.end])
            open_streams.add(page.serial)
        expected = numbers.get(page.serial, page.number)
        if (page.start > end or page.number != expected) and since_s is None:
            since_s = reached_s
        numbers[page.serial] = page.number + 1
        end = page.end
        if page.is_last:
            open_streams.discard(page.serial)
        rate_hz = rates.get(page.serial, 0)
        if page.position > 0 and rate_hz > 0:
            ends_s = page.position / rate_hz
            if since_s is not None and since_s <= start_s and start_s >= LEAST_BEFORE_S:
                losses.before_s = start_s
            elif since_s is not None and ends_s > start_s:
                extend(losses.spans, max(0.0, since_s - start_s), max(0.0, ends_s - start_s))
            reached_s, since_s = max(reached_s, ends_s), None
    if open_streams or len(content) > end or since_s is not None:
        losses.ends_at_s = max(0.0, reached_s - start_s)
    return losses


# ------------------------------------------------------------------------------------------------ tracks


def hidden_tracks(path: Path, name: str, held: Sequence[StreamKind]) -> tuple[StreamKind, ...]:
    """Tracks that a demuxer passes over.

    Args:   name: of the format. held: the kinds of the tracks that it found.
    """
    if name == "mp4":
        return _unknown_tracks(path)
    return _unnamed_tracks(path, held) if name == "avi" else ()


def _unnamed_tracks(path: Path, held: Sequence[StreamKind]) -> tuple[StreamKind, ...]:
    """Tracks of an AVI that its head counts and its data carry, and that have no heading of their own any more."""
    with path.open("rb") as file:
        content = file.read(_AVI_BYTES)
    if content[8:16] != b"AVI LIST" or content[24:28] != b"avih":
        return ()
    count = min(int.from_bytes(content[56:60], "little"), 100)
    if count <= len(held):  # else a mark among coded pictures would pass for a track
        return ()
    stated: Counter[StreamKind] = Counter()
    for number in range(count):
        stated[StreamKind.SOUND] += b"%02dwb" % number in content
        stated[StreamKind.PICTURE] += b"%02ddc" % number in content or b"%02ddb" % number in content
    return tuple((stated - Counter(held)).elements())


def _unknown_tracks(path: Path) -> tuple[StreamKind, ...]:
    """Tracks of an MP4 that stand under a mark no reader knows: a demuxer passes them over as it has to."""
    with contents(path) as content:
        movie = next((span for kind, *span in boxes(content, 0, len(content)) if kind == b"moov"), None)
        if movie is None:
            return ()
        found = []
        for kind, start, end in boxes(content, *movie):
            if kind != b"trak" and content[start + 4 : start + 8] == b"tkhd":
                handler = content.find(b"hdlr", start, end)
                mark = content[handler + 12 : handler + 16] if handler > 0 else b""
                found.append({b"vide": StreamKind.PICTURE, b"soun": StreamKind.SOUND}.get(mark, StreamKind.OTHER))
        return tuple(found)


# ------------------------------------------------------------------------------------------------ bare streams


def _bare_losses(path: Path, name: str, found: Survey) -> Iterator[TimeRange]:
    """Pictures that do not decode, and those of whose bytes a part is none of them: without it they look the same.

    A stream without a container has nothing but marks between its pictures. Where they are lost, a decoder takes
    everything up to the next one for a part of the picture before, and leaves it unread.
    """
    sizes, lost = _decoded_strictly(path, name)
    keys = nlargest(2, (size for size, is_key in sizes if is_key))
    if keys:
        large = [at for at, (size, is_key) in enumerate(sizes) if size > OVERSIZED * _typical(size, is_key, keys)]
        lost += [at for at in large[:MOST_OVERSIZED] if at not in lost and _shows_the_same(path, name, at, sizes)]
    end_s = max((track.end_s for track in found.tracks.values()), default=0.0)
    for at in sorted(lost):
        at_s = end_s * at / len(sizes)
        yield TimeRange(start_s=at_s, end_s=at_s + LEAST_LOST_S)


def _decoded_strictly(path: Path, name: str) -> tuple[list[tuple[int, bool]], list[int]]:
    """Size of each picture with whether it is a key frame, and the numbers of those that do not decode as they should.

    Pictures of H.264 are numbered too: where numbers are left out, so are pictures, and decoders go on in silence.

    Limits: past `ALLOWED_PX` nothing is decoded.
    """
    sizes: list[tuple[int, bool]] = []
    lost: list[int] = []
    with open_media(path, name) as container, _told_gaps() as gaps:
        stream = container.streams.video[0]
        context = stream.codec_context
        context.thread_type = "NONE"  # with more, what fails is not the packet that was given
        context.options = decoder_options(
            err_detect="explode"
        )  # else what fails is covered up with what was shown before
        left_px = ALLOWED_PX
        for packet in packets(container, [stream]):
            if left_px > 0:
                left_px -= max(1, context.width * context.height)
                try:
                    context.decode(packet)
                except av.FFmpegError:
                    lost.append(len(sizes))
                if gaps() and sizes and len(sizes) not in lost[-1:]:
                    lost.append(len(sizes))
            sizes.append((packet.size, packet.is_keyframe))
    return sizes, lost


@contextmanager
def _told_gaps() -> Iterator[Callable[[], bool]]:
    """Whether the decoder of H.264 met a gap between its pictures' numbers since it was last asked.

    It tells that only among its notes for developers.
    """
    level = av.logging.get_level()
    av.logging.set_level(av.logging.DEBUG)
    try:
        with av.logging.Capture(local=True) as notes:

            def were_told() -> bool:
                found = any(text.startswith("Frame num gap") for _, _, text in notes)
                notes.clear()
                return found

            yield were_told
    finally:
        av.logging.set_level(level)


def _typical(size: int, is_key: bool, keys: Sequence[int]) -> int:
    """Of the two largest key frames the one that this picture is not."""
    return keys[-1] if is_key and size == keys[0] else keys[0]


def _shows_the_same(path: Path, name: str, number: int, sizes: Sequence[tuple[int, bool]]) -> bool:
    first = next((key for key in range(number, -1, -1) if sizes[key][1]), 0)
    if number - first > MOST_RUN or sum(size for size, _ in sizes[first : number + 1]) > MOST_RUN_BYTES:
        return False
    with open_media(path, name) as container:
        filled = (packet for packet in container.demux(container.streams.video[0]) if packet.size)
        run = [bytes(packet) for packet in islice(filled, first, number + 1)]
    half = run[-1][: max(_KEPT_BYTES, len(run[-1]) // 2)] + _NO_ZERO
    whole, halved = (_last_pictures(path, name, [*run[:-1], last]) for last in (run[-1], half))
    return len(whole) == len(halved) > 0 and all(map(np.array_equal, whole, halved))


def _last_pictures(path: Path, name: str, run: Sequence[bytes]) -> list[npt.NDArray[np.generic]]:
    with open_media(path, name) as container:
        context = container.streams.video[0].codec_context
        context.thread_type = "NONE"
        shown: deque[VideoFrame] = deque(maxlen=_HELD_BACK)
        for content in (*run, None):
            with suppress(av.FFmpegError):
                shown.extend(context.decode(None if content is None else Packet(content)))
        return [frame.to_ndarray() for frame in shown]
