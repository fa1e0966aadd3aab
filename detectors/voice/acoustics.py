"""Plain measurements of speech: facts that a person may weigh, beside what is usual for honest recordings.

Claim: none about synthesis. A value outside the usual range is a reason to listen again, and no evidence of its own: no
score takes it in.
Source: pitch by YIN (`pitch.py`); spectral flatness after Johnston 1988; what is usual are quantiles over honest public
clips (`training/voice/evaluation/acoustics.py`, `weights/audio/acoustics.json`).
Limits: pitch between 60 and 500 Hz, of one voice at a time; the sound has been brought to 16 kHz, so that nothing above
8 kHz is known; breaths are not told from pauses. The usual ranges are of clips of a few seconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from core.media import SPEECH_RATE_HZ
from core.types import AcousticMeasure, AcousticMeasurement, TimeRange
from detectors.model_files import find_model_file
from detectors.voice.pitch import estimate_pitch

USUAL: Final = Path(__file__).resolve().parents[1] / "weights" / "audio" / "acoustics.json"
LOWEST_HZ: Final = 60.0
HIGHEST_HZ: Final = 500.0
MOST_S: Final = 30.0
"""Speech that is measured, from the first word on: what follows costs time and hardly moves the figures."""
PERIODIC: Final = 0.6
"""Correlation of a frame with itself one period later, from which it counts as voiced."""
LEAST_VOICED: Final = 25
"""Frames without which nothing is said about pitch: 0.4 seconds."""
SILENT_SAMPLES: Final = 160
"""Equal samples in a row that are digital silence: 10 ms, which no microphone gives."""
QUIETEST: Final = 0.05
FALL_HZ: Final = 250.0
LOWEST_FALL_HZ: Final = 2000.0
_FRAME: Final = 1024
_HOP: Final = 256
_HANN: Final = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)
_TINY: Final = 1e-10
_DEEPEST_DB: Final = -100.0

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


def measure(samples: Samples, speech: Sequence[TimeRange]) -> dict[AcousticMeasure, float]:
    """What can be measured of the sound; measures that it gives no ground for are absent.

    Args:
        samples: (N,) float32 at 16 kHz.
        speech: of `find_speech`.
    """
    spoken = _spoken(samples, speech)
    if len(spoken) < 2 * _FRAME:
        return {}
    found = {
        AcousticMeasure.PAUSES: _pauses(speech),
        AcousticMeasure.DIGITAL_SILENCE: _digital_silence(samples),
        **_pitch(spoken),
        **_spectrum(spoken),
    }
    if (floor := _noise_floor(samples, spoken)) is not None:
        found[AcousticMeasure.NOISE_FLOOR] = floor
    return {measure: found[measure] for measure in AcousticMeasure if measure in found}


def beside_usual(measured: Mapping[AcousticMeasure, float]) -> tuple[AcousticMeasurement, ...]:
    """The measurements with the range that nine in ten honest clips lie in. Raises: Misconfigured without the file."""
    usual = _usual()
    return tuple(
        AcousticMeasurement(measure=measure, value=value, usual_low=usual[measure][0], usual_high=usual[measure][1])
        for measure, value in measured.items()
    )


@cache
def _usual() -> dict[AcousticMeasure, tuple[float, float]]:
    stored = json.loads(find_model_file(USUAL.parent, USUAL.name).read_text())
    return {AcousticMeasure(name): (low, high) for name, (low, high) in stored["usual"].items()}


def _spoken(samples: Samples, speech: Sequence[TimeRange]) -> Samples:
    parts, left = [np.zeros(0, np.float32)], round(MOST_S * SPEECH_RATE_HZ)
    for each in speech:
        part = samples[round(each.start_s * SPEECH_RATE_HZ) : round(each.end_s * SPEECH_RATE_HZ)][:left]
        parts.append(part)
        left -= len(part)
        if left <= 0:
            break
    return np.concatenate(parts)


def _pauses(speech: Sequence[TimeRange]) -> float:
    """Share of the time from the first word to the last in which nobody speaks."""
    return 1.0 - sum(each.end_s - each.start_s for each in speech) / (speech[-1].end_s - speech[0].start_s)


def _digital_silence(samples: Samples) -> float:
    """Share of the sound that is digital silence."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], samples[1:] != samples[:-1], [True]]).astype(np.int8)))
    # Edges alternate between the start and the end of a run of equal neighbours.
    lengths = edges[1::2] - edges[::2] + 1
    return float(lengths[lengths >= SILENT_SAMPLES].sum()) / len(samples)


def _pitch(spoken: Samples) -> dict[AcousticMeasure, float]:
    frames = sliding_window_view(spoken, _FRAME)[::_HOP]
    pitch = estimate_pitch(frames, SPEECH_RATE_HZ, LOWEST_HZ, HIGHEST_HZ)
    voiced = _periodicity(frames, np.rint(SPEECH_RATE_HZ / pitch).astype(np.int64)) >= PERIODIC
    if voiced.sum() < LEAST_VOICED:
        return {}
    semitones = 12 * np.log2(pitch)
    low, middle, high = np.quantile(semitones[voiced], (0.1, 0.5, 0.9))
    steps = np.abs(np.diff(semitones))[voiced[1:] & voiced[:-1]]
    found = {AcousticMeasure.PITCH: float(2 ** (middle / 12)), AcousticMeasure.PITCH_RANGE: float(high - low)}
    if len(steps):
        found[AcousticMeasure.PITCH_STEP] = float(np.median(steps))
    return found


def _periodicity(frames: Samples, periods: npt.NDArray[np.int64]) -> Floats:
    """(N,) correlation of each frame's first half with what follows it one period later."""
    half = _FRAME // 2
    first = frames[:, :half].astype(np.float64)
    later = np.take_along_axis(frames, periods[:, None] + np.arange(half)[None], axis=1).astype(np.float64)
    energy = np.sqrt((first**2).sum(axis=1) * (later**2).sum(axis=1))
    return np.asarray((first * later).sum(axis=1) / (energy + _TINY))


def _spectrum(spoken: Samples) -> dict[AcousticMeasure, float]:
    powers = np.abs(np.fft.rfft(sliding_window_view(spoken, _FRAME)[:: _FRAME // 2] * _HANN)) ** 2
    audible = np.maximum(powers, _TINY)
    flatness = np.exp(np.log(audible).mean(axis=1)) / audible.mean(axis=1)
    levels = 10 * np.log10(powers.mean(axis=0) + _TINY)
    per_bin = SPEECH_RATE_HZ / _FRAME
    width = round(FALL_HZ / per_bin)
    smooth = np.convolve(levels, np.ones(width) / width, mode="valid")
    falls = smooth[: -2 * width] - smooth[2 * width :]
    first = round(LOWEST_FALL_HZ / per_bin)
    above = np.flatnonzero(levels > levels.max() - 60)
    return {
        AcousticMeasure.BAND_END: float(above[-1] * per_bin),
        AcousticMeasure.BAND_FALL: float(falls[first:].max()),
        AcousticMeasure.FLATNESS: float(10 * np.log10(np.median(flatness) + _TINY)),
    }


def _noise_floor(samples: Samples, spoken: Samples) -> float | None:
    """The quietest frames of the sound against the speech, in dB; None without either."""
    whole = samples[: len(samples) // _HOP * _HOP].reshape(-1, _HOP)
    level = float(np.mean(spoken.astype(np.float64) ** 2))
    if level <= _TINY:
        return None
    quiet = float(np.quantile(np.mean(np.square(whole, dtype=np.float64), axis=1), QUIETEST))
    return max(_DEEPEST_DB, float(10 * np.log10(quiet / level + _TINY)))
