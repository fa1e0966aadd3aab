"""Submitting, listing, following, cancelling and deleting analyses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.http.auth import Reader, Uploader
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.language import InLanguage
from api.http.parameters import AnalysisId, AskedPage, wait_of
from api.http.reads import plain_read
from api.intake.direct import open_upload, submit_named
from api.intake.link import submit_link
from api.intake.scope import bad_scope
from api.intake.submission import submit
from api.intake.upload import MAX_INSTRUCTION_CHARS, received_form
from api.schemas import (
    SCOPE_EXAMPLE,
    AnalysisPage,
    AnalysisView,
    Annotation,
    BeginUpload,
    EventView,
    SubmitLink,
    SubmitUpload,
    UploadTicket,
    form_schema,
    inline_schema,
    path_of,
)
from api.usecases.analyses import annotate, cancel, remove, search_for, tell_one, tell_page
from api.usecases.progress import follow, is_told, read, wait_for_end
from core.errors import Rejected

router: Final = APIRouter(prefix="/v1", tags=["analyses"])

MAX_JSON_BYTES: Final = 16 * 1024
_NAMED: Final[TypeAdapter[SubmitUpload | SubmitLink]] = TypeAdapter(SubmitUpload | SubmitLink)

_SUBMISSION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": form_schema(
                maxLength=MAX_INSTRUCTION_CHARS,
                description="In plain words: what to look at, or when.",
                examples=["Check only the voice between 0:10 and 0:30."],
            ),
            "application/json": {
                "schema": {
                    "oneOf": [{"$ref": "#/components/schemas/SubmitUpload"}, inline_schema(SubmitLink)],
                },
                "examples": {
                    "upload": {"value": {"upload_id": "up_0f2a…", "file_name": "interview.mp4"}},
                    "link": {"value": {"url": "https://media.example.org/interview.mp4"}},
                    "scope": {"value": {"upload_id": "up_0f2a…", "scope": SCOPE_EXAMPLE}},
                },
            },
        },
    }
}


@router.post("/uploads", status_code=201, responses=problems(400, 401, 409, 413, 422, 429, 503))
def begin_upload(world: InWorld, caller: Uploader, asked: BeginUpload) -> UploadTicket:
    """An address to put one file of the named size to, without passing it through the API."""
    return open_upload(world, caller.owner_id, asked.size_bytes)


@router.post(
    "/analyses",
    status_code=202,
    response_model=AnalysisView,
    openapi_extra=_SUBMISSION,
    responses={
        200: {
            "description": "The finished analysis of the same request, or after `Prefer: wait`.",
            "model": AnalysisView,
        },
        **problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503),
    },
)
async def submit_analysis(
    request: Request,
    world: InWorld,
    caller: Uploader,
    prefer: Annotated[str, Header(examples=["wait=30"])] = "",
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")] = None,
    language: InLanguage = None,  # noqa: ARG001 - read for every request by `api.http.language`
) -> Response:
    """Have a file analysed. The same file, asked the same, is one analysis: asking again returns it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        named = await _named(request)
        if isinstance(named, SubmitLink):
            accepted = await submit_link(world, caller.owner_id, named, idempotency_key)
        else:
            async with world.probing.taken_by(caller.owner_id):
                accepted = await run_sync(submit_named, world, caller.owner_id, named, idempotency_key)
    else:
        async with received_form(request, world) as received, world.probing.taken_by(caller.owner_id):
            accepted = await run_sync(submit, world, caller.owner_id, received, idempotency_key)
    analysis = accepted.analysis
    headers = {"Location": path_of(analysis.id)}
    if not accepted.is_new:
        headers["X-Analysis-Reused"] = "true"
    if (seconds := wait_of(prefer)) > 0 and not analysis.status.is_final:
        headers["Preference-Applied"] = f"wait={seconds}"
        analysis = await wait_for_end(world, analysis.id, caller.owner_id, seconds)
    status = 200 if analysis.status.is_final else 202
    return JSONResponse(AnalysisView.of(analysis).model_dump(mode="json"), status, headers)


@plain_read(router, "/analyses", response_model=AnalysisPage, responses=problems(400, 401, 422, 429, 503))
def list_analyses(world: InWorld, caller: Reader, asked: Annotated[AskedPage, Query()]) -> Response:
    """Your analyses, newest first, a page at a time; with a search they are those that fit all its conditions."""
    search = search_for(asked.q, asked.status, asked.outcome, asked.kind, asked.created_from, asked.created_before)
    return _json(tell_page(world, caller.owner_id, search, limit=asked.limit, cursor=asked.cursor))


@plain_read(router, "/analyses/{analysis_id}", response_model=AnalysisView, responses=problems(401, 404, 422, 429, 503))
def read_analysis(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Response:
    """How far an analysis has come."""
    return _json(tell_one(world, analysis_id, caller.owner_id))


@router.get(
    "/analyses/{analysis_id}/events",
    response_class=EventSourceResponse,
    responses={
        200: {"description": "Server-sent events; `data` is an event as JSON.", "content": {"text/event-stream": {}}},
        204: {"description": "Nothing will follow the event named in `Last-Event-ID`: do not reconnect."},
        **problems(401, 404, 422, 429, 503),
    },
)
async def follow_analysis(
    world: InWorld,
    caller: Reader,
    analysis_id: AnalysisId,
    last_event_id: Annotated[int, Header(ge=0, le=2**31 - 1)] = 0,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """The progress of an analysis as it happens, from its beginning or after an event; ends with the final event."""
    start = max(last_event_id, after)
    analysis = await run_sync(read, world, analysis_id, caller.owner_id)
    if start and analysis.status.is_final and await run_sync(is_told, world, analysis_id, start):
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_stream(world, analysis_id, caller.owner_id, start), ping=15, headers=headers)


@router.post("/analyses/{analysis_id}/cancel", responses=problems(401, 404, 409, 422, 429, 503))
def cancel_analysis(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> AnalysisView:
    """Stop an analysis. Cancelling again changes nothing; a finished one stays finished."""
    return AnalysisView.of(cancel(world, analysis_id, caller.owner_id))


@router.patch("/analyses/{analysis_id}", responses=problems(400, 401, 404, 422, 429, 503))
def annotate_analysis(world: InWorld, caller: Reader, analysis_id: AnalysisId, given: Annotation) -> AnalysisView:
    """Set your note and tags. They help you to find an analysis and are no part of its report."""
    return AnalysisView.of(annotate(world, analysis_id, caller.owner_id, given.note, given.tags))


@router.delete("/analyses/{analysis_id}", status_code=204, responses=problems(401, 404, 422, 429, 503))
def remove_analysis(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> None:
    """Remove an analysis, all it produced, and the upload when no other analysis needs it."""
    remove(world, analysis_id, caller.owner_id)


def _json(answer: bytes) -> Response:
    """Written already."""
    return Response(answer, media_type="application/json")


async def _named(request: Request) -> SubmitUpload | SubmitLink:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JSON_BYTES:
            raise Rejected("bad_request_body", "The body is longer than this request can be.")
    try:
        return _NAMED.validate_json(bytes(body))
    except ValidationError as error:
        for kind in (SubmitUpload.__name__, SubmitLink.__name__):
            # A body whose other fields fit one of the two kinds is of that kind.
            faults = [each["loc"] for each in error.errors() if each["loc"][:1] == (kind,)]
            if faults and all(loc[1:2] == ("scope",) for loc in faults):
                raise bad_scope(error, (kind, "scope")) from error
        raise Rejected("bad_request_body", "The body names neither an upload nor a link.") from error


async def _stream(world: World, analysis_id: str, owner_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    async for event in follow(world, analysis_id, owner_id, after):
        yield ServerSentEvent(EventView.of(event).model_dump_json(), event=event.kind, id=str(event.id))
