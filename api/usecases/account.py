"""What a caller may know and change about their own access, and what this service accepts and keeps."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from api.http.composition import World
from api.http.language import LANGUAGES
from api.intake.upload import MAX_INSTRUCTION_CHARS
from api.schemas import OutageView, RetentionView, ServiceView
from core.errors import Rejected
from core.types import ApiKey
from core.version import PIPELINE_VERSION, VERSION
from store.accounts import ApiKeyRepository, UserRepository
from store.repositories import AuditRepository

"""Of the page. The first is spoken when nothing else fits."""


def live_keys(world: World, owner_id: str) -> tuple[ApiKey, ...]:
    """The owner's API keys, newest first, without their secrets."""
    with world.database.begin() as session:
        return ApiKeyRepository(session).live(owner_id)


def create_key(world: World, owner_id: str, name: str, days: int | None) -> str:
    """A new API key in clear, which holds for so many days or for good."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    name = name.replace("\0", "").strip() or "key"
    with world.database.begin() as session:
        key = ApiKeyRepository(session).create(owner_id, name, expires_at)
        AuditRepository(session).record(owner_id, "api_key.created", owner_id, {"name": name})
    return key


def revoke_key(world: World, owner_id: str, key_id: str) -> None:
    """Raises: Rejected("key_not_found")."""
    with world.database.begin() as session:
        if not ApiKeyRepository(session).revoke(owner_id, key_id):
            raise Rejected("key_not_found", "There is no such key, or it was revoked already.")
        AuditRepository(session).record(owner_id, "api_key.revoked", key_id)


def keep_for(world: World, owner_id: str, days: int | None) -> RetentionView:
    """Have what is the owner's removed after so many days, or leave it to the service.

    Raises: Rejected("retention_too_long").
    """
    most = world.settings.limits.retention_days
    if days is not None and most and days > most:
        raise Rejected("retention_too_long", f"This service keeps nothing for longer than {most} days.")
    with world.database.begin() as session:
        UserRepository(session).keep_for(owner_id, days)
        AuditRepository(session).record(owner_id, "retention.changed", owner_id, {"days": days})
    return retention_of(world, owner_id)


def retention_of(world: World, owner_id: str) -> RetentionView:
    most = world.settings.limits.retention_days
    with world.database.begin() as session:
        own = UserRepository(session).retention_days(owner_id)
    return RetentionView(
        days=own, service_days=most, effective_days=min((each for each in (own, most) if each), default=0)
    )


def service_of(world: World) -> ServiceView:
    settings = world.settings
    limits = settings.limits
    return ServiceView(
        version=VERSION,
        pipeline_version=PIPELINE_VERSION,
        authentication=settings.auth.enabled,
        max_upload_bytes=limits.max_upload_bytes,
        max_duration_s=limits.max_duration_s,
        max_instruction_chars=MAX_INSTRUCTION_CHARS,
        uploads_per_hour=limits.uploads_per_hour,
        requests_per_minute=limits.requests_per_minute,
        retention_days=limits.retention_days,
        links=settings.links.enabled,
        language_model=settings.llm.base_url is not None,
        languages=LANGUAGES,
        away=tuple(OutageView.model_validate(asdict(each)) for each in world.outages.known()),
    )
