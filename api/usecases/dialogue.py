"""Public shapes of conversations, and following an answer while it is being made."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Final, Self

from anyio.to_thread import run_sync
from pydantic import AfterValidator, Field

from api.http.composition import World
from api.http.language import asked_language
from api.http.parameters import possible_id
from api.schemas import SubmitUpload
from core.dialogue import Answer, Conversation, DialogueEvent, Turn, TurnStatus
from core.errors import Rejected
from core.types import Failure, Frozen
from prompts.authored import translate
from store.conversations import ConversationRepository

MAX_QUESTION_CHARS: Final = 2000
MAX_ANALYSES: Final = 10
POLL_S: Final = 0.25
FINAL_KINDS: Final = frozenset({"answered", "failed"})

AnalysisIds = Annotated[
    tuple[Annotated[str, Field(max_length=80), AfterValidator(possible_id)], ...],
    Field(max_length=MAX_ANALYSES, examples=[["an_5f0c8a51e8d04f19a7f6f2f0c3f7c1a2"]]),
]


class BeginConversation(Frozen):
    """What the conversation is about; it may be about nothing yet."""

    analysis_ids: AnalysisIds = ()


class AskQuestion(Frozen):
    """One question or request in plain words, of any language; answers are in English, German or French.

    `analysis_ids` and `upload` bring further analyses into the conversation; the text is then the instruction of an
    analysis that `upload` starts.
    """

    text: str = Field(max_length=4 * MAX_QUESTION_CHARS, examples=["Which face is manipulated, and when?"])
    analysis_ids: AnalysisIds = ()
    upload: SubmitUpload | None = None


class MessageView(Frozen):
    """A question and, once `status` is `answered`, its answer."""

    number: int = Field(examples=[1])
    text: str
    status: TurnStatus
    answer: Answer | None
    failure: Failure | None
    created_at: datetime
    answered_at: datetime | None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        return cls(**{name: getattr(turn, name) for name in cls.model_fields})


class MessageList(Frozen):
    items: tuple[MessageView, ...]


class ConversationView(Frozen):
    id: str = Field(examples=["cv_0b7f8a51e8d04f19a7f6f2f0c3f7c1a2"])
    analysis_ids: tuple[str, ...]
    created_at: datetime
    messages: tuple[MessageView, ...]

    @classmethod
    def of(cls, conversation: Conversation, turns: Sequence[Turn] = ()) -> Self:
        return cls(
            id=conversation.id,
            analysis_ids=conversation.analysis_ids,
            created_at=conversation.created_at,
            messages=tuple(MessageView.of(turn) for turn in turns),
        )


class ConversationSummary(Frozen):
    id: str
    analysis_ids: tuple[str, ...]
    messages: int
    created_at: datetime

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        return cls(
            id=conversation.id,
            analysis_ids=conversation.analysis_ids,
            messages=conversation.turns,
            created_at=conversation.created_at,
        )


class ConversationList(Frozen):
    items: tuple[ConversationSummary, ...]


class DialogueEventView(Frozen):
    """One line of an answer's progress, as the event stream carries it in `data`."""

    id: int
    turn: int
    kind: str
    message: str
    detail: dict[str, object]
    created_at: datetime

    @classmethod
    def of(cls, event: DialogueEvent) -> Self:
        shown = {name: getattr(event, name) for name in cls.model_fields}
        return cls(**{**shown, "message": translate(event.message, asked_language() or "en")})


def clean_question(given: str) -> str:
    """Raises: Rejected: `question_empty`, `question_too_long`."""
    text = " ".join("".join(char if char.isprintable() else " " for char in given).split())
    if not text:
        raise Rejected("question_empty", "A message holds a question or a request.")
    if len(text) > MAX_QUESTION_CHARS:
        raise Rejected("question_too_long", f"A message has at most {MAX_QUESTION_CHARS} characters.")
    return text


def read_turn(world: World, conversation_id: str, owner_id: str, number: int) -> Turn:
    """Raises: Rejected: `conversation_not_found`, also for somebody else's, `message_not_found`."""
    with world.database.begin() as session:
        repository = ConversationRepository(session)
        repository.get(conversation_id, owner_id)
        return repository.turn(conversation_id, number)


async def wait_for_answer(world: World, conversation_id: str, owner_id: str, number: int, seconds: float) -> Turn:
    """The turn as it is when it ends, or after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        turn = await run_sync(read_turn, world, conversation_id, owner_id, number)
        if turn.status.is_final or time.monotonic() >= deadline:
            return turn
        await asyncio.sleep(min(POLL_S, max(0.0, deadline - time.monotonic())))


async def follow_answer(
    world: World, conversation_id: str, owner_id: str, number: int, after: int
) -> AsyncIterator[DialogueEvent]:
    """Every event of the turn beyond `after`, up to and with the final one. Ends also when it is deleted."""
    while True:
        try:
            is_final = (await run_sync(read_turn, world, conversation_id, owner_id, number)).status.is_final
        except Rejected:
            return
        for event in await run_sync(world.dialogue.after, conversation_id, number, after):
            after = event.id
            yield event
            if event.kind in FINAL_KINDS:
                return
        if is_final:
            return
        await asyncio.sleep(POLL_S)
