"""Harmless changes to a recording: what a score that rests on evidence, and not on an accident, ought to survive.

Each takes prepared media and returns it changed; nothing is learnt from the result but how far the score moves.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import av
import cv2
import numpy as np
import numpy.typing as npt

from core.media import LocalMedia, SampledFrame, Waveform
from core.types import Check, Modality
from detectors.faces.geometry import Affine, moved
from detectors.voice.speech import find_speech

RECOMPRESSED_QUALITY: Final = 60
DOWNSCALED_BY: Final = 0.6
MP3_BITS_PER_S: Final = 48_000
KEPT_MARGIN_S: Final = 0.1
"""Silence left around speech, so that no word is clipped."""

Bgr = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Changed:
    """A picture after a change. place: (2, 3), where its pixels went. size_px: height and width."""

    encoded: bytes
    place: Affine
    size_px: tuple[int, int]


def altered(media: LocalMedia, modality: Modality, check: Check) -> LocalMedia | None:
    """The media after one change, or None when the change does not apply to this modality.

    Args:
        media: `frames` for the picture, `waveform` for the sound.
    """
    if modality is Modality.VISUAL:
        change = PICTURE.get(check)
        if change is None:
            return None
        return replace(media, frames=tuple(_frame(frame, change) for frame in media.frames))
    adjust = SOUND.get(check)
    if adjust is None or media.waveform is None:
        return None
    return replace(media, waveform=adjust(media.waveform))


def _frame(frame: SampledFrame, change: Callable[[Bgr], Changed]) -> SampledFrame:
    """The frame after the change; its faces, where they are known, go with it."""
    bgr = cv2.imdecode(np.frombuffer(frame.encoded, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        return frame
    changed = change(np.asarray(bgr, dtype=np.uint8))
    faces = frame.faces
    if faces is not None:
        faces = tuple(moved(face, changed.place, changed.size_px) for face in faces)
    return replace(frame, encoded=changed.encoded, faces=faces)


def _recompressed(bgr: Bgr) -> Changed:
    encoded = bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, RECOMPRESSED_QUALITY])[1])
    return Changed(encoded, np.eye(2, 3), bgr.shape[:2])


def _downscaled(bgr: Bgr) -> Changed:
    height, width = bgr.shape[:2]
    small_w, small_h = max(1, round(width * DOWNSCALED_BY)), max(1, round(height * DOWNSCALED_BY))
    small = cv2.resize(bgr, (small_w, small_h), interpolation=cv2.INTER_AREA)
    across, down = small_w / width, small_h / height
    # The middle of a pixel, not its corner, lies at a whole number.
    place = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])
    return Changed(_unpacked(small), place, (small_h, small_w))


def _flipped(bgr: Bgr) -> Changed:
    place = np.array([[-1.0, 0, bgr.shape[1] - 1], [0, 1, 0]])
    return Changed(_unpacked(np.ascontiguousarray(bgr[:, ::-1])), place, bgr.shape[:2])


def _unpacked(bgr: cv2.typing.MatLike) -> bytes:
    """As BMP: nothing but the change itself changes the picture, and it is written and read in no time."""
    return bytes(cv2.imencode(".bmp", bgr)[1])


def _as_mp3(waveform: Waveform) -> Waveform:
    """Through a lossy codec and back, as messengers do."""
    written = io.BytesIO()
    with av.open(written, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=waveform.rate_hz, layout="mono", bit_rate=MP3_BITS_PER_S)
        samples = np.clip(np.round(waveform.samples * 32767.0), -32768, 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16p", layout="mono")
        frame.sample_rate = waveform.rate_hz
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    written.seek(0)
    with av.open(written, "r", format="mp3") as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=waveform.rate_hz)
        pieces = [
            piece.to_ndarray().reshape(-1)
            for decoded in (*container.decode(audio=0), None)
            for piece in resampler.resample(decoded)
        ]
    heard = np.concatenate(pieces).astype(np.float32) if pieces else waveform.samples[:0]
    return Waveform(heard, waveform.rate_hz)


def _without_silence(waveform: Waveform) -> Waveform:
    margin = round(KEPT_MARGIN_S * waveform.rate_hz)
    keep = np.zeros(len(waveform.samples), dtype=bool)
    for stretch in find_speech(waveform.samples):
        start, end = (round(bound * waveform.rate_hz) for bound in (stretch.start_s, stretch.end_s))
        keep[max(0, start - margin) : end + margin] = True
    return Waveform(waveform.samples[keep], waveform.rate_hz)


PICTURE: Final[Mapping[Check, Callable[[Bgr], Changed]]] = MappingProxyType(
    {Check.RECOMPRESS: _recompressed, Check.DOWNSCALE: _downscaled, Check.FLIP: _flipped}
)
SOUND: Final[Mapping[Check, Callable[[Waveform], Waveform]]] = MappingProxyType(
    {Check.RECOMPRESS: _as_mp3, Check.TRIM_SILENCE: _without_silence}
)
