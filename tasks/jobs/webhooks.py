"""The body of `webhooks.deliver`, and what sends its messages: one attempt at telling one address of one event."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import structlog
from standardwebhooks import Webhook as Signer
from structlog.contextvars import bound_contextvars

from core.version import VERSION
from core.webhooks import DeliveryAttempt
from egress.guard import AddressRefused, Resolve, resolve
from egress.sending import Answer, TimedOut, Unreachable, post
from tasks.context import WorkerContext
from tasks.queue import DELIVER

BACKOFF_S: Final = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0)
"""Pauses between attempts, about those that Standard Webhooks recommends; after the last the delivery has failed."""
JITTER: Final = 0.1
MAX_RETRY_AFTER_S: Final = 86_400.0
LEASE_S: Final = 60.0
"""Well above an attempt's deadline: an attempt whose worker was killed is made again after this."""

_log: Final = structlog.get_logger()


def send_due(context: WorkerContext) -> int:
    """Put deliveries whose time has come on the queue. Returns how many."""
    due = context.outbox.claim_due(LEASE_S)
    for delivery_id, attempt in due:
        context.queue.send(DELIVER, [delivery_id, attempt], task_id=f"{delivery_id}:{attempt}")
    return len(due)


def deliver(context: WorkerContext, delivery_id: str, attempt: int, *, resolver: Resolve = resolve) -> None:
    """Make one attempt and record how it went. A second message for the same attempt does nothing."""
    dispatch = context.outbox.take(delivery_id, attempt)
    if dispatch is None:
        return
    now, started = datetime.now(UTC), time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Deepwitness/{VERSION}",
        "webhook-id": dispatch.delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(dispatch.delivery_id, now, dispatch.body) for secret in dispatch.secrets
        ),
    }
    answer: Answer | None = None
    result: Literal["delivered", "answered_otherwise", "timed_out", "unreachable", "address_refused"]
    try:
        answer = post(context.settings.webhooks, dispatch.url, headers, dispatch.body.encode(), resolver=resolver)
        result = "delivered" if 200 <= answer.status < 300 else "answered_otherwise"
    except AddressRefused:
        result = "address_refused"
    except TimedOut:
        result = "timed_out"
    except Unreachable:
        result = "unreachable"
    except Exception as error:  # noqa: BLE001 - an attempt that is not recorded comes up again for ever
        result = "unreachable"
        _log.warning("tasks.webhook.defect", delivery_id=delivery_id, error=repr(error))
    is_gone = answer is not None and answer.status == 410
    again_at = None
    if result != "delivered" and not is_gone:
        pause_s = pause_after(attempt, None if answer is None else answer.retry_after_s)
        again_at = None if pause_s is None else datetime.now(UTC) + timedelta(seconds=pause_s)
    status = None if answer is None else answer.status
    made = DeliveryAttempt(at=now, result=result, status=status, seconds=round(time.monotonic() - started, 3))
    context.outbox.record(delivery_id, made, again_at=again_at, is_gone=is_gone)
    with bound_contextvars(delivery_id=delivery_id):
        _log.info("tasks.webhook.attempted", attempt=attempt, result=result, status=status, seconds=made.seconds)


def pause_after(attempt: int, retry_after_s: float | None = None) -> float | None:
    """Seconds until the next attempt, the address's own wish counted if it is longer; None after the last."""
    if attempt > len(BACKOFF_S):
        return None
    pause_s = BACKOFF_S[attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, no secret
    return max(pause_s, min(retry_after_s or 0.0, MAX_RETRY_AFTER_S))
