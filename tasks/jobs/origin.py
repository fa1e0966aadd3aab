"""Has a file's own words about its origin read by a process that can be thrown away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import structlog

from core.confinement import GRACE_S, Run, read_confined, run_alone
from core.errors import DeepwitnessError
from core.ports import Bucket
from core.settings import LimitSettings
from core.types import Origin, OriginNote, OriginNoteCode
from tasks.jobs.artefacts import Bench
from tasks.policy import BACKOFF_S, MAX_ATTEMPTS, TryAgain

NOT_READ: Final = Origin(
    notes=(OriginNote(code=OriginNoteCode.NOT_READ, message="What the file says about its origin could not be read."),)
)

_log: Final = structlog.get_logger()


def establish_origin(context: Bench, analysis_id: str, attempt: int = MAX_ATTEMPTS) -> None:
    """Read it once and keep it with what is known about the media.

    Raises: TryAgain while attempts are left and the reader failed: a busy machine is no property of the file.
    """
    prepared = context.case.prepared(analysis_id)
    if prepared.origin is not None:
        return
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        path = Path(folder) / "original"
        context.blobs.download(Bucket.ORIGINALS, context.case.original_key(analysis_id), path)
        origin = origin_of(path, prepared.info.sha256, context.settings.limits, run=context.reader)
    if origin == NOT_READ and attempt < MAX_ATTEMPTS:
        raise TryAgain(BACKOFF_S)
    context.case.save_prepared(analysis_id, prepared.model_copy(update={"origin": origin}))


def origin_of(path: Path, sha256: str, limits: LimitSettings, *, run: Run = run_alone) -> Origin:
    """Context for the report. Never fails for what is in the file: a reader that crashes or hangs is said to have."""
    try:
        return read_confined(path, sha256, limits, Origin, "--origin", run=run, grace_s=GRACE_S)
    except DeepwitnessError as error:
        _log.warning("tasks.origin.unread", sha256=sha256, error=error.code)
        return NOT_READ
