"""What an analysis says of itself: by which models and what plan, of which file, how well it was measured."""

from __future__ import annotations

from collections.abc import Iterator

from agents.conversation.answering.faces import MOST_TOLD, list_maps
from agents.conversation.answering.phrasing import word_answer
from agents.conversation.answering.situation import PART, STREAM, Inquiry, describe_rates, select_facts
from agents.conversation.cases import Case
from agents.report import Fact, describe_measurement, make_fact
from core.figures import decimal_text
from core.types import (
    Analysis,
    AnalysisStatus,
    ArtefactKind,
    Length,
    MediaKind,
    Modality,
    Moment,
    Noun,
    Provenance,
    Span,
)
from prompts.slots import Fill


def describe_status(analysis: Analysis) -> Fact:
    """How an analysis stands that has no verdict."""
    if analysis.status in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED):
        return word_answer(f"status.{analysis.status}", ("analysis",))
    if analysis.stage is None:
        return word_answer("status.waiting", ("analysis",))
    return word_answer("status.running", ("analysis",), stage=str(analysis.stage))


def describe_measurements(at: Inquiry) -> Iterator[Fact]:
    """The measurements of the sound that the question names, and nothing when it names none or none was made."""
    heard = at.case_evidence.audio
    found = () if heard is None else heard.acoustics
    if asked := [each for each in found if at.question.measure in (each.measure, "acoustics")]:
        yield from map(describe_measurement, asked)
        yield from select_facts(at.case_evidence, "measured.count")


def describe_models(at: Inquiry) -> Iterator[Fact]:
    """Detectors and their versions, the digests of weights and file, and how much a language model wrote."""
    for evidence in at.case_evidence.evidence:
        if at.question.part in (None, evidence.modality):
            named = {"name": evidence.detector.name, "version": evidence.detector.version}
            part = Noun(PART[evidence.modality])
            yield word_answer("models.detector", (str(evidence.modality),), part=part, **named)
    report = at.case.report
    for model in report.manifest.models if report is not None else ():
        yield word_answer("models.digest", ("manifest",), name=model.name, digest=model.sha256)
    yield word_answer("models.pipeline", ("manifest",), version=at.case.analysis.pipeline_version)
    yield word_answer("models.media", ("media",), digest=at.case_evidence.media.sha256)
    if report is not None:
        by_model = sum(each.provenance is Provenance.LLM for each in report.narrative.sentences)
        yield word_answer("models.llm", ("manifest",), number=by_model)


def describe_plan(at: Inquiry) -> Iterator[Fact]:
    """What was to be examined and why."""
    plan = at.case_evidence.plan
    for path in plan.paths:
        yield word_answer("plan.path", ("plan",), part=Noun(STREAM[path]))
    yield word_answer("plan.why", ("plan",), why=plan.why.rstrip(". ") + ".")
    if plan.range_s is not None:
        span = Span(Moment(plan.range_s.start_s), Moment(plan.range_s.end_s))
        yield word_answer("plan.range", ("plan",), span=span)
    if Modality.VISUAL in plan.paths:
        yield word_answer("plan.frames", ("plan",), frames=plan.frame_budget)


def describe_file(case: Case) -> Iterator[Fact]:
    """The file itself, as far as it was probed."""
    info = case.analysis.media if case.case_evidence is None else case.case_evidence.media
    if info is None:
        yield describe_status(case.analysis)
        return
    if info.kind is MediaKind.IMAGE:
        yield word_answer("media.image", ("media",))
    else:
        subject = Noun(info.kind.subject)
        yield word_answer("media.length", ("media",), subject=subject, seconds=Length(info.duration_s))
        both = "both" if info.has_video and info.has_audio else "no_sound" if info.has_video else "no_picture"
        yield word_answer(f"media.{both}", ("media",))
    if info.width_px and info.height_px:
        yield word_answer("media.size", ("media",), width=info.width_px, height=info.height_px)
    if info.frame_rate_hz and info.kind is MediaKind.VIDEO:
        yield word_answer("media.rate", ("media",), rate=f"{info.frame_rate_hz:g}")
    yield word_answer("media.bytes", ("media",), megabytes=decimal_text(info.size_bytes / 1e6, 1))
    yield word_answer("media.container", ("media",), container=info.container)


def describe_downloads(at: Inquiry) -> Iterator[Fact]:
    """The files that were made of the analysis."""
    by_kind = {kind: [each for each in at.case.artefacts if each.kind is kind] for kind in ArtefactKind}
    for kind, key in ((ArtefactKind.REPORT_PDF, "files.pdf"), (ArtefactKind.REPORT_JSON, "files.json")):
        if by_kind[kind]:
            yield word_answer(key, (by_kind[kind][0].id,))
    maps = (*by_kind[ArtefactKind.HEATMAP], *by_kind[ArtefactKind.SPECTROGRAM])
    if maps:
        yield word_answer("files.maps", tuple(each.id for each in maps), maps=len(maps))
    if not at.case.artefacts:
        yield word_answer("files.none", ("analysis",))


def describe_origin(at: Inquiry) -> Iterator[Fact]:
    """What the file says about itself, in sentences of ours; its own words stay in the report."""
    origin = None if at.case.report is None else at.case.report.origin
    notes = origin.notes if origin else ()
    for note in notes:
        yield word_answer("origin.note", ("origin",), why=note.message.rstrip(". ") + ".")
    yield word_answer("origin.trust" if notes else "origin.none", ("service",))


def describe_errors(at: Inquiry) -> Iterator[Fact]:
    """How often each detector errs, how well it told real from fake, and which maps passed their check."""
    for part in sorted(at.case_evidence.verdict.contributions, key=lambda each: -each.weight):
        if part.modality in at.error_rates:
            values = describe_rates(at, part.modality)
            yield word_answer("reliability.rate", (f"card.{part.modality}",), **values)
            yield word_answer("reliability.population", (f"card.{part.modality}",), **values)
    for each in at.case.report.reliability if at.case.report and at.error_rates else ():
        for population in each.populations[:MOST_TOLD] if each.is_of_this_model else ():
            measured: dict[str, Fill] = {"population": population.name, "auc": decimal_text(population.auc, 2)}
            cited = (f"card.{each.modality}",)
            yield word_answer("reliability.auc", cited, part=Noun(STREAM[each.modality]), **measured)
    for shown in list_maps(at.case_evidence)[:2]:
        if shown.faithfulness.reliable:
            yield word_answer("reliability.map", (shown.id,), face=shown.track_id)
        else:
            yield make_fact("heatmap.unreliable", (shown.id,), face=shown.track_id)
