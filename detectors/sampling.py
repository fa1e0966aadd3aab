"""Which frames of a video are looked at: key frames first, spread evenly, and decoded runs only between them.

Key frames are the cheapest frames to reach and the least compressed. Where a stretch has none, the frames between are
decoded, bounded so that the cost of sampling does not grow with the length of the video.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.codec.context import CodecContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.errors import Rejected
from core.media import RgbImage, SampledFrame
from core.types import TimeRange
from detectors.formats import main_video, open_media

MAX_SIDE_PX: Final = 1920
"""Longer frames are reduced to this: faces are examined far below it."""
JPEG_QUALITY: Final = 95
DECODE_ALLOWANCE_PX: Final = 1500 * 1280 * 720
"""Pixels that one sampling may decode between key frames: 60 s of 720p at 25 Hz."""
_ONE_FRAME_S: Final = 0.02
"""Two times nearer than this are the same frame; no shorter than half a frame at 25 Hz."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One stretch to decode, from a key frame to the last time wanted of it. Times in seconds of the media."""

    key_s: float
    wanted_s: tuple[float, ...]


def sample_video(
    path: Path,
    demuxer: str,
    *,
    duration_s: float,
    budget: int,
    range_s: TimeRange | None = None,
    exclude_times_s: Sequence[float] = (),
) -> tuple[SampledFrame, ...]:
    """Up to `budget` frames spread evenly over the range, in order of time, upright, with square pixels.

    Raises: Rejected("corrupt_media") when the stream cannot be read at all.
    Limits: a frame in the middle of a long run without key frames may be replaced by an earlier one of that run.
    """
    start_s = range_s.start_s if range_s else 0.0
    end_s = min(range_s.end_s, duration_s) if range_s else duration_s
    if budget < 1 or end_s < start_s:
        return ()
    with open_media(path, demuxer) as container:
        stream = main_video(container)
        if stream is None:
            return ()
        stream.thread_type = "AUTO"
        clock = _Clock.of(container, stream)
        try:
            keys = tuple(key for key in _key_times(container, stream, clock))
            runs = _plan_runs(keys, start_s, end_s, budget, exclude_times_s, _reach_s(stream))
            frames = _collect(container, stream, clock, runs, exclude_times_s, start_s, end_s)
        except av.FFmpegError as error:
            raise Rejected("corrupt_media", "The video stream is damaged beyond reading.") from error
    return tuple(SampledFrame(index, time_s, encoded) for index, (time_s, encoded) in enumerate(frames))


@dataclass(frozen=True, slots=True)
class _Clock:
    """Between a stream's ticks and seconds from the start of the media, the same zero for picture and sound."""

    origin_s: Fraction
    tick_s: Fraction

    @classmethod
    def of(cls, container: InputContainer, stream: VideoStream) -> _Clock:
        return cls(Fraction(container.start_time or 0, av.time_base), stream.time_base or Fraction(1, av.time_base))

    def seconds(self, ticks: int) -> float:
        return max(0.0, float(ticks * self.tick_s - self.origin_s))

    def ticks(self, time_s: float) -> int:
        return round((Fraction(time_s) + self.origin_s) / self.tick_s)


def _key_times(container: InputContainer, stream: VideoStream, clock: _Clock) -> list[float]:
    """Times of all key frames. Demuxers that have an index skip the other packets unread."""
    for other in container.streams:
        other.discard = Discard.all if other is not stream else Discard.nonkey
    ticks = {
        stamp
        for packet in container.demux(stream)
        if packet.size and packet.is_keyframe and (stamp := _stamp(packet)) is not None
    }
    stream.discard = Discard.default
    return sorted(clock.seconds(stamp) for stamp in ticks)


def _stamp(packet: Packet[VideoStream] | VideoFrame) -> int | None:
    return packet.pts if packet.pts is not None else packet.dts


def _reach_s(stream: VideoStream) -> float:
    """Seconds of this video that the decoding allowance pays for."""
    rate_hz = float(stream.average_rate or stream.guessed_rate or 25)
    pixels = max(1, stream.codec_context.width * stream.codec_context.height)
    return DECODE_ALLOWANCE_PX / pixels / max(rate_hz, 1.0)


def _plan_runs(
    keys: Sequence[float],
    start_s: float,
    end_s: float,
    budget: int,
    exclude_times_s: Sequence[float],
    reach_s: float,
) -> tuple[_Run, ...]:
    """Divide the range into `budget` bins; take the key frame nearest each centre, else the centre itself.

    Between key frames the wanted times are drawn towards the key frame before them until all runs together fit the reach.
    """
    width_s = (end_s - start_s) / budget
    usable = [key for key in keys if not _near(key, exclude_times_s)]
    first_key = keys[0] if keys else 0.0
    wanted: dict[float, list[float]] = {}
    for number in range(budget):
        low_s = start_s + number * width_s
        centre_s = low_s + width_s / 2
        inside = usable[bisect_right(usable, low_s - 1e-6) : bisect_right(usable, low_s + width_s - 1e-6)]
        if inside:
            wanted.setdefault(min(inside, key=lambda key: abs(key - centre_s)), [])
        else:
            before = bisect_right(keys, centre_s) - 1
            wanted.setdefault(keys[before] if before >= 0 else first_key, []).append(centre_s)
    cost_s = sum(max(times) - key for key, times in wanted.items() if times)
    shrink = min(1.0, reach_s / cost_s) if cost_s > 0 else 1.0
    taken = set(usable)
    return tuple(
        _Run(
            key_s=key,
            wanted_s=tuple(
                ([key] if key in taken and _is_wanted_key(key, start_s, end_s) else [])
                + sorted(key + (time - key) * shrink for time in times)
            ),
        )
        for key, times in sorted(wanted.items())
    )
