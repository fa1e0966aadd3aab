"""Conditional reads (RFC 9110, 13): every JSON answer to a GET carries its digest, and is not sent twice."""

from __future__ import annotations

import hashlib
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.headers import header_of

_PREFIX: Final = "/v1/"


class ConditionalReads:
    """Plain ASGI. Only JSON is held back to be digested; streams and files pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_PREFIX):
            await self._app(scope, receive, send)
            return
        known = header_of(scope, b"if-none-match")
        start: Message | None = None
        body = bytearray()

        async def send_once(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_plain_json(message):
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False):
                return
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            start["headers"] = [*start["headers"], (b"etag", tag.encode())]
            if known and fits(known, tag):
                del MutableHeaders(scope=start)["content-length"]
                await send({**start, "status": 304})
                await send({"type": "http.response.body", "body": b""})
                return
            await send(start)
            await send({"type": "http.response.body", "body": bytes(body)})

        await self._app(scope, receive, send_once)


def fits(known: str, tag: str) -> bool:
    """Whether an If-None-Match names this tag; compared weakly, as reading asks for."""
    named = {each.strip().removeprefix("W/") for each in known.split(",")}
    return "*" in named or tag in named


def _is_plain_json(message: Message) -> bool:
    return bool(message["status"] == 200 and (b"content-type", b"application/json") in message["headers"])
