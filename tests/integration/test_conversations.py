"""Questions over HTTP, answered by the agents' side on real servers: kept, streamed, and nobody else's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from agents.conversation.answerer import QuestionAnswerer
from agents.conversation.cases import DetectorErrorRates
from core.dialogue import Conversation, Turn, TurnStatus
from core.errors import Unavailable
from core.jobs import answer_job
from core.settings import AuthSettings, Settings
from core.types import Modality, Outcome, PreparedMedia
from store.conversations import ConversationRepository, PostgresTurns
from store.ledger import PostgresJobLedger
from tasks.context import Dialogue
from tasks.conversation_starter import ConversationStarter
from tasks.jobs import answer
from tasks.runner import run_job
from tests.fixtures.ports import MemoryQueue
from tests.fixtures.reports import faces, report_of, track, voice
from tests.integration.api_bench import Bench, bench_of, clip

ERROR_RATES = {modality: DetectorErrorRates("first", 0.01, 0.05, "left-out recordings") for modality in Modality}


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


def dialogue_of(bench: Bench, queue: MemoryQueue) -> Dialogue:
    database = bench.world.database

    def conversation(conversation_id: str) -> tuple[Conversation, tuple[Turn, ...]]:
        with database.begin() as session:
            repository = ConversationRepository(session)
            return repository.get(conversation_id), repository.turns(conversation_id)

    return Dialogue(
        turns=PostgresTurns(database),
        answerer=lambda: QuestionAnswerer(bench.world.case, None, ERROR_RATES),
        conversation=conversation,
        starter=lambda each: ConversationStarter(database, queue, each),
    )


@dataclass(frozen=True)
class Worker:
    """What the runner and the answering body use of a worker's context."""

    ledger: PostgresJobLedger
    dialogue: Dialogue
    queue: MemoryQueue

    def answer(self, conversation: str, number: int = 1, worker: str = "worker") -> None:
        run_job(self, {answer.JOB.name: answer.JOB}, answer_job(conversation, number).id, worker)  # type: ignore[arg-type]


def worker_of(bench: Bench, queue: MemoryQueue) -> Worker:
    return Worker(PostgresJobLedger(bench.world.database), dialogue_of(bench, queue), queue)


@contextmanager
def answering(bench: Bench) -> Iterator[MemoryQueue]:
    """The agents' worker: takes what the API sent to the `agents` queue and answers it."""
    queue, done, stopped = MemoryQueue(), 0, threading.Event()
    worker = worker_of(bench, queue)
    done = len(bench.messages("agents"))

    def work() -> None:
        nonlocal done
        while not stopped.wait(0.05):
            waiting = list(reversed(bench.messages("agents")))
            for (job_id,) in waiting[done:]:
                run_job(worker, {answer.JOB.name: answer.JOB}, job_id, "worker")  # type: ignore[arg-type]
            done = len(waiting)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield queue
    finally:
        stopped.set()
        thread.join()


def finished(bench: Bench, tone: int, **headers: str) -> str:
    """An uploaded file whose analysis is done, with two faces of which one is manipulated."""
    analysis_id = str(bench.upload(clip(tone=tone), **headers).json()["id"])
    case = bench.world.case
    tracks = (track(1, 0, 58, 0.12), track(2, 10, 25, 0.91))
    report, _ = report_of(Outcome.FAKE, (faces(0.91, tracks), voice(0.88)))
    case.save_prepared(analysis_id, PreparedMedia(info=report.media))
    case.save_plan(analysis_id, report.plan)
    for evidence in report.evidence:
        case.save_evidence(analysis_id, evidence)
    for explanation in report.explanations:
        case.save_explanation(analysis_id, explanation)
    case.save_verdict(analysis_id, report.verdict)
    case.save_report(analysis_id, report.model_copy(update={"analysis_id": analysis_id}))
    return analysis_id


def begun(bench: Bench, *analyses: str, **headers: str) -> str:
    answer = bench.client.post("/v1/conversations", json={"analysis_ids": analyses}, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def asked(bench: Bench, conversation: str, question: str, **body: Any) -> Any:
    response = bench.client.post(f"/v1/conversations/{conversation}/messages", json={"text": question, **body})
    assert response.status_code == 200, response.text
    return response.json()


def told(message: Any) -> str:
    return " ".join(statement["text"] for statement in message["answer"]["statements"])


def test_a_question_is_answered_from_the_evidence_and_kept(bench: Bench) -> None:
    analysis_id = finished(bench, 300)
    conversation = begun(bench, analysis_id)
    with answering(bench):
        first = asked(bench, conversation, "Is face 2 fake, and when?")
        second = asked(bench, conversation, "Who made it?")
    assert first["status"] == "answered"
    assert "Face 2 scores as manipulated from 00:10 to 00:25, at 91.0 %." in told(first)
    cited = first["answer"]["statements"][0]["citations"]
    assert cited == [{"id": "visual.track.2", "analysis_id": analysis_id, "time_s": 14.0}]
    assert second["answer"]["declined"] is True
    read = bench.client.get(f"/v1/conversations/{conversation}").json()
    assert [message["number"] for message in read["messages"]] == [1, 2]
    assert read["messages"][0]["answer"] == first["answer"]
    assert bench.client.get(f"/v1/conversations/{conversation}/messages").json()["items"] == read["messages"]
    assert bench.client.get(f"/v1/conversations/{conversation}/messages/2").json() == read["messages"][1]
    listed = bench.client.get("/v1/conversations").json()["items"]
    assert {"id": conversation, "messages": 2} == {name: listed[0][name] for name in ("id", "messages")}


def test_an_answer_can_be_streamed_and_its_stream_read_again(bench: Bench) -> None:
    conversation = begun(bench, finished(bench, 310))
    path = f"/v1/conversations/{conversation}/messages"
    headers = {"Accept": "text/event-stream"}
    with answering(bench), bench.client.stream("POST", path, json={"text": "why?"}, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.iter_lines() if line.startswith("data:")]
    events = [json.loads(line.removeprefix("data:")) for line in lines]
    kinds = [event["kind"] for event in events]
    assert kinds[:2] == ["asked", "understood"]
    assert kinds[-1] == "answered"
    assert set(kinds[2:-1]) == {"statement"}
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    with bench.client.stream("GET", f"{path}/1/events", headers={"Last-Event-ID": "2"}) as response:
        again = [json.loads(line[5:]) for line in response.iter_lines() if line.startswith("data:")]
    assert again == events[2:]


def test_without_a_worker_the_answer_is_accepted_and_comes_later(bench: Bench) -> None:
    conversation = begun(bench)
    path = f"/v1/conversations/{conversation}/messages"
    accepted = bench.client.post(path, json={"text": "what can you check?"}, headers={"Prefer": "wait=0"})
    assert accepted.status_code == 202
    assert accepted.headers["location"] == f"{path}/1"
    worker = worker_of(bench, MemoryQueue())
    job_id = answer_job(conversation, 1).id
    now = datetime.now(UTC)
    recent = worker.ledger.take_unsent(now - timedelta(seconds=30))
    assert job_id not in [job.spec.id for job in recent], "a question of just now has not been lost yet"
    lost = worker.ledger.take_unsent(now + timedelta(seconds=1))
    assert job_id in [job.spec.id for job in lost]
    worker.answer(conversation)
    worker.answer(conversation, worker="another")
    message = bench.client.get(f"{path}/1").json()
    assert message["status"] == "answered"
    assert "manipulated faces" in told(message)
    assert message["answer"]["notes"][0]["code"] == "llm_unavailable"


def test_a_worker_killed_after_the_answer_and_before_its_record_in_the_ledger_answers_nothing_again(
    bench: Bench,
) -> None:
    conversation = begun(bench)
    path = f"/v1/conversations/{conversation}/messages"
    bench.client.post(path, json={"text": "what can you check?"}, headers={"Prefer": "wait=0"})
    worker = worker_of(bench, MemoryQueue())
    worker.answer(conversation)
    first = bench.client.get(f"{path}/1/events").text
    with bench.world.database.begin() as session:
        ended = text("UPDATE jobs SET status = 'running', lease_until = now() WHERE id = :id")
        session.execute(ended, {"id": answer_job(conversation, 1).id})
    worker.answer(conversation, worker="second")
    assert bench.client.get(f"{path}/1/events").text == first


def test_a_file_sent_with_a_message_is_analysed_and_talked_about(bench: Bench) -> None:
    conversation = begun(bench)
    path = f"/v1/conversations/{conversation}/messages"
    with answering(bench):
        answer = bench.client.post(
            path, files={"file": ("clip.mp4", clip(tone=320))}, data={"instruction": "Analyse this, only the voice."}
        )
    assert answer.status_code == 200, answer.text
    (analysis_id,) = bench.client.get(f"/v1/conversations/{conversation}").json()["analysis_ids"]
    analysis = bench.client.get(f"/v1/analyses/{analysis_id}").json()
    assert analysis["instruction"] == "Analyse this, only the voice."
    assert "result is not known yet" in told(answer.json()) or answer.json()["answer"]["proposal"]


def test_a_new_analysis_is_started_only_after_a_yes(bench: Bench) -> None:
    analysis_id = finished(bench, 330)
    conversation = begun(bench, analysis_id)
    before = bench.rows()["analyses"]
    with answering(bench) as queue:
        beyond = asked(bench, conversation, "Look again at the second face between 50:10 and 50:20.")
        assert beyond["answer"]["proposal"] is None
        offered = asked(bench, conversation, "Look again at the second face.")
        scope = {"modalities": ["visual"], "range_s": None, "effort": "thorough", "explanations": None}
        assert offered["answer"]["proposal"] == {"analysis_id": analysis_id, "scope": scope, "instruction": ""}
        assert bench.rows()["analyses"] == before
        refused = asked(bench, conversation, "No, thanks")
        assert refused["answer"]["started"] is None
        again = asked(bench, conversation, "yes")
        assert again["answer"]["started"] is None, "what was turned down is no longer offered"
        asked(bench, conversation, "Look again at the second face.")
        started = asked(bench, conversation, "Yes please!")["answer"]["started"]
    assert bench.rows()["analyses"] == before + 1
    assert ("prepare.media", f"{started}:0:prepare.media") in queue.sent
    assert bench.client.get(f"/v1/conversations/{conversation}").json()["analysis_ids"] == [analysis_id, started]
    made = bench.client.get(f"/v1/analyses/{started}").json()
    assert (made["instruction"], made["scope"]) == ("", scope)


def test_deleting_an_analysis_deletes_what_was_said_about_it(bench: Bench) -> None:
    analysis_id, other = finished(bench, 340), finished(bench, 350)
    about_both, about_other = begun(bench, analysis_id, other), begun(bench, other)
    assert bench.client.delete(f"/v1/analyses/{analysis_id}").status_code == 204
    assert bench.client.get(f"/v1/conversations/{about_both}").status_code == 404
    assert bench.client.get(f"/v1/conversations/{about_other}").status_code == 200
    assert bench.client.delete(f"/v1/conversations/{about_other}").status_code == 204
    assert bench.client.get(f"/v1/conversations/{about_other}").json()["code"] == "conversation_not_found"
    assert bench.client.get(f"/v1/analyses/{other}").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "   "}, 422, "question_empty"),
        ({"text": "x" * 2001}, 422, "question_too_long"),
        ({"text": "x", "analysis_ids": ["an_" + "0" * 32]}, 404, "analysis_not_found"),
        ({"text": "x", "analysis_ids": ["no id\0"]}, 404, "analysis_not_found"),
        ({"words": "x"}, 400, "bad_request_body"),
        ({"text": "x" * 40_000}, 400, "bad_request_body"),
    ],
)
def test_what_is_no_question_is_refused(bench: Bench, body: dict[str, Any], status: int, code: str) -> None:
    conversation = begun(bench)
    answer = bench.client.post(f"/v1/conversations/{conversation}/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert bench.client.get(f"/v1/conversations/{conversation}").json()["messages"] == []


def test_an_outage_is_waited_for_and_a_fault_of_ours_is_told(bench: Bench) -> None:
    conversation = begun(bench)
    bench.client.post(f"/v1/conversations/{conversation}/messages", json={"text": "help"}, headers={"Prefer": "wait=0"})
    queue = MemoryQueue()
    sound = worker_of(bench, queue)
    faults: list[Exception] = [Unavailable("database_unavailable", "The database cannot be reached.")] * 4
    faults += [RuntimeError("surprise")] * 2

    def broken(_: str) -> tuple[Conversation, tuple[Turn, ...]]:
        raise faults.pop(0)

    failing = Worker(sound.ledger, replace(sound.dialogue, conversation=broken), queue)
    address = f"/v1/conversations/{conversation}/messages/1"
    for _ in range(len(faults)):
        assert not TurnStatus(bench.client.get(address).json()["status"]).is_final
        failing.answer(conversation)
        failing.answer(conversation)  # not due yet: nothing happens
        with bench.world.database.begin() as session:
            session.execute(text("UPDATE jobs SET due_at = now() WHERE status = 'submitted'"))
    message = bench.client.get(address).json()
    assert (message["status"], message["failure"]["code"]) == (TurnStatus.FAILED, "internal_error")


@dataclass(frozen=True)
class Person:
    """Somebody with a token of their own."""

    bench: Bench
    headers: dict[str, str] = field(default_factory=dict)


def token(settings: AuthSettings, subject: str) -> dict[str, str]:
    import jwt

    assert settings.jwt_secret is not None
    claims = {"sub": subject, "aud": settings.audience, "exp": datetime.now(UTC) + timedelta(hours=1)}
    signed = jwt.encode(claims, settings.jwt_secret.get_secret_value(), algorithm=settings.jwt_algorithm)
    return {"Authorization": f"Bearer {signed}"}


def test_nobody_reads_or_joins_what_is_anothers(settings: Settings) -> None:
    auth = AuthSettings.model_validate({"enabled": True, "jwt_secret": "s" * 40})
    with bench_of(settings.model_copy(update={"auth": auth})) as bench:
        alice, mallory = token(auth, "alice"), token(auth, "mallory")
        analysis_id = finished(bench, 360, **alice)
        conversation = begun(bench, analysis_id, **alice)
        base = f"/v1/conversations/{conversation}"
        for method, path, body in (
            ("GET", base, None),
            ("GET", f"{base}/messages", None),
            ("GET", f"{base}/messages/1", None),
            ("GET", f"{base}/messages/1/events", None),
            ("POST", f"{base}/messages", {"text": "is it fake?"}),
            ("DELETE", base, None),
        ):
            answer = bench.client.request(method, path, json=body, headers=mallory)
            assert (answer.status_code, answer.json()["code"]) == (404, "conversation_not_found"), path
        stolen = bench.client.post("/v1/conversations", json={"analysis_ids": [analysis_id]}, headers=mallory)
        assert (stolen.status_code, stolen.json()["code"]) == (404, "analysis_not_found")
        own = begun(bench, **mallory)
        joined = bench.client.post(
            f"/v1/conversations/{own}/messages",
            json={"text": "is it fake?", "analysis_ids": [analysis_id]},
            headers=mallory,
        )
        assert (joined.status_code, joined.json()["code"]) == (404, "analysis_not_found")
        named = f"What does {analysis_id} say? Read it."
        bench.client.post(
            f"/v1/conversations/{own}/messages", json={"text": named}, headers={**mallory, "Prefer": "wait=0"}
        )
        worker_of(bench, MemoryQueue()).answer(own)
        message = bench.client.get(f"/v1/conversations/{own}/messages/1", headers=mallory).json()
        assert "91.0" not in told(message)
        assert message["answer"]["declined"] is True
        assert bench.client.get("/v1/conversations", headers=mallory).json()["items"][0]["id"] == own
        assert bench.client.get(base).status_code == 401
