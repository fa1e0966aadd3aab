"""The kinds of background work: name, queue and payload of each. What each does is in `tasks.jobs`.

Whoever wants work done imports its kind from here, records `JobKind.spec` in the ledger, and has it sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from core.errors import Defect
from core.types import (
    AFTERWARDS,
    Completion,
    DeliveryOrder,
    DocumentTranslation,
    DocumentWriting,
    FaceExamination,
    FaceRecheck,
    FrameSampling,
    Frozen,
    JobSpec,
    NoPayload,
    QuestionAnswering,
    Removal,
    SecondExplanation,
    VoiceExamination,
    VoiceRecheck,
)

P = TypeVar("P", bound=Frozen)


class Queue(StrEnum):
    """One for each kind of machine that may be added."""

    PREPARE = "prepare"
    VISUAL = "visual"
    AUDIO = "audio"
    EXPLAIN = "explain"
    AGENTS = "agents"
    MAINTENANCE = "maintenance"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class JobKind(Generic[P]):
    """One kind of work. Its name is written to the database: it never changes."""

    name: str
    queue: Queue
    payload: type[P]

    def __post_init__(self) -> None:
        if self.name.partition(".")[0] != self.queue:
            raise ValueError(f"the name of {self.name} does not begin with its queue")

    def spec(self, analysis_id: str, wave: int, payload: P, *, number: int | None = None) -> JobSpec:
        """A job of an analysis's wave; numbered where the wave holds several of this kind."""
        place = f"{analysis_id}:{wave}:{self.name}"
        return JobSpec(
            id=place if number is None else f"{place}:{number}",
            analysis_id=analysis_id,
            wave=wave,
            task=self.name,
            payload=payload.model_dump(mode="json"),
        )

    def afterwards(self, analysis_id: str, key: str, payload: P) -> JobSpec:
        """A job of an analysis that its graph does not wait for. `key` tells it from others of its kind."""
        return JobSpec(
            id=f"{analysis_id}:{self.name}:{key}",
            analysis_id=analysis_id,
            wave=AFTERWARDS,
            task=self.name,
            payload=payload.model_dump(mode="json"),
        )

    def alone(self, key: str, payload: P, *, due_at: datetime | None = None) -> JobSpec:
        """A job of no analysis. `key` tells it from others of its kind."""
        return JobSpec(id=f"{self.name}:{key}", task=self.name, payload=payload.model_dump(mode="json"), due_at=due_at)

    def read(self, spec: JobSpec) -> P:
        """The payload of a recorded job, also of one that an earlier version of the service recorded.

        Raises: Defect("bad_payload").
        """
        try:
            return self.payload.model_validate(spec.payload)
        except ValidationError as error:
            raise Defect(
                "bad_payload",
                "This step was recorded by another version of the service, and this one cannot read it. Ask again.",
            ) from error


PREPARE_MEDIA: Final = JobKind("prepare.media", Queue.PREPARE, NoPayload)
SAMPLE_FRAMES: Final = JobKind("prepare.frames", Queue.PREPARE, FrameSampling)
EXAMINE_FACES: Final = JobKind("visual.detect", Queue.VISUAL, FaceExamination)
EXAMINE_VOICE: Final = JobKind("audio.detect", Queue.AUDIO, VoiceExamination)
RECHECK_FACES: Final = JobKind("visual.recheck", Queue.VISUAL, FaceRecheck)
RECHECK_VOICE: Final = JobKind("audio.recheck", Queue.AUDIO, VoiceRecheck)
EXPLAIN_FACES: Final = JobKind("explain.visual", Queue.EXPLAIN, NoPayload)
EXPLAIN_VOICE: Final = JobKind("explain.audio", Queue.EXPLAIN, NoPayload)
EXPLAIN_VERDICT: Final = JobKind("explain.fusion", Queue.EXPLAIN, NoPayload)
WRITE_DOCUMENTS: Final = JobKind("explain.report", Queue.EXPLAIN, DocumentWriting)
TRANSLATE_DOCUMENT: Final = JobKind("explain.translation", Queue.EXPLAIN, DocumentTranslation)
EXPLAIN_AGAIN: Final = JobKind("explain.again", Queue.EXPLAIN, SecondExplanation)
ADVANCE: Final = JobKind("agents.advance", Queue.AGENTS, NoPayload)
ANSWER: Final = JobKind("agents.answer", Queue.AGENTS, QuestionAnswering)
REPLAY: Final = JobKind("agents.replay", Queue.AGENTS, NoPayload)
DELIVER: Final = JobKind("webhooks.deliver", Queue.WEBHOOKS, DeliveryOrder)
FORGET: Final = JobKind("maintenance.forget", Queue.MAINTENANCE, Removal)
SWEEP: Final = JobKind("maintenance.sweep", Queue.MAINTENANCE, NoPayload)
REMOVE_ORPHANS: Final = JobKind("maintenance.orphans", Queue.MAINTENANCE, NoPayload)
COMPLETE: Final = JobKind("maintenance.complete", Queue.MAINTENANCE, Completion)
REMOVE_UPLOADS: Final = JobKind("maintenance.uploads", Queue.MAINTENANCE, NoPayload)

KINDS: Final[Mapping[str, JobKind[Any]]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            PREPARE_MEDIA,
            SAMPLE_FRAMES,
            EXAMINE_FACES,
            EXAMINE_VOICE,
            RECHECK_FACES,
            RECHECK_VOICE,
            EXPLAIN_FACES,
            EXPLAIN_VOICE,
            EXPLAIN_VERDICT,
            WRITE_DOCUMENTS,
            TRANSLATE_DOCUMENT,
            EXPLAIN_AGAIN,
            ADVANCE,
            ANSWER,
            REPLAY,
            DELIVER,
            FORGET,
            SWEEP,
            REMOVE_ORPHANS,
            REMOVE_UPLOADS,
            COMPLETE,
        )
    }
)
"""Every kind by its name."""


def prepare_job(analysis_id: str) -> JobSpec:
    """The first job of an analysis."""
    return PREPARE_MEDIA.spec(analysis_id, 0, NoPayload())


def answer_job(conversation_id: str, number: int) -> JobSpec:
    """The job that answers a turn."""
    return ANSWER.alone(
        f"{conversation_id}:{number}", QuestionAnswering(conversation_id=conversation_id, number=number)
    )
