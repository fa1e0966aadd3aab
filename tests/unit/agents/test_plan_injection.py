"""Attacks by instruction, file name and metadata, with a model on the attacker's side: what they change, and reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from agents.analysis.planner import decide
from core.ports import Completion
from core.types import Modality, Outcome, PlanInputs
from tests.fixtures.ports import MemoryCaseFile, analysis, completion
from tests.fixtures.reports import media
from tests.unit.agents.plan_attacks import ATTACKS, HOSTILE
from tests.unit.agents.worker import ID, FakeWorker

BOTH = (Modality.VISUAL, Modality.AUDIO)
KNOWN_TASKS = {
    "prepare.media",
    "prepare.frames",
    "visual.detect",
    "audio.detect",
    "visual.recheck",
    "audio.recheck",
    "explain.visual",
    "explain.audio",
    "explain.fusion",
    "explain.report",
}


@dataclass
class Turncoat:
    """A model that obeys whoever wrote last: it wants as little examined as its schema lets it say."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def complete(self, *, schema: Any, **given: Any) -> Completion[Any]:
        self.asked.append(given)
        return completion(schema, {"asks": "examine", "subject": "sound", "effort": "quick"}, given, "turncoat")


class Guarded(MemoryCaseFile):
    """Notices whose analysis is looked at."""

    def analysis(self, analysis_id: str) -> Any:
        self.seen = {*getattr(self, "seen", set()), analysis_id}
        return super().analysis(analysis_id)


def inputs(instruction: str) -> PlanInputs:
    info = media()
    return PlanInputs(
        instruction=instruction, media_kind=info.kind, has_video=True, has_audio=True, duration_s=info.duration_s
    )


def test_there_are_many_attacks_and_all_differ() -> None:
    assert len(set(ATTACKS)) == len(ATTACKS) >= 60


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_instruction_gets_the_full_analysis_and_reaches_no_model(text: str) -> None:
    model = Turncoat()
    plan = decide(inputs(text), model).plan
    usual = decide(inputs(""), None).plan
    assert model.asked == []
    assert (plan.paths, plan.range_s, plan.frame_budget, plan.checks, plan.explanations) == (
        BOTH,
        None,
        usual.frame_budget,
        usual.checks,
        usual.explanations,
    )


@pytest.mark.parametrize("text", ATTACKS)
def test_whatever_a_model_is_made_to_say_stays_within_the_lists(text: str) -> None:
    model = Turncoat()
    plan = decide(inputs(text), model).plan
    assert set(plan.paths) <= set(BOTH)
    assert plan.paths
    assert plan.frame_budget + plan.further_frames <= 128
    for asked in model.asked:
        assert text not in asked["system"]
        marked = asked["user"].partition("<untrusted>")[2].rpartition("</untrusted>")[0]
        assert "<" not in marked, "nothing in the text closes the marks"


@pytest.mark.parametrize("text", ATTACKS)
def test_no_attack_turns_the_verdict_or_reads_what_is_not_its_own(text: str) -> None:
    """The same text as file name, metadata and, where it narrows nothing, instruction."""
    model = Turncoat()
    info = media().model_copy(update={"container": text, "video_codec": text, "audio_codec": text})
    worker = FakeWorker(info=info, llm=model, case=Guarded(), instruction=text if text in HOSTILE else "")
    worker.case.analyses["an_2"] = analysis("an_2")
    worker.case._set(ID, file_name=f"{text}.mp4"[:255])
    worker.run()
    report = worker.case.report(ID)
    assert report is not None
    assert report.verdict.outcome is Outcome.FAKE
    assert report.headline.verdict == "Fake"
    assert report.plan.paths == BOTH
    assert model.asked == [], "file names and metadata are nobody's question"
    assert worker.case.seen == {ID}  # type: ignore[attr-defined]
    assert {task for _, task in worker.tasks()} <= KNOWN_TASKS
    assert {job.spec.analysis_id for job in worker.ledger.jobs.values()} == {ID}


@pytest.mark.parametrize("instruction", ["", "only check the voice", "check faces and voice between 0:10 and 0:20"])
def test_without_words_that_need_one_no_model_is_on_the_way_to_the_verdict(instruction: str) -> None:
    model = Turncoat()
    worker = FakeWorker(llm=model, instruction=instruction)
    worker.run()
    assert worker.case.report(ID) is not None
    assert model.asked == []
