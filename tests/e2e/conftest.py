"""The whole service as `make serve` runs it: embedded servers, a worker and the API, in processes of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cli.embedded import Service, running_service
from deepwitness_client import Client
from tests.e2e.browsing import CHROMIUM, is_foreign
from tests.e2e.receivers import Collector, Receiver, receiving

ROOT = Path(__file__).resolve().parents[2]
UNHURRIED = {"LIMITS__REQUESTS_PER_MINUTE": "100000", "LIMITS__UPLOADS_PER_HOUR": "100000"}
"""How many requests these tests make in a minute depends on the machine; the limits have tests of their own."""

TALKING = {
    "TELEMETRY__ENABLED": "true",
    "OTEL_SDK_DISABLED": "false",
    "WEBHOOKS__ALLOW_HTTP": "true",
    "WEBHOOKS__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    "LINKS__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where the service of these tests sends its traces."""
    made = Collector()
    with receiving(made.take, "/v1/traces") as made.url:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An address that wants to be told."""
    made = Receiver()
    with receiving(made.take, "/hook") as made.url:
        yield made


@pytest.fixture(scope="session")
def service(collector: Collector) -> Iterator[Service]:
    root = Path(tempfile.mkdtemp(prefix="deepwitness-e2e-"))
    root.chmod(0o755)
    try:
        with running_service(
            root,
            llm=False,
            settings={**UNHURRIED, **TALKING, "TELEMETRY__ENDPOINT": collector.url},
            tell=lambda _: None,
        ) as running:
            yield running
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    with Client(service.url) as made:
        yield made


@pytest.fixture(scope="session")
def interview() -> Path:
    return ROOT / "samples" / "interview.mp4"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module of tests: while it is there, its event loop runs in this thread, and no other can."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=service.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, service: Service) -> Iterator[Page]:
    """A page on which no script fails, and which asks nobody but the service and its storage."""
    opened = context.new_page()
    faults: list[str] = []
    allowed = {urlsplit(service.url).netloc, service.variables["BLOBS__ENDPOINT"]}
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    opened.on("request", lambda request: faults.append(request.url) if is_foreign(request.url, allowed) else None)
    yield opened
    assert faults == []


@pytest.fixture(scope="session")
def examined(service: Service) -> str:
    """The sample, examined once for every test that looks at a result."""
    sample = Path(__file__).resolve().parents[2] / "samples" / "interview.mp4"
    with Client(service.url) as client:
        analysis_id = client.submit(sample).analysis.id
        assert list(client.events(analysis_id))[-1].kind == "finished"
    return analysis_id
