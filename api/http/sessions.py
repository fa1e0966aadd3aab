"""Sessions of the page: a cookie that a browser gets for a credential, so that pages and players can be opened.

The cookie is HttpOnly and SameSite=Strict and holds a random token. The session itself is kept on the server: it ends
by log-out, with the credential that it was opened with, and after twelve hours at the latest.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import Request, Response

from api.http.composition import World
from api.http.origins import check_origin
from store.accounts import Admission, SessionRepository, session_owner

COOKIE: Final = "deepwitness_session"
LASTS: Final = timedelta(hours=12)


def open_session(world: World, admission: Admission, response: Response) -> datetime:
    """Give the browser its cookie. Returns when the session ends."""
    now = datetime.now(UTC)
    ends = min(now + LASTS, admission.until or now + LASTS)
    with world.database.begin() as session:
        token = SessionRepository(session).open(admission, ends)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int((ends - now).total_seconds()),
        httponly=True,
        samesite="strict",
        secure=world.settings.api.public_url.startswith("https://"),
    )
    return ends


def close_session(world: World, request: Request, response: Response) -> None:
    """End the session whose cookie this is: no copy of the cookie opens anything any more.

    Raises: Rejected("cross_site") when another site would have somebody logged out.
    """
    token = request.cookies.get(COOKIE)
    if token:
        check_origin(request, world.settings.api, origin_needed=False)
        with world.database.begin() as session:
            SessionRepository(session).close(token)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


def owner_in_session(world: World, request: Request) -> str | None:
    """The owner whose session this is; None without a session that still holds.

    Raises: Rejected("cross_site") when another site would have something changed in the owner's name.
    """
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    with world.database.asking() as connection:
        owner_id = session_owner(connection, token)
    if owner_id is not None:
        check_origin(request, world.settings.api, origin_needed=True)
    return owner_id
