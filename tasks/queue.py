"""Sends work by name. Knows no task code, so the API may know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from celery import Celery
from kombu.exceptions import OperationalError

from core.errors import Unavailable
from core.settings import BrokerSettings

QUEUES: Final = ("prepare", "visual", "audio", "explain", "agents", "maintenance", "webhooks")
"""A task's name begins with the queue it goes to."""
FORGET: Final = "maintenance.forget"
DELIVER: Final = "webhooks.deliver"
EXPLAIN_AGAIN: Final = "explain.again"
REPLAY: Final = "agents.replay"
FORGET_DELAY_S: Final = 60.0
"""Long enough for a job of a deleted analysis to have noticed and ended."""


class CeleryQueue:
    """`core.ports.JobQueue` over Celery's Redis transport."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._celery = Celery("deepwitness", broker=settings.url.get_secret_value(), set_as_current=False)
        self._celery.conf.update(task_ignore_result=True, broker_connection_timeout=5, **transport())

    def send(self, task: str, args: Sequence[object], *, task_id: str, delay_s: float = 0.0) -> None:
        try:
            self._celery.send_task(
                task, args=list(args), task_id=task_id, queue=queue_of(task), retry=False, countdown=delay_s or None
            )
        except OperationalError as error:
            raise Unavailable("queue_unavailable", "The work queue cannot be reached at the moment.") from error


def queue_of(task: str) -> str:
    return task.partition(".")[0]


def transport() -> dict[str, object]:
    """Settings that sender and workers must share."""
    return {
        # Lost messages are found by the ledger within seconds; the broker's own redelivery is only the last resort.
        "broker_transport_options": {
            "visibility_timeout": 3600,
            "socket_connect_timeout": 5,
            "health_check_interval": 30,
        },
        "task_serializer": "json",
        "accept_content": ["json"],
    }
