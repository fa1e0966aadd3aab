"""`python -m detectors.media.reader PATH`: read one untrusted file in a process that can be thrown away.

Prints `MediaInfo` (with `--origin`, `Origin`; with `--into FOLDER`, `Reading`, frames and sounds in that folder) as
JSON and exits 0, or `{"code", "message"}` and exits 3 when the file is refused. Any other end (a crash of a decoder,
a limit of memory or processor time reached) is for the caller to read.

`--serve` keeps a process with the decoders loaded, which forks for every file: a line of JSON in, a line out.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from core.confinement import EXIT_REFUSED, Refusal
from core.errors import Rejected
from core.settings import LimitSettings

MEMORY_BYTES: Final = 2 * 1024**3
READING_BYTES: Final = 3 * 1024**3
"""Of memory while frames and sound are taken: decoders of large pictures keep many of them."""
OPEN_FILES: Final = 64
OUTPUT_BYTES: Final = 64 * 1024
LEFT_BYTES: Final = 512 * 1024**2
"""Of one file in the folder: two hours of sound at speech rate, twice."""
PICTURE_CPU_S: Final = 15
"""A still image is decoded within seconds, or it is made to waste them."""
_SIGNAL_S: Final = 5
"""Of processor time after it is used up, for the signal that says so."""
_POLL_S: Final = 0.005
_PR_SET_PDEATHSIG: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Confine this process, then read."""
    parser = argparse.ArgumentParser(prog="python -m detectors.media.reader", description="Read one untrusted file.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--limits", default="{}", help="LimitSettings as JSON")
    parser.add_argument("--sha256", default=None, help="of the content, when already known")
    parser.add_argument("--origin", action="store_true", help="print what the file says about its origin instead")
    parser.add_argument("--into", type=Path, default=None, help="leave frames and sound in this folder")
    parser.add_argument("--frames", type=int, default=0, help="how many frames at most")
    parser.add_argument("--within", default=None, help="frames of this stretch only: START-END, in seconds")
    parser.add_argument("--excluded", default="[]", help="times of frames that are there already, as JSON")
    parser.add_argument("--drawn", type=int, default=None, help="longest side of frames that are only drawn on")
    parser.add_argument("--half", default=None, choices=("first", "rest"), help="of the frames, if they can be split")
    parser.add_argument("--silent", action="store_true", help="leave the sound out")
    given = parser.parse_args(arguments)
    limits = LimitSettings.model_validate_json(given.limits)
    # Under the limit of output a cache file would be cut short, and every later process would read the stump.
    sys.dont_write_bytecode = True
    _confine(limits, reads=given.into is not None)
    # One thread of linear algebra: every further one reserves address space on machines with many cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        sys.stdout.write(_read(given.path, given, limits) + "\n")
    except Rejected as refusal:
        return _refuse(refusal.code, refusal.public_message)
    except MemoryError:
        return _refuse("corrupt_media", "Reading the file takes more memory than allowed.")
    return 0


def _read(path: Path, given: argparse.Namespace, limits: LimitSettings) -> str:
    from detectors.media.probing import probe, recognise_file  # deferred: the decoders load inside the confinement

    if recognise_file(path).is_image:
        _limit(resource.RLIMIT_CPU, min(PICTURE_CPU_S, max(1, round(limits.decode_timeout_s))))
    if given.into is not None:
        from detectors.media.reading import read_into  # deferred: absent from the API's image, which only probes

        span = None if given.within is None else [float(bound) for bound in given.within.split("-")]
        reading = read_into(
            path,
            given.into,
            limits,
            sha256=given.sha256,
            frames=given.frames,
            within_s=None if span is None else (span[0], span[1]),
            excluded_s=json.loads(given.excluded),
            with_sound=not given.silent,
            drawn_px=given.drawn,
            half=given.half,
        )
        return reading.model_dump_json()
    info = probe(path, limits, sha256=given.sha256)
    if given.origin:
        from detectors.media.origin import read_origin  # deferred, and absent from the API's image

        return read_origin(path, info).model_dump_json()
    return info.model_dump_json()


def _refuse(code: str, message: str) -> int:
    sys.stdout.write(Refusal(code=code, message=message).model_dump_json() + "\n")
    return EXIT_REFUSED


def _confine(limits: LimitSettings, *, reads: bool) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, READING_BYTES if reads else MEMORY_BYTES),
        (resource.RLIMIT_CPU, max(1, round(limits.decode_timeout_s))),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, LEFT_BYTES if reads else OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(kind, value)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    # Of processor time the first limit ends a process by a signal that names it, the second one by a plain kill.
    above = value + _SIGNAL_S if kind == resource.RLIMIT_CPU else value
    ceiling = above if hard == resource.RLIM_INFINITY else min(above, hard)
    resource.setrlimit(kind, (min(value, ceiling), ceiling))


# ------------------------------------------------------------------------------------------------ serving


def serve() -> int:
    """Answers requests until standard input ends. Each file gets a process of its own, which starts at once."""
    from detectors.media.pictures import open_with_pillow  # what a child may need is loaded once
    from detectors.media.probing import probe  # noqa: F401

    with suppress(ImportError):  # absent from the API's image, which only probes
        from detectors.media.reading import read_into  # noqa: F401

    with suppress(Exception):
        open_with_pillow(io.BytesIO(b""))

    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(_in_child(asked["arguments"], float(asked["timeout_s"]))) + "\n")
        sys.stdout.flush()
    return 0


def _in_child(
    arguments: Sequence[str], timeout_s: float, work: Callable[[Sequence[str]], int] = main
) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        parent, child = os.getpid(), os.fork()
        if child == 0:
            # A file that nobody asks for any more is not read on: the child ends with this process.
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)
            os.setpgid(0, 0)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(complaints.fileno(), 2)
            sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
            code = 1
            try:
                code = work(arguments)
            except BaseException:  # noqa: BLE001 - a child must not go on as its parent
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stdout.flush()
                os._exit(code)
        ended = _awaited(child, timeout_s)
        out.seek(0)
        complaints.seek(0)
        return {
            "returncode": ended,
            "stdout": out.read().decode(errors="replace"),
            "stderr": complaints.read(64 * 1024).decode(errors="replace"),
        }


def _awaited(child: int, timeout_s: float) -> int | None:
    """How it ended, a signal as a negative number; None when it had to be killed. Nothing it started is left."""
    deadline = time.monotonic() + timeout_s
    status = None
    while status is None and time.monotonic() < deadline:
        found, value = os.waitpid(child, os.WNOHANG)
        status = value if found else None
        if status is None:
            time.sleep(_POLL_S)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
        return None
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(serve() if sys.argv[1:] == ["--serve"] else main())
