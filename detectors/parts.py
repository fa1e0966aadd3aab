"""Several sounds of one file: each is examined by itself, and the worst that is sure decides.

A second language, the other party of a call and a hidden track are recordings of their own. Which of them decides is
settled here, for the service and the command line alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.media import LocalMedia
from core.types import (
    AudioEvidence,
    Evidence,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    SoundFinding,
    SoundPart,
)

_UNCLEARED = Reason(
    code=ReasonCode.LOW_QUALITY, message="Another sound of the file looks synthetic, but is too poor to judge."
)


def examine_sounds(media: LocalMedia, detect: Callable[[LocalMedia], Evidence]) -> Evidence:
    """The evidence of a file's sound, of all its sounds where there are several."""
    heard = [(part, detect(replace(media, waveform=waveform, sounds=()))) for part, waveform in media.sounds]
    if not heard:
        return detect(media)
    return decide_sound([(part, each) for part, each in heard if isinstance(each, AudioEvidence)])


def decide_sound(heard: Sequence[tuple[SoundPart, AudioEvidence]]) -> AudioEvidence:
    """The evidence of the sound that decides, with a word on each.

    A fake has to stand out from as many as there are; one that is too poor to judge condemns nothing, and while it
    looks synthetic nothing is cleared beside it.

    Args:
        heard: every sound with its own evidence, the one that a player would choose first.
    """
    if len(heard) == 1:
        return heard[0][1]
    scored = [(part, each, each.finding) for part, each in heard if isinstance(each.finding, Scored)]
    count = len(scored)
    sure = [found for found in scored if not _is_poor(found[1])]
    if not scored:
        return _with_parts(heard[0][1], heard[0][0], heard)
    part, evidence, finding = max(sure or scored, key=lambda found: found[2].p_fake)
    limits = None if evidence.thresholds is None else evidence.thresholds.among(count)
    outcome, told = finding.outcome, evidence.limits
    if limits is not None and outcome is Outcome.FAKE:
        outcome = limits.outcome(finding.p_fake)
    if outcome is Outcome.REAL and any(_looks_synthetic(each) for _, each, _ in scored):
        outcome, told = Outcome.INCONCLUSIVE, (*told, _UNCLEARED)
    decided = evidence.model_copy(
        update={
            "finding": finding.model_copy(update={"outcome": outcome}),
            "thresholds": limits,
            "limits": told,
        }
    )
    return _with_parts(decided, part, heard)


def _is_poor(evidence: AudioEvidence) -> bool:
    codes = {limit.code for limit in evidence.limits}
    return not codes.isdisjoint({ReasonCode.LOW_QUALITY, ReasonCode.TOO_LITTLE_SPEECH})


def _looks_synthetic(evidence: AudioEvidence) -> bool:
    finding, limits = evidence.finding, evidence.thresholds
    return isinstance(finding, Scored) and limits is not None and finding.p_fake >= limits.fake


def _with_parts(
    decided: AudioEvidence, deciding: SoundPart, heard: Sequence[tuple[SoundPart, AudioEvidence]]
) -> AudioEvidence:
    parts = tuple(
        SoundFinding(
            part=part,
            finding=decided.finding if part == deciding else each.finding,
            total_s=each.coverage.total_s,
            speech_s=each.coverage.speech_s,
            decides=part == deciding,
        )
        for part, each in heard
    )
    return decided.model_copy(update={"parts": parts})
