"""Scores faces and voice, and reads what the jobs that did so left behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Final

from core.errors import Defect
from core.jobs import EXAMINE_FACES, EXAMINE_VOICE
from core.media import LocalMedia, Waveform
from core.ports import AudioDetector, CaseFile, JobLedger, VisualDetector
from core.types import (
    AudioCoverage,
    AudioEvidence,
    AudioObservations,
    DetectorRef,
    Evidence,
    FaceExamination,
    FaceObservation,
    JobRecord,
    JobStatus,
    MediaKind,
    Modality,
    PreparedMedia,
    Reason,
    ReasonCode,
    SoundPart,
    TimeRange,
    Unscored,
    VisualCoverage,
    VisualEvidence,
    VisualObservations,
    VoiceExamination,
)
from detectors.parts import decide_sound
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job
from tasks.jobs.artefacts import fetch_frames, fetch_sound

_KIND: Final = {Modality.VISUAL: EXAMINE_FACES.name, Modality.AUDIO: EXAMINE_VOICE.name}


def detect_faces(context: WorkerContext, job: ClaimedJob[FaceExamination]) -> dict[str, object]:
    """What the visual model sees in the frames of these indexes."""
    prepared = context.case.prepared(job.analysis_id)
    wanted = set(job.payload.frame_indexes)
    frames = fetch_frames(context, (frame for frame in prepared.frames if frame.index in wanted))
    done = _done(_jobs(context.ledger, job.analysis_id, Modality.VISUAL))
    before = [each for each in done if each.spec.wave < job.wave]
    earlier = _read_faces(before) if before else None
    observed = context.visual().observe(LocalMedia(info=prepared.info, frames=frames), earlier)
    return {"observations": observed.model_dump(mode="json")}


def detect_voice(context: WorkerContext, job: ClaimedJob[VoiceExamination]) -> dict[str, object]:
    """What the audio model hears in every sound, or in the stretch of it that was asked for."""
    prepared = context.case.prepared(job.analysis_id)
    if not prepared.all_sounds:
        raise Defect("sound_missing", "A job on the sound was given a file without sound.")
    observed = [
        _listen(context, prepared, fetch_sound(context, prepared, sound.part), job.payload.range_s)
        for sound in prepared.all_sounds
    ]
    return {"observations": [each.model_dump(mode="json") for each in observed]}


def _listen(
    context: WorkerContext, prepared: PreparedMedia, waveform: Waveform, stretch: TimeRange | None
) -> AudioObservations:
    offset_s = 0.0
    if stretch is not None:
        start, end = (round(bound * waveform.rate_hz) for bound in (stretch.start_s, stretch.end_s))
        offset_s = start / waveform.rate_hz
        waveform = Waveform(waveform.samples[start:end], waveform.rate_hz)
    observed = context.audio().observe(LocalMedia(info=prepared.info, waveform=waveform))
    shifted = tuple(
        window.model_copy(update={"start_s": window.start_s + offset_s, "end_s": window.end_s + offset_s})
        for window in observed.windows
    )
    return observed.model_copy(update={"windows": shifted})


def interpreter(
    case: CaseFile,
    ledger: JobLedger,
    visual: Callable[[], VisualDetector],
    audio: Callable[[], AudioDetector],
) -> Callable[[str, Modality], Evidence]:
    """Evidence of one modality from everything that its jobs have observed."""

    def interpret(analysis_id: str, modality: Modality) -> Evidence:
        info = case.prepared(analysis_id).info
        jobs = _jobs(ledger, analysis_id, modality)
        done = _done(jobs)
        if modality is Modality.VISUAL:
            detector = visual()
            if not done:
                finding = Unscored(reason=detector.supports(info) or _undone(jobs, info.kind, "picture"))
                none = VisualCoverage(frames_sampled=0, frames_with_face=0, faces_scored=0)
                return VisualEvidence(detector=_reference(detector), finding=finding, coverage=none)
            return detector.interpret(info, _read_faces(done))
        listener = audio()
        if not done:
            silence = AudioCoverage(total_s=info.duration_s, speech_s=0.0)
            finding = Unscored(reason=listener.supports(info) or _undone(jobs, info.kind, "sound"))
            return AudioEvidence(detector=_reference(listener), finding=finding, coverage=silence)
        told = (done[-1].result or {})["observations"]
        heard = [AudioObservations.model_validate(each) for each in (told if isinstance(told, list) else [told])]
        parts = [sound.part for sound in case.prepared(analysis_id).all_sounds] or [SoundPart()]
        found = [(part, listener.interpret(info, each)) for part, each in zip(parts, heard, strict=True)]
        return decide_sound(found)

    return interpret


def observed_faces(ledger: JobLedger, analysis_id: str) -> tuple[FaceObservation, ...]:
    """All faces that were seen in the analysis."""
    done = _done(_jobs(ledger, analysis_id, Modality.VISUAL))
    return _read_faces(done).faces if done else ()


def _jobs(ledger: JobLedger, analysis_id: str, modality: Modality) -> list[JobRecord]:
    return [job for job in ledger.of_analysis(analysis_id) if job.spec.task == _KIND[modality]]


def _done(jobs: list[JobRecord]) -> list[JobRecord]:
    return [job for job in jobs if job.status is JobStatus.DONE]


def _read_faces(done: list[JobRecord]) -> VisualObservations:
    """The union of what these jobs saw; there is at least one."""
    seen = [VisualObservations.model_validate((job.result or {})["observations"]) for job in done]
    return reduce(VisualObservations.merged, seen)


def _reference(detector: VisualDetector | AudioDetector) -> DetectorRef:
    return DetectorRef(name=detector.name, version=detector.version)


def _undone(jobs: list[JobRecord], kind: MediaKind, what: str) -> Reason:
    if jobs:
        return Reason(
            code=ReasonCode.DETECTOR_FAILED, message=f"The {what} could not be examined: the detector failed."
        )
    return Reason(code=ReasonCode.NOTHING_EXAMINED, message=f"No frame of this {kind.value} could be examined.")


FACES: Final = Job(EXAMINE_FACES, detect_faces)
VOICE: Final = Job(EXAMINE_VOICE, detect_voice)
