"""The PDF of a saved report in another language, on request. It is no part of the sealed report and says so."""

from __future__ import annotations

from typing import Final

from core.errors import Defect
from core.jobs import TRANSLATE_DOCUMENT
from core.ports import Bucket
from core.types import (
    Artefact,
    ArtefactKind,
    AudioExplanation,
    DocumentTranslation,
    FusionExplanation,
    Report,
    VisualExplanation,
)
from explainers.rendering.charts import render_timeline, render_waterfall
from explainers.rendering.heatmap import relabel_heatmap
from explainers.rendering.pdf import Original, render_pdf
from explainers.rendering.spectrogram import relabel_spectrogram
from prompts.headline import write_headline
from prompts.slots import reword
from prompts.words import Words
from tasks.job import ClaimedJob, Job
from tasks.jobs.artefacts import Bench, degrading, keep


def translate_document(context: Bench, job: ClaimedJob[DocumentTranslation]) -> dict[str, object]:
    """Keep the PDF in the payload's language. Raises: Defect("report_missing") without a sealed PDF to translate."""
    report, language = context.case.report(job.analysis_id), job.payload.language
    sealed = None if report is None else report.document
    if report is None or sealed is None:
        raise Defect("report_missing", "There is no report to translate yet.")
    words = Words(language)
    told = report.model_copy(
        update={
            "narrative": reword(report.narrative, language),
            "headline": report.headline.model_copy(update={"xai_summary": write_headline(report.decision, language)}),
        }
    )
    pictures = {}
    for artefact in report.artefacts:
        if artefact.media_type == "image/png":
            with degrading(job.analysis_id, artefact.id):
                content = context.blobs.get_bytes(Bucket.OUTPUTS, artefact.key)
                pictures[artefact.id] = content
                pictures[artefact.id] = redraw(report, artefact, content, words)
    content = render_pdf(told, pictures, words, Original(report.narrative.language, sealed.sha256))
    name = report.translation_id(language)
    keep(
        context, job.analysis_id, name, ArtefactKind.REPORT_PDF, content, words.say("caption.report"), "application/pdf"
    )
    return {"artefacts": [name]}


def redraw(report: Report, artefact: Artefact, content: bytes, words: Words) -> bytes:
    """The picture with its words in another language. Raises: ValueError for one that an earlier version drew."""
    if artefact.kind is ArtefactKind.TIMELINE:
        return render_timeline(report.media, report.evidence, report.decision, words)
    match next((each for each in report.explanations if each.artefact_id == artefact.id), None):
        case VisualExplanation() as shown:
            return relabel_heatmap(content, shown, words)
        case AudioExplanation() as shown:
            return relabel_spectrogram(content, shown, words)
        case FusionExplanation() as shown:
            return render_waterfall(shown, words)
    return content


JOB: Final = Job(TRANSLATE_DOCUMENT, translate_document)
