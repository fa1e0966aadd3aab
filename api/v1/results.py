"""What an analysis came to: headline, report, and the files behind expiring addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from api.http.auth import Reader, Uploader
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.progress import read
from api.intake.regions import OpinionRequest, OpinionTicket, RegionRequest, examine_again, explain_again
from api.v1.analyses import AnalysisId
from api.v1.schemas import AnalysisView, ArtefactList, ArtefactView, ResultView, path_of
from api.web.timeline import Timeline, timeline_of
from core.errors import Rejected
from core.ports import Bucket
from core.types import Analysis, AnalysisStatus, Artefact, ArtefactKind, Report
from store.blobs import signing_moment
from store.repositories import AnalysisRepository

router: Final = APIRouter(prefix="/v1/analyses/{analysis_id}", tags=["results"])

_DOCUMENTS: Final = (ArtefactKind.REPORT_PDF, ArtefactKind.REPORT_JSON)


@router.get("/result", responses=problems(401, 404, 409, 422, 429, 503))
def read_result(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> ResultView:
    """The headline figures and the full report of a finished analysis."""
    return result_of(world, _finished(world, analysis_id, caller.owner_id))


@router.get("/report.json", responses=problems(401, 404, 409, 422, 429, 503))
def read_report(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Report:
    """The whole testimony: evidence, explanations, narrative with citations, and the manifest."""
    return linked(world, _finished(world, analysis_id, caller.owner_id))


@router.get(
    "/report.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
        **problems(401, 404, 409, 422, 429, 503),
    },
)
def read_document(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Response:
    """The report to print."""
    _finished(world, analysis_id, caller.owner_id)
    found = [each for each in world.case.artefacts(analysis_id) if each.kind is ArtefactKind.REPORT_PDF]
    if not found:
        raise Rejected("artefact_not_found", "This analysis has no PDF.")
    content = world.blobs.open_range(Bucket.OUTPUTS, found[0].key, 0, None)
    disposition = f'attachment; filename="deepwitness-{analysis_id}.pdf"'
    headers = {"Content-Disposition": disposition, "Content-Length": str(found[0].size_bytes)}
    return StreamingResponse(content, media_type="application/pdf", headers=headers)


@router.get("/timeline", responses=problems(401, 404, 422, 429, 503))
def read_timeline(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Timeline:
    """Scores, marked stretches and maps over time, as far as they are known: what a player draws."""
    return timeline_view(world, read(world, analysis_id, caller.owner_id))


@router.post(
    "/regions",
    status_code=202,
    responses={
        200: {"description": "The finished analysis of the same stretch."},
        **problems(401, 404, 422, 429, 503),
    },
)
def examine_region(
    world: InWorld, caller: Uploader, analysis_id: AnalysisId, region: RegionRequest, response: Response
) -> AnalysisView:
    """Examine a chosen stretch of the same recording by itself, as a new analysis: more frames of less time."""
    accepted = examine_again(world, analysis_id, caller.owner_id, region)
    response.headers["Location"] = path_of(accepted.analysis.id)
    if not accepted.is_new:
        response.headers["X-Analysis-Reused"] = "true"
    response.status_code = 200 if accepted.analysis.status.is_final else 202
    return AnalysisView.of(accepted.analysis)


@router.post("/explanations", status_code=202, responses=problems(401, 404, 409, 422, 429, 503))
def ask_second_opinion(
    world: InWorld, caller: Uploader, analysis_id: AnalysisId, asked: OpinionRequest
) -> OpinionTicket:
    """Have a finished analysis explained by another method. Second opinions are no part of the sealed report."""
    return explain_again(world, analysis_id, caller.owner_id, asked.method)


@router.get("/artefacts", responses=problems(401, 404, 422, 429, 503))
def list_artefacts(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> ArtefactList:
    """The files there are so far, each behind an address that expires."""
    read(world, analysis_id, caller.owner_id)
    return ArtefactList(items=artefact_views(world, analysis_id))


@router.get(
    "/artefacts/{artefact_id}",
    status_code=307,
    response_class=RedirectResponse,
    responses=problems(401, 404, 422, 429, 503),
)
def read_artefact(
    world: InWorld,
    caller: Reader,
    analysis_id: AnalysisId,
    artefact_id: Annotated[str, Path(pattern=r"^[\w.-]{1,60}$")],
) -> RedirectResponse:
    """On to where the file is."""
    with world.database.begin() as session:
        repository = AnalysisRepository(session)
        repository.get(analysis_id, caller.owner_id)
        artefact = repository.artefact(analysis_id, artefact_id)
    return RedirectResponse(_url(world, artefact), 307)


def result_of(world: World, report: Report) -> ResultView:
    """A stored report with addresses of everything it produced."""
    with_links = linked(world, report)
    artefacts = artefact_views(world, report.analysis_id)
    return ResultView(**with_links.headline.model_dump(), artefacts=artefacts, report=with_links)


def timeline_view(world: World, analysis: Analysis) -> Timeline:
    """What is known so far, arranged by time."""
    prepared = world.case.find_prepared(analysis.id)
    verdict = analysis.verdict
    return timeline_of(
        analysis.id,
        analysis.media if prepared is None else prepared.info,
        None if prepared is None else prepared.frame_size,
        None if verdict is None else verdict.thresholds,
        world.case.evidence(analysis.id),
        world.case.explanations(analysis.id),
        world.case.artefacts(analysis.id),
    )


def _finished(world: World, analysis_id: str, owner_id: str) -> Report:
    return finished_report(world, read(world, analysis_id, owner_id))


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


def linked(world: World, report: Report) -> Report:
    """The report with an address of its leading heatmap, which is stored without one because addresses expire."""
    found = next((each for each in world.case.artefacts(report.analysis_id) if each.id == report.leading_map), None)
    url = None if found is None else _url(world, found)
    return report.model_copy(update={"headline": report.headline.model_copy(update={"heatmap_url": url})})


def artefact_views(world: World, analysis_id: str) -> tuple[ArtefactView, ...]:
    lifetime_s = world.settings.blobs.link_expires_s
    expires = signing_moment(lifetime_s) + timedelta(seconds=lifetime_s)
    return tuple(
        ArtefactView(
            id=each.id,
            kind=each.kind,
            media_type=each.media_type,
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            caption=each.caption,
            url=_url(world, each),
            expires=expires,
        )
        for each in world.case.artefacts(analysis_id)
    )


def _url(world: World, artefact: Artefact) -> str:
    name = artefact.key.rpartition("/")[2] if artefact.kind in _DOCUMENTS else None
    return world.blobs.presign_get(Bucket.OUTPUTS, artefact.key, world.settings.blobs.link_expires_s, name)
