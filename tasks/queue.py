"""Tells the workers that a job waits. Knows no task code, so the API may know it."""

from __future__ import annotations

from typing import Final

from celery import Celery
from kombu.exceptions import OperationalError

from core.errors import Unavailable
from core.settings import BrokerSettings
from core.types import JobSpec

RUN_JOB: Final = "run_job"
"""The one Celery task. Its argument is a job's id; everything else about the job is in the ledger."""


class CeleryQueue:
    """`core.ports.JobQueue` over Celery's Redis transport."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._celery = Celery("deepwitness", broker=settings.url.get_secret_value(), set_as_current=False)
        self._celery.conf.update(task_ignore_result=True, broker_connection_timeout=5, **transport())

    def send(self, job: JobSpec) -> None:
        try:
            self._celery.send_task(RUN_JOB, args=[job.id], task_id=job.id, queue=job.queue, retry=False)
        except OperationalError as error:
            raise Unavailable("queue_unavailable", "The work queue cannot be reached at the moment.") from error


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
