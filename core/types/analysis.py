"""An analysis on its way: its events and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from core.types.base import Frozen
from core.types.media import MediaInfo
from core.types.plan import Plan
from core.types.scope import Scope
from core.types.verdict import Verdict
from core.types.vocabulary import AnalysisStatus, Stage


class Failure(Frozen):
    """Why an analysis or a job failed, in authored words."""

    code: str
    message: str
    is_ours: bool = False
    """The service's fault, not the file's: the same may succeed another time."""


class AnalysisEvent(Frozen):
    """One line of an analysis's progress, replayable from any id."""

    id: Annotated[int, Field(ge=1)]
    analysis_id: str
    kind: Literal[
        "queued",
        "stage",
        "media",
        "plan",
        "evidence",
        "verdict",
        "explanation",
        "narrative",
        "finished",
        "failed",
        "cancelled",
        "replayed",
        "waiting",
    ]
    stage: Stage | None = None
    message: str
    detail: dict[str, object] = Field(default_factory=dict)
    created_at: datetime


class Analysis(Frozen):
    """One analysis as the store knows it."""

    id: str
    owner_id: str
    media_id: str
    file_name: str
    instruction: str
    scope: Scope | None = None
    """What was asked for in fields, beside or instead of the instruction."""
    source_url: str | None = None
    """The link that the file was fetched from, as its owner gave it; None for an upload."""
    pipeline_version: str
    status: AnalysisStatus
    stage: Stage | None
    media: MediaInfo | None = None
    plan: Plan | None = None
    verdict: Verdict | None = None
    failure: Failure | None = None
    language: str | None = None
    """That its report is written in, as its reader asked; None: the deployment's."""
    note: str = ""
    """In its owner's words; no part of the report."""
    tags: tuple[str, ...] = ()
    provisional: bool = False
    """Finished without a part that the service failed at; it is examined again by itself."""
    restarts: int = 0
    """How often it was examined again."""
    created_at: datetime
    started_at: datetime | None = None
    verdict_at: datetime | None = None
    finished_at: datetime | None = None
