"""A reader at work ends when nobody wants its result any more: alone, or in the pool with the process it forked."""

from __future__ import annotations

import json
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from core.confinement import Ended, ReaderKilled, ReaderPool, Run, read_confined, run_alone
from core.settings import LimitSettings
from core.stopping import Stopped, stoppable
from core.types import MediaInfo

SLOW = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(300)"
FORKING = """
import json, os, pathlib, sys, time
from detectors.media.reader import _in_child

def work(arguments):
    pathlib.Path(arguments[0]).write_text(str(os.getpid()))
    time.sleep(300)

_in_child(json.loads(sys.stdin.readline())["arguments"], 300, work)
"""


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("kind", ["alone", "pooled"])
def test_a_reader_ends_with_the_wish_for_its_result(kind: str, tmp_path: Path) -> None:
    if kind == "alone":
        run: Run = partial(run_alone, reader=(sys.executable, "-c", SLOW))
    else:
        run = ReaderPool((sys.executable, "-c", FORKING))
    flag, marker = threading.Event(), tmp_path / "pid"

    def cancel() -> None:
        while not (marker.exists() and marker.read_text()):
            time.sleep(0.05)
        flag.set()

    threading.Thread(target=cancel, daemon=True).start()
    started = time.monotonic()
    with stoppable(flag), pytest.raises(Stopped):
        run([str(marker)], 250)
    assert time.monotonic() - started < 100
    deadline = time.monotonic() + 20
    while is_running(int(marker.read_text())):
        assert time.monotonic() < deadline, "the decode goes on"
        time.sleep(0.05)


def test_a_pooled_reader_that_somebody_killed_does_not_go_on_where_it_was() -> None:
    killing = "import os, sys; sys.stdin.readline(); os.kill(os.getpid(), 9)"
    assert ReaderPool((sys.executable, "-c", killing))(["any"], 60) == Ended(-9, "", "")


def test_a_reader_that_somebody_killed_says_nothing_of_the_file(tmp_path: Path) -> None:
    killed = Ended(-9, json.dumps({}), "")
    with pytest.raises(ReaderKilled):
        read_confined(tmp_path / "any", None, LimitSettings(), MediaInfo, run=lambda *_: killed)
