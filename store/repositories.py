"""Rows in, core types out. Every repository works in the session it is given and never commits."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    cast,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.errors import Rejected
from core.types import Analysis, AnalysisStatus, Artefact, Failure, MediaInfo, Plan, Scope, Stage
from store.listing import Search, not_found, read_heads
from store.models import (
    AnalysisRow,
    ArtefactRow,
    AuditRow,
    ConversationAnalysisRow,
    ConversationRow,
    MediaRow,
    PlanRow,
    UserRow,
)
from store.tallies import count

FIRST_FACE: Final = "thumbnail-1"


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex}"


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing; `next_cursor` is absent on the last."""

    items: tuple[Analysis, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """An upload that is already kept for this owner."""

    id: str
    original_key: str
    info: MediaInfo


class MediaRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known_originals(self, keys: Sequence[str]) -> set[str]:
        """Those of these keys that are some file's."""
        return set(self._session.scalars(select(MediaRow.original_key).where(MediaRow.original_key.in_(keys))))

    def find(self, owner_id: str, sha256: str) -> StoredMedia | None:
        row = self._session.scalar(select(MediaRow).where(MediaRow.owner_id == owner_id, MediaRow.sha256 == sha256))
        return None if row is None else StoredMedia(row.id, row.original_key, row.info)

    def add(self, owner_id: str, media_id: str, info: MediaInfo, original_key: str) -> StoredMedia:
        """Keep an upload; when the same bytes were kept meanwhile, theirs is returned."""
        self._session.execute(
            insert(MediaRow)
            .values(
                id=media_id,
                owner_id=owner_id,
                sha256=info.sha256,
                size_bytes=info.size_bytes,
                kind=info.kind.value,
                info=info,
                original_key=original_key,
            )
            .on_conflict_do_nothing(index_elements=["owner_id", "sha256"])
        )
        row = self._session.execute(
            select(MediaRow).where(MediaRow.owner_id == owner_id, MediaRow.sha256 == info.sha256)
        ).scalar_one()
        return StoredMedia(row.id, row.original_key, row.info)

    def original_key(self, media_id: str) -> str:
        return self._session.execute(select(MediaRow.original_key).where(MediaRow.id == media_id)).scalar_one()


class AnalysisRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        owner_id: str,
        media_id: str,
        file_name: str,
        instruction: str,
        scope: Scope | None = None,
        pipeline_version: str,
        idempotency_key: str | None = None,
        request_id: str | None = None,
        source_url: str | None = None,
        language: str | None = None,
    ) -> tuple[Analysis, bool]:
        """The analysis of this request, and whether it is new: the same live request is the same analysis."""
        found = self.same_request(owner_id, media_id, instruction, scope, pipeline_version)
        if found is not None:
            return found, False
        row_id = new_id("an")
        added = self._session.execute(
            insert(AnalysisRow)
            .values(
                id=row_id,
                owner_id=owner_id,
                media_id=media_id,
                file_name=file_name,
                instruction=instruction,
                instruction_sha256=text_digest(instruction),
                scope=scope,
                pipeline_version=pipeline_version,
                idempotency_key=idempotency_key,
                request_id=request_id,
                source_url=source_url,
                language=language,
                status=AnalysisStatus.QUEUED.value,
                last_event=0,
            )
            .on_conflict_do_nothing()
            .returning(AnalysisRow.id)
        ).first()
        if added is None:
            again = self.same_request(owner_id, media_id, instruction, scope, pipeline_version)
            if again is None:
                raise Rejected("idempotency_key_reused", "This idempotency key was used for another request.")
            return again, False
        return self.get(row_id), True

    def same_request(
        self, owner_id: str, media_id: str, instruction: str, scope: Scope | None, pipeline_version: str
    ) -> Analysis | None:
        row = self._session.scalar(
            select(AnalysisRow).where(
                AnalysisRow.owner_id == owner_id,
                AnalysisRow.media_id == media_id,
                AnalysisRow.instruction_sha256 == text_digest(instruction),
                AnalysisRow.scope.is_not_distinct_from(scope),
                AnalysisRow.pipeline_version == pipeline_version,
                AnalysisRow.status.in_(("queued", "running", "finished")),
            )
        )
        return None if row is None else self._convert(row)

    def by_idempotency_key(self, owner_id: str, key: str) -> Analysis | None:
        row = self._session.scalar(
            select(AnalysisRow).where(AnalysisRow.owner_id == owner_id, AnalysisRow.idempotency_key == key)
        )
        return None if row is None else self._convert(row)

    def get(self, analysis_id: str, owner_id: str | None = None) -> Analysis:
        """Raises: Rejected("analysis_not_found"), also for somebody else's."""
        return self._convert(self._row(analysis_id, owner_id))

    def page(self, owner_id: str, search: Search, *, limit: int, cursor: str | None = None) -> Page:
        """Newest first, in two queries however long the page. Raises: Rejected("bad_cursor")."""
        heads, next_cursor = read_heads(self._session.connection(), owner_id, search, limit=limit, cursor=cursor)
        found = self.analyses([head.id for head in heads])
        return Page(tuple(found[head.id] for head in heads if head.id in found), next_cursor)

    def analyses(self, ids: Sequence[str]) -> dict[str, Analysis]:
        """Those of these that there are."""
        query = (
            select(AnalysisRow, MediaRow.info, PlanRow.content)
            .join(MediaRow, MediaRow.id == AnalysisRow.media_id)
            .outerjoin(PlanRow, PlanRow.analysis_id == AnalysisRow.id)
            .where(AnalysisRow.id.in_(ids))
        )
        return {row.id: _analysis(row, info, plan) for row, info, plan in self._session.execute(query)}

    def annotate(self, analysis_id: str, owner_id: str, note: str | None, tags: Sequence[str] | None) -> Analysis:
        """Set note and tags; None leaves one as it is. Raises: Rejected("analysis_not_found")."""
        row = self._row(analysis_id, owner_id, lock=True)
        row.note = row.note if note is None else note
        row.tags = row.tags if tags is None else list(dict.fromkeys(tags))
        self._session.flush()
        return self._convert(row)

    def thumbnails(self, ids: Sequence[str]) -> dict[str, Artefact]:
        """The picture of the first face of each of these analyses that has one."""
        rows = self._session.scalars(
            select(ArtefactRow).where(ArtefactRow.analysis_id.in_(ids), ArtefactRow.id == FIRST_FACE)
        )
        return {row.analysis_id: row.content for row in rows}

    def cancel(self, analysis_id: str, owner_id: str) -> Analysis:
        row = self._row(analysis_id, owner_id, lock=True)
        if not AnalysisStatus(row.status).is_final:
            row.status = AnalysisStatus.CANCELLED.value
            row.finished_at = datetime.now(UTC)
            self._session.flush()
            count(self._session, {("analyses", ("cancelled",)): 1})
        return self._convert(row)

    def delete(self, analysis_id: str, owner_id: str | None = None) -> tuple[str, str] | None:
        """Remove the analysis, all its rows, and the conversations about it.

        Returns: id and original's key of the media that no analysis needs any more, else None.
        """
        row = self._row(analysis_id, owner_id, lock=True)
        media_id = row.media_id
        # What was said about it goes with it.
        spoken = select(ConversationAnalysisRow.conversation_id).where(
            ConversationAnalysisRow.analysis_id == analysis_id
        )
        self._session.execute(delete(ConversationRow).where(ConversationRow.id.in_(spoken)))
        self._session.execute(delete(AnalysisRow).where(AnalysisRow.id == analysis_id))
        # Locked, or two deletions at once would each leave the file to the other.
        key = self._session.scalars(
            select(MediaRow.original_key).where(MediaRow.id == media_id).with_for_update()
        ).one()
        others = self._session.scalar(select(func.count()).where(AnalysisRow.media_id == media_id))
        if others:
            return None
        self._session.execute(delete(MediaRow).where(MediaRow.id == media_id))
        return media_id, key

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of these ids that there are."""
        return set(self._session.scalars(select(AnalysisRow.id).where(AnalysisRow.id.in_(ids))))

    def expired(self, retention_days: int, limit: int = 100) -> tuple[str, ...]:
        """Final analyses beyond their owner's retention, or beyond the service's where that is shorter; 0: endless."""
        finals = [status.value for status in AnalysisStatus if status.is_final]
        query = (
            select(AnalysisRow.id)
            .join(UserRow, UserRow.id == AnalysisRow.owner_id)
            .where(AnalysisRow.created_at < kept_since(retention_days), AnalysisRow.status.in_(finals))
            .order_by(AnalysisRow.created_at)
            .limit(limit)
        )
        return tuple(self._session.scalars(query))

    def artefact(self, analysis_id: str, artefact_id: str) -> Artefact:
        """Raises: Rejected("artefact_not_found")."""
        row = self._session.get(ArtefactRow, (analysis_id, artefact_id))
        if row is None:
            raise Rejected("artefact_not_found", "This analysis has no such artefact.")
        return row.content

    def _row(self, analysis_id: str, owner_id: str | None = None, *, lock: bool = False) -> AnalysisRow:
        row = self._session.get(AnalysisRow, analysis_id, with_for_update=lock or None, populate_existing=lock)
        if row is None or (owner_id is not None and row.owner_id != owner_id):
            raise not_found()
        return row

    def _convert(self, row: AnalysisRow) -> Analysis:
        media = self._session.execute(select(MediaRow.info).where(MediaRow.id == row.media_id)).scalar_one()
        return _analysis(row, media, self._session.scalar(select(PlanRow.content).where(PlanRow.analysis_id == row.id)))


class AuditRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, actor_id: str, action: str, subject_id: str, detail: dict[str, Any] | None = None) -> None:
        self._session.add(AuditRow(actor_id=actor_id, action=action, subject_id=subject_id, detail=detail or {}))
        self._session.flush()


def kept_since(retention_days: int) -> ColumnElement[datetime]:
    """The moment before which this user's things have expired, in a query that joins `users`; null for never."""
    # LEAST passes nulls over, so what nobody limits stays null, and nothing is before null.
    days = func.least(UserRow.retention_days, cast(retention_days or None, Integer))
    return func.now() - func.make_interval(0, 0, 0, days)


def fail(session: Session, analysis_id: str, failure: Failure) -> bool:
    """Mark an unfinished analysis failed. False when it was final already."""
    changed = session.execute(
        update(AnalysisRow)
        .where(AnalysisRow.id == analysis_id, AnalysisRow.status.in_(("queued", "running")))
        .values(status=AnalysisStatus.FAILED.value, failure=failure, finished_at=func.clock_timestamp())
        .returning(AnalysisRow.id)
    )
    if changed.first() is None:
        return False
    count(session, {("analyses", ("failed",)): 1})
    return True


def _analysis(row: AnalysisRow, media: MediaInfo, plan: Plan | None) -> Analysis:
    return Analysis(
        id=row.id,
        owner_id=row.owner_id,
        media_id=row.media_id,
        file_name=row.file_name,
        instruction=row.instruction,
        scope=row.scope,
        source_url=row.source_url,
        pipeline_version=row.pipeline_version,
        status=AnalysisStatus(row.status),
        stage=None if row.stage is None else Stage(row.stage),
        media=media,
        plan=plan,
        verdict=row.verdict,
        failure=row.failure,
        language=row.language,
        note=row.note,
        tags=tuple(row.tags),
        created_at=row.created_at,
        started_at=row.started_at,
        verdict_at=row.verdict_at,
        finished_at=row.finished_at,
        provisional=row.provisional,
        restarts=row.restarts,
    )
