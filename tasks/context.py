"""What a task body is given: the ports, and the parts that are costly to make, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agents.analysis.graph import AnalysisGraph
from core.ports import BlobStore, CaseFile, EventLog, JobLedger, JobQueue
from core.settings import Settings
from core.webhooks import DeliveryAttempt, Dispatch
from tasks.examiners import FaceExaminer, VoiceExaminer
from tasks.jobs.answer import Dialogue


class Outbox(Protocol):
    """Notices to webhooks that wait to be sent. What is not recorded within its lease comes up again."""

    def claim_due(self, lease_s: float) -> tuple[tuple[str, int], ...]:
        """Ids of deliveries whose time has come, with the number of the next attempt."""

    def take(self, delivery_id: str, attempt: int) -> Dispatch | None:
        """What to send; None when another message began this attempt."""

    def record(
        self, delivery_id: str, attempt: DeliveryAttempt, *, again_at: datetime | None, is_gone: bool = False
    ) -> None: ...


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
    visual: Callable[[], FaceExaminer]
    audio: Callable[[], VoiceExaminer]
    graph: Callable[[], AnalysisGraph]
    dialogue: Dialogue
    sweep: Callable[[], None]
    """Removes what is older than the retention."""
    remove_orphans: Callable[[], int]
    """Removes objects that no row names."""
    forget: Callable[[str], None]
    """Removes the rest of a deleted analysis: its graph's checkpoints, and what its last job wrote too late."""
