"""What `status` says about a service whose processes have ended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.__main__ import make_app
from cli.embedded import _announce, away_of_running


def test_a_process_that_ended_is_named_with_the_moment_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPWITNESS_STATE", str(tmp_path))
    since = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    _announce(tmp_path, "http://127.0.0.1:1", {"Valkey": since})
    assert away_of_running(tmp_path) == {"Valkey": since}
    told = CliRunner().invoke(make_app(), ["status"])
    assert "Valkey ended at 2026-01-02 03:04:05 UTC and is being started again" in told.stderr
    _announce(tmp_path, "http://127.0.0.1:1", {})
    assert away_of_running(tmp_path) == {}
