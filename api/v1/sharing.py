"""Showing an analysis to others for a time, and saying what one makes of its verdict."""

from __future__ import annotations

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path
from fastapi.responses import Response, StreamingResponse

from api.http.auth import Reader, Visitor
from api.http.composition import InWorld
from api.http.errors import problems
from api.http.language import InLanguage, asked_language
from api.http.parameters import AnalysisId, Token
from api.schemas import FeedbackList, FeedbackRequest, PlayableView, ResultView, ShareList, ShareRequest, ShareView
from api.usecases.documents import open_document
from api.usecases.media import playable
from api.usecases.results import finished_report, result_of
from api.usecases.sharing import feedback_of, judge, share, shared_analysis, shares_of, withdraw
from core.types import Feedback

router: Final = APIRouter(prefix="/v1", tags=["sharing"])


@router.post("/analyses/{analysis_id}/shares", status_code=201, responses=problems(400, 401, 404, 409, 422, 429, 503))
def share_analysis(world: InWorld, caller: Reader, analysis_id: AnalysisId, asked: ShareRequest) -> ShareView:
    """A link that shows this analysis to whoever has it, without an account, until it expires or is withdrawn."""
    return share(world, analysis_id, caller.owner_id, asked.expires_in_hours)


@router.get("/analyses/{analysis_id}/shares", responses=problems(401, 404, 422, 429, 503))
def list_shares(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> ShareList:
    """The links that are still open."""
    found = shares_of(world, analysis_id, caller.owner_id)
    return ShareList(items=tuple(ShareView.of(each) for each in found))


@router.delete(
    "/analyses/{analysis_id}/shares/{share_id}", status_code=204, responses=problems(401, 404, 422, 429, 503)
)
def withdraw_share(
    world: InWorld,
    caller: Reader,
    analysis_id: AnalysisId,
    share_id: Annotated[str, Path(pattern=r"^sh_[0-9a-f]{32}$")],
) -> None:
    """The link shows nothing any more."""
    withdraw(world, analysis_id, caller.owner_id, share_id)


@router.get("/shared/{token}", dependencies=[Visitor], responses=problems(404, 422, 429, 503))
def read_shared(world: InWorld, token: Token) -> ResultView:
    """The result behind a link."""
    analysis, links = shared_analysis(world, token)
    return result_of(links, finished_report(world, analysis))


@router.get("/shared/{token}/media", dependencies=[Visitor], responses=problems(404, 422, 429, 503))
def read_shared_media(world: InWorld, token: Token) -> PlayableView:
    """The file behind a link, to be played or shown."""
    analysis, links = shared_analysis(world, token)
    return playable(links, analysis)


@router.get(
    "/shared/{token}/report.pdf",
    dependencies=[Visitor],
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
        **problems(404, 409, 422, 429, 503),
    },
)
async def read_shared_document(
    world: InWorld,
    token: Token,
    language: InLanguage = None,  # noqa: ARG001 - read for every request by `api.http.language`
) -> Response:
    """The report behind a link, to print; in another language than its own a translation, which says so."""
    analysis, _ = await run_sync(shared_analysis, world, token)
    report = await run_sync(finished_report, world, analysis)
    opened = await open_document(world, report, asked_language())
    return StreamingResponse(opened.content, media_type="application/pdf", headers=opened.headers)


@router.post("/analyses/{analysis_id}/feedback", status_code=201, responses=problems(400, 401, 404, 409, 422, 429, 503))
def give_feedback(world: InWorld, caller: Reader, analysis_id: AnalysisId, given: FeedbackRequest) -> Feedback:
    """Say that a verdict is right or wrong. It is kept for those who improve the service and changes no result."""
    return judge(world, analysis_id, caller.owner_id, given.judgement, given.truth, given.comment)


@router.get("/analyses/{analysis_id}/feedback", responses=problems(401, 404, 422, 429, 503))
def list_feedback(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> FeedbackList:
    """What was said of this verdict, newest first."""
    return FeedbackList(items=feedback_of(world, analysis_id, caller.owner_id))
