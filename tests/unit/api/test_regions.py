"""A chosen stretch is a scope, and the planner examines exactly that."""

from __future__ import annotations

import pytest

from agents.analysis.planner import decide
from api.intake.regions import RegionRequest, scope_of
from core.types import MediaKind, Modality, PlanInputs, TimeRange

_PATHS = {
    "picture": (Modality.VISUAL,),
    "sound": (Modality.AUDIO,),
    "both": (Modality.VISUAL, Modality.AUDIO),
}


@pytest.mark.parametrize("subject", sorted(_PATHS))
def test_the_planner_examines_the_stretch_and_asks_no_model(subject: str) -> None:
    class Deaf:
        def complete(self, **_: object) -> object:
            raise AssertionError("a scope leaves nothing to ask")

    region = RegionRequest.model_validate({"start_s": 10.25, "end_s": 25.5, "subject": subject})
    inputs = PlanInputs(
        instruction="",
        scope=scope_of(region),
        media_kind=MediaKind.VIDEO,
        has_video=True,
        has_audio=True,
        duration_s=60.0,
    )
    plan = decide(inputs, Deaf()).plan  # type: ignore[arg-type]
    assert plan.paths == _PATHS[subject]
    assert plan.range_s == TimeRange(start_s=10.25, end_s=25.5)
    assert plan.decided_by.kind == "rules"
    assert plan.in_reserve is None, "what the region leaves out stays out"
