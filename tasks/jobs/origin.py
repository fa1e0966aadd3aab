"""Has a file's own words about its origin read by a process that can be thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog
from pydantic import ValidationError

from core.ports import Bucket
from core.settings import LimitSettings
from core.types import Origin, OriginNote, OriginNoteCode
from tasks.jobs.artefacts import Bench

ROOT: Final = Path(__file__).resolve().parents[2]
READER: Final = (sys.executable, "-B", "-m", "detectors.media.probe", "--origin")
GRACE_S: Final = 10.0
NOT_READ: Final = Origin(
    notes=(OriginNote(code=OriginNoteCode.NOT_READ, message="What the file says about its origin could not be read."),)
)

_log: Final = structlog.get_logger()


def establish_origin(context: Bench, analysis_id: str) -> None:
    """Read it once and keep it with what is known about the media."""
    prepared = context.case.prepared(analysis_id)
    if prepared.origin is not None:
        return
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        path = Path(folder) / "original"
        context.blobs.download(Bucket.ORIGINALS, context.case.original_key(analysis_id), path)
        origin = origin_of(path, prepared.info.sha256, context.settings.limits)
    context.case.save_prepared(analysis_id, prepared.model_copy(update={"origin": origin}))


def origin_of(path: Path, sha256: str, limits: LimitSettings, *, reader: Sequence[str] = READER) -> Origin:
    """Context for the report. Never fails for what is in the file: a reader that crashes or hangs is said to have."""
    command = [*reader, str(path), "--limits", limits.model_dump_json(), "--sha256", sha256]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    try:
        # A list of our own constants and a path of our own making; no shell reads it. The process gets no secrets.
        ended = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=limits.decode_timeout_s + GRACE_S,
            check=False,
            cwd=ROOT,
            env={**kept, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )
        return Origin.model_validate_json(ended.stdout)
    except (subprocess.TimeoutExpired, ValidationError) as error:
        _log.warning("tasks.origin.unread", sha256=sha256, error=type(error).__name__)
        return NOT_READ
