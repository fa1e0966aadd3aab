"""What becomes of a job that raised: the one table from error class to retry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.errors import DeepwitnessError, Rejected, Unavailable
from core.types import Failure

MAX_ATTEMPTS: Final = 3
"""Also for jobs whose worker was killed: what kills a worker thrice is not tried a fourth time."""
BACKOFF_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Retry:
    """Give the job back, and send it again after a pause."""

    after_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The job has failed for good. `loud` asks for the full traceback in the log."""

    failure: Failure
    loud: bool


ABANDONED: Final = Failure(code="job_abandoned", message="This step was interrupted too often and was given up.")
DEFECT: Final = Failure(code="internal_error", message="This step failed through a fault of the service.")


def decide(error: Exception, attempts: int) -> Retry | GiveUp:
    """Rejected: never again. Unavailable: again with backoff. Anything else is our fault: tried once more, loudly."""
    match error:
        case Rejected():
            return GiveUp(Failure(code=error.code, message=error.public_message), loud=False)
        case Unavailable() if attempts < MAX_ATTEMPTS:
            return Retry(BACKOFF_S * 2 ** (attempts - 1))
        case Unavailable():
            return GiveUp(Failure(code=error.code, message=error.public_message), loud=False)
        case DeepwitnessError():
            return GiveUp(Failure(code=error.code, message=error.public_message), loud=True)
        case _ if attempts < 2:
            return Retry(BACKOFF_S)
        case _:
            return GiveUp(DEFECT, loud=True)
