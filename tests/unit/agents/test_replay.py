"""A stored decision comes out the same when nothing changed, and what changed is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.analysis.planner import decide
from agents.analysis.replay import replay
from core.errors import Defect
from core.types import MediaKind, Modality, Plan, PlanInputs
from store.versions import plan_today
from tests.unit.agents.test_planner import Scripted, plan

SOUND = {"asks": "examine", "subject": "sound", "effort": "usual"}
PICTURE = {"asks": "examine", "subject": "picture", "effort": "usual"}
FIRST = json.loads((Path(__file__).parents[2] / "fixtures" / "versions" / "report-v1.json").read_text())["plan"]


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.sampled_from(MediaKind), st.booleans(), st.booleans(), st.floats(0, 7200))
def test_what_the_rules_decided_comes_out_the_same(
    instruction: str, kind: MediaKind, has_video: bool, has_audio: bool, duration_s: float
) -> None:
    inputs = PlanInputs(
        instruction=instruction, media_kind=kind, has_video=has_video, has_audio=has_audio, duration_s=duration_s
    )
    stored = Plan.model_validate_json(decide(inputs, None).plan.model_dump_json())
    found = replay(stored, None)
    assert (found.same, found.differs, found.asked) == (True, (), "no_model")


def test_a_models_part_is_replayed_with_its_stored_answer_and_nobody_is_asked() -> None:
    stored = plan("does it ring a bell", llm=Scripted([SOUND])).plan
    assert stored.decided_by.answer == SOUND
    other = Scripted([PICTURE])
    found = replay(stored, other)
    assert (found.same, found.asked, found.calls, other.asked) == (True, "stored_answer", (), [])


def test_a_decision_under_an_older_prompt_asks_again_and_tells_what_differs() -> None:
    made = plan("does it ring a bell", llm=Scripted([SOUND])).plan
    older = made.model_copy(update={"decided_by": made.decided_by.model_copy(update={"prompt_version": 1})})
    found = replay(older, Scripted([PICTURE]))
    assert (found.same, found.asked) == (False, "model")
    assert {"paths", "decided_by", "frame_budget"} <= set(found.differs)
    assert found.again.paths == (Modality.VISUAL,)
    assert len(found.calls) == 1


def test_a_tampered_plan_is_found_out() -> None:
    stored = plan("only check the voice").plan
    found = replay(stored.model_copy(update={"paths": (Modality.VISUAL,)}), None)
    assert (found.same, found.differs) == (False, ("paths",))


def test_a_plan_of_version_1_is_read_today() -> None:
    assert FIRST["schema_version"] == 1
    read = Plan.model_validate(plan_today(FIRST))
    assert read.paths == tuple(Modality(path) for path in FIRST["paths"])
    assert read.further_frames == 32
    assert {kind.value for kind in read.explanations} == {"faces", "voice", "verdict"}
    assert plan_today(json.loads(read.model_dump_json())) == json.loads(read.model_dump_json())
    with pytest.raises(Defect):
        plan_today({**FIRST, "schema_version": 3})


@pytest.mark.parametrize("words", ["just the verdict", "no heatmaps please", "ohne Heatmaps", "solo el veredicto"])
def test_explanations_that_are_not_wanted_are_not_planned(words: str) -> None:
    assert plan(words).plan.explanations == ()
    assert plan("check the faces").plan.explanations != ()


def test_a_plan_in_a_hurry_adds_no_frames_and_checks_nothing_twice() -> None:
    assert (plan("quick look").plan.further_frames, plan("quick look").plan.checks) == (0, ())
    assert plan("thoroughly please").plan.further_frames > plan("").plan.further_frames > 0
