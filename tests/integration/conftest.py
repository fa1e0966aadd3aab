"""Real PostgreSQL, Valkey and S3, started once; a database, a broker index and buckets of its own for each module."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from core.settings import (
    BlobSettings,
    BrokerSettings,
    DatabaseSettings,
    LimitSettings,
    LogSettings,
    Settings,
)
from stack.launcher import StackEnvironment, running_stack
from store.blobs import MinioBlobStore
from store.migrations import upgrade

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/integration" in str(item.path):
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def stack() -> Iterator[StackEnvironment]:
    """The embedded servers, for the whole session of this test process."""
    root = Path(tempfile.mkdtemp(prefix="deepwitness-test-"))
    root.chmod(0o755)
    try:
        with running_stack(root) as environment:
            yield environment
    finally:
        shutil.rmtree(root, ignore_errors=True)


def create_database(stack: StackEnvironment, name: str, template: str = "template1") -> str:
    """The address of a new database, a copy of `template`."""
    given = stack.variables["DB__URL"]
    connection = psycopg2.connect(given.replace("+psycopg2", ""))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    connection.close()
    return f"{given.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def migrated(stack: StackEnvironment) -> str:
    """The name of a migrated database that others are copied from."""
    upgrade(create_database(stack, "migrated"))
    return "migrated"


@pytest.fixture(scope="module")
def settings(stack: StackEnvironment, migrated: str) -> Settings:
    """Settings of a fresh, migrated database, an empty broker index and buckets nobody else uses."""
    number = next(_numbers)
    given = stack.variables
    url = create_database(stack, f"module_{number}", migrated)
    broker = given["BROKER__URL"].rpartition("/")[0] + f"/{number % 16}"
    client = redis.Redis.from_url(broker)
    client.flushdb()
    client.close()
    made = Settings(
        db=DatabaseSettings.model_validate({"url": url}),
        broker=BrokerSettings.model_validate({"url": broker}),
        blobs=BlobSettings.model_validate(
            {
                "endpoint": given["BLOBS__ENDPOINT"],
                "access_key": given["BLOBS__ACCESS_KEY"],
                "secret_key": given["BLOBS__SECRET_KEY"],
                "secure": False,
                "bucket_prefix": f"module{number}-",
            }
        ),
        limits=LimitSettings(requests_per_minute=100_000, uploads_per_hour=100_000, decode_timeout_s=30),
        log=LogSettings(level="WARNING"),
    )
    MinioBlobStore(made.blobs).ensure_buckets()
    return made
