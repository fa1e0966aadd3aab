"""Webhooks from registration to a checked message at a real receiver: signed, retried, guarded, logged."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Network
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from standardwebhooks import Webhook as Checker

from core.errors import Misconfigured
from core.jobs import DELIVER
from core.settings import Settings, WebhookSettings
from core.vault import Vault, is_sealed
from egress.guard import AddressRefused
from egress.sending import TimedOut, post
from store.ledger import PostgresJobLedger
from store.webhooks import PostgresOutbox, seal_stored
from tasks.jobs import deliver
from tasks.policy import DELIVERY_PAUSES_S, pause_delivery
from tasks.recovery import recover
from tasks.runner import run_job
from tests.fixtures.servers import Quiet, serving
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_results import finish

KEY = SecretStr("5a" * 32)
OPENED = WebhookSettings(key=KEY, allow_http=True, allowed_networks=(IPv4Network("127.0.0.0/8"),), timeout_s=5)


@dataclass
class Receiver:
    """A real HTTP server that keeps what it is sent and answers what it is told to."""

    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    pace_s: float = 0.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            state.got.append(({name.lower(): value for name, value in self.headers.items()}, content))
            self.send_response(state.answers.pop(0) if state.answers else 204)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for _ in range(int(state.pace_s * 10)):
                try:
                    self.wfile.write(b".")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.1)

    with serving(Handler) as state.port:
        yield state


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings.model_copy(update={"webhooks": OPENED})) as made:
        yield made


@dataclass(frozen=True)
class Worker:
    """What delivering uses of a worker's context: the real ledger and outbox, the real queue."""

    settings: Settings
    ledger: PostgresJobLedger
    outbox: PostgresOutbox
    queue: Any

    def run(self, job_id: str) -> None:
        run_job(self, {deliver.JOB.name: deliver.JOB}, job_id, "worker")  # type: ignore[arg-type]


@pytest.fixture
def worker(bench: Bench) -> Any:
    with bench.world.database.begin() as session:
        session.execute(text("DELETE FROM webhooks"))
        session.execute(text("DELETE FROM jobs WHERE analysis_id IS NULL"))
    return worker_of(bench, bench.world.vault)


def worker_of(bench: Bench, vault: Vault | None) -> Worker:
    world = bench.world
    return Worker(world.settings, PostgresJobLedger(world.database), PostgresOutbox(world.database, vault), world.queue)


def registered(bench: Bench, receiver: Receiver, *notices: str) -> tuple[str, str]:
    body = {"url": receiver.url} | ({"notices": notices} if notices else {})
    made = bench.client.post("/v1/webhooks", json=body)
    assert made.status_code == 201, made.text
    return made.json()["webhook"]["id"], made.json()["secret"]


def due(worker: Worker) -> list[str]:
    """Ids of the deliveries' jobs that are to be sent now."""
    unsent = worker.ledger.take_unsent(datetime.now(UTC) - timedelta(seconds=30))
    return [job.spec.id for job in unsent if job.spec.task == DELIVER.name]


def deliver_due(worker: Worker) -> int:
    found = due(worker)
    for job_id in found:
        worker.run(job_id)
    return len(found)


def log_of(bench: Bench, webhook_id: str) -> list[dict[str, Any]]:
    return list(bench.client.get(f"/v1/webhooks/{webhook_id}/deliveries").json()["items"])


def make_due(bench: Bench) -> None:
    with bench.world.database.begin() as session:
        session.execute(text("UPDATE jobs SET due_at = now(), sent_at = NULL WHERE status = 'submitted'"))
        session.execute(text("UPDATE jobs SET lease_until = now() WHERE status = 'running'"))


def test_the_end_of_an_analysis_is_told_and_signed(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, secret = registered(bench, receiver)
    uploaded = bench.upload(clip(tone=600), "interview.mp4").json()
    assert deliver_due(worker) == 0
    finish(bench, uploaded["id"])
    assert deliver_due(worker) == 1
    headers, body = receiver.got[0]
    told = Checker(secret).verify(body, headers)
    assert told["type"] == "analysis.finished"
    data = told["data"]
    assert (data["analysis_id"], data["outcome"], data["status"]) == (uploaded["id"], "fake", "finished")
    assert data["media_sha256"] == uploaded["media"]["sha256"]
    assert headers["content-type"] == "application/json"
    (logged,) = log_of(bench, webhook_id)
    assert (logged["id"], logged["status"], logged["analysis_id"]) == (
        headers["webhook-id"],
        "delivered",
        uploaded["id"],
    )
    assert [(each["result"], each["status"]) for each in logged["attempts"]] == [("delivered", 204)]
    assert deliver_due(worker) == 0
    # What is told of an analysis is forgotten with it.
    assert bench.client.delete(f"/v1/analyses/{uploaded['id']}").status_code == 204
    assert log_of(bench, webhook_id) == []


def test_only_what_was_subscribed_to_and_only_the_owners(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, _ = registered(bench, receiver, "analysis.cancelled")
    first, second = (bench.upload(clip(tone=tone)).json()["id"] for tone in (610, 611))
    finish(bench, first)
    bench.client.post(f"/v1/analyses/{second}/cancel")
    assert [each["notice"] for each in log_of(bench, webhook_id)] == ["analysis.cancelled"]
    with bench.world.database.begin() as session:
        session.execute(text("INSERT INTO users (id, subject) VALUES ('us_x', 'x') ON CONFLICT DO NOTHING"))
        session.execute(text("UPDATE webhooks SET owner_id = 'us_x'"))
    third = bench.upload(clip(tone=612)).json()["id"]
    bench.client.post(f"/v1/analyses/{third}/cancel")
    with bench.world.database.begin() as session:
        assert session.execute(text("SELECT count(*) FROM deliveries")).scalar_one() == 1
    assert bench.client.get(f"/v1/webhooks/{webhook_id}").json()["code"] == "webhook_not_found"


def test_a_failure_is_told_again_after_growing_pauses_and_then_given_up(
    bench: Bench, receiver: Receiver, worker: Any
) -> None:
    webhook_id, secret = registered(bench, receiver)
    receiver.answers = [500] * 7
    asked = bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    assert (asked.status_code, asked.json()["status"]) == (202, "pending")
    for number, pause_s in enumerate((*DELIVERY_PAUSES_S, None), start=1):
        assert deliver_due(worker) == 1
        (logged,) = log_of(bench, webhook_id)
        assert len(logged["attempts"]) == number
        if pause_s is not None:
            ahead_s = (datetime.fromisoformat(logged["next_attempt_at"]) - datetime.now(UTC)).total_seconds()
            assert 0.85 * pause_s < ahead_s < 1.15 * pause_s
            assert deliver_due(worker) == 0
            make_due(bench)
    assert (logged["status"], logged["next_attempt_at"]) == ("failed", None)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert all(Checker(secret).verify(body, headers) for headers, body in receiver.got)
    again = bench.client.post(f"/v1/webhooks/{webhook_id}/deliveries/{logged['id']}/resend")
    assert again.status_code == 202
    assert bench.client.post(f"/v1/webhooks/{webhook_id}/deliveries/{logged['id']}/resend").status_code == 409
    assert deliver_due(worker) == 1
    assert log_of(bench, webhook_id)[0]["status"] == "delivered"


def test_messages_go_through_the_queue_and_count_once(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, _ = registered(bench, receiver)
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    for _ in range(2):
        recover(worker)  # type: ignore[arg-type]
    ((job_id,),) = bench.messages("webhooks")
    for _ in range(3):
        worker.run(job_id)
    assert len(receiver.got) == 1


def test_a_killed_attempt_is_made_again(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, _ = registered(bench, receiver)
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    (job_id,) = due(worker)
    assert worker.ledger.claim(job_id, "killed", 60.0) is not None
    assert deliver_due(worker) == 0
    make_due(bench)
    assert deliver_due(worker) == 1
    assert log_of(bench, webhook_id)[0]["status"] == "delivered"


def test_a_worker_killed_after_the_delivery_and_before_its_record_in_the_ledger_sends_nothing_again(
    bench: Bench, receiver: Receiver, worker: Any
) -> None:
    webhook_id, _ = registered(bench, receiver)
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    (job_id,) = due(worker)
    worker.run(job_id)
    with bench.world.database.begin() as session:
        session.execute(text("UPDATE jobs SET status = 'running', lease_until = now() WHERE id = :id"), {"id": job_id})
    worker.run(job_id)
    assert len(receiver.got) == 1
    assert len(log_of(bench, webhook_id)[0]["attempts"]) == 1


def test_an_address_that_is_gone_is_switched_off_until_its_owner_says_otherwise(
    bench: Bench, receiver: Receiver, worker: Any
) -> None:
    webhook_id, _ = registered(bench, receiver)
    receiver.answers = [410]
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    deliver_due(worker)
    assert bench.client.get(f"/v1/webhooks/{webhook_id}").json()["is_active"] is False
    refused = bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_inactive")
    changed = bench.client.patch(f"/v1/webhooks/{webhook_id}", json={"is_active": True, "description": "newsroom"})
    assert (changed.json()["is_active"], changed.json()["description"]) == (True, "newsroom")
    assert bench.client.post(f"/v1/webhooks/{webhook_id}/test").status_code == 202


def test_a_renewed_secret_signs_beside_the_former_one(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, former = registered(bench, receiver)
    renewed = bench.client.post(f"/v1/webhooks/{webhook_id}/secret").json()["secret"]
    assert renewed != former
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    deliver_due(worker)
    headers, body = receiver.got[0]
    for secret in (former, renewed):
        assert Checker(secret).verify(body, headers)["type"] == "webhook.test"
    with bench.world.database.begin() as session:
        session.execute(text("UPDATE webhooks SET former_until = now() - interval '1 second'"))
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    deliver_due(worker)
    assert len(receiver.got[1][0]["webhook-signature"].split()) == 1


def test_a_redirect_is_an_answer_like_any_other(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, _ = registered(bench, receiver)
    receiver.answers, receiver.headers = [302], {"Location": receiver.url, "Retry-After": "900"}
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    deliver_due(worker)
    (logged,) = log_of(bench, webhook_id)
    assert [(each["result"], each["status"]) for each in logged["attempts"]] == [("answered_otherwise", 302)]
    assert len(receiver.got) == 1
    assert datetime.fromisoformat(logged["next_attempt_at"]) > datetime.now(UTC) + timedelta(seconds=880)


def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to(receiver: Receiver) -> None:
    closed = OPENED.model_copy(update={"allowed_networks": ()})
    for host in ("localhost", "2130706433", "0x7f.1", "127.1"):
        with pytest.raises(AddressRefused):
            post(closed, f"http://{host}:{receiver.port}/", {}, b"{}")
    for answers in (["127.0.0.1"], ["8.8.8.8", "169.254.169.254"], ["::ffff:10.0.0.1"], []):
        with pytest.raises(AddressRefused):
            post(closed, "http://rebound.example/", {}, b"{}", resolver=lambda *_, given=answers: given)  # type: ignore[misc]
    with pytest.raises(AddressRefused):
        post(closed.model_copy(update={"allow_http": False}), receiver.url, {}, b"{}")
    assert receiver.got == []
    answer = post(OPENED, f"http://rebound.example:{receiver.port}/", {}, b"{}", resolver=lambda *_: ["127.0.0.1"])
    assert answer.status == 204
    assert receiver.got[0][0]["host"] == f"rebound.example:{receiver.port}"


def test_one_deadline_holds_for_a_receiver_that_answers_drop_by_drop(receiver: Receiver) -> None:
    receiver.answers, receiver.pace_s = [200], 30
    started = time.monotonic()
    with pytest.raises(TimedOut):
        post(OPENED.model_copy(update={"timeout_s": 1.0}), receiver.url, {}, b"{}")
    assert time.monotonic() - started < 3


def test_pauses_end_and_a_longer_wish_is_granted() -> None:
    assert [pause_delivery(attempt) is None for attempt in range(1, 8)] == [False] * 6 + [True]
    assert pause_delivery(1, 120.0) == 120.0
    assert pause_delivery(1, 10.0**7) == 86_400.0


def test_registration_has_rules(bench: Bench, receiver: Receiver, worker: Any) -> None:
    for url in ("https://u:p@example.org/", "ftp://example.org/", "https://169.254.169.254/latest"):
        refused = bench.client.post("/v1/webhooks", json={"url": url})
        assert (refused.status_code, refused.json()["code"]) == (422, "webhook_url_refused"), url
    unknown = bench.client.post("/v1/webhooks", json={"url": receiver.url, "notices": ["analysis.dreamt"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalid_request")
    assert bench.client.get("/v1/webhooks").json()["items"] == []
    for _ in range(20):
        webhook_id, secret = registered(bench, receiver)
    full = bench.client.post("/v1/webhooks", json={"url": receiver.url})
    assert (full.status_code, full.json()["code"]) == (422, "too_many_webhooks")
    listed = bench.client.get("/v1/webhooks")
    assert len(listed.json()["items"]) == 20
    assert secret not in listed.text
    assert bench.client.delete(f"/v1/webhooks/{webhook_id}").status_code == 204
    assert bench.client.get(f"/v1/webhooks/{webhook_id}").status_code == 404
    for number in range(3):
        bench.client.post(f"/v1/webhooks/{listed.json()['items'][number]['id']}/test")
    assert json.loads(bench.client.get(f"/v1/webhooks/{webhook_id}/deliveries").content)["code"] == "webhook_not_found"


# ------------------------------------------------------------------------------------------------ secrets at rest


def stored_secrets(bench: Bench, webhook_id: str) -> tuple[str, str | None]:
    with bench.world.database.begin() as session:
        query = text("SELECT secret, former_secret FROM webhooks WHERE id = :id")
        secret, former = session.execute(query, {"id": webhook_id}).one()
    return secret, former


def test_secrets_lie_sealed_and_sign_all_the_same(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, secret = registered(bench, receiver)
    renewed = bench.client.post(f"/v1/webhooks/{webhook_id}/secret").json()["secret"]
    for stored in stored_secrets(bench, webhook_id):
        assert stored is not None
        assert is_sealed(stored)
        assert "whsec_" not in stored
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    assert deliver_due(worker) == 1
    headers, body = receiver.got[0]
    for each in (secret, renewed):
        assert Checker(each).verify(body, headers)["type"] == "webhook.test"


def test_secrets_from_before_there_was_a_key_sign_and_are_sealed(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, _ = registered(bench, receiver)
    clear = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    with bench.world.database.begin() as session:
        old = text("UPDATE webhooks SET secret = :clear, former_secret = :clear WHERE id = :id")
        session.execute(old, {"clear": clear, "id": webhook_id})
    for expected in (1, 0):
        bench.client.post(f"/v1/webhooks/{webhook_id}/test")
        assert deliver_due(worker) == 1
        assert Checker(clear).verify(receiver.got[-1][1], receiver.got[-1][0])
        assert bench.world.vault is not None
        assert seal_stored(bench.world.database, bench.world.vault) == expected
        assert all(is_sealed(each or "") for each in stored_secrets(bench, webhook_id))


def test_without_the_key_a_delivery_waits_and_nothing_is_lost(bench: Bench, receiver: Receiver, worker: Any) -> None:
    webhook_id, secret = registered(bench, receiver)
    bench.client.post(f"/v1/webhooks/{webhook_id}/test")
    for vault, code in ((None, "vault_key_missing"), (Vault(SecretStr("77" * 32)), "vault_key_wrong")):
        keyless = worker_of(bench, vault)
        with pytest.raises(Misconfigured) as refused:
            keyless.outbox.take(log_of(bench, webhook_id)[0]["id"])
        assert refused.value.code == code
        assert deliver_due(keyless) == 1
        assert receiver.got == []
        assert log_of(bench, webhook_id)[0]["status"] == "pending"
        make_due(bench)
    assert deliver_due(worker) == 1
    assert Checker(secret).verify(receiver.got[0][1], receiver.got[0][0])


def test_without_a_key_no_webhook_is_made(settings: Settings, receiver: Receiver) -> None:
    bare = OPENED.model_copy(update={"key": None})
    with bench_of(settings.model_copy(update={"webhooks": bare})) as keyless:
        before = keyless.client.get("/v1/webhooks").json()
        answer = keyless.client.post("/v1/webhooks", json={"url": receiver.url})
        assert (answer.status_code, answer.json()["code"]) == (403, "webhooks_off")
        assert keyless.client.get("/v1/webhooks").json() == before
        assert 'id="new-webhook"' not in keyless.client.get("/settings").text
