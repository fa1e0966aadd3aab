"""Media intake: what an upload is, its sampled frames and its sound; bad input is refused with a stable code.

All limits are enforced here, before and while decoding. Untrusted uploads are probed through `detectors.media.probe`,
which runs this module in a process that can be thrown away.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard
from av.video.stream import VideoStream

from core.errors import Rejected
from core.media import SPEECH_RATE_HZ, LocalMedia, RgbImage, SampledFrame, Waveform
from core.settings import LimitSettings
from core.types import MediaInfo, MediaKind, TimeRange
from detectors.media.formats import (
    AV_DEMUXERS,
    HEAD_BYTES,
    Format,
    image_size,
    main_video,
    open_media,
    recognise,
    rewind,
)
from detectors.media.sampling import sample_video, shown_size

_MISSING_TAIL_S: Final = 1.0
_MISSING_TAIL_SHARE: Final = 0.05
"""A file is called truncated when its last packet ends this much before the duration it declares."""
_DECODE_TRIES: Final = 64
"""Packets of a stream, of a picture from its first key frame on, that may fail to decode before it is unreadable."""
_MIXED_AT_ONCE: Final = 1 << 20
"""Samples of two channels that are widened at a time: two hours of them whole would be gigabytes."""
_CANCELLED_DB: Final = 15.0
"""Two channels whose sum is this much quieter than the louder of them cancel each other out."""


def probe(path: Path, limits: LimitSettings, *, sha256: str | None = None) -> MediaInfo:
    """Establish what a file is, within the limits; at least one frame or one stretch of sound is known to decode.

    Args:   sha256: of the content when already known, else it is computed.
    Raises: Rejected: `empty_file`, `unsupported_format`, `playlist_refused`, `corrupt_media`, `no_streams`,
            `zero_duration`, `too_large`, `too_long`, `too_many_pixels`, `too_many_streams`, `decode_timeout`.
    """
    size_bytes = path.stat().st_size
    if size_bytes > limits.max_upload_bytes:
        raise Rejected("too_large", "The file is larger than this service accepts.")
    found = recognise(_head(path))
    digest = sha256 or _sha256(path)
    if found.is_image:
        return _probe_image(path, found, limits, size_bytes, digest)
    return _probe_streams(path, found, limits, size_bytes, digest)


def sample_frames(
    path: Path,
    info: MediaInfo,
    *,
    budget: int,
    range_s: TimeRange | None = None,
    exclude_times_s: Sequence[float] = (),
) -> tuple[SampledFrame, ...]:
    """Up to `budget` frames spread over the range, none at an excluded time; an image yields itself.

    Raises: Rejected("corrupt_media").
    """
    if info.kind is MediaKind.IMAGE:
        return (SampledFrame(0, 0.0, _png(_decoded_image(path.read_bytes()))),) if budget > 0 else ()
    if not info.has_video:
        return ()
    return sample_video(
        path,
        info.container,
        duration_s=info.duration_s,
        budget=budget,
        range_s=range_s,
        exclude_times_s=exclude_times_s,
    )


def extract_waveform(path: Path, info: MediaInfo, limits: LimitSettings) -> Waveform | None:
    """The default sound track as 16 kHz mono, starting at the media's own zero; None without one.

    A track that starts late is padded and gaps are filled with silence: a time in the sound is a time in the picture.
    Samples are 16-bit values, so that storing them as FLAC loses nothing.

    Raises: Rejected: `corrupt_media`, `decode_timeout`.
    """
    if not info.has_audio:
        return None
    import ffmpeg  # deferred: the API's image probes media but never extracts sound, and does not install these
    import imageio_ffmpeg

    track, channels = _default_audio_place(path, info)
    kept = 2 if channels == 2 else 1
    stream = ffmpeg.input(f"file:{path}", f=info.container, format_whitelist=AV_DEMUXERS, protocol_whitelist="file")
    command = (
        stream[f"a:{track}"]
        .filter("aresample", SPEECH_RATE_HZ)
        .filter("aformat", channel_layouts="stereo" if kept == 2 else "mono")
        # Last, and at this rate: the silence of a gap is held in memory, and a small file may have a long one.
        .filter("aresample", SPEECH_RATE_HZ, **{"async": 1, "first_pts": 0})
        .output("pipe:1", f="s16le", acodec="pcm_s16le", ac=kept, ar=SPEECH_RATE_HZ, t=limits.max_duration_s)
        .global_args("-nostdin", "-v", "error", "-threads", "1")
        .compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
    )
    try:
        # The command is a list made of our own constants and the path after `file:`; no shell reads it.
        finished = subprocess.run(command, capture_output=True, timeout=limits.decode_timeout_s, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Rejected("decode_timeout", "Reading the sound took longer than allowed.") from error
    pcm = np.frombuffer(finished.stdout[: len(finished.stdout) // (2 * kept) * 2 * kept], np.int16).reshape(-1, kept)
    if len(pcm) == 0:
        raise Rejected("corrupt_media", "The sound track is damaged beyond reading.")
    return Waveform(_one_channel(pcm).astype(np.float32) / 32768.0)


def _one_channel(pcm: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """The mean of the channels, or the louder one where they cancel each other out, by miswiring or on purpose.

    Args:
        pcm: (N, 1 or 2) int16.
    """
    if pcm.shape[1] == 1:
        return pcm[:, 0]
    mixed, powers = np.empty(len(pcm), np.int16), np.zeros(3)
    for start in range(0, len(pcm), _MIXED_AT_ONCE):
        part = pcm[start : start + _MIXED_AT_ONCE].astype(np.int32)
        middle = part.sum(axis=1) // 2
        mixed[start : start + len(part)] = middle
        powers += [float(np.square(each, dtype=np.float64).sum()) for each in (*part.T, middle)]
    if powers[2] >= powers[:2].max() * 10 ** (-_CANCELLED_DB / 10):
        return mixed
    return pcm[:, int(powers[1] > powers[0])]


def load(
    path: Path,
    limits: LimitSettings,
    *,
    frame_budget: int,
    is_face_crop: bool = False,
) -> LocalMedia:
    """Probe, sample and extract at once: one file as the detectors take it.

    Raises: Rejected, as `probe`.
    """
    info = probe(path, limits)
    return LocalMedia(
        info=info,
        frames=sample_frames(path, info, budget=frame_budget),
        waveform=extract_waveform(path, info, limits),
        is_face_crop=is_face_crop and info.kind is MediaKind.IMAGE,
    )


# ------------------------------------------------------------------------------------------------ encodings


def decode_image(encoded: bytes) -> RgbImage:
    """(H, W, 3) uint8 RGB, upright, from any still image that intake accepts.

    Raises: Rejected("corrupt_media").
    """
    return np.asarray(cv2.cvtColor(_decoded_image(encoded), cv2.COLOR_BGR2RGB), np.uint8)


def encode_flac(waveform: Waveform) -> bytes:
    """Lossless for 16-bit samples, which is what `extract_waveform` yields."""
    import soundfile  # deferred: absent from the API's image

    samples = np.clip(np.round(waveform.samples * 32768.0), -32768, 32767).astype(np.int16)
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, waveform.rate_hz, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def decode_flac(content: bytes) -> Waveform:
    """The inverse of `encode_flac`."""
    import soundfile  # deferred: absent from the API's image

    samples, rate_hz = soundfile.read(io.BytesIO(content), dtype="int16")
    return Waveform(samples.astype(np.float32) / 32768.0, rate_hz)


def _decoded_image(encoded: bytes) -> RgbImage:
    """OpenCV's channel order; the orientation an EXIF header asks for is applied."""
    try:
        bgr = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.") from error
    if bgr is None:
        raise Rejected("corrupt_media", "The image is damaged beyond reading.")
    return np.asarray(bgr, np.uint8)


def _png(bgr: RgbImage) -> bytes:
    width_px, height_px = shown_size(bgr.shape[1], bgr.shape[0])
    if (height_px, width_px) != bgr.shape[:2]:
        bgr = np.asarray(cv2.resize(bgr, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)
    return bytes(cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


# ------------------------------------------------------------------------------------------------ probing


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _probe_image(path: Path, found: Format, limits: LimitSettings, size_bytes: int, sha256: str) -> MediaInfo:
    content = path.read_bytes()
    width_px, height_px = image_size(found.name, content)
    _refuse_pixels(width_px, height_px, limits)
    height_px, width_px = _decoded_image(content).shape[:2]
    return MediaInfo(
        kind=MediaKind.IMAGE,
        container=found.name,
        size_bytes=size_bytes,
        sha256=sha256,
        duration_s=0.0,
        has_video=True,
        has_audio=False,
        width_px=width_px,
        height_px=height_px,
        video_codec=found.name,
        truncated=found.name == "jpeg" and b"\xff\xd9" not in content[-4096:],
    )


def _probe_streams(path: Path, found: Format, limits: LimitSettings, size_bytes: int, sha256: str) -> MediaInfo:
    deadline = time.monotonic() + limits.decode_timeout_s
    with open_media(path, found.name, max_pixels=limits.max_pixels) as container:
        if len(container.streams) > limits.max_streams:
            raise Rejected("too_many_streams", "The file holds more streams than this service accepts.")
        video, audio = main_video(container), _default_audio(container)
        if video is None and audio is None:
            raise Rejected("no_streams", "The file holds neither picture nor sound.")
        if video is not None:
            _refuse_pixels(video.codec_context.width, video.codec_context.height, limits)
        declared_s = float(container.duration or 0) / av.time_base
        try:
            duration_s, truncated = _duration(container, declared_s, deadline)
            if duration_s > limits.max_duration_s:
                raise Rejected("too_long", "The media is longer than this service accepts.")
            video = video if video is not None and _decodes(container, video, deadline) else None
            audio = audio if audio is not None and _decodes(container, audio, deadline) else None
        except av.FFmpegError as error:
            raise Rejected("corrupt_media", "The file is damaged beyond reading.") from error
        if duration_s <= 0:
            raise Rejected("zero_duration", "The media has no duration.")
        if video is None and audio is None:
            raise Rejected("corrupt_media", "Neither picture nor sound of this file can be decoded.")
        rate = video and (video.average_rate or video.guessed_rate)
        return MediaInfo(
            kind=MediaKind.AUDIO if video is None else MediaKind.VIDEO,
            container=found.name,
            size_bytes=size_bytes,
            sha256=sha256,
            duration_s=duration_s,
            has_video=video is not None,
            has_audio=audio is not None,
            width_px=video.codec_context.width if video else None,
            height_px=video.codec_context.height if video else None,
            frame_rate_hz=float(rate) if rate else None,
            video_codec=video.codec_context.name if video else None,
            audio_codec=audio.codec_context.name if audio else None,
            sample_rate_hz=audio.codec_context.sample_rate if audio else None,
            truncated=truncated,
        )


def _refuse_pixels(width_px: int, height_px: int, limits: LimitSettings) -> None:
    if width_px * height_px > limits.max_pixels:
        raise Rejected("too_many_pixels", "The picture has more pixels than this service accepts.")


def _default_audio(container: InputContainer) -> AudioStream | None:
    usable = [stream for stream in container.streams.audio if stream.codec_context is not None]
    return max(usable, key=lambda stream: bool(stream.disposition & av.stream.Disposition.default), default=None)


def _default_audio_place(path: Path, info: MediaInfo) -> tuple[int, int]:
    """The default sound track's number among the sound tracks, and how many channels it has."""
    with open_media(path, info.container) as container:
        chosen = _default_audio(container)
        number = next((n for n, stream in enumerate(container.streams.audio) if stream is chosen), 0)
        return number, chosen.codec_context.channels if chosen is not None else 1


def _duration(container: InputContainer, declared_s: float, deadline: float) -> tuple[float, bool]:
    """Duration that the packets bear out, and whether that falls short of the declared one.

    Only the end of the file is read when it is where the header says; else all of it.
    """
    end_s = 0.0
    if declared_s > 2 * _MISSING_TAIL_S:
        with suppress(av.FFmpegError):
            container.seek(round((declared_s - _MISSING_TAIL_S) * av.time_base) + (container.start_time or 0))
            end_s = _last_end_s(container, deadline)
    if end_s < declared_s - _MISSING_TAIL_S or end_s <= 0:
        rewind(container)
        end_s = _last_end_s(container, deadline)
    missing_s = declared_s - end_s
    truncated = missing_s > max(_MISSING_TAIL_S, _MISSING_TAIL_SHARE * declared_s)
    return (end_s if truncated or end_s > declared_s else declared_s), truncated


def _last_end_s(container: InputContainer, deadline: float) -> float:
    """End of the last packet of picture or sound from here on, in seconds from the start of the media."""
    origin_s = (container.start_time or 0) / av.time_base
    end_s = 0.0
    try:
        for number, packet in enumerate(container.demux(*container.streams.video, *container.streams.audio)):
            if number % 256 == 0:
                _refuse_late(deadline)
            if packet.size and packet.pts is not None and packet.time_base:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base) - origin_s)
    except av.FFmpegError:
        return end_s
    return end_s


def _decodes(container: InputContainer, stream: VideoStream | AudioStream, deadline: float) -> bool:
    """Whether anything of this stream can be decoded; damage at its very start is stepped over."""
    for other in container.streams:
        other.discard = Discard.default if other is stream else Discard.all
    rewind(container)
    tries = 0
    try:
        for packet in container.demux(stream):
            _refuse_late(deadline)
            with suppress(av.FFmpegError):
                if stream.codec_context.decode(packet if packet.size else None):
                    return True
            if tries > 0 or packet.is_keyframe or stream.type == "audio":
                tries += 1
            if tries > _DECODE_TRIES:
                return False
    except av.FFmpegError:
        return False
    return False


def _refuse_late(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise Rejected("decode_timeout", "Reading the media took longer than allowed.")
