"""The reader's language of a request: a parameter, the page's choice, or the header, in this order."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Annotated, Final, Literal

from fastapi import Query
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.headers import header_of

LANGUAGES: Final = ("en", "de", "fr")
COOKIE: Final = "deepwitness_language"
_WISH: Final = re.compile(r"([a-z]{1,8})(?:-[a-z0-9]{1,8})*(?:\s*;\s*q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)
_asked: Final[ContextVar[str | None]] = ContextVar("asked_language", default=None)

InLanguage = Annotated[
    Literal["en", "de", "fr"] | None,
    Query(description="Language of sentences; otherwise that of `Accept-Language`, else that of the service."),
]


def wished(accepted: str) -> str | None:
    """The best of an Accept-Language header that is spoken here; None when none is."""
    if not accepted:
        return None
    wishes = [(float(quality or 1), name.lower()) for name, quality in _WISH.findall(accepted[:200])]
    spoken = [(quality, name) for quality, name in wishes if name in LANGUAGES and quality > 0]
    return max(spoken, key=lambda wish: wish[0])[1] if spoken else None


def asked_language() -> str | None:
    """Of the request that is being answered; None when it asks for none that is spoken here."""
    return _asked.get()


def _chosen(scope: Scope) -> str | None:
    """By the address or the page; most requests name no language there, and need not be taken apart to know it."""
    request = HTTPConnection(scope)
    named: list[str | None] = []
    if b"lang" in scope["query_string"]:
        named += [request.query_params.get("language"), request.query_params.get("lang")]
    if header_of(scope, b"cookie"):
        named.append(request.cookies.get(COOKIE))
    return next((each for each in named if each in LANGUAGES), None)


class AskedLanguage:
    """Plain ASGI: remembers in which language a request wants its sentences."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _asked.set(_chosen(scope) or wished(header_of(scope, b"accept-language")))
        await self._app(scope, receive, send)
