"""Tells the workers that a job waits. Knows no task code, so the API may know it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from core.errors import Unavailable
from core.jobs import Queue
from core.settings import BrokerSettings
from core.types import JobSpec

WORKERS: Final = "deepwitness-workers"
"""Queues, scored by the moment at which a worker last said that it serves them."""
MISSING_S: Final = 20.0
ANSWER_S: Final = 3.0
RUN_JOB: Final = "run_job"
"""The one Celery task. Its argument is a job's id; everything else about the job is in the ledger."""


class CeleryQueue:
    """`core.ports.JobQueue` over Celery's Redis transport; knows too which queues have a worker."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._redis = Redis.from_url(
            settings.url.get_secret_value(),
            socket_connect_timeout=ANSWER_S,
            socket_timeout=ANSWER_S,
            decode_responses=True,
        )
        self._celery = Celery("deepwitness", broker=settings.url.get_secret_value(), set_as_current=False)
        self._celery.conf.update(task_ignore_result=True, broker_connection_timeout=5, **transport())
        # Whoever hands in a job does not wait for the broker: what is not sent is found in the ledger.
        self._celery.conf.broker_transport_options |= {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}

    def send(self, job: JobSpec) -> None:
        try:
            self._celery.send_task(RUN_JOB, args=[job.id], task_id=job.id, queue=job.queue, retry=False)
        except (OperationalError, RedisError) as error:
            raise Unavailable("queue_unavailable", "The work queue cannot be reached at the moment.") from error

    def ping(self) -> None:
        """Raises: redis.RedisError."""
        self._redis.ping()

    def note_worker(self, queues: Iterable[str]) -> None:
        """Say that a worker serves these queues just now. Raises: redis.RedisError."""
        self._redis.zadd(WORKERS, dict.fromkeys(queues, time.time()))

    def need_workers(self) -> None:
        """Raises: Unavailable when some queue has had no worker for a while. redis.RedisError."""
        seen = {str(name) for name in self._redis.zrangebyscore(WORKERS, time.time() - MISSING_S, "+inf")}
        if set(Queue) - seen:
            raise Unavailable("workers_away", "No worker takes jobs of some kinds at the moment.")


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
