"""Asking about analyses: a message becomes a task of the agents, and its answer comes back as stored events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.http.auth import Reader
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.parameters import ConversationId, wait_of
from api.intake.scope import bad_scope
from api.intake.submission import submit
from api.intake.upload import received_form
from api.schemas import form_schema, inline_schema
from api.usecases.conversations import begin, count_upload, recent, record_question, remove, submit_upload
from api.usecases.conversations import read_conversation as read_stored
from api.usecases.dialogue import (
    AskQuestion,
    BeginConversation,
    ConversationList,
    ConversationSummary,
    ConversationView,
    DialogueEventView,
    MessageList,
    MessageView,
    clean_question,
    follow_answer,
    read_turn,
    wait_for_answer,
)
from core.errors import Rejected

router: Final = APIRouter(prefix="/v1/conversations", tags=["conversations"])

DEFAULT_WAIT_S: Final = 30
MAX_JSON_BYTES: Final = 32 * 1024
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

_QUESTION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": inline_schema(AskQuestion),
                "examples": {"question": {"value": {"text": "Which face is manipulated, and when?"}}},
            },
            "multipart/form-data": form_schema(
                description="The message; also the instruction. Without it the verdict is asked for.",
                examples=["Is the voice real?"],
            ),
        },
    }
}
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answered message, or with `Accept: text/event-stream` its events as they happen.",
        "model": MessageView,
        "content": {"text/event-stream": {}},
    },
    202: {"description": "The answer is still being made.", "model": MessageView},
}


@router.post("", status_code=201, responses=problems(400, 401, 404, 422, 429, 503))
def begin_conversation(world: InWorld, caller: Reader, about: BeginConversation) -> ConversationView:
    """Begin a conversation about one or several of your analyses, or about none yet."""
    return ConversationView.of(begin(world, caller.owner_id, about.analysis_ids))


@router.get("", responses=problems(401, 422, 429, 503))
def list_conversations(
    world: InWorld, caller: Reader, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> ConversationList:
    """Your conversations, newest first."""
    found = recent(world, caller.owner_id, limit)
    return ConversationList(items=tuple(ConversationSummary.of(each) for each in found))


@router.get("/{conversation_id}", responses=problems(401, 404, 429, 503))
def read_conversation(world: InWorld, caller: Reader, conversation_id: ConversationId) -> ConversationView:
    """A conversation with everything that was asked and answered in it."""
    conversation, turns = read_stored(world, conversation_id, caller.owner_id)
    return ConversationView.of(conversation, turns)


@router.delete("/{conversation_id}", status_code=204, responses=problems(401, 404, 429, 503))
def remove_conversation(world: InWorld, caller: Reader, conversation_id: ConversationId) -> None:
    """Remove a conversation and all its messages. Analyses stay."""
    remove(world, conversation_id, caller.owner_id)


@router.get("/{conversation_id}/messages", responses=problems(401, 404, 429, 503))
def list_messages(world: InWorld, caller: Reader, conversation_id: ConversationId) -> MessageList:
    """What was asked and answered, in order."""
    _, turns = read_stored(world, conversation_id, caller.owner_id)
    return MessageList(items=tuple(MessageView.of(turn) for turn in turns))


@router.post(
    "/{conversation_id}/messages",
    response_model=MessageView,
    openapi_extra=_QUESTION,
    responses={**_STREAM, **problems(400, 401, 404, 408, 413, 415, 422, 429, 500, 503)},
)
async def ask(
    request: Request,
    world: InWorld,
    caller: Reader,
    conversation_id: ConversationId,
    accept: Annotated[str, Header()] = "",
    prefer: Annotated[str, Header(examples=["wait=30"])] = "",
) -> Response:
    """Ask something. The answer is in the response, or streamed with `Accept: text/event-stream`.

    Without `Prefer: wait` the response waits up to 30 seconds for the answer; what takes longer is answered 202.
    """
    owner_id = caller.owner_id
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data":
        await run_sync(read_stored, world, conversation_id, owner_id)
        await run_sync(count_upload, world, caller)
        async with received_form(request, world) as received, world.probing.taken_by(owner_id):
            question = clean_question(received.instruction) if received.instruction else ""
            accepted = await run_sync(submit, world, owner_id, received, None)
        turn = await run_sync(record_question, world, conversation_id, owner_id, question, (accepted.analysis.id,))
    else:
        asked = await _asked(request)
        question, analysis_ids = clean_question(asked.text), asked.analysis_ids
        if asked.upload is not None:
            await run_sync(read_stored, world, conversation_id, owner_id)
            await run_sync(count_upload, world, caller)
            named = asked.upload.model_copy(update={"instruction": asked.upload.instruction or question})
            async with world.probing.taken_by(owner_id):
                analysis_ids = (*analysis_ids, await run_sync(submit_upload, world, owner_id, named))
        turn = await run_sync(record_question, world, conversation_id, owner_id, question, analysis_ids)
    if "text/event-stream" in accept:
        return _streamed(world, conversation_id, owner_id, turn.number, 0)
    seconds = wait_of(prefer) if "wait" in prefer else DEFAULT_WAIT_S
    turn = await wait_for_answer(world, conversation_id, owner_id, turn.number, seconds)
    headers = {"Location": f"/v1/conversations/{conversation_id}/messages/{turn.number}"}
    status = 200 if turn.status.is_final else 202
    return JSONResponse(MessageView.of(turn).model_dump(mode="json"), status, headers)


@router.get("/{conversation_id}/messages/{number}", responses=problems(401, 404, 422, 429, 503))
def read_message(world: InWorld, caller: Reader, conversation_id: ConversationId, number: Number) -> MessageView:
    """One question and its answer."""
    return MessageView.of(read_turn(world, conversation_id, caller.owner_id, number))


@router.get(
    "/{conversation_id}/messages/{number}/events",
    response_class=EventSourceResponse,
    responses={
        200: {"description": "Server-sent events; `data` is an event as JSON.", "content": {"text/event-stream": {}}},
        **problems(401, 404, 422, 429, 503),
    },
)
async def follow_message(
    world: InWorld,
    caller: Reader,
    conversation_id: ConversationId,
    number: Number,
    last_event_id: Annotated[int, Header(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """The making of an answer, from its beginning or after an event; ends with `answered` or `failed`."""
    await run_sync(read_turn, world, conversation_id, caller.owner_id, number)
    return _streamed(world, conversation_id, caller.owner_id, number, last_event_id)


def _streamed(world: World, conversation_id: str, owner_id: str, number: int, after: int) -> Response:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_events(world, conversation_id, owner_id, number, after), ping=15, headers=headers)


async def _events(
    world: World, conversation_id: str, owner_id: str, number: int, after: int
) -> AsyncIterator[ServerSentEvent]:
    async for event in follow_answer(world, conversation_id, owner_id, number, after):
        yield ServerSentEvent(DialogueEventView.of(event).model_dump_json(), event=event.kind, id=str(event.id))


async def _asked(request: Request) -> AskQuestion:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JSON_BYTES:
            raise Rejected("bad_request_body", "The body is longer than this request can be.")
    try:
        return AskQuestion.model_validate_json(bytes(body))
    except ValidationError as error:
        if all(each["loc"][:2] == ("upload", "scope") for each in error.errors()):
            raise bad_scope(error, ("upload", "scope")) from error
        raise Rejected("bad_request_body", "The body is not a question as this endpoint takes it.") from error
