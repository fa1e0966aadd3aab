"""The published client against the service over a real socket: every operation, broken connections, the examples."""

from __future__ import annotations

import asyncio
import inspect
import io
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook as Signer

from core.settings import AuthSettings, Settings
from core.version import VERSION
from deepwitness_client import (
    AnalysisFailed,
    AsyncClient,
    Client,
    Problem,
    ServiceUnreachable,
    WebhookRefused,
    _operations,
    check_webhook,
)
from stack.process import free_port
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_results import finish
from tests.integration.test_api_uploads import listening
from tests.integration.test_webhooks import OPENED, deliver_due, worker_of

EXAMPLES = Path(__file__).resolve().parents[2] / "deepwitness_client" / "examples"
FOR_BROWSERS = {"log_in", "log_out", "read_shared_document"}
"""Operations that only a browser has use for: a program sends its token and reads reports, not shared links."""
STREAMS = {"follow_analysis", "follow_message"}


@dataclass(frozen=True)
class Served:
    bench: Bench
    url: str


@pytest.fixture(scope="module")
def served(settings: Settings) -> Iterator[Served]:
    with bench_of(settings.model_copy(update={"webhooks": OPENED})) as bench, listening(bench) as port:
        yield Served(bench, f"http://127.0.0.1:{port}")


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    with Client(served.url) as made:
        yield made


def test_every_operation_of_the_service_has_its_own(served: Served) -> None:
    described = served.bench.client.get("/openapi.json").json()
    names = {each["operationId"] for methods in described["paths"].values() for each in methods.values()}
    defined = [each for each in vars(_operations).values() if inspect.isfunction(each)]
    ours = {each.__name__ for each in defined if each.__module__ == _operations.__name__}
    ours = {name for name in ours if not name.startswith("_")}
    spelled = {"submit": "submit_analysis", "submit_upload": "submit_analysis", "submit_link": "submit_analysis"}
    assert names - FOR_BROWSERS - STREAMS == {spelled.get(name, name) for name in ours}


def test_both_clients_have_the_same_methods() -> None:
    def methods(kind: type) -> dict[str, list[tuple[str, str]]]:
        found = {}
        for name, each in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_") or name == "__init__":
                given = inspect.signature(each).parameters.values()
                found[name] = [(each.name, str(each.annotation).replace("AsyncBase", "Base")) for each in given]
        return found

    assert methods(Client) == methods(AsyncClient)


def test_a_file_goes_up_with_progress_and_its_result_comes_down(served: Served, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "interview.mp4"
    path.write_bytes(clip(seconds=3.0, tone=900))
    told: list[tuple[int, int]] = []
    submitted = client.submit(path, "the voice", progress=lambda sent, total: told.append((sent, total)))
    assert (submitted.known, submitted.analysis.file_name, submitted.analysis.status) == (False, path.name, "queued")
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert client.submit(io.BytesIO(path.read_bytes()), "the voice", file_name="again.mp4").known
    found = submitted.analysis.id
    with pytest.raises(Problem) as early:
        client.result(found)
    assert (early.value.code, early.value.status, bool(early.value.request_id)) == ("not_finished", 409, True)
    assert "What to do" in httpx.get(early.value.type).text
    with pytest.raises(TimeoutError):
        client.wait(found, timeout_s=0)
    finish(served.bench, found)
    assert client.wait(found).status == "finished"
    result = client.result(found)
    assert (result.verdict, result.report.verdict.outcome) == ("Fake", "fake")
    report = client.report(found)
    assert report.narrative.sentences[0].citations
    assert report.model_dump(mode="json")["manifest"]["media_sha256"]
    assert client.report_pdf(found) == b"%PDF-1.7"
    picture = client.download(found, "heatmap-1", tmp_path / "map.png")
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["interview.mp4", "map.png"]
    assert client.timeline(found).analysis_id == found
    assert httpx.get(client.media(found).url).content == path.read_bytes()
    assert {each.id for each in client.artefacts(found)} >= {"heatmap-1", "report-pdf"}
    kinds = [event.kind for event in client.events(found)]
    assert (kinds[0], kinds[-1]) == ("queued", "finished")
    assert client.page("interview", kind="video").items[0].id == found
    assert [each.id for each in client.analyses("interview")] == [found]
    client.delete(found)
    with pytest.raises(Problem, match="analysis_not_found"):
        client.analysis(found)


def test_what_surrounds_an_analysis(served: Served, client: Client) -> None:
    first, second = (client.submit(io.BytesIO(clip(tone=tone))).analysis.id for tone in (910, 911))
    for each in (first, second):
        finish(served.bench, each)
    compared = client.compare(first, second)
    assert (compared.same_verdict, compared.first.analysis.id, compared.second.analysis.id) == (True, first, second)
    share = client.share(first, expires_in_hours=1)
    assert share.url is not None
    token = share.url.rpartition("/")[2]
    assert client.shared(token).report.analysis_id == first
    assert client.shared_media(token).media_type == "video/mp4"
    client.withdraw_share(first, client.shares(first)[0].id)
    with pytest.raises(Problem):
        client.shared(token)
    client.give_feedback(first, "wrong", truth="real", comment="ours")
    assert [each.judgement for each in client.feedback(first)] == ["wrong"]
    with pytest.raises(Problem, match="nothing_to_explain"):
        client.second_opinion(second, "lime")
    with pytest.raises(Problem, match="not_signed"):
        client.signing_key()
    again = client.examine_region(second, 0.0, 0.5, "picture")
    assert again.analysis.id not in (first, second)
    assert client.cancel(again.analysis.id).status == "cancelled"
    with pytest.raises(AnalysisFailed) as cancelled:
        client.wait(again.analysis.id)
    assert cancelled.value.code == "cancelled"
    assert (client.service().authentication, client.is_ready(), client.is_alive()) == (False, True, True)
    assert "deepwitness_http_requests_total" in client.metrics()


def test_large_files_pass_by_the_service(client: Client) -> None:
    told: list[int] = []
    content = clip(tone=920)
    made = client.submit_direct(io.BytesIO(content), file_name="far.mp4", progress=lambda sent, _: told.append(sent))
    assert (made.analysis.file_name, told[-1]) == ("far.mp4", len(content))
    small = clip(tone=921)
    ticket = client.begin_upload(len(small))
    httpx.put(ticket.url, content=small).raise_for_status()
    good, bad = client.submit_batch([{"upload_id": ticket.upload_id}, {"upload_id": "up_none"}])
    assert (good.is_new, bad.problem and bad.problem.code) == (True, "upload_not_found")


def test_conversations_are_kept_and_removed(client: Client) -> None:
    found = client.submit(io.BytesIO(clip(tone=930))).analysis.id
    talk = client.begin_conversation(found)
    message = client.ask(talk.id, "Which face is manipulated?", wait_s=1)
    assert (message.number, message.is_final) == (1, False)
    assert client.message(talk.id, 1).text == "Which face is manipulated?"
    assert [each.number for each in client.messages(talk.id)] == [1]
    assert client.conversation(talk.id).analysis_ids == (found,)
    assert talk.id in [each.id for each in client.conversations()]
    client.delete_conversation(talk.id)
    with pytest.raises(Problem, match="conversation_not_found"):
        client.conversation(talk.id)


def test_webhooks_are_managed_and_messages_checked(served: Served, client: Client) -> None:
    made = client.create_webhook("http://127.0.0.1:9/hook", notices=["analysis.finished"], description="desk")
    hook = made.webhook.id
    assert client.webhook(hook).description == "desk"
    assert client.change_webhook(hook, is_active=False).is_active is False
    client.change_webhook(hook, is_active=True)
    delivery = client.test_webhook(hook)
    assert client.deliveries(hook).items[0].id == delivery.id
    with pytest.raises(Problem, match="delivery_pending"):
        client.resend(hook, delivery.id)
    assert client.renew_webhook_secret(hook) != made.secret
    assert [each.id for each in client.webhooks()] == [hook]
    client.delete_webhook(hook)
    assert client.webhooks() == ()


def test_a_message_is_believed_only_when_signed_and_fresh() -> None:
    from datetime import UTC, datetime, timedelta

    secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = '{"type":"analysis.finished","timestamp":"2026-01-01T00:00:00Z","data":{"analysis_id":"an_1"}}'

    def signed(at: datetime, by: str = secret) -> dict[str, str]:
        signature = Signer(by).sign("msg_1", at, body)
        return {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}

    now = datetime.now(UTC)
    notice = check_webhook(secret, signed(now), body.encode())
    assert (notice.id, notice.type, notice.data["analysis_id"]) == ("msg_1", "analysis.finished", "an_1")
    refused: list[tuple[dict[str, str], bytes]] = [
        (signed(now - timedelta(minutes=6)), body.encode()),
        (signed(now + timedelta(minutes=6)), body.encode()),
        (signed(now, "whsec_" + "A" * 32), body.encode()),
        (signed(now), body.replace("an_1", "an_2").encode()),
        ({**signed(now), "Webhook-Id": "msg_2"}, body.encode()),
        ({**signed(now), "Webhook-Signature": "nonsense"}, body.encode()),
        ({}, body.encode()),
        (signed(now), b"\xff"),
    ]
    for headers, content in refused:
        with pytest.raises(WebhookRefused):
            check_webhook(secret, headers, content)


def test_keys_are_made_used_and_revoked(settings: Settings) -> None:
    from api.keys import create_key

    auth = AuthSettings(enabled=True, jwt_secret=SecretStr("of at least thirty-two characters, surely"))
    with bench_of(settings.model_copy(update={"auth": auth})) as bench, listening(bench) as port:
        url = f"http://127.0.0.1:{port}"
        with Client(url) as stranger, pytest.raises(Problem, match="unauthenticated"):
            stranger.page()
        with Client(url, create_key(bench.world.database, "ada", "first", None)) as client:
            key = client.create_key("second", expires_in_days=1)
            with Client(url, key) as other:
                assert other.page().items == ()
            made = {each.name: each.id for each in client.keys()}  # noqa: SIM118 - not a dictionary
            client.revoke_key(made["second"])
            with Client(url, key) as other, pytest.raises(Problem, match="unauthenticated"):
                other.page()


def test_a_broken_stream_is_taken_up_where_it_broke(served: Served) -> None:
    found = served.bench.upload(clip(tone=940)).json()["id"]
    finish(served.bench, found)
    cut: list[str] = []

    class Cutting(httpx.HTTPTransport):
        """Breaks the first two streams after their first event."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            if "/events" in request.url.path and len(cut) < 2:
                cut.append(request.headers["last-event-id"])
                whole = b"".join(response.stream)  # type: ignore[arg-type]
                first = whole.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"

                def broken() -> Iterator[bytes]:
                    yield first
                    raise httpx.ReadError("cut")

                return httpx.Response(200, headers=[("content-type", "text/event-stream")], content=broken())
            return response

    with Client(served.url, transport=Cutting()) as client:
        events = list(client.events(found))
    assert cut == ["0", "1"]
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert events[-1].kind == "finished"


def test_a_service_that_is_away_is_said_to_be() -> None:
    with Client(f"http://127.0.0.1:{free_port()}", retries=0) as client:
        assert (client.is_ready(), client.is_alive()) == (False, False)
        with pytest.raises(ServiceUnreachable, match="cannot be reached"):
            client.page()


def test_reading_is_repeated_when_the_service_asks_for_it_and_uploading_is_not() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        problem = {"code": "database_unavailable", "detail": "Later.", "title": "x"}
        return httpx.Response(503, headers={"Retry-After": "0"}, json=problem)

    with Client("http://test", transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(Problem, match="database_unavailable"):
            client.page()
        assert seen == ["GET"] * 3
        with pytest.raises(Problem):
            client.submit(io.BytesIO(b"x"))
        assert seen == ["GET"] * 3 + ["POST"]


def test_a_large_upload_beyond_the_limit_is_told_so(settings: Settings) -> None:
    """It is refused before it is read; what is refused then is the answer, not a broken connection."""
    limits = settings.limits.model_copy(update={"uploads_per_hour": 1})
    with (
        bench_of(settings.model_copy(update={"limits": limits})) as bench,
        listening(bench) as port,
        Client(f"http://127.0.0.1:{port}") as client,
    ):
        client.submit(io.BytesIO(clip(tone=945)))
        with pytest.raises(Problem) as told:
            client.submit(io.BytesIO(b"\0" * 30_000_000))
    refused = told.value
    assert (refused.code, refused.status) == ("rate_limited", 429)
    assert refused.retry_after_s is not None
    assert refused.retry_after_s > 3000


def test_the_asynchronous_client_does_the_same(served: Served, tmp_path: Path) -> None:
    async def course() -> None:
        async with AsyncClient(served.url) as client:
            told: list[int] = []
            made = await client.submit(io.BytesIO(clip(tone=950)), progress=lambda sent, _: told.append(sent))
            assert told
            await asyncio.to_thread(finish, served.bench, made.analysis.id)
            kinds = [event.kind async for event in client.events(made.analysis.id)]
            assert kinds[-1] == "finished"
            assert (await client.wait(made.analysis.id)).is_final
            assert (await client.result(made.analysis.id)).verdict == "Fake"
            path = await client.download(made.analysis.id, "heatmap-1", tmp_path / "map.png")
            assert path.read_bytes()[:4] == b"\x89PNG"
            assert made.analysis.id in [each.id async for each in client.analyses()]
            far = await client.submit_direct(io.BytesIO(clip(tone=951)), file_name="far.mp4")
            assert far.analysis.file_name == "far.mp4"
            with pytest.raises(Problem, match="analysis_not_found"):
                await client.analysis("an_none")

    asyncio.run(course())


def run_example(name: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES.parents[1])}
    command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish_next(served: Served, known: set[str], count: int) -> None:
    """Do the workers' part for so many new analyses."""
    deadline = time.monotonic() + 40
    while count and time.monotonic() < deadline:
        for each in served.bench.client.get("/v1/analyses").json()["items"]:
            if each["id"] not in known:
                known.add(each["id"])
                finish(served.bench, each["id"])
                count -= 1
        time.sleep(0.2)
    assert count == 0


@pytest.mark.parametrize(("name", "files"), [("analyze.py", 1), ("many.py", 2)])
def test_the_examples_run(served: Served, tmp_path: Path, name: str, files: int) -> None:
    paths = [tmp_path / f"{number}.mp4" for number in range(files)]
    for number, path in enumerate(paths):
        path.write_bytes(clip(tone=960 + 10 * files + number))
    known = {each["id"] for each in served.bench.client.get("/v1/analyses", params={"limit": 100}).json()["items"]}
    running = run_example(name, served.url, *(str(path) for path in paths))
    finish_next(served, known, files)
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 0, output
    assert output.count("Fake") + output.count(": fake") == files, output


def test_the_example_of_a_receiver_runs(served: Served) -> None:
    worker = worker_of(served.bench, served.bench.world.vault)
    stopped = threading.Event()

    def work() -> None:
        while not stopped.wait(0.2):
            deliver_due(worker)

    thread = threading.Thread(target=work)
    thread.start()
    running = run_example("receive.py", served.url, str(free_port()))
    try:
        output, _ = running.communicate(timeout=60)
    finally:
        stopped.set()
        thread.join()
    assert running.returncode == 0, output
    assert output.startswith("webhook.test"), output
    assert served.bench.client.get("/v1/webhooks").json()["items"] == []


def test_the_package_can_be_built_and_stands_alone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(EXAMPLES.parent, source, ignore=shutil.ignore_patterns("__pycache__", "examples"))
    build = "import sys, setuptools.build_meta as backend; print(backend.build_wheel(sys.argv[1]))"
    ended = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=source, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (wheel,) = tmp_path.glob("deepwitness_client-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
        archive.extractall(tmp_path / "installed")
    assert {"deepwitness_client/py.typed", "deepwitness_client/_async/client.py"} <= set(names)
    assert "Requires-Dist: httpx" in metadata
    assert f"\nVersion: {VERSION}\n" in metadata
    script = "import deepwitness_client, sys; print(deepwitness_client.__file__, 'core' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == [str(tmp_path / "installed" / "deepwitness_client" / "__init__.py"), "False"]
