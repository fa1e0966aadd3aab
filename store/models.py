"""The tables. Rows convert to core types at the repositories' edge and go no further."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.dialogue import Answer, TurnStatus
from core.types import (
    AFTERWARDS,
    AnalysisStatus,
    Artefact,
    Evidence,
    Explanation,
    Failure,
    JobStatus,
    Judgement,
    MediaInfo,
    MediaKind,
    Modality,
    Outcome,
    Plan,
    PreparedMedia,
    Scope,
    Stage,
    Verdict,
)
from core.webhooks import DeliveryAttempt, DeliveryStatus, Notice
from store.versions import evidence_today, plan_today

Timestamp = TIMESTAMP(timezone=True)


class Typed(TypeDecorator[Any]):
    """JSONB that holds one of our types and nothing else; `today` brings earlier versions of it up to date."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any, today: Callable[[dict[str, Any]], dict[str, Any]] | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.today = today

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else self.adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        if value is None:
            return None
        return self.adapter.validate_python(value if self.today is None else self.today(value))


def one_of(column: str, kind: type[enum.StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Base(DeclarativeBase):
    pass


Base.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UserRow(Base):
    __tablename__ = "users"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), unique=True)
    retention_days: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class ApiKeyRow(Base):
    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class SessionRow(Base):
    """A browser's session. Ends with its time, by log-out, and with the key it was opened with."""

    __tablename__ = "sessions"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of what the cookie holds: who reads the database cannot use the session."""
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    api_key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class UploadRow(Base):
    """An address that was given to put one file to; counts against its owner's quota while it is open."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    """As declared; the storage takes exactly so much."""
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    """Until then the address takes the file, again and again."""
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class MediaRow(Base):
    __tablename__ = "media"
    __table_args__ = (
        Index("uq_media_owner_sha256", "owner_id", "sha256", unique=True),
        one_of("kind", MediaKind),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    info: Mapped[MediaInfo] = mapped_column(Typed(MediaInfo))
    original_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


_LIVE = text("status IN ('queued', 'running', 'finished')")


class AnalysisRow(Base):
    __tablename__ = "analyses"
    __table_args__ = (
        # The same file, asked the same, under the same pipeline, is one analysis.
        Index(
            "uq_analyses_request",
            "owner_id",
            "media_id",
            "pipeline_version",
            "instruction_sha256",
            "scope",
            unique=True,
            postgresql_where=_LIVE,
            # Two requests without a scope ask the same.
            postgresql_nulls_not_distinct=True,
        ),
        Index(
            "uq_analyses_idempotency",
            "owner_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        Index("ix_analyses_owner_created", "owner_id", "created_at", "id"),
        Index("ix_analyses_unfinished", "status", postgresql_where=text("status IN ('queued', 'running')")),
        one_of("status", AnalysisStatus),
        one_of("stage", Stage),
        one_of("outcome", Outcome),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    media_id: Mapped[str] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    instruction: Mapped[str] = mapped_column(Text, default="")
    instruction_sha256: Mapped[str] = mapped_column(String(64))
    scope: Mapped[Scope | None] = mapped_column(Typed(Scope))
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    pipeline_version: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20), default=AnalysisStatus.QUEUED.value)
    stage: Mapped[str | None] = mapped_column(String(20))
    prepared: Mapped[PreparedMedia | None] = mapped_column(Typed(PreparedMedia), deferred=True)
    """Read only where it is asked for: it lists every frame."""
    verdict: Mapped[Verdict | None] = mapped_column(Typed(Verdict))
    outcome: Mapped[str | None] = mapped_column(String(20))
    failure: Mapped[Failure | None] = mapped_column(Typed(Failure))
    provisional: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    restarts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    last_event: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    request_id: Mapped[str | None] = mapped_column(String(64))
    source_url: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(5))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    tags: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(Timestamp)
    verdict_at: Mapped[datetime | None] = mapped_column(Timestamp)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)


class PlanRow(Base):
    __tablename__ = "plans"
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[Plan] = mapped_column(Typed(Plan, plan_today))


class EvidenceRow(Base):
    __tablename__ = "evidence"
    __table_args__ = (one_of("modality", Modality),)
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    modality: Mapped[str] = mapped_column(String(10), primary_key=True)
    schema_version: Mapped[int] = mapped_column(Integer)
    content: Mapped[Evidence] = mapped_column(Typed(Evidence, evidence_today))


class ExplanationRow(Base):
    __tablename__ = "explanations"
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[Explanation] = mapped_column(Typed(Explanation))


class ArtefactRow(Base):
    __tablename__ = "artefacts"
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[Artefact] = mapped_column(Typed(Artefact))


class ReportRow(Base):
    __tablename__ = "reports"
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    schema_version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class EventRow(Base):
    __tablename__ = "events"
    __table_args__ = (one_of("stage", Stage),)
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str | None] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class JobRow(Base):
    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_analysis_wave", "analysis_id", "wave"),
        Index("ix_jobs_unfinished", "status", postgresql_where=text("status IN ('submitted', 'running')")),
        one_of("status", JobStatus),
    )
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    analysis_id: Mapped[str | None] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"))
    """Null for work that outlives every analysis."""
    wave: Mapped[int] = mapped_column(Integer)
    task: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    outages: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How often it was put off because a dependency was away; such an attempt does not count as one."""
    worker: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    due_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    sent_at: Mapped[datetime | None] = mapped_column(Timestamp)
    """When its last message went out; null when recovery is to send the first."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    failure: Mapped[Failure | None] = mapped_column(Typed(Failure))
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


def analysis_is_live() -> ColumnElement[bool]:
    return AnalysisRow.status.in_((AnalysisStatus.QUEUED.value, AnalysisStatus.RUNNING.value))


def job_is_wanted() -> ColumnElement[bool]:
    """Of a job beside its analysis: somebody still waits for what it does."""
    # The advance that finished an analysis, in an odd wave, has yet to say so.
    last_words = (JobRow.wave % 2 == 1) & (AnalysisRow.status == AnalysisStatus.FINISHED.value)
    return analysis_is_live() | (JobRow.wave == AFTERWARDS) | last_words


class ConversationRow(Base):
    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    last_turn: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    last_event: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class ConversationAnalysisRow(Base):
    """Which analyses a conversation is about, in order."""

    __tablename__ = "conversation_analyses"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    analysis_id: Mapped[str] = mapped_column(
        ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int] = mapped_column(Integer)


class TurnRow(Base):
    """One question and its answer. Who answers it until when is in `jobs`."""

    __tablename__ = "turns"
    __table_args__ = (one_of("status", TurnStatus),)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), default=TurnStatus.WAITING.value)
    answer: Mapped[Answer | None] = mapped_column(Typed(Answer))
    failure: Mapped[Failure | None] = mapped_column(Typed(Failure))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)


class DialogueEventRow(Base):
    __tablename__ = "dialogue_events"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class ShareRow(Base):
    __tablename__ = "shares"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class FeedbackRow(Base):
    __tablename__ = "feedback"
    __table_args__ = (one_of("judgement", Judgement),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), index=True)
    judgement: Mapped[str] = mapped_column(String(10))
    truth: Mapped[str | None] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class WebhookRow(Base):
    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(Text)
    notices: Mapped[tuple[Notice, ...]] = mapped_column(Typed(tuple[Notice, ...]))
    description: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(Boolean)
    secret: Mapped[str] = mapped_column(String(200))
    former_secret: Mapped[str | None] = mapped_column(String(200))
    former_until: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class DeliveryRow(Base):
    """The outbox: written, with the job that delivers it, in the transaction of what it tells of."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_webhook_created", "webhook_id", "created_at", "id"),
        one_of("notice", Notice),
        one_of("status", DeliveryStatus),
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    analysis_id: Mapped[str | None] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), index=True)
    notice: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[tuple[DeliveryAttempt, ...]] = mapped_column(Typed(tuple[DeliveryAttempt, ...]))
    next_attempt_at: Mapped[datetime | None] = mapped_column(Timestamp)
    """As its owner is told; when its job runs is in `jobs`."""
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class TallyRow(Base):
    """Counters that outlive processes and retention: what `/metrics` shows of the workers."""

    __tablename__ = "tallies"
    metric: Mapped[str] = mapped_column(String(60), primary_key=True)
    labels: Mapped[str] = mapped_column(String(200), primary_key=True)
    """Values of the metric's labels in their order, as a JSON list."""
    value: Mapped[float] = mapped_column(Double)


class AuditRow(Base):
    """Who did what. Kept when the analysis itself is deleted, without its content."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    actor_id: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str] = mapped_column(String(160))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
