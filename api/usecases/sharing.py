"""Showing an analysis to others for a time, and saying what one makes of its verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

from api.http.composition import World
from api.schemas import ShareView
from api.usecases.files import Links
from api.usecases.progress import read
from api.usecases.results import read_finished
from core.types import Analysis, Feedback, Judgement, Share
from store.repositories import AnalysisRepository, AuditRepository
from store.sharing import FeedbackRepository, ShareRepository


def share(world: World, analysis_id: str, owner_id: str, hours: int) -> ShareView:
    """A link that shows a finished analysis for so many hours. Its address is told this once.

    Raises: Rejected, as `finished_report`.
    """
    read_finished(world, analysis_id, owner_id)
    expires_at = datetime.now(UTC) + timedelta(hours=hours)
    with world.database.begin() as session:
        made, token = ShareRepository(session).add(analysis_id, expires_at)
        AuditRepository(session).record(owner_id, "analysis.shared", analysis_id, {"share_id": made.id})
    return ShareView.of(made, f"{world.settings.api.public_url.rstrip('/')}/shared/{token}")


def shares_of(world: World, analysis_id: str, owner_id: str) -> tuple[Share, ...]:
    """The links that are still open. Raises: Rejected("analysis_not_found")."""
    read(world, analysis_id, owner_id)
    with world.database.begin() as session:
        return ShareRepository(session).of_analysis(analysis_id)


def withdraw(world: World, analysis_id: str, owner_id: str, share_id: str) -> None:
    """Raises: Rejected: `analysis_not_found`, `share_not_found`."""
    read(world, analysis_id, owner_id)
    with world.database.begin() as session:
        ShareRepository(session).withdraw(analysis_id, share_id)
        AuditRepository(session).record(owner_id, "analysis.share_withdrawn", analysis_id)


def shared_analysis(world: World, token: str) -> tuple[Analysis, Links]:
    """The analysis behind a link, and addresses of its files that end with the link.

    Raises: Rejected("share_not_found").
    """
    with world.database.begin() as session:
        found = ShareRepository(session).find(token)
        return AnalysisRepository(session).get(found.analysis_id), Links(world, found.id)


def judge(
    world: World,
    analysis_id: str,
    owner_id: str,
    judgement: Judgement,
    truth: Literal["fake", "real"] | None,
    comment: str,
) -> Feedback:
    """Keep what an owner says of a verdict. Raises: Rejected, as `finished_report`."""
    read_finished(world, analysis_id, owner_id)
    with world.database.begin() as session:
        kept = FeedbackRepository(session).add(analysis_id, judgement, truth, comment.replace("\0", "").strip())
        AuditRepository(session).record(owner_id, "analysis.judged", analysis_id, {"judgement": judgement})
    return kept


def feedback_of(world: World, analysis_id: str, owner_id: str) -> tuple[Feedback, ...]:
    """What was said of this verdict, newest first. Raises: Rejected("analysis_not_found")."""
    read(world, analysis_id, owner_id)
    with world.database.begin() as session:
        return FeedbackRepository(session).of_analysis(analysis_id)
