"""Holding on to a piece of work while it is done: a lease that is extended until the body ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from core.stopping import stoppable

LEASE_S: Final = 15.0
HEARTBEAT_S: Final = 4.0

_log: Final = structlog.get_logger()


@contextmanager
def heartbeat(extend: Callable[[], bool], name: str) -> Iterator[None]:
    """Extend the lease for as long as the body runs; what can be stopped of it is, when `extend` says that it was lost.

    A lease is lost when its analysis was cancelled or deleted, or somebody else has the job.
    """
    ended, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not ended.wait(HEARTBEAT_S):
            try:
                if not extend():
                    lost.set()
                    return
            except Exception as error:  # noqa: BLE001 - a missed beat is made up by the next, or the lease runs out
                _log.warning("tasks.lease.not_extended", error=repr(error))

    thread = threading.Thread(target=beat, name=f"lease-{name}", daemon=True)
    thread.start()
    try:
        with stoppable(lost):
            yield
    finally:
        ended.set()
        thread.join()
