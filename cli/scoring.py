"""What `deepwitness score` does: files in, one line each out, by the detectors alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from queue import SimpleQueue
from typing import Generic, Protocol, TypeVar, runtime_checkable

import structlog

from agents.analysis.assessment import assess
from agents.analysis.dependencies import spread
from agents.analysis.planner import decide
from cli.names import printable, regular, shown
from core.confinement import ReaderPool, Run
from core.errors import DeepwitnessError, Misconfigured
from core.figures import percent_text, seconds_text
from core.logging import configure_logging
from core.media import Half, LocalMedia, SampledFrame, frames_for
from core.settings import LimitSettings, LogSettings
from core.types import (
    AudioEvidence,
    Evidence,
    Failure,
    Frozen,
    MediaInfo,
    MediaKind,
    Outcome,
    PlanInputs,
    Probability,
    Reason,
    ReasonCode,
    Scored,
    TimeRange,
    VisualEvidence,
    VisualObservations,
)
from detectors.fusion import weigh
from detectors.media.reading import load, read_media
from detectors.parts import examine_sounds

T = TypeVar("T")
log = structlog.get_logger(__name__)


class ModalityScore(Frozen):
    """One modality of a file. `p_fake` is null exactly when `reason` says why there is none."""

    p_fake: Probability | None
    outcome: Outcome | None = None
    coverage: Probability
    """Share of the frames examined that show a face; share of the sound that is speech."""
    reason: ReasonCode | None = None


class VisualScore(ModalityScore):
    frames: int = 0
    frames_with_face: int = 0


class AudioScore(ModalityScore):
    total_s: float = 0.0
    speech_s: float = 0.0


class FileScore(Frozen):
    """One line of output. `p_fake` is a number whenever anything was scored, also when the verdict is inconclusive."""

    path: str
    verdict: Outcome
    p_fake: Probability | None
    visual: VisualScore
    audio: AudioScore
    reasons: tuple[Reason, ...] = ()
    seconds: float

    @property
    def text(self) -> str:
        """For a reader of a terminal."""
        shown = "-" if self.p_fake is None else percent_text(self.p_fake)
        return f"{self.verdict:<12} {shown:>8} fake {seconds_text(self.seconds):>8}  {printable(self.path)}"


class FileFailure(Frozen):
    """The line of a file that could not be read."""

    path: str
    error: Failure
    seconds: float

    @property
    def text(self) -> str:
        """For a reader of a terminal."""
        return f"{'error':<12} {self.error.code}  {printable(self.path)}"


Line = FileScore | FileFailure


class Once(Generic[T]):
    """A model that is loaded by the first thread to need it, and shared by all."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: T | None = None

    def __call__(self) -> T:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


class Examiner(Protocol):
    """All that scoring asks of a detector; called from several threads."""

    def detect(self, media: LocalMedia) -> Evidence: ...


@runtime_checkable
class Observer(Protocol):
    """What a second pass asks of it besides."""

    def observe(self, media: LocalMedia, earlier: VisualObservations | None = None) -> VisualObservations: ...

    def interpret(self, media: MediaInfo, observations: VisualObservations) -> VisualEvidence: ...


@dataclass(frozen=True, slots=True)
class Scorer:
    """Files to lines. Detectors are shared by all files and threads."""

    visual: Callable[[], Examiner]
    audio: Callable[[], Examiner]
    limits: LimitSettings
    frame_budget: int
    faces: bool = False
    """Whether images are crops around one face already."""
    run: Run = field(default_factory=ReaderPool)
    """Reads the files, in processes that can be thrown away."""

    def score_all(self, paths: Iterable[str], jobs: int) -> Iterator[Line]:
        """Lines in the order in which files are done; few files are begun ahead, so that any number can come.

        Raises: Misconfigured, for that would fail every file.
        """
        following = iter(paths)
        done: SimpleQueue[Future[Line]] = SimpleQueue()
        with ThreadPoolExecutor(jobs) as pool:

            def begin(count: int) -> int:
                """How many of so many further files there were to begin."""
                begun = [pool.submit(self.score, path) for path in islice(following, count)]
                for future in begun:
                    future.add_done_callback(done.put)
                return len(begun)

            try:
                running = begin(2 * jobs)
                while running:
                    ended = done.get()
                    running += begin(1) - 1
                    yield ended.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def score(self, path: str) -> Line:
        """The line of one file, under the very name it was given by. A file that cannot be read gives a line too.

        Raises: Misconfigured, for that would fail every file.
        """
        started = time.perf_counter()
        try:
            media = load(
                regular(path),
                self.limits,
                frame_budget=self.frame_budget,
                is_face_crop=self.faces,
                half="first",
                run=self.run,
            )
            evidence = self._examine(path, media)
        except Misconfigured:
            raise
        except DeepwitnessError as error:
            failure = Failure(code=error.code, message=error.public_message)
        except FileNotFoundError:
            failure = Failure(code="file_not_found", message="There is no such file.")
        except OSError:
            failure = Failure(code="file_unreadable", message="The file cannot be read.")
        except Exception:  # a defect met in one file of thousands must not cost the rest
            log.exception("cli.score.failed", path=shown(path))
            failure = Failure(code="defect", message="Scoring this file failed; the log tells more.")
        else:
            return _line(path, evidence, _elapsed(started))
        return FileFailure(path=shown(path), error=failure, seconds=_elapsed(started))

    def _examine(self, path: str, media: LocalMedia) -> list[Evidence]:
        heard = [examine_sounds(media, self.audio().detect)] if media.info.has_audio else []
        if not media.info.has_video:
            return heard
        detector = self.visual()
        if media.info.kind is MediaKind.VIDEO and isinstance(detector, Observer):
            return self._examine_in_goes(path, media, detector, heard)
        return [detector.detect(media), *heard]

    def _examine_in_goes(
        self, path: str, media: LocalMedia, detector: Observer, heard: Sequence[Evidence]
    ) -> list[Evidence]:
        """By the plan and the rules that the service goes by, which end where the evidence is clear."""
        info = media.info
        inputs = PlanInputs(
            instruction="",
            media_kind=info.kind,
            has_video=info.has_video,
            has_audio=info.has_audio,
            unreadable=info.unreadable,
            duration_s=info.duration_s,
            usual_frames=frames_for(info.duration_s, self.frame_budget),
        )
        plan = decide(inputs, None).plan
        held = {each.index: each for each in sorted(media.frames, key=lambda each: each.time_s)}
        planned = spread([*held], plan.frame_budget)
        going = [held[index] for index in (planned if plan.first_look is None else spread(planned, plan.first_look))]
        left = [held[index] for index in planned if held[index] not in going]
        unread = media.frames_left if len(planned) < plan.frame_budget else 0
        seen, added = VisualObservations(faces=(), frame_times_s=()), 0
        while True:
            look = replace(media, frames=tuple(going))
            seen = seen.merged(detector.observe(look, seen if seen.frame_times_s else None))
            evidence: list[Evidence] = [detector.interpret(info, seen), *heard]
            looked = plan.frame_budget - len(left) - unread
            asked = assess(info, plan, evidence, weigh(evidence), looked=looked, added=added)
            if asked.again is None:
                return evidence
            times_s = seen.frame_times_s
            if asked.is_denser:
                going = self._read_more(path, info, asked.budget, times_s, within=asked.again)
                added += asked.budget
            else:
                rest = self._read_more(path, info, self.frame_budget, times_s, half="rest") if unread else []
                going, left, unread = [*left, *rest], [], 0

    def _read_more(
        self,
        path: str,
        info: MediaInfo,
        budget: int,
        held_s: Sequence[float],
        *,
        within: TimeRange | None = None,
        half: Half | None = None,
    ) -> list[SampledFrame]:
        """Frames beside those of these times: of a stretch, or the half that was left."""
        with read_media(
            regular(path),
            self.limits,
            frames=budget,
            sha256=info.sha256,
            within=within,
            excluded_s=held_s if half is None else (),
            with_sound=False,
            half=half,
            run=self.run,
        ) as more:
            return [replace(each, index=each.index + len(held_s)) for each in more.frames()]


def _line(path: str, evidence: list[Evidence], seconds: float) -> FileScore:
    verdict = weigh(evidence)
    visual = VisualScore(p_fake=None, coverage=0.0, reason=ReasonCode.NO_VIDEO_STREAM)
    audio = AudioScore(p_fake=None, coverage=0.0, reason=ReasonCode.NO_AUDIO_STREAM)
    for item in evidence:
        if isinstance(item, VisualEvidence):
            visual = _visual_score(item)
        else:
            audio = _audio_score(item)
    return FileScore(
        path=shown(path),
        verdict=verdict.outcome,
        p_fake=verdict.p_fake,
        visual=visual,
        audio=audio,
        reasons=verdict.reasons,
        seconds=seconds,
    )


def _visual_score(evidence: VisualEvidence) -> VisualScore:
    finding, coverage = evidence.finding, evidence.coverage
    return VisualScore(
        p_fake=finding.p_fake if isinstance(finding, Scored) else None,
        outcome=finding.outcome if isinstance(finding, Scored) else None,
        coverage=_share(coverage.frames_with_face, coverage.frames_sampled),
        reason=None if isinstance(finding, Scored) else finding.reason.code,
        frames=coverage.frames_sampled,
        frames_with_face=coverage.frames_with_face,
    )


def _audio_score(evidence: AudioEvidence) -> AudioScore:
    finding, coverage = evidence.finding, evidence.coverage
    return AudioScore(
        p_fake=finding.p_fake if isinstance(finding, Scored) else None,
        outcome=finding.outcome if isinstance(finding, Scored) else None,
        coverage=_share(coverage.speech_s, coverage.total_s),
        reason=None if isinstance(finding, Scored) else finding.reason.code,
        total_s=round(coverage.total_s, 3),
        speech_s=round(coverage.speech_s, 3),
    )


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0


def _elapsed(started: float) -> float:
    return round(time.perf_counter() - started, 3)


def shipped_scorer(*, frame_budget: int, faces: bool, threads: int, run: Run | None = None) -> Scorer:
    """A scorer with the shipped detectors, each loaded when the first file needs it. Logs go to standard error.

    Args:
        run: reads the files; readers of its own when left out.
    """
    configure_logging(LogSettings(level="WARNING", json_lines=False))

    def visual() -> Examiner:
        from detectors.faces.detector import load_visual_detector  # deferred: loads the model runtime

        return load_visual_detector(device="auto", threads=threads)

    def audio() -> Examiner:
        from detectors.voice.detector import load_audio_detector  # deferred: loads the model runtime

        return load_audio_detector(threads=threads)

    return Scorer(Once(visual), Once(audio), LimitSettings(), frame_budget, faces, run or ReaderPool())
