"""A worker made of fakes: it runs the jobs the graph submits, with scripted evidence, and moves the graph on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from langgraph.checkpoint.memory import InMemorySaver

from agents.analysis.graph import AnalysisGraph, GraphDependencies, advance, build_graph
from agents.report.writer import TemplateWriter, Writer
from core.jobs import SAMPLE_FRAMES, prepare_job
from core.ports import LanguageModel
from core.settings import SamplingSettings
from core.types import (
    Evidence,
    Failure,
    FrameRef,
    FrameSampling,
    JobRecord,
    JobStatus,
    Manifest,
    MediaInfo,
    Modality,
    PreparedMedia,
    Verdict,
)
from detectors.fusion import weigh
from tests.fixtures.ports import NOW, MemoryCaseFile, MemoryEvents, MemoryLedger, MemoryQueue, analysis
from tests.fixtures.reports import faces, media, track, voice

ID = "an_1"


def clear_evidence(_: str, modality: Modality) -> Evidence:
    if modality is Modality.VISUAL:
        return faces(0.9, (track(1, 10, 25, 0.9),))
    return voice(0.85)


@dataclass
class FakeWorker:
    """Everything around the graph, in memory."""

    info: MediaInfo = field(default_factory=media)
    instruction: str = ""
    interpret: Callable[[str, Modality], Evidence] = clear_evidence
    writer: Writer = field(default_factory=TemplateWriter)
    llm: LanguageModel | None = None
    model_s: float = 20.0
    fails: Sequence[str] = ()
    results: Mapping[str, dict[str, object]] = field(default_factory=dict)
    frames: int = 32
    left: int = 0
    """Frames that the preparation left in the file."""
    language: str = "en"
    case: MemoryCaseFile = field(default_factory=MemoryCaseFile)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    saver: InMemorySaver = field(default_factory=InMemorySaver)
    graph: AnalysisGraph = field(init=False)

    def __post_init__(self) -> None:
        self.case.events = self.events
        self.case.analyses[ID] = analysis(ID, self.instruction)
        self.ledger.open([prepare_job(ID)])
        self._end(self.ledger.jobs[f"{ID}:0:prepare.media"])
        step = self.info.duration_s / self.frames
        refs = tuple(FrameRef(index=n, time_s=n * step, key=f"{ID}/{n}.jpg") for n in range(self.frames))
        refs = refs if self.info.has_video else ()
        self.case.save_prepared(ID, PreparedMedia(info=self.info, frames=refs, frames_left=self.left))
        self.rebuild()

    def rebuild(self) -> None:
        """A new process over the same stores and checkpoints."""
        self.graph = build_graph(
            GraphDependencies(
                case=self.case,
                events=self.events,
                ledger=self.ledger,
                queue=self.queue,
                sampling=SamplingSettings(),
                llm=self.llm,
                writer=self.writer,
                interpret=self.interpret,
                weigh=weigh,
                manifest=manifest,
                language=self.language,
                model_s=self.model_s,
            ),
            self.saver,
        )

    def run(self, waves: int = 20) -> None:
        """Advance and work until nothing is left to do, at most `waves` times."""
        wave = 1
        for _ in range(waves):
            advance(self.graph, ID, wave)
            if not self.work(wave + 1):
                return
            wave += 2

    def work(self, wave: int) -> bool:
        """Run every job of a wave; False when there is none."""
        jobs = self.ledger.of_analysis(ID, wave)
        for job in jobs:
            assert job.spec.id in {task_id for _, task_id in self.queue.sent}, "a job that was never sent"
            self._end(job)
        return bool(jobs)

    def tasks(self) -> list[tuple[int, str]]:
        return [(job.spec.wave, job.spec.task) for job in self.ledger.jobs.values()]

    def _end(self, job: JobRecord) -> None:
        if job.status is not JobStatus.SUBMITTED:
            return
        self.ledger.claim(job.spec.id, "worker", 15)
        if job.spec.task in self.fails:
            self.ledger.fail(job.spec.id, "worker", Failure(code="broken", message="It broke."))
            return
        if job.spec.task == SAMPLE_FRAMES.name:
            self._add_frames(SAMPLE_FRAMES.read(job.spec))
        self.ledger.finish(job.spec.id, "worker", self.results.get(job.spec.task, {}))

    def _add_frames(self, payload: FrameSampling) -> None:
        span, budget = payload.range_s, payload.budget
        known = self.case.prepared(ID)
        step = (span.end_s - span.start_s) / budget
        first = len(known.frames)
        fresh = tuple(
            FrameRef(index=first + n, time_s=span.start_s + (n + 0.5) * step, key=f"{ID}/{first + n}.jpg")
            for n in range(budget)
        )
        self.case.save_prepared(ID, known.model_copy(update={"frames": known.frames + fresh, "frames_left": 0}))


def manifest(_: str, verdict: Verdict) -> Manifest:
    return Manifest(
        media_sha256="ab" * 32,
        pipeline_version="0.1.0",
        models=(),
        thresholds=verdict.thresholds,
        software={},
        timings=(),
        created_at=NOW,
    )
