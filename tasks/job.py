"""What a job is to the workers: its kind, the body that does it, and what is told when it is given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from core.errors import Defect
from core.jobs import JobKind, P, Queue
from core.types import Failure, JobRecord
from tasks.context import WorkerContext
from tasks.policy import MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class ClaimedJob(Generic[P]):
    """One job as its body sees it."""

    record: JobRecord
    payload: P

    @property
    def analysis_id(self) -> str:
        """Raises: Defect where the job belongs to no analysis."""
        if self.record.spec.analysis_id is None:
            raise Defect("bad_payload", "The job names no analysis.")
        return self.record.spec.analysis_id

    @property
    def wave(self) -> int:
        return self.record.spec.wave

    @property
    def attempt(self) -> int:
        """Counted from 1."""
        return self.record.attempts


Body = Callable[[WorkerContext, ClaimedJob[P]], dict[str, object]]
"""Does the work and answers with what the ledger keeps as its result. It may run again at any time: doing it twice
is doing it once."""
Farewell = Callable[[WorkerContext, ClaimedJob[P], Failure], None]


@dataclass(frozen=True, slots=True)
class Job(Generic[P]):
    """One entry of `tasks.registry`."""

    kind: JobKind[P]
    body: Body[P]
    on_give_up: Farewell[P] | None = None
    """Tells whoever waits for more than the ledger's record. Runs before the job is marked failed, so that a killed
    worker's successor does it; doing it twice is doing it once."""
    most_attempts: int = MAX_ATTEMPTS
    gives_way: bool = False
    """Whether everything else goes before it: nobody looks at its result before the report."""

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def queue(self) -> Queue:
        return self.kind.queue

    @property
    def payload(self) -> type[P]:
        return self.kind.payload

    def claimed(self, record: JobRecord) -> ClaimedJob[P]:
        """Raises: Defect("bad_payload")."""
        return ClaimedJob(record, self.kind.read(record.spec))
