"""What a job's body is given: the ports, and the parts that are costly to make, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agents.analysis.graph import AnalysisGraph
from agents.conversation import QuestionAnswerer, Starter
from core.confinement import ReaderPool
from core.dialogue import Answer, Conversation, Turn
from core.ports import BlobStore, CaseFile, EventLog, JobLedger, JobQueue
from core.settings import Settings
from core.types import Failure, Removal
from core.webhooks import DeliveryAttempt, Dispatch
from tasks.examiners import FaceExaminer, VoiceExaminer


class Outbox(Protocol):
    """Notices to webhooks that wait to be sent."""

    def take(self, delivery_id: str) -> Dispatch | None:
        """What to send; None when the delivery has ended or is gone, or its webhook was switched off."""

    def record(
        self, delivery_id: str, attempt: DeliveryAttempt, *, again_at: datetime | None, is_gone: bool = False
    ) -> None: ...

    def give_up(self, delivery_id: str) -> None: ...


class Turns(Protocol):
    """Questions and their answers. Each ends once, whoever comes second."""

    def begin(self, conversation_id: str, number: int) -> Turn | None:
        """The turn, now being answered; None when it has ended or is gone."""

    def finish(self, conversation_id: str, number: int, answer: Answer) -> bool: ...

    def fail(self, conversation_id: str, number: int, failure: Failure) -> bool: ...


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What answering a question needs."""

    turns: Turns
    answerer: Callable[[], QuestionAnswerer]
    conversation: Callable[[str], tuple[Conversation, tuple[Turn, ...]]]
    starter: Callable[[Conversation], Starter]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What keeps the store tidy."""

    forget: Callable[[Removal], None]
    """Removes the rest of a deleted analysis: its graph's checkpoints, and what its last job wrote too late."""
    sweep: Callable[[], None]
    """Removes what is older than the retention."""
    remove_orphans: Callable[[], int]
    """Removes objects that no row names; returns of how many analyses and originals."""
    remove_uploads: Callable[[], int]
    """Removes direct uploads that nobody handed in; returns how many."""
    restart: Callable[[str], bool]
    """Has an incomplete analysis examined from its beginning; False when it is complete or gone."""
    forget_graph: Callable[[str], None]
    """Forgets how far an analysis had come."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """One worker process's view of the world."""

    settings: Settings
    case: CaseFile
    ledger: JobLedger
    events: EventLog
    blobs: BlobStore
    queue: JobQueue
    outbox: Outbox
    reader: ReaderPool
    """Reads untrusted files, in processes that can be thrown away."""
    visual: Callable[[], FaceExaminer]
    audio: Callable[[], VoiceExaminer]
    graph: Callable[[], AnalysisGraph]
    dialogue: Dialogue
    upkeep: Upkeep
