"""Links instead of files: fetched over real sockets, guarded at every step, checked like uploads, off by default."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Network
from typing import Any

import pytest

from core.errors import Rejected
from core.settings import LinkSettings, Settings
from deepwitness_client import Client, Problem
from egress.fetching import download
from tests.fixtures.servers import Quiet, serving
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_results import finish
from tests.integration.test_api_uploads import listening

OPENED = LinkSettings(enabled=True, allowed_networks=(IPv4Network("127.0.0.0/8"),), timeout_s=3)
PUBLIC = LinkSettings(enabled=True)
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A real HTTP server somewhere; `paths` says what is at each."""

    port: int = 0
    paths: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def holds(self, path: str, content: bytes, **headers: str) -> str:
        def give(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            for name, value in ({"Content_Length": str(len(content))} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(content)

        self.paths[path] = give
        return self.url(path)

    def leads(self, path: str, to: str) -> str:
        def lead(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.paths[path] = lead
        return self.url(path)


@pytest.fixture
def site() -> Iterator[Site]:
    state = Site()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            known = state.paths.get(self.path)
            try:
                if known is None:
                    self.send_error(404)
                else:
                    known(self)
            except OSError:
                return

    with serving(Handler) as state.port:
        yield state


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    limits = settings.limits.model_copy(update={"max_upload_bytes": 2_000_000})
    with bench_of(settings.model_copy(update={"links": OPENED, "limits": limits})) as made:
        yield made


def asked(bench: Bench, url: str, **more: Any) -> Any:
    headers = more.pop("headers", {})
    return bench.client.post("/v1/analyses", json={"url": url, **more}, headers=headers)


def refusal(bench: Bench, url: str) -> tuple[int, str]:
    before, kept = bench.rows(), len(bench.originals())
    answer = asked(bench, url)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert (bench.rows(), len(bench.originals())) == (before, kept)
    return answer.status_code, answer.json()["code"]


def test_the_file_behind_a_link_is_examined_like_an_upload(bench: Bench, site: Site) -> None:
    content = clip(tone=1500)
    url = site.holds("/clips/interview%20one.mp4?token=1", content)
    made = asked(bench, url + "#t=3", instruction="the voice")
    assert made.status_code == 202, made.text
    told = made.json()
    assert (told["file_name"], told["instruction"]) == ("interview one.mp4", "the voice")
    assert told["source_url"] == url + "#t=3"
    assert told["media"]["size_bytes"] == len(content)
    path, headers = site.asked[0]
    assert path == "/clips/interview%20one.mp4?token=1"
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"].startswith("Deepwitness/")
    again = bench.upload(content, "copy.mp4", "the voice")
    assert again.json()["id"] == told["id"]


def test_the_sender_may_name_the_file_and_the_caller_has_the_last_word(bench: Bench, site: Site) -> None:
    named = site.holds("/get?id=7", clip(tone=1501), Content_Disposition="attachment; filename*=UTF-8''..%2F%C3%A9.mp4")
    assert asked(bench, named).json()["file_name"] == "é.mp4"
    plain = site.holds("/get?id=8", clip(tone=1502))
    assert asked(bench, plain, file_name="mine.mp4").json()["file_name"] == "mine.mp4"
    assert asked(bench, site.holds("/", clip(tone=1503))).json()["file_name"] == "upload"


def test_redirections_are_followed_step_by_step(bench: Bench, site: Site) -> None:
    site.holds("/end.mp4", clip(tone=1504))
    site.leads("/middle", "end.mp4")
    made = asked(bench, site.leads("/start", site.url("/middle")))
    assert (made.status_code, made.json()["file_name"]) == (202, "end.mp4")
    assert [path for path, _ in site.asked] == ["/start", "/middle", "/end.mp4"]
    assert refusal(bench, site.leads("/round", "/round")) == (422, "link_unavailable")
    assert len(site.asked) < 15


def test_what_is_no_file_for_us_is_refused_without_a_trace(bench: Bench, site: Site) -> None:
    page = b"<!doctype html><title>A page</title>"
    assert refusal(bench, site.holds("/page", page, Content_Type="text/html; charset=utf-8")) == (415, "link_is_a_page")
    assert refusal(bench, site.holds("/text", b"just words, long enough")) == (415, "unsupported_format")
    assert refusal(bench, site.holds("/list.mp4", b"#EXTM3U\nhttp://127.0.0.1/x.ts")) == (415, "playlist_refused")
    assert refusal(bench, site.holds("/empty.mp4", b"")) == (422, "empty_file")
    assert refusal(bench, site.holds("/odd.mp4", bytes(range(256)) * 40)) == (415, "unsupported_format")
    assert refusal(bench, site.url("/absent.mp4")) == (422, "link_unavailable")
    packed = site.holds("/packed.mp4", b"\x1f\x8b", Content_Encoding="gzip")
    assert refusal(bench, packed) == (422, "link_unavailable")


def test_too_large_a_file_is_refused_by_its_word_and_by_its_bytes(bench: Bench, site: Site) -> None:
    read: list[int] = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            read.append(handler.wfile.write(b"\0" * 100_000))

    site.paths["/endless"] = endless
    assert refusal(bench, site.holds("/large", b"", Content_Length="3000000")) == (413, "too_large")
    assert refusal(bench, site.url("/endless")) == (413, "too_large")
    assert sum(read) < 50_000_000


def test_who_gives_a_byte_at_a_time_gains_no_time_by_it(bench: Bench, site: Site) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"\0")
            handler.wfile.flush()
            time.sleep(0.1)

    site.paths["/slow"] = trickle
    started = time.monotonic()
    assert refusal(bench, site.url("/slow")) == (422, "link_too_slow")
    assert time.monotonic() - started < 12


def test_a_connection_that_breaks_is_no_file(bench: Bench, site: Site) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"\0" * 10)

    site.paths["/cut"] = cut
    assert refusal(bench, site.url("/cut")) == (422, "link_unreachable")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert refusal(bench, f"http://127.0.0.1:{held.getsockname()[1]}/x") == (422, "link_unreachable")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a.mp4",
        "gopher://example.org/a",
        "//example.org/a.mp4",
        "just words",
        "http://user:pass@example.org/a.mp4",
        "http://exa mple.org/a.mp4",
        "http://[::1/a.mp4",
        "http://example.org:99999/a.mp4",
    ],
)
def test_an_address_that_is_none_is_refused(bench: Bench, url: str) -> None:
    assert refusal(bench, url) == (422, "link_refused")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.mp4",
        "http://localhost/a.mp4",
        "http://2130706433/a.mp4",
        "http://0x7f.1/a.mp4",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/a.mp4",
        "http://[::1]/a.mp4",
        "http://storage.internal/a.mp4",
    ],
)
def test_nothing_inside_is_reached(url: str) -> None:
    with pytest.raises(Rejected) as refused, download(PUBLIC, url):
        pass
    assert refused.value.code == "link_refused"


def test_every_step_is_resolved_and_checked_again(site: Site) -> None:
    """A public first step that redirects inside, and a name that changes its mind after it was checked."""
    site.leads("/start", "http://inside.example:9/secret")
    asked_for: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked_for.append(host)
        return ["127.0.0.1"] if host == "outside.example" else ["10.0.0.7"]

    url = f"http://outside.example:{site.port}/start"
    with pytest.raises(Rejected) as refused, download(OPENED, url, resolver=resolver):
        pass
    assert refused.value.code == "link_refused"
    assert asked_for == ["outside.example", "inside.example"]
    answers = iter((["127.0.0.1"], ["10.0.0.7"]))
    site.holds("/once.mp4", b"\0" * 600)
    with download(OPENED, f"http://outside.example:{site.port}/once.mp4", resolver=lambda *_: next(answers)) as found:
        assert b"".join(found.chunks) == b"\0" * 600
    mixed = ["127.0.0.1", "10.0.0.7"]
    with pytest.raises(Rejected), download(OPENED, url, resolver=lambda *_: mixed):
        pass


def test_a_link_is_fetched_once_under_its_key(bench: Bench, site: Site) -> None:
    url = site.holds("/keyed.mp4", clip(tone=1505))
    first, again = (asked(bench, url, headers={"Idempotency-Key": "link-1"}) for _ in range(2))
    assert (first.status_code, again.json()["id"], len(site.asked)) == (202, first.json()["id"], 1)
    other = asked(bench, url + "?other", headers={"Idempotency-Key": "link-1"})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_without_the_operators_word_nothing_is_fetched(settings: Settings, site: Site) -> None:
    assert settings.links == LinkSettings(enabled=False)
    url = site.holds("/a.mp4", clip(tone=1506))
    with bench_of(settings) as bench:
        assert bench.client.get("/v1/service").json()["links"] is False
        answer = asked(bench, url)
        assert (answer.status_code, answer.json()["code"]) == (403, "links_off")
        assert 'name="url"' not in bench.client.get("/").text
        bad = bench.client.post("/v1/analyses", json={"url": url, "upload_id": "up_1"})
        assert (bad.status_code, bad.json()["code"]) == (400, "bad_request_body")
    assert site.asked == []


def test_the_client_and_the_page_without_scripts_submit_links(bench: Bench, site: Site) -> None:
    url = site.holds("/client.mp4", clip(tone=1507))
    with listening(bench) as port, Client(f"http://127.0.0.1:{port}") as client:
        assert client.service().links
        made = client.submit_link(url, "the face", file_name="theirs.mp4")
        assert (made.analysis.file_name, made.analysis.source_url) == ("theirs.mp4", url)
        assert client.submit_link(url, "the face").known
        with pytest.raises(Problem, match="link_unavailable"):
            client.submit_link(site.url("/absent"))
    form = {"url": site.holds("/form.mp4", clip(tone=1508)), "instruction": "quick"}
    answer = bench.client.post("/analyses/link", data=form, follow_redirects=False)
    assert answer.status_code == 303
    shown = bench.client.get(answer.headers["location"])
    assert form["url"] in shown.text.replace("<wbr>", "")
    assert 'name="url"' in bench.client.get("/").text
    assert bench.client.post("/analyses/link", data={"url": "nonsense"}).status_code == 422


def test_a_finished_analysis_still_says_where_its_file_came_from(bench: Bench, site: Site) -> None:
    url = site.holds("/done.mp4", clip(tone=1509))
    found = asked(bench, url).json()["id"]
    finish(bench, found)
    assert bench.client.get(f"/v1/analyses/{found}").json()["source_url"] == url
