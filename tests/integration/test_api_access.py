"""Who may see what, how often, and what the service says when its own servers are away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from api.keys import create_key
from core.jobs import Queue
from core.settings import AuthSettings, BlobSettings, BrokerSettings, DatabaseSettings, Settings
from stack.process import free_port
from tests.integration.api_bench import Bench, bench_of, clip

SECRET = "a secret of the tests, long enough for anybody, and for HS512 as well, to be sure"


@pytest.fixture(scope="module")
def guarded(settings: Settings) -> Settings:
    auth = AuthSettings.model_validate({"enabled": True, "jwt_secret": SECRET})
    return settings.model_copy(update={"auth": auth})


@pytest.fixture(scope="module")
def bench(guarded: Settings) -> Iterator[Bench]:
    with bench_of(guarded) as made:
        yield made


def token(subject: str, *, secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> dict[str, str]:
    given = {"sub": subject, "aud": "deepwitness", "exp": datetime.now(UTC) + timedelta(minutes=5), **claims}
    kept = {name: value for name, value in given.items() if value is not None}
    return {"Authorization": f"Bearer {jwt.encode(kept, secret, algorithm=algorithm)}"}


def test_a_stranger_is_turned_away(bench: Bench) -> None:
    refused: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic dTpw"},
        {"X-API-Key": "dw_guessed"},
        token("ada", secret="another secret, just as long as the true one, which nobody ever shared, not even once"),
        token("ada", algorithm="HS512"),
        token("ada", exp=datetime.now(UTC) - timedelta(seconds=1)),
        token("ada", exp=None),
        token("ada", aud="elsewhere"),
        token("x" * 300),
        {"Authorization": "Bearer " + jwt.encode({"sub": "ada", "aud": "deepwitness", "exp": 2**31}, "", "none")},
    ]
    for headers in refused:
        for answer in (
            bench.client.get("/v1/analyses", headers=headers),
            bench.upload(clip(), **headers),
            bench.client.post("/v1/uploads", json={"size_bytes": 9}, headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), headers
            assert answer.headers["www-authenticate"] == "Bearer"
    assert bench.rows()["analyses"] == 0
    assert bench.client.get("/healthz").status_code == 200


def test_what_is_somebody_elses_is_not_there(bench: Bench) -> None:
    ada, eve = token("ada"), token("eve")
    made = bench.upload(clip(tone=500), **ada).json()["id"]
    base = f"/v1/analyses/{made}"
    assert bench.client.get(base, headers=ada).status_code == 200
    paths = ("", "/events", "/result", "/report.json", "/report.pdf", "/artefacts", "/artefacts/heatmap-1")
    answers = [bench.client.get(base + path, headers=eve) for path in paths]
    answers += [bench.client.post(f"{base}/cancel", headers=eve), bench.client.delete(base, headers=eve)]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "analysis_not_found")}
    assert bench.client.get("/v1/analyses", headers=eve).json()["items"] == []
    assert bench.client.get(base, headers=ada).json()["status"] == "queued"
    assert bench.client.get("/v1/analyses/an_%00", headers=eve).json()["code"] == "analysis_not_found"
    assert bench.client.get("/compare?first=an_%00&second=an_%00", headers=eve).status_code == 404
    hers = bench.upload(clip(tone=500), **eve)
    assert (hers.status_code, hers.json()["id"] == made) == (202, False)
    given = bench.client.post("/v1/uploads", json={"size_bytes": 9}, headers=ada).json()["upload_id"]
    stolen = bench.client.post("/v1/analyses", json={"upload_id": given}, headers=eve)
    assert (stolen.status_code, stolen.json()["code"]) == (404, "upload_not_found")


def test_an_api_key_stands_for_its_owner(bench: Bench) -> None:
    made = bench.upload(clip(tone=510), **token("grace")).json()["id"]
    key = create_key(bench.world.database, "grace", "laptop", 1)
    for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert bench.client.get(f"/v1/analyses/{made}", headers=headers).status_code == 200
    (kept,) = bench.client.get("/v1/keys", headers=token("grace")).json()["items"]
    assert bench.client.get("/v1/analyses", headers={"X-API-Key": key}).json()["items"][0]["id"] == made
    (later,) = bench.client.get("/v1/keys", headers=token("grace")).json()["items"]
    assert later["last_used_at"] == kept["last_used_at"] is not None, "noted once a minute"
    assert bench.client.delete(f"/v1/keys/{kept['id']}", headers=token("grace")).status_code == 204
    for path in ("/v1/analyses", f"/v1/analyses/{made}"):
        assert bench.client.get(path, headers={"X-API-Key": key}).status_code == 401
    expired = create_key(bench.world.database, "grace", "old", -1)
    assert bench.client.get(f"/v1/analyses/{made}", headers={"X-API-Key": expired}).status_code == 401


def test_reads_and_uploads_have_limits_of_their_own(settings: Settings) -> None:
    limits = settings.limits.model_copy(update={"requests_per_minute": 4, "uploads_per_hour": 2})
    with bench_of(settings.model_copy(update={"limits": limits}), client=("192.0.2.1", 5)) as bench:
        assert [bench.upload(clip(tone=520)).status_code for _ in range(2)] == [202, 202]
        refused = bench.upload(clip(tone=520))
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 3600
        reads = [bench.client.get("/v1/analyses") for _ in range(5)]
        assert [each.status_code for each in reads] == [200, 200, 200, 200, 429]
        assert 1 <= int(reads[-1].headers["retry-after"]) <= 60
        assert bench.client.get("/healthz").status_code == 200
    with bench_of(settings.model_copy(update={"limits": limits}), client=("192.0.2.2", 5)) as bench:
        assert bench.client.get("/v1/analyses").status_code == 200
        assert bench.client.get("/v1/analyses", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 200


def away() -> str:
    return f"127.0.0.1:{free_port()}"


def without(settings: Settings, server: str) -> Settings:
    branch: dict[str, Any]
    match server:
        case "database":
            branch = {"db": DatabaseSettings.model_validate({"url": f"postgresql+psycopg2://u:p@{away()}/x"})}
        case "broker":
            branch = {"broker": BrokerSettings.model_validate({"url": f"redis://{away()}/0"})}
        case _:
            branch = {"blobs": BlobSettings.model_validate({**dict(settings.blobs), "endpoint": away()})}
    return settings.model_copy(update=branch)


def test_readiness_asks_every_server(settings: Settings) -> None:
    with bench_of(settings) as bench:
        assert bench.client.get("/readyz").json()["status"] == "ok"


@pytest.mark.parametrize("server", ["database", "broker", "blobs"])
def test_readiness_names_the_server_that_is_away(settings: Settings, server: str) -> None:
    with bench_of(without(settings, server)) as bench:
        answer = bench.client.get("/readyz")
        assert (answer.status_code, answer.json()["failing"]) == (503, [server])
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
        assert bench.client.get("/healthz").status_code == 200


def test_a_full_disk_refuses_uploads_at_once_and_readiness_says_so(settings: Settings) -> None:
    limits = settings.limits.model_copy(update={"min_free_bytes": 1 << 60})
    with bench_of(settings.model_copy(update={"limits": limits})) as bench:
        before = bench.rows()
        answers = [bench.upload(clip(tone=560)), bench.client.post("/v1/uploads", json={"size_bytes": 9})]
        for answer in answers:
            assert (answer.status_code, answer.json()["code"]) == (503, "no_space")
        ready = bench.client.get("/readyz")
        assert (ready.status_code, ready.json()["failing"]) == (503, ["disk"])
        assert bench.rows() == before
        bench.world.outages.look()
        time.sleep(4.1)
        assert [each["name"] for each in bench.client.get("/v1/service").json()["away"]] == ["disk", "workers"]
        page = bench.client.get("/").text
        assert "The disk is full." in page
        assert "No worker takes jobs at the moment." in page
        bench.world.queue.note_worker(list(Queue))
        bench.world.outages.look()
        assert [each["name"] for each in bench.client.get("/v1/service").json()["away"]] == ["disk"]


def test_without_the_database_or_the_storage_an_upload_may_come_again_later(settings: Settings) -> None:
    for server, code in (("database", "database_unavailable"), ("blobs", "blobs_unavailable")):
        with bench_of(without(settings, server)) as bench:
            answer = bench.upload(clip(tone=530))
            assert (answer.status_code, answer.json()["code"]) == (503, code)
            assert answer.headers["retry-after"]
    with bench_of(settings) as bench:
        assert bench.upload(clip(tone=530)).status_code == 202


def test_without_the_broker_nobody_is_held_up_and_the_job_waits_in_the_ledger(settings: Settings) -> None:
    with bench_of(without(settings, "broker")) as bench:
        before = bench.rows()["jobs"]
        started = time.monotonic()
        answer = bench.upload(clip(tone=540))
        assert answer.status_code == 202
        assert time.monotonic() - started < 15
        assert bench.rows()["jobs"] == before + 1


def test_figures_are_by_route_and_name_nobody(settings: Settings) -> None:
    with bench_of(settings) as bench:
        made = bench.upload(clip(tone=550)).json()["id"]
        bench.client.get(f"/v1/analyses/{made}")
        bench.client.get("/nowhere/at/all")
        text = bench.client.get("/metrics").text
        assert (
            'deepwitness_http_requests_total{method="GET",route="/v1/analyses/{analysis_id}",status="200"} 1.0' in text
        )
        assert 'deepwitness_problems_total{code="not_found"} 1.0' in text
        assert 'deepwitness_analyses_accepted_total{new="true"} 1.0' in text
        assert made not in text
        assert "nowhere" not in text
