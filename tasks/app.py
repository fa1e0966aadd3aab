"""The Celery application. Run a worker with

    python -m celery -A tasks.app worker --pool threads \\
        --queues prepare,visual,audio,explain,agents,maintenance,webhooks

from the repository's root with `PYTHONPATH` set to it; a worker for one queue names that queue only. The pool is of
threads: LiteRT and the decoders release the interpreter lock, the models are loaded once a process, and TensorFlow,
which only second opinions need, is never carried over a fork.
"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import structlog
from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutting_down
from redis.exceptions import RedisError

from core.jobs import Queue
from core.logging import configure_logging
from core.settings import Settings
from core.tracing import start_tracing, stop_tracing
from tasks.context import WorkerContext
from tasks.job import Job
from tasks.lease import HEARTBEAT_S
from tasks.queue import RUN_JOB, CeleryQueue, transport
from tasks.recovery import CHECK_EVERY_S, recover
from tasks.runner import run_job

_log: Final = structlog.get_logger()


def _configuration() -> dict[str, object]:
    """Read when the worker starts, never on import. Raises: Misconfigured when the chosen writer is not installed."""
    settings = Settings()
    if settings.llm.writer == "crew":
        from agents.report.crew import require_crew

        require_crew()
    return {
        "broker_url": settings.broker.url.get_secret_value(),
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": 4,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "broker_connection_retry_on_startup": True,
        "task_default_queue": Queue.MAINTENANCE.value,
        **transport(),
    }


app = Celery("deepwitness", set_as_current=False)
app.add_defaults(_configuration)


class _Worker:
    """This process's context and name, made when its first job or its start asks for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._context: WorkerContext | None = None
        self._jobs: Mapping[str, Job[Any]] = {}
        self._running = 0
        self.name = ""
        self.stopped = threading.Event()

    def context(self) -> WorkerContext:
        with self._lock:
            if self._context is None:
                # Imported when first needed: the explainers' libraries take seconds.
                from tasks.registry import JOBS
                from tasks.wiring import build_context, worker_name

                self.name = worker_name()
                self._context = build_context(Settings())
                self._jobs = JOBS
            return self._context

    def run(self, job_id: str) -> None:
        context = self.context()
        with self._lock:
            self._running += 1
        try:
            run_job(context, self._jobs, job_id, self.name)
        finally:
            with self._lock:
                self._running -= 1
                is_idle = self._running == 0
            if is_idle:
                give_memory_back()


def give_memory_back() -> None:
    """To the system, which the C library would not do by itself: pictures and models leave hundreds of megabytes."""
    with suppress(AttributeError):  # of a C library that has no such function
        ctypes.CDLL(None).malloc_trim(0)


_worker = _Worker()


@app.task(name=RUN_JOB)
def run(job_id: str) -> None:
    """Do the job of this id. The ledger says what it is and holds its outcome, so nothing is raised or retried here."""
    _worker.run(job_id)


@setup_logging.connect
def _set_up_logging(**_: Any) -> None:
    settings = Settings()
    configure_logging(settings.log)
    start_tracing(settings.telemetry, "worker")


@worker_ready.connect
def _warm_up(**_: Any) -> None:
    """Look for due and lost work from now on, and load what the served queues need before the first upload comes."""
    queues = {queue for queue in os.environ.get("QUEUES", ",".join(Queue)).split(",") if queue}

    def load() -> None:
        context = _worker.context()
        if Queue.PREPARE in queues:
            context.reader.warm()
        for examiner, queue in ((context.visual, Queue.VISUAL), (context.audio, Queue.AUDIO)):
            if queue in queues:
                examiner().warm()
            elif Queue.AGENTS in queues:
                examiner()
        if Queue.AGENTS in queues:
            context.graph()
            context.dialogue.answerer()
        if Queue.EXPLAIN in queues:
            from explainers.rendering.palette import warm  # last: a verdict does not wait for it

            warm()
        # What is there now stays: looking through all of it for what is unused takes a fifth of a second each time.
        gc.collect()
        gc.freeze()
        give_memory_back()
        _log.info("tasks.worker.warm", queues=sorted(queues))

    def keep_looking() -> None:
        warm, missed = False, False
        present = CeleryQueue(Settings().broker)
        while True:
            with suppress(RedisError):
                present.note_worker(queues)
            try:
                if missed:
                    # Whoever still works extends its lease first: nothing of theirs was lost.
                    _worker.stopped.wait(HEARTBEAT_S + 1)
                missed = True
                recover(_worker.context())
                missed = False
                if not warm:
                    load()
                    warm = True
            except Exception as error:  # noqa: BLE001 - the next look may find the database again
                _log.warning("tasks.recovery.failed", error=repr(error))
            if _worker.stopped.wait(CHECK_EVERY_S):
                return

    threading.Thread(target=keep_looking, name="recovery", daemon=True).start()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    _worker.stopped.set()
    stop_tracing()
