"""Showing an analysis to others for a time, and saying what one makes of its verdict."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path

from api.http.auth import Reader, Visitor
from api.http.composition import InWorld
from api.http.errors import problems
from api.http.parameters import AnalysisId, Token
from api.schemas import FeedbackList, FeedbackRequest, PlayableView, ResultView, ShareList, ShareRequest, ShareView
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


@router.post("/analyses/{analysis_id}/feedback", status_code=201, responses=problems(400, 401, 404, 409, 422, 429, 503))
def give_feedback(world: InWorld, caller: Reader, analysis_id: AnalysisId, given: FeedbackRequest) -> Feedback:
    """Say that a verdict is right or wrong. It is kept for those who improve the service and changes no result."""
    return judge(world, analysis_id, caller.owner_id, given.judgement, given.truth, given.comment)


@router.get("/analyses/{analysis_id}/feedback", responses=problems(401, 404, 422, 429, 503))
def list_feedback(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> FeedbackList:
    """What was said of this verdict, newest first."""
    return FeedbackList(items=feedback_of(world, analysis_id, caller.owner_id))
