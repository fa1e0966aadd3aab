"""Links that show an analysis to others, and what people say of its verdict. Never commits."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import Rejected
from core.types import Feedback, Judgement, Share
from store.models import FeedbackRow, ShareRow
from store.repositories import new_id, text_digest


class ShareRepository:
    """Only a digest of a link's token is kept: who reads the database cannot open the link."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, analysis_id: str, expires_at: datetime) -> tuple[Share, str]:
        """The share and its token in clear."""
        token = secrets.token_urlsafe(24)
        row = ShareRow(id=new_id("sh"), analysis_id=analysis_id, digest=text_digest(token), expires_at=expires_at)
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)
        return _share(row), token

    def of_analysis(self, analysis_id: str) -> tuple[Share, ...]:
        """Those that are still open, newest first."""
        query = select(ShareRow).where(ShareRow.analysis_id == analysis_id, ShareRow.expires_at > datetime.now(UTC))
        return tuple(_share(row) for row in self._session.scalars(query.order_by(ShareRow.created_at.desc())))

    def find(self, token: str) -> Share:
        """Raises: Rejected("share_not_found"), also when it has expired or was withdrawn."""
        row = self._session.scalar(select(ShareRow).where(ShareRow.digest == text_digest(token)))
        if row is None or row.expires_at <= datetime.now(UTC):
            raise Rejected("share_not_found", "This link has expired, was withdrawn, or never existed.")
        return _share(row)

    def is_open(self, share_id: str) -> bool:
        row = self._session.get(ShareRow, share_id)
        return row is not None and row.expires_at > datetime.now(UTC)

    def withdraw(self, analysis_id: str, share_id: str) -> None:
        """Raises: Rejected("share_not_found")."""
        gone = self._session.execute(
            delete(ShareRow).where(ShareRow.id == share_id, ShareRow.analysis_id == analysis_id).returning(ShareRow.id)
        )
        if gone.first() is None:
            raise Rejected("share_not_found", "There is no such link.")


class FeedbackRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, analysis_id: str, judgement: Judgement, truth: str | None, comment: str) -> Feedback:
        row = FeedbackRow(
            id=new_id("fb"), analysis_id=analysis_id, judgement=judgement.value, truth=truth, comment=comment
        )
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)
        return _feedback(row)

    def of_analysis(self, analysis_id: str) -> tuple[Feedback, ...]:
        """Newest first."""
        query = select(FeedbackRow).where(FeedbackRow.analysis_id == analysis_id)
        return tuple(_feedback(row) for row in self._session.scalars(query.order_by(FeedbackRow.created_at.desc())))


def _share(row: ShareRow) -> Share:
    return Share(id=row.id, analysis_id=row.analysis_id, created_at=row.created_at, expires_at=row.expires_at)


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback.model_validate(
        {
            "id": row.id,
            "analysis_id": row.analysis_id,
            "judgement": row.judgement,
            "truth": row.truth,
            "comment": row.comment,
            "created_at": row.created_at,
        }
    )
