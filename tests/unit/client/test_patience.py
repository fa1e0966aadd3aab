"""The client when the service says "later", for threads and for asyncio, and that the one is made from the other."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from deepwitness_client import AsyncClient, Client, Problem
from deepwitness_client._transfer import Patience

ROOT = Path(__file__).resolve().parents[3]
BEGUN = "2026-01-01T00:00:00Z"
ANALYSIS = {
    "id": "an_1", "file_name": "x.mp4", "instruction": "", "status": "queued", "stage": None, "pipeline_version": "1",
    "media": None, "verdict": None, "failure": None, "created_at": BEGUN, "finished_at": None,
}  # fmt: skip
EVENTS = [
    json.dumps({"id": number, "kind": kind, "message": "", "detail": {}, "created_at": BEGUN})
    for number, kind in ((1, "queued"), (2, "finished"))
]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def later(seconds: str = "0", status: int = 429) -> httpx.Response:
    problem = {"code": "rate_limited", "title": "x", "detail": "Too many requests."}
    return httpx.Response(status, headers={"Retry-After": seconds}, json=problem)


class Service:
    """Answers in turn, and remembers what it was sent."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.answers.pop(0)


def threads(service: Service, call: Callable[[Any], Any], **given: Any) -> Any:
    with Client("http://test", transport=httpx.MockTransport(service), **given) as client:
        found = call(client)
        return found if not hasattr(found, "__next__") else list(found)


def loop(service: Service, call: Callable[[Any], Any], **given: Any) -> Any:
    async def course() -> Any:
        async with AsyncClient("http://test", transport=httpx.MockTransport(service), **given) as client:
            found = call(client)
            return [each async for each in found] if hasattr(found, "__anext__") else await found

    return asyncio.run(course())


both = pytest.mark.parametrize("run", [threads, loop])


@both
def test_reading_waits_and_is_done_again(run: Callable[..., Any]) -> None:
    service = Service(later("1"), later(), httpx.Response(200, json=ANALYSIS))
    started = time.monotonic()
    assert run(service, lambda client: client.analysis("an_1")).id == "an_1"
    assert time.monotonic() - started >= 1.0
    assert len(service.seen) == 3


@both
def test_an_upload_refused_before_it_was_read_goes_up_again_whole(run: Callable[..., Any]) -> None:
    service = Service(later(), httpx.Response(202, json=ANALYSIS))
    told: list[tuple[int, int]] = []
    file = io.BytesIO(b"header" + b"content" * 1000)
    file.seek(6)
    run(service, lambda client: client.submit(file, progress=lambda sent, total: told.append((sent, total))))
    first, second = (request.read() for request in service.seen)
    assert b"content" * 1000 in second
    assert b"header" not in second
    assert len(first) == len(second)
    assert told == [(7000, 7000)] * 2


@both
def test_events_wait_too_and_go_on_where_they_were(run: Callable[..., Any]) -> None:
    first, second = (
        httpx.Response(200, headers={"Content-Type": "text/event-stream"}, text=f"data: {event}\n\n")
        for event in EVENTS
    )
    service = Service(later(), first, later(), second)
    events = run(service, lambda client: client.events("an_1"))
    assert [each.kind for each in events] == ["queued", "finished"]
    assert [request.headers["last-event-id"] for request in service.seen] == ["0", "0", "1", "1"]


@both
@pytest.mark.parametrize(
    "call", [lambda client: client.analysis("an_1"), lambda client: client.events("an_1")], ids=["read", "events"]
)
def test_nobody_waits_for_longer_than_they_said(run: Callable[..., Any], call: Callable[[Any], Any]) -> None:
    service = Service(later("3600"))
    with pytest.raises(Problem, match="rate_limited") as refused:
        run(service, call)
    assert refused.value.retry_after_s == 3600
    several = Service(*(later("1") for _ in range(9)))
    started = time.monotonic()
    with pytest.raises(Problem):
        run(several, call, patience_s=1.5)
    assert (len(several.seen), time.monotonic() - started < 10) == (2, True)


@both
def test_what_may_have_been_done_is_not_done_again(run: Callable[..., Any]) -> None:
    service = Service(later(status=503))
    with pytest.raises(Problem):
        run(service, lambda client: client.cancel("an_1"))
    keyed = Service(later(status=503), httpx.Response(202, json=ANALYSIS))
    run(keyed, lambda client: client.submit_upload("up_1", idempotency_key="k"))
    assert len(keyed.seen) == 2


@both
def test_asking_whether_it_lives_does_not_wait(run: Callable[..., Any]) -> None:
    started = time.monotonic()
    assert run(Service(later("30")), lambda client: client.is_alive()) is False
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("asked_s", [0.0, 0.5, 7.0, 59.0])
def test_all_pauses_together_stay_within_the_patience(asked_s: float) -> None:
    patience, problem = Patience(2, 60.0, repeatable=False), Problem(429, "rate_limited", "Later.")
    problem.retry_after_s = asked_s
    pauses = []
    while (pause_s := patience.after_refusal(problem)) is not None:
        pauses.append(pause_s)
    assert all(each >= max(asked_s, 0.1) for each in pauses)
    assert 0 < sum(pauses) <= 60


def test_a_date_is_understood_as_well() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with pytest.raises(Problem) as refused:
        threads(Service(later(at)), lambda client: client.analysis("an_1"))
    assert refused.value.retry_after_s == pytest.approx(3600, abs=30)
    with pytest.raises(Problem) as vague:
        threads(Service(later("soon")), lambda client: client.analysis("an_1"), patience_s=0)
    assert vague.value.retry_after_s is None


@both
def test_nothing_that_follows_is_the_end_and_no_broken_stream(run: Callable[..., Any]) -> None:
    service = Service(httpx.Response(204))
    assert run(service, lambda client: client.events("an_1", after=2)) == []
    assert service.seen[0].headers["last-event-id"] == "2"


def test_the_client_for_threads_is_the_one_for_asyncio_without_await() -> None:
    command = [sys.executable, str(ROOT / "deploy" / "make-sync-client"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0, "run `make client`"
