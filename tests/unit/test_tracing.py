"""Traces are off until asked for, and refuse to half work."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misconfigured
from core.settings import TelemetrySettings
from core.tracing import request_id_of_parent, span, start_tracing, trace_id_of


def test_nothing_is_imported_or_traced_until_asked_for() -> None:
    script = (
        "import sys; from core.tracing import span, start_tracing; from core.settings import TelemetrySettings\n"
        "start_tracing(TelemetrySettings(), 'x')\n"
        "with span('a', 'b', 'server', {}) as made: assert made is None\n"
        "print('opentelemetry' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"


def test_an_environment_that_switches_it_off_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with pytest.raises(Misconfigured, match="telemetry_switched_off"):
        start_tracing(TelemetrySettings(enabled=True), "test")
    with span("a", None, "server", {}) as made:
        assert made is None


@given(st.text(min_size=1, max_size=64))
def test_every_request_has_a_trace(request_id: str) -> None:
    found = trace_id_of(request_id)
    assert len(found) == 32
    assert int(found, 16)
    assert trace_id_of(found) == found


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", None),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_callers_trace_is_taken_up(header: str, found: str | None) -> None:
    assert request_id_of_parent(header) == found
