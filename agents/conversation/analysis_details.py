"""What an analysis says of itself: how much was covered, by which models, by what plan, of which file."""

from __future__ import annotations

from collections.abc import Iterator

from agents.conversation.cases import Case
from agents.conversation.inquiry import STREAM, Inquiry, describe_status, explain_absence, select_facts
from agents.conversation.phrasing import word_answer
from agents.report import Fact
from core.figures import clock, decimal_text, per_cent_text, seconds_text
from core.types import (
    ArtefactKind,
    MediaKind,
    Modality,
    Provenance,
    Scored,
)


def describe_coverage(at: Inquiry) -> Iterator[Fact]:
    seen, heard = at.case_evidence.visual, at.case_evidence.audio
    if at.question.part is not Modality.AUDIO:
        yield from select_facts(
            at.case_evidence, "visual.fake", "visual.real", "visual.inconclusive", "visual.unscored", "image"
        )
        if seen is None:
            yield from explain_absence(at.case_evidence, Modality.VISUAL)
        elif seen.fake_frames_pct is not None and isinstance(seen.finding, Scored):
            yield word_answer("fake_frames", ("visual",), percent=per_cent_text(seen.fake_frames_pct))
    if at.question.part is not Modality.VISUAL:
        if heard is None:
            yield from explain_absence(at.case_evidence, Modality.AUDIO)
        else:
            yield word_answer("speech", ("audio",), seconds=seconds_text(heard.coverage.speech_s))
            yield from select_facts(at.case_evidence, "audio.unscored")
    yield from select_facts(at.case_evidence, "unexamined.between")


def describe_models(at: Inquiry) -> Iterator[Fact]:
    for evidence in at.case_evidence.evidence:
        name, version = evidence.detector.name, evidence.detector.version
        yield word_answer(
            "models.detector", (str(evidence.modality),), part=STREAM[evidence.modality], name=name, version=version
        )
    if at.case.report is not None:
        for model in at.case.report.manifest.models:
            yield word_answer("models.digest", ("manifest",), name=model.name, digest=model.sha256)
    yield word_answer("models.pipeline", ("manifest",), version=at.case.analysis.pipeline_version)
    yield word_answer("models.thresholds", ("verdict",), version=at.case_evidence.verdict.thresholds.version)
    yield word_answer("models.media", ("media",), digest=at.case_evidence.media.sha256)
    if at.case.analysis.finished_at is not None:
        taken = (at.case.analysis.finished_at - at.case.analysis.created_at).total_seconds()
        yield word_answer("models.time", ("analysis",), seconds=seconds_text(max(0.0, taken)))
    if at.case.report is not None:
        told = at.case.report.narrative.sentences
        by_model = sum(each.provenance is Provenance.LLM for each in told)
        counted = "1 sentence" if by_model == 1 else f"{by_model} sentences" if by_model else "No sentence"
        number = f"{counted} of this report {'was' if by_model <= 1 else 'were'}"
        yield word_answer("models.llm", ("manifest",), number=number)


def describe_plan(at: Inquiry) -> Iterator[Fact]:
    plan = at.case_evidence.plan
    if plan.paths:
        yield word_answer("plan.paths", ("plan",), parts=" and ".join(f"the {STREAM[path]}" for path in plan.paths))
    yield word_answer("plan.why", ("plan",), why=plan.why.rstrip(". ") + ".")
    if plan.range_s is not None:
        yield word_answer("plan.range", ("plan",), span=f"{clock(plan.range_s.start_s)} to {clock(plan.range_s.end_s)}")
    if Modality.VISUAL in plan.paths:
        frames = "1 frame" if plan.frame_budget == 1 else f"{plan.frame_budget} frames"
        yield word_answer("plan.frames", ("plan",), frames=frames)
    yield from select_facts(at.case_evidence, "unexamined.masked", "unexamined.range", "unexamined.between")


def describe_media(at: Inquiry) -> Iterator[Fact]:
    yield from describe_file(at.case)


def describe_file(case: Case) -> Iterator[Fact]:
    info = case.analysis.media if case.case_evidence is None else case.case_evidence.media
    if info is None:
        yield describe_status(case)
        return
    subject = {MediaKind.VIDEO: "video", MediaKind.IMAGE: "image", MediaKind.AUDIO: "recording"}[info.kind]
    if info.kind is MediaKind.IMAGE:
        yield word_answer("media.image", ("media",))
    else:
        yield word_answer("media.length", ("media",), subject=subject, seconds=seconds_text(info.duration_s))
        both = "both" if info.has_video and info.has_audio else "no_sound" if info.has_video else "no_picture"
        yield word_answer(f"media.{both}", ("media",))
    if info.width_px and info.height_px:
        yield word_answer("media.size", ("media",), width=info.width_px, height=info.height_px)
    if info.frame_rate_hz and info.kind is MediaKind.VIDEO:
        yield word_answer("media.rate", ("media",), rate=f"{info.frame_rate_hz:g}")
    yield word_answer("media.bytes", ("media",), megabytes=decimal_text(info.size_bytes / 1e6, 1))
    yield word_answer("media.container", ("media",), container=info.container)


def describe_downloads(at: Inquiry) -> Iterator[Fact]:
    by_kind = {kind: [each for each in at.case.artefacts if each.kind is kind] for kind in ArtefactKind}
    for kind, key in ((ArtefactKind.REPORT_PDF, "files.pdf"), (ArtefactKind.REPORT_JSON, "files.json")):
        if by_kind[kind]:
            yield word_answer(key, (by_kind[kind][0].id,))
    maps = (*by_kind[ArtefactKind.HEATMAP], *by_kind[ArtefactKind.SPECTROGRAM])
    if maps:
        number = "1 map is" if len(maps) == 1 else f"{len(maps)} maps are"
        yield word_answer("files.maps", tuple(each.id for each in maps), maps=number)
    if not at.case.artefacts:
        yield word_answer("files.none", ("analysis",))


def describe_origin(at: Inquiry) -> Iterator[Fact]:
    """What the file says about itself, in sentences of ours; its own words stay in the report."""
    origin = None if at.case.report is None else at.case.report.origin
    for note in origin.notes if origin else ():
        yield word_answer("plan.why", ("origin",), why=note.message.rstrip(". ") + ".")
    yield word_answer("origin.trust" if origin and origin.notes else "origin.none", ("service",))
