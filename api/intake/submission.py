"""From a received file to an accepted analysis: probed, stored, recorded and sent, or refused without a trace."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.orm import Session

from api.http.composition import World
from api.http.language import asked_language
from api.intake.scope import fit_scope
from api.intake.upload import Received
from core.confinement import read_confined
from core.errors import DeepwitnessError, Rejected, Unavailable
from core.jobs import prepare_job
from core.ports import Bucket
from core.types import Analysis, JobSpec, MediaInfo, Scope
from store.repositories import AnalysisRepository, MediaRepository, StoredMedia, new_id
from store.submission import record_analysis

_log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The analysis of a request; not new when the same was asked before."""

    analysis: Analysis
    is_new: bool


def submit(world: World, owner_id: str, received: Received, idempotency_key: str | None) -> Accepted:
    """Accept an upload, once: the same file, asked the same, under the same pipeline, is one analysis.

    Raises: Rejected with the reason; then neither database nor storage holds anything of it. Unavailable.
    """
    world.metrics.received(received.size_bytes)
    with world.database.begin() as session:
        if idempotency_key is not None:
            repeated = _repeated(session, owner_id, received, idempotency_key)
            if repeated is not None:
                return Accepted(repeated, False)
        kept = MediaRepository(session).find(owner_id, received.sha256)
        accepted = None if kept is None else _received(session, owner_id, kept, received, idempotency_key)
    if accepted is None:
        accepted = _submit_new_media(world, owner_id, received, idempotency_key)
    if accepted.is_new:
        send(world, accepted.analysis.id)
    world.metrics.accepted(new=accepted.is_new)
    return accepted


def _submit_new_media(world: World, owner_id: str, received: Received, idempotency_key: str | None) -> Accepted:
    early = received.early
    media_id = new_id("me") if early is None else early.media_id
    key = f"{media_id}/original"
    world.buckets.ensure()
    if early is not None:
        early.settle()
    try:
        # Side by side: what is refused after all is removed again.
        with ThreadPoolExecutor(1) as pool:
            if early is None:
                keeping: Future[object] = pool.submit(world.blobs.upload, Bucket.ORIGINALS, key, received.path)
            else:
                keeping = pool.submit(early.wait)
            info = read_confined(received.path, received.sha256, world.settings.limits, MediaInfo, run=world.reader)
            fit_scope(received.scope, info)
            keeping.result()
        stored = StoredMedia(media_id, key, info)
        with world.database.begin() as session:
            stored = MediaRepository(session).add(owner_id, media_id, info, key)
            accepted = _received(session, owner_id, stored, received, idempotency_key)
    except BaseException:
        _forget(world, key)
        raise
    if stored.original_key != key:
        # The same bytes came in twice at once, and the other was first.
        _forget(world, key)
    return accepted


def made_under(
    world: World, owner_id: str, idempotency_key: str, instruction: str, scope: Scope | None
) -> Analysis | None:
    """The analysis that this key made of an upload that is gone. Raises: Rejected when it was asked otherwise."""
    with world.database.begin() as session:
        found = AnalysisRepository(session).by_idempotency_key(owner_id, idempotency_key)
    if found is not None and not _asks_the_same(found, instruction, scope):
        raise _reused()
    return found


def _repeated(session: Session, owner_id: str, received: Received, idempotency_key: str) -> Analysis | None:
    """The analysis this key already made. Raises: Rejected when it was made of something else."""
    found = AnalysisRepository(session).by_idempotency_key(owner_id, idempotency_key)
    if found is None:
        return None
    same_file = found.media is not None and found.media.sha256 == received.sha256
    if not same_file or not _asks_the_same(found, received.instruction, received.scope):
        raise _reused()
    return found


def _asks_the_same(found: Analysis, instruction: str, scope: Scope | None) -> bool:
    if found.media is not None:
        scope = fit_scope(scope, found.media)
    return found.instruction == instruction and found.scope == scope


def _reused() -> Rejected:
    return Rejected("idempotency_key_reused", "This idempotency key was used for another request.")


def _received(
    session: Session, owner_id: str, media: StoredMedia, received: Received, idempotency_key: str | None
) -> Accepted:
    return record(
        session,
        owner_id,
        media,
        file_name=received.file_name,
        instruction=received.instruction,
        scope=received.scope,
        idempotency_key=idempotency_key,
        source_url=received.source_url,
    )


def record(
    session: Session,
    owner_id: str,
    media: StoredMedia,
    *,
    file_name: str,
    instruction: str = "",
    scope: Scope | None = None,
    idempotency_key: str | None = None,
    source_url: str | None = None,
) -> Accepted:
    """Analysis, first event and first job, in the caller's unit of work.

    Raises: Rejected("bad_scope") when the file does not hold what is asked for.
    """
    analysis, is_new = record_analysis(
        session,
        owner_id=owner_id,
        media_id=media.id,
        file_name=file_name,
        instruction=instruction,
        scope=fit_scope(scope, media.info),
        idempotency_key=idempotency_key,
        source_url=source_url,
        language=asked_language(),
    )
    return Accepted(analysis, is_new)


def send(world: World, analysis_id: str) -> None:
    """Have the first job done."""
    send_job(world, prepare_job(analysis_id))


def send_job(world: World, job: JobSpec) -> None:
    """Have a job done. It is in the ledger: when the broker is away, recovery sends its message later."""
    try:
        world.queue.send(job)
    except Unavailable:
        _log.warning("api.job.not_sent", analysis_id=job.analysis_id, task_id=job.id)


def _forget(world: World, key: str) -> None:
    try:
        world.blobs.delete(Bucket.ORIGINALS, key)
    except DeepwitnessError as error:
        _log.warning("api.original.left_behind", key=key, error=repr(error))
