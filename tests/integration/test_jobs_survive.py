"""A worker is killed in the middle of a job, for every kind of job there is: another does it, to one effect."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.jobs import (
    ADVANCE,
    ANSWER,
    COMPLETE,
    DELIVER,
    EXAMINE_FACES,
    EXAMINE_VOICE,
    EXPLAIN_AGAIN,
    EXPLAIN_FACES,
    EXPLAIN_VERDICT,
    EXPLAIN_VOICE,
    FORGET,
    KINDS,
    PREPARE_MEDIA,
    RECHECK_FACES,
    RECHECK_VOICE,
    REMOVE_ORPHANS,
    REMOVE_UPLOADS,
    REPLAY,
    SAMPLE_FRAMES,
    SWEEP,
    TRANSLATE_DOCUMENT,
    WRITE_DOCUMENTS,
    JobKind,
)
from core.types import (
    AFTERWARDS,
    AnalysisStatus,
    Check,
    Completion,
    DeliveryOrder,
    DocumentTranslation,
    DocumentWriting,
    FaceExamination,
    FaceRecheck,
    FrameSampling,
    Frozen,
    JobSpec,
    JobStatus,
    NoPayload,
    QuestionAnswering,
    Removal,
    SecondExplanation,
    SecondOpinion,
    TimeRange,
    VoiceExamination,
    VoiceRecheck,
)
from core.webhooks import DeliveryStatus, Notice
from store.casefile import PostgresCaseFile, PostgresEventLog
from store.conversations import ConversationRepository, PostgresTurns
from store.database import Database
from store.ledger import PostgresJobLedger
from store.webhooks import PostgresOutbox
from tasks.job import Job
from tasks.policy import ABANDONED
from tasks.recovery import recover
from tasks.registry import JOBS
from tasks.runner import run_job
from tests.fixtures.ports import MemoryQueue
from tests.integration.test_store import Store, store

__all__ = ["store"]

STRETCH = TimeRange(start_s=0, end_s=2)
PAYLOADS: Mapping[JobKind[Any], Callable[[Store, str], Frozen]] = {
    PREPARE_MEDIA: lambda *_: NoPayload(),
    SAMPLE_FRAMES: lambda *_: FrameSampling(range_s=STRETCH, budget=2),
    EXAMINE_FACES: lambda *_: FaceExamination(frame_indexes=(0,)),
    EXAMINE_VOICE: lambda *_: VoiceExamination(range_s=STRETCH),
    RECHECK_FACES: lambda *_: FaceRecheck(frame_indexes=(0,), checks=(Check.FLIP,)),
    RECHECK_VOICE: lambda *_: VoiceRecheck(checks=(Check.TRIM_SILENCE,)),
    EXPLAIN_FACES: lambda *_: NoPayload(),
    EXPLAIN_VOICE: lambda *_: NoPayload(),
    EXPLAIN_VERDICT: lambda *_: NoPayload(),
    WRITE_DOCUMENTS: lambda *_: DocumentWriting(),
    TRANSLATE_DOCUMENT: lambda *_: DocumentTranslation(language="de"),
    EXPLAIN_AGAIN: lambda *_: SecondExplanation(method=SecondOpinion.LIME),
    ADVANCE: lambda *_: NoPayload(),
    ANSWER: lambda store, owner: asked(store, owner),
    REPLAY: lambda *_: NoPayload(),
    DELIVER: lambda store, owner: told(store, owner),
    FORGET: lambda *_: Removal(analysis_id="an_gone"),
    SWEEP: lambda *_: NoPayload(),
    COMPLETE: lambda *_: Completion(analysis_id="an_gone"),
    REMOVE_ORPHANS: lambda *_: NoPayload(),
    REMOVE_UPLOADS: lambda *_: NoPayload(),
}
OF_NO_ANALYSIS = {ANSWER, DELIVER, FORGET, SWEEP, REMOVE_ORPHANS, REMOVE_UPLOADS, COMPLETE}
AFTER_THE_REPORT = {EXPLAIN_AGAIN, REPLAY, TRANSLATE_DOCUMENT}


def asked(store: Store, owner_id: str) -> QuestionAnswering:
    with store.database.begin() as session:
        repository = ConversationRepository(session)
        conversation = repository.create(owner_id)
        turn = repository.ask(conversation.id, owner_id, "Is it fake?")
    return QuestionAnswering(conversation_id=conversation.id, number=turn.number)


def told(store: Store, owner_id: str) -> DeliveryOrder:
    with store.database.begin() as session:
        webhook_id, delivery_id = f"wh_{time.monotonic_ns()}", f"msg_{time.monotonic_ns()}"
        given = {"id": webhook_id, "owner": owner_id, "delivery": delivery_id, "notice": Notice.TEST.value}
        session.execute(
            text(
                "INSERT INTO webhooks (id, owner_id, url, notices, description, is_active, secret)"
                " VALUES (:id, :owner, 'https://example.org/', '[]', '', true, 'whsec_AAAA')"
            ),
            given,
        )
        session.execute(
            text(
                "INSERT INTO deliveries (id, webhook_id, notice, body, status, attempts)"
                " VALUES (:delivery, :id, :notice, '{}', 'pending', '[]')"
            ),
            given,
        )
    return DeliveryOrder(delivery_id=delivery_id)


@dataclass
class Worker:
    """What the runner and the farewells use of a worker's context, over the real database."""

    database: Database
    ledger: PostgresJobLedger
    case: PostgresCaseFile
    events: PostgresEventLog
    outbox: PostgresOutbox
    dialogue: Any
    queue: MemoryQueue = field(default_factory=MemoryQueue)

    def run(self, job_id: str, job: Job[Any], name: str) -> None:
        run_job(self, {job.name: job}, job_id, name)  # type: ignore[arg-type]

    def sent(self, spec: JobSpec) -> int:
        """How many messages of this job one look at what is due or lost sends."""
        before = self.queue.sent.count((spec.task, spec.id))
        recover(self)  # type: ignore[arg-type]
        return self.queue.sent.count((spec.task, spec.id)) - before

    def record(self, spec: JobSpec) -> Any:
        with self.database.begin() as session:
            found = text("SELECT status, attempts, failure ->> 'code' AS code FROM jobs WHERE id = :id")
            return session.execute(found, {"id": spec.id}).one()


@dataclass(frozen=True)
class Answering:
    """What giving up on an answer uses."""

    turns: PostgresTurns


@pytest.fixture
def worker(store: Store) -> Worker:
    with store.database.begin() as session:
        session.execute(text("DELETE FROM jobs"))
    return Worker(
        store.database,
        store.ledger,
        store.case,
        store.events,
        PostgresOutbox(store.database, None),
        Answering(PostgresTurns(store.database)),
    )


def recorded(store: Store, kind: JobKind[Any]) -> JobSpec:
    """A job of this kind in the ledger, with all that it names."""
    analysis_id = store.analysis()
    owner_id = store.case.analysis(analysis_id).owner_id
    payload = PAYLOADS[kind](store, owner_id)
    if kind in OF_NO_ANALYSIS:
        spec = kind.alone(analysis_id, payload)
    elif kind in AFTER_THE_REPORT:
        spec = kind.afterwards(analysis_id, "1", payload)
    else:
        spec = kind.spec(analysis_id, 3 if kind is ADVANCE else 2, payload)
    with store.database.begin() as session:
        session.execute(text("DELETE FROM jobs"))
        if kind in AFTER_THE_REPORT:
            session.execute(text("UPDATE analyses SET status = 'finished' WHERE id = :id"), {"id": analysis_id})
    store.ledger.open([spec])
    return spec


def killed(worker: Worker, spec: JobSpec, name: str = "killed") -> None:
    """A worker claims the job and is never heard of again."""
    with worker.database.begin() as session:
        session.execute(text("UPDATE jobs SET due_at = now() WHERE id = :id"), {"id": spec.id})
    assert worker.ledger.claim(spec.id, name, 0.01) is not None
    time.sleep(0.03)


def test_no_kind_is_left_out() -> None:
    assert {kind.name for kind in PAYLOADS} == set(KINDS) == set(JOBS)


@pytest.mark.parametrize("kind", PAYLOADS, ids=lambda kind: kind.name)
def test_a_killed_workers_job_is_done_by_the_next_to_one_effect(
    store: Store, worker: Worker, kind: JobKind[Any]
) -> None:
    spec = recorded(store, kind)
    effects: list[Frozen] = []

    def body(_: object, job: Any) -> dict[str, object]:
        effects.append(job.payload)
        return {}

    job = Job(kind, body, JOBS[kind.name].on_give_up)
    killed(worker, spec)
    assert worker.sent(spec) == 1, "found by its lease"
    assert worker.sent(spec) == 0, "and sent once"
    for name in ("second", "third"):
        worker.run(spec.id, job, name)
    assert effects == [kind.read(spec)]
    assert (worker.record(spec).status, worker.record(spec).attempts) == (JobStatus.DONE, 2)
    assert worker.ledger.finish(spec.id, "killed", {}) is False, "the late worker ends nothing"
    following = [name for name, _ in worker.queue.sent if name == ADVANCE.name and name != kind.name]
    moves_on = kind not in OF_NO_ANALYSIS | AFTER_THE_REPORT | {ADVANCE}
    assert following == ([ADVANCE.name] if moves_on else [])
    assert worker.sent(spec) == 0


@pytest.mark.parametrize("kind", PAYLOADS, ids=lambda kind: kind.name)
def test_a_job_that_kills_every_worker_is_given_up_and_whoever_waits_is_told(
    store: Store, worker: Worker, kind: JobKind[Any]
) -> None:
    spec, job = recorded(store, kind), JOBS[kind.name]
    for number in range(job.most_attempts):
        killed(worker, spec, f"killed-{number}")
    assert worker.sent(spec) == 1
    worker.run(spec.id, job, "last")
    record = worker.record(spec)
    assert (record.status, record.code) == (JobStatus.FAILED, ABANDONED.code)
    if kind is ADVANCE:
        assert spec.analysis_id is not None
        assert store.case.analysis(spec.analysis_id).status is AnalysisStatus.FAILED
        assert [event.kind for event in store.events.after(spec.analysis_id, 0)] == ["failed"]
    if kind is ANSWER:
        with store.database.begin() as session:
            conversation_id = str(spec.payload["conversation_id"])
            (turn,) = ConversationRepository(session).turns(conversation_id)
        assert (turn.status.value, turn.failure and turn.failure.code) == ("failed", ABANDONED.code)
    if kind is DELIVER:
        with store.database.begin() as session:
            query = text("SELECT status FROM deliveries WHERE id = :delivery_id")
            assert session.execute(query, spec.payload).scalar_one() == DeliveryStatus.FAILED


@pytest.mark.parametrize("kind", PAYLOADS, ids=lambda kind: kind.name)
def test_a_lost_message_is_sent_again_and_what_is_not_due_is_not(
    store: Store, worker: Worker, kind: JobKind[Any]
) -> None:
    spec = recorded(store, kind)
    assert worker.sent(spec) == 0, "its first message may still be on its way"
    with worker.database.begin() as session:
        session.execute(text("UPDATE jobs SET sent_at = now() - interval '1 minute' WHERE id = :id"), {"id": spec.id})
    assert worker.sent(spec) == 1
    assert worker.ledger.claim(spec.id, "first", 30) is not None
    worker.ledger.release(spec.id, "first", after_s=60, counts=False)
    assert worker.sent(spec) == 0
    assert worker.ledger.claim(spec.id, "early", 30) is None
    with worker.database.begin() as session:
        session.execute(text("UPDATE jobs SET due_at = now() WHERE id = :id"), {"id": spec.id})
    assert worker.sent(spec) == 1
    again = worker.ledger.claim(spec.id, "in time", 30)
    assert again is not None
    assert (again.attempts, again.outages) == (1, 1)


def test_a_replay_during_an_analysis_hides_no_lost_step(store: Store, worker: Worker) -> None:
    """It lies in a wave far behind the graph's."""
    spec = recorded(store, EXAMINE_FACES)
    assert spec.analysis_id is not None
    replay = REPLAY.afterwards(spec.analysis_id, "1", NoPayload())
    assert replay.wave == AFTERWARDS
    store.ledger.open([replay])
    for each in (spec, replay):
        assert store.ledger.claim(each.id, "w", 30) is not None
        store.ledger.finish(each.id, "w", {})
    stalled = store.ledger.stalled(datetime.now(UTC) + timedelta(seconds=1))
    assert [job.spec.id for job in stalled if job.spec.analysis_id == spec.analysis_id] == [spec.id]


def test_ended_jobs_of_no_analysis_are_forgotten_in_time(store: Store, worker: Worker) -> None:
    old, young, waiting = (FORGET.alone(name, Removal(analysis_id=name)) for name in ("old", "young", "waiting"))
    store.ledger.open([old, young, waiting])
    for each in (old, young):
        assert store.ledger.claim(each.id, "w", 30) is not None
        store.ledger.finish(each.id, "w", {})
    with worker.database.begin() as session:
        session.execute(
            text("UPDATE jobs SET updated_at = now() - interval '8 days' WHERE id <> :id"), {"id": young.id}
        )
    store.ledger.forget(datetime.now(UTC) - timedelta(days=7))
    with worker.database.begin() as session:
        assert set(session.scalars(text("SELECT id FROM jobs"))) == {young.id, waiting.id}
