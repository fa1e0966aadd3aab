"""The worker's composition root: builds the world from settings and hands each room its branch."""

from __future__ import annotations

import platform
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version as installed
from typing import Final, TypeVar

from agents.analysis.graph import AnalysisGraph, GraphDependencies, build_graph
from agents.conversation import DetectorErrorRates, ErrorRates, QuestionAnswerer
from agents.report import TemplateWriter, Writer
from core.confinement import ReaderPool
from core.dialogue import Conversation, Turn
from core.ports import AudioDetector, JobLedger, LanguageModel, VisualDetector
from core.settings import Settings
from core.types import AFTERWARDS, Manifest, Modality, Removal, StageTiming, Verdict
from core.vault import Vault
from core.version import VERSION
from detectors.calibration import WitnessFusion
from detectors.faces import tokens as face_tokens
from detectors.faces.detector import load_visual_detector
from detectors.fusion import weigh
from detectors.voice import encoder as voice_encoder
from detectors.voice.detector import load_audio_detector
from store.accounts import SessionRepository
from store.casefile import PostgresCaseFile, PostgresEventLog
from store.completion import complete
from store.conversations import ConversationRepository, PostgresTurns
from store.database import Database
from store.ledger import PostgresJobLedger
from store.recent import RecentBlobs
from store.retention import remove_objects, remove_orphans, sweep
from store.uploads import remove_left_uploads
from store.webhooks import PostgresOutbox
from tasks.checkpoints import checkpointer, reachable
from tasks.context import Dialogue, Upkeep, WorkerContext
from tasks.conversation_starter import ConversationStarter
from tasks.examiners import FaceExaminer, VoiceExaminer
from tasks.jobs.detect import interpreter
from tasks.queue import CeleryQueue

T = TypeVar("T")
JOBS_KEPT: Final = timedelta(days=7)
"""How long the ledger tells of ended jobs that belong to no analysis. Longer than any period of `tasks.recovery`."""


def build_context(settings: Settings) -> WorkerContext:
    """Everything a worker needs. Connects to nothing and loads nothing until it is used."""
    database = Database(settings.db)
    blobs = RecentBlobs(settings.blobs)
    case, events = PostgresCaseFile(database), PostgresEventLog(database)
    ledger, queue = PostgresJobLedger(database), CeleryQueue(settings.broker)
    key = settings.webhooks.key
    outbox = PostgresOutbox(database, None if key is None else Vault(key))
    threads = settings.device.threads
    visual: Callable[[], FaceExaminer] = once(
        lambda: load_visual_detector(device=settings.device.visual, threads=threads)
    )
    audio: Callable[[], VoiceExaminer] = once(lambda: load_audio_detector(threads=threads))

    saver = once(lambda: checkpointer(settings.db))

    def forget_graph(analysis_id: str) -> None:
        with reachable():
            saver().delete_thread(analysis_id)

    def forget(removal: Removal) -> None:
        forget_graph(removal.analysis_id)
        remove_objects(blobs, removal)

    def sweep_all() -> None:
        sweep(database, blobs, settings.limits.retention_days)
        outbox.forget(datetime.now(UTC) - timedelta(days=settings.webhooks.keep_days))
        ledger.forget(datetime.now(UTC) - JOBS_KEPT)
        with database.begin() as session:
            SessionRepository(session).forget_ended()

    def graph() -> AnalysisGraph:
        llm = language_model(settings)
        return build_graph(
            GraphDependencies(
                case=case,
                events=events,
                ledger=ledger,
                queue=queue,
                sampling=settings.sampling,
                llm=llm,
                writer=choose_writer(settings, llm),
                interpret=interpreter(case, ledger, visual, audio),
                weigh=weigh,
                manifest=manifest(case, ledger, visual, audio),
                language=settings.narrative_language,
                model_s=settings.llm.analysis_s,
            ),
            saver(),
        )

    def read_conversation(conversation_id: str) -> tuple[Conversation, tuple[Turn, ...]]:
        with database.begin() as session:
            repository = ConversationRepository(session)
            return repository.get(conversation_id), repository.turns(conversation_id)

    def answerer() -> QuestionAnswerer:
        llm, rates, tools = language_model(settings), load_error_rates(), None
        if llm is not None and settings.llm.conversation == "tools":
            from agents.conversation.tool_calling import ToolCallingAnswerer  # deferred, as the client

            tools = ToolCallingAnswerer(settings.llm, rates)
        return QuestionAnswerer(case, llm, rates, tools, model_s=settings.llm.question_s)

    dialogue = Dialogue(
        turns=PostgresTurns(database),
        answerer=once(answerer),
        conversation=read_conversation,
        starter=lambda conversation: ConversationStarter(database, queue, conversation),
    )
    return WorkerContext(
        settings=settings,
        case=case,
        ledger=ledger,
        events=events,
        blobs=blobs,
        queue=queue,
        outbox=outbox,
        reader=ReaderPool(),
        visual=visual,
        audio=audio,
        graph=once(graph),
        dialogue=dialogue,
        upkeep=Upkeep(
            forget=forget,
            sweep=sweep_all,
            remove_orphans=lambda: remove_orphans(database, blobs),
            remove_uploads=lambda: remove_left_uploads(database, blobs),
            restart=lambda analysis_id: complete(database, analysis_id),
            forget_graph=forget_graph,
        ),
    )


def language_model(settings: Settings) -> LanguageModel | None:
    """The client of the model that is configured."""
    if not settings.llm.base_url:
        return None
    from agents.language.client import OpenAiLanguageModel  # deferred: its library takes a second to import

    return OpenAiLanguageModel(settings.llm)


def load_error_rates() -> ErrorRates:
    """How the limits were set that the shipped detectors decide by, as their calibrations say."""
    read = {
        Modality.VISUAL: WitnessFusion.read(face_tokens.WEIGHTS / "fusion.json").calibration,
        Modality.AUDIO: WitnessFusion.read(voice_encoder.WEIGHTS / "fusion.json").calibration,
    }
    return {
        modality: DetectorErrorRates(
            version=each.version,
            false_alarm_rate=each.false_alarm_rate,
            miss_rate=each.miss_rate,
            population=each.population,
        )
        for modality, each in read.items()
    }


def choose_writer(settings: Settings, llm: LanguageModel | None) -> Writer:
    """The crew when it is asked for and there is a model; the template otherwise.

    Raises: Misconfigured when the crew is asked for and CrewAI is not installed.
    """
    if settings.llm.writer == "crew" and llm is not None:
        from agents.report.crew import CrewWriter

        return CrewWriter(settings.llm)
    return TemplateWriter()


def manifest(
    case: PostgresCaseFile,
    ledger: JobLedger,
    visual: Callable[[], VisualDetector],
    audio: Callable[[], AudioDetector],
) -> Callable[[str, Verdict], Manifest]:
    """What examined what, under which thresholds, and how long each step took."""

    def of(analysis_id: str, verdict: Verdict) -> Manifest:
        analysis = case.analysis(analysis_id)
        used = {evidence.detector.name for evidence in case.evidence(analysis_id)}
        detectors: tuple[VisualDetector | AudioDetector, ...] = (visual(), audio())
        models = tuple(model for each in detectors if each.name in used for model in each.models)
        return Manifest(
            media_sha256=case.prepared(analysis_id).info.sha256,
            pipeline_version=analysis.pipeline_version,
            models=models,
            thresholds=verdict.thresholds,
            software=software(),
            timings=tuple(
                StageTiming(stage=job.spec.task, seconds=float(str((job.result or {}).get("seconds", 0.0))))
                for job in ledger.of_analysis(analysis_id)
                if job.spec.wave < AFTERWARDS and job.result is not None and "seconds" in job.result
            ),
            created_at=datetime.now(UTC),
        )

    return of


@cache
def software() -> dict[str, str]:
    """Versions that bear on the result."""
    names = ("numpy", "opencv-python", "ai-edge-litert", "onnxruntime", "av")
    return {"deepwitness": VERSION, "python": platform.python_version(), **{name: installed(name) for name in names}}


def worker_name() -> str:
    """One name for each process and start: a restarted worker is another holder of leases."""
    return f"{socket.gethostname()}-{datetime.now(UTC):%H%M%S%f}"


def once(make: Callable[[], T]) -> Callable[[], T]:
    """`make`, called at most once, by whichever thread comes first."""
    lock = threading.Lock()
    made: list[T] = []

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get
