"""What an analysis came to: its report, its timeline, and addresses of its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from api.http.composition import World
from api.http.language import asked_language
from api.schemas import ArtefactView, ResultView
from api.usecases.files import Links
from api.usecases.progress import read
from api.usecases.timeline import Timeline, timeline_of
from core.errors import Rejected
from core.ports import Bucket
from core.types import (
    Analysis,
    AnalysisEvent,
    AnalysisStatus,
    Artefact,
    ArtefactKind,
    Evidence,
    Explanation,
    Report,
    decide,
)
from prompts.headline import write_headline
from prompts.slots import reword
from store.repositories import AnalysisRepository

_DOCUMENTS: Final = (ArtefactKind.REPORT_PDF, ArtefactKind.REPORT_JSON)


def result_of(links: Links, report: Report) -> ResultView:
    """A stored report with addresses of everything it produced."""
    with_links = linked(links, report)
    language = asked_language() or report.narrative.language
    narrative = reword(report.narrative, language)
    headline = with_links.headline.model_copy(update={"xai_summary": write_headline(report.decision, language)})
    artefacts = artefact_views(links, report.analysis_id, report.file_name)
    return ResultView(
        **headline.model_dump(),
        state=report.decision.state,
        absent=report.decision.absent,
        language=narrative.language,
        sentences=tuple(each.text for each in narrative.sentences),
        artefacts=artefacts,
        report=with_links,
    )


def timeline_view(world: World, analysis: Analysis) -> Timeline:
    """What is known so far, arranged by time."""
    prepared = world.case.find_prepared(analysis.id)
    verdict, evidence = analysis.verdict, world.case.evidence(analysis.id)
    return timeline_of(
        analysis.id,
        analysis.media if prepared is None else prepared.info,
        None if prepared is None else prepared.frame_size,
        None if verdict is None else verdict.thresholds,
        None if verdict is None else decide(verdict, evidence, analysis.media),
        evidence,
        world.case.explanations(analysis.id),
        world.case.artefacts(analysis.id),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an analysis so far. `events` only until there is a report."""

    report: Report | None
    events: tuple[AnalysisEvent, ...]
    evidence: tuple[Evidence, ...]
    explanations: tuple[Explanation, ...]
    """Second opinions too, which come after the report and are no part of it."""


def read_so_far(links: Links, analysis: Analysis) -> Known:
    """Everything there is so far; less of it while the analysis runs."""
    world = links.world
    stored = world.case.report(analysis.id) if analysis.status is AnalysisStatus.FINISHED else None
    report = None if stored is None else linked(links, stored)
    return Known(
        report=report,
        events=() if report is not None else world.events.after(analysis.id, 0),
        evidence=world.case.evidence(analysis.id) if report is None else report.evidence,
        explanations=world.case.explanations(analysis.id),
    )


def read_finished(world: World, analysis_id: str, owner_id: str) -> Report:
    """Raises: Rejected, as `finished_report`, and for an analysis that the owner does not have."""
    return finished_report(world, read(world, analysis_id, owner_id))


def address_of_artefact(world: World, analysis_id: str, artefact_id: str, owner_id: str) -> str:
    """Where the file is for a time. Raises: Rejected: `analysis_not_found`, `artefact_not_found`."""
    with world.database.begin() as session:
        repository = AnalysisRepository(session)
        analysis = repository.get(analysis_id, owner_id)
        artefact = repository.artefact(analysis_id, artefact_id)
    return _url(Links(world), artefact, analysis.file_name)


def finished_report(world: World, analysis: Analysis) -> Report:
    """Raises: Rejected: `not_finished`, `analysis_failed`, `analysis_cancelled`."""
    if analysis.status is AnalysisStatus.FAILED:
        detail = "" if analysis.failure is None else f" {analysis.failure.message}"
        raise Rejected("analysis_failed", f"This analysis failed and has no result.{detail}")
    if analysis.status is AnalysisStatus.CANCELLED:
        raise Rejected("analysis_cancelled", "This analysis was cancelled and has no result.")
    report = world.case.report(analysis.id) if analysis.status is AnalysisStatus.FINISHED else None
    if report is None:
        raise Rejected("not_finished", "This analysis is not finished yet.")
    return report


def linked(links: Links, report: Report) -> Report:
    """The report with an address of its leading heatmap, which is stored without one because addresses expire."""
    kept = links.world.case.artefacts(report.analysis_id)
    found = next((each for each in kept if each.id == report.leading_map), None)
    url = None if found is None else _url(links, found)
    return report.model_copy(update={"headline": report.headline.model_copy(update={"heatmap_url": url})})


def artefact_views(links: Links, analysis_id: str, file_name: str = "") -> tuple[ArtefactView, ...]:
    """
    Args:
        file_name: of the recording, by which its documents are called when they are saved.
    """
    return tuple(
        ArtefactView(
            id=each.id,
            kind=each.kind,
            media_type=each.media_type,
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            caption=each.caption,
            url=_url(links, each, file_name),
            expires=links.expires,
        )
        for each in links.world.case.artefacts(analysis_id)
    )


def document_name(artefact: Artefact, file_name: str) -> str:
    """Such as `interview-report-an_5f0c8a51-de.pdf`: what it is, of which file and analysis, and a translation's
    language."""
    stem = PurePath(file_name).stem or "recording"
    analysis_id, _, stored = artefact.key.rpartition("/")
    language = artefact.id.removeprefix("report-pdf").removeprefix("report-json")[:3]
    return f"{stem}-report-{analysis_id.rpartition('/')[2][:11]}{language}{PurePath(stored).suffix}"


def _url(links: Links, artefact: Artefact, file_name: str = "") -> str:
    name = document_name(artefact, file_name) if artefact.kind in _DOCUMENTS else None
    return links.to(Bucket.OUTPUTS, artefact.key, file_name=name)
