"""Work whose result is read last gives way: it gets what the processors have left beside everything else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import cache
from typing import Final, TypeVar

T = TypeVar("T")

NICENESS: Final = 10
"""Added to the process's own: a tenth of the share that others get while there are others."""
_MOST: Final = 2
"""Such jobs at a time; each thread keeps models of its own, so that there are few of them and they stay."""


def give_way(work: Callable[[], T]) -> T:
    """What the work gives, done by a thread of low priority. It sees this thread's context variables.

    Limits: on Linux, where a thread has a priority of its own; elsewhere it is done like any other.
    """
    return _pool().submit(copy_context().run, work).result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MOST, thread_name_prefix="giving-way", initializer=_step_back)


def _step_back() -> None:
    # What a thread starts has its priority, and a thread without privileges never gets it back: it is not a pool's own.
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)
