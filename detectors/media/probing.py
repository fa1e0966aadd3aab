"""What a file is: its kind, its streams, how long it really is, and what of it is missing or damaged."""

from __future__ import annotations

import hashlib
import struct
import time
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard, Stream
from av.video.stream import VideoStream

from core.errors import Rejected
from core.figures import clock, seconds_text
from core.settings import LimitSettings
from core.types import (
    MediaFault,
    MediaInfo,
    MediaKind,
    MediaStream,
    Modality,
    Reason,
    ReasonCode,
    StreamKind,
    TimeRange,
)
from detectors.media.formats import BARE_STREAMS, HEAD_BYTES, Format, main_video, open_media, recognise, rewind
from detectors.media.integrity import Losses, find_losses, hidden_tracks, refuse_bare_marks, stated_end_s
from detectors.media.pictures import PAGE_S, Animation, Picture, contents, read_animation, read_picture
from detectors.media.sample_tables import refuse_endless_tables
from detectors.media.stills import image_size, is_motion_jpeg
from detectors.media.survey import Survey, merged, packets, refuse_late, survey

_MISSING_TAIL_S: Final = 1.0
_MISSING_TAIL_SHARE: Final = 0.05
"""A file is called truncated when its last packet ends this much before the duration it declares."""
_DECODE_TRIES: Final = 64
"""Packets of a stream, of a picture from its first key frame on, that may fail to decode before it is unreadable."""
_SURVEYED: Final = frozenset(("mpegts", "mpeg")) | BARE_STREAMS
"""State no length that could be believed: all of the file is read to know it."""
_BREAK_S: Final = 1.0
"""Damage this near to where a clock restarts is the seam itself."""
_LEAST_CUT_BYTES: Final = 16 * 1024
_CODES: Final = {Modality.VISUAL: ReasonCode.PICTURE_UNREADABLE, Modality.AUDIO: ReasonCode.SOUND_UNREADABLE}


@dataclass(frozen=True, slots=True)
class Probed:
    """What probing found, and what reading goes on from."""

    info: MediaInfo
    survey: Survey | None = None
    animation: Animation | None = None
    picture: Picture | None = None
    sound_ends_s: tuple[float, ...] = ()
    """When each sound track ends by what its container states; 0 where it states nothing."""


def probe(path: Path, limits: LimitSettings, *, sha256: str | None = None) -> MediaInfo:
    """Establish what a file is, within the limits; at least one frame or one stretch of sound is known to decode.

    Args:   sha256: of the content when already known, else it is computed.
    Raises: Rejected: `empty_file`, `unsupported_format`, `playlist_refused`, `corrupt_media`, `no_streams`,
            `zero_duration`, `too_large`, `too_long`, `too_many_pixels`, `too_many_scans`, `too_many_streams`,
            `decode_timeout`.
    """
    return examine_file(path, limits, sha256=sha256, is_thorough=False).info


def examine_file(path: Path, limits: LimitSettings, *, sha256: str | None = None, is_thorough: bool = True) -> Probed:
    """The same, with what reading the file goes on from.

    Args:
        is_thorough: whether every packet is looked at, which tells damage in the middle.
    """
    size_bytes = path.stat().st_size
    if size_bytes > limits.max_upload_bytes:
        raise Rejected("too_large", "The file is larger than this service accepts.")
    found = recognise_file(path)
    digest = sha256 or _sha256(path)
    if found.is_image:
        return _probe_image(path, found, limits, size_bytes, digest)
    return _probe_streams(path, found, limits, size_bytes, digest, is_thorough=is_thorough)


def recognise_file(path: Path) -> Format:
    """What the bytes say a file is; a row of JPEGs of one size is a film.

    Raises: Rejected, as `recognise`.
    """
    with path.open("rb") as file:
        found = recognise(file.read(HEAD_BYTES))
    if found.name == "jpeg":
        with contents(path) as content:
            if is_motion_jpeg(content):
                return Format("mjpeg", "mjpeg")
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ------------------------------------------------------------------------------------------------ images


def _probe_image(path: Path, found: Format, limits: LimitSettings, size_bytes: int, sha256: str) -> Probed:
    with contents(path) as content:
        picture = read_picture(content, found.name, limits)
        height_px, width_px = picture.bgr.shape[:2]
        if found.name == "jpegxl":
            width_px, height_px = image_size(found.name, content)
    animation = read_animation(path, found.name, limits)
    lost = _lost_pages(animation)
    if animation is not None and len(animation.times_s) < 2:
        animation = None
    if animation is not None and animation.duration_s > limits.max_duration_s:
        raise Rejected("too_long", "The media is longer than this service accepts.")
    info = MediaInfo(
        kind=MediaKind.IMAGE if animation is None else MediaKind.VIDEO,
        container=found.name,
        size_bytes=size_bytes,
        sha256=sha256,
        duration_s=0.0 if animation is None else animation.duration_s,
        has_video=True,
        has_audio=False,
        width_px=width_px,
        height_px=height_px,
        frame_rate_hz=len(animation.times_s) / animation.duration_s if animation and animation.duration_s else None,
        video_codec=found.name,
        truncated=picture.is_cut,
        streams=(MediaStream(kind=StreamKind.PICTURE, number=1, codec=found.name, is_main=True),),
        faults=(*_faults_of(picture), *lost),
    )
    # The pictures of an animation are read again one by one, and a large one is not held beside them.
    return Probed(info, animation=animation, picture=picture if animation is None else None)


def _faults_of(picture: Picture) -> list[MediaFault]:
    if picture.is_cut:
        message = "The picture's file is cut short: what it still holds was examined."
        return [MediaFault(reason=Reason(code=ReasonCode.STREAM_TRUNCATED, message=message))]
    if picture.is_damaged:
        message = "The picture's data is damaged: a part of it may be shown wrongly."
        return [MediaFault(reason=Reason(code=ReasonCode.STREAM_DAMAGED, message=message))]
    return []


def _lost_pages(document: Animation | None) -> list[MediaFault]:
    if document is None or not document.lacks_pages:
        return []
    message = f"The list of pages breaks off after page {len(document.times_s)}: those behind it were not examined."
    end_s, is_picture = document.duration_s, len(document.times_s) < 2
    span = None if is_picture else TimeRange(start_s=end_s, end_s=end_s + PAGE_S)
    return [MediaFault(reason=Reason(code=ReasonCode.STREAM_TRUNCATED, message=message), span=span)]


# ------------------------------------------------------------------------------------------------ streams


def _probe_streams(
    path: Path, found: Format, limits: LimitSettings, size_bytes: int, sha256: str, *, is_thorough: bool
) -> Probed:
    assert found.demuxer is not None
    deadline = time.monotonic() + limits.decode_timeout_s
    if found.name == "mp4":
        refuse_endless_tables(path)
    elif found.name == "ogg":
        refuse_bare_marks(path)
    with open_media(path, found.demuxer, max_pixels=limits.max_pixels) as container:
        if len(container.streams) > limits.max_streams:
            raise _too_many_streams()
        streams = [stream for stream in container.streams if stream.type in ("video", "audio")]
        if not streams:
            raise Rejected("no_streams", "The file holds neither picture nor sound.")
        video = main_video(container)
        if video is not None:
            _refuse_pixels(video.codec_context.width, video.codec_context.height, limits)
        try:
            length = _length(path, container, video, deadline, is_thorough=is_thorough)
            if length.duration_s > limits.max_duration_s:
                raise Rejected("too_long", "The media is longer than this service accepts.")
            if is_thorough and length.survey is not None:
                length = _with_losses(length, find_losses(path, container, length.survey))
            readable = {stream.index for stream in streams if decodes(container, stream, deadline)}
        except av.FFmpegError as error:
            raise Rejected("corrupt_media", "The file is damaged beyond reading.") from error
        video, audio = main_video(container, readable), main_audio(container, readable)
        if length.duration_s <= 0:
            raise Rejected("zero_duration", "The media has no duration.")
        if video is None and audio is None:
            raise Rejected("corrupt_media", "Neither picture nor sound of this file can be decoded.")
        told = _described(container, (video, audio), readable)
        hidden = hidden_tracks(path, found.name, [each.kind for each in told])
        if len(told) + len(hidden) > limits.max_streams:
            raise _too_many_streams()
        told = _with_hidden(told, hidden)
        lost = _lost(told, video, audio)
        rate = video and (video.average_rate or video.guessed_rate)
        info = MediaInfo(
            kind=MediaKind.AUDIO if video is None else MediaKind.VIDEO,
            container=found.name,
            size_bytes=size_bytes,
            sha256=sha256,
            duration_s=length.duration_s,
            has_video=video is not None,
            has_audio=audio is not None,
            width_px=video.codec_context.width if video else None,
            height_px=video.codec_context.height if video else None,
            frame_rate_hz=float(rate) if rate else None,
            video_codec=video.codec_context.name if video else None,
            audio_codec=audio.codec_context.name if audio else None,
            sample_rate_hz=audio.codec_context.sample_rate if audio else None,
            truncated=length.stated_s is not None,
            streams=told,
            faults=(*lost, *_faults(length)),
        )
        return Probed(
            info,
            length.survey,
            sound_ends_s=tuple(stated_end_s(container, each) for each in streams if each.type == "audio"),
        )


def main_audio(container: InputContainer, among: set[int]) -> AudioStream | None:
    """The sound track that a player would choose."""
    usable = [stream for stream in container.streams.audio if stream.index in among]
    return max(usable, key=lambda stream: bool(stream.disposition & av.stream.Disposition.default), default=None)


def decodes(container: InputContainer, stream: Stream, deadline: float) -> bool:
    """Whether anything of this stream can be decoded; damage at its very start is stepped over."""
    context: Any = stream.codec_context
    if context is None:
        return False
    for other in container.streams:
        other.discard = Discard.default if other is stream else Discard.all
    tries, is_sound = 0, stream.type == "audio"
    try:
        rewind(container)
        for packet in packets(container, [stream], deadline):
            refuse_late(deadline)
            with suppress(av.FFmpegError):
                if context.decode(packet):
                    return True
            if tries > 0 or packet.is_keyframe or is_sound:
                tries += 1
            if tries > _DECODE_TRIES:
                return False
        with suppress(av.FFmpegError):
            return bool(context.decode(None))
    except av.FFmpegError:
        return False
    finally:
        with suppress(av.FFmpegError):
            context.flush_buffers()
        for other in container.streams:
            other.discard = Discard.default
    return False


def _too_many_streams() -> Rejected:
    return Rejected("too_many_streams", "The file holds more streams than this service accepts.")


def _refuse_pixels(width_px: int, height_px: int, limits: LimitSettings) -> None:
    if width_px * height_px > limits.max_pixels:
        raise Rejected("too_many_pixels", "The picture has more pixels than this service accepts.")


def _described(container: InputContainer, main: Sequence[Stream | None], readable: set[int]) -> tuple[MediaStream, ...]:
    told, numbers = [], dict.fromkeys(StreamKind, 0)
    covers = av.stream.Disposition.attached_pic | av.stream.Disposition.still_image
    for stream in container.streams:
        kind = {"video": StreamKind.PICTURE, "audio": StreamKind.SOUND}.get(stream.type, StreamKind.OTHER)
        if kind is StreamKind.PICTURE and stream.disposition & covers:
            kind = StreamKind.OTHER
        numbers[kind] += 1
        context: Any = stream.codec_context
        tag = (stream.language or "").lower()
        told.append(
            MediaStream(
                kind=kind,
                number=numbers[kind],
                codec=context.name if context is not None else "",
                language=tag if tag.isascii() and tag.isalpha() and len(tag) <= 3 and tag != "und" else "",
                channels=context.channels if kind is StreamKind.SOUND and context is not None else None,
                is_main=any(stream is each for each in main),
                is_readable=kind is StreamKind.OTHER or stream.index in readable,
            )
        )
    return tuple(told)


def _with_hidden(told: tuple[MediaStream, ...], hidden: Sequence[StreamKind]) -> tuple[MediaStream, ...]:
    for kind in hidden:
        number = 1 + sum(each.kind is kind for each in told)
        told += (MediaStream(kind=kind, number=number, is_readable=kind is StreamKind.OTHER),)
    return told


def _lost(streams: Sequence[MediaStream], video: VideoStream | None, audio: AudioStream | None) -> list[MediaFault]:
    """A stream that is there and cannot be decoded is lost, which is not the same as never having been."""
    found = []
    for modality, kind, kept in ((Modality.VISUAL, "picture", video), (Modality.AUDIO, "sound", audio)):
        lost = [each for each in streams if each.kind is StreamKind(kind) and not each.is_readable]
        if not lost:
            continue
        message = f"The {kind} is there, but cannot be decoded."
        if kept is not None:
            names = ", ".join(str(each.number) for each in lost)
            message = f"Of the {kind} tracks, number {names} cannot be decoded."
        found.append(MediaFault(reason=Reason(code=_CODES[modality], message=message)))
    return found


# ------------------------------------------------------------------------------------------------ length


@dataclass(frozen=True, slots=True)
class _Length:
    duration_s: float
    stated_s: float | None
    """What the file states, where it holds less; else None."""
    survey: Survey | None
    losses: Losses = field(default_factory=Losses)


def _length(
    path: Path, container: InputContainer, video: VideoStream | None, deadline: float, *, is_thorough: bool
) -> _Length:
    """How long the packets are, and how much of what the file states is missing.

    Only the end of the file is read when it is where the header says; else all of it.
    """
    found = None
    name = container.format.name
    everything = [stream for stream in container.streams if stream.type in ("video", "audio")]
    if name in _SURVEYED:
        found = survey(container, everything, deadline)
    elif is_thorough:
        found = _surveyed(container, [video] if video is not None else everything, deadline)
    if found is not None and not found.is_plain and found.tracks.keys() != {each.index for each in everything}:
        found = survey(container, everything, deadline)
    if found is not None and (not found.is_plain or name in _SURVEYED):
        stated_s = _stated_s(path, found.end_s)
        return _Length(found.end_s, stated_s if _is_cut(found.end_s, stated_s) else None, found)
    declared_s = float(container.duration or 0) / av.time_base
    offset_s = max(0, container.start_time or 0) / av.time_base
    end_s = 0.0
    if declared_s > 2 * _MISSING_TAIL_S:
        with suppress(av.FFmpegError):
            container.seek(round((declared_s - _MISSING_TAIL_S) * av.time_base))
            end_s = _last_end_s(container, everything, deadline)
    if end_s + offset_s < declared_s - _MISSING_TAIL_S or end_s <= 0:
        rewind(container)
        end_s = _last_end_s(container, everything, deadline)
    # Some containers count from the recording's own zero, others include the offset at which it starts.
    reaches_s = end_s + offset_s if end_s + offset_s <= declared_s + _MISSING_TAIL_S else end_s
    if reaches_s == end_s:
        offset_s = 0.0
    stated_s = max(declared_s - offset_s, _stated_s(path, end_s))
    is_cut = _is_cut(end_s, stated_s)
    duration_s = end_s if is_cut or end_s > declared_s - offset_s else declared_s - offset_s
    return _Length(duration_s, stated_s if is_cut else None, found)


def _is_cut(held_s: float, stated_s: float) -> bool:
    return stated_s - held_s > max(_MISSING_TAIL_S, _MISSING_TAIL_SHARE * stated_s)


def _with_losses(length: _Length, losses: Losses) -> _Length:
    """A missing end is told as that, once."""
    spans = losses.spans
    if length.stated_s is not None:
        last_s = length.duration_s - _MISSING_TAIL_S
        spans = [span for span in spans if span.start_s < last_s]
    assert length.survey is not None
    return replace(length, losses=losses, survey=replace(length.survey, missing=tuple(spans)))


def _surveyed(container: InputContainer, streams: Sequence[Stream], deadline: float) -> Survey:
    for other in container.streams:
        other.discard = Discard.default if other in streams else Discard.all
    try:
        return survey(container, streams, deadline)
    finally:
        for other in container.streams:
            other.discard = Discard.default


def _last_end_s(container: InputContainer, streams: Sequence[Stream], deadline: float) -> float:
    """End of the last packet of picture or sound from here on, in seconds from the start of the media."""
    origin_s = (container.start_time or 0) / av.time_base
    end_s = 0.0
    for packet in packets(container, streams, deadline):
        if packet.pts is not None and packet.time_base:
            end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base) - origin_s)
    return end_s


def _stated_s(path: Path, held_s: float) -> float:
    """How long a RIFF or AIFF file would be if it held as many bytes as it states; 0 where it states nothing.

    Demuxers of these formats take the length of what is there for the length of the recording.
    """
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(64)
    if head[8:16] == b"AVI LIST" and head[24:28] == b"avih" and len(head) == 64:
        microseconds, frames = struct.unpack_from("<I12xI", head, 32)
        return float(microseconds * frames / 1e6) if size_bytes < struct.unpack_from("<I", head, 4)[0] else 0.0
    if head[:4] not in (b"RIFF", b"FORM") or len(head) < 12:
        return 0.0
    stated = struct.unpack("<I" if head[:4] == b"RIFF" else ">I", head[4:8])[0] + 8
    if stated >= 0xFFFFFFF0 or stated - size_bytes < _LEAST_CUT_BYTES:
        return 0.0
    return float(held_s * stated / size_bytes)


def _faults(length: _Length) -> list[MediaFault]:
    found, own = [], length.losses
    if own.before_s:
        message = f"The first {seconds_text(own.before_s)} of the recording are missing from the file."
        found.append(MediaFault(reason=Reason(code=ReasonCode.STREAM_TRUNCATED, message=message)))
    if own.ends_at_s is not None and length.stated_s is None:
        message = (
            f"The file lacks a whole end: what came after {seconds_text(own.ends_at_s)} is lost, or was never there."
        )
        found.append(MediaFault(reason=Reason(code=ReasonCode.STREAM_TRUNCATED, message=message)))
    if length.stated_s is not None:
        message = (
            f"The file holds less than it states: it states {seconds_text(length.stated_s)} "
            f"and holds {seconds_text(length.duration_s)}."
        )
        span = TimeRange(start_s=length.duration_s, end_s=max(length.duration_s, length.stated_s))
        found.append(MediaFault(reason=Reason(code=ReasonCode.STREAM_TRUNCATED, message=message), span=span))
    if length.survey is None:
        return found
    for break_s in length.survey.breaks_s[:3]:
        message = f"The file's clock restarts at {clock(break_s)}: what follows was read on from there."
        found.append(
            MediaFault(
                reason=Reason(code=ReasonCode.CLOCK_RESTARTED, message=message),
                span=TimeRange(start_s=break_s, end_s=break_s),
            )
        )
    return found + damage_faults(length.survey.damaged, length.survey.breaks_s, length.duration_s)


def damage_faults(
    damaged: Sequence[TimeRange], breaks_s: Sequence[float] = (), duration_s: float = float("inf")
) -> list[MediaFault]:
    """What to say of stretches that could not be read; the seam of a restarted clock and a cut end are told already."""
    told = [span for span in merged(damaged) if span.end_s - span.start_s > 0.1 and not _holds_any(span, breaks_s)]
    if not told:
        return []
    shown = ", ".join(f"{span.start_s:.1f} to {min(span.end_s, duration_s):.1f} s" for span in told[:4])
    more = f" and {len(told) - 4} more stretches" if len(told) > 4 else ""
    message = f"The file is damaged at {shown}{more}: what is there could not be examined, or only in part."
    span = TimeRange(start_s=told[0].start_s, end_s=told[-1].end_s)
    return [MediaFault(reason=Reason(code=ReasonCode.STREAM_DAMAGED, message=message), span=span)]


def _holds_any(span: TimeRange, breaks_s: Sequence[float]) -> bool:
    """Whether one of these, which ascend, lies in the span or near it. A file may have as many of both as packets."""
    first = bisect_left(breaks_s, span.start_s - _BREAK_S)
    return first < len(breaks_s) and breaks_s[first] <= span.end_s + _BREAK_S
