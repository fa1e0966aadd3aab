"""The course of an analysis: which waves it takes, what it leaves behind, and that it survives being run twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from agents.analysis.graph import advance
from agents.language.deadline import seconds_left
from agents.report.facts import Fact
from agents.report.writer import Draft, TemplateWriter
from core.jobs import SAMPLE_FRAMES
from core.ports import Completion
from core.types import (
    AnalysisStatus,
    Evidence,
    LlmCall,
    MediaKind,
    Modality,
    Outcome,
    Provenance,
    ReasonCode,
    Stage,
    TimeRange,
    VisualCoverage,
    VisualEvidence,
)
from tests.fixtures.reports import faces, media, track, voice, without
from tests.unit.agents.worker import ID, FakeWorker, clear_evidence


def test_a_clear_video_takes_three_waves_and_finishes_with_a_report() -> None:
    worker = FakeWorker()
    worker.run()
    assert worker.tasks() == [
        (0, "prepare.media"),
        (2, "visual.detect"),
        (2, "audio.detect"),
        (4, "explain.visual"),
        (4, "visual.recheck"),
        (4, "explain.audio"),
        (4, "audio.recheck"),
        (4, "explain.fusion"),
        (6, "explain.report"),
    ]
    examined = worker.ledger.jobs[f"{ID}:2:visual.detect"].spec.payload["frame_indexes"]
    assert examined == list(range(0, 32, 2)), "half of the frames settled it"
    report = worker.case.report(ID)
    assert report is not None
    assert report.verdict.outcome is Outcome.FAKE
    assert report.headline.verdict == "Fake"
    assert report.headline.xai_summary == (
        "The face looks manipulated from 00:10 to 00:25; the voice sounds synthetic from 12.0 to 21.0 s"
    )
    assert report.plan.decided_by.rule == "no_instruction"
    assert all(sentence.provenance is Provenance.TEMPLATE for sentence in report.narrative.sentences)
    assert worker.case.analysis(ID).status is AnalysisStatus.FINISHED
    assert [kind for kind in worker.events.kinds() if kind != "stage"] == [
        "plan",
        "evidence",
        "evidence",
        "verdict",
        "narrative",
        "finished",
    ]


def test_the_verdict_is_announced_before_any_map_is_made() -> None:
    worker = FakeWorker()
    advance(worker.graph, ID, 1)
    worker.work(2)
    advance(worker.graph, ID, 3)
    assert worker.case.analysis(ID).verdict is not None
    assert "verdict" in worker.events.kinds()
    assert {task for wave, task in worker.tasks() if wave == 4} == {
        "explain.visual",
        "explain.audio",
        "explain.fusion",
        "visual.recheck",
        "audio.recheck",
    }


def test_a_wave_that_was_passed_changes_nothing() -> None:
    worker = FakeWorker()
    advance(worker.graph, ID, 1)
    worker.work(2)
    advance(worker.graph, ID, 3)
    before, told = dict(worker.ledger.jobs), len(worker.events.told)
    advance(worker.graph, ID, 1)
    advance(worker.graph, ID, 3)
    assert worker.ledger.jobs == before
    assert len(worker.events.told) == told


def test_after_the_end_every_message_is_ignored() -> None:
    worker = FakeWorker()
    worker.run()
    told = len(worker.events.told)
    for wave in (1, 3, 5, 7, 9):
        advance(worker.graph, ID, wave)
    assert len(worker.case.reports[ID]) == 1
    assert len(worker.events.told) == told


@pytest.mark.parametrize("step", ["plan", "dispatch", "weigh", "dispatch_explanations", "check", "finish"])
def test_a_crash_in_any_step_is_taken_up_again_and_finishes_once(step: str) -> None:
    worker = FakeWorker()
    crashes = iter([True])
    real = getattr(worker.graph.steps, step)

    def dies_after_its_work(state: object) -> object:
        result = real(state)
        if next(crashes, False):
            raise KeyboardInterrupt
        return result

    worker.graph.compiled.nodes[step].bound.func = dies_after_its_work  # type: ignore[attr-defined]
    wave = 1
    while worker.case.report(ID) is None or wave < 9:
        try:
            advance(worker.graph, ID, wave)
        except KeyboardInterrupt:
            worker.rebuild()
            continue
        worker.work(wave + 1)
        wave += 2
    assert len(worker.case.reports[ID]) == 1
    assert worker.events.kinds().count("finished") == 1
    assert worker.events.kinds().count("verdict") == 1
    assert len(worker.tasks()) == 9


def test_a_worker_that_dies_before_it_sends_sends_when_it_is_run_again() -> None:
    worker = FakeWorker()
    worker.queue.on_send = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        advance(worker.graph, ID, 1)
    worker.queue.on_send = None
    worker.queue.sent.clear()
    advance(worker.graph, ID, 1)
    assert sorted(task for task, _ in worker.queue.sent) == ["audio.detect", "visual.detect"]


def test_nothing_is_sent_before_the_checkpoint_that_waits_for_it() -> None:
    """A job that ends the moment it is sent finds the graph waiting."""
    worker = FakeWorker()

    def at_once(_: str) -> None:
        assert worker.graph.compiled.get_state({"configurable": {"thread_id": ID}}).interrupts

    worker.queue.on_send = at_once
    worker.run()
    assert worker.case.report(ID) is not None


def test_a_cancelled_analysis_stops_and_stays_cancelled() -> None:
    worker = FakeWorker()
    advance(worker.graph, ID, 1)
    worker.case._set(ID, status=AnalysisStatus.CANCELLED)
    worker.work(2)
    advance(worker.graph, ID, 3)
    assert worker.case.analysis(ID).status is AnalysisStatus.CANCELLED
    assert worker.case.analysis(ID).verdict is None
    assert not worker.ledger.of_analysis(ID, 4)


def test_a_deleted_analysis_stops() -> None:
    worker = FakeWorker()
    advance(worker.graph, ID, 1)
    del worker.case.analyses[ID]
    advance(worker.graph, ID, 3)
    assert not worker.ledger.of_analysis(ID, 4)


def test_a_file_that_could_not_be_prepared_fails_with_the_reason_of_its_job() -> None:
    worker = FakeWorker(fails=("prepare.media",))
    advance(worker.graph, ID, 1)
    failure = worker.case.analysis(ID).failure
    assert failure is not None
    assert failure.code == "broken"
    assert worker.events.kinds()[-1] == "failed"


def test_uncertain_faces_are_looked_at_again_within_the_plans_bounds_and_around_the_suspicious_stretch() -> None:
    stands_out = faces(0.5, (track(1, 0, 60, 0.5), track(2, 10, 25, 0.95)))
    worker = FakeWorker(info=media(has_audio=False), interpret=lambda *_: stands_out)
    worker.run()
    looked = ["visual.detect", "visual.detect", "prepare.frames", "visual.detect"]
    assert [task for _, task in worker.tasks()][1:5] == looked
    again = [SAMPLE_FRAMES.read(job.spec) for job in worker.ledger.jobs.values() if job.spec.task == "prepare.frames"]
    assert [payload.budget for payload in again] == [16]
    for payload in again:
        start_s, end_s = payload.range_s.start_s, payload.range_s.end_s
        assert 0 < start_s < end_s < 30
    examined = [job.spec.payload["frame_indexes"] for job in worker.ledger.jobs.values() if "detect" in job.spec.task]
    assert examined == [list(range(0, 32, 2)), list(range(1, 32, 2)), list(range(32, 48))]
    report = worker.case.report(ID)
    assert report is not None
    assert report.plan.frame_budget + report.plan.further_frames == 64


def test_half_of_the_frames_stay_in_the_file_where_the_others_settle_it() -> None:
    worker = FakeWorker(frames=16, left=16)
    worker.run()
    assert "prepare.frames" not in [task for _, task in worker.tasks()]
    examined = worker.ledger.jobs[f"{ID}:2:visual.detect"].spec.payload["frame_indexes"]
    assert examined == list(range(16))


def test_frames_that_were_left_in_the_file_are_taken_once_before_any_closer_look() -> None:
    stands_out = faces(0.5, (track(1, 0, 60, 0.5), track(2, 10, 25, 0.95)))
    worker = FakeWorker(info=media(has_audio=False), interpret=lambda *_: stands_out, frames=16, left=16)
    worker.run()
    again = [SAMPLE_FRAMES.read(job.spec) for job in worker.ledger.jobs.values() if job.spec.task == "prepare.frames"]
    assert [(payload.budget, payload.is_rest) for payload in again] == [(16, True), (16, False)]
    examined = [job.spec.payload["frame_indexes"] for job in worker.ledger.jobs.values() if "detect" in job.spec.task]
    assert examined == [list(range(16)), list(range(16, 32)), list(range(32, 48))]


def test_frames_that_cannot_be_taken_from_the_file_are_not_asked_for_again() -> None:
    stands_out = faces(0.5, (track(1, 0, 60, 0.5), track(2, 10, 25, 0.95)))
    info = media(has_audio=False)
    worker = FakeWorker(info=info, interpret=lambda *_: stands_out, frames=16, left=16, fails=("prepare.frames",))
    worker.run()
    assert [task for _, task in worker.tasks()].count("prepare.frames") == 2
    assert worker.case.report(ID) is not None


def test_the_report_keeps_and_tells_what_further_frames_bought() -> None:
    stands_out = faces(0.5, (track(1, 0, 60, 0.5), track(2, 10, 25, 0.95)))
    found = ((16, stands_out), (32, stands_out), (48, faces(0.91, (track(1, 0, 60, 0.91),))))
    coverages = (VisualCoverage(frames_sampled=count, frames_with_face=count, faces_scored=count) for count, _ in found)
    looks = iter([each.model_copy(update={"coverage": made}) for (_, each), made in zip(found, coverages, strict=True)])
    worker = FakeWorker(info=media(has_audio=False), interpret=lambda *_: next(looks))
    worker.run()
    report = worker.case.report(ID)
    assert report is not None
    (seen,) = report.evidence
    assert isinstance(seen, VisualEvidence)
    assert [each.frames_sampled for each in seen.earlier] == [16, 32]
    said = (
        "The first 16 frames left the faces inconclusive at 50.0 %; with 32 more the score is 91.0 %, which settles it."
    )
    assert said in [each.text for each in report.narrative.sentences]


def test_rechecks_are_reported_and_their_failure_is_not_the_reports() -> None:
    stability = {
        "modality": "visual",
        "baseline": 0.9,
        "scores": [{"check": "flip", "p_fake": 0.2, "outcome": "real"}],
        "largest_change": 0.7,
        "stable": False,
    }
    worker = FakeWorker(fails=("audio.recheck",), results={"visual.recheck": {"stability": stability}})
    worker.run()
    report = worker.case.report(ID)
    assert report is not None
    assert [(each.modality, each.stable, each.largest_change) for each in report.stability] == [
        (Modality.VISUAL, False, 0.7)
    ]
    assert report.verdict.outcome is Outcome.FAKE, "a check states how firm the score is and changes nothing"
    assert any(
        sentence.citations == ("stability.visual",)
        and "is not stable: it moves by 70.0 percentage points" in sentence.text
        for sentence in report.narrative.sentences
    )
    payload = worker.ledger.jobs[f"{ID}:4:visual.recheck"].spec.payload
    assert payload["checks"] == [str(check) for check in report.plan.checks]
    assert len(payload["frame_indexes"]) == 8  # type: ignore[arg-type]


def _open_voice(_: str, modality: Modality) -> Evidence:
    return faces(0.9, (track(1, 10, 25, 0.9),)) if modality is Modality.VISUAL else voice(0.5)


def test_a_voice_that_leaves_it_open_has_the_faces_examined_too() -> None:
    worker = FakeWorker(instruction="is the voice cloned?", interpret=_open_voice)
    worker.run()
    tasks = [task for _, task in worker.tasks()]
    assert tasks[1:3] == ["audio.detect", "visual.detect"]
    assert tasks.count("audio.detect") == tasks.count("visual.detect") == 1
    report = worker.case.report(ID)
    assert report is not None
    assert report.plan.widened is not None
    assert {each.modality for each in report.evidence} == set(Modality)
    assert any("was examined too" in sentence.text for sentence in report.narrative.sentences)
    assert {"explain.visual", "explain.audio"} <= set(tasks)


def test_faces_that_leave_it_open_have_the_voice_examined_too() -> None:
    worker = FakeWorker(
        instruction="is the face swapped?",
        interpret=lambda _, m: faces(0.5, (track(1, 10, 25, 0.5),)) if m is Modality.VISUAL else voice(0.9),
    )
    worker.run()
    tasks = [task for _, task in worker.tasks()]
    assert tasks.count("audio.detect") == 1
    assert tasks.index("audio.detect") > tasks.index("visual.detect")
    report = worker.case.report(ID)
    assert report is not None
    assert report.plan.paths == (Modality.VISUAL, Modality.AUDIO)


def test_an_instruction_that_excludes_the_other_is_followed_whatever_comes_of_it() -> None:
    worker = FakeWorker(instruction="only the voice", interpret=_open_voice)
    worker.run()
    assert "visual.detect" not in {task for _, task in worker.tasks()}


def test_who_wants_the_verdict_alone_gets_no_maps() -> None:
    worker = FakeWorker(instruction="just the verdict, quickly")
    worker.run()
    assert {task for _, task in worker.tasks()} == {"prepare.media", "visual.detect", "audio.detect", "explain.report"}
    assert worker.case.report(ID) is not None


def test_where_few_frames_show_a_face_more_are_taken_around_it() -> None:
    def thin(_: str, modality: Modality) -> Evidence:
        seen = faces(0.9, (track(1, 10, 25, 0.9, frames=3),))
        return seen.model_copy(
            update={"coverage": VisualCoverage(frames_sampled=32, frames_with_face=3, faces_scored=3)}
        )

    worker = FakeWorker(info=media(has_audio=False), interpret=thin)
    worker.run()
    again = [SAMPLE_FRAMES.read(job.spec) for job in worker.ledger.jobs.values() if job.spec.task == "prepare.frames"]
    assert len(again) == 2
    assert all(5 < payload.range_s.start_s < 10 < 20 < payload.range_s.end_s < 28 for payload in again)


def test_where_no_frame_shows_a_face_more_are_taken_of_the_whole_video() -> None:
    seen = faces(0.9, (track(1, 10, 25, 0.9),))
    none = VisualCoverage(frames_sampled=32, frames_with_face=0, faces_scored=0)
    missing = seen.model_copy(update={"coverage": none, "tracks": (), "segments": ()})
    worker = FakeWorker(info=media(has_audio=False), interpret=lambda *_: missing)
    worker.run()
    again = [SAMPLE_FRAMES.read(job.spec) for job in worker.ledger.jobs.values() if job.spec.task == "prepare.frames"]
    assert [payload.range_s for payload in again] == [TimeRange(start_s=0.0, end_s=60.0)] * 2


def test_a_stretch_that_was_asked_for_is_sampled_before_faces_are_examined() -> None:
    worker = FakeWorker(instruction="is the face swapped between 0:10 and 0:25?")
    worker.run()
    assert worker.tasks()[1:3] == [(2, "prepare.frames"), (4, "visual.detect")]
    examined = worker.ledger.jobs[f"{ID}:4:visual.detect"].spec.payload["frame_indexes"]
    times = {frame.index: frame.time_s for frame in worker.case.prepared(ID).frames}
    assert isinstance(examined, list)
    assert len(examined) == 16
    assert all(10 <= times[index] <= 25 for index in examined)
    report = worker.case.report(ID)
    assert report is not None
    assert [reason.code for reason in report.plan.masked] == [ReasonCode.NOT_REQUESTED]


def test_a_quick_look_examines_fewer_frames_and_leaves_the_rest_alone() -> None:
    worker = FakeWorker(instruction="a quick look at the faces please")
    worker.run()
    examined = worker.ledger.jobs[f"{ID}:2:visual.detect"].spec.payload["frame_indexes"]
    assert examined == [0, 4, 8, 12, 16, 20, 24, 28]
    assert [task for _, task in worker.tasks()].count("visual.detect") == 1
    halved = FakeWorker(instruction="a quick look at the faces please", frames=16, left=16)
    halved.run()
    assert halved.ledger.jobs[f"{ID}:2:visual.detect"].spec.payload["frame_indexes"] == list(range(0, 16, 2))
    assert "prepare.frames" not in [task for _, task in halved.tasks()]


def test_a_failed_detector_degrades_the_report() -> None:
    failed = without(Modality.VISUAL, ReasonCode.DETECTOR_FAILED, "The visual detector failed.")
    worker = FakeWorker(fails=("visual.detect",), interpret=lambda _, m: failed if m is Modality.VISUAL else voice(0.9))
    worker.run()
    report = worker.case.report(ID)
    assert report is not None
    assert any("visual detector failed" in sentence.text for sentence in report.narrative.sentences)
    assert "explain.visual" not in {task for _, task in worker.tasks()}


def test_what_the_plan_spent_on_its_model_the_report_has_less_of() -> None:
    left: list[float] = []

    class SlowModel:
        def complete(self, **given: object) -> Completion[Any]:
            left.append(seconds_left())
            call = LlmCall(
                purpose="plan", prompt_id="p", prompt_version=1, model="m", prompt_tokens=None, completion_tokens=None,
                seconds=900.0, outcome="unavailable",
            )  # fmt: skip
            return Completion(None, call)

    class Watching(TemplateWriter):
        def write(self, facts: tuple[Fact, ...]) -> Draft:
            left.append(seconds_left())
            return super().write(facts)

    worker = FakeWorker(instruction="does it ring a bell", llm=SlowModel(), writer=Watching(), model_s=1000.0)
    worker.run()
    assert worker.case.report(ID) is not None
    assert [each < most for each, most in zip(left, (1000, 100), strict=True)] == [True, True]


def test_failed_maps_and_documents_are_noted_and_do_not_stop_the_report() -> None:
    worker = FakeWorker(fails=("explain.visual", "explain.report"))
    worker.run()
    report = worker.case.report(ID)
    assert report is not None
    assert [note.code for note in report.narrative.notes] == [ReasonCode.EXPLANATION_FAILED] * 2


def _sound_only(info_has: Sequence[bool]) -> FakeWorker:
    has_video, has_audio = info_has
    info = media().model_copy(
        update={"kind": MediaKind.AUDIO, "has_video": has_video, "has_audio": has_audio, "video_codec": None}
    )
    return FakeWorker(info=info)


def test_a_sound_file_is_examined_for_its_voice_alone() -> None:
    worker = _sound_only((False, True))
    worker.run()
    report = worker.case.report(ID)
    assert report is not None
    assert report.plan.paths == (Modality.AUDIO,)
    assert [reason.code for reason in report.plan.masked] == [ReasonCode.NO_VIDEO_STREAM]


def test_stages_come_in_the_order_of_the_graph() -> None:
    worker = FakeWorker(interpret=clear_evidence)
    worker.run()
    order = list(Stage)
    stages = [order.index(event.stage) for event in worker.events.told if event.stage is not None]
    assert stages == sorted(stages)
