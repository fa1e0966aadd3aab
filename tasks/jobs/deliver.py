"""One attempt at telling one address of one event."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import structlog
from standardwebhooks import Webhook as Signer
from structlog.contextvars import bound_contextvars

from core.jobs import DELIVER
from core.types import DeliveryOrder, Failure
from core.version import VERSION
from core.webhooks import DeliveryAttempt
from egress.guard import AddressRefused, Resolve, resolve
from egress.sending import Answer, TimedOut, Unreachable, post
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job
from tasks.policy import DELIVERY_ATTEMPTS, TryAgain, pause_delivery

_log: Final = structlog.get_logger()


def deliver(
    context: WorkerContext, job: ClaimedJob[DeliveryOrder], *, resolver: Resolve = resolve
) -> dict[str, object]:
    """Make one attempt and record how it went.

    Raises: TryAgain until the notice is delivered or the last attempt was made.
    """
    delivery_id = job.payload.delivery_id
    dispatch = context.outbox.take(delivery_id)
    if dispatch is None:
        return {}
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
    except Exception as error:  # noqa: BLE001 - the delivery's log tells of every attempt that was made
        result = "unreachable"
        _log.warning("tasks.webhook.defect", delivery_id=delivery_id, error=repr(error))
    is_gone = answer is not None and answer.status == 410
    pause_s = None
    if result != "delivered" and not is_gone:
        pause_s = pause_delivery(job.attempt, None if answer is None else answer.retry_after_s)
    again_at = None if pause_s is None else datetime.now(UTC) + timedelta(seconds=pause_s)
    status = None if answer is None else answer.status
    made = DeliveryAttempt(at=now, result=result, status=status, seconds=round(time.monotonic() - started, 3))
    context.outbox.record(delivery_id, made, again_at=again_at, is_gone=is_gone)
    with bound_contextvars(delivery_id=delivery_id):
        _log.info("tasks.webhook.attempted", attempt=job.attempt, result=result, status=status, seconds=made.seconds)
    if pause_s is not None:
        raise TryAgain(pause_s)
    return {"result": result}


def fail_delivery(context: WorkerContext, job: ClaimedJob[DeliveryOrder], _: Failure) -> None:
    context.outbox.give_up(job.payload.delivery_id)


JOB: Final = Job(DELIVER, deliver, on_give_up=fail_delivery, most_attempts=DELIVERY_ATTEMPTS)
