"""Interfaces with two or more consumers. An interface with one consumer lives beside that consumer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from core.media import LocalMedia
from core.types import (
    Analysis,
    AnalysisEvent,
    Artefact,
    AudioEvidence,
    AudioObservations,
    Evidence,
    Explanation,
    Failure,
    JobRecord,
    JobSpec,
    LlmCall,
    MediaInfo,
    ModelRef,
    Plan,
    PreparedMedia,
    Reason,
    Report,
    Stage,
    Thresholds,
    Verdict,
    VisualEvidence,
    VisualObservations,
)

T = TypeVar("T", bound=BaseModel)

# ------------------------------------------------------------------------------------------------ detectors


class Detector(Protocol):
    """A trained model and the reading of its scores."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes when weights, preprocessing or calibration do."""

    @property
    def model(self) -> ModelRef: ...

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """Every file of weights that scores, `model` first, with this detector's name and version."""

    @property
    def thresholds(self) -> Thresholds: ...

    def supports(self, media: MediaInfo) -> Reason | None:
        """None when this detector can examine the media, else why not."""

    def warm(self) -> None:
        """Load now what the first file would wait for."""

    def detect(self, media: LocalMedia) -> Evidence:
        """Examine prepared media: `interpret(observe(media))`. Leaves nothing on `self`."""


class VisualDetector(Detector, Protocol):
    def observe(self, media: LocalMedia, earlier: VisualObservations | None = None) -> VisualObservations:
        """Run faces and model over `media.frames`; no interpretation. earlier: what was seen in other frames."""

    def interpret(self, media: MediaInfo, observations: VisualObservations) -> VisualEvidence:
        """Tracks, calibrated scores and segments from the union of all observations. Cheap, pure, no model."""

    def detect(self, media: LocalMedia) -> VisualEvidence: ...


class AudioDetector(Detector, Protocol):
    def observe(self, media: LocalMedia) -> AudioObservations: ...

    def interpret(self, media: MediaInfo, observations: AudioObservations) -> AudioEvidence: ...

    def detect(self, media: LocalMedia) -> AudioEvidence:
        """The score, without the acoustic measurements that `observe` takes beside it."""


# ------------------------------------------------------------------------------------------------ blobs


class Bucket(StrEnum):
    """Logical buckets; settings add a prefix."""

    ORIGINALS = "originals"
    FRAMES = "frames"
    AUDIO = "audio"
    OUTPUTS = "outputs"


@dataclass(frozen=True, slots=True)
class BlobRef:
    bucket: Bucket
    key: str
    size_bytes: int
    media_type: str | None = None


class BlobStore(Protocol):
    """Object storage. Every method raises `Unavailable` when the server cannot be reached."""

    def put_bytes(self, bucket: Bucket, key: str, content: bytes, media_type: str) -> BlobRef: ...

    def upload(self, bucket: Bucket, key: str, path: Path) -> BlobRef:
        """Store a file in parts, never holding more than a few of them in memory."""

    def get_bytes(self, bucket: Bucket, key: str) -> bytes:
        """Raises: Rejected("blob_not_found") when absent."""

    def open_range(self, bucket: Bucket, key: str, start: int, length: int | None) -> Iterator[bytes]: ...

    def download(self, bucket: Bucket, key: str, path: Path) -> None: ...

    def copy(self, source: BlobRef, bucket: Bucket, key: str) -> BlobRef: ...

    def presign_get(
        self, bucket: Bucket, key: str, expires_s: int, file_name: str | None = None, media_type: str | None = None
    ) -> str:
        """With a file name it is saved under that name, without one shown; `media_type` overrides the stored one."""

    def presign_put(self, bucket: Bucket, key: str, expires_s: int, size_bytes: int) -> str:
        """An address that takes exactly so many bytes."""

    def stat(self, bucket: Bucket, key: str) -> BlobRef | None: ...

    def delete(self, bucket: Bucket, key: str) -> None: ...

    def delete_prefix(self, bucket: Bucket, prefix: str) -> int: ...

    def written_before(self, bucket: Bucket, moment: datetime, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, of the objects that were last written before `moment`."""

    def ping(self) -> None: ...


# ------------------------------------------------------------------------------------------------ queue


class JobQueue(Protocol):
    """Tells the workers of a queue that a job waits in the ledger. Knows no task code."""

    def send(self, job: JobSpec) -> None:
        """Sending again is harmless. Raises `Unavailable`; then recovery sends it later."""


class JobLedger(Protocol):
    """Exactly-once bookkeeping over an at-least-once broker, in the database.

    A worker claims a job under a lease and extends the lease while it works. A job that ends is marked in the same
    transaction that learns whether it was the last of its wave, so a wave resumes its graph once, however often the
    broker delivers. What a killed worker left behind has an expired lease and is found by `take_unsent`.
    """

    def open(self, jobs: Sequence[JobSpec]) -> tuple[JobRecord, ...]:
        """Record jobs as submitted; those already known are returned as they are."""

    def claim(self, job_id: str, worker: str, lease_s: float) -> JobRecord | None:
        """The job, now running for `worker`; None when it has ended, is not due or not wanted, or is another's."""

    def extend(self, job_id: str, worker: str, lease_s: float) -> bool:
        """False when the lease was lost or the analysis was cancelled or deleted."""

    def finish(self, job_id: str, worker: str, result: dict[str, object]) -> bool:
        """Mark done. True for exactly one job of a wave that a graph waits for: the last to end."""

    def fail(self, job_id: str, worker: str, failure: Failure) -> bool:
        """Mark failed for good. True for exactly one job of a wave that a graph waits for: the last to end."""

    def release(self, job_id: str, worker: str, *, after_s: float, counts: bool) -> None:
        """Give the job back; it is due after a pause. `counts`: whether this attempt counts as one."""

    def of_analysis(self, analysis_id: str, wave: int | None = None) -> tuple[JobRecord, ...]: ...

    def take_unsent(self, unclaimed_since: datetime) -> tuple[JobRecord, ...]:
        """Wanted jobs to send now, each given to one caller: those that became due, those that nobody claimed since
        they were sent before `unclaimed_since`, and those whose lease expired."""

    def stalled(self, idle_since: datetime) -> tuple[JobRecord, ...]:
        """For each running analysis without an unfinished job and without activity since `idle_since`: its last job.

        Such an analysis lost the message that would have moved it on; sending that message again is safe.
        """


# ------------------------------------------------------------------------------------------------ records


class EventLog(Protocol):
    """An analysis's progress, persisted and announced."""

    def append(
        self,
        analysis_id: str,
        kind: str,
        message: str,
        *,
        stage: Stage | None = None,
        detail: dict[str, object] | None = None,
    ) -> AnalysisEvent: ...

    def after(self, analysis_id: str, event_id: int) -> tuple[AnalysisEvent, ...]: ...


class CaseFile(Protocol):
    """All that is known about an analysis, for the agents, tools and jobs that work on it.

    Each call is its own unit of work.
    """

    def analysis(self, analysis_id: str) -> Analysis:
        """Raises: Rejected("analysis_not_found")."""

    def original_key(self, analysis_id: str) -> str:
        """Key of the uploaded file in the originals bucket."""

    def is_cancelled(self, analysis_id: str) -> bool:
        """True when cancelled or deleted."""

    def save_prepared(self, analysis_id: str, prepared: PreparedMedia) -> None: ...

    def prepared(self, analysis_id: str) -> PreparedMedia: ...

    def save_plan(self, analysis_id: str, plan: Plan) -> None: ...

    def plan(self, analysis_id: str) -> Plan | None: ...

    def save_evidence(self, analysis_id: str, evidence: Evidence) -> None:
        """One evidence a modality; saving again replaces it."""

    def evidence(self, analysis_id: str) -> tuple[Evidence, ...]: ...

    def save_verdict(self, analysis_id: str, verdict: Verdict) -> None: ...

    def save_explanation(self, analysis_id: str, explanation: Explanation) -> None: ...

    def explanations(self, analysis_id: str) -> tuple[Explanation, ...]: ...

    def save_artefact(self, analysis_id: str, artefact: Artefact) -> None: ...

    def artefacts(self, analysis_id: str) -> tuple[Artefact, ...]: ...

    def save_report(self, analysis_id: str, report: Report) -> None:
        """Stores the report and marks the analysis finished, in one transaction."""

    def report(self, analysis_id: str) -> Report | None: ...

    def set_stage(self, analysis_id: str, stage: Stage) -> None:
        """Marks the analysis running on its first stage."""

    def mark_failed(self, analysis_id: str, failure: Failure) -> None:
        """Ends the analysis and tells why, in one transaction; nothing where it has ended already."""


# ------------------------------------------------------------------------------------------------ language model


@dataclass(frozen=True, slots=True)
class Completion(Generic[T]):
    """A structured answer and how the call went. `answer` is None when the call failed; `call.outcome` says how."""

    answer: T | None
    call: LlmCall


class LanguageModel(Protocol):
    """Any OpenAI-compatible endpoint, asked for structured output within bounded time and tokens.

    Never raises for the endpoint's faults.
    """

    def complete(
        self,
        *,
        purpose: str,
        prompt_id: str,
        prompt_version: int,
        system: str,
        user: str,
        schema: type[T],
        max_tokens: int,
        timeout_s: float,
    ) -> Completion[T]: ...
