"""Second opinions on finished analyses, on request: another method's account of what was explained already.

They are no part of the sealed report; the timeline shows them beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.errors import Defect
from core.figures import clock, clock_range
from core.jobs import EXPLAIN_AGAIN
from core.ports import Bucket
from core.types import (
    ArtefactKind,
    AudioEvidence,
    AudioExplanation,
    AudioWindow,
    Modality,
    SecondExplanation,
    SecondOpinion,
    VisualEvidence,
    VisualExplanation,
)
from detectors.media.extraction import decode_flac
from explainers.faces import attribution as visual
from explainers.rendering.spectrogram import render_spectrogram
from explainers.voice import lime, reference
from explainers.voice.attribution import speech_explainer
from tasks.job import ClaimedJob, Job
from tasks.jobs.artefacts import Bench, degrading, evidence_of, frames_of, keep, keep_map, words_for

_REFERENCES: dict[SecondOpinion, visual.ReferenceMethod] = {
    SecondOpinion.GRAD_CAM: "gradcam",
    SecondOpinion.GRAD_CAM_PLUS_PLUS: "gradcam++",
    SecondOpinion.SCORE_CAM: "scorecam",
}


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many accounts there were to give again, and how many were given."""

    asked: int
    made: int


def explain_again(context: Bench, job: ClaimedJob[SecondExplanation]) -> dict[str, object]:
    """Explain again by the payload's method; doing it twice is doing it once.

    Raises: Defect when nothing came of it: the ledger must not call that done.
    """
    opinions = second_opinion(context, job.analysis_id, job.payload.method)
    if opinions.asked and not opinions.made:
        raise Defect("opinion_failed", "The second opinion could not be given.")
    return {"explanations": opinions.made, "failed": opinions.asked - opinions.made}


def second_opinion(context: Bench, analysis_id: str, method: SecondOpinion) -> Opinions:
    """Explain again by another method. Asking again replaces what was answered."""
    if method.modality is Modality.AUDIO:
        return _of_voice(context, analysis_id, method)
    return _of_faces(context, analysis_id, method)


def _of_faces(context: Bench, analysis_id: str, method: SecondOpinion) -> Opinions:
    evidence = evidence_of(context, analysis_id, VisualEvidence)
    firsts = [
        each
        for each in context.case.explanations(analysis_id)
        if isinstance(each, VisualExplanation) and each.agreement is None
    ]
    if evidence is None or not firsts:
        return Opinions(asked=0, made=0)
    frame, model, made = frames_of(context, analysis_id), context.visual(), 0
    words = words_for(context, analysis_id)
    network = model.network()
    tracks = {track.id: track for track in evidence.tracks}
    for number, first in enumerate(firsts, start=1):
        track = tracks[first.track_id]
        score = next(each for each in track.frames if each.frame_index == first.frame_index)
        with degrading(analysis_id, f"{method}-{number}"):
            picture = frame(first.frame_index)
            face = model.align(picture, score.box, score.geometry)
            attribution, agreement = visual.second_opinion(
                model, network, face, _REFERENCES[method], seed=first.frame_index
            )
            what = words.say("caption.face", number=track.id, time=clock(first.time_s))
            caption = words.say("caption.opinion", method=attribution.method, what=what)
            artefact, place = keep_map(
                context,
                analysis_id,
                (f"{method}-{number}", f"{method}-layer-{number}"),
                (picture, face, attribution),
                (track, score),
                caption,
                words,
            )
            explanation = first.model_copy(
                update={
                    "id": f"{method}.{number}",
                    "artefact_id": artefact.id,
                    "method": attribution.method,
                    "regions": attribution.regions,
                    "faithfulness": attribution.faithfulness,
                    "agreement": agreement,
                    "place": place,
                }
            )
            context.case.save_explanation(analysis_id, explanation)
            made += 1
    return Opinions(asked=len(firsts), made=made)


def _of_voice(context: Bench, analysis_id: str, method: SecondOpinion) -> Opinions:
    evidence = evidence_of(context, analysis_id, AudioEvidence)
    key = context.case.prepared(analysis_id).sound_key(evidence.part if evidence else None)
    firsts = [
        each
        for each in context.case.explanations(analysis_id)
        if isinstance(each, AudioExplanation) and each.agreement is None
    ]
    if evidence is None or key is None or not firsts:
        return Opinions(asked=0, made=0)
    model = context.audio()
    windows = [_window(evidence, first) for first in firsts]
    planes = model.planes(decode_flac(context.blobs.get_bytes(Bucket.AUDIO, key)), windows)
    accounts = speech_explainer(model).explain(planes, seed=round(windows[0].start_s))
    made, words = 0, words_for(context, analysis_id)
    for number, (first, plane, account) in enumerate(zip(firsts, planes, accounts, strict=True), start=1):
        with degrading(analysis_id, f"{method}-{number}"):
            if method is SecondOpinion.LIME:
                answer, name = lime.second_opinion(model, plane, account, seed=number), lime.METHOD
                told, agreement = answer.attribution, answer.agreement
            else:
                told, agreement = reference.speech_reference(model).second_opinion(plane, account, seed=number)
                name = reference.METHOD
            what = words.say("caption.voice", span=words.figure(clock_range(first.start_s, first.end_s)))
            caption = words.say("caption.opinion", method=method.value.upper(), what=what)
            drawn = render_spectrogram(
                plane[..., 0],
                told,
                frame_s=model.frame_s,
                band_hz=model.band_hz,
                start_s=first.start_s,
                p_fake=first.p_fake,
                words=words,
            )
            artefact = keep(context, analysis_id, f"{method}-{number}", ArtefactKind.SPECTROGRAM, drawn, caption)
            explanation = first.model_copy(
                update={
                    "id": f"{method}.{number}",
                    "artefact_id": artefact.id,
                    "method": name,
                    "peak_start_s": round(first.start_s + told.peak_start_s, 3),
                    "peak_end_s": round(first.start_s + told.peak_end_s, 3),
                    "bands": told.bands,
                    "additivity_error": round(told.additivity_error, 6),
                    "faithfulness": told.faithfulness,
                    "agreement": agreement,
                }
            )
            context.case.save_explanation(analysis_id, explanation)
            made += 1
    return Opinions(asked=len(firsts), made=made)


def _window(evidence: AudioEvidence, first: AudioExplanation) -> AudioWindow:
    """Raises: Defect when the evidence holds no such window."""
    found = next((each for each in evidence.windows if each.start_s == first.start_s), None)
    if found is None:
        raise Defect("window_missing", "The window of this explanation is not in the evidence.")
    return found


JOB: Final = Job(EXPLAIN_AGAIN, explain_again)
