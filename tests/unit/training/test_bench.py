"""The gate of the benchmark, and the figures that it reads of processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from training.bench.gate import name_machine, read_baseline, worsened, write_baseline
from training.bench.processes import descendants, peak_resident_bytes, use_of
from training.bench.reads import PATH, read_steadily


def test_what_got_worse_by_more_than_is_tolerated_is_named() -> None:
    before = {"verdict / decode": 2.0, "report / decode": 4.0, "decode of a minute, s": 1.0, "gone": 1.0}
    now = {"verdict / decode": 2.4, "report / decode": 4.4, "decode of a minute, s": 9.0, "new": 9.0}
    assert worsened(now, before) == ("verdict / decode: 2.40, +20% against 2.00.",)
    assert worsened(before, before) == ()


def test_every_kind_of_machine_has_a_baseline_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    assert read_baseline("2 cores, AMX", path) == {}
    write_baseline({"verdict / decode": 2.34567}, "2 cores, AMX", path)
    write_baseline({"verdict / decode": 3.0}, "2 cores, VNNI", path)
    assert read_baseline("2 cores, AMX", path) == {"verdict / decode": 2.346}
    assert read_baseline("2 cores, VNNI", path) == {"verdict / decode": 3.0}


@pytest.mark.parametrize(
    ("flags", "told"),
    [("avx2 amx_int8 avx512_vnni", "AMX"), ("avx2 avx_vnni", "VNNI"), ("avx2", "neither AMX nor VNNI")],
)
def test_a_machine_is_named_by_what_multiplies_8_bits(tmp_path: Path, flags: str, told: str) -> None:
    processor = tmp_path / "cpuinfo"
    processor.write_text(f"flags : fpu {flags}\n")
    assert name_machine(processor).endswith(f", {told}")


def test_a_child_counts_with_its_parent() -> None:
    alone = use_of(os.getpid())
    held = subprocess.Popen(
        [sys.executable, "-c", "kept = bytearray(50_000_000); print(1, flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert held.stdout is not None
        held.stdout.readline()
        assert held.pid in descendants(os.getpid())
        together = use_of(os.getpid())
        assert together.resident_bytes > alone.resident_bytes + 40_000_000
        assert together.processor_s >= alone.processor_s
        assert peak_resident_bytes(held.pid) > 50_000_000
    finally:
        held.communicate(b"\n")


@contextmanager
def answering(status: int, after_s: float = 0.0) -> Iterator[tuple[str, list[str], list[int]]]:
    """A server that answers every read alike; what it was asked for, and how many reads it answered at a time."""
    asked: list[str] = []
    under_way: set[int] = set()
    at_once: list[int] = []

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            under_way.add(id(self))
            at_once.append(len(under_way))
            time.sleep(after_s)
            under_way.discard(id(self))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked, at_once
        server.shutdown()
        thread.join()


def test_reads_do_not_wait_for_one_another_and_their_wait_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.bench.reads.WARMING_S", 0.1)
    with answering(200, after_s=0.3) as (url, asked, at_once):
        told = read_steadily(url, rate_hz=10, length_s=1.0)
    assert asked == [PATH] * 11
    assert 300 <= told.median_ms <= told.p99_ms
    assert max(at_once) > 1
    assert told.caller_ms > 0


def test_a_read_that_fails_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.bench.reads.WARMING_S", 0.1)
    with answering(503) as (url, *_), pytest.raises(RuntimeError, match="503"):
        read_steadily(url, rate_hz=10, length_s=0.1)
