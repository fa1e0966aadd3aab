"""Takes the score again after harmless changes to the recording."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Final

from core.jobs import RECHECK_FACES, RECHECK_VOICE
from core.media import LocalMedia, Waveform
from core.types import (
    AudioEvidence,
    Check,
    CheckScore,
    Evidence,
    FaceGeometry,
    FaceRecheck,
    FaceTrack,
    Modality,
    Outcome,
    Scored,
    Stability,
    VisualEvidence,
    VoiceRecheck,
)
from detectors.alterations import altered
from detectors.faces.judging import LASTING_FRAMES
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job
from tasks.jobs.artefacts import evidence_of, fetch_frames, fetch_sound
from tasks.jobs.detect import observed_faces

MOST_SOUND_S = 30.0
"""Longer sound is taken again from this much of it, around its middle."""


def recheck_faces(context: WorkerContext, job: ClaimedJob[FaceRecheck]) -> dict[str, object]:
    """The picture's score of some frames, as they are and after each change.

    The faces are the ones that were examined: they are not looked for again.
    """
    prepared = context.case.prepared(job.analysis_id)
    evidence = evidence_of(context, job.analysis_id, VisualEvidence)
    known = {} if evidence is None else faces_by_frame(evidence)
    seen = observed_faces(context.ledger, job.analysis_id)
    shown = {face.frame_index for face in seen if face.token_logit is not None}
    wanted = enough_frames(job.payload.frame_indexes, () if evidence is None else evidence.tracks, shown)
    frames = fetch_frames(context, (frame for frame in prepared.frames if frame.index in wanted), known)
    media = LocalMedia(info=prepared.info, frames=frames)
    return _told(compare(Modality.VISUAL, media, job.payload.checks, context.visual().detect))


def recheck_voice(context: WorkerContext, job: ClaimedJob[VoiceRecheck]) -> dict[str, object]:
    """The voice's score of some sound, as it is and after each change."""
    prepared = context.case.prepared(job.analysis_id)
    evidence = evidence_of(context, job.analysis_id, AudioEvidence)
    waveform = fetch_sound(context, prepared, None if evidence is None else evidence.part)
    stretch = job.payload.range_s
    start_s, end_s = (stretch.start_s, stretch.end_s) if stretch else (0.0, waveform.duration_s)
    if end_s - start_s > MOST_SOUND_S:
        middle = (start_s + end_s) / 2
        start_s, end_s = middle - MOST_SOUND_S / 2, middle + MOST_SOUND_S / 2
    start, end = round(start_s * waveform.rate_hz), round(end_s * waveform.rate_hz)
    media = LocalMedia(info=prepared.info, waveform=Waveform(waveform.samples[start:end], waveform.rate_hz))
    return _told(compare(Modality.AUDIO, media, job.payload.checks, context.audio().detect))


def enough_frames(indexes: Sequence[int], tracks: Sequence[FaceTrack], shown: Container[int] = frozenset()) -> set[int]:
    """As few of these frames, spread over all, as leave every face that stands for itself in them doing so.

    A score of twice as many moves as much: each frame is looked at once more for every change, by the slower model too.

    Args:
        shown: frames that the slower model saw, and remembers. They stay rather than others.
    """
    seen = [{frame.frame_index for frame in track.frames} & set(indexes) for track in tracks]
    kept = set(indexes)
    for index in sorted((*indexes[1::2], *indexes[::2]), key=lambda each: each in shown):
        if seen and all(len(each & kept) > LASTING_FRAMES for each in seen if index in each):
            kept.discard(index)
    return kept


def faces_by_frame(evidence: VisualEvidence) -> dict[int, tuple[FaceGeometry, ...]]:
    """Where the faces of each frame were found; without the frames of which that is not known of every face."""
    found: dict[int, list[FaceGeometry | None]] = {}
    for track in evidence.tracks:
        for score in track.frames:
            found.setdefault(score.frame_index, []).append(score.geometry)
    known = {index: tuple(each for each in faces if each is not None) for index, faces in found.items()}
    return {index: faces for index, faces in known.items() if len(faces) == len(found[index])}


def compare(
    modality: Modality, media: LocalMedia, checks: Sequence[Check], detect: Callable[[LocalMedia], Evidence]
) -> Stability:
    """How far the score moves under each change that applies."""
    before = _score(detect(media))
    scores = []
    for check in checks:
        changed = altered(media, modality, check)
        if changed is not None:
            p_fake, outcome = _score(detect(changed))
            scores.append(CheckScore(check=check, p_fake=p_fake, outcome=outcome))
    moved = [abs(each.p_fake - before[0]) for each in scores if each.p_fake is not None and before[0] is not None]
    called = {outcome for outcome in (before[1], *(each.outcome for each in scores)) if outcome is not None}
    return Stability(
        modality=modality,
        baseline=before[0],
        scores=tuple(scores),
        largest_change=max(moved, default=None),
        stable=not {Outcome.FAKE, Outcome.REAL} <= called,
    )


def _score(evidence: Evidence) -> tuple[float | None, Outcome | None]:
    finding = evidence.finding
    return (finding.p_fake, finding.outcome) if isinstance(finding, Scored) else (None, None)


def _told(stability: Stability) -> dict[str, object]:
    return {"stability": stability.model_dump(mode="json")}


FACES: Final = Job(RECHECK_FACES, recheck_faces, gives_way=True)
VOICE: Final = Job(RECHECK_VOICE, recheck_voice, gives_way=True)
