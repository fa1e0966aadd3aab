"""What an analysis came to: headline, report, and the files behind expiring addresses."""

from __future__ import annotations

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from api.http.auth import Reader, Uploader
from api.http.composition import InWorld
from api.http.errors import problems
from api.http.language import InLanguage, asked_language
from api.http.parameters import AnalysisId
from api.intake.regions import OpinionRequest, OpinionTicket, RegionRequest, examine_again, explain_again
from api.schemas import AnalysisView, ArtefactList, ResultView, path_of
from api.usecases.documents import open_document
from api.usecases.files import Links
from api.usecases.progress import read
from api.usecases.results import (
    address_of_artefact,
    artefact_views,
    linked,
    read_finished,
    result_of,
    timeline_view,
)
from api.usecases.timeline import Timeline
from core.types import Report

router: Final = APIRouter(prefix="/v1/analyses/{analysis_id}", tags=["results"])


@router.get("/result", responses=problems(401, 404, 409, 422, 429, 503))
def read_result(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> ResultView:
    """The headline figures and the full report of a finished analysis."""
    return result_of(Links(world), read_finished(world, analysis_id, caller.owner_id))


@router.get("/report.json", responses=problems(401, 404, 409, 422, 429, 503))
def read_report(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Report:
    """The whole testimony: evidence, explanations, narrative with citations, and the manifest."""
    return linked(Links(world), read_finished(world, analysis_id, caller.owner_id))


@router.get(
    "/report.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
        **problems(401, 404, 409, 422, 429, 503),
    },
)
async def read_document(
    world: InWorld,
    caller: Reader,
    analysis_id: AnalysisId,
    language: InLanguage = None,  # noqa: ARG001 - read for every request by `api.http.language`
) -> Response:
    """The report to print. In another language than its own it is a translation, which is written at its first request
    and says so; the sealed PDF stays as it is."""
    report = await run_sync(read_finished, world, analysis_id, caller.owner_id)
    opened = await open_document(world, report, asked_language())
    return StreamingResponse(opened.content, media_type="application/pdf", headers=opened.headers)


@router.get("/timeline", responses=problems(401, 404, 422, 429, 503))
def read_timeline(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Timeline:
    """Scores, marked stretches and maps over time, as far as they are known: what a player draws."""
    return timeline_view(world, read(world, analysis_id, caller.owner_id))


@router.post(
    "/regions",
    status_code=202,
    responses={
        200: {"description": "The finished analysis of the same stretch."},
        **problems(400, 401, 404, 422, 429, 503),
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


@router.post("/explanations", status_code=202, responses=problems(400, 401, 404, 409, 422, 429, 503))
def ask_second_opinion(
    world: InWorld, caller: Uploader, analysis_id: AnalysisId, asked: OpinionRequest
) -> OpinionTicket:
    """Have a finished analysis explained by another method. Second opinions are no part of the sealed report."""
    return explain_again(world, analysis_id, caller.owner_id, asked.method)


@router.get("/artefacts", responses=problems(401, 404, 422, 429, 503))
def list_artefacts(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> ArtefactList:
    """The files there are so far, each behind an address that expires."""
    read(world, analysis_id, caller.owner_id)
    return ArtefactList(items=artefact_views(Links(world), analysis_id))


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
    return RedirectResponse(address_of_artefact(world, analysis_id, artefact_id, caller.owner_id), 307)
