"""What a task body is given: the ports, and the parts that are costly to make, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agents.graph import AnalysisGraph
from core.ports import AudioDetector, BlobStore, CaseFile, EventLog, JobLedger, JobQueue, VisualDetector
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """One worker process's view of the world."""

    settings: Settings
    case: CaseFile
    ledger: JobLedger
    events: EventLog
    blobs: BlobStore
    queue: JobQueue
    visual: Callable[[], VisualDetector]
    audio: Callable[[], AudioDetector]
    graph: Callable[[], AnalysisGraph]
    sweep: Callable[[], None]
    """Removes what is older than the retention."""
    forget: Callable[[str], None]
    """Removes the rest of a deleted analysis: its graph's checkpoints, and what its last job wrote too late."""
