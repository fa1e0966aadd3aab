"""What was decided is shown, drawn and written down. None of these jobs can change the verdict.

A map that fails is left out and logged; the others and the report still appear.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.errors import Defect
from core.figures import clock, clock_range
from core.jobs import EXPLAIN_FACES, EXPLAIN_VERDICT, EXPLAIN_VOICE, WRITE_DOCUMENTS
from core.media import RgbImage
from core.ports import Bucket
from core.sealing import read_key, sealed
from core.settings import Settings
from core.types import (
    ArtefactKind,
    AudioEvidence,
    AudioExplanation,
    DocumentWriting,
    FusionExplanation,
    MediaInfo,
    NoPayload,
    Report,
    VisualEvidence,
    VisualExplanation,
    decide,
)
from detectors.fusion import factors, fuse_values, fusion_inputs
from detectors.media.extraction import decode_flac
from detectors.reliability import reliability
from explainers.faces import attribution as visual
from explainers.fusion import contributions as fusion
from explainers.rendering.charts import render_timeline, render_waterfall
from explainers.rendering.heatmap import render_thumbnail
from explainers.rendering.pdf import render_pdf
from explainers.rendering.spectrogram import render_spectrogram
from explainers.rendering.waveform import PaintedWindow, render_strip
from explainers.selection import face_of_track, frames_to_explain, tracks_to_show, windows_to_explain
from explainers.voice import attribution as audio
from prompts.words import Words
from tasks.job import ClaimedJob, Job
from tasks.jobs.artefacts import Bench, announce, degrading, evidence_of, frames_of, keep, keep_map, words_for
from tasks.jobs.clip import Explained, make_clip
from tasks.jobs.origin import establish_origin

REPORT_PDF: Final = "report-pdf"
REPORT_JSON: Final = "report-json"


def explain_visual(context: Bench, job: ClaimedJob[NoPayload]) -> dict[str, object]:
    """Maps of the frames that carried the decision, a picture of every face, and the worst stretch as a clip."""
    analysis_id = job.analysis_id
    evidence = evidence_of(context, analysis_id, VisualEvidence)
    if evidence is None:
        return {"explanations": [], "failed": 0}
    frame, words = frames_of(context, analysis_id), words_for(context, analysis_id)
    model = context.visual()
    for track in tracks_to_show(evidence):
        best = face_of_track(track)
        with degrading(analysis_id, f"thumbnail-{track.id}"):
            content = render_thumbnail(frame(best.frame_index), best.box)
            named_face = words.say("chart.face", number=track.id)
            keep(context, analysis_id, f"thumbnail-{track.id}", ArtefactKind.THUMBNAIL, content, named_face)
    made: list[Explained] = []
    named: list[str] = []
    info = context.case.prepared(analysis_id).info
    chosen = frames_to_explain(evidence)
    for number, witness in enumerate(chosen, start=1):
        track, score = witness.track, witness.frame
        with degrading(analysis_id, f"heatmap-{number}"):
            picture = frame(score.frame_index)
            leading = model.leading(picture, score.box, score.geometry)
            face = leading.face
            attribution = visual.explain_face(
                leading.model,
                face,
                seed=score.frame_index,
                shuffled=leading.shuffled,
                method=visual.PATCHES if leading.is_second else visual.GRAD_CAM,
                # Deletion decides nothing of a face, and nobody reads what fourteen more looks would tell.
                brief=True,
            )
            caption = words.say("caption.face", number=track.id, time=clock(score.time_s))
            caption += reduced(words, info, picture)
            artefact, place = keep_map(
                context,
                analysis_id,
                (f"heatmap-{number}", f"heat-layer-{number}"),
                (picture, face, attribution),
                (track, score),
                caption,
                words,
            )
            explanation = VisualExplanation(
                id=f"heatmap.{number}",
                artefact_id=artefact.id,
                track_id=track.id,
                frame_index=score.frame_index,
                time_s=score.time_s,
                p_fake=score.p_fake,
                method=attribution.method,
                regions=attribution.regions,
                faithfulness=attribution.faithfulness,
                segment_id=None if witness.segment is None else witness.segment.id,
                place=place,
            )
            announce(context, analysis_id, explanation, f"{caption}.")
            made.append(Explained(track.id, score.time_s, face, attribution))
            named.append(explanation.id)
    with degrading(analysis_id, "overlay-clip"):
        make_clip(context, analysis_id, evidence, frame, model, made)
    return {"explanations": named, "failed": len(chosen) - len(named)}


def reduced(words: Words, info: MediaInfo, picture: RgbImage) -> str:
    """What a caption adds when the recording's frames are larger than the ones that are examined and shown."""
    shown, recorded = max(picture.shape[:2]), max(info.width_px or 0, info.height_px or 0)
    if recorded <= shown:
        return ""
    sizes = f"{picture.shape[1]} × {picture.shape[0]}", f"{info.width_px} × {info.height_px}"
    return " " + words.say("caption.reduced", shown=sizes[0], recorded=sizes[1])


def explain_audio(context: Bench, job: ClaimedJob[NoPayload]) -> dict[str, object]:
    """Spectrograms of the windows of speech that carried the decision, with the attribution of every cell."""
    analysis_id = job.analysis_id
    evidence = evidence_of(context, analysis_id, AudioEvidence)
    key = context.case.prepared(analysis_id).sound_key(evidence.part if evidence else None)
    windows = windows_to_explain(evidence) if evidence else ()
    if not windows or key is None:
        return {"explanations": [], "failed": 0}
    made: list[str] = []
    words = words_for(context, analysis_id)
    with degrading(analysis_id, "spectrograms"):
        model = context.audio()
        waveform = decode_flac(context.blobs.get_bytes(Bucket.AUDIO, key))
        planes = model.planes(waveform, windows)
        attributions = audio.speech_explainer(model).explain(planes, seed=round(windows[0].start_s))
        for number, (window, plane, attribution) in enumerate(zip(windows, planes, attributions, strict=True), start=1):
            caption = words.say("caption.voice", span=words.figure(clock_range(window.start_s, window.end_s)))
            content = render_spectrogram(
                plane[..., 0],
                attribution,
                frame_s=model.frame_s,
                band_hz=model.band_hz,
                start_s=window.start_s,
                p_fake=window.p_fake,
                words=words,
            )
            artefact = keep(context, analysis_id, f"spectrogram-{number}", ArtefactKind.SPECTROGRAM, content, caption)
            explanation = AudioExplanation(
                id=f"spectrogram.{number}",
                artefact_id=artefact.id,
                start_s=window.start_s,
                end_s=window.end_s,
                p_fake=window.p_fake,
                method=audio.METHOD,
                peak_start_s=round(window.start_s + attribution.peak_start_s, 3),
                peak_end_s=round(window.start_s + attribution.peak_end_s, 3),
                bands=attribution.bands,
                # The last bits follow from how threads shared the sums; the report must not.
                additivity_error=round(attribution.additivity_error, 4),
                faithfulness=attribution.faithfulness,
            )
            announce(context, analysis_id, explanation, f"{caption}.")
            made.append(explanation.id)
        with degrading(analysis_id, "sound-strip"):
            painted = [
                PaintedWindow(window.start_s, model.frame_s, attribution)
                for window, attribution in zip(windows, attributions, strict=True)
            ]
            duration_s = context.case.prepared(analysis_id).info.duration_s
            strip = render_strip(waveform, duration_s, painted, model.band_hz)
            keep(context, analysis_id, "sound-strip", ArtefactKind.SOUND_STRIP, strip, words.say("caption.strip"))
    return {"explanations": made, "failed": len(windows) - len(made)}


def explain_fusion(context: Bench, job: ClaimedJob[NoPayload]) -> dict[str, object]:
    """The scores over time, what each input gave to the verdict, and what the file says of its origin beside it."""
    analysis_id = job.analysis_id
    analysis = context.case.analysis(analysis_id)
    evidence = context.case.evidence(analysis_id)
    if analysis.verdict is None:
        raise Defect("verdict_missing", "The verdict has to be weighed before it can be explained.")
    with degrading(analysis_id, "origin"):
        establish_origin(context, analysis_id, job.attempt)
    media, words = context.case.prepared(analysis_id).info, words_for(context, analysis_id)
    with degrading(analysis_id, "timeline"):
        content = render_timeline(media, evidence, decide(analysis.verdict, evidence, media), words)
        keep(context, analysis_id, "timeline", ArtefactKind.TIMELINE, content, words.say("caption.timeline"))
    inputs = fusion_inputs(evidence)
    if not inputs:
        return {"explanations": []}
    attribution = fusion.explain_verdict(
        lambda values: fuse_values(inputs, values),
        [fusion.FusionInput(each.name, each.observed, each.neutral) for each in factors(inputs)],
    )
    explanation = FusionExplanation(
        id="fusion", artefact_id="fusion-1", base=attribution.base, factors=attribution.factors
    )
    caption = words.say("caption.fusion")
    keep(
        context,
        analysis_id,
        "fusion-1",
        ArtefactKind.FUSION_PLOT,
        render_waterfall(explanation, words),
        caption,
    )
    announce(context, analysis_id, explanation, f"{caption}.")
    return {"explanations": [explanation.id]}


def explain_report(context: Bench, job: ClaimedJob[DocumentWriting]) -> dict[str, object]:
    """The report as a PDF and as a file of JSON, sealed. The payload's `report` is the one that is about to be saved.

    Returns: `report`, completed with what the file says of its origin and what is known of the detectors' reliability.
    """
    report = job.payload.report or context.case.report(job.analysis_id)
    if report is None:
        raise Defect("report_missing", "There is no report to write down yet.")
    report = completed(context, report)
    pictures = {}
    for artefact in report.artefacts:
        if artefact.media_type == "image/png":
            with degrading(job.analysis_id, artefact.id):
                pictures[artefact.id] = context.blobs.get_bytes(Bucket.OUTPUTS, artefact.key)
    key = signing_key(context.settings)
    words = Words(report.narrative.language)
    drawn, caption = render_pdf(sealed(report, key), pictures, words), words.say("caption.report")
    document = keep(
        context,
        job.analysis_id,
        REPORT_PDF,
        ArtefactKind.REPORT_PDF,
        drawn,
        caption,
        "application/pdf",
    )
    final = sealed(report.model_copy(update={"artefacts": (*report.artefacts, document)}), key)
    written = final.model_dump_json(indent=2).encode()
    keep(context, job.analysis_id, REPORT_JSON, ArtefactKind.REPORT_JSON, written, caption, "application/json")
    return {"artefacts": [REPORT_JSON, REPORT_PDF], "report": final.model_dump(mode="json")}


def completed(context: Bench, report: Report) -> Report:
    """The report with its context: origin, reliability, and the settings that bear on its evidence."""
    digests = {model.name: model for model in report.manifest.models}
    known = (
        reliability(each.modality, digests[each.detector.name])
        for each in report.evidence
        if each.detector.name in digests
    )
    documents = (ArtefactKind.REPORT_PDF, ArtefactKind.REPORT_JSON)
    return report.model_copy(
        update={
            "origin": context.case.prepared(report.analysis_id).origin,
            "reliability": tuple(each for each in known if each is not None),
            "artefacts": tuple(each for each in report.artefacts if each.kind not in documents),
            "manifest": report.manifest.model_copy(update={"settings": bearing_settings(context.settings)}),
        }
    )


def bearing_settings(settings: Settings) -> dict[str, str]:
    """What of the deployment bears on the evidence."""
    sampling, device = settings.sampling, settings.device
    return {
        "sampling.frame_budget": str(sampling.frame_budget),
        "sampling.dense_frame_budget": str(sampling.dense_frame_budget),
        "device.visual": device.visual,
        "device.threads": str(device.threads),
        **({"report.examiner": settings.examiner} if settings.examiner else {}),
    }


def signing_key(settings: Settings) -> Ed25519PrivateKey | None:
    secret = settings.signing.key
    return None if secret is None else read_key(secret.get_secret_value())


FACES: Final = Job(EXPLAIN_FACES, explain_visual)
VOICE: Final = Job(EXPLAIN_VOICE, explain_audio)
VERDICT: Final = Job(EXPLAIN_VERDICT, explain_fusion)
DOCUMENTS: Final = Job(WRITE_DOCUMENTS, explain_report)
