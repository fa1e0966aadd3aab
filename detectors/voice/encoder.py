"""The second voice model: the first layers of a speech recogniser's encoder, and a head over their statistics.

Claim: a high logit means that the recogniser's early features hold, move and spread over three seconds as they do when
a vocoder or a codec made the sound. They were learnt from speech in many rooms and languages, and trained further here.
Source: the first two layers of Whisper-base's encoder (Radford et al., 2022; MIT), 8 bit, and a head; both are trained
by `training/voice/heads/together.py`. Data, digest and figures in `weights/voice_encoder/card.md`.
Limits: as the network's. Nothing above 7 kHz and no level reaches it. It has no map of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from core.media import SPEECH_RATE_HZ
from core.types import ModelRef
from detectors.calibration import Calibration, WitnessFusion
from detectors.model_files import digest_weights, file_digest, find_model_file, unreadable
from detectors.runtime import ModelRuntime
from detectors.voice.features import FRAMES, HOP_SAMPLES, Network

WEIGHTS: Final = Path(__file__).resolve().parents[1] / "weights" / "voice_encoder"
BANDS: Final = 80
LOWEST_HZ: Final = 100.0
HIGHEST_HZ: Final = 7000.0
LIMIT: Final = 6.0
"""Standardised features are cut here: what lies further out has not been seen."""
_FFT: Final = 400
_HANN: Final = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)).astype(np.float32)
_DEPTH: Final = 8.0
"""Decades of power under the loudest cell that are kept."""
_LOUDEST: Final = 1.5
"""Where the loudest cell lies, in decades: about where the recogniser is used to hear it."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """logit = line . x + out . relu(inner x + bias) + offset, over x = clip((features - mean) / scale).

    mean, scale, line: (D,); inner: (H, D); bias, out: (H,).
    """

    mean: Floats
    scale: Floats
    line: Floats
    offset: float
    inner: Floats
    bias: Floats
    out: Floats

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        try:
            with np.load(path) as stored:
                names = ("mean", "scale", "line", "inner", "bias", "out")
                return cls(offset=float(stored["offset"]), **{name: stored[name].astype(np.float32) for name in names})
        except (OSError, KeyError, ValueError) as error:
            raise unreadable(path.name) from error

    def logits(self, features: Floats) -> Floats:
        x = standardised(features, self.mean, self.scale)
        hidden = np.maximum(x @ self.inner.T + self.bias, 0)
        return np.asarray(x @ self.line + hidden @ self.out + self.offset, np.float32)


def standardised(features: Floats, mean: Floats, scale: Floats) -> Floats:
    return np.asarray(np.clip((features - mean) / scale, -LIMIT, LIMIT), np.float32)


@dataclass(frozen=True, slots=True)
class SecondVoiceModel:
    """The encoder, its head, what its logits mean alone, and what both models' logits mean together.

    network: takes what `mel_bands` gives, and gives statistics. digest: of its file and the head's. alone: only shown.
    """

    network: Network
    head: Head
    digest: str
    alone: Calibration
    fusion: WitnessFusion
    models: tuple[ModelRef, ...] = ()
    """Its files."""

    @classmethod
    def load(cls, threads: int, weights: Path = WEIGHTS) -> Self:
        """The shipped one. Raises: Misconfigured when a part is missing."""
        serving, head = find_model_file(weights, "model.tflite"), find_model_file(weights, "head.npz")
        return cls(
            ModelRuntime(serving, threads=threads, row_shape=(FRAMES, BANDS)),
            Head.read(head),
            digest_weights((serving, head)),
            Calibration.read(find_model_file(weights, "calibration.json")),
            WitnessFusion.read(find_model_file(weights, "fusion.json")),
            tuple(
                ModelRef(name=f"audio.voice.{part}", version="1", sha256=file_digest(path))
                for part, path in (("encoder", serving), ("head", head))
            ),
        )

    @property
    def version(self) -> str:
        return f"{self.digest}-{self.fusion.calibration.version}"

    def logits(self, bands: Floats) -> Floats:
        """(N,) of what `mel_bands` gives, (N, FRAMES, BANDS)."""
        return self.head.logits(self.network.run(bands)[0])


def mel_bands(windows: Floats) -> Floats:
    """What the encoder hears of windows (B, 48000) at 16 kHz, any level: (B, FRAMES, BANDS) float32.

    Log power of 80 mel bands in frames of 25 ms every 10 ms, as the recogniser was trained on, but for the level, which
    is set by the loudest cell, and for what lies under 100 Hz or above 7 kHz, which is left out.
    """
    scaled = windows / (np.abs(windows).max(axis=1, keepdims=True) + np.float32(1e-8))
    padded = np.pad(scaled, ((0, 0), (_FFT // 2, _FFT // 2)), mode="reflect")
    strided = np.lib.stride_tricks.sliding_window_view(padded, _FFT, axis=1)[:, ::HOP_SAMPLES][:, :FRAMES]
    spectrum = np.fft.rfft(strided * _HANN, axis=2)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ _FILTERS
    level = np.log10(np.maximum(power, 1e-10))
    loudest = level.max(axis=(1, 2), keepdims=True)
    kept = np.maximum(level, loudest - _DEPTH) - loudest
    return np.asarray((kept + _LOUDEST + 4.0) / 4.0, np.float32)


def _mel_filters() -> Floats:
    """(201, BANDS): triangles even in mel after Slaney, each of unit area, zero where nothing may be heard."""
    hz = np.arange(_FFT // 2 + 1) * (SPEECH_RATE_HZ / _FFT)
    edges = _to_hz(np.linspace(0.0, _to_mel(SPEECH_RATE_HZ / 2), BANDS + 2))
    rising = (hz[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - hz[:, None]) / np.diff(edges)[1:]
    filters = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (edges[2:] - edges[:-2])
    filters[(hz < LOWEST_HZ) | (hz > HIGHEST_HZ)] = 0.0
    return np.asarray(filters, np.float32)


def _to_mel(hz: float) -> float:
    """Above 1 kHz, which is 15 mel."""
    return 15.0 + float(np.log(hz / 1000.0)) * 27.0 / float(np.log(6.4))


def _to_hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < 15.0, mel * 200.0 / 3.0, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))


_FILTERS: Final = _mel_filters()
