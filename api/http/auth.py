"""Who is asking, and how much they may ask. With authentication off everybody is the one anonymous owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

import jwt
from fastapi import Depends, Request

from api.http.composition import InWorld, World
from api.http.origins import check_host, check_origin
from api.http.rates import Effort
from api.http.sessions import owner_in_session
from core.errors import Rejected
from core.settings import AuthSettings
from store.accounts import Admission, UserRepository, admit_key

ANONYMOUS: Final = "anonymous"
KEY_PREFIX: Final = "dw_"
MAX_SUBJECT_CHARS: Final = 255
MOST_OWNERS: Final = 10_000
"""Remembered at a time."""
_FAR: Final = 253_402_300_799
"""The last second that a moment can name."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner on whose behalf a request is served."""

    owner_id: str


def address_of(request: Request, trusted_proxies: int) -> str:
    """The client's address; of the forwarding header only what our own proxies wrote is believed."""
    peer = request.client.host if request.client else "unknown"
    if trusted_proxies == 0:
        return peer
    hops = [
        hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",") if hop.strip()
    ]
    return hops[-trusted_proxies] if len(hops) >= trusted_proxies else peer


def reader(request: Request, world: InWorld) -> Caller:
    return _admit(request, world, Effort.READ)


def uploader(request: Request, world: InWorld) -> Caller:
    return _admit(request, world, Effort.UPLOAD)


def visitor(request: Request, world: InWorld) -> None:
    """Somebody who has a link and needs no name: counted by address."""
    world.rates.count(Effort.READ, "address", address_of(request, world.settings.api.trusted_proxies))


Visitor = Depends(visitor)
Reader = Annotated[Caller, Depends(reader)]
Uploader = Annotated[Caller, Depends(uploader)]


def subject_of(token: str, settings: AuthSettings) -> tuple[str, datetime]:
    """The subject of a valid token, and when the token ends.

    Raises: Rejected("unauthenticated").
    """
    assert settings.jwt_secret is not None
    try:
        claims = jwt.decode(
            token,
            settings.jwt_secret.get_secret_value(),
            algorithms=[settings.jwt_algorithm],
            audience=settings.audience,
            options={"require": ["exp", "sub", "aud"]},
        )
    except jwt.PyJWTError as error:
        raise _stranger() from error
    subject = str(claims["sub"])
    if not subject or len(subject) > MAX_SUBJECT_CHARS or "\0" in subject:
        raise _stranger()
    return subject, datetime.fromtimestamp(min(int(claims["exp"]), _FAR), UTC)


def _admit(request: Request, world: World, effort: Effort) -> Caller:
    """The address is counted before a credential is looked at, so guessing credentials is limited too."""
    settings = world.settings
    world.rates.count(effort, "address", address_of(request, settings.api.trusted_proxies))
    if not settings.auth.enabled:
        check_host(request, settings.api)
        check_origin(request, settings.api, origin_needed=False)
        return Caller(_owner(world, ANONYMOUS))
    owner_id = _authenticated(request, world)
    world.rates.count(effort, "caller", owner_id)
    return Caller(owner_id)


def _authenticated(request: Request, world: World) -> str:
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    bearer = credential.strip() if scheme.lower() == "bearer" else ""
    given = request.headers.get("x-api-key") or bearer
    if given:
        return admission_of(world, given, is_key=given != bearer).owner_id
    owner_id = owner_in_session(world, request)
    if owner_id is None:
        raise _stranger()
    return owner_id


def admission_of(world: World, credential: str, *, is_key: bool = False) -> Admission:
    """Whom an access token or an API key stands for, and until when.

    Raises: Rejected("unauthenticated").
    """
    if not is_key and not credential.startswith(KEY_PREFIX):
        subject, until = subject_of(credential, world.settings.auth)
        return Admission(_owner(world, subject), until)
    with world.database.asking() as connection:
        admission = admit_key(connection, credential)
    if admission is None:
        raise _stranger()
    return admission


def _owner(world: World, subject: str) -> str:
    known = world.owners.get(subject)
    if known is not None:
        return known
    with world.database.begin() as session:
        owner_id = UserRepository(session).ensure(subject)
    if len(world.owners) >= MOST_OWNERS:
        world.owners.clear()
    world.owners[subject] = owner_id
    return owner_id


def _stranger() -> Rejected:
    return Rejected("unauthenticated", "A valid access token or API key is required.")
