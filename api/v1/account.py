"""What a caller may know and change about their own access, and what this service accepts and keeps."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from api.http.auth import Reader, Visitor, admission_of
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.sessions import close_session, open_session
from api.schemas import KeyList, KeyRequest, LogIn, NewKey, RetentionRequest, RetentionView, ServiceView, SessionView
from api.usecases import account
from core.errors import Rejected

router: Final = APIRouter(prefix="/v1", tags=["account"])


@router.get("/service", dependencies=[Visitor], responses=problems(429))
def read_service(world: InWorld) -> ServiceView:
    """Limits, retention and languages of this service."""
    return account.service_of(world)


@router.post("/session", dependencies=[Visitor], responses=problems(400, 401, 409, 422, 429, 503))
def log_in(world: InWorld, given: LogIn, response: Response) -> SessionView:
    """A session cookie for the page, in exchange for an access token or an API key."""
    _require_authentication(world)
    return SessionView(expires=open_session(world, admission_of(world, given.credential.strip()), response))


@router.delete("/session", status_code=204, dependencies=[Visitor], responses=problems(403, 429, 503))
def log_out(world: InWorld, request: Request, response: Response) -> None:
    """End the session of this browser."""
    close_session(world, request, response)


@router.get("/keys", responses=problems(401, 409, 429, 503))
def list_keys(world: InWorld, caller: Reader) -> KeyList:
    """Your API keys, newest first, without their secrets."""
    _require_authentication(world)
    return KeyList(items=account.live_keys(world, caller.owner_id))


@router.post("/keys", status_code=201, responses=problems(400, 401, 409, 422, 429, 503))
def create_key(world: InWorld, caller: Reader, asked: KeyRequest) -> NewKey:
    """A new API key. It is told once."""
    _require_authentication(world)
    return NewKey(key=account.create_key(world, caller.owner_id, asked.name, asked.expires_in_days))


@router.delete("/keys/{key_id}", status_code=204, responses=problems(401, 404, 409, 422, 429, 503))
def revoke_key(world: InWorld, caller: Reader, key_id: Annotated[str, Path(pattern=r"^ak_[0-9a-f]{32}$")]) -> None:
    """The key opens nothing any more."""
    _require_authentication(world)
    account.revoke_key(world, caller.owner_id, key_id)


@router.get("/retention", responses=problems(401, 429, 503))
def read_retention(world: InWorld, caller: Reader) -> RetentionView:
    """For how long what is yours is kept."""
    return account.retention_of(world, caller.owner_id)


@router.put("/retention", responses=problems(400, 401, 422, 429, 503))
def change_retention(world: InWorld, caller: Reader, asked: RetentionRequest) -> RetentionView:
    """Have what is yours removed earlier than the service would, or leave it to the service again.

    It holds for what there is already, too.
    """
    return account.keep_for(world, caller.owner_id, asked.days)


def _require_authentication(world: World) -> None:
    if not world.settings.auth.enabled:
        raise Rejected("authentication_off", "This service asks nobody for a credential, so there is none to manage.")
