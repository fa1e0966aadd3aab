"""Work that may be stopped from outside: whoever leads it raises a flag, and what it waits for is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

LOOK_S: Final = 0.2

_FLAG: Final[ContextVar[threading.Event | None]] = ContextVar("stop", default=None)


class Stopped(Exception):
    """Nobody wants the result any more."""


@contextmanager
def stoppable(flag: threading.Event) -> Iterator[None]:
    """What runs in this block is to end when the flag is raised."""
    token = _FLAG.set(flag)
    try:
        yield
    finally:
        _FLAG.reset(token)


@contextmanager
def ended_when_stopped(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Kill the process, and every process of its session, when the flag is raised while the block waits for it.

    Args:
        process: leads a session of its own.

    Raises: Stopped once the flag is raised, whatever the block came to.
    """
    flag = _FLAG.get()
    if flag is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_S):
            if flag.is_set():
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                return

    watcher = threading.Thread(target=watch, name="stop", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        if flag.is_set():
            raise Stopped
