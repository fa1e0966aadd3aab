"""Who there is: users with what they chose, and the keys and sessions that open the door to them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.types import ApiKey
from store.models import ApiKeyRow, SessionRow, UserRow
from store.repositories import new_id, text_digest

NOTED_EVERY: Final = timedelta(minutes=1)
"""How exactly it is known when a key was used last: a note at every use would have every read wait for the disk."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Whom a credential stands for, and until when."""

    owner_id: str
    until: datetime | None = None
    """None: until it is revoked."""
    api_key_id: str | None = None


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
        """End a key, and every session that was opened with it."""
        changed = self._session.execute(
            update(ApiKeyRow)
            .where(ApiKeyRow.id == key_id, ApiKeyRow.user_id == user_id, ApiKeyRow.revoked_at.is_(None))
            .values(revoked_at=func.now())
            .returning(ApiKeyRow.id)
        )
        if changed.first() is None:
            return False
        self._session.execute(delete(SessionRow).where(SessionRow.api_key_id == key_id))
        return True


class SessionRepository:
    """Sessions of browsers. The token is told once; only its digest is kept."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, admission: Admission, expires_at: datetime) -> str:
        """The new session's token in clear."""
        token = secrets.token_urlsafe(32)
        self._session.add(
            SessionRow(
                digest=text_digest(token),
                user_id=admission.owner_id,
                api_key_id=admission.api_key_id,
                expires_at=expires_at,
            )
        )
        self._session.flush()
        return token

    def close(self, token: str) -> None:
        self._session.execute(delete(SessionRow).where(SessionRow.digest == text_digest(token)))

    def forget_ended(self) -> None:
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= func.clock_timestamp()))


def admit_key(connection: Connection, key: str) -> Admission | None:
    """Whom a live key stands for; None for any other. That it was used is noted once a minute."""
    row = connection.execute(_LIVE_KEY, {"digest": text_digest(key)}).first()
    if row is None:
        return None
    now = datetime.now(UTC)
    if row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY:
        connection.execute(update(ApiKeyRow).where(ApiKeyRow.id == row.id).values(last_used_at=now))
    return Admission(row.user_id, row.expires_at, row.id)


def session_owner(connection: Connection, token: str) -> str | None:
    """Whose session this is, while it lasts."""
    return connection.execute(_LIVE_SESSION, {"digest": text_digest(token)}).scalar()


_LIVE_KEY: Final = select(ApiKeyRow.id, ApiKeyRow.user_id, ApiKeyRow.expires_at, ApiKeyRow.last_used_at).where(
    ApiKeyRow.digest == bindparam("digest"),
    ApiKeyRow.revoked_at.is_(None),
    or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > func.clock_timestamp()),
)
_LIVE_SESSION: Final = select(SessionRow.user_id).where(
    SessionRow.digest == bindparam("digest"), SessionRow.expires_at > func.clock_timestamp()
)
