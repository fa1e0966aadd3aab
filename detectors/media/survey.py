"""One pass over the packets of a file, without decoding: a continuous clock, key frames, ends, and what is damaged.

Containers state times as single numbers, and files contradict them: a recording that was glued together restarts its
clock, a broadcast begins at an hour, bytes are lost in the middle. The clock here runs over the packets that are there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, TypeAlias

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from core.errors import Rejected
from core.types import TimeRange
from detectors.media.formats import BARE_STREAMS, rewind

BACKWARD_S: Final = 1.0
"""A packet this much before the one it follows means that the clock was set back."""
LEAD_S: Final = 3.0
"""Picture and sound of a piece that was glued on may begin this far apart."""
FORWARD_S: Final = 10.0
"""In containers that broadcast, a jump ahead of more than this is a break of the clock and no pause."""
REORDERED_S: Final = 30.0
"""No picture is shown so much later or earlier than it stands in the file: its time is a wrong number."""
MISSING_S: Final = 0.5
"""In the same containers a pause between two packets of more than this means that packets were lost."""
_BROADCAST: Final = frozenset(("mpegts", "mpeg"))
_GAPLESS: Final = _BROADCAST | {"flac"}
_STUBBORN: Final = 4096
"""Failed reads in a row after which nothing more is expected."""
MOST_PACKETS: Final = 250_000
"""Of any file; larger ones may hold more."""
LEAST_PACKET_BYTES: Final = 8
"""Of a file for each further packet: an index may name the same byte millions of times."""
_MERGED_S: Final = 0.5
"""Damage closer together than this is one stretch."""

AnyPacket: TypeAlias = "Packet[Any]"


def packets(container: InputContainer, streams: Sequence[Stream], deadline: float | None = None) -> Iterator[AnyPacket]:
    """Packets of these streams; where the file is damaged, reading goes on behind it.

    Raises: Rejected: `decode_timeout` past the deadline, on the monotonic clock; `corrupt_media` when the file names
        more packets than it can hold.
    """
    failures = number = 0
    most = MOST_PACKETS + container.size // LEAST_PACKET_BYTES
    while failures < _STUBBORN:
        try:
            for packet in container.demux(*streams):
                number += 1
                if number > most:
                    raise Rejected("corrupt_media", "The file names more pieces of picture or sound than it can hold.")
                if deadline is not None and number % 256 == 0:
                    refuse_late(deadline)
                if packet.size:
                    failures = 0
                    yield packet
            return
        except IndexError:
            # PyAV's end of the file stumbles over a stream that appeared only while it was read.
            return
        except av.FFmpegError:
            failures += 1
            if deadline is not None:
                refuse_late(deadline)


def refuse_late(deadline: float) -> None:
    """Raises: Rejected("decode_timeout") when the deadline, on the monotonic clock, is past."""
    if time.monotonic() > deadline:
        raise Rejected("decode_timeout", "Reading the media took longer than allowed.")


def stamp_of(packet: AnyPacket | VideoFrame) -> int | None:
    """When it is shown, in ticks of its stream."""
    return packet.pts if packet.pts is not None else packet.dts


@dataclass(slots=True)
class Clock:
    """Seconds from the start of the media for packets in the order of the file; one zero for picture and sound."""

    origin_s: float
    is_broadcast: bool
    ticks_s: dict[int, float]
    """Seconds a tick of each stream, by its index."""
    breaks_s: list[float] = field(default_factory=list)
    """Where the clock was set back or broke, in its own seconds."""
    _shift_s: float = 0.0
    _shifts_s: dict[int, float] = field(default_factory=dict)
    _expected_s: dict[int, float] = field(default_factory=dict)
    _end_s: float = 0.0

    @classmethod
    def of(cls, container: InputContainer) -> Clock:
        ticks_s = {stream.index: float(stream.time_base or Fraction(1, av.time_base)) for stream in container.streams}
        return cls((container.start_time or 0) / av.time_base, container.format.name in _BROADCAST, ticks_s)

    def place(self, packet: AnyPacket) -> float | None:
        """When this packet is shown; None when it has no time. Every packet is given once, in order."""
        order = packet.dts if packet.dts is not None else packet.pts
        shown = stamp_of(packet)
        if order is None or shown is None:
            return None
        index = packet.stream_index
        tick_s = self.ticks_s[index]
        raw_s = order * tick_s - self.origin_s
        shift_s = self._shift_for(index, raw_s)
        duration_s = (packet.duration or 0) * tick_s
        self._expected_s[index] = raw_s + shift_s + duration_s
        reordered_s = (shown - order) * tick_s
        shown_s = raw_s + shift_s + (reordered_s if abs(reordered_s) < REORDERED_S else 0.0)
        self._end_s = max(self._end_s, shown_s + duration_s)
        return max(0.0, shown_s)

    def _shift_for(self, index: int, raw_s: float) -> float:
        expected_s = self._expected_s.get(index)
        own_s = self._shifts_s.setdefault(index, self._shift_s)
        if expected_s is None:
            return own_s
        ahead_s = FORWARD_S if self.is_broadcast else float("inf")
        if -BACKWARD_S <= raw_s + own_s - expected_s <= ahead_s:
            return own_s
        if not -LEAD_S <= raw_s + self._shift_s - expected_s <= ahead_s:
            self._shift_s = self._end_s - raw_s
            self.breaks_s.append(self._end_s)
        self._shifts_s[index] = self._shift_s
        return self._shift_s


@dataclass(slots=True)
class TrackSurvey:
    """What the packets of one stream tell."""

    packets: int = 0
    first_s: float | None = None
    end_s: float = 0.0
    keys: list[tuple[float, int]] = field(default_factory=list)
    """Time of each key frame and its packet's number in the stream."""
    damaged: list[TimeRange] = field(default_factory=list)
    is_timed: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """A file's packets. `is_plain`: times are what the container says, so that seeking by time works."""

    tracks: dict[int, TrackSurvey]
    end_s: float
    is_plain: bool
    breaks_s: tuple[float, ...]
    missing: tuple[TimeRange, ...] = ()
    """What the file's own numbers tell of, and its packets do not hold."""

    @property
    def damaged(self) -> tuple[TimeRange, ...]:
        return merged([*self.missing, *(span for track in self.tracks.values() for span in track.damaged)])


def survey(container: InputContainer, streams: Sequence[Stream], deadline: float | None = None) -> Survey:
    """Reads the file once, from its start, and decodes nothing.

    Raises: Rejected("decode_timeout").
    """
    rewind(container)
    clock = Clock.of(container)
    tracks = {stream.index: TrackSurvey() for stream in streams}
    units = {stream.index: _unit_length(stream) for stream in streams}
    rates = {stream.index: frame_rate(stream) for stream in streams}
    pictures = {stream.index for stream in streams if stream.type == "video"}
    is_gapless, most_s = container.format.name in _GAPLESS, FORWARD_S if clock.is_broadcast else float("inf")
    for packet in packets(container, streams, deadline):
        index = packet.stream_index
        track, is_picture = tracks[index], index in pictures
        time_s = clock.place(packet)
        if time_s is None:
            track.is_timed = False
            time_s = track.packets / rates[index]
        length_s = (packet.duration or 0) * clock.ticks_s[index] or (1 / rates[index] if is_picture else 0.0)
        if is_gapless and track.packets and 0 < time_s - track.end_s - MISSING_S < most_s:
            track.damaged.append(TimeRange(start_s=track.end_s, end_s=time_s))
        if packet.is_corrupt or (units[index] and not _is_whole(packet, units[index])):
            extend(track.damaged, time_s, time_s + length_s)
        if is_picture and packet.is_keyframe:
            track.keys.append((time_s, track.packets))
        track.first_s = time_s if track.first_s is None else min(track.first_s, time_s)
        track.end_s = max(track.end_s, time_s + length_s)
        track.packets += 1
    is_timed = all(track.is_timed for track in tracks.values())
    is_plain = not clock.breaks_s and is_timed and container.format.name not in BARE_STREAMS
    return Survey(tracks, max((track.end_s for track in tracks.values()), default=0.0), is_plain, tuple(clock.breaks_s))


def frame_rate(stream: Stream) -> float:
    """Pictures a second, 25 where nothing tells."""
    rate: Fraction | None = None
    if stream.type == "video":
        rate = getattr(stream, "average_rate", None) or getattr(stream, "guessed_rate", None)
    return min(240.0, max(0.01, float(rate))) if rate else 25.0


def merged(spans: Sequence[TimeRange], gap_s: float = _MERGED_S) -> tuple[TimeRange, ...]:
    """The same stretches in order, those that nearly touch joined."""
    found: list[TimeRange] = []
    for span in sorted(spans, key=lambda each: each.start_s):
        if found and span.start_s - found[-1].end_s <= gap_s:
            found[-1] = TimeRange(start_s=found[-1].start_s, end_s=max(found[-1].end_s, span.end_s))
        else:
            found.append(span)
    return tuple(found)


def extend(spans: list[TimeRange], start_s: float, end_s: float) -> None:
    """One more stretch, joined at once with one that it touches: a file of nothing but damage fills no memory."""
    if spans and abs(start_s - spans[-1].end_s) <= _MERGED_S:
        last = spans.pop()
        start_s, end_s = min(last.start_s, start_s), max(last.end_s, end_s)
    spans.append(TimeRange(start_s=start_s, end_s=end_s))


def _unit_length(stream: Stream) -> int:
    """How many bytes state a unit's length in packets of this stream; 0 where units are not told apart like that."""
    context = stream.codec_context
    extra = bytes(context.extradata or b"") if context is not None and stream.type == "video" else b""
    if context is None or len(extra) < 23 or extra[0] != 1:
        return 0
    return {"h264": (extra[4] & 3) + 1, "hevc": (extra[21] & 3) + 1}.get(context.name, 0)


def _is_whole(packet: AnyPacket, unit_length: int) -> bool:
    """Whether the lengths of a packet's units add up to it. Foreign bytes in the file rarely do."""
    view = memoryview(packet)
    position, size = 0, len(view)
    while position + unit_length < size:
        length = int.from_bytes(view[position : position + unit_length], "big")
        if length < 1 or view[position + unit_length] & 0x80:
            return False
        position += unit_length + length
    return position == size
