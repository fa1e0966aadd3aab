"""The application without its servers: what it loads, what it says of itself, how it words trouble."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import jwt
import pytest
from fastapi import APIRouter, FastAPI, Header, Response
from fastapi import Path as InPath
from fastapi.testclient import TestClient
from pydantic import SecretStr, TypeAdapter, ValidationError
from starlette.requests import Request

from api.http.app import create_app
from api.http.auth import Caller, Reader, address_of, subject_of
from api.http.composition import InWorld
from api.http.errors import status_of
from api.http.middleware import MOST_BODY_BYTES
from api.http.origins import check_host, check_origin
from api.http.parameters import Moment, wait_of
from api.http.reads import plain_read
from api.schemas import BeginUpload, Health
from core.errors import DeepwitnessError, Defect, Misconfigured, Rejected, Unavailable
from core.settings import ApiSettings, AuthSettings, BlobSettings, BrokerSettings, DatabaseSettings, Settings
from core.types import Scope

ROOT = Path(__file__).resolve().parents[3]


def settings(**branches: object) -> Settings:
    return Settings.model_validate(
        {
            "db": DatabaseSettings(url=SecretStr("postgresql+psycopg2://u:p@127.0.0.1:1/x")),
            "broker": BrokerSettings(url=SecretStr("redis://127.0.0.1:1/0")),
            "blobs": BlobSettings(
                endpoint="127.0.0.1:1", access_key=SecretStr("a"), secret_key=SecretStr("s"), secure=False
            ),
            **branches,
        }
    )


@pytest.fixture
def app() -> FastAPI:
    return create_app(settings())


def test_a_plain_read_takes_the_caller_parts_of_the_path_and_one_model_of_the_query() -> None:
    def refused(endpoint: Any) -> None:
        with pytest.raises(TypeError):
            plain_read(APIRouter(), "/{number}", response_model=Health, responses={})(endpoint)

    def open_to_all(world: InWorld, number: Annotated[int, InPath()]) -> Response: ...

    def with_a_header(world: InWorld, caller: Reader, agent: Annotated[str, Header()]) -> Response: ...

    def with_a_model(world: InWorld, caller: Reader, number: Annotated[int, InPath()]) -> Health: ...

    for each in (open_to_all, with_a_header, with_a_model):
        refused(each)


def test_every_fault_of_a_plain_read_is_named(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.reads.reader", lambda request, world: Caller("us_1"))
    client = TestClient(app)
    answer = client.get("/v1/analyses?limit=0&limit=many&status=lost&created_from=7&unknown=1")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "query.limit", "rule": "int_parsing"},
        {"field": "query.status", "rule": "enum"},
        {"field": "query.created_from", "rule": "value_error"},
    ]
    assert client.get("/v1/analyses/an_1").json()["code"] == "analysis_not_found"


def test_the_process_loads_no_model_no_agent_and_no_task() -> None:
    script = (
        "import sys, api.__main__, api.http.app\n"
        "banned = {'tensorflow', 'keras', 'langgraph', 'langchain_core', 'crewai', 'detectors', 'explainers', 'agents',"
        " 'tools', 'training', 'stack', 'tasks.wiring', 'tasks.app', 'cv2', 'av', 'numba', 'shap'}\n"
        "print(sorted(banned & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == "[]", ended.stderr


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Rejected("analysis_not_found", ""), 404),
        (Rejected("not_finished", ""), 409),
        (Rejected("too_large", ""), 413),
        (Rejected("playlist_refused", ""), 415),
        (Rejected("corrupt_media", ""), 422),
        (Rejected("a_code_nobody_listed", ""), 422),
        (Unavailable("database_unavailable", ""), 503),
        (Misconfigured("odd", ""), 500),
        (Defect("odd", ""), 500),
    ],
)
def test_the_table_from_errors_to_statuses(error: DeepwitnessError, status: int) -> None:
    assert status_of(error) == status


def test_trouble_is_worded_and_says_nothing_of_the_inside(app: FastAPI) -> None:
    @app.get("/crash")
    def crash() -> None:
        raise ZeroDivisionError("a secret of the inside")

    @app.get("/defect")
    def defect() -> None:
        raise Defect("not_prepared", "a secret of the inside")

    client = TestClient(app)
    for path in ("/crash", "/defect"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "secret" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
    absent = client.get("/absent")
    assert (absent.status_code, absent.json()["code"]) == (404, "not_found")
    assert absent.headers["content-type"] == "application/problem+json"
    assert client.delete("/healthz").json()["code"] == "method_not_allowed"


def test_every_answer_carries_an_id_and_the_security_headers(app: FastAPI) -> None:
    client = TestClient(app)
    answer = client.get("/healthz", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    odd = client.get("/healthz", headers={"X-Request-Id": "a b\tc"})
    assert odd.headers["x-request-id"] != "a b\tc"


def test_nobody_is_led_from_one_scheme_to_another() -> None:
    """A redirect would hide that a credential went over the line unencrypted."""
    public = ApiSettings(public_url="https://deepwitness.example", trusted_proxies=1)
    client = TestClient(create_app(settings(api=public)), "http://deepwitness.example", follow_redirects=False)
    answers = [
        client.get(path, headers={"X-Forwarded-Proto": "http"}) for path in ("/healthz", "/healthz/", "/v1/keys/")
    ]
    assert answers[0].status_code == 200
    assert not [each for each in answers if each.headers.get("location", "").startswith("https:")]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/uploads"), ("PUT", "/v1/retention"), ("POST", "/v1/batches")]
)
def test_nobody_has_more_of_a_request_kept_in_memory_than_any_needs(app: FastAPI, method: str, path: str) -> None:
    """Bodies are read before it is known who sends them."""
    taken_bytes, sent = 0, list[Any]()

    async def receive() -> dict[str, object]:
        nonlocal taken_bytes
        taken_bytes += 1 << 20
        return {"type": "http.request", "body": bytes(1 << 20), "more_body": taken_bytes < 1 << 30}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
    }
    asyncio.run(app({**scope, "headers": headers, "http_version": "1.1", "client": ("127.0.0.1", 1)}, receive, send))
    problem = json.loads(sent[1]["body"])
    assert (sent[0]["status"], problem["code"]) == (400, "bad_request_body")
    assert problem["detail"] == "The body is longer than this request can be."
    assert taken_bytes <= MOST_BODY_BYTES + (1 << 20)


def test_the_description_documents_problems_and_both_ways_to_submit(app: FastAPI) -> None:
    described = app.openapi()
    submit = described["paths"]["/v1/analyses"]["post"]
    assert set(submit["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v1"):
                assert "429" in operation["responses"], (path, method)
    refused = submit["responses"]["413"]["content"]["application/problem+json"]
    assert refused["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "Problem" in described["components"]["schemas"]


def test_every_operation_with_a_body_says_that_a_body_can_be_unreadable(app: FastAPI) -> None:
    lacking = [
        f"{method} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation and "400" not in operation["responses"]
    ]
    assert lacking == []


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/keys", "GET, POST"),
        ("/v1/session", "DELETE, POST"),
        ("/v1/retention", "GET, PUT"),
        (f"/v1/webhooks/wh_{'0' * 32}", "DELETE, GET, PATCH"),
        ("/readyz", "GET"),
    ],
)
def test_a_method_that_is_not_taken_is_answered_with_all_that_are(app: FastAPI, path: str, allowed: str) -> None:
    answer = TestClient(app).request("TRACE", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_moment_is_written_out_and_is_no_number() -> None:
    moment = TypeAdapter[datetime](Moment)
    assert moment.validate_python("2026-01-02T03:04:05+01:00") == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    for wrong in ("1700000000", 1700000000, "1700000000.5", "2026-01-02T03:04:05", "2026", ""):
        with pytest.raises(ValidationError):
            moment.validate_python(wrong)


@pytest.mark.parametrize("wrong", [True, "10", None])
def test_only_a_number_is_a_number(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Scope.model_validate_json(json.dumps({"range_s": {"start_s": wrong, "end_s": 30}}))
    with pytest.raises(ValidationError):
        BeginUpload.model_validate_json(json.dumps({"size_bytes": wrong}))
    assert Scope.model_validate_json('{"range_s": {"start_s": 10, "end_s": 30.5}}').range_s is not None


def test_the_reference_can_be_switched_off() -> None:
    client = TestClient(create_app(settings(api=ApiSettings(docs=False))))
    assert client.get("/openapi.json").status_code == client.get("/docs").status_code == 404


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [("", 0), ("wait=5", 5), ("respond-async, wait=10", 10), ("wait=999", 60), ("wait=-1", 0), ("await=3", 0)],
)
def test_the_preference_to_wait(prefer: str, seconds: int) -> None:
    assert wait_of(prefer) == seconds


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("198.51.100.9", 0, "192.0.2.1"),
        ("203.0.113.5, 198.51.100.9", 1, "198.51.100.9"),
        ("203.0.113.5, 198.51.100.9", 2, "203.0.113.5"),
        ("198.51.100.9", 2, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(forwarded: str, proxies: int, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "headers": headers, "client": ("192.0.2.1", 1)})
    assert address_of(request, proxies) == address


def test_a_token_of_another_key_names_nobody() -> None:
    secret = "of at least thirty-two characters, surely"
    auth = AuthSettings(enabled=True, jwt_secret=SecretStr(secret))
    claims = {"sub": "ada", "aud": "deepwitness", "exp": 2**31}
    assert subject_of(jwt.encode(claims, secret, "HS256"), auth)[0] == "ada"
    with pytest.raises(Rejected, match="unauthenticated"):
        subject_of(jwt.encode(claims, secret[::-1], "HS256"), auth)


def asked(host: str, origin: str | None = None, method: str = "POST") -> Request:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    return Request({"type": "http", "method": method, "path": "/", "query_string": b"", "headers": headers})


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8000",
        "[::1]:8000",
        "localhost:8000",
        "api:8000",
        "192.168.1.7",
        "box.local",
        "witness.example.org:8443",
    ],
)
def test_a_service_without_authentication_answers_to_names_of_its_own(host: str) -> None:
    check_host(asked(host), ApiSettings(public_url="https://witness.example.org"))


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example.:80", "[::1", "local.evil.example"]
)
def test_and_to_no_name_that_a_stranger_can_let_point_here(host: str) -> None:
    with pytest.raises(Rejected, match="not known under the name") as caught:
        check_host(asked(host), ApiSettings())
    assert status_of(caught.value) == 421


def test_another_sites_page_changes_nothing_and_a_program_may() -> None:
    settings = ApiSettings(cors_origins=("https://friend.example",))
    for origin in ("https://evil.example", "null", "http://localhost:3000", ""):
        with pytest.raises(Rejected, match="another site"):
            check_origin(asked("localhost:8000", origin), settings, origin_needed=False)
    for origin in ("http://localhost:8000", "https://friend.example", settings.public_url, None):
        check_origin(asked("localhost:8000", origin), settings, origin_needed=False)
    check_origin(asked("localhost:8000", "https://evil.example", "GET"), settings, origin_needed=False)
    with pytest.raises(Rejected, match="another site"):
        check_origin(asked("localhost:8000"), settings, origin_needed=True)


def test_a_file_of_the_page_with_a_nul_in_its_name_is_not_there(app: FastAPI) -> None:
    assert TestClient(app).get("/static/x/%00.js").status_code == 404
