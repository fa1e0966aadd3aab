"""Media as it exists inside one process: arrays and encoded frames, never persisted in this form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.types import FaceGeometry, FacialRegion, MediaInfo, SoundPart

SPEECH_RATE_HZ = 16_000
"""All audio analysis happens on 16 kHz mono."""

Half = Literal["first", "rest"]
"""Of the frames of a plan: every other one, or those between."""

RgbImage = npt.NDArray[np.uint8]
"""(H, W, 3) uint8, RGB order."""


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """One sampled frame, still encoded: what is stored is exactly what the detectors decode.

    `encoded` is JPEG (quality 95, 4:4:4) for video frames and the lossless PNG for single images, so the
    service and the `score` verb see the same pixels. Frames that are only drawn on, and never stored, are BMP.
    """

    index: int
    time_s: float
    encoded: bytes
    faces: tuple[FaceGeometry, ...] | None = None
    """Where its faces are, when they were found before; None when they are still to be found."""
    picture: int = 1
    """Which picture track it is of."""


@dataclass(frozen=True, slots=True)
class Waveform:
    """Mono audio. samples: (N,) float32 in [-1, 1] at `rate_hz`."""

    samples: npt.NDArray[np.float32]
    rate_hz: int = SPEECH_RATE_HZ

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz


@dataclass(frozen=True, slots=True)
class LocalMedia:
    """Prepared media in this process: what `Detector.detect` receives.

    `is_face_crop` says that the single frame is already a crop around one face (the `--faces` flag).
    """

    info: MediaInfo
    frames: tuple[SampledFrame, ...] = ()
    waveform: Waveform | None = None
    sounds: tuple[tuple[SoundPart, Waveform], ...] = ()
    """All sounds where there are several, `waveform` first."""
    is_face_crop: bool = False
    frames_left: int = 0
    """Frames of the plan that were not taken yet, where half of them came first."""


@dataclass(frozen=True, slots=True)
class AlignedFace:
    """One face as the model saw it.

    pixels: (S, S, 3) uint8 RGB. frame_to_crop: (2, 3), from full-frame pixels to crop pixels. regions: masks (S, S)
    of the named facial regions in crop pixels; empty when no landmarks were found.
    """

    pixels: RgbImage
    frame_to_crop: npt.NDArray[np.float64]
    regions: Mapping[FacialRegion, npt.NDArray[np.bool_]]


KEY_STEP_S = 10.0
"""Seconds of a long recording that a frame of the first pass stands for: encoders set key frames about so far apart."""
MOST_FRAMES = 360
LONG_S = 120.0
"""A longer recording has many shots, and what is short in it is looked for in two passes."""


def is_long(duration_s: float) -> bool:
    return duration_s > LONG_S


def frames_for(duration_s: float, usual: int) -> int:
    """Frames of the first pass: the usual number, or more where they would lie further apart than `KEY_STEP_S`."""
    return max(usual, min(MOST_FRAMES, round(duration_s / KEY_STEP_S)))
