"""Every sound track of a file at speech rate: one recording a track, or one a channel where channels differ.

The two parties of a call are often stored left and right; their mean is a voice that nobody has. Memory does not grow
with the length: samples go to disk as they are decoded.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

import ffmpeg
import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from core.media import SPEECH_RATE_HZ
from core.settings import LimitSettings
from core.types import MediaInfo, MediaStream, StreamKind, TimeRange
from detectors.media.formats import AV_DEMUXERS
from detectors.media.survey import refuse_late

MOST_TRACKS: Final = 8
MOST_CHANNELS: Final = 8
"""Of a track; with more they are mixed to two."""
_LEAST_BYTES_S: Final = 100
"""Of a file for each second and channel. With less, most of what it declares is silence, and its channels are mixed."""
_SMALL_BYTES: Final = 100_000
"""What is declared in a quarter of an hour of one channel is heard as it is."""
MOST_PARTS: Final = 4
"""Channels of a track that are heard one by one."""
_BLOCK: Final = SPEECH_RATE_HZ
"""Samples that are compared at a time: one second."""
_READ_BLOCKS: Final = 16
_QUIET: Final = 30.0
"""Root mean square of 16-bit samples below which a second is silence."""
_ALIKE: Final = 0.5
"""Correlation of two channels from which on a second of them is the same sound."""
_DIFFERING_SHARE: Final = 0.2
"""Of the seconds with sound: from here on two channels are two recordings."""
_CANCELLED_DB: Final = 15.0
"""Two channels whose sum is this much quieter than the louder of them cancel each other out."""
_SILENCE: Final = SPEECH_RATE_HZ // 50
"""Where a decoder failed, a stretch of exact zeros at least this long is what it lost."""

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Sound:
    """One recording of a file: a track, or one channel of it."""

    track: int
    """Among the sound tracks, from 1."""
    channel: int | None
    """From 1; None for all channels together."""
    path: Path
    """Raw 16-bit samples, mono, at speech rate."""
    samples: int


@dataclass(frozen=True, slots=True)
class TrackSounds:
    """What one track came to."""

    sounds: tuple[Sound, ...]
    lost: tuple[TimeRange, ...] = ()
    """Where its decoder failed."""


def sound_tracks(info: MediaInfo) -> tuple[MediaStream, ...]:
    """Those that can be decoded, the one that a player would choose first."""
    tracks = [each for each in info.streams if each.kind is StreamKind.SOUND and each.is_readable]
    return tuple(sorted(tracks, key=lambda each: not each.is_main))


def extract_track(path: Path, info: MediaInfo, track: MediaStream, limits: LimitSettings, folder: Path) -> TrackSounds:
    """One track, its times those of the media: a late start is padded and gaps are filled with silence.

    Args:
        folder: for the samples; it is the caller's to empty.

    Raises: Rejected("decode_timeout").
    """
    channels = max(1, track.channels or 1)
    kept = channels if channels <= MOST_CHANNELS else 2
    if channels * info.duration_s * _LEAST_BYTES_S > max(_SMALL_BYTES, info.size_bytes / len(sound_tracks(info))):
        kept = 1
    with tempfile.TemporaryFile() as complaints:
        mixing = _Mixing(folder, track.number, kept)
        deadline = time.monotonic() + limits.decode_timeout_s
        with _decoding(path, info, track, kept, limits, complaints) as process, closing(mixing):
            assert process.stdout is not None
            try:
                for block in _blocks(process.stdout, kept):
                    mixing.add(block)
                    refuse_late(deadline)
            finally:
                process.kill()
        has_failed = complaints.tell() > 0
    sounds = mixing.sounds()
    return TrackSounds(sounds, tuple(_silences(sounds[0], info.duration_s)) if has_failed and sounds else ())


def samples_of(sound: Sound) -> Samples:
    """Its samples, read from disk where they are looked at."""
    return np.memmap(sound.path, np.int16, "r", shape=(sound.samples,)) if sound.samples else np.zeros(0, np.int16)


def _decoding(
    path: Path, info: MediaInfo, track: MediaStream, kept: int, limits: LimitSettings, complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    source = ffmpeg.input(f"file:{path}", f=info.container, format_whitelist=AV_DEMUXERS, protocol_whitelist="file")
    stream = source[f"a:{track.number - 1}"]
    if kept == 1 < (track.channels or 1):  # before the silence of a gap is made for each of them
        stream = stream.filter("aformat", channel_layouts="mono")
    command = (
        stream.filter("aresample", SPEECH_RATE_HZ)
        # Last, and at this rate: the silence of a gap is held in memory, and a small file may have a long one.
        .filter("aresample", SPEECH_RATE_HZ, **{"async": 1, "first_pts": 0})
        .output("pipe:1", f="s16le", acodec="pcm_s16le", ac=kept, ar=SPEECH_RATE_HZ, t=limits.max_duration_s)
        .global_args("-nostdin", "-v", "error", "-threads", "1")
        .compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
    )
    # The command is a list made of our own constants and the path after `file:`; no shell reads it.
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, stdin=subprocess.DEVNULL)  # noqa: S603


def _blocks(stream: IO[bytes], channels: int) -> Iterator[Samples]:
    size = 2 * channels * _BLOCK * _READ_BLOCKS
    while content := stream.read(size):
        whole = len(content) // (2 * channels) * 2 * channels
        yield np.frombuffer(content[:whole], np.int16).reshape(-1, channels)


class _Mixing:
    """Writes each channel and their mean, and measures which channels are alike, a second at a time."""

    def __init__(self, folder: Path, track: int, channels: int) -> None:
        self._track, self._samples, self._channels = track, 0, channels
        self._paths = [folder / f"track-{track}-{name}" for name in ("mean", *range(1, channels + 1))]
        self._files = [path.open("wb") for path in (self._paths if channels > 1 else self._paths[:1])]
        self._powers = np.zeros(channels + 1)
        self._sounding = np.zeros((channels, channels))
        self._differing = np.zeros((channels, channels))
        self._active = np.zeros(channels)

    def add(self, block: Samples) -> None:
        """block: (N, channels) int16."""
        self._samples += len(block)
        if self._channels == 1:
            self._files[0].write(block.tobytes())
            return
        wide = block.astype(np.int32)
        mean = (wide.sum(axis=1) // self._channels).astype(np.int16)
        for file, samples in zip(self._files, (mean, *block.T), strict=True):
            file.write(np.ascontiguousarray(samples).tobytes())
        self._powers[0] += float(np.square(mean, dtype=np.float64).sum())
        self._powers[1:] += np.square(block, dtype=np.float64).sum(axis=0)
        for first in range(0, len(block), _BLOCK):
            self._compare(block[first : first + _BLOCK].astype(np.float64))

    def _compare(self, second: npt.NDArray[np.float64]) -> None:
        energy = np.square(second).sum(axis=0)
        sounds = np.sqrt(energy / len(second)) > _QUIET
        products = second.T @ second
        likeness = np.abs(products) / np.maximum(np.sqrt(np.outer(energy, energy)), 1e-9)
        either = sounds[:, None] | sounds[None, :]
        self._active += sounds
        self._sounding += either
        self._differing += either & (likeness < _ALIKE)

    def close(self) -> None:
        for file in self._files:
            file.close()

    def sounds(self) -> tuple[Sound, ...]:
        """The mean where the channels are alike, else those that differ, the loudest first."""
        if self._samples == 0:
            return ()
        whole = Sound(self._track, None, self._paths[0], self._samples)
        if self._channels == 1:
            return (whole,)
        parts = self._parts()
        if len(parts) > 1:
            return tuple(replace(whole, channel=part + 1, path=self._paths[part + 1]) for part in parts)
        if self._powers[0] >= self._powers[1:].max() * 10 ** (-_CANCELLED_DB / 10):
            return (whole,)
        return (replace(whole, path=self._paths[1 + int(self._powers[1:].argmax())]),)

    def _parts(self) -> list[int]:
        """Channels that are each a recording of its own; a channel with next to no sound is none."""
        floor = max(1.0, _DIFFERING_SHARE * float(self._active.max()))
        chosen: list[int] = []
        for channel in np.argsort(-self._powers[1:]).tolist():
            differs = [
                self._differing[channel, other] > _DIFFERING_SHARE * max(1.0, self._sounding[channel, other])
                for other in chosen
            ]
            if self._active[channel] >= floor and all(differs) and len(chosen) < MOST_PARTS:
                chosen.append(channel)
        return chosen


def _silences(sound: Sound, duration_s: float) -> Iterator[TimeRange]:
    """Stretches of exact zeros, and what is missing at the end."""
    samples = samples_of(sound)
    count = len(samples) // _SILENCE
    silent = np.zeros(count + 2, bool)
    for first in range(0, count, 1 << 14):
        last = min(count, first + (1 << 14))
        part = np.asarray(samples[first * _SILENCE : last * _SILENCE]).reshape(-1, _SILENCE)
        silent[1 + first : 1 + last] = ~part.any(axis=1)
    edges = np.flatnonzero(np.diff(silent.astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield TimeRange(start_s=start * _SILENCE / SPEECH_RATE_HZ, end_s=end * _SILENCE / SPEECH_RATE_HZ)
    end_s = len(samples) / SPEECH_RATE_HZ
    if duration_s - end_s > 0.5:
        yield TimeRange(start_s=end_s, end_s=duration_s)


def join_spans(tracks: Sequence[TrackSounds]) -> tuple[TimeRange, ...]:
    """Where any of these tracks lost sound."""
    return tuple(span for track in tracks for span in track.lost)
