"""A file taken apart for the detectors: its frames and its sounds, in a folder.

`read_into` runs inside the confined reader. `read_media` asks for it, and is how every part of the product reads a
file, so that none decodes foreign bytes in its own process and all see the same.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import soundfile

from core.confinement import Run, read_confined, run_alone
from core.errors import Rejected
from core.media import SPEECH_RATE_HZ, LocalMedia, SampledFrame
from core.settings import LimitSettings
from core.types import (
    MediaFault,
    MediaInfo,
    MediaKind,
    ReadFrame,
    Reading,
    ReadSound,
    Reason,
    ReasonCode,
    SoundPart,
    TimeRange,
)
from detectors.media.extraction import decode_flac, sample
from detectors.media.probing import damage_faults, examine_file
from detectors.media.sound import MOST_TRACKS, Sound, TrackSounds, extract_track, samples_of, sound_tracks

_PART: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadMedia:
    """What the reader made of a file, for as long as its folder lasts."""

    reading: Reading
    folder: Path

    def frames(self) -> tuple[SampledFrame, ...]:
        return tuple(
            SampledFrame(index, each.time_s, (self.folder / each.file).read_bytes())
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
    run: Run = run_alone,
) -> Iterator[ReadMedia]:
    """The file read by a process that can be thrown away.

    Args:
        within: frames of this stretch only.
        excluded_s: times of frames that are not wanted again.

    Raises: Rejected under the reader's code, Defect when the reader is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        arguments = ["--into", folder, "--frames", str(frames), "--excluded", json.dumps(list(excluded_s))]
        arguments += [] if within is None else ["--within", f"{within.start_s}-{within.end_s}"]
        arguments += [] if with_sound else ["--silent"]
        yield ReadMedia(read_confined(path, sha256, limits, Reading, *arguments, run=run), Path(folder))


def load(
    path: Path, limits: LimitSettings, *, frame_budget: int, is_face_crop: bool = False, run: Run = run_alone
) -> LocalMedia:
    """One file as the detectors take it.

    Raises: Rejected, Defect, as `read_media`.
    """
    with read_media(path, limits, frames=frame_budget, run=run) as media:
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
) -> Reading:
    """Leaves frames and sounds in the folder.

    Raises: Rejected.
    """
    original = folder / "original"  # a plain name: the one that the file has may be no text
    original.symlink_to(path)
    path = original
    probed = examine_file(path, limits, sha256=sha256)
    span = None if within_s is None else TimeRange(start_s=within_s[0], end_s=within_s[1])
    sampled = sample(path, probed, budget=frames, range_s=span, exclude_times_s=excluded_s, limits=limits)
    shown = []
    for number, (time_s, encoded) in enumerate(sampled.frames):
        (folder / f"frame-{number:05d}").write_bytes(encoded)
        shown.append(ReadFrame(time_s=time_s, file=f"frame-{number:05d}"))
    info = probed.info
    tracks = _tracks(path, info, limits, folder) if with_sound and info.has_audio else []
    faults = [*info.faults]
    lost = [*sampled.failed, *(span for track in tracks for span in track.lost)]
    known = probed.survey.damaged if probed.survey is not None else ()
    if lost:
        faults = [each for each in faults if each.reason.code is not ReasonCode.STREAM_DAMAGED]
        breaks = probed.survey.breaks_s if probed.survey is not None else ()
        faults += damage_faults([*known, *lost], breaks, info.duration_s)
    if sampled.is_hdr:
        message = "The picture is in high dynamic range. It was converted to an ordinary range before it was examined."
        faults.append(MediaFault(reason=Reason(code=ReasonCode.HDR_CONVERTED, message=message)))
    sounds = [_written(folder, info, sound) for track in tracks for sound in track.sounds]
    if with_sound and info.has_audio and not sounds:
        info = _without_sound(info)
        faults.append(
            MediaFault(
                reason=Reason(code=ReasonCode.SOUND_UNREADABLE, message="The sound is there, but cannot be decoded.")
            )
        )
    return Reading(info=info.model_copy(update={"faults": tuple(faults)}), frames=tuple(shown), sounds=tuple(sounds))


def _tracks(path: Path, info: MediaInfo, limits: LimitSettings, folder: Path) -> list[TrackSounds]:
    return [extract_track(path, info, track, limits, folder) for track in sound_tracks(info)[:MOST_TRACKS]]


def _without_sound(info: MediaInfo) -> MediaInfo:
    """Raises: Rejected when nothing is left."""
    if not info.has_video:
        raise Rejected("corrupt_media", "The sound track is damaged beyond reading.")
    return info.model_copy(update={"has_audio": False})


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
