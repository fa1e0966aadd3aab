"""When a job is tried again: the one table from error class to retry, and every pause.

Only a defect or the input ends a job. A dependency that is away costs time and no attempt.
"""

from __future__ import annotations

import errno
import random
from dataclasses import dataclass
from typing import Final

from core.confinement import ReaderKilled
from core.errors import DeepwitnessError, Misconfigured, Rejected, Unavailable
from core.types import Failure

MAX_ATTEMPTS: Final = 3
"""Also for jobs whose worker was killed: what kills a worker thrice is not tried a fourth time."""
BACKOFF_S: Final = 2.0
LONGEST_BACKOFF_S: Final = 300.0
MISCONFIGURED_OUTAGES: Final = 20
"""After so many, about an hour, a deployment that is set up wrongly is not waited for: its operator was told."""
RECORDING_PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, *(30.0,) * 20)
"""Between attempts at recording how a job ended."""
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_ROOM_MESSAGE: Final = "The service has no room on its disk."
DELIVERY_PAUSES_S: Final = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0)
"""Between attempts at a webhook, about those that Standard Webhooks recommends; after the last it has failed."""
DELIVERY_ATTEMPTS: Final = len(DELIVERY_PAUSES_S) + 1
JITTER: Final = 0.1
MAX_RETRY_AFTER_S: Final = 86_400.0


class TryAgain(Exception):
    """Raised by a body whose attempt is over and recorded, and that wants another one after a pause."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"again in {after_s} s")
        self.after_s = after_s


@dataclass(frozen=True, slots=True)
class Retry:
    """Give the job back; it is due after a pause. `counts`: whether this attempt counts as one."""

    after_s: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The job has failed for good. `loud` asks for the full traceback in the log."""

    failure: Failure
    loud: bool


ABANDONED: Final = Failure(
    code="job_abandoned", message="This step was interrupted too often and was given up.", is_ours=True
)
DEFECT: Final = Failure(code="internal_error", message="This step failed through a fault of the service.", is_ours=True)
UNKNOWN: Final = Failure(
    code="job_unknown",
    message="This step was recorded by another version of the service that this one does not know.",
    is_ours=True,
)


def decide(error: Exception, attempts: int, outages: int = 0) -> Retry | GiveUp:
    """What becomes of a job that raised.

    Args:
        attempts: begun so far, this one included.
        outages: how often it was put off because a dependency was away.
    """
    match error:
        case TryAgain():
            return Retry(error.after_s)
        case ReaderKilled() if attempts < MAX_ATTEMPTS:
            return Retry(BACKOFF_S)
        case ReaderKilled():
            return GiveUp(Failure(code=error.code, message=error.public_message, is_ours=True), loud=False)
        case Misconfigured() if outages >= MISCONFIGURED_OUTAGES:
            return GiveUp(Failure(code=error.code, message=error.public_message, is_ours=True), loud=True)
        case Unavailable() | Misconfigured():
            return Retry(pause_outage(outages), counts=False)
        case OSError() if error.errno in NO_ROOM:
            return Retry(pause_outage(outages), counts=False)
        case Rejected():
            return GiveUp(Failure(code=error.code, message=error.public_message), loud=False)
        case DeepwitnessError():
            return GiveUp(Failure(code=error.code, message=error.public_message, is_ours=True), loud=True)
        case _ if attempts < 2:
            return Retry(BACKOFF_S)
        case _:
            return GiveUp(DEFECT, loud=True)


def pause_outage(outages: int) -> float:
    """Seconds until a job is tried again whose dependency is away."""
    return float(min(BACKOFF_S * 2 ** min(outages, 10), LONGEST_BACKOFF_S))


def say_why_waiting(error: Exception) -> str:
    """For whoever waits for a job that was put off: what is the matter, and that nobody has to do anything."""
    what = NO_ROOM_MESSAGE if isinstance(error, OSError) else error.public_message  # type: ignore[attr-defined]
    return f"{what} The analysis goes on by itself."


def pause_delivery(attempt: int, retry_after_s: float | None = None) -> float | None:
    """Seconds until the next attempt at a webhook, its own wish counted if that is longer; None after the last."""
    if attempt > len(DELIVERY_PAUSES_S):
        return None
    pause_s = DELIVERY_PAUSES_S[attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load
    return max(pause_s, min(retry_after_s or 0.0, MAX_RETRY_AFTER_S))
