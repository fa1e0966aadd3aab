"""A job's way through the runner: claimed once, retried by class, given up honestly, and moving its analysis on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import Defect, Rejected, Unavailable
from core.types import AFTERWARDS, AnalysisStatus, Job, JobSpec, JobStatus
from tasks import runner
from tasks.policy import BACKOFF_S, MAX_ATTEMPTS, GiveUp, Retry, decide
from tasks.recovery import UNCLAIMED_S, recover
from tasks.runner import run_job
from tests.fixtures.ports import MemoryCaseFile, MemoryEvents, MemoryLedger, MemoryQueue, analysis

ID = "a" * 8


@dataclass
class Bench:
    """What the runner uses of a worker's context."""

    case: MemoryCaseFile = field(default_factory=lambda: MemoryCaseFile({ID: analysis(ID)}))
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    events: MemoryEvents = field(default_factory=MemoryEvents)

    def open(self, task: str, wave: int = 0) -> JobSpec:
        spec = JobSpec(id=f"{ID}:{wave}:{task}", analysis_id=ID, wave=wave, task=task)
        self.ledger.open([spec])
        return spec

    def run(self, spec: JobSpec, body: Any) -> None:
        run_job(self, {spec.task: body}, spec.id, "worker-1")  # type: ignore[arg-type]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(runner.time, "sleep", lambda _: None)
    return Bench()


def raising(error: Exception) -> Any:
    def body(*_: object) -> dict[str, object]:
        raise error

    return body


def test_the_last_of_a_wave_moves_the_analysis_on_and_nobody_else(bench: Bench) -> None:
    first, second = bench.open("visual.detect", 2), bench.open("audio.detect", 2)
    bench.run(first, lambda *_: {"seen": 1})
    assert bench.queue.sent == []
    bench.run(second, lambda *_: {})
    step = f"{ID}:3:agents.advance"
    assert bench.queue.sent == [("agents.advance", step)]
    assert bench.ledger.jobs[step].status is JobStatus.SUBMITTED
    result = bench.ledger.jobs[first.id].result
    assert result is not None
    assert result["seen"] == 1
    assert isinstance(result["seconds"], float)


def test_a_job_after_the_report_is_led_like_the_others_and_moves_nothing_on(bench: Bench) -> None:
    spec = bench.open("explain.again", AFTERWARDS)
    bench.run(spec, raising(Unavailable("blobs_unavailable", "Storage is away.")))
    assert bench.ledger.jobs[spec.id].status is JobStatus.SUBMITTED, "it is tried again"
    bench.run(spec, lambda *_: {"explanations": 2})
    assert bench.ledger.jobs[spec.id].status is JobStatus.DONE
    assert bench.queue.sent == [(spec.task, spec.id)], "only the retry was sent, and no step of the graph"


def test_a_message_delivered_twice_does_the_work_once(bench: Bench) -> None:
    done: list[int] = []
    spec = bench.open("prepare.media")
    for _ in range(2):
        bench.run(spec, lambda *_: done.append(1) or {})
    assert done == [1]
    assert len(bench.queue.sent) == 1


def test_a_dependency_that_is_away_is_tried_again_and_then_given_up(bench: Bench) -> None:
    spec = bench.open("visual.detect", 2)
    for _ in range(MAX_ATTEMPTS):
        bench.run(spec, raising(Unavailable("blobs_unavailable", "Storage is away.")))
    job = bench.ledger.jobs[spec.id]
    assert job.status is JobStatus.FAILED
    assert job.failure is not None
    assert job.failure.code == "blobs_unavailable"
    retries = [(spec.task, spec.id)] * (MAX_ATTEMPTS - 1)
    assert bench.queue.sent == [*retries, ("agents.advance", f"{ID}:3:agents.advance")]


def test_an_input_at_fault_is_never_tried_again(bench: Bench) -> None:
    spec = bench.open("prepare.media")
    bench.run(spec, raising(Rejected("corrupt_media", "The file is damaged.")))
    assert bench.ledger.jobs[spec.id].status is JobStatus.FAILED
    assert bench.queue.sent == [("agents.advance", f"{ID}:1:agents.advance")]


def test_a_graph_that_fails_ends_the_analysis_and_says_so(bench: Bench) -> None:
    spec = bench.open("agents.advance", 1)
    bench.run(spec, raising(Defect("graph_lost", "The plan was lost.")))
    assert bench.case.analysis(ID).status is AnalysisStatus.FAILED
    assert bench.events.kinds() == ["failed"]
    assert bench.queue.sent == []


def test_a_job_that_killed_its_worker_too_often_is_given_up(bench: Bench) -> None:
    spec = bench.open("visual.detect", 2)
    bench.ledger.jobs[spec.id] = bench.ledger.jobs[spec.id].model_copy(update={"attempts": MAX_ATTEMPTS})
    bench.run(spec, raising(AssertionError("must not be run again")))
    failure = bench.ledger.jobs[spec.id].failure
    assert failure is not None
    assert failure.code == "job_abandoned"


@pytest.mark.parametrize(
    ("error", "attempts", "expected"),
    [
        (Rejected("x", "x"), 1, GiveUp),
        (Unavailable("x", "x"), 1, Retry),
        (Unavailable("x", "x"), MAX_ATTEMPTS, GiveUp),
        (Defect("x", "x"), 1, GiveUp),
        (RuntimeError("surprise"), 1, Retry),
        (RuntimeError("surprise"), 2, GiveUp),
    ],
)
def test_the_retry_table(error: Exception, attempts: int, expected: type) -> None:
    assert isinstance(decide(error, attempts), expected)


def test_backoff_doubles_and_public_words_are_authored() -> None:
    delays = [decide(Unavailable("x", "x"), attempt) for attempt in (1, 2)]
    assert delays == [Retry(BACKOFF_S), Retry(2 * BACKOFF_S)]
    given_up = decide(RuntimeError("secret path"), 2)
    assert isinstance(given_up, GiveUp)
    assert "secret" not in given_up.failure.message


@dataclass
class LostLedger(MemoryLedger):
    """A ledger that found lost work."""

    lost: tuple[Job, ...] = ()
    idle: tuple[Job, ...] = ()
    asked: list[datetime] = field(default_factory=list)

    def abandoned(self, submitted_before: datetime) -> tuple[Job, ...]:
        self.asked.append(submitted_before)
        return self.lost

    def stalled(self, idle_since: datetime) -> tuple[Job, ...]:
        return self.idle


def test_recovery_sends_lost_jobs_again_and_wakes_analyses_that_lost_their_step() -> None:
    lost = Job(
        spec=JobSpec(id=f"{ID}:2:visual.detect", analysis_id=ID, wave=2, task="visual.detect"),
        status=JobStatus.RUNNING,
        attempts=1,
    )
    idle = Job(
        spec=JobSpec(id="b:4:explain.visual", analysis_id="b", wave=4, task="explain.visual"),
        status=JobStatus.DONE,
        attempts=1,
    )
    bench = Bench(ledger=LostLedger(lost=(lost,), idle=(idle,)))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert recover(bench, now=now) == 2  # type: ignore[arg-type]
    assert bench.queue.sent == [("visual.detect", lost.spec.id), ("agents.advance", "b:5:agents.advance")]
    assert isinstance(bench.ledger, LostLedger)
    assert bench.ledger.asked == [now - timedelta(seconds=UNCLAIMED_S)]
