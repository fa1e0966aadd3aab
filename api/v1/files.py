"""Stored files behind addresses that this service signed; whoever has an address may read its file."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from api.http.composition import InWorld
from api.usecases.files import PATH, open_file
from core.ports import Bucket

router: Final = APIRouter(prefix=PATH, include_in_schema=False)


@router.get("/{bucket}/{key:path}")
def read_file(
    request: Request,
    world: InWorld,
    bucket: Bucket,
    key: str,
    wanted: Annotated[str, Header(alias="range", max_length=100)] = "",
) -> StreamingResponse:
    """A file, or the stretch of it that a player asks for."""
    found = open_file(world, bucket, key, dict(request.query_params), wanted)
    return StreamingResponse(found.content, found.status, found.headers, found.media_type)
