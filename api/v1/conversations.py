"""Asking about analyses: a message becomes a task of the agents, and its answer comes back as stored events."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Final

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.http.auth import Caller, Reader
from api.http.composition import InWorld, World
from api.http.errors import problems
from api.http.rates import Effort
from api.intake.direct import fetched_upload
from api.intake.scope import bad_scope
from api.intake.submission import submit
from api.intake.upload import received_form
from api.v1.analyses import wait_of
from api.v1.dialogue import (
    MAX_ANALYSES,
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
from api.v1.schemas import SCOPE_FIELD, SubmitUpload, inline_schema
from core.dialogue import Conversation, Turn
from core.errors import Rejected, Unavailable
from store.conversations import ConversationRepository
from store.repositories import AuditRepository

_log: Final = structlog.get_logger()
router: Final = APIRouter(prefix="/v1/conversations", tags=["conversations"])

ANSWER: Final = "agents.answer"
DEFAULT_WAIT_S: Final = 30
MAX_JSON_BYTES: Final = 32 * 1024
_ID: Final = re.compile(r"cv_[0-9a-f]{32}")


def _possible(conversation_id: str) -> str:
    """What cannot be an id names nothing. Raises: Rejected("conversation_not_found")."""
    if not _ID.fullmatch(conversation_id):
        raise Rejected("conversation_not_found", "There is no such conversation.")
    return conversation_id


ConversationId = Annotated[str, AfterValidator(_possible), Path(examples=["cv_0b7f8a51e8d04f19a7f6f2f0c3f7c1a2"])]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

_QUESTION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": inline_schema(AskQuestion),
                "examples": {"question": {"value": {"text": "Which face is manipulated, and when?"}}},
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "Video, image or sound."},
                        "instruction": {
                            "type": "string",
                            "description": "The message; also the instruction. Without it the verdict is asked for.",
                            "examples": ["Is the voice real?"],
                        },
                        "scope": SCOPE_FIELD,
                    },
                }
            },
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


@router.post("", status_code=201, responses=problems(401, 404, 422, 429, 503))
def begin_conversation(world: InWorld, caller: Reader, about: BeginConversation) -> ConversationView:
    """Begin a conversation about one or several of your analyses, or about none yet."""
    with world.database.begin() as session:
        return ConversationView.of(ConversationRepository(session).create(caller.owner_id, about.analysis_ids))


@router.get("", responses=problems(401, 422, 429, 503))
def list_conversations(
    world: InWorld, caller: Reader, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> ConversationList:
    """Your conversations, newest first."""
    with world.database.begin() as session:
        found = ConversationRepository(session).recent(caller.owner_id, limit)
    return ConversationList(items=tuple(ConversationSummary.of(each) for each in found))


@router.get("/{conversation_id}", responses=problems(401, 404, 429, 503))
def read_conversation(world: InWorld, caller: Reader, conversation_id: ConversationId) -> ConversationView:
    """A conversation with everything that was asked and answered in it."""
    conversation, turns = _read(world, conversation_id, caller.owner_id)
    return ConversationView.of(conversation, turns)


@router.delete("/{conversation_id}", status_code=204, responses=problems(401, 404, 429, 503))
def remove_conversation(world: InWorld, caller: Reader, conversation_id: ConversationId) -> None:
    """Remove a conversation and all its messages. Analyses stay."""
    with world.database.begin() as session:
        ConversationRepository(session).delete(conversation_id, caller.owner_id)
        AuditRepository(session).record(caller.owner_id, "conversation.deleted", conversation_id)


@router.get("/{conversation_id}/messages", responses=problems(401, 404, 429, 503))
def list_messages(world: InWorld, caller: Reader, conversation_id: ConversationId) -> MessageList:
    """What was asked and answered, in order."""
    _, turns = _read(world, conversation_id, caller.owner_id)
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
        await run_sync(_read, world, conversation_id, owner_id)
        await run_sync(_count_upload, world, caller)
        async with received_form(request, world.settings.limits) as received, world.probing:
            question = clean_question(received.instruction) if received.instruction else ""
            accepted = await run_sync(submit, world, owner_id, received, None)
        turn = await run_sync(_record, world, conversation_id, owner_id, question, (accepted.analysis.id,))
    else:
        asked = await _asked(request)
        question, analysis_ids = clean_question(asked.text), asked.analysis_ids
        if asked.upload is not None:
            await run_sync(_read, world, conversation_id, owner_id)
            await run_sync(_count_upload, world, caller)
            named = asked.upload.model_copy(update={"instruction": asked.upload.instruction or question})
            async with world.probing:
                analysis_ids = (*analysis_ids, await run_sync(_submit_named, world, owner_id, named))
        turn = await run_sync(_record, world, conversation_id, owner_id, question, analysis_ids)
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


def _read(world: World, conversation_id: str, owner_id: str) -> tuple[Conversation, tuple[Turn, ...]]:
    with world.database.begin() as session:
        repository = ConversationRepository(session)
        return repository.get(conversation_id, owner_id), repository.turns(conversation_id)


def _record(world: World, conversation_id: str, owner_id: str, question: str, analysis_ids: Sequence[str]) -> Turn:
    """The question as a turn, sent to the agents. When the broker is away, recovery sends it later."""
    with world.database.begin() as session:
        repository = ConversationRepository(session)
        conversation = repository.get(conversation_id, owner_id)
        if len({*conversation.analysis_ids, *analysis_ids}) > MAX_ANALYSES:
            raise Rejected("too_many_analyses", f"A conversation is about at most {MAX_ANALYSES} analyses.")
        repository.bind(conversation_id, owner_id, analysis_ids)
        turn = repository.ask(conversation_id, owner_id, question)
    try:
        world.queue.send(ANSWER, [turn.job_id], task_id=turn.job_id)
    except Unavailable:
        _log.warning("api.question.not_sent", conversation_id=conversation_id, turn=turn.number)
    return turn


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


def _submit_named(world: World, owner_id: str, named: SubmitUpload) -> str:
    with fetched_upload(world, owner_id, named) as received:
        return submit(world, owner_id, received, None).analysis.id


def _count_upload(world: World, caller: Caller) -> None:
    """An upload in a conversation costs what any upload costs."""
    world.rates.count(Effort.UPLOAD, "caller", caller.owner_id)
