"""A scope comes in by every way that an instruction does, is kept, and is part of what makes two requests the same."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from core.settings import Settings
from deepwitness_client import Client, Scope, TimeRange
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_uploads import listening

pytestmark = pytest.mark.integration

VOICE: dict[str, Any] = {"modalities": ["audio"], "range_s": {"start_s": 0.2, "end_s": 0.9}}
KEPT = {**VOICE, "effort": None, "explanations": None}


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


def uploaded(bench: Bench, content: bytes) -> str:
    ticket = bench.client.post("/v1/uploads", json={"size_bytes": len(content)}).json()
    httpx.put(ticket["url"], content=content).raise_for_status()
    return str(ticket["upload_id"])


def form(bench: Bench, content: bytes, scope: object, **headers: str) -> Any:
    data = {"scope": scope if isinstance(scope, str) else json.dumps(scope)}
    return bench.client.post("/v1/analyses", files={"file": ("clip.mp4", content)}, data=data, headers=headers)


def test_form_upload_and_batch_with_the_same_scope_are_one_analysis(bench: Bench) -> None:
    content = clip(tone=2010)
    made = form(bench, content, VOICE)
    assert made.status_code == 202, made.text
    assert (made.json()["scope"], made.json()["instruction"]) == (KEPT, "")
    named = {"upload_id": uploaded(bench, content), "scope": VOICE}
    again = bench.client.post("/v1/analyses", json=named)
    assert again.json()["id"] == made.json()["id"], again.text
    assert again.headers["x-analysis-reused"] == "true"
    batch = bench.client.post(
        "/v1/batches", json={"uploads": [{"upload_id": uploaded(bench, content), "scope": VOICE}]}
    )
    (item,) = batch.json()["items"]
    assert (item["is_new"], item["analysis"]["id"]) == (False, made.json()["id"])
    assert bench.client.get(f"/v1/analyses/{made.json()['id']}").json()["scope"] == KEPT


def test_another_scope_or_none_is_another_analysis(bench: Bench) -> None:
    content = clip(tone=2020)
    asked: tuple[dict[str, Any], ...] = ({}, VOICE, {"effort": "quick"}, {"effort": "thorough"})
    ids = [form(bench, content, scope).json()["id"] for scope in asked]
    assert len(set(ids)) == len(asked)
    plain = bench.upload(content)
    assert plain.json()["id"] == ids[0], "an empty scope asks for nothing in particular"
    assert plain.json()["scope"] is None


def test_a_stretch_that_ends_later_ends_with_the_recording(bench: Bench) -> None:
    content = clip(tone=2030)
    made = form(bench, content, {"range_s": {"start_s": 0.2, "end_s": 500}}).json()
    length_s = made["media"]["duration_s"]
    assert made["scope"]["range_s"] == {"start_s": 0.2, "end_s": length_s}
    assert form(bench, content, {"range_s": {"start_s": 0.2, "end_s": length_s}}).json()["id"] == made["id"]


def test_an_idempotency_key_stands_for_the_scope_too(bench: Bench) -> None:
    content, key = clip(tone=2040), {"Idempotency-Key": "scope-1"}
    made = form(bench, content, VOICE, **key)
    assert form(bench, content, VOICE, **key).json()["id"] == made.json()["id"]
    for other in ({"effort": "quick"}, {}):
        refused = form(bench, content, other, **key)
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("only the voice", "It is a JSON object"),
        ({"effort": "hard"}, "`effort`"),
        ({"range_s": {"start_s": 90, "end_s": 99}}, "begins after the recording ends"),
        ("x" * 9000, "longer than any scope"),
    ],
)
def test_what_is_no_scope_of_the_file_is_refused_without_a_trace(bench: Bench, scope: object, said: str) -> None:
    before = bench.rows(), bench.originals()
    answer = form(bench, clip(tone=2050), scope)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_scope")
    assert said in answer.json()["detail"]
    assert (bench.rows(), bench.originals()) == before


@pytest.mark.parametrize("path", ["/v1/analyses", "/v1/conversations"])
def test_a_json_body_with_a_bad_scope_says_so(bench: Bench, path: str) -> None:
    named: dict[str, Any] = {"upload_id": f"up_{'0' * 48}", "scope": {"effort": "hard"}}
    if path == "/v1/analyses":
        answers = [bench.client.post(path, json=each) for each in (named, {"url": "https://x.org", "scope": []})]
    else:
        conversation = bench.client.post(path, json={}).json()["id"]
        answers = [bench.client.post(f"{path}/{conversation}/messages", json={"text": "Is it real?", "upload": named})]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_scope"), answer.text
    nothing = bench.client.post("/v1/analyses", json={})
    assert nothing.json()["code"] == "bad_request_body"


def test_the_client_sends_scopes(bench: Bench) -> None:
    with listening(bench) as port, Client(f"http://127.0.0.1:{port}") as client:
        scope = Scope(modalities=("visual",), range_s=TimeRange(start_s=0.1, end_s=0.8), explanations=())
        made = client.submit(io.BytesIO(clip(tone=2060)), file_name="clip.mp4", scope=scope)
        assert made.analysis.scope == scope
        upload_id = uploaded(bench, clip(tone=2060))
        again = client.submit_upload(upload_id, scope=scope)
        assert (again.known, again.analysis.id) == (True, made.analysis.id)
        (item,) = client.submit_batch([{"upload_id": uploaded(bench, clip(tone=2060)), "scope": scope}])
        assert item.analysis is not None
        assert item.analysis.id == made.analysis.id
