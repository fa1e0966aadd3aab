"""A file taken apart for the detectors: its frames and its sounds, in a folder.

`read_into` runs inside the confined reader. `read_media` asks for it, and is how every part of the product reads a
file, so that none decodes foreign bytes in its own process and all see the same.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import soundfile

from core.confinement import Run, read_confined, run_alone
from core.errors import Rejected
from core.media import SPEECH_RATE_HZ, Half, LocalMedia, SampledFrame, frames_for
from core.settings import LimitSettings
from core.types import (
    MediaFault,
    MediaInfo,
    MediaKind,
    MediaStream,
    ReadFrame,
    Reading,
    ReadSound,
    Reason,
    ReasonCode,
    SoundPart,
    StreamKind,
    TimeRange,
)
from detectors.media.extraction import decode_flac, sample
from detectors.media.integrity import unheld
from detectors.media.pictures import contents
from detectors.media.probing import Probed, damage_faults, examine_file
from detectors.media.sampling import Sampled, sample_video
from detectors.media.sound import MOST_TRACKS, Sound, TrackSounds, extract_track, samples_of, sound_tracks
from detectors.media.stills import embedded_movie, sequence_beside_still

MOST_OTHER_PICTURES: Final = 3
LEAST_OTHER_FRAMES: Final = 8
"""Of each picture track that a player would not choose."""
_BRAND_AT: Final = 8
"""Of an MP4 or HEIF: where the kind of file is named."""
_STEP_S: Final = 0.001
_PART: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadMedia:
    """What the reader made of a file, for as long as its folder lasts."""

    reading: Reading
    folder: Path

    def frames(self) -> tuple[SampledFrame, ...]:
        return tuple(
            SampledFrame(index, each.time_s, (self.folder / each.file).read_bytes(), picture=each.picture)
            for index, each in enumerate(self.reading.frames)
        )

    def sound(self, place: int) -> bytes:
        """FLAC of the sound at this place."""
        return (self.folder / self.reading.sounds[place].file).read_bytes()

    def local(self, *, is_face_crop: bool = False) -> LocalMedia:
        """As the detectors take it."""
        info = self.reading.info
        sounds = tuple((each.part, decode_flac(self.sound(place))) for place, each in enumerate(self.reading.sounds))
        return LocalMedia(
            info=info,
            frames=self.frames(),
            waveform=sounds[0][1] if sounds else None,
            sounds=sounds if len(sounds) > 1 else (),
            is_face_crop=is_face_crop and info.kind is MediaKind.IMAGE,
            frames_left=self.reading.frames_left,
        )


@contextmanager
def read_media(
    path: Path,
    limits: LimitSettings,
    *,
    frames: int,
    sha256: str | None = None,
    within: TimeRange | None = None,
    excluded_s: Sequence[float] = (),
    with_sound: bool = True,
    drawn_px: int | None = None,
    half: Half | None = None,
    run: Run = run_alone,
) -> Iterator[ReadMedia]:
    """The file read by a process that can be thrown away.

    Args:
        within: frames of this stretch only.
        excluded_s: times of frames that are not wanted again.
        drawn_px: of frames that are only drawn on and never stored: their longest side.
        half: of the frames, as `sampling.sample_video` has it.

    Raises: Rejected under the reader's code, Defect when the reader is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        arguments = ["--into", folder, "--frames", str(frames), "--excluded", json.dumps(list(excluded_s))]
        arguments += [] if within is None else ["--within", f"{within.start_s}-{within.end_s}"]
        arguments += [] if with_sound else ["--silent"]
        arguments += [] if drawn_px is None else ["--drawn", str(drawn_px)]
        arguments += [] if half is None else ["--half", half]
        yield ReadMedia(read_confined(path, sha256, limits, Reading, *arguments, run=run), Path(folder))


def load(
    path: Path,
    limits: LimitSettings,
    *,
    frame_budget: int,
    is_face_crop: bool = False,
    half: Half | None = None,
    run: Run = run_alone,
) -> LocalMedia:
    """One file as the detectors take it.

    Raises: Rejected, Defect, as `read_media`.
    """
    with read_media(path, limits, frames=frame_budget, half=half, run=run) as media:
        return media.local(is_face_crop=is_face_crop)


# ------------------------------------------------------------------------------------- inside the confined process


def read_into(
    path: Path,
    folder: Path,
    limits: LimitSettings,
    *,
    sha256: str | None,
    frames: int,
    within_s: tuple[float, float] | None = None,
    excluded_s: Sequence[float] = (),
    with_sound: bool = True,
    drawn_px: int | None = None,
    half: Half | None = None,
) -> Reading:
    """Leaves frames and sounds in the folder.

    Raises: Rejected.
    """
    original = folder / "original"  # a plain name: the one that the file has may be no text
    original.symlink_to(path)
    probed = examine_file(original, limits, sha256=sha256)
    source = _movie_inside(original, probed, limits, folder) or _Source(original, probed, probed.info)
    span = None if within_s is None else TimeRange(start_s=within_s[0], end_s=within_s[1])
    if span is None and not excluded_s and frames > 0:
        frames = frames_for(source.info.duration_s, frames)
    has_sound = with_sound and source.probed.info.has_audio
    with ThreadPoolExecutor(1) as pool:  # the sound is decoded by a process of its own
        listening = pool.submit(_tracks, source.path, source.probed.info, limits, folder) if has_sound else None
        sampled = sample(
            source.path,
            source.probed,
            budget=frames,
            range_s=span,
            exclude_times_s=excluded_s,
            limits=limits,
            drawn_px=drawn_px,
            half=half,
        )
    tracks = [] if listening is None else listening.result()
    taken = [(1, time_s, encoded) for time_s, encoded in sampled.frames]
    if span is None and not excluded_s and frames > 0 and half != "rest":
        taken += _other_pictures(source, frames)
        if source.probed is not probed:
            stills = sample(original, probed, budget=LEAST_OTHER_FRAMES, limits=limits).frames
            taken += [(len(_pictures(source.probed.info)) + 1, time_s, still) for time_s, still in stills]
    shown = []
    for number, (picture, time_s, encoded) in enumerate(taken):
        name = f"frame-{number:05d}"
        (folder / name).write_bytes(encoded)
        # No two frames of a file share a time: evidence tells them apart by it.
        shown.append(ReadFrame(time_s=time_s + _STEP_S * (picture - 1), file=name, picture=picture))
    sounds = [_written(folder, source.info, sound) for track in tracks for sound in track.sounds]
    info = _with_faults(source.info, source.probed, sampled, tracks)
    if has_sound and not sounds:
        info = _without_sound(info)
    return Reading(info=info, frames=tuple(shown), sounds=tuple(sounds), frames_left=sampled.left)


@dataclass(frozen=True, slots=True)
class _Source:
    """What frames and sound are taken from: the file, or the video inside of a Motion Photo."""

    path: Path
    probed: Probed
    info: MediaInfo
    """Of the file as a whole."""


def _movie_inside(original: Path, probed: Probed, limits: LimitSettings, folder: Path) -> _Source | None:
    """The video that a phone stores behind a photograph, or the tracks of a HEIC or AVIF that opens as a still. None
    without one; where it cannot be read, the photograph with a track that is lost."""
    name = probed.info.container
    if name != "heif" and (probed.info.kind is not MediaKind.IMAGE or name not in ("jpeg", "avif")):
        return None
    movie = folder / "movie"
    with contents(original) as content:
        start = embedded_movie(name, content)
        both = sequence_beside_still(content) if start is None and name != "jpeg" else None
        if start is None and both is None:
            return None
        with movie.open("wb") as file:
            for first in range(start or 0, len(content), _PART):
                file.write(content[first : first + _PART])
            if both is not None:  # the same file without its stills, whose tiles would pass for tracks
                for place, mark in ((_BRAND_AT, b"mp42"), (both[0], b"free")):
                    file.seek(place)
                    file.write(mark)
    try:
        inner = examine_file(movie, limits, sha256=probed.info.sha256)
    except Rejected:
        lost = MediaStream(kind=StreamKind.PICTURE, number=2, is_readable=False)
        reason = Reason(
            code=ReasonCode.PICTURE_UNREADABLE,
            message="The file also holds a video, which cannot be decoded. The photograph was examined.",
        )
        told = {"streams": (*probed.info.streams, lost), "faults": (*probed.info.faults, MediaFault(reason=reason))}
        return _Source(original, probed, probed.info.model_copy(update=told))
    still = MediaStream(kind=StreamKind.PICTURE, number=len(_pictures(inner.info)) + 1, codec=name)
    info = inner.info.model_copy(
        update={
            "container": name,
            "size_bytes": probed.info.size_bytes,
            "streams": (*inner.info.streams, still),
            "faults": (*probed.info.faults, *inner.info.faults),
        }
    )
    return _Source(movie, inner, info)


def _pictures(info: MediaInfo) -> list[tuple[int, MediaStream]]:
    """Picture tracks with their place in the container, the one that a player would choose first."""
    found = [(place, each) for place, each in enumerate(info.streams) if each.is_picture]
    return sorted(found, key=lambda each: not each[1].is_main)


def _other_pictures(source: _Source, frames: int) -> list[tuple[int, float, bytes]]:
    """Frames of the picture tracks that a player would not choose."""
    taken: list[tuple[int, float, bytes]] = []
    for place, (index, track) in enumerate(_pictures(source.probed.info)[1 : 1 + MOST_OTHER_PICTURES], start=2):
        if not track.is_readable:
            continue
        with suppress(Rejected):
            found = sample_video(
                source.path,
                source.probed.info.container,
                index=index,
                duration_s=source.info.duration_s,
                budget=max(LEAST_OTHER_FRAMES, frames // 4),
            )
            taken += [(place, time_s, encoded) for time_s, encoded in found.frames]
    return taken


def _with_faults(info: MediaInfo, probed: Probed, sampled: Sampled, tracks: Sequence[TrackSounds]) -> MediaInfo:
    faults = [*info.faults]
    lost = [*sampled.failed, *(span for track in tracks for span in track.lost)]
    if not info.truncated:
        lost += [span for track in tracks for span in _unheld_sound(track, probed.sound_ends_s)]
    if lost:
        faults = [each for each in faults if each.reason.code is not ReasonCode.STREAM_DAMAGED]
        known = probed.survey
        damaged, breaks = (known.damaged, known.breaks_s) if known is not None else ((), ())
        faults += damage_faults([*damaged, *lost], breaks, info.duration_s)
    if sampled.is_hdr:
        message = "The picture is in high dynamic range. It was converted to an ordinary range before it was examined."
        faults.append(MediaFault(reason=Reason(code=ReasonCode.HDR_CONVERTED, message=message)))
    return info.model_copy(update={"faults": tuple(faults)})


def _unheld_sound(track: TrackSounds, ends_s: Sequence[float]) -> tuple[TimeRange, ...]:
    if not track.sounds or track.sounds[0].track > len(ends_s):
        return ()
    sound = track.sounds[0]
    return unheld(sound.samples / SPEECH_RATE_HZ, ends_s[sound.track - 1])


def _tracks(path: Path, info: MediaInfo, limits: LimitSettings, folder: Path) -> list[TrackSounds]:
    return [extract_track(path, info, track, limits, folder) for track in sound_tracks(info)[:MOST_TRACKS]]


def _without_sound(info: MediaInfo) -> MediaInfo:
    """Raises: Rejected when nothing is left."""
    if not info.has_video:
        raise Rejected("corrupt_media", "The sound track is damaged beyond reading.")
    reason = Reason(code=ReasonCode.SOUND_UNREADABLE, message="The sound is there, but cannot be decoded.")
    return info.model_copy(update={"has_audio": False, "faults": (*info.faults, MediaFault(reason=reason))})


def _written(folder: Path, info: MediaInfo, sound: Sound) -> ReadSound:
    """The sound as FLAC, a part at a time; the raw samples of it are removed."""
    name = f"sound-{sound.track}-{sound.channel or 0}.flac"
    samples = samples_of(sound)
    with soundfile.SoundFile(folder / name, "w", SPEECH_RATE_HZ, 1, "PCM_16", format="FLAC") as file:
        for first in range(0, len(samples), _PART):
            file.write(samples[first : first + _PART])
    os.truncate(sound.path, 0)
    language = next((each.language for each in sound_tracks(info) if each.number == sound.track), "")
    return ReadSound(
        part=SoundPart(track=sound.track, channel=sound.channel, language=language),
        file=name,
        duration_s=len(samples) / SPEECH_RATE_HZ,
    )
