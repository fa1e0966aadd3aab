"""Showing an analysis to others for a time, and saying what one makes of its verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path

from api.http.auth import Reader, Visitor
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.progress import read
from api.v1.analyses import AnalysisId
from api.v1.media import playable
from api.v1.results import finished_report, result_of
from api.v1.schemas import FeedbackList, FeedbackRequest, PlayableView, ResultView, ShareList, ShareRequest, ShareView
from core.types import Analysis, Feedback
from store.repositories import AnalysisRepository, AuditRepository
from store.sharing import FeedbackRepository, ShareRepository

router: Final = APIRouter(prefix="/v1", tags=["sharing"])

Token = Annotated[str, Path(pattern=r"^[\w-]{20,64}$")]


@router.post("/analyses/{analysis_id}/shares", status_code=201, responses=problems(401, 404, 409, 422, 429, 503))
def share_analysis(world: InWorld, caller: Reader, analysis_id: AnalysisId, asked: ShareRequest) -> ShareView:
    """A link that shows this analysis to whoever has it, without an account, until it expires or is withdrawn."""
    finished_report(world, read(world, analysis_id, caller.owner_id))
    expires_at = datetime.now(UTC) + timedelta(hours=asked.expires_in_hours)
    with world.database.begin() as session:
        share, token = ShareRepository(session).add(analysis_id, expires_at)
        AuditRepository(session).record(caller.owner_id, "analysis.shared", analysis_id, {"share_id": share.id})
    return ShareView.of(share, f"{world.settings.api.public_url.rstrip('/')}/shared/{token}")


@router.get("/analyses/{analysis_id}/shares", responses=problems(401, 404, 422, 429, 503))
def list_shares(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> ShareList:
    """The links that are still open."""
    read(world, analysis_id, caller.owner_id)
    with world.database.begin() as session:
        found = ShareRepository(session).of_analysis(analysis_id)
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
    read(world, analysis_id, caller.owner_id)
    with world.database.begin() as session:
        ShareRepository(session).withdraw(analysis_id, share_id)
        AuditRepository(session).record(caller.owner_id, "analysis.share_withdrawn", analysis_id)


@router.get("/shared/{token}", dependencies=[Visitor], responses=problems(404, 422, 429, 503))
def read_shared(world: InWorld, token: Token) -> ResultView:
    """The result behind a link."""
    return result_of(world, finished_report(world, shared_analysis(world, token)))


@router.get("/shared/{token}/media", dependencies=[Visitor], responses=problems(404, 422, 429, 503))
def read_shared_media(world: InWorld, token: Token) -> PlayableView:
    """The file behind a link, to be played or shown."""
    return playable(world, shared_analysis(world, token))


@router.post("/analyses/{analysis_id}/feedback", status_code=201, responses=problems(401, 404, 409, 422, 429, 503))
def give_feedback(world: InWorld, caller: Reader, analysis_id: AnalysisId, given: FeedbackRequest) -> Feedback:
    """Say that a verdict is right or wrong. It is kept for those who improve the service and changes no result."""
    finished_report(world, read(world, analysis_id, caller.owner_id))
    with world.database.begin() as session:
        kept = FeedbackRepository(session).add(
            analysis_id, given.judgement, given.truth, given.comment.replace("\0", "").strip()
        )
        AuditRepository(session).record(caller.owner_id, "analysis.judged", analysis_id, {"judgement": given.judgement})
    return kept


@router.get("/analyses/{analysis_id}/feedback", responses=problems(401, 404, 422, 429, 503))
def list_feedback(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> FeedbackList:
    """What was said of this verdict, newest first."""
    read(world, analysis_id, caller.owner_id)
    with world.database.begin() as session:
        return FeedbackList(items=FeedbackRepository(session).of_analysis(analysis_id))


def shared_analysis(world: World, token: str) -> Analysis:
    """Raises: Rejected("share_not_found")."""
    with world.database.begin() as session:
        return AnalysisRepository(session).get(ShareRepository(session).analysis_of(token))
