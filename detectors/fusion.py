"""The verdict: plain arithmetic over calibrated scores. No model takes part.

Rule. Write a_i = CEILING - p_i for how authentic modality i looks. The fused authenticity is the weighted harmonic mean
of the a_i, with weight w_i = reliability x quality x coverage:

    CEILING - p  =  sum(w_i) / sum(w_i / a_i)

This is a weighted average of the p_i whose weights w_i / a_i grow as a modality looks less authentic. A swapped face
with an honest voice is a manipulated video, and the voice does not wash that out; two equal scores give that score;
raising any score never lowers the result; and the result lies between the smallest and the largest score.

A video is called fake only when, besides, some modality is fake by its own conformal threshold, and real only when some
modality is real by its own and none is fake, nor are there faces that could not be judged. Everything else is
inconclusive, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.types import (
    AudioEvidence,
    Contribution,
    Evidence,
    Modality,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Thresholds,
    Unscored,
    Verdict,
    VisualEvidence,
)

FUSION_VERSION: Final = "harmonic-4"
"""Changes with the rule, the constants below or the thresholds."""
THRESHOLDS: Final = Thresholds(version=FUSION_VERSION, real=0.4, fake=0.6)

CEILING: Final = 1.05
"""Just above 1: bounds how far a modality that is sure of a manipulation outweighs another, 21 : 1 at equal weights."""
RELIABILITY: Final[Mapping[Modality, float]] = {Modality.VISUAL: 0.55, Modality.AUDIO: 0.66}
"""How far each detector is trusted beside the other: 2 AUC - 1 on files of sources that it never saw. AUC 0.78 for
faces as filed (`docs/evaluation/faces-by-source.md`), 0.83 for voices (`docs/evaluation/voices-by-family.md`)."""
FULL_FACE_FRAMES: Final = 8
"""Frames with a face from which the picture counts as fully covered."""
FULL_SPEECH_S: Final = 6.0
"""Seconds of speech from which the sound counts as fully covered: two windows."""
LEAST_SHARE: Final = 0.05
"""Quality and coverage count at least this much: what was scored always has some say."""
NEUTRAL_P_FAKE: Final = 0.5
"""The score that speaks for neither side: where an attribution starts from."""

_STATED_LIMITS: Final = (
    ReasonCode.LOW_QUALITY,
    ReasonCode.UNFAMILIAR,
    ReasonCode.TOO_FEW_FACE_FRAMES,
    ReasonCode.TOO_LITTLE_SPEECH,
    ReasonCode.STREAM_TRUNCATED,
    ReasonCode.STREAM_DAMAGED,
)


@dataclass(frozen=True, slots=True)
class ModalityInput:
    """What fusion takes from one scored modality; all in [0, 1]."""

    p_fake: float
    quality: float = 1.0
    coverage: float = 1.0


@dataclass(frozen=True, slots=True)
class Factor:
    """One number that moves the verdict: its name, its value here, and the value that speaks for neither side."""

    name: str
    observed: float
    neutral: float


FusionInputs = Mapping[Modality, ModalityInput]
"""One entry for every modality that was scored."""


def fusion_inputs(evidence: Sequence[Evidence]) -> FusionInputs:
    """The inputs of the verdict; unscored modalities are absent."""
    return {
        item.modality: ModalityInput(item.finding.p_fake, _quality(item), _coverage(item))
        for item in evidence
        if isinstance(item.finding, Scored)
    }


def fuse(inputs: FusionInputs) -> float:
    """The fused p_fake by the rule of this module.

    Raises: ValueError when there is nothing to fuse.
    """
    return sum(share * inputs[modality].p_fake for modality, share in _shares(inputs).items())


def factors(inputs: FusionInputs) -> tuple[Factor, ...]:
    """Every number that took part, in the order that `fuse_values` takes them: what an attribution is made over."""
    return tuple(
        Factor(f"{modality}.{name}", observed, neutral)
        for modality, given in sorted(inputs.items())
        for name, observed, neutral in (
            ("p_fake", given.p_fake, NEUTRAL_P_FAKE),
            ("quality", given.quality, 1.0),
            ("coverage", given.coverage, 1.0),
        )
    )


def fuse_values(modalities: Iterable[Modality], values: Sequence[float]) -> float:
    """`fuse` over bare numbers, three for each modality, in the order of `factors`."""
    triples = zip(values[::3], values[1::3], values[2::3], strict=True)
    return fuse(
        {modality: ModalityInput(*triple) for modality, triple in zip(sorted(modalities), triples, strict=True)}
    )


def weigh(evidence: Sequence[Evidence]) -> Verdict:
    """What the evidence supports: fake, real (no evidence of manipulation found), or inconclusive with reasons."""
    inputs = fusion_inputs(evidence)
    if not inputs:
        return Verdict(
            outcome=Outcome.INCONCLUSIVE,
            p_fake=None,
            thresholds=THRESHOLDS,
            reasons=(
                Reason(code=ReasonCode.NOTHING_EXAMINED, message="Nothing in this file could be examined."),
                *(item.finding.reason for item in evidence if isinstance(item.finding, Unscored)),
            ),
        )
    p_fake = min(1.0, max(0.0, fuse(inputs)))
    own = {item.finding.outcome for item in evidence if isinstance(item.finding, Scored)}
    outcome = _outcome(p_fake, own)
    if outcome is Outcome.REAL and any(map(_is_left_open, evidence)):
        outcome = Outcome.INCONCLUSIVE
    return Verdict(
        outcome=outcome,
        p_fake=p_fake,
        contributions=tuple(
            Contribution(modality=modality, p_fake=inputs[modality].p_fake, weight=share)
            for modality, share in _shares(inputs).items()
        ),
        thresholds=THRESHOLDS,
        reasons=_abstention(p_fake, own, evidence) if outcome is Outcome.INCONCLUSIVE else (),
    )


def _shares(inputs: FusionInputs) -> dict[Modality, float]:
    """Normalised weights; the fused score is the average of the scores under them."""
    if not inputs:
        raise ValueError("nothing to fuse")
    raw = {
        modality: RELIABILITY[modality]
        * max(LEAST_SHARE, given.quality)
        * max(LEAST_SHARE, given.coverage)
        / (CEILING - given.p_fake)
        for modality, given in sorted(inputs.items())
    }
    total = sum(raw.values())
    return {modality: weight / total for modality, weight in raw.items()}


def _outcome(p_fake: float, own: set[Outcome]) -> Outcome:
    if Outcome.FAKE in own:
        return Outcome.FAKE if p_fake >= THRESHOLDS.fake else Outcome.INCONCLUSIVE
    if Outcome.REAL in own and p_fake <= THRESHOLDS.real:
        return Outcome.REAL
    return Outcome.INCONCLUSIVE


def _is_left_open(evidence: Evidence) -> bool:
    """A part that is more likely manipulated than not, or faces that could not be judged: another part that shows
    nothing says nothing of them."""
    finding = evidence.finding
    if not isinstance(finding, Scored) or finding.outcome is not Outcome.INCONCLUSIVE:
        return False
    codes = {limit.code for limit in evidence.limits}
    is_unjudged = isinstance(evidence, VisualEvidence) and not codes.isdisjoint(
        {ReasonCode.LOW_QUALITY, ReasonCode.UNFAMILIAR}
    )
    return is_unjudged or finding.p_fake > NEUTRAL_P_FAKE


def _abstention(p_fake: float, own: set[Outcome], evidence: Sequence[Evidence]) -> tuple[Reason, ...]:
    if {Outcome.FAKE, Outcome.REAL} <= own:
        why = Reason(
            code=ReasonCode.MODALITIES_DISAGREE,
            message="Picture and sound point in opposite directions, and neither strongly enough to decide.",
        )
    elif p_fake <= THRESHOLDS.real and Outcome.REAL in own:
        why = Reason(
            code=ReasonCode.NO_PART_DECISIVE,
            message="One part shows no sign of manipulation, but another leans towards it or could not be judged.",
        )
    elif not THRESHOLDS.real < p_fake < THRESHOLDS.fake:
        why = Reason(code=ReasonCode.NO_PART_DECISIVE, message="No part is clear enough by itself.")
    else:
        why = Reason(
            code=ReasonCode.SCORE_BETWEEN_THRESHOLDS,
            message="The score lies between the two limits.",
        )
    limits = [limit for item in evidence for limit in item.limits if limit.code in _STATED_LIMITS]
    return (why, *dict.fromkeys(limits))


def _quality(evidence: VisualEvidence | AudioEvidence) -> float:
    return evidence.quality if isinstance(evidence, VisualEvidence) and evidence.quality is not None else 1.0


def _coverage(evidence: VisualEvidence | AudioEvidence) -> float:
    if isinstance(evidence, VisualEvidence):
        return min(1.0, evidence.coverage.frames_with_face / FULL_FACE_FRAMES)
    return min(1.0, evidence.coverage.speech_s / FULL_SPEECH_S)
