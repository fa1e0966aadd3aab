"""The whole service as `make serve` runs it: embedded servers, a worker and the API, in processes of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.embedded import Service, running_service
from deepwitness_client import Client

ROOT = Path(__file__).resolve().parents[2]
UNHURRIED = {"LIMITS__REQUESTS_PER_MINUTE": "100000", "LIMITS__UPLOADS_PER_HOUR": "100000"}
"""How many requests these tests make in a minute depends on the machine; the limits have tests of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    root = Path(tempfile.mkdtemp(prefix="deepwitness-e2e-"))
    root.chmod(0o755)
    try:
        with running_service(root, llm=False, settings=UNHURRIED, tell=lambda _: None) as running:
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
