"""What every request is wrapped in: an id in the logs, security headers, a limit, the figures, and the last resort."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.http.errors import internal_error
from api.http.headers import header_of
from api.http.metrics import Metrics
from core.errors import Rejected
from core.tracing import request_id_of_parent, span

MOST_BODY_BYTES: Final = 4 * 1024**2
"""Of a request that is read whole. The longest one there can be is a batch of uploads."""
_STREAMED: Final = re.compile(r"/storage/.+|(?:/v1)?/analyses|/v1/conversations/[^/]+/messages")
"""Addresses whose requests are read piece by piece, each within limits of its own."""
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})

_ID_HEADER: Final = b"x-request-id"
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}

_log: Final = structlog.get_logger()


class Envelope:
    """Plain ASGI, so that bodies stream through it untouched."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, is_https: bool) -> None:
        self._app = app
        self._metrics = metrics
        fixed = _SECURITY | ({"Strict-Transport-Security": "max-age=31536000"} if is_https else {})
        self._fixed = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        started, status = time.monotonic(), 0

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._dressed(message["headers"], request_id)
            await send(message)

        with (
            bound_contextvars(request_id=request_id),
            span("request", request_id, "server", {"http.request.method": scope["method"]}) as traced,
        ):
            try:
                await self._app(scope, receive, send_wrapped)
            except Exception as error:  # the last resort: nothing foreseen, so loudly, and without a word of it outside
                _log.exception("api.request.crashed", path=scope["path"])
                if status:
                    raise
                scope["problem_code"] = "internal_error"
                await internal_error(scope["path"])(scope, receive, send_wrapped)
                del error
            finally:
                self._note(scope, status, time.monotonic() - started)
                if traced is not None:
                    traced.update_name(f"{scope['method']} {_route(scope)}")
                    traced.set_attributes({"http.route": _route(scope), "http.response.status_code": status})

    def _dressed(self, headers: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
        """With the request's id, and with what every answer has unless it has its own."""
        given = [each for each in headers if each[0] != _ID_HEADER]
        own = {name for name, _ in given}
        return [*given, (_ID_HEADER, request_id.encode()), *(each for each in self._fixed if each[0] not in own)]

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        code = scope.get("problem_code")
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.answered(method, route, status, seconds, code)
        if route not in _QUIET or status >= 400:
            _log.info(
                "api.request.answered", method=method, route=route, status=status, seconds=round(seconds, 4), code=code
            )


class BoundedBodies:
    """Plain ASGI: no sender, known or not, has more of a request kept in memory than any request needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY or _STREAMED.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        taken_bytes = 0

        async def receive_bounded() -> Message:
            nonlocal taken_bytes
            message = await receive()
            taken_bytes += len(message.get("body", b""))
            if taken_bytes > MOST_BODY_BYTES:
                raise Rejected("bad_request_body", "The body is longer than this request can be.")
            return message

        await self._app(scope, receive_bounded, send)


def _request_id(scope: Scope) -> str:
    """The caller's own id, that of the caller's trace, or a new one that can be a trace's."""
    given = header_of(scope, _ID_HEADER)
    if _REQUEST_ID.fullmatch(given):
        return given
    return request_id_of_parent(header_of(scope, b"traceparent")) or uuid.uuid4().hex


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "unmatched"))


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
