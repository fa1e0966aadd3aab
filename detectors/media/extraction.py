"""Media intake: what an upload is, its sampled frames and its sound; bad input is refused with a stable code.

All limits are enforced here, before and while decoding. Untrusted files are read through `detectors.media.reading`,
which runs these functions in a process that can be thrown away.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import soundfile

from core.errors import Rejected
from core.media import Half, RgbImage, SampledFrame, Waveform
from core.settings import LimitSettings
from core.types import MediaInfo, MediaKind, TimeRange
from detectors.media.formats import AV_DEMUXERS
from detectors.media.frames import encode_drawn, encode_jpeg, shown_size
from detectors.media.pictures import PAGE_S, contents, read_animation, read_picture, sample_animation
from detectors.media.probing import Probed
from detectors.media.probing import probe as probe
from detectors.media.sampling import Sampled, sample_video
from detectors.media.sound import extract_track, samples_of, sound_tracks


def sample_frames(
    path: Path,
    info: MediaInfo,
    *,
    budget: int,
    range_s: TimeRange | None = None,
    exclude_times_s: Sequence[float] = (),
) -> tuple[SampledFrame, ...]:
    """Up to `budget` frames spread over the range, none at an excluded time; a still image yields itself.

    Raises: Rejected("corrupt_media").
    """
    sampled = sample(path, Probed(info), budget=budget, range_s=range_s, exclude_times_s=exclude_times_s)
    return tuple(SampledFrame(index, time_s, encoded) for index, (time_s, encoded) in enumerate(sampled.frames))


def sample(
    path: Path,
    probed: Probed,
    *,
    budget: int,
    range_s: TimeRange | None = None,
    exclude_times_s: Sequence[float] = (),
    limits: LimitSettings | None = None,
    drawn_px: int | None = None,
    half: Half | None = None,
) -> Sampled:
    """The same, with what decoding told of the file.

    Args:
        drawn_px: of frames that are only drawn on: their longest side.
        half: of a video, as `sample_video` has it; the first half of anything else is all of it.
    """
    info, limits = probed.info, limits or LimitSettings()
    if budget < 1 or not info.has_video:
        return Sampled()
    if info.container not in AV_DEMUXERS.split(","):
        if half == "rest":
            return Sampled()
        if info.kind is MediaKind.IMAGE:
            return Sampled(((0.0, _png(_first_picture(path, probed, limits))),))
        return _sample_animation(path, probed, budget, range_s, exclude_times_s, limits)
    return sample_video(
        path,
        info.container,
        index=next((place for place, each in enumerate(info.streams) if each.is_main and each.is_picture), None),
        duration_s=info.duration_s,
        budget=budget,
        range_s=range_s,
        exclude_times_s=exclude_times_s,
        known=probed.survey,
        encode=encode_jpeg if drawn_px is None else partial(encode_drawn, side_px=drawn_px),
        half=half,
    )


def _first_picture(path: Path, probed: Probed, limits: LimitSettings) -> RgbImage:
    if probed.picture is not None:
        return probed.picture.bgr
    with contents(path) as content:
        return read_picture(content, probed.info.container, limits).bgr


def _sample_animation(
    path: Path,
    probed: Probed,
    budget: int,
    range_s: TimeRange | None,
    exclude_times_s: Sequence[float],
    limits: LimitSettings,
) -> Sampled:
    found = probed.animation or read_animation(path, probed.info.container, limits)
    if found is None:
        return Sampled()
    excluded = {round(time_s, 3) for time_s in exclude_times_s}
    inside = [
        number
        for number, time_s in enumerate(found.times_s)
        if (range_s is None or range_s.start_s <= time_s <= range_s.end_s) and round(time_s, 3) not in excluded
    ]
    wanted = [inside[place * len(inside) // budget] for place in range(budget)] if len(inside) > budget else inside
    frames, failed = [], []
    for number, bgr in sample_animation(path, probed.info.container, wanted, limits):
        at_s = found.times_s[number]
        if bgr is None:
            failed.append(TimeRange(start_s=at_s, end_s=at_s + PAGE_S))
        else:
            frames.append((at_s, encode_jpeg(_reduced(bgr))))
    return Sampled(tuple(frames), tuple(failed))


def extract_waveform(path: Path, info: MediaInfo, limits: LimitSettings) -> Waveform | None:
    """The sound that a player would choose as 16 kHz mono, starting at the media's own zero; None without one.

    A track that starts late is padded and gaps are filled with silence: a time in the sound is a time in the picture.
    Samples are 16-bit values, so that storing them as FLAC loses nothing.

    Raises: Rejected: `corrupt_media`, `decode_timeout`.
    """
    if not info.has_audio:
        return None
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        sounds = extract_track(path, info, sound_tracks(info)[0], limits, Path(folder)).sounds
        if not sounds:
            raise Rejected("corrupt_media", "The sound track is damaged beyond reading.")
        return Waveform(samples_of(sounds[0]).astype(np.float32) / 32768.0)


# ------------------------------------------------------------------------------------------------ encodings


def decode_image(encoded: bytes) -> RgbImage:
    """(H, W, 3) uint8 RGB, upright, from a frame as it is stored.

    Raises: Rejected("corrupt_media").
    """
    try:
        picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.") from error
    if picture is None:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.")
    return np.asarray(picture, np.uint8)


def encode_flac(waveform: Waveform) -> bytes:
    """Lossless for 16-bit samples, which is what `extract_waveform` yields."""
    samples = np.clip(np.round(waveform.samples * 32768.0), -32768, 32767).astype(np.int16)
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, waveform.rate_hz, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def decode_flac(content: bytes) -> Waveform:
    """The inverse of `encode_flac`."""
    samples, rate_hz = soundfile.read(io.BytesIO(content), dtype="float32")
    return Waveform(samples, rate_hz)


def _png(bgr: RgbImage) -> bytes:
    return bytes(cv2.imencode(".png", _reduced(bgr), [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


def _reduced(bgr: RgbImage) -> RgbImage:
    width_px, height_px = shown_size(bgr.shape[1], bgr.shape[0])
    if (height_px, width_px) == bgr.shape[:2]:
        return bgr
    return np.asarray(cv2.resize(bgr, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)
