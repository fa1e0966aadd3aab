"""An analysis on its way: its jobs, its events and where it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

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


AFTERWARDS: Final = 1_000_000
"""The wave of jobs that are asked for when the report is there. They are led like all others and move nothing on."""


class JobSpec(Frozen):
    """One unit of work of an analysis. `id` is deterministic, so submitting twice is submitting once."""

    id: str
    analysis_id: str
    wave: Annotated[int, Field(ge=0)]
    """Jobs of one wave run side by side; when the last of them ends, the graph is resumed."""
    task: str
    """Celery task name, such as `visual.detect`."""
    payload: dict[str, object] = Field(default_factory=dict)


class JobStatus(StrEnum):
    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Frozen):
    """A job as the ledger knows it."""

    spec: JobSpec
    status: JobStatus
    attempts: Annotated[int, Field(ge=0)]
    result: dict[str, object] | None = None
    failure: Failure | None = None
    request_id: str | None = None
    """Of the request that asked for the analysis; told to whoever claims the job, for the logs."""


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
    created_at: datetime
    started_at: datetime | None = None
    verdict_at: datetime | None = None
    finished_at: datetime | None = None
