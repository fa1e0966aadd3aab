"""Conversations about analyses: begun, found, removed, and what is asked in them."""

from __future__ import annotations

from collections.abc import Sequence

from api.http.auth import Caller
from api.http.composition import World
from api.http.rates import Effort
from api.intake.direct import fetched_upload
from api.intake.submission import send_job, submit
from api.schemas import SubmitUpload
from api.usecases.dialogue import MAX_ANALYSES
from core.dialogue import Conversation, Turn
from core.errors import Rejected
from core.jobs import answer_job
from store.conversations import ConversationRepository
from store.repositories import AuditRepository


def begin(world: World, owner_id: str, analysis_ids: Sequence[str]) -> Conversation:
    """Raises: Rejected("analysis_not_found")."""
    with world.database.begin() as session:
        return ConversationRepository(session).create(owner_id, analysis_ids)


def recent(world: World, owner_id: str, limit: int) -> tuple[Conversation, ...]:
    """Newest first."""
    with world.database.begin() as session:
        return ConversationRepository(session).recent(owner_id, limit)


def read_conversation(world: World, conversation_id: str, owner_id: str) -> tuple[Conversation, tuple[Turn, ...]]:
    """Raises: Rejected("conversation_not_found")."""
    with world.database.begin() as session:
        repository = ConversationRepository(session)
        return repository.get(conversation_id, owner_id), repository.turns(conversation_id)


def latest_about(world: World, owner_id: str, analysis_id: str) -> tuple[Conversation | None, tuple[Turn, ...]]:
    """The newest conversation about an analysis, and what was said in it."""
    with world.database.begin() as session:
        found = ConversationRepository(session).latest_about(owner_id, analysis_id)
        return found, () if found is None else ConversationRepository(session).turns(found.id)


def remove(world: World, conversation_id: str, owner_id: str) -> None:
    """Raises: Rejected("conversation_not_found")."""
    with world.database.begin() as session:
        ConversationRepository(session).delete(conversation_id, owner_id)
        AuditRepository(session).record(owner_id, "conversation.deleted", conversation_id)


def record_question(
    world: World, conversation_id: str, owner_id: str, question: str, analysis_ids: Sequence[str]
) -> Turn:
    """The question as a turn, sent to the agents. When the broker is away, recovery sends it later."""
    with world.database.begin() as session:
        repository = ConversationRepository(session)
        conversation = repository.get(conversation_id, owner_id)
        if len({*conversation.analysis_ids, *analysis_ids}) > MAX_ANALYSES:
            raise Rejected("too_many_analyses", f"A conversation is about at most {MAX_ANALYSES} analyses.")
        repository.bind(conversation_id, owner_id, analysis_ids)
        turn = repository.ask(conversation_id, owner_id, question)
    send_job(world, answer_job(conversation_id, turn.number))
    return turn


def submit_upload(world: World, owner_id: str, named: SubmitUpload) -> str:
    with fetched_upload(world, owner_id, named) as received:
        return submit(world, owner_id, received, None).analysis.id


def count_upload(world: World, caller: Caller) -> None:
    """An upload in a conversation costs what any upload costs."""
    world.rates.count(Effort.UPLOAD, "caller", caller.owner_id)
