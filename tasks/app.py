"""The Celery application. Run a worker with

    python -m celery -A tasks.app worker --pool threads \\
        --queues prepare,visual,audio,explain,agents,maintenance,webhooks

from the repository's root with `PYTHONPATH` set to it; a worker for one queue names that queue only. The pool is of
threads: LiteRT and the decoders release the interpreter lock, the models are loaded once a process, and TensorFlow,
which only the explanation of a voice needs, is never carried over a fork.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any, Final

import structlog
from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutting_down

from core.logging import configure_logging
from core.settings import Settings
from core.tracing import start_tracing, stop_tracing
from tasks.context import WorkerContext
from tasks.jobs.answer import ANSWER, answer_turn, resend_abandoned
from tasks.jobs.replay import replay_plan
from tasks.jobs.webhooks import deliver as tell
from tasks.jobs.webhooks import send_due
from tasks.queue import DELIVER, EXPLAIN_AGAIN, FORGET, QUEUES, REPLAY, transport
from tasks.recovery import CHECK_EVERY_S, recover
from tasks.runner import Body, run_job

SWEEP_EVERY_S: Final = 3600.0
ORPHANS_EVERY_S: Final = 86_400.0

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
        "task_routes": {f"{queue}.*": {"queue": queue} for queue in QUEUES},
        "task_default_queue": "maintenance",
        **transport(),
    }


app = Celery("deepwitness", set_as_current=False)
app.add_defaults(_configuration)


def bodies() -> dict[str, Body]:
    """Every job by its name. Imported when first run: the explainers' libraries take seconds."""
    from tasks.jobs import explain
    from tasks.jobs.advance import advance_graph
    from tasks.jobs.detect import detect_faces, detect_voice
    from tasks.jobs.prepare import prepare_frames, prepare_media
    from tasks.jobs.recheck import recheck_faces, recheck_voice
    from tasks.jobs.second_opinion import explain_again

    return {
        "prepare.media": prepare_media,
        "prepare.frames": prepare_frames,
        "visual.detect": detect_faces,
        "audio.detect": detect_voice,
        "visual.recheck": recheck_faces,
        "audio.recheck": recheck_voice,
        "explain.visual": explain.explain_visual,
        "explain.audio": explain.explain_audio,
        "explain.fusion": explain.explain_fusion,
        "explain.report": explain.explain_report,
        EXPLAIN_AGAIN: explain_again,
        "agents.advance": advance_graph,
    }


JOB_NAMES: Final = (
    "prepare.media",
    "prepare.frames",
    "visual.detect",
    "audio.detect",
    "visual.recheck",
    "audio.recheck",
    "explain.visual",
    "explain.audio",
    "explain.fusion",
    "explain.report",
    EXPLAIN_AGAIN,
    "agents.advance",
)


class _Worker:
    """This process's context and name, made when its first job or its start asks for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._context: WorkerContext | None = None
        self._bodies: dict[str, Body] = {}
        self.name = ""
        self.stopped = threading.Event()

    def context(self) -> WorkerContext:
        with self._lock:
            if self._context is None:
                from tasks.wiring import build_context, worker_name

                self.name = worker_name()
                self._context = build_context(Settings())
                self._bodies = bodies()
            return self._context

    def run(self, job_id: str) -> None:
        context = self.context()
        run_job(context, self._bodies, job_id, self.name)


_worker = _Worker()


def _register(name: str) -> None:
    @app.task(name=name)
    def run(job_id: str) -> None:
        _worker.run(job_id)


for _name in JOB_NAMES:
    _register(_name)


@app.task(name=ANSWER)
def answer(job_id: str) -> None:
    """Answer one question of a conversation. The turn remembers it, so nothing is raised and nothing retried here."""
    dialogue = _worker.context().dialogue
    answer_turn(dialogue, job_id, _worker.name)


@app.task(name=REPLAY)
def replay(analysis_id: str) -> None:
    """Make the plan of an analysis again and tell what came of it; asking once more is harmless."""
    context = _worker.context()
    replay_plan(context.case, context.events, context.graph().deps.llm, analysis_id)


@app.task(name=FORGET)
def forget(analysis_id: str) -> None:
    """Remove what is left of a deleted analysis. Sent late enough for its last job to have noticed."""
    _worker.context().forget(analysis_id)


@app.task(name=DELIVER)
def deliver(delivery_id: str, attempt: int) -> None:
    """Make one attempt at telling a webhook. The outbox remembers it, so nothing is raised and nothing retried here."""
    tell(_worker.context(), delivery_id, attempt)


@setup_logging.connect
def _set_up_logging(**_: Any) -> None:
    settings = Settings()
    configure_logging(settings.log)
    start_tracing(settings.telemetry, "worker")


@worker_ready.connect
def _warm_up(**_: Any) -> None:
    """Look for lost work from now on, and load what the served queues need before the first upload comes."""
    queues = {queue for queue in os.environ.get("QUEUES", ",".join(QUEUES)).split(",") if queue}

    def load() -> None:
        context = _worker.context()
        if queues & {"visual", "agents"}:
            context.visual()
        if queues & {"audio", "agents"}:
            context.audio()
        if "agents" in queues:
            context.graph()
            context.dialogue.witness()
        _log.info("tasks.worker.warm", queues=sorted(queues))

    def look() -> None:
        context = _worker.context()
        recover(context)
        if "agents" in queues:
            resend_abandoned(context.dialogue)
        if "webhooks" in queues:
            send_due(context)

    def keep_looking() -> None:
        warm, sweep_due = False, time.monotonic()
        orphans_due = sweep_due + SWEEP_EVERY_S
        while True:
            try:
                look()
                if not warm:
                    load()
                    warm = True
                if "maintenance" in queues and time.monotonic() >= sweep_due:
                    sweep_due = time.monotonic() + SWEEP_EVERY_S
                    _worker.context().sweep()
                if "maintenance" in queues and time.monotonic() >= orphans_due:
                    orphans_due = time.monotonic() + ORPHANS_EVERY_S
                    _worker.context().remove_orphans()
            except Exception as error:  # noqa: BLE001 - the next look may find the database again
                _log.warning("tasks.recovery.failed", error=repr(error))
            if _worker.stopped.wait(CHECK_EVERY_S):
                return

    threading.Thread(target=keep_looking, name="recovery", daemon=True).start()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    _worker.stopped.set()
    stop_tracing()
