"""Which frames of a video are looked at: key frames first, spread evenly, and decoded runs only between them.

Key frames are the cheapest frames to reach and the least compressed. Where a stretch has none, the frames between are
decoded, bounded so that the cost of sampling does not grow with the length of the video.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core.errors import Rejected
from core.media import Half, RgbImage, is_long
from core.types import TimeRange
from detectors.media.formats import main_video, open_media, rewind
from detectors.media.frames import encode_jpeg, is_hdr, upright_frame
from detectors.media.survey import Clock, Survey, frame_rate, packets, stamp_of, survey

ALLOWED_PX: Final = 1500 * 1280 * 720
ALLOWED_BYTES: Final = 30_000_000
"""What one sampling may decode between key frames, in pixels and compressed bytes: 60 s of 720p at 25 Hz and 4 Mbit/s.
Decoding takes time in proportion to both, and limits that are not of time give the same frames on every machine."""
_SAME_FRAME_S: Final = 0.004
"""Two times nearer than this are the same frame, up to 120 Hz."""
_SPARSE_FRAMES: Final = 4
"""Where wanted frames lie at least this many apart, frames that no other frame refers to need not be decoded."""


TWICE_SHARE: Final = 0.05
"""Of what may be decoded between key frames: frames are taken in halves where no more than this is decoded twice."""
_LOST_S: Final = 0.2
"""At least so much is lost where decoding breaks off."""
_REMEMBERED: Final = 128
"""Packets that a decoder may hold back."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One stretch to decode, from a key frame to the last time wanted of it; in seconds of the media, ascending."""

    key_s: float
    wanted_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sampled:
    """Frames with their times in seconds, ascending, and what decoding them told."""

    frames: tuple[tuple[float, bytes], ...] = ()
    failed: tuple[TimeRange, ...] = ()
    """Where frames were wanted and none could be decoded."""
    is_hdr: bool = False
    left: int = 0
    """Of a first half: how many frames the rest are."""


def sample_video(
    path: Path,
    demuxer: str,
    *,
    index: int | None,
    duration_s: float,
    budget: int,
    range_s: TimeRange | None = None,
    exclude_times_s: Sequence[float] = (),
    known: Survey | None = None,
    encode: Callable[[RgbImage], bytes] = encode_jpeg,
    half: Half | None = None,
) -> Sampled:
    """Up to `budget` frames spread evenly over the range, in order of time, upright, with square pixels.

    Args:
        index: of the stream in its container; None for the one that a player would choose.
        known: what a survey of this stream told, where there was one.
        encode: what becomes of each frame, upright and in OpenCV's channel order.
        half: only these. Where the other half would cost much again, or the file is long or damaged, the first half is
            all frames and the rest none.

    Raises: Rejected("corrupt_media") when the stream cannot be read at all.
    Limits: a frame in the middle of a long run without key frames may be replaced by an earlier one of that run.
    """
    start_s = range_s.start_s if range_s else 0.0
    end_s = min(range_s.end_s, duration_s) if range_s else duration_s
    if budget < 1 or end_s < start_s:
        return Sampled()
    with open_media(path, demuxer) as container:
        stream = main_video(container) if index is None else container.streams[index]
        if not isinstance(stream, VideoStream):
            return Sampled()
        stream.thread_type = "AUTO"
        try:
            for other in container.streams:
                other.discard = Discard.default if other is stream else Discard.all
            if known is None or stream.index not in known.tracks:
                known = survey(container, [stream])
            track = known.tracks[stream.index]
            last_s = track.end_s
            if end_s - last_s > (end_s - start_s) / budget:  # the sound goes on, and bins would be empty
                end_s = max(start_s, last_s)
            keys = sorted(time_s for time_s, _ in track.keys)
            reach_s, left = _reach_s(container, stream), 0
            runs = _plan_runs(keys, start_s, end_s, budget, exclude_times_s, reach_s)
            if half is not None:
                may_split = known.is_plain and not known.damaged and not is_long(duration_s)
                runs, left = _halved(runs, half, TWICE_SHARE * reach_s if may_split else -1.0)
            decoder = _Seeking(container, stream) if known.is_plain else _Passing(container, stream, track.keys)
            with ThreadPoolExecutor(1) as pool:
                found = _collect(decoder, stream, runs, exclude_times_s, lambda bgr: pool.submit(encode, bgr))
            return replace(found, left=left)
        except av.FFmpegError as error:
            raise Rejected("corrupt_media", "The video stream is damaged beyond reading.") from error


def _reach_s(container: InputContainer, stream: VideoStream) -> float:
    """Seconds of this video that may be decoded between key frames."""
    rate_hz = max(1.0, frame_rate(stream))
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
    cost_s = _cost_s(wanted)
    shrink = min(1.0, reach_s / cost_s) if cost_s > 0 else 1.0
    return tuple(
        _Run(key, tuple(sorted(key + (time - key) * shrink for time in times))) for key, times in sorted(wanted.items())
    )


def _cost_s(wanted: Mapping[float, Sequence[float]]) -> float:
    """Seconds of the video that are decoded between these key frames and the last time wanted after each."""
    return sum(max(times) - key for key, times in wanted.items())


def _halved(runs: Sequence[_Run], half: Half, most_twice_s: float) -> tuple[tuple[_Run, ...], int]:
    """One half of the frames, and how many are left for the other. The first is all of them where taking the rest
    later would decode more than `most_twice_s` once more."""
    whole = {run.key_s: run.wanted_s for run in runs}
    numbered = [(key, time) for key, times in whole.items() for time in times]
    first, rest = _by_key(numbered[::2]), _by_key(numbered[1::2])
    if _cost_s(first) + _cost_s(rest) - _cost_s(whole) > most_twice_s:
        first, rest = whole, {}
    chosen, left = (first, sum(map(len, rest.values()))) if half == "first" else (rest, 0)
    return tuple(_Run(key, times) for key, times in chosen.items()), left


def _by_key(numbered: Sequence[tuple[float, float]]) -> dict[float, tuple[float, ...]]:
    return {key: tuple(time for _, time in own) for key, own in groupby(numbered, key=lambda each: each[0])}


def _near(time_s: float, others: Sequence[float]) -> bool:
    return any(abs(time_s - other) < _SAME_FRAME_S for other in others)


def _collect(
    decoder: _Seeking | _Passing,
    stream: VideoStream,
    runs: Sequence[_Run],
    exclude_times_s: Sequence[float],
    encode: Callable[[RgbImage], Future[bytes]],
) -> Sampled:
    """Decode the runs; a run that does not decode is left out, for damage in one place spoils no other."""
    taken: dict[float, Future[bytes]] = {}
    lost, hdr = [], False
    for run in runs:
        pending, reached_s, is_broken = list(run.wanted_s), run.key_s, False
        failures = decoder.coder.failures
        with suppress(av.FFmpegError):
            for time_s, frame in decoder.frames(run):
                if frame.is_corrupt and not frame.key_frame and time_s > run.key_s:
                    is_broken = True  # decoders mend a damaged frame from its neighbours, and those after it from that
                    break
                reached_s = time_s
                if time_s < pending[0] - _SAME_FRAME_S:
                    continue
                if not _near(time_s, [*taken, *exclude_times_s]):
                    is_broken = True  # unless it can be shown
                    picture = upright_frame(frame, stream)
                    wait(taken.values())  # decoding goes on beside one of them, and pictures do not pile up
                    taken[time_s] = encode(picture)
                    is_broken = False
                    hdr = hdr or is_hdr(frame)
                pending = [time for time in pending if time > time_s + _SAME_FRAME_S]
                if not pending:
                    break
        if pending and (is_broken or decoder.coder.failures > failures):
            lost.append(TimeRange(start_s=reached_s, end_s=max(reached_s + _LOST_S, pending[-1])))
    return Sampled(tuple((time_s, taken[time_s].result()) for time_s in sorted(taken)), tuple(lost), hdr)


class _Coder:
    """A stream's decoder, which counts what it fails at."""

    def __init__(self, stream: VideoStream) -> None:
        self.stream, self.failures = stream, 0

    def decoded(self, following: Iterable[Packet[VideoStream]]) -> Iterator[VideoFrame]:
        """All frames of these packets; a damaged packet costs its own frames only."""
        for packet in chain(following, (None,)):
            if packet is None or packet.size:
                try:
                    frames = self.stream.codec_context.decode(packet)
                except av.FFmpegError:
                    self.failures += packet is not None
                    continue
                yield from frames


class _Seeking:
    """Frames of a file whose clock is plain: the container is asked for the key frame."""

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self.coder = _Coder(stream)
        self._container, self._stream = container, stream
        self._origin_s = Fraction(container.start_time or 0, av.time_base)
        self._tick_s = stream.time_base or Fraction(1, av.time_base)

    def frames(self, run: _Run) -> Iterator[tuple[float, VideoFrame]]:
        stream = self._stream
        following = self._packets_from(run.key_s)
        if run.wanted_s == (run.key_s,):
            stream.codec_context.skip_frame = "DEFAULT"
            following = islice(following, 1)  # the decoder is not fed the frames that follow
        else:
            length = (run.wanted_s[-1] - run.key_s) * frame_rate(stream)
            stream.codec_context.skip_frame = "NONREF" if length >= _SPARSE_FRAMES * len(run.wanted_s) else "DEFAULT"
        for frame in self.coder.decoded(following):
            stamp = stamp_of(frame)
            yield self._seconds(stamp) if stamp is not None else run.key_s, frame

    def _seconds(self, ticks: int) -> float:
        return max(0.0, float(ticks * self._tick_s - self._origin_s))

    def _packets_from(self, key_s: float) -> Iterator[Packet[VideoStream]]:
        """Packets from this key frame on. Where a demuxer seeks past it, from a second earlier; else from the start."""
        for back_s in (0.0, 1.0, math.inf):
            if back_s < math.inf:
                ticks = round((Fraction(max(0.0, key_s - back_s)) + self._origin_s) / self._tick_s)
                self._container.seek(ticks, stream=self._stream)
            else:
                rewind(self._container)
            following = packets(self._container, [self._stream])
            for packet in following:
                stamp = stamp_of(packet)
                if stamp is None:
                    continue
                ahead_s = self._seconds(stamp) - key_s
                if packet.is_keyframe and abs(ahead_s) < _SAME_FRAME_S:
                    return chain([packet], following)
                if ahead_s > 1.0:
                    break
        return iter(())


class _Passing:
    """Frames of a file that cannot be sought by time, since its clock restarts or it has none: it is read once through.

    Runs are asked for in order of time, which is the order of the file.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, keys: Sequence[tuple[float, int]]) -> None:
        rewind(container)
        self.coder = _Coder(stream)
        self._stream, self._clock = stream, Clock.of(container)
        self._numbers = dict(keys)
        self._following = enumerate(packets(container, [stream]))
        self._recent: deque[tuple[int, Packet[VideoStream]]] = deque(maxlen=_REMEMBERED)
        self._times: dict[int, float] = {}

    def frames(self, run: _Run) -> Iterator[tuple[float, VideoFrame]]:
        stream = self._stream
        stream.codec_context.skip_frame = "DEFAULT"
        stream.codec_context.flush_buffers()
        following = self._packets_from(self._numbers.get(run.key_s, 0))
        for shown, frame in enumerate(self.coder.decoded(following)):
            stamp = stamp_of(frame)
            time_s = None if stamp is None else self._times.get(stamp)
            yield run.key_s + shown / frame_rate(stream) if time_s is None else time_s, frame

    def _packets_from(self, first: int) -> Iterator[Packet[VideoStream]]:
        """From this packet on. The decoder holds packets back, so that the last ones are given again."""
        yield from [packet for number, packet in self._recent if number >= first]
        for number, packet in self._following:
            time_s, stamp = self._clock.place(packet), stamp_of(packet)
            if stamp is not None and time_s is not None:
                self._times[stamp] = time_s
                if len(self._times) > _REMEMBERED:
                    del self._times[next(iter(self._times))]
            self._recent.append((number, packet))
            if number >= first:
                yield packet
