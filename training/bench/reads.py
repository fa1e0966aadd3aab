"""`python -m training.bench.reads URL`: a page of analyses at a steady rate, by a process that does nothing else.

A caller with libraries of its own measures these too: theirs took as long as the answer.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlsplit

RATE_HZ: Final = 200
LENGTH_S: Final = 5.0
WARMING_S: Final = 1.0
CONNECTIONS: Final = 8
"""Kept open; a read goes out when it is due, whether or not the one before it was answered."""
PATH: Final = "/v1/analyses?limit=10"


@dataclass(frozen=True, slots=True)
class Reads:
    """Milliseconds of a read from when it was due until its answer was read, and the caller's own processor time."""

    median_ms: float
    p99_ms: float
    caller_ms: float


def measured(url: str) -> Reads:
    """By a process of its own. Raises: subprocess.CalledProcessError when a read fails."""
    command = [sys.executable, "-m", "training.bench.reads", url]
    told = subprocess.run(command, check=True, timeout=120, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    return Reads(**json.loads(told.stdout))


def read_steadily(url: str, *, rate_hz: float = RATE_HZ, length_s: float = LENGTH_S) -> Reads:
    """Raises: RuntimeError when a read is answered with anything but 200."""
    _steadily(url, rate_hz, WARMING_S)
    gc.disable()
    before = time.process_time()
    waits = sorted(_steadily(url, rate_hz, length_s))
    spent_s = time.process_time() - before
    gc.enable()
    return Reads(
        median_ms=1000 * waits[len(waits) // 2],
        p99_ms=1000 * waits[len(waits) * 99 // 100],
        caller_ms=1000 * spent_s / len(waits),
    )


def _steadily(url: str, rate_hz: float, length_s: float) -> list[float]:
    numbers, guard = iter(range(round(rate_hz * length_s))), threading.Lock()
    waits: list[float] = []
    failed: list[str] = []
    started = time.perf_counter() + 0.1

    def read_on() -> None:
        address = urlsplit(url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
        while not failed:
            with guard:
                number = next(numbers, None)
            if number is None:
                break
            due = started + number / rate_hz
            time.sleep(max(0.0, due - time.perf_counter()))
            connection.request("GET", PATH)
            answer = connection.getresponse()
            answer.read()
            waits.append(time.perf_counter() - due)
            if answer.status != 200:
                failed.append(f"{PATH} was answered with {answer.status}")
        connection.close()

    threads = [threading.Thread(target=read_on) for _ in range(CONNECTIONS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed or len(waits) < round(rate_hz * length_s):
        raise RuntimeError(failed[0] if failed else "a connection broke off")
    return waits


if __name__ == "__main__":
    print(json.dumps(asdict(read_steadily(sys.argv[1]))))
