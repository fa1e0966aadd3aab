"""The gate of the benchmark, and the figures that it reads of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from training.bench.gate import read_baseline, worsened, write_baseline
from training.bench.processes import descendants, peak_resident_bytes, use_of


def test_what_got_worse_by_more_than_is_tolerated_is_named() -> None:
    before = {"verdict / decode": 2.0, "report / decode": 4.0, "decode of a minute, s": 1.0, "gone": 1.0}
    now = {"verdict / decode": 2.4, "report / decode": 4.4, "decode of a minute, s": 9.0, "new": 9.0}
    assert worsened(now, before) == ("verdict / decode: 2.40, +20% against 2.00.",)
    assert worsened(before, before) == ()


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    assert read_baseline(path) == {}
    write_baseline({"verdict / decode": 2.34567}, "2 cores", path)
    assert read_baseline(path) == {"verdict / decode": 2.346}


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
