"""Sessions of the page: a signed cookie that a browser gets for a credential, so that pages and players can be opened.

The cookie is HttpOnly and SameSite=Strict. It names the owner and an end; nothing is kept on the server.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import jwt
from fastapi import Request, Response

from api.http.origins import check_origin
from core.settings import Settings

COOKIE: Final = "deepwitness_session"
LASTS: Final = timedelta(hours=12)


def open_session(response: Response, owner_id: str, settings: Settings) -> datetime:
    """Give the browser its cookie. Returns when it ends."""
    ends = datetime.now(UTC) + LASTS
    claims = {"sub": owner_id, "aud": _audience(settings), "exp": ends}
    response.set_cookie(
        COOKIE,
        jwt.encode(claims, _secret(settings), settings.auth.jwt_algorithm),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=settings.api.public_url.startswith("https://"),
    )
    return ends


def close_session(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


def owner_in_session(request: Request, settings: Settings) -> str | None:
    """The owner whose session this is; None without a session that still holds.

    Raises: Rejected("cross_site") when another site would have something changed in the owner's name.
    """
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    try:
        claims = jwt.decode(
            token,
            _secret(settings),
            algorithms=[settings.auth.jwt_algorithm],
            audience=_audience(settings),
            options={"require": ["exp", "sub", "aud"]},
        )
    except jwt.PyJWTError:
        return None
    check_origin(request, settings.api, origin_needed=True)
    return str(claims["sub"])


def _secret(settings: Settings) -> str:
    assert settings.auth.jwt_secret is not None
    return settings.auth.jwt_secret.get_secret_value()


def _audience(settings: Settings) -> str:
    """Apart from access tokens': neither can stand in for the other."""
    return f"{settings.auth.audience}:page"
