"""Who there is: users with what they chose, and the keys that open the door to them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.types import ApiKey
from store.models import ApiKeyRow, UserRow
from store.repositories import new_id, text_digest


class UserRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def ensure(self, subject: str) -> str:
        """The id of the user with this subject, created at first sight."""
        found = self._session.scalar(select(UserRow.id).where(UserRow.subject == subject))
        if found is not None:
            return found
        self._session.execute(
            insert(UserRow).values(id=new_id("us"), subject=subject).on_conflict_do_nothing(index_elements=["subject"])
        )
        return self._session.execute(select(UserRow.id).where(UserRow.subject == subject)).scalar_one()

    def retention_days(self, user_id: str) -> int | None:
        """For how long this user has results kept; None: for as long as the service does."""
        return self._session.execute(select(UserRow.retention_days).where(UserRow.id == user_id)).scalar_one()

    def keep_for(self, user_id: str, days: int | None) -> None:
        self._session.execute(update(UserRow).where(UserRow.id == user_id).values(retention_days=days))


class ApiKeyRepository:
    """Keys are shown once; only their digest is kept."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, user_id: str, name: str, expires_at: datetime | None = None) -> str:
        """The new key in clear."""
        key = f"dw_{secrets.token_urlsafe(32)}"
        self._session.add(
            ApiKeyRow(id=new_id("ak"), user_id=user_id, name=name, digest=text_digest(key), expires_at=expires_at)
        )
        self._session.flush()
        return key

    def owner_of(self, key: str) -> str | None:
        """The user a live key belongs to."""
        row = self._session.scalar(select(ApiKeyRow).where(ApiKeyRow.digest == text_digest(key)))
        now = datetime.now(UTC)
        if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
            return None
        row.last_used_at = now
        return row.user_id

    def live(self, user_id: str) -> tuple[ApiKey, ...]:
        """Keys of this user that still open the door, newest first."""
        query = select(ApiKeyRow).where(
            ApiKeyRow.user_id == user_id,
            ApiKeyRow.revoked_at.is_(None),
            or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > datetime.now(UTC)),
        )
        return tuple(
            ApiKey(
                id=row.id,
                name=row.name,
                created_at=row.created_at,
                expires_at=row.expires_at,
                last_used_at=row.last_used_at,
            )
            for row in self._session.scalars(query.order_by(ApiKeyRow.created_at.desc(), ApiKeyRow.id))
        )

    def revoke(self, user_id: str, key_id: str) -> bool:
        changed = self._session.execute(
            update(ApiKeyRow)
            .where(ApiKeyRow.id == key_id, ApiKeyRow.user_id == user_id, ApiKeyRow.revoked_at.is_(None))
            .values(revoked_at=func.now())
            .returning(ApiKeyRow.id)
        )
        return changed.first() is not None
