"""The doctor, over a healthy deployment and over each way it can be ill."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

import cli.doctor
from cli.doctor import Finding, Health, doctor
from core.settings import Settings
from stack.process import free_port
from store.database import Database
from store.ledger import PostgresJobLedger
from tests.integration.api_bench import bench_of, clip
from tests.integration.test_api_uploads import listening

Examine = Callable[..., tuple[int, dict[str, Finding]]]


@pytest.fixture
def examine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Runs the verb in the environment of a deployment; returns its exit code and findings by part."""
    deployed = {
        "DB__URL": settings.db.url.get_secret_value(),
        "BROKER__URL": settings.broker.url.get_secret_value(),
        "BLOBS__ENDPOINT": settings.blobs.endpoint,
        "BLOBS__SECURE": "false",
        "BLOBS__BUCKET_PREFIX": settings.blobs.bucket_prefix,
        "BLOBS__ACCESS_KEY": settings.blobs.access_key.get_secret_value(),
        "BLOBS__SECRET_KEY": settings.blobs.secret_key.get_secret_value(),
        "DEEPWITNESS_STATE": "/tmp",
    }
    monkeypatch.delenv("LLM__BASE_URL", raising=False)
    app = typer.Typer()
    app.command()(doctor)

    def run(*arguments: str, **changes: str | None) -> tuple[int, dict[str, Finding]]:
        with monkeypatch.context() as patched:
            for name, value in {**deployed, **changes}.items():
                patched.delenv(name, raising=False) if value is None else patched.setenv(name, value)
            ended = CliRunner().invoke(app, ["--json", *arguments])
        # The service of these tests logs to the same output.
        found = [Finding.model_validate_json(line) for line in ended.stdout.splitlines() if line[:1] == "{"]
        assert all(bool(each.advice) == (each.health is not Health.GOOD) for each in found), found
        return ended.exit_code, {each.part: each for each in found}

    return run


def test_a_healthy_deployment_has_nothing_bad(examine: Examine) -> None:
    code, found = examine()
    assert code == 0, found
    for part in ("python", "worker libraries", "ffmpeg", "weights", "settings", "database", "object storage"):
        assert found[part].health is Health.GOOD, found[part]
    assert found["broker"].health is not Health.BAD
    assert found["authentication"].health is Health.NOTE


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("database", {"DB__URL": "postgresql+psycopg2://u:p@127.0.0.1:1/x"}),
        ("broker", {"BROKER__URL": "redis://127.0.0.1:1/0"}),
        ("object storage", {"BLOBS__ENDPOINT": "127.0.0.1:1"}),
        ("object storage", {"BLOBS__SECRET_KEY": "another"}),
        ("settings", {"BROKER__URL": None}),
        ("settings", {"AUTH__ENABLED": "true"}),
    ],
)
def test_what_is_ill_is_named_and_nothing_else(examine: Examine, part: str, changes: dict[str, str | None]) -> None:
    code, found = examine(**changes)
    assert code == 1
    assert {each.part for each in found.values() if each.health is Health.BAD} == {part}


def test_a_database_that_is_behind_is_told_what_to_run(examine: Examine, settings: Settings) -> None:
    database = Database(settings.db)
    try:
        with database.begin() as session:
            newest = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        code, found = examine()
        assert (code, found["database"].health) == (1, Health.BAD)
        assert "store.migrations" in found["database"].advice
        with database.begin() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": newest})
    finally:
        database.dispose()


def test_a_service_tells_of_its_servers_and_of_work_that_nobody_takes(examine: Examine, settings: Settings) -> None:
    _, found = examine("--url", f"http://127.0.0.1:{free_port()}")
    assert found["service"].health is Health.BAD
    with bench_of(settings) as bench, listening(bench) as port:
        url = f"http://127.0.0.1:{port}"
        _, found = examine("--url", url)
        assert (found["service"].health, found["workers"].health) == (Health.GOOD, Health.GOOD)
        analysis_id = bench.upload(clip(tone=1200)).json()["id"]
        assert PostgresJobLedger(bench.world.database).of_analysis(analysis_id)
        with bench.world.database.begin() as session:
            session.execute(text("UPDATE jobs SET due_at = now() - interval '10 minutes'"))
        code, found = examine("--url", url)
        assert (code, found["workers"].health) == (1, Health.BAD)
        assert "prepare" in found["workers"].found


def test_a_language_model_that_is_away_is_no_illness(examine: Examine) -> None:
    code, found = examine(LLM__BASE_URL=f"http://127.0.0.1:{free_port()}/v1")
    assert (code, found["language model"].health) == (0, Health.NOTE)


def test_changed_weights_and_a_broken_check_are_findings(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[Finding]:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.doctor, "MODELS", "00000000")
    monkeypatch.setattr(cli.doctor, "machine", broken)
    code, found = examine()
    assert (code, found["weights"].health, found["machine"].health) == (1, Health.BAD, Health.BAD)
    assert json.loads(found["machine"].model_dump_json())["found"] == "This check itself failed: ZeroDivisionError."
