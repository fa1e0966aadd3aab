"""The object storage behind this service's own address: one address and one port, for readers on other machines too.

Addresses of files are signed for the storage as the service reaches it, and are handed out under the address that the
reader asked. What comes back here is passed on as it is: the signature in it is what lets somebody in.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.composition import InWorld
from api.http.headers import header_of
from core.errors import Rejected, Unavailable
from core.ports import Bucket
from core.settings import BlobSettings
from store.blobs import MinioBlobStore

PREFIX: Final = "/storage"
TIMEOUT_S: Final = 60.0
_PASSED_ON: Final = ("range", "if-range", "if-none-match", "if-modified-since", "content-type", "content-length")
_HANDED_BACK: Final = (
    "accept-ranges", "content-disposition", "content-length", "content-range", "content-type", "etag", "last-modified",
)  # fmt: skip
_HOST: Final = re.compile(r"[A-Za-z0-9.\[\]:_-]{1,255}")
_asked: Final[ContextVar[str | None]] = ContextVar("asked_origin", default=None)

router: Final = APIRouter(include_in_schema=False)


class AskedOrigin:
    """Plain ASGI: remembers under which address a request came, for the addresses that its answer holds."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public = urlsplit(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = header_of(scope, b"host")
            is_ours = host == self._public.netloc or _HOST.fullmatch(host) is None
            _asked.set(self._public.geturl() if is_ours else f"{scope['scheme']}://{host}")
        await self._app(scope, receive, send)


def asked_origin(public_url: str) -> str:
    """Under which address the request came that is being answered; the public one where that is not known."""
    return (_asked.get() or public_url).rstrip("/")


class OwnAddressBlobs(MinioBlobStore):
    """A blob store whose addresses lead through this service."""

    def __init__(self, settings: BlobSettings, public_url: str) -> None:
        super().__init__(settings)
        self._storage = storage_url(settings)
        self._public_url = public_url

    def presign_get(
        self, bucket: Bucket, key: str, expires_s: int, file_name: str | None = None, media_type: str | None = None
    ) -> str:
        return self._through_us(super().presign_get(bucket, key, expires_s, file_name, media_type))

    def presign_put(self, bucket: Bucket, key: str, expires_s: int, size_bytes: int) -> str:
        return self._through_us(super().presign_put(bucket, key, expires_s, size_bytes))

    def _through_us(self, url: str) -> str:
        return f"{asked_origin(self._public_url)}{PREFIX}{url.removeprefix(self._storage)}"


def storage_url(settings: BlobSettings) -> str:
    return f"{'https' if settings.secure else 'http'}://{settings.endpoint}"


@router.api_route(f"{PREFIX}/{{path:path}}", methods=["GET", "HEAD", "PUT"])
async def pass_on(request: Request, world: InWorld, path: str) -> StreamingResponse:
    """A signed request, to the storage and back. Raises: Rejected, Unavailable."""
    blobs = world.settings.blobs
    if not blobs.through_api or "X-Amz-Signature" not in request.query_params:
        raise Rejected("not_found", "There is no such page.")
    headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    # The query is signed as it stands; the path is unquoted by the server that took it in.
    url = f"{storage_url(blobs)}/{quote(path, safe='/~')}?{request.url.query}"
    content = request.stream() if request.method == "PUT" else None
    client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
    try:
        answer = await client.send(
            client.build_request(request.method, url, headers=headers, content=content), stream=True
        )
    except httpx.HTTPError as error:
        await client.aclose()
        raise Unavailable("blobs_unavailable", "The object storage cannot be reached at the moment.") from error

    async def body() -> AsyncIterator[bytes]:
        try:
            async for chunk in answer.aiter_raw():
                yield chunk
        finally:
            await answer.aclose()
            await client.aclose()

    kept = {name: answer.headers[name] for name in _HANDED_BACK if name in answer.headers}
    # Files of an analysis are shown by pages of ours alone; a file that a browser opens by itself runs nothing.
    return StreamingResponse(body(), answer.status_code, {**kept, "Cache-Control": "private, max-age=600"})
