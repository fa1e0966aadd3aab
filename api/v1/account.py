"""What a caller may know and change about their own access, and what this service accepts and keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from api.http.auth import Reader, Visitor, owner_of
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.sessions import close_session, open_session
from api.intake.upload import MAX_INSTRUCTION_CHARS
from api.v1.schemas import KeyList, KeyRequest, LogIn, NewKey, RetentionRequest, RetentionView, ServiceView, SessionView
from api.web.catalogue import LANGUAGES
from core.errors import Rejected
from core.version import PIPELINE_VERSION, VERSION
from store.accounts import ApiKeyRepository, UserRepository
from store.repositories import AuditRepository

router: Final = APIRouter(prefix="/v1", tags=["account"])


@router.get("/service", dependencies=[Visitor], responses=problems(429))
def read_service(world: InWorld) -> ServiceView:
    """Limits, retention and languages of this service."""
    return service_of(world)


@router.post("/session", dependencies=[Visitor], responses=problems(401, 409, 422, 429, 503))
def log_in(world: InWorld, given: LogIn, response: Response) -> SessionView:
    """A session cookie for the page, in exchange for an access token or an API key."""
    _require_authentication(world)
    owner_id = owner_of(world, given.credential.strip())
    return SessionView(expires=open_session(response, owner_id, world.settings))


@router.delete("/session", status_code=204, responses=problems(429))
def log_out(response: Response) -> None:
    """Forget the session in this browser."""
    close_session(response)


@router.get("/keys", responses=problems(401, 409, 429, 503))
def list_keys(world: InWorld, caller: Reader) -> KeyList:
    """Your API keys, newest first, without their secrets."""
    _require_authentication(world)
    with world.database.begin() as session:
        return KeyList(items=ApiKeyRepository(session).live(caller.owner_id))


@router.post("/keys", status_code=201, responses=problems(401, 409, 422, 429, 503))
def create_key(world: InWorld, caller: Reader, asked: KeyRequest) -> NewKey:
    """A new API key. It is told once."""
    _require_authentication(world)
    days = asked.expires_in_days
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    name = asked.name.replace("\0", "").strip() or "key"
    with world.database.begin() as session:
        key = ApiKeyRepository(session).create(caller.owner_id, name, expires_at)
        AuditRepository(session).record(caller.owner_id, "api_key.created", caller.owner_id, {"name": name})
    return NewKey(key=key)


@router.delete("/keys/{key_id}", status_code=204, responses=problems(401, 404, 409, 422, 429, 503))
def revoke_key(world: InWorld, caller: Reader, key_id: Annotated[str, Path(pattern=r"^ak_[0-9a-f]{32}$")]) -> None:
    """The key opens nothing any more."""
    _require_authentication(world)
    with world.database.begin() as session:
        if not ApiKeyRepository(session).revoke(caller.owner_id, key_id):
            raise Rejected("key_not_found", "There is no such key, or it was revoked already.")
        AuditRepository(session).record(caller.owner_id, "api_key.revoked", key_id)


@router.get("/retention", responses=problems(401, 429, 503))
def read_retention(world: InWorld, caller: Reader) -> RetentionView:
    """For how long what is yours is kept."""
    return retention_of(world, caller.owner_id)


@router.put("/retention", responses=problems(401, 422, 429, 503))
def change_retention(world: InWorld, caller: Reader, asked: RetentionRequest) -> RetentionView:
    """Have what is yours removed earlier than the service would, or leave it to the service again.

    It holds for what there is already, too.
    """
    most = world.settings.limits.retention_days
    if asked.days is not None and most and asked.days > most:
        raise Rejected("retention_too_long", f"This service keeps nothing for longer than {most} days.")
    with world.database.begin() as session:
        UserRepository(session).keep_for(caller.owner_id, asked.days)
        AuditRepository(session).record(caller.owner_id, "retention.changed", caller.owner_id, {"days": asked.days})
    return retention_of(world, caller.owner_id)


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
    )


def _require_authentication(world: World) -> None:
    if not world.settings.auth.enabled:
        raise Rejected("authentication_off", "This service asks nobody for a credential, so there is none to manage.")
