"""One server as a child process: started, awaited by a real query, stopped in its own way."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CHILD: Final = Path(__file__).with_name("child.py")
"""Run by its path: what it becomes may have another `PYTHONPATH`."""
PORTS: Final = range(20000, 32000)
"""Where free ports are looked for: Linux takes those of outgoing connections from 32768 on."""


class StackError(Exception):
    """An embedded server could not be started; the message carries the end of its log."""


@dataclass(slots=True)
class ServerProcess:
    """A running server.

    Args:
        stop_signal: the signal after which this server ends in good order.
        unprivileged: the server refuses to run as root.
    """

    name: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    unprivileged: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None
    _wanted: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _log_start: int = 0

    def start(self) -> None:
        """Start the process unless it runs."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self.log.open("ab") as output:
            self._wanted = True
            if self.is_alive():
                return
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                self.wrapped(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.log.parent,
                env=clean_environment(self.environment),
            )

    def wrapped(self) -> list[str]:
        privileges = "unprivileged" if self.unprivileged else "as-is"
        child = [sys.executable, "-P", str(CHILD), str(os.getpid()), str(int(self.stop_signal)), privileges]
        return [*child, *self.command]

    def run_once(self) -> None:
        """Run a command of the server's kit to its end.

        Raises: StackError when it fails.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            done = subprocess.run(
                self.wrapped(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=clean_environment(self.environment),
                check=False,
            )
        if done.returncode != 0:
            raise StackError(f"{self.name} could not be prepared (exit {done.returncode}):\n{self.log_tail()}")

    def wait_ready(self, answers: Callable[[], object], timeout_s: float = 60.0) -> None:
        """Ask until the server answers.

        Raises: StackError when it ends or stays silent.
        """
        deadline = time.monotonic() + timeout_s
        pause = 0.02
        while True:
            try:
                answers()
            except Exception as error:
                if not self.is_alive():
                    raise StackError(f"{self.name} ended while starting:\n{self.log_tail()}") from error
                if time.monotonic() > deadline:
                    raise StackError(f"{self.name} did not answer in {timeout_s:.0f} s:\n{self.log_tail()}") from error
                time.sleep(pause)
                pause = min(pause * 1.5, 0.5)
            else:
                return

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def has_died(self) -> bool:
        """Whether it ended without being stopped."""
        return self._wanted and not self.is_alive()

    def wait_gone(self, timeout_s: float = 10.0) -> None:
        """Block until the process has ended by itself or by another's hand."""
        if self._process is not None:
            self._process.wait(timeout_s)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise StackError(f"{self.name} was not started")
        return self._process.pid

    def stop(self, patience_s: float = 10.0) -> None:
        self._wanted = False
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)

    def log_tail(self, lines: int = 15) -> str:
        """The end of what this start of the server has logged."""
        if not self.log.exists():
            return "(no log)"
        with self.log.open("rb") as written:
            written.seek(self._log_start)
            said = written.read().decode(errors="replace").splitlines()
        return "\n".join(said[-lines:]) or "(it logged nothing)"


def free_port() -> int:
    """A loopback port that was free a moment ago.

    It lies below the range that the system takes ports of outgoing connections from, so that none of them sits on it
    when the server starts, or starts again.
    """
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clean_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """What a server needs of the environment, and nothing that would redirect it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH") if name in os.environ}
    root = str(Path(__file__).resolve().parents[1])
    kept["PYTHONPATH"] = root
    return {**kept, **extra}
