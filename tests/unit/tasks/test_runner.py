"""A job's way through the runner: claimed once, retried by class, given up honestly, and moving its analysis on."""

from __future__ import annotations

import errno
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.contextvars import get_contextvars

from core.confinement import ReaderKilled
from core.errors import Defect, Misconfigured, Rejected, Unavailable
from core.jobs import (
    ADVANCE,
    EXAMINE_FACES,
    EXAMINE_VOICE,
    EXPLAIN_AGAIN,
    KINDS,
    PREPARE_MEDIA,
    RECHECK_FACES,
    RECHECK_VOICE,
    SAMPLE_FRAMES,
    WRITE_DOCUMENTS,
    JobKind,
    Queue,
    answer_job,
)
from core.types import (
    AnalysisStatus,
    Check,
    FaceExamination,
    JobRecord,
    JobSpec,
    JobStatus,
    NoPayload,
    Outcome,
    SecondExplanation,
    SecondOpinion,
    TimeRange,
    VoiceExamination,
)
from tasks.giving_way import NICENESS
from tasks.job import Job
from tasks.jobs.advance import fail_analysis
from tasks.policy import (
    BACKOFF_S,
    LONGEST_BACKOFF_S,
    MAX_ATTEMPTS,
    MISCONFIGURED_OUTAGES,
    GiveUp,
    Retry,
    TryAgain,
    decide,
)
from tasks.recovery import UNCLAIMED_S, periodic_jobs, recover
from tasks.registry import JOBS
from tasks.runner import run_job
from tests.fixtures.ports import MemoryCaseFile, MemoryEvents, MemoryLedger, MemoryQueue, analysis
from tests.fixtures.reports import faces, report_of, track

ID = "a" * 8
FACES = EXAMINE_FACES.spec(ID, 2, FaceExamination(frame_indexes=(0, 1)))
VOICE = EXAMINE_VOICE.spec(ID, 2, VoiceExamination())
PREPARE = PREPARE_MEDIA.spec(ID, 0, NoPayload())
STEP = f"{ID}:3:agents.advance"


@dataclass
class Bench:
    """What the runner uses of a worker's context."""

    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    events: MemoryEvents = field(default_factory=MemoryEvents)

    def __post_init__(self) -> None:
        self.case = MemoryCaseFile({ID: analysis(ID)}, events=self.events)

    def open(self, spec: JobSpec) -> JobSpec:
        self.ledger.open([spec])
        return spec

    def run(self, spec: JobSpec, body: Any, *, on_give_up: Any = None, gives_way: bool = False) -> None:
        job = Job(KINDS[spec.task], body, on_give_up, gives_way=gives_way)
        run_job(self, {job.name: job}, spec.id, "worker-1")  # type: ignore[arg-type]

    def failure(self, spec: JobSpec) -> str | None:
        failure = self.ledger.jobs[spec.id].failure
        return failure and failure.code


@pytest.fixture
def bench() -> Bench:
    return Bench()


def raising(error: Exception) -> Any:
    def body(*_: object) -> dict[str, object]:
        raise error

    return body


# ------------------------------------------------------------------------------------------------ registry


def test_every_kind_of_job_has_a_body() -> None:
    assert set(JOBS) == set(KINDS)
    assert {name: job.kind for name, job in JOBS.items()} == KINDS
    assert {job.queue for job in JOBS.values()} == set(Queue)


def test_a_name_that_does_not_begin_with_its_queue_is_refused() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        JobKind("faces.detect", Queue.VISUAL, NoPayload)


# ------------------------------------------------------------------------------------------------ running


def test_the_last_of_a_wave_moves_the_analysis_on_and_nobody_else(bench: Bench) -> None:
    bench.open(FACES)
    bench.open(VOICE)
    bench.run(FACES, lambda *_: {"seen": 1})
    assert bench.queue.sent == []
    bench.run(VOICE, lambda *_: {})
    assert bench.queue.sent == [("agents.advance", STEP)]
    assert bench.ledger.jobs[STEP].status is JobStatus.SUBMITTED
    result = bench.ledger.jobs[FACES.id].result
    assert result is not None
    assert result["seen"] == 1
    assert isinstance(result["seconds"], float)


def test_a_body_is_given_its_typed_payload_and_the_number_of_its_attempt(bench: Bench) -> None:
    bench.open(FACES)
    seen: list[object] = []

    def body(_: object, job: Any) -> dict[str, object]:
        seen.extend((job.analysis_id, job.wave, job.attempt, job.payload))
        return {}

    bench.run(FACES, body)
    assert seen == [ID, 2, 1, FaceExamination(frame_indexes=(0, 1))]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
@pytest.mark.parametrize(("gives_way", "further"), [(True, NICENESS), (False, 0)])
def test_a_job_that_gives_way_runs_at_low_priority_and_leaves_its_callers_as_it_was(
    bench: Bench, gives_way: bool, further: int
) -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before, seen = niceness(), list[object]()

    def body(*_: object) -> dict[str, object]:
        seen.extend((niceness(), get_contextvars()["task_id"]))
        with ThreadPoolExecutor(1) as pool:
            seen.append(pool.submit(niceness).result())
        return {}

    spec = bench.open(FACES)
    bench.run(spec, body, gives_way=gives_way)
    lowered = min(19, before + further)
    assert seen == [lowered, spec.id, lowered]
    assert niceness() == before
    bench.open(VOICE)
    bench.run(VOICE, raising(Defect("x", "x")), gives_way=gives_way)
    assert bench.failure(VOICE) == "x"


def test_only_what_the_report_alone_tells_gives_way() -> None:
    assert {name for name, job in JOBS.items() if job.gives_way} == {RECHECK_FACES.name, RECHECK_VOICE.name}


def test_a_job_after_the_report_is_led_like_the_others_and_moves_nothing_on(bench: Bench) -> None:
    spec = bench.open(EXPLAIN_AGAIN.afterwards(ID, "lime:1", SecondExplanation(method=SecondOpinion.LIME)))
    bench.run(spec, raising(Unavailable("blobs_unavailable", "Storage is away.")))
    assert bench.ledger.jobs[spec.id].status is JobStatus.SUBMITTED, "it is tried again"
    bench.run(spec, lambda *_: {"explanations": 2})
    assert bench.ledger.jobs[spec.id].status is JobStatus.DONE
    assert bench.queue.sent == [], "no step of the graph"


def test_a_job_of_no_analysis_is_led_like_the_others(bench: Bench) -> None:
    spec = bench.open(answer_job("cv_1", 1))
    bench.run(spec, lambda *_: {})
    assert bench.ledger.jobs[spec.id].status is JobStatus.DONE
    assert bench.queue.sent == []


def test_a_message_delivered_twice_does_the_work_once(bench: Bench) -> None:
    done: list[int] = []
    bench.open(PREPARE)
    for _ in range(2):
        bench.run(PREPARE, lambda *_: done.append(1) or {})
    assert done == [1]
    assert len(bench.queue.sent) == 1


def test_an_outage_costs_no_attempt_however_long_it_lasts(bench: Bench) -> None:
    bench.open(FACES)
    for _ in range(5 * MAX_ATTEMPTS):
        bench.run(FACES, raising(Unavailable("blobs_unavailable", "Storage is away.")))
    job = bench.ledger.jobs[FACES.id]
    assert (job.status, job.attempts, job.outages) == (JobStatus.SUBMITTED, 0, 5 * MAX_ATTEMPTS)
    bench.run(FACES, lambda *_: {})
    assert bench.ledger.jobs[FACES.id].status is JobStatus.DONE


def test_whoever_follows_the_analysis_is_told_once_what_it_waits_for(bench: Bench) -> None:
    for spec in (bench.open(FACES), bench.open(VOICE)):
        for _ in range(3):
            bench.run(spec, raising(Unavailable("blobs_unavailable", "Storage is away.")))
    assert [(each.kind, each.message) for each in bench.events.told] == [
        ("waiting", "Storage is away. The analysis goes on by itself.")
    ]


def test_a_full_disk_of_the_worker_is_waited_out(bench: Bench) -> None:
    bench.open(FACES)
    for _ in range(MAX_ATTEMPTS):
        bench.run(FACES, raising(OSError(errno.ENOSPC, "No space left on device")))
    job = bench.ledger.jobs[FACES.id]
    assert (job.status, job.attempts) == (JobStatus.SUBMITTED, 0)
    assert bench.events.told[0].message == "The service has no room on its disk. The analysis goes on by itself."


def test_a_deployment_that_is_set_up_wrongly_is_told_of_and_does_not_wait_for_ever(bench: Bench) -> None:
    bench.open(FACES)
    for _ in range(MISCONFIGURED_OUTAGES + 1):
        assert bench.ledger.jobs[FACES.id].status is JobStatus.SUBMITTED
        bench.run(FACES, raising(Misconfigured("blobs_refused", "The keys are not accepted.")))
    failure = bench.ledger.jobs[FACES.id].failure
    assert failure is not None
    assert (failure.code, failure.is_ours) == ("blobs_refused", True)
    assert bench.events.kinds() == ["waiting"]


def test_work_that_was_done_is_recorded_when_the_database_is_back(bench: Bench, monkeypatch: Any) -> None:
    monkeypatch.setattr("tasks.runner.time.sleep", lambda _: None)
    away, done = [True, True, True], list[int]()

    class Away(MemoryLedger):
        def finish(self, job_id: str, worker: str, result: dict[str, object]) -> bool:
            if away:
                away.pop()
                raise Unavailable("database_unavailable", "The database is away.")
            return super().finish(job_id, worker, result)

    bench.ledger = Away()
    bench.open(FACES)
    bench.run(FACES, lambda *_: done.append(1) or {})
    job = bench.ledger.jobs[FACES.id]
    assert (job.status, job.attempts, done) == (JobStatus.DONE, 1, [1])


def test_an_input_at_fault_is_never_tried_again(bench: Bench) -> None:
    bench.open(PREPARE)
    bench.run(PREPARE, raising(Rejected("corrupt_media", "The file is damaged.")))
    assert bench.failure(PREPARE) == "corrupt_media"
    assert bench.queue.sent == [("agents.advance", f"{ID}:1:agents.advance")]


def test_a_graph_that_fails_ends_the_analysis_and_says_so(bench: Bench) -> None:
    spec = bench.open(ADVANCE.spec(ID, 1, NoPayload()))
    bench.run(spec, raising(Defect("graph_lost", "The plan was lost.")), on_give_up=fail_analysis)
    assert bench.case.analysis(ID).status is AnalysisStatus.FAILED
    assert bench.events.kinds() == ["failed"]
    assert bench.queue.sent == []


def test_a_job_that_killed_its_worker_too_often_is_given_up_and_said_to_be(bench: Bench) -> None:
    bench.open(FACES)
    bench.ledger.jobs[FACES.id] = bench.ledger.jobs[FACES.id].model_copy(update={"attempts": MAX_ATTEMPTS})
    told: list[str] = []
    body = raising(AssertionError("must not be run again"))
    bench.run(FACES, body, on_give_up=lambda _context, _job, failure: told.append(failure.code))
    assert bench.failure(FACES) == "job_abandoned"
    assert told == ["job_abandoned"]


def test_whoever_waits_is_told_before_the_job_ends(bench: Bench) -> None:
    """A worker that is killed in between leaves a job that its successor takes up."""
    bench.open(FACES)
    seen: list[JobStatus] = []

    def tell(*_: object) -> None:
        seen.append(bench.ledger.jobs[FACES.id].status)

    bench.run(FACES, raising(Rejected("x", "x")), on_give_up=tell)
    assert seen == [JobStatus.RUNNING]


# ------------------------------------------------------------------------------------------------ other versions


def test_a_job_that_this_version_does_not_know_is_given_up_in_authored_words(bench: Bench) -> None:
    spec = bench.open(JobSpec(id="x", analysis_id=ID, wave=2, task="visual.dream"))
    run_job(bench, JOBS, spec.id, "worker-1")  # type: ignore[arg-type]
    assert bench.failure(spec) == "job_unknown"
    assert bench.queue.sent == [("agents.advance", STEP)], "the analysis goes on without it"


@pytest.mark.parametrize("name", KINDS)
def test_a_payload_that_cannot_be_read_is_given_up_in_authored_words(bench: Bench, name: str) -> None:
    spec = bench.open(JobSpec(id="x", analysis_id=ID, wave=2, task=name, payload={"colour": "blue"}))
    run_job(bench, JOBS, spec.id, "worker-1")  # type: ignore[arg-type]
    failure = bench.ledger.jobs["x"].failure
    assert failure is not None
    assert failure.code == "bad_payload"
    assert "Ask again" in failure.message


def test_payloads_of_the_former_version_are_read() -> None:
    def read(kind: JobKind[Any], payload: dict[str, object]) -> Any:
        return kind.read(JobSpec(id="x", analysis_id=ID, wave=2, task=kind.name, payload=payload))

    stretch = TimeRange(start_s=1.5, end_s=4.0)
    assert read(SAMPLE_FRAMES, {"range_s": [1.5, 4.0], "budget": 8}).range_s == stretch
    assert read(EXAMINE_VOICE, {"range_s": [1.5, 4.0]}).range_s == stretch
    assert read(EXAMINE_VOICE, {"range_s": None}).range_s is None
    assert read(EXAMINE_FACES, {"frame_indexes": [3, 1]}).frame_indexes == (3, 1)
    recheck = read(RECHECK_VOICE, {"range_s": [1.5, 4.0], "checks": ["trim_silence"]})
    assert (recheck.range_s, recheck.checks) == (stretch, (Check.TRIM_SILENCE,))
    assert read(EXPLAIN_AGAIN, {"method": "lime"}).method is SecondOpinion.LIME
    report, _ = report_of(Outcome.FAKE, (faces(0.9, (track(1, 0, 9, 0.9),)),))
    assert read(WRITE_DOCUMENTS, {"report": report.model_dump(mode="json")}).report == report
    assert read(PREPARE_MEDIA, {}) == NoPayload()


# ------------------------------------------------------------------------------------------------ policy


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (Rejected("x", "x"), 1, GiveUp),
        (Unavailable("x", "x"), 1, Retry),
        (Unavailable("x", "x"), MAX_ATTEMPTS, Retry),
        (ReaderKilled(), MAX_ATTEMPTS - 1, Retry),
        (ReaderKilled(), MAX_ATTEMPTS, GiveUp),
        (Misconfigured("x", "x"), MAX_ATTEMPTS, Retry),
        (Defect("x", "x"), 1, GiveUp),
        (TryAgain(60.0), 5, Retry),
        (RuntimeError("surprise"), 1, Retry),
        (RuntimeError("surprise"), 2, GiveUp),
    ],
)
def test_the_retry_table(error: Exception, attempts: int, expected: type) -> None:
    assert isinstance(decide(error, attempts), expected)


def test_backoff_doubles_up_to_minutes_and_public_words_are_authored() -> None:
    pauses = [decide(Unavailable("x", "x"), 1, outages) for outages in (0, 1, 50)]
    assert pauses == [Retry(each, counts=False) for each in (BACKOFF_S, 2 * BACKOFF_S, LONGEST_BACKOFF_S)]
    given_up = decide(RuntimeError("secret path"), 2)
    assert isinstance(given_up, GiveUp)
    assert "secret" not in given_up.failure.message


# ------------------------------------------------------------------------------------------------ recovery


@dataclass
class LostLedger(MemoryLedger):
    """A ledger that found lost work."""

    lost: tuple[JobRecord, ...] = ()
    idle: tuple[JobRecord, ...] = ()
    asked: list[datetime] = field(default_factory=list)

    def take_unsent(self, unclaimed_since: datetime) -> tuple[JobRecord, ...]:
        self.asked.append(unclaimed_since)
        return self.lost

    def stalled(self, idle_since: datetime) -> tuple[JobRecord, ...]:
        return self.idle


def test_recovery_sends_lost_jobs_again_and_wakes_analyses_that_lost_their_step() -> None:
    lost = JobRecord(spec=FACES, status=JobStatus.RUNNING, attempts=1)
    explained = JobSpec(id="b:4:explain.visual", analysis_id="b", wave=4, task="explain.visual")
    idle = JobRecord(spec=explained, status=JobStatus.DONE, attempts=1)
    bench = Bench(ledger=LostLedger(lost=(lost,), idle=(idle,)))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert recover(bench, now=now) == 2  # type: ignore[arg-type]
    assert bench.queue.sent == [("visual.detect", FACES.id), ("agents.advance", "b:5:agents.advance")]
    assert isinstance(bench.ledger, LostLedger)
    assert bench.ledger.asked == [now - timedelta(seconds=UNCLAIMED_S)]


def test_several_workers_make_one_job_a_period() -> None:
    bench = Bench()
    for minute in (0, 20, 59):
        recover(bench, now=datetime(2026, 1, 1, 10, minute, tzinfo=UTC))  # type: ignore[arg-type]
    assert sorted(bench.ledger.jobs) == [
        "maintenance.orphans:2026-01-01",
        "maintenance.sweep:2026-01-01T10",
        *(f"maintenance.uploads:2026-01-01T10:{tenth}" for tenth in (0, 2, 5)),
    ]
    following = periodic_jobs(datetime(2026, 1, 1, 11, tzinfo=UTC))
    assert [spec.id in bench.ledger.jobs for spec in following] == [False, True, False]
