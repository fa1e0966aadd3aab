"""Background work: a job as it is recorded, and what each kind of job is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from core.types.analysis import Failure
from core.types.base import Frozen
from core.types.explanations import SecondOpinion
from core.types.media import TimeRange
from core.types.plan import Check
from core.types.report import Report

AFTERWARDS: Final = 1_000_000
"""The wave of jobs that no graph waits for. They are claimed, retried and recovered like all others."""


class JobSpec(Frozen):
    """One unit of work. `id` is deterministic, so recording it twice is recording it once."""

    id: str
    analysis_id: str | None = None
    """None for work that outlives every analysis, such as a delivery or the retention sweep."""
    wave: Annotated[int, Field(ge=0)] = AFTERWARDS
    """Jobs of one wave run side by side; when the last of them ends, the graph is resumed."""
    task: str
    """Name of its kind, such as `visual.detect`. The part before the dot is its queue."""
    payload: dict[str, object] = Field(default_factory=dict)
    """As its kind's payload type writes it; `core.jobs.JobKind.read` reads it."""
    due_at: datetime | None = None
    """When it is to be sent. None: at once, by whoever records it."""

    @property
    def queue(self) -> str:
        return self.task.partition(".")[0]


class JobStatus(StrEnum):
    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRecord(Frozen):
    """A job as the ledger knows it."""

    spec: JobSpec
    status: JobStatus
    attempts: Annotated[int, Field(ge=0)]
    """Begun so far, less those that only met a dependency's outage."""
    outages: Annotated[int, Field(ge=0)] = 0
    """How often it was put off because a dependency was away."""
    result: dict[str, object] | None = None
    failure: Failure | None = None
    request_id: str | None = None
    """Of the request that asked for the analysis; told to whoever claims the job, for the logs."""


# ------------------------------------------------------------------------------------------------ payloads


def _read_pair(value: Any) -> Any:
    """Jobs recorded before version 0007 of the database hold a stretch as `[start, end]`."""
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"start_s": value[0], "end_s": value[1]}
    return value


Stretch = Annotated[TimeRange, BeforeValidator(_read_pair)]


class NoPayload(Frozen):
    """The job needs no more than its analysis, or nothing at all."""


class FrameSampling(Frozen):
    """Take at most `budget` more frames out of a stretch."""

    range_s: Stretch
    budget: Annotated[int, Field(ge=1)]
    is_rest: bool = False
    """Whether they are those of the usual frames that the preparation left in the file."""


class FaceExamination(Frozen):
    """Score the faces of the sampled frames of these indexes."""

    frame_indexes: tuple[int, ...]


class VoiceExamination(Frozen):
    """Score the voice of a stretch, or of the whole sound."""

    range_s: Stretch | None = None


class FaceRecheck(Frozen):
    """Score the faces of these frames again after each change."""

    frame_indexes: tuple[int, ...]
    checks: tuple[Check, ...]


class VoiceRecheck(Frozen):
    """Score the voice again after each change."""

    range_s: Stretch | None = None
    checks: tuple[Check, ...]


class DocumentWriting(Frozen):
    """Write this report down as documents. None: the one that was saved."""

    report: Report | None = None


class DocumentTranslation(Frozen):
    """Write the saved report down as a PDF in this language too."""

    language: str


class SecondExplanation(Frozen):
    """Explain again by this method."""

    method: SecondOpinion


class QuestionAnswering(Frozen):
    """Answer this turn of a conversation."""

    conversation_id: str
    number: Annotated[int, Field(ge=1)]


class DeliveryOrder(Frozen):
    """Attempt this delivery to a webhook."""

    delivery_id: str


class Completion(Frozen):
    """Examine a recording again whose analysis ended incomplete."""

    analysis_id: str


class Removal(Frozen):
    """Remove what is left of a deleted analysis."""

    analysis_id: str
    original_key: str | None = None
    """Of the upload, when no other analysis needed it."""
