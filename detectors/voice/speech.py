"""Where somebody speaks: the only stretches of a sound track that say anything about a voice.

Claim: within the stretches there is a human or a human-like voice; silence, tones, noise and music yield none.
Source: Silero VAD (`speech_network.py`); thresholds and smoothing are ours.
Limits: singing counts as speech now and then, whispering and crying often do not.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from core.media import SPEECH_RATE_HZ
from core.types import TimeRange
from detectors.voice.speech_network import CONTEXT, STEP, UNITS, SpeechNetwork

ENTER: Final = 0.5
LEAVE: Final = 0.35
"""Speech begins where the probability reaches `ENTER` and lasts while it stays at or above `LEAVE`."""
AT_ONCE: Final = 512
"""Steps, 16 seconds. After so much exact silence the network says the same of all that follows: a file of a few bytes
can declare hours of it.
"""
MERGED_GAP_S: Final = 0.3
SHORTEST_S: Final = 0.25
PADDING_S: Final = 0.1

NARROW_HZ: Final = 3000.0
"""Speech whose sound ends below this misses half of what the voice model looks at; telephones reach 3.4 kHz."""
NOISE_RATIO_DB: Final = 5.0
CLIPPED_SHARE: Final = 0.02
_LEAST_PAUSE_S: Final = 0.5
_BLOCK: Final = 1024
_BAND_FLOOR_DB: Final = 60.0

Samples = npt.NDArray[np.float32]

_MOST_RECENT: Final = 4
"""Sounds whose speech is remembered: a score that is taken again asks for the unchanged one twice."""

_recent: Final[OrderedDict[bytes, tuple[TimeRange, ...]]] = OrderedDict()
_recent_guard: Final = threading.Lock()


def find_speech(samples: Samples) -> tuple[TimeRange, ...]:
    """Stretches of speech, ascending and apart. samples: (N,) float32 at 16 kHz."""
    key = hashlib.sha256(np.ascontiguousarray(samples, np.float32).data).digest()
    with _recent_guard:
        if key in _recent:
            return _recent[key]
    probabilities, step_s = speech_probabilities(samples)
    found = speech_stretches(probabilities, step_s, len(samples) / SPEECH_RATE_HZ)
    with _recent_guard:
        _recent[key] = found
        while len(_recent) > _MOST_RECENT:
            _recent.popitem(last=False)
    return found


def speech_probabilities(samples: Samples) -> tuple[npt.NDArray[np.float64], float]:
    """The probability of speech in consecutive steps, and a step's length in seconds; the last step is padded."""
    network, memory = _network(), (np.zeros(UNITS, np.float32), np.zeros(UNITS, np.float32))
    found: list[npt.NDArray[np.float32]] = []
    before, was_silent = np.zeros(CONTEXT, np.float32), False
    for first in range(0, len(samples), AT_ONCE * STEP):
        here = np.asarray(samples[first : first + AT_ONCE * STEP], np.float32)
        here = np.pad(here, (0, -len(here) % STEP))
        is_silent = not here.any()
        if is_silent and was_silent:
            found.append(np.full(len(here) // STEP, found[-1][-1]))
            continue
        steps = np.lib.stride_tricks.sliding_window_view(np.concatenate([before, here]), CONTEXT + STEP)[::STEP]
        probabilities, memory = network.follow(network.hear(steps), memory)
        found.append(probabilities)
        before, was_silent = here[-CONTEXT:], is_silent
    return np.concatenate([np.zeros(0), *found]), STEP / SPEECH_RATE_HZ


def speech_stretches(
    probabilities: Sequence[float] | npt.NDArray[np.float64], step_s: float, total_s: float
) -> tuple[TimeRange, ...]:
    """From probabilities to stretches: hysteresis, short gaps closed, short stretches dropped, the rest padded."""
    spans: list[tuple[float, float]] = []
    speaking = False
    for index, probability in enumerate(probabilities):
        start_s, end_s = index * step_s, min((index + 1) * step_s, total_s)
        speaking = probability >= (LEAVE if speaking else ENTER)
        if not speaking:
            continue
        if spans and start_s - spans[-1][1] < MERGED_GAP_S:
            spans[-1] = (spans[-1][0], end_s)
        else:
            spans.append((start_s, end_s))
    return tuple(
        TimeRange(start_s=max(0.0, start_s - PADDING_S), end_s=min(total_s, end_s + PADDING_S))
        for start_s, end_s in spans
        if end_s - start_s >= SHORTEST_S
    )


def speech_within(stretches: Sequence[TimeRange], start_s: float, end_s: float) -> float:
    """Seconds of speech between two times."""
    return sum(max(0.0, min(each.end_s, end_s) - max(each.start_s, start_s)) for each in stretches)


def impairment(samples: Samples, stretches: Sequence[TimeRange]) -> str | None:
    """Why this speech is too poor to judge a voice by, as a sentence; None when it is good enough.

    Looked at: clipping, the level of speech over that of the pauses, and where the sound's band ends.
    """
    spoken = np.zeros(len(samples), bool)
    for each in stretches:
        spoken[round(each.start_s * SPEECH_RATE_HZ) : round(each.end_s * SPEECH_RATE_HZ)] = True
    speech, pause = samples[spoken], samples[~spoken]
    if len(speech) < _BLOCK:
        return None
    if float(np.mean(np.abs(speech) >= 0.999)) > CLIPPED_SHARE:
        return "The sound is clipped: much of the speech is louder than the recording could hold."
    if len(pause) >= _LEAST_PAUSE_S * SPEECH_RATE_HZ:
        ratio_db = 10 * np.log10((float(np.mean(speech**2)) + 1e-12) / (float(np.mean(pause**2)) + 1e-12))
        if ratio_db < NOISE_RATIO_DB:
            return "The speech is hardly louder than what is heard between the words."
    if _band_end_hz(speech) < NARROW_HZ:
        return "The sound is band-limited below telephone quality."
    return None


def _band_end_hz(speech: Samples) -> float:
    """The highest frequency whose mean power is within 60 dB of the strongest."""
    blocks = speech[: len(speech) // _BLOCK * _BLOCK].reshape(-1, _BLOCK) * np.hanning(_BLOCK).astype(np.float32)
    power = np.mean(np.abs(np.fft.rfft(blocks, axis=1)) ** 2, axis=0)
    above = np.flatnonzero(power > power.max() * 10 ** (-_BAND_FLOOR_DB / 10))
    return float(above[-1]) * SPEECH_RATE_HZ / _BLOCK if len(above) else 0.0


@cache
def _network() -> SpeechNetwork:
    return SpeechNetwork.read()
