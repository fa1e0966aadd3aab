"""The bodies of `explain.*`: what was decided is shown, drawn and written down. None of them can change the verdict.

A map that fails is left out and logged; the others and the report still appear.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

import structlog

from core.errors import DeepwitnessError, Defect, Unavailable
from core.figures import clock, clock_range
from core.media import RgbImage
from core.ports import AudioDetector, BlobStore, Bucket, CaseFile, EventLog, VisualDetector
from core.types import (
    Artefact,
    ArtefactKind,
    AudioEvidence,
    AudioExplanation,
    Explanation,
    FusionExplanation,
    JobSpec,
    Report,
    Stage,
    VisualEvidence,
    VisualExplanation,
)
from detectors.fusion import factors, fuse_values, fusion_inputs
from detectors.media import decode_flac, decode_image
from explainers import audio, fusion, visual
from explainers.rendering.charts import render_timeline, render_waterfall
from explainers.rendering.heatmap import render_heatmap, render_thumbnail
from explainers.rendering.pdf import render_pdf
from explainers.rendering.spectrogram import render_spectrogram
from explainers.selection import face_of_track, frames_to_explain, tracks_to_show, windows_to_explain
from tasks.targets import face_target, speech_witness

_log: Final = structlog.get_logger()
E = TypeVar("E", VisualEvidence, AudioEvidence)


class Bench(Protocol):
    """What these bodies use of the worker that runs them."""

    @property
    def case(self) -> CaseFile: ...

    @property
    def events(self) -> EventLog: ...

    @property
    def blobs(self) -> BlobStore: ...

    @property
    def visual(self) -> Callable[[], VisualDetector]: ...

    @property
    def audio(self) -> Callable[[], AudioDetector]: ...


def explain_visual(context: Bench, job: JobSpec) -> dict[str, object]:
    """Heatmaps of the frames that carried the decision, and a picture of every face."""
    analysis_id = job.analysis_id
    evidence = _evidence(context, analysis_id, VisualEvidence)
    if evidence is None:
        return {"explanations": [], "failed": 0}
    frame = _frames(context, analysis_id)
    target = face_target(context.visual())
    for track in tracks_to_show(evidence):
        best = face_of_track(track)
        with _degrading(analysis_id, f"thumbnail-{track.id}"):
            content = render_thumbnail(frame(best.frame_index), best.box)
            _keep(context, analysis_id, f"thumbnail-{track.id}", ArtefactKind.THUMBNAIL, content, f"Face {track.id}")
    made: list[str] = []
    chosen = frames_to_explain(evidence)
    for number, (track, score) in enumerate(chosen, start=1):
        with _degrading(analysis_id, f"heatmap-{number}"):
            picture = frame(score.frame_index)
            face = target.align(picture, score.box)
            attribution = visual.explain_face(target, face, seed=score.frame_index)
            caption = f"Where the evidence lies in face {track.id} at {clock(score.time_s)}"
            artefact = _keep(
                context,
                analysis_id,
                f"heatmap-{number}",
                ArtefactKind.HEATMAP,
                render_heatmap(picture, face, attribution, track, score),
                caption,
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
            )
            _announce(context, analysis_id, explanation, f"{caption}.")
            made.append(explanation.id)
    return {"explanations": made, "failed": len(chosen) - len(made)}


def explain_audio(context: Bench, job: JobSpec) -> dict[str, object]:
    """Spectrograms of the windows of speech that carried the decision, with the attribution of every cell."""
    analysis_id = job.analysis_id
    evidence = _evidence(context, analysis_id, AudioEvidence)
    key = context.case.prepared(analysis_id).audio_key
    windows = windows_to_explain(evidence) if evidence else ()
    if not windows or key is None:
        return {"explanations": [], "failed": 0}
    made: list[str] = []
    with _degrading(analysis_id, "spectrograms"):
        witness = speech_witness(context.audio())
        planes = witness.planes(decode_flac(context.blobs.get_bytes(Bucket.AUDIO, key)), windows)
        attributions = witness.explainer.explain(planes, seed=round(windows[0].start_s))
        for number, (window, plane, attribution) in enumerate(zip(windows, planes, attributions, strict=True), start=1):
            caption = f"What speaks for synthesis in the voice, {clock_range(window.start_s, window.end_s)}"
            content = render_spectrogram(
                plane[..., 0],
                attribution,
                frame_s=witness.target.frame_s,
                band_hz=witness.target.band_hz,
                start_s=window.start_s,
                p_fake=window.p_fake,
            )
            artefact = _keep(context, analysis_id, f"spectrogram-{number}", ArtefactKind.SPECTROGRAM, content, caption)
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
                additivity_error=attribution.additivity_error,
                faithfulness=attribution.faithfulness,
            )
            _announce(context, analysis_id, explanation, f"{caption}.")
            made.append(explanation.id)
    return {"explanations": made, "failed": len(windows) - len(made)}


def explain_fusion(context: Bench, job: JobSpec) -> dict[str, object]:
    """The scores over time, and what each input gave to the verdict."""
    analysis_id = job.analysis_id
    analysis = context.case.analysis(analysis_id)
    evidence = context.case.evidence(analysis_id)
    if analysis.verdict is None:
        raise Defect("verdict_missing", "The verdict has to be weighed before it can be explained.")
    media = context.case.prepared(analysis_id).info
    with _degrading(analysis_id, "timeline"):
        content = render_timeline(media, evidence, analysis.verdict.thresholds)
        _keep(context, analysis_id, "timeline", ArtefactKind.TIMELINE, content, "Scores over time")
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
    caption = "What each input gave to the verdict"
    _keep(
        context,
        analysis_id,
        "fusion-1",
        ArtefactKind.FUSION_PLOT,
        render_waterfall(explanation, analysis.verdict),
        caption,
    )
    _announce(context, analysis_id, explanation, f"{caption}.")
    return {"explanations": [explanation.id]}


def explain_report(context: Bench, job: JobSpec) -> dict[str, object]:
    """The report as a file of JSON and as a PDF. The payload's `report` is the report that is about to be saved."""
    given = job.payload.get("report")
    report = Report.model_validate(given) if given is not None else context.case.report(job.analysis_id)
    if report is None:
        raise Defect("report_missing", "There is no report to write down yet.")
    pictures = {}
    for artefact in report.artefacts:
        if artefact.media_type == "image/png":
            with _degrading(job.analysis_id, artefact.id):
                pictures[artefact.id] = context.blobs.get_bytes(Bucket.OUTPUTS, artefact.key)
    for artefact_id, kind, media_type, content in (
        ("report-json", ArtefactKind.REPORT_JSON, "application/json", report.model_dump_json(indent=2).encode()),
        ("report-pdf", ArtefactKind.REPORT_PDF, "application/pdf", render_pdf(report, pictures)),
    ):
        _keep(context, job.analysis_id, artefact_id, kind, content, "The report", media_type)
    return {"artefacts": ["report-json", "report-pdf"]}


# ---------------------------------------------------------------------------------------------- shared steps


def _evidence(context: Bench, analysis_id: str, kind: type[E]) -> E | None:
    return next((each for each in context.case.evidence(analysis_id) if isinstance(each, kind)), None)


def _frames(context: Bench, analysis_id: str) -> Callable[[int], RgbImage]:
    """Sampled frames by index, fetched and decoded when first asked for."""
    keys = {frame.index: frame.key for frame in context.case.prepared(analysis_id).frames}
    decoded: dict[int, RgbImage] = {}

    def frame(index: int) -> RgbImage:
        if index not in decoded:
            decoded[index] = decode_image(context.blobs.get_bytes(Bucket.FRAMES, keys[index]))
        return decoded[index]

    return frame


_SUFFIXES: Final = {"image/png": "png", "application/pdf": "pdf", "application/json": "json"}


def _keep(
    context: Bench,
    analysis_id: str,
    artefact_id: str,
    kind: ArtefactKind,
    content: bytes,
    caption: str,
    media_type: str = "image/png",
) -> Artefact:
    key = f"{analysis_id}/{artefact_id}.{_SUFFIXES[media_type]}"
    context.blobs.put_bytes(Bucket.OUTPUTS, key, content, media_type)
    artefact = Artefact(
        id=artefact_id,
        kind=kind,
        key=key,
        media_type=media_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        caption=caption,
    )
    context.case.save_artefact(analysis_id, artefact)
    return artefact


def _announce(context: Bench, analysis_id: str, explanation: Explanation, message: str) -> None:
    context.case.save_explanation(analysis_id, explanation)
    context.events.append(
        analysis_id,
        "explanation",
        message,
        stage=Stage.EXPLAIN,
        detail={"explanation_id": explanation.id, "artefact_id": explanation.artefact_id},
    )


@contextmanager
def _degrading(analysis_id: str, what: str) -> Iterator[None]:
    """One picture less instead of none at all. A dependency that is away is another matter: the job is tried again."""
    try:
        yield
    except Unavailable:
        raise
    except (DeepwitnessError, ValueError, KeyError, ArithmeticError, RuntimeError) as error:
        _log.warning("tasks.explanation.failed", analysis_id=analysis_id, what=what, error=repr(error))
