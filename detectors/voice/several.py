"""Several voices of one sound: each is scored for itself, and the most suspicious may decide.

The sound as a whole is judged as if one voice spoke. Beside it, a voice calls the sound synthetic only above a limit
that rises with the number of voices, and one that only looks synthetic takes back that nothing was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from core.types import Outcome, Reason, ReasonCode, Scored, SpeechObservation, Thresholds, TimeRange, VoiceFinding
from detectors.aggregation import pool
from detectors.calibration import Calibration
from detectors.voice.features import WINDOW_S

SIDE_BY_SIDE_S: Final = 1e-3
"""Windows that are no further apart, nor overlap by more."""
JOINED_GAP_S: Final = 1.0
"""Windows of one voice closer than this are one span."""
_UNCLEARED: Final = Reason(
    code=ReasonCode.LOW_QUALITY,
    message="One of the voices looks synthetic, but not clearly enough for one of several.",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sound came to. thresholds: the limits of `finding`; limits: what else has to be told."""

    finding: Scored
    thresholds: Thresholds
    voices: tuple[VoiceFinding, ...] = ()
    limits: tuple[Reason, ...] = ()


def pooled(heard: Sequence[SpeechObservation], logits: Sequence[float], calibration: Calibration) -> Scored:
    """One score for windows in order of time. Two that share nothing are surer than one; more were not measured."""
    logit = pool(*evened(heard, logits))
    p_fake = calibration.between(heard_s(heard) / WINDOW_S - 1).p_fake(logit)
    return Scored(
        p_fake=p_fake,
        calibration_version=calibration.version,
        uncalibrated=logit,
        outcome=calibration.outcome(p_fake),
    )


def evened(heard: Sequence[SpeechObservation], logits: Sequence[float]) -> tuple[list[float], list[float]]:
    """Logits and seconds of speech of windows that all overlap alike.

    Where nothing stands out of a long recording its windows lie side by side. Between two of these stands their mean.
    """
    found, weights = [*logits[:1]], [each.speech_s for each in heard[:1]]
    for place, (before, window) in enumerate(pairwise(heard), start=1):
        if abs(window.start_s - before.end_s) < SIDE_BY_SIDE_S:
            found.append((logits[place - 1] + logits[place]) / 2)
            weights.append((before.speech_s + window.speech_s) / 2)
        found.append(logits[place])
        weights.append(window.speech_s)
    return found, weights


def judge_voices(
    heard: Sequence[SpeechObservation], logits: Sequence[float], calibration: Calibration, whole: Scored
) -> Judged:
    """The sound's outcome with its voices looked at one by one, where there are several.

    Args:
        heard: windows in order of time, each with its voice or None.
        logits: what was made of each window, in units of `calibration`.
        whole: of all windows together.
    """
    numbers = sorted({each.voice for each in heard if each.voice is not None})
    if len(numbers) < 2:
        return Judged(whole, calibration.thresholds)
    raised = calibration.thresholds.among(len(numbers))
    voices = []
    for number, spans in zip(numbers, _spans(heard, numbers), strict=True):
        own = [place for place, each in enumerate(heard) if each.voice == number]
        found = pooled([heard[place] for place in own], [logits[place] for place in own], calibration)
        found = found.model_copy(update={"outcome": raised.outcome(found.p_fake)})
        voices.append((found, VoiceFinding(number=number, spans=spans, finding=found)))
    worst, _ = loudest = max(voices, key=lambda each: each[0].p_fake)
    told = tuple(voice for _, voice in voices)
    if whole.outcome is not Outcome.FAKE and worst.outcome is Outcome.FAKE:
        marked = tuple(each.model_copy(update={"decides": each is loudest[1]}) for each in told)
        return Judged(worst, raised, marked)
    if whole.outcome is Outcome.REAL and worst.p_fake >= calibration.fake:
        return Judged(
            whole.model_copy(update={"outcome": Outcome.INCONCLUSIVE}), calibration.thresholds, told, (_UNCLEARED,)
        )
    return Judged(whole, calibration.thresholds, told)


def heard_s(windows: Sequence[SpeechObservation]) -> float:
    """Seconds that lie in any of the windows, which are in order of time."""
    total = reached = 0.0
    for window in windows:
        total += max(0.0, window.end_s - max(reached, window.start_s))
        reached = max(reached, window.end_s)
    return total


def _spans(heard: Sequence[SpeechObservation], numbers: Sequence[int]) -> list[tuple[TimeRange, ...]]:
    """When each voice is heard; where windows of two overlap, the border lies in the middle."""
    found: dict[int, list[tuple[float, float]]] = {number: [] for number in numbers}
    last: int | None = None
    for place, window in enumerate(heard):
        start_s, end_s = window.start_s, window.end_s
        if place and heard[place - 1].voice != window.voice:
            start_s = max(start_s, (start_s + heard[place - 1].end_s) / 2)
        if place + 1 < len(heard) and heard[place + 1].voice != window.voice and heard[place + 1].start_s < end_s:
            end_s = (heard[place + 1].start_s + end_s) / 2
        if window.voice is None:
            last = None
            continue
        own = found[window.voice]
        if own and last == window.voice and start_s - own[-1][1] < JOINED_GAP_S:
            own[-1] = (own[-1][0], max(own[-1][1], end_s))
        else:
            own.append((start_s, end_s))
        last = window.voice
    return [tuple(TimeRange(start_s=round(a, 3), end_s=round(b, 3)) for a, b in found[number]) for number in numbers]
