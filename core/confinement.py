"""Has an untrusted file read by a process that can be thrown away; knows a command and its JSON, and no decoder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

import structlog
from pydantic import ValidationError

from core.errors import Defect, Rejected
from core.settings import LimitSettings
from core.types.base import Frozen

EXIT_REFUSED: Final = 3
GRACE_S: Final = 10.0
"""Beyond the decoders' own limit of time: start of the process and its imports."""
ROOT: Final = Path(__file__).resolve().parents[1]
READER: Final = (sys.executable, "-B", "-m", "detectors.media.probe")
"""-B: the confined process could write the cache of a large module only in part, and would leave it broken."""

Answer = TypeVar("Answer", bound=Frozen)

_log: Final = structlog.get_logger()


class Refusal(Frozen):
    """What the reader prints when it refuses a file."""

    code: str
    message: str


def read_confined(
    path: Path,
    sha256: str,
    limits: LimitSettings,
    answer: type[Answer],
    *arguments: str,
    reader: Sequence[str] = READER,
    grace_s: float = GRACE_S,
) -> Answer:
    """What the reader says about the file.

    Args:
        answer: what the reader prints as JSON.
        arguments: further ones of the reader, such as `--origin`.

    Raises: Rejected under the reader's code, `corrupt_media` when the file made the reader crash, or `decode_timeout`
        when it did not end in time; Defect when the reader is not installed.
    """
    command = [*reader, str(path), "--limits", limits.model_dump_json(), "--sha256", sha256, *arguments]
    try:
        # A list of our own constants and a path of our own making; no shell reads it. The process gets no secrets.
        ended = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=limits.decode_timeout_s + grace_s,
            check=False,
            cwd=ROOT,
            env=_bare_environment(),
        )
    except subprocess.TimeoutExpired as error:
        # A busy machine may be slow: nothing is said of the file but that it took too long.
        _log.warning("core.reader.killed", sha256=sha256)
        raise Rejected("decode_timeout", "Reading the file took longer than allowed.") from error
    try:
        if ended.returncode == 0:
            return answer.model_validate_json(ended.stdout)
        if ended.returncode == EXIT_REFUSED:
            refusal = Refusal.model_validate_json(ended.stdout)
            raise Rejected(refusal.code, refusal.message)
    except ValidationError as error:
        raise _corrupt() from error
    # Its own faults are told apart from what a file did to it: they are ours to mend.
    if b"ModuleNotFoundError" in ended.stderr or b"ImportError" in ended.stderr:
        _log.error("core.reader.broken", end=_tail(ended.stderr))
        raise Defect("probe_broken", "The service cannot read media files.")
    _log.warning("core.reader.crashed", sha256=sha256, exit=ended.returncode, end=_tail(ended.stderr))
    raise _corrupt()


def _bare_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


def _corrupt() -> Rejected:
    return Rejected("corrupt_media", "The file is damaged beyond reading.")


def _tail(output: bytes) -> str:
    return output[-1000:].decode(errors="replace")
