"""Has an untrusted file read by a process that can be thrown away; knows a command and its JSON, and no decoder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

import structlog
from pydantic import ValidationError

from core.errors import Defect, Rejected, Unavailable
from core.settings import LimitSettings
from core.stopping import Stopped, ended_when_stopped
from core.types.base import Frozen

EXIT_REFUSED: Final = 3
GRACE_S: Final = 10.0
"""Beyond the decoders' own limit of time: start of the process and its imports."""
ROOT: Final = Path(__file__).resolve().parents[1]
READER: Final = (sys.executable, "-B", "-m", "detectors.media.reader")
"""-B: the confined process could write the cache of a large module only in part, and would leave it broken."""

Answer = TypeVar("Answer", bound=Frozen)

_log: Final = structlog.get_logger()


class ReaderKilled(Unavailable):
    """Somebody else ended the reader, such as the system for want of memory. Says nothing of the file by itself."""

    def __init__(self) -> None:
        super().__init__("reader_killed", "Reading the file was interrupted. Please try again.")


class Refusal(Frozen):
    """What the reader prints when it refuses a file."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How the reader ended. `returncode` is negative for a signal, and None when it did not end in time."""

    returncode: int | None
    stdout: str
    stderr: str


Run = Callable[[Sequence[str], float], Ended]
"""Runs the reader with these arguments for so many seconds at most."""


def read_confined(
    path: Path,
    sha256: str | None,
    limits: LimitSettings,
    answer: type[Answer],
    *arguments: str,
    run: Run | None = None,
    grace_s: float = GRACE_S,
) -> Answer:
    """What the reader says about the file.

    Args:
        answer: what the reader prints as JSON.
        arguments: further ones of the reader, such as `--origin`.
        run: by default a process is started for this file alone.

    Raises: Rejected under the reader's code, `corrupt_media` when the file made the reader crash, or `decode_timeout`
        when it did not end in time; ReaderKilled; Stopped; Defect when the reader is not installed.
    """
    command = [str(path.absolute()), "--limits", limits.model_dump_json(), *arguments]
    command += [] if sha256 is None else ["--sha256", sha256]
    ended = (run or run_alone)(command, limits.decode_timeout_s + grace_s)
    if ended.returncode is None or ended.returncode == -signal.SIGXCPU:
        # A busy machine may be slow: nothing is said of the file but that it took too long.
        _log.warning("core.reader.killed", sha256=sha256)
        raise Rejected("decode_timeout", "Reading the file took longer than allowed.")
    if ended.returncode == -signal.SIGKILL:
        _log.warning("core.reader.killed_from_outside", sha256=sha256)
        raise ReaderKilled
    try:
        if ended.returncode == 0:
            return answer.model_validate_json(ended.stdout)
        if ended.returncode == EXIT_REFUSED:
            refusal = Refusal.model_validate_json(ended.stdout)
            raise Rejected(refusal.code, refusal.message)
    except ValidationError as error:
        raise _corrupt() from error
    # Its own faults are told apart from what a file did to it: they are ours to mend.
    if "ModuleNotFoundError" in ended.stderr or "ImportError" in ended.stderr:
        _log.error("core.reader.broken", end=ended.stderr[-1000:])
        raise Defect("probe_broken", "The service cannot read media files.")
    _log.warning("core.reader.crashed", sha256=sha256, exit=ended.returncode, end=ended.stderr[-1000:])
    raise _corrupt()


def run_alone(arguments: Sequence[str], timeout_s: float, reader: Sequence[str] = READER) -> Ended:
    """One process for one file."""
    # A list of our own constants and a path of our own making; no shell reads it. The process gets no secrets.
    with subprocess.Popen(  # noqa: S603
        [*reader, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=_bare_environment(),
        start_new_session=True,
    ) as process:
        try:
            with ended_when_stopped(process):
                stdout, stderr = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return Ended(None, "", "")
        except BaseException:
            process.kill()
            raise
    return Ended(process.returncode, stdout.decode(errors="replace"), stderr.decode(errors="replace"))


class ReaderPool:
    """Readers that are kept loaded and fork for every file: the start of a process costs more than most files do.

    May be called from several threads; there are as many readers as were ever needed at once. They end with this
    process, whose end of their input they see.
    """

    def __init__(self, reader: Sequence[str] = (*READER, "--serve")) -> None:
        self._reader = reader
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._owner = os.getpid()
        self._lock = threading.Lock()
        weakref.finalize(self, _end, self._idle, self._owner)

    def warm(self, readers: int = 1) -> None:
        """Start so many readers before the first file comes. Does not wait for them."""
        for process in [self._taken() for _ in range(readers)]:
            self._idle.put(process)

    def close(self) -> None:
        """End the readers that are idle."""
        _end(self._idle, self._owner)

    def __call__(self, arguments: Sequence[str], timeout_s: float) -> Ended:
        """As `Run`. A reader that breaks is not used again."""
        process = self._taken()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"arguments": list(arguments), "timeout_s": timeout_s}) + "\n")
            process.stdin.flush()
            with ended_when_stopped(process):
                line = process.stdout.readline()
            answer = json.loads(line) if line else None
        except Stopped:
            process.kill()
            process.communicate()
            raise
        except (OSError, ValueError):
            answer = None
        if answer is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1.0)
            status = process.poll()
            process.kill()
            process.communicate()
            if status == -signal.SIGKILL:
                # Its work is half done; whoever asked begins anew, in a folder of its own.
                return Ended(status, "", "")
            return run_alone(arguments, timeout_s)
        self._idle.put(process)
        return Ended(answer["returncode"], answer["stdout"], answer["stderr"])

    def _taken(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._owner != os.getpid():  # a forked worker must not share its parent's readers
                self._idle, self._owner = SimpleQueue(), os.getpid()
        try:
            return self._idle.get_nowait()
        except Empty:
            return subprocess.Popen(  # noqa: S603 - our own constants
                self._reader,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
                env=_bare_environment(),
                start_new_session=True,
            )


def _end(idle: SimpleQueue[subprocess.Popen[str]], owner: int) -> None:
    """Ends the readers that are idle, unless they are another process's."""
    while os.getpid() == owner:
        try:
            process = idle.get_nowait()
        except Empty:
            return
        process.kill()
        process.communicate()


def _bare_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


def _corrupt() -> Rejected:
    return Rejected("corrupt_media", "The file is damaged beyond reading.")
