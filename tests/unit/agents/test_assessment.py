"""When the evidence is enough, when the plan's other frames follow, and when further ones are bought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.analysis.assessment import Assessment, assess
from agents.analysis.planner import decide
from agents.analysis.replay import replay
from agents.analysis.reserve import widen
from core.types import (
    Evidence,
    Modality,
    Outcome,
    Plan,
    PlanInputs,
    ReasonCode,
    VisualCoverage,
    VisualEvidence,
)
from detectors.fusion import weigh
from tests.fixtures.reports import faces, media, track, voice, without

FAKE = faces(0.95, (track(1, 10, 25, 0.95),))
OPEN = faces(0.5, (track(1, 10, 25, 0.5),))
NEARLY = faces(0.6, (track(1, 10, 25, 0.6),))
STANDS_OUT = faces(0.5, (track(1, 0, 60, 0.5), track(2, 10, 25, 0.95)))


def plan_of(instruction: str = "") -> Plan:
    info = media()
    inputs = PlanInputs(
        instruction=instruction,
        media_kind=info.kind,
        has_video=info.has_video,
        has_audio=info.has_audio,
        duration_s=info.duration_s,
    )
    return decide(inputs, None).plan


def assessed(*evidence: Evidence, looked: int, added: int = 0, instruction: str = "") -> Assessment:
    return assess(media(), plan_of(instruction), evidence, weigh(evidence), looked=looked, added=added)


def covering(evidence: VisualEvidence, sampled: int, with_face: int) -> VisualEvidence:
    coverage = VisualCoverage(frames_sampled=sampled, frames_with_face=with_face, faces_scored=with_face)
    return evidence.model_copy(update={"coverage": coverage})


def test_a_clear_first_look_is_enough() -> None:
    found = assessed(covering(FAKE, 16, 15), voice(0.9), looked=16)
    assert found.again is None
    assert "clear after 16 frames" in found.why


@pytest.mark.parametrize(
    "evidence",
    [
        (covering(NEARLY, 16, 16),),
        (covering(OPEN, 16, 5),),
        (covering(STANDS_OUT, 16, 16),),
        (covering(OPEN, 16, 16), voice(0.05)),
        (covering(FAKE, 16, 5),),
        (covering(FAKE, 16, 16), voice(0.05)),
    ],
    ids=["nearly", "open and thin", "one of two faces", "voice that could outweigh it", "thin", "contradicted"],
)
def test_an_unclear_first_look_is_followed_by_the_rest_and_buys_nothing_yet(evidence: tuple[Evidence, ...]) -> None:
    found = assessed(*evidence, looked=16)
    assert (found.budget, found.is_denser) == (16, False)


@pytest.mark.parametrize(
    "evidence", [(), (voice(0.5),), (voice(0.97),)], ids=["alone", "open voice", "synthetic voice"]
)
def test_faces_that_lie_far_between_their_limits_need_no_further_frames(evidence: tuple[Evidence, ...]) -> None:
    assert assessed(covering(OPEN, 16, 16), *evidence, looked=16).again is None


def test_unremarkable_faces_far_apart_are_not_believed_early() -> None:
    real = faces(0.01, (track(1, 0, 60, 0.01),))
    assert assessed(covering(real, 16, 16), looked=16).again is not None


def test_what_stands_out_in_a_short_recording_is_sampled_more_densely_once() -> None:
    first = assessed(covering(STANDS_OUT, 32, 32), looked=32)
    assert (first.is_denser, first.budget) == (True, 16)
    assert first.again is not None
    assert (first.again.start_s, first.again.end_s) != (0.0, 60.0)
    assert assessed(covering(STANDS_OUT, 48, 48), looked=32, added=16).again is None


def test_faces_that_leave_it_open_throughout_a_short_recording_get_no_further_frames() -> None:
    found = assessed(covering(OPEN, 32, 32), looked=32)
    assert found.again is None
    assert "No other stretch stands out" in found.why
    near = faces(0.6, (track(1, 10, 25, 0.6),))
    assert assessed(covering(near, 32, 32), looked=32).budget == 16
    assert assessed(covering(OPEN, 64, 64), looked=64, instruction="thoroughly please").budget == 32


def test_a_long_recording_that_stays_open_is_sampled_more_densely_in_two_goes() -> None:
    info = media().model_copy(update={"duration_s": 600.0})
    evidence = (covering(OPEN, 60, 60),)
    goes = [assess(info, plan_of(), evidence, weigh(evidence), looked=32, added=added).budget for added in (0, 16, 32)]
    assert goes == [16, 16, 0]


def test_a_face_that_shows_for_a_moment_between_frames_far_apart_is_looked_at_closely() -> None:
    brief = track(2, 30, 31, 0.99).model_copy(update={"decides": False})
    found = assessed(covering(faces(0.01, (track(1, 0, 60, 0.01), brief)), 24, 24), looked=32)
    assert found.is_denser
    assert found.again is not None
    assert 20 < found.again.start_s < 30 < 31 < found.again.end_s < 40


@pytest.mark.parametrize(("duration_s", "is_looked_at"), [(60.0, False), (600.0, True)])
def test_in_a_long_recording_a_frame_below_the_raised_limit_is_worth_a_look(
    duration_s: float, *, is_looked_at: bool
) -> None:
    quiet = track(1, 0, 60, 0.05)
    frame = quiet.frames[0].model_copy(update={"p_fake": 0.8, "quality": 1.0})
    raised = quiet.model_copy(update={"frames": (frame, *quiet.frames[1:])})
    evidence = covering(faces(0.05, (raised,)), 24, 24)
    limits = evidence.thresholds.model_copy(update={"fake": 0.95}) if evidence.thresholds else None
    long = media().model_copy(update={"duration_s": duration_s})
    given = [evidence.model_copy(update={"thresholds": limits})]
    found = assess(long, plan_of(), given, weigh(given), looked=32, added=0)
    assert found.is_denser is is_looked_at


def test_where_hardly_a_frame_shows_a_face_more_are_taken_around_it() -> None:
    found = assessed(covering(faces(0.95, (track(1, 40, 44, 0.95, frames=2),)), 32, 1), looked=32)
    assert (found.is_denser, found.budget) == (True, 16)
    assert found.again is not None
    assert 36 < found.again.start_s < 40 < 42 < found.again.end_s < 48


def test_a_quick_plan_never_buys_frames() -> None:
    found = assessed(covering(OPEN, 8, 8), looked=8, instruction="quick look at the faces")
    assert found.again is None
    assert "spent" in found.why


@given(st.floats(0, 1), st.integers(0, 64), st.integers(0, 32), st.integers(0, 32))
def test_no_assessment_spends_more_than_the_plan_allows(p_fake: float, sampled: int, looked: int, added: int) -> None:
    evidence = covering(faces(p_fake, (track(1, 10, 25, p_fake),)), sampled, sampled)
    found, plan = assessed(evidence, looked=looked, added=added), plan_of()
    spent = looked + added + found.budget
    assert spent <= plan.frame_budget + plan.further_frames
    assert (found.again is None) == (found.budget == 0)


OPEN_VOICE = voice(0.5)


def test_what_was_not_excluded_is_examined_too_if_what_was_asked_for_settles_nothing() -> None:
    plan = plan_of("is the voice cloned?")
    assert (plan.paths, plan.in_reserve, plan.reserve_frames) == ((Modality.AUDIO,), Modality.VISUAL, 32)
    wider = widen(plan, (OPEN_VOICE,))
    assert wider is not None
    assert wider.widened is not None
    assert (wider.paths, wider.frame_budget, wider.further_frames) == ((Modality.VISUAL, Modality.AUDIO), 32, 0)
    assert wider.masked == ()
    assert wider.why.endswith("The sound alone leaves it open, so the picture is examined too.")
    assert widen(wider, (OPEN_VOICE,)) is None, "once"


@pytest.mark.parametrize("instruction", ["only the voice", "check the voice, not the face", "the voice quickly", ""])
def test_what_was_excluded_or_costs_what_nobody_has_stays_out(instruction: str) -> None:
    plan = plan_of(instruction)
    assert plan.in_reserve is None
    assert widen(plan, (OPEN_VOICE,)) is None


def test_what_settles_it_is_enough() -> None:
    assert widen(plan_of("is the voice cloned?"), (voice(0.9),)) is None
    assert widen(plan_of("is the voice cloned?"), (voice(0.05),)) is None


def test_faces_that_are_few_or_none_have_the_voice_examined_too() -> None:
    plan = plan_of("is the face swapped?")
    few, none = covering(FAKE, 32, 3), without(Modality.VISUAL, ReasonCode.NO_FACE, "No face was found.")
    for evidence, said in ((few, "rests on little"), (none, "could not be scored")):
        wider = widen(plan, (evidence,))
        assert wider is not None
        assert wider.paths == (Modality.VISUAL, Modality.AUDIO)
        assert wider.frame_budget == plan.frame_budget
        assert said in wider.why


def test_a_widened_plan_is_made_again_on_what_it_was_made_on() -> None:
    wider = widen(plan_of("is the voice cloned?"), (OPEN_VOICE,))
    assert wider is not None
    assert replay(wider, None).same
    assert wider.widened is not None
    other = wider.model_copy(update={"widened": wider.widened.model_copy(update={"outcome": Outcome.FAKE})})
    assert set(replay(other, None).differs) >= {"paths", "widened"}
