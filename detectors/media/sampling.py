"""Which frames of a video are looked at: key frames first, spread evenly, and decoded runs only between them.

Key frames are the cheapest frames to reach and the least compressed. Where a stretch has none, the frames between are
decoded, bounded so that the cost of sampling does not grow with the length of the video.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.errors import Rejected
from core.media import RgbImage, SampledFrame
from core.types import TimeRange
from detectors.media.formats import main_video, open_media, rewind

MAX_SIDE_PX: Final = 1920
"""Longer frames are reduced to this: faces are examined far below it."""
JPEG_QUALITY: Final = 95
ALLOWED_PX: Final = 1500 * 1280 * 720
ALLOWED_BYTES: Final = 30_000_000
"""What one sampling may decode between key frames, in pixels and compressed bytes: 60 s of 720p at 25 Hz and 4 Mbit/s.
Decoding takes time in proportion to both, and limits that are not of time give the same frames on every machine."""
_SAME_FRAME_S: Final = 0.004
"""Two times nearer than this are the same frame, up to 120 Hz."""
_SPARSE_FRAMES: Final = 4
"""Where wanted frames lie at least this many apart, frames that no other frame refers to need not be decoded."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One stretch to decode, from a key frame to the last time wanted of it; in seconds of the media, ascending."""

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
            keys, last_s = _key_times(container, stream, clock)
            if end_s - last_s > (end_s - start_s) / budget:  # the sound goes on, and bins would be empty
                end_s = max(start_s, last_s)
            runs = _plan_runs(keys, start_s, end_s, budget, exclude_times_s, _reach_s(container, stream))
            frames = _collect(container, stream, clock, runs, exclude_times_s)
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


def _key_times(container: InputContainer, stream: VideoStream, clock: _Clock) -> tuple[list[float], float]:
    """Times of all key frames, found without decoding, and where the picture ends."""
    # Discarding the packets between would spare reading them, but the MP4 demuxer then misdates the key frames.
    for other in container.streams:
        other.discard = Discard.default if other is stream else Discard.all
    ticks, last = set(), 0
    for packet in container.demux(stream):
        stamp = _stamp(packet)
        if packet.size and stamp is not None:
            last = max(last, stamp + (packet.duration or 0))
            if packet.is_keyframe:
                ticks.add(stamp)
    return sorted(clock.seconds(stamp) for stamp in ticks), clock.seconds(last)


def _stamp(packet: Packet[VideoStream] | VideoFrame) -> int | None:
    return packet.pts if packet.pts is not None else packet.dts


def _reach_s(container: InputContainer, stream: VideoStream) -> float:
    """Seconds of this video that may be decoded between key frames."""
    rate_hz = max(1.0, float(stream.average_rate or stream.guessed_rate or 25))
    pixels_per_s = max(1, stream.codec_context.width * stream.codec_context.height) * rate_hz
    bytes_per_s = max(1.0, container.bit_rate / 8)
    return min(ALLOWED_PX / pixels_per_s, ALLOWED_BYTES / bytes_per_s)


def _plan_runs(
    keys: Sequence[float],
    start_s: float,
    end_s: float,
    budget: int,
    exclude_times_s: Sequence[float],
    reach_s: float,
) -> tuple[_Run, ...]:
    """Divide the range into `budget` bins; want the key frame nearest each centre, else the centre itself.

    Times between key frames are drawn towards the key frame before them until all runs together fit the reach.
    """
    width_s = (end_s - start_s) / budget
    usable = [key for key in keys if not _near(key, exclude_times_s)]
    wanted: dict[float, list[float]] = {}
    for number in range(budget):
        low_s = start_s + number * width_s
        centre_s = low_s + width_s / 2
        inside = usable[bisect_left(usable, low_s) : bisect_left(usable, low_s + width_s)]
        if inside:
            nearest = min(inside, key=lambda key: abs(key - centre_s))
            wanted.setdefault(nearest, []).append(nearest)
        else:
            before = keys[max(0, bisect_right(keys, centre_s) - 1)] if keys else 0.0
            wanted.setdefault(before, []).append(max(centre_s, before))
    cost_s = sum(max(times) - key for key, times in wanted.items())
    shrink = min(1.0, reach_s / cost_s) if cost_s > 0 else 1.0
    return tuple(
        _Run(key, tuple(sorted(key + (time - key) * shrink for time in times))) for key, times in sorted(wanted.items())
    )


def _near(time_s: float, others: Sequence[float]) -> bool:
    return any(abs(time_s - other) < _SAME_FRAME_S for other in others)


def _collect(
    container: InputContainer,
    stream: VideoStream,
    clock: _Clock,
    runs: Sequence[_Run],
    exclude_times_s: Sequence[float],
) -> list[tuple[float, bytes]]:
    """Decode the runs; a run that does not decode is left out, for damage in one place spoils no other."""
    taken: dict[float, bytes] = {}
    for run in runs:
        try:
            for time_s, frame in _decode(container, stream, clock, run):
                if not _near(time_s, [*taken, *exclude_times_s]):
                    taken[time_s] = encode_frame(frame, stream)
        except av.FFmpegError:
            continue
    return sorted(taken.items())


def _decode(
    container: InputContainer, stream: VideoStream, clock: _Clock, run: _Run
) -> Iterator[tuple[float, VideoFrame]]:
    """The first frame at or after each wanted time of the run, each frame once."""
    packets = _packets_from(container, stream, clock, run.key_s)
    if run.wanted_s == (run.key_s,):
        stream.codec_context.skip_frame = "DEFAULT"
        packets = islice(packets, 1)  # the decoder is not fed the frames that follow
    else:
        length = (run.wanted_s[-1] - run.key_s) * float(stream.average_rate or 25)
        stream.codec_context.skip_frame = "NONREF" if length >= _SPARSE_FRAMES * len(run.wanted_s) else "DEFAULT"
    pending = list(run.wanted_s)
    for frame in _frames(stream, packets):
        stamp = _stamp(frame)
        time_s = clock.seconds(stamp) if stamp is not None else run.key_s
        if frame.is_corrupt and not frame.key_frame and time_s > run.key_s:
            return  # decoders mend a damaged frame from its neighbours, and those after it from that
        if time_s < pending[0] - _SAME_FRAME_S:
            continue
        yield time_s, frame
        pending = [time for time in pending if time > time_s + _SAME_FRAME_S]
        if not pending:
            return


def _packets_from(
    container: InputContainer, stream: VideoStream, clock: _Clock, key_s: float
) -> Iterator[Packet[VideoStream]]:
    """Packets from this key frame on. Where a demuxer seeks past it, from a second earlier; at last from the start."""
    for back_s in (0.0, 1.0, math.inf):
        if back_s < math.inf:
            container.seek(clock.ticks(max(0.0, key_s - back_s)), stream=stream)
        else:
            rewind(container)
        packets = container.demux(stream)
        for packet in packets:
            stamp = _stamp(packet)
            if stamp is None:
                continue
            ahead_s = clock.seconds(stamp) - key_s
            if packet.is_keyframe and abs(ahead_s) < _SAME_FRAME_S:
                return chain([packet], packets)
            if ahead_s > 1.0:
                break
    return iter(())


def _frames(stream: VideoStream, packets: Iterable[Packet[VideoStream]]) -> Iterator[VideoFrame]:
    """All frames of these packets; a damaged packet costs its own frames only."""
    for packet in packets:
        if packet.size:
            with suppress(av.FFmpegError):
                yield from stream.codec_context.decode(packet)
    with suppress(av.FFmpegError):
        yield from stream.codec_context.decode(None)


# ------------------------------------------------------------------------------------------------ pixels


def encode_frame(frame: VideoFrame, stream: VideoStream) -> bytes:
    """The frame as it is meant to be seen (upright, square pixels, 8 bits a channel), as JPEG without chroma loss."""
    aspect = float(stream.sample_aspect_ratio or 1)
    width_px, height_px = shown_size(frame.width, frame.height, aspect)
    if frame.interlaced_frame:  # two moments, line by line: a face that moves has a comb's edges, and one is enough
        field: RgbImage = np.ascontiguousarray(frame.to_ndarray(format="bgr24")[::2])
        bgr = cv2.resize(field, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
    else:
        bgr = frame.reformat(width=width_px, height=height_px, format="bgr24", interpolation="AREA").to_ndarray()
    quarter_turns = round(frame.rotation / 90) % 4
    return encode_jpeg(np.ascontiguousarray(np.rot90(bgr, quarter_turns)))


def shown_size(width_px: int, height_px: int, aspect: float = 1.0) -> tuple[int, int]:
    """Size with square pixels, the longer side at most `MAX_SIDE_PX`."""
    wide = width_px * (aspect if 0.1 < aspect < 10 else 1.0)
    scale = min(1.0, MAX_SIDE_PX / max(wide, height_px))
    return max(1, round(wide * scale)), max(1, round(height_px * scale))


def encode_jpeg(bgr: RgbImage) -> bytes:
    """JPEG, quality 95, 4:4:4, of an image in OpenCV's channel order."""
    sampling = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, *sampling])[1])
