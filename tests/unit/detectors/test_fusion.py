"""The arithmetic of the verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import (
    AudioCoverage,
    AudioEvidence,
    DetectorRef,
    Evidence,
    Finding,
    Modality,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Unscored,
    VisualCoverage,
    VisualEvidence,
)
from detectors.fusion import (
    THRESHOLDS,
    FusionInputs,
    ModalityInput,
    factors,
    fuse,
    fuse_values,
    fusion_inputs,
    weigh,
)

unit = st.floats(0.0, 1.0)
modality_inputs = st.builds(ModalityInput, p_fake=unit, quality=unit, coverage=unit)
inputs_of_both = st.fixed_dictionaries({Modality.VISUAL: modality_inputs, Modality.AUDIO: modality_inputs})
own_outcome = st.sampled_from(Outcome)


def scored(p_fake: float, outcome: Outcome) -> Scored:
    return Scored(p_fake=p_fake, calibration_version="test", uncalibrated=0.0, outcome=outcome)


def visual(finding: Finding, frames: int = 32, quality: float = 0.9, limits: tuple[Reason, ...] = ()) -> VisualEvidence:
    return VisualEvidence(
        detector=DetectorRef(name="visual", version="1"),
        finding=finding,
        coverage=VisualCoverage(frames_sampled=32, frames_with_face=frames, faces_scored=frames),
        quality=quality,
        limits=limits,
    )


def audio(finding: Finding, speech_s: float = 9.0) -> AudioEvidence:
    return AudioEvidence(
        detector=DetectorRef(name="audio", version="1"),
        finding=finding,
        coverage=AudioCoverage(total_s=10.0, speech_s=speech_s),
    )


def unscored(code: ReasonCode) -> Unscored:
    return Unscored(reason=Reason(code=code, message="Not scored."))


@given(inputs=inputs_of_both, which=st.sampled_from(Modality), raised=unit)
def test_raising_a_score_never_lowers_the_fused_one(inputs: FusionInputs, which: Modality, raised: float) -> None:
    before = inputs[which]
    higher = ModalityInput(max(before.p_fake, raised), before.quality, before.coverage)
    assert fuse({**inputs, which: higher}) >= fuse(inputs) - 1e-12


@given(inputs=inputs_of_both)
def test_the_fused_score_lies_between_the_scores(inputs: FusionInputs) -> None:
    scores = [given.p_fake for given in inputs.values()]
    assert min(scores) - 1e-12 <= fuse(inputs) <= max(scores) + 1e-12


@given(only=modality_inputs, which=st.sampled_from(Modality))
def test_one_modality_alone_keeps_its_score(only: ModalityInput, which: Modality) -> None:
    assert fuse({which: only}) == pytest.approx(only.p_fake)


def test_an_honest_voice_does_not_wash_out_a_swapped_face() -> None:
    mixed = fuse({Modality.VISUAL: ModalityInput(0.95), Modality.AUDIO: ModalityInput(0.05)})
    assert mixed > 0.85
    assert mixed > (0.95 + 0.05) / 2


def test_thin_evidence_weighs_less() -> None:
    def fused(coverage: float) -> float:
        return fuse({Modality.VISUAL: ModalityInput(0.8, coverage=coverage), Modality.AUDIO: ModalityInput(0.2)})

    assert fused(0.1) < fused(0.5) < fused(1.0)


def test_nothing_to_fuse_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fuse({})


@given(inputs=inputs_of_both)
def test_factors_are_the_inputs_of_fuse(inputs: FusionInputs) -> None:
    values = [factor.observed for factor in factors(inputs)]
    assert fuse_values(inputs, values) == fuse(inputs)


def test_neutral_factors_speak_for_neither_side() -> None:
    found = factors(fusion_inputs([visual(scored(0.9, Outcome.FAKE)), audio(scored(0.2, Outcome.REAL))]))
    assert [factor.name for factor in found][::3] == ["audio.p_fake", "visual.p_fake"]
    assert fuse_values(Modality, [factor.neutral for factor in found]) == pytest.approx(0.5)


@given(
    p_visual=unit, p_audio=unit, of_visual=own_outcome, of_audio=own_outcome, frames=st.integers(1, 32), quality=unit
)
def test_a_verdict_needs_a_modality_that_says_so_itself(
    p_visual: float, p_audio: float, of_visual: Outcome, of_audio: Outcome, frames: int, quality: float
) -> None:
    verdict = weigh([visual(scored(p_visual, of_visual), frames, quality), audio(scored(p_audio, of_audio))])
    assert verdict.p_fake is not None
    assert sum(part.weight * part.p_fake for part in verdict.contributions) == pytest.approx(verdict.p_fake)
    assert sum(part.weight for part in verdict.contributions) == pytest.approx(1.0)
    if verdict.outcome is Outcome.FAKE:
        assert Outcome.FAKE in (of_visual, of_audio)
        assert verdict.p_fake >= THRESHOLDS.fake
    if verdict.outcome is Outcome.REAL:
        assert Outcome.REAL in (of_visual, of_audio)
        assert Outcome.FAKE not in (of_visual, of_audio)
        assert verdict.p_fake <= THRESHOLDS.real
    if verdict.outcome is Outcome.INCONCLUSIVE:
        assert verdict.reasons


def test_one_confident_modality_decides() -> None:
    verdict = weigh([visual(scored(0.95, Outcome.FAKE)), audio(scored(0.05, Outcome.REAL))])
    assert verdict.outcome is Outcome.FAKE
    assert verdict.reasons == ()


def test_disagreement_without_a_strong_side_is_inconclusive() -> None:
    verdict = weigh([visual(scored(0.62, Outcome.FAKE)), audio(scored(0.05, Outcome.REAL))])
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.MODALITIES_DISAGREE]


@pytest.mark.parametrize(
    ("p_fake", "code"), [(0.85, "no_part_decisive"), (0.5, "score_between_thresholds"), (0.3, "no_part_decisive")]
)
def test_a_score_beyond_the_thresholds_that_no_part_confirms_says_so(p_fake: float, code: str) -> None:
    verdict = weigh([visual(scored(p_fake, Outcome.INCONCLUSIVE))])
    assert (verdict.outcome, [reason.code for reason in verdict.reasons]) == (Outcome.INCONCLUSIVE, [code])


def test_an_abstention_repeats_the_limits_of_the_evidence() -> None:
    blurred = Reason(code=ReasonCode.LOW_QUALITY, message="The faces are small or blurred.")
    verdict = weigh([visual(scored(0.5, Outcome.INCONCLUSIVE), quality=0.1, limits=(blurred,))])
    assert [reason.code for reason in verdict.reasons] == [
        ReasonCode.SCORE_BETWEEN_THRESHOLDS,
        ReasonCode.LOW_QUALITY,
    ]


def test_an_honest_voice_does_not_clear_faces_that_could_not_be_judged() -> None:
    strange = Reason(code=ReasonCode.UNFAMILIAR, message="The faces are drawn.")
    heard = audio(scored(0.05, Outcome.REAL))
    verdict = weigh([visual(scored(0.1, Outcome.INCONCLUSIVE), limits=(strange,)), heard])
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.NO_PART_DECISIVE, ReasonCode.UNFAMILIAR]
    assert weigh([visual(scored(0.1, Outcome.INCONCLUSIVE)), heard]).outcome is Outcome.REAL


def test_an_honest_voice_does_not_clear_a_face_that_leans_towards_manipulation() -> None:
    heard = audio(scored(0.05, Outcome.REAL))
    verdict = weigh([visual(scored(0.55, Outcome.INCONCLUSIVE)), heard])
    assert verdict.p_fake is not None
    assert verdict.p_fake <= THRESHOLDS.real
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert [reason.code for reason in verdict.reasons] == [ReasonCode.NO_PART_DECISIVE]
    assert weigh([visual(scored(0.45, Outcome.INCONCLUSIVE)), heard]).outcome is Outcome.REAL


@pytest.mark.parametrize("p_fake", [0.02, 0.3])
def test_a_video_without_sound_is_judged_by_its_picture(p_fake: float) -> None:
    evidence: list[Evidence] = [
        visual(scored(p_fake, Outcome.REAL)),
        audio(unscored(ReasonCode.NO_AUDIO_STREAM), speech_s=0),
    ]
    verdict = weigh(evidence)
    assert verdict.outcome is Outcome.REAL
    assert verdict.p_fake == pytest.approx(p_fake)
    assert [part.modality for part in verdict.contributions] == [Modality.VISUAL]


def test_nothing_scored_has_no_score_and_says_why() -> None:
    verdict = weigh([visual(unscored(ReasonCode.NO_FACE), frames=0), audio(unscored(ReasonCode.NO_SPEECH), speech_s=0)])
    assert verdict.p_fake is None
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert [reason.code for reason in verdict.reasons] == [
        ReasonCode.NOTHING_EXAMINED,
        ReasonCode.NO_FACE,
        ReasonCode.NO_SPEECH,
    ]


def test_no_evidence_at_all_is_nothing_examined() -> None:
    assert [reason.code for reason in weigh([]).reasons] == [ReasonCode.NOTHING_EXAMINED]
