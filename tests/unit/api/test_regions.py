"""A chosen stretch is put into words that the planner's rules read back exactly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.analysis.planner import decide
from api.intake.regions import RegionRequest, instruction_of
from core.types import MediaKind, Modality, PlanInputs

_PATHS = {
    "picture": (Modality.VISUAL,),
    "sound": (Modality.AUDIO,),
    "both": (Modality.VISUAL, Modality.AUDIO),
}


@given(
    st.integers(0, 359_900).map(lambda hundredths: hundredths / 100),
    st.integers(50, 60_000).map(lambda hundredths: hundredths / 100),
    st.sampled_from(sorted(_PATHS)),
)
@settings(deadline=None)
def test_the_planner_reads_the_stretch_back(start_s: float, length_s: float, subject: str) -> None:
    region = RegionRequest.model_validate({"start_s": start_s, "end_s": start_s + length_s, "subject": subject})
    inputs = PlanInputs(
        instruction=instruction_of(region),
        media_kind=MediaKind.VIDEO,
        has_video=True,
        has_audio=True,
        duration_s=7200.0,
    )
    plan = decide(inputs, None).plan
    assert plan.paths == _PATHS[subject]
    assert plan.range_s is not None
    assert plan.range_s.start_s == pytest.approx(start_s, abs=0.006)
    assert plan.range_s.end_s == pytest.approx(start_s + length_s, abs=0.006)
    assert plan.decided_by.kind == "rules", "no language model is needed to read it"


@pytest.mark.parametrize("subject", sorted(_PATHS))
def test_no_model_is_asked_about_it(subject: str) -> None:
    class Deaf:
        def complete(self, **_: object) -> object:
            raise AssertionError("the rules are clear enough")

    region = RegionRequest.model_validate({"start_s": 10, "end_s": 25.5, "subject": subject})
    inputs = PlanInputs(
        instruction=instruction_of(region),
        media_kind=MediaKind.VIDEO,
        has_video=True,
        has_audio=True,
        duration_s=60.0,
    )
    assert decide(inputs, Deaf()).plan.paths == _PATHS[subject]  # type: ignore[arg-type]
