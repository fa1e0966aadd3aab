"""Conversations: rows in, core types out; and the answers that workers give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.dialogue import Answer, Conversation, DialogueEvent, Turn, TurnStatus
from core.errors import Rejected
from core.jobs import answer_job
from core.types import Failure
from store.database import Database
from store.ledger import open_jobs
from store.models import AnalysisRow, ConversationAnalysisRow, ConversationRow, DialogueEventRow, TurnRow, UserRow
from store.repositories import kept_since, new_id
from store.tallies import count, llm_called


class ConversationRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, owner_id: str, analysis_ids: Sequence[str] = ()) -> Conversation:
        """Raises: Rejected("analysis_not_found"), also for somebody else's."""
        row = ConversationRow(id=new_id("cv"), owner_id=owner_id)
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)
        self.bind(row.id, owner_id, analysis_ids)
        return self._convert(row)

    def bind(self, conversation_id: str, owner_id: str, analysis_ids: Sequence[str]) -> None:
        """Bring analyses of the same owner into the conversation; those that are in it already stay where they are.

        Raises: Rejected("analysis_not_found"), also for somebody else's.
        """
        wanted = tuple(dict.fromkeys(analysis_ids))
        own = select(AnalysisRow.id).where(AnalysisRow.id.in_(wanted), AnalysisRow.owner_id == owner_id)
        if set(self._session.scalars(own)) != set(wanted):
            raise Rejected("analysis_not_found", "There is no such analysis.")
        known = len(self._analysis_ids(conversation_id))
        for place, analysis_id in enumerate(wanted, start=known + 1):
            self._session.execute(
                insert(ConversationAnalysisRow)
                .values(conversation_id=conversation_id, analysis_id=analysis_id, place=place)
                .on_conflict_do_nothing()
            )

    def get(self, conversation_id: str, owner_id: str | None = None) -> Conversation:
        """Raises: Rejected("conversation_not_found"), also for somebody else's."""
        return self._convert(self._row(conversation_id, owner_id))

    def recent(self, owner_id: str, limit: int) -> tuple[Conversation, ...]:
        """Newest first."""
        query = select(ConversationRow).where(ConversationRow.owner_id == owner_id)
        query = query.order_by(ConversationRow.created_at.desc(), ConversationRow.id.desc()).limit(limit)
        return tuple(self._convert(row) for row in self._session.scalars(query))

    def latest_about(self, owner_id: str, analysis_id: str) -> Conversation | None:
        """The newest conversation that began with this analysis."""
        about = ConversationAnalysisRow
        query = (
            select(ConversationRow)
            .join(about, about.conversation_id == ConversationRow.id)
            .where(ConversationRow.owner_id == owner_id, about.analysis_id == analysis_id, about.place == 1)
            .order_by(ConversationRow.created_at.desc(), ConversationRow.id.desc())
            .limit(1)
        )
        row = self._session.scalar(query)
        return None if row is None else self._convert(row)

    def delete(self, conversation_id: str, owner_id: str) -> None:
        """Raises: Rejected("conversation_not_found"), also for somebody else's."""
        self._session.execute(
            delete(ConversationRow).where(ConversationRow.id == self._row(conversation_id, owner_id).id)
        )

    def forget_expired(self, retention_days: int) -> None:
        """Those beyond their owner's retention, or the service's where that is shorter."""
        expired = ConversationRow.created_at < kept_since(retention_days)
        self._session.execute(delete(ConversationRow).where(UserRow.id == ConversationRow.owner_id, expired))

    def ask(self, conversation_id: str, owner_id: str, text: str) -> Turn:
        """Record a question as the conversation's next turn, with the job that answers it, and say so.

        Raises: Rejected("conversation_not_found"), also for somebody else's.
        """
        number = self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id, ConversationRow.owner_id == owner_id)
            .values(last_turn=ConversationRow.last_turn + 1)
            .returning(ConversationRow.last_turn)
        ).scalar_one_or_none()
        if number is None:
            raise _unknown()
        row = TurnRow(conversation_id=conversation_id, number=number, text=text, status=TurnStatus.WAITING.value)
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)
        append_dialogue_event(self._session, conversation_id, number, "asked", "The question was received.")
        open_jobs(self._session, [answer_job(conversation_id, number)])
        return _turn(row)

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        query = select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.number)
        return tuple(_turn(row) for row in self._session.scalars(query))

    def turn(self, conversation_id: str, number: int) -> Turn:
        """Raises: Rejected("message_not_found")."""
        row = self._session.get(TurnRow, (conversation_id, number))
        if row is None:
            raise Rejected("message_not_found", "This conversation has no such message.")
        return _turn(row)

    def _row(self, conversation_id: str, owner_id: str | None) -> ConversationRow:
        row = self._session.get(ConversationRow, conversation_id)
        if row is None or (owner_id is not None and row.owner_id != owner_id):
            raise _unknown()
        return row

    def _analysis_ids(self, conversation_id: str) -> tuple[str, ...]:
        query = select(ConversationAnalysisRow.analysis_id).where(
            ConversationAnalysisRow.conversation_id == conversation_id
        )
        return tuple(
            self._session.scalars(query.order_by(ConversationAnalysisRow.place, ConversationAnalysisRow.analysis_id))
        )

    def _convert(self, row: ConversationRow) -> Conversation:
        return Conversation(
            id=row.id,
            owner_id=row.owner_id,
            analysis_ids=self._analysis_ids(row.id),
            turns=row.last_turn,
            created_at=row.created_at,
        )


class PostgresTurns:
    """Turns as a worker answers them: each ends once, whoever comes second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, conversation_id: str, number: int) -> Turn | None:
        """The turn, now being answered; None when it has ended or is gone."""
        with self._database.begin() as session:
            row = session.scalar(
                update(TurnRow)
                .where(_is_open(conversation_id, number))
                .values(status=TurnStatus.ANSWERING.value)
                .returning(TurnRow)
            )
            return None if row is None else _turn(row)

    def finish(self, conversation_id: str, number: int, answer: Answer) -> bool:
        """Store the answer and announce it, statement by statement, in one transaction. False when it came too late."""
        with self._database.begin() as session:
            if not self._end(session, conversation_id, number, {"status": TurnStatus.ANSWERED.value, "answer": answer}):
                return False
            topics: dict[str, object] = {
                "topics": list(answer.topics),
                "decided_by": answer.decided_by.model_dump(mode="json"),
            }
            append_dialogue_event(
                session, conversation_id, number, "understood", "The question was understood.", topics
            )
            for statement in answer.statements:
                detail = statement.model_dump(mode="json")
                append_dialogue_event(session, conversation_id, number, "statement", statement.text, detail)
            whole: dict[str, object] = {"answer": answer.model_dump(mode="json")}
            append_dialogue_event(session, conversation_id, number, "answered", "The question was answered.", whole)
            count(session, llm_called(answer.llm_calls))
            return True

    def fail(self, conversation_id: str, number: int, failure: Failure) -> bool:
        """Say that no answer comes, once."""
        with self._database.begin() as session:
            if not self._end(session, conversation_id, number, {"status": TurnStatus.FAILED.value, "failure": failure}):
                return False
            detail: dict[str, object] = {"code": failure.code}
            append_dialogue_event(session, conversation_id, number, "failed", failure.message, detail)
            return True

    @staticmethod
    def _end(session: Session, conversation_id: str, number: int, values: dict[str, Any]) -> bool:
        ended = (
            update(TurnRow)
            .where(_is_open(conversation_id, number))
            .values(**values, answered_at=func.clock_timestamp())
            .returning(TurnRow.number)
        )
        return session.execute(ended).first() is not None


class DialogueLog:
    """A conversation's progress as it was stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def after(self, conversation_id: str, turn: int, event_id: int) -> tuple[DialogueEvent, ...]:
        """Events of one turn beyond an id."""
        query = select(DialogueEventRow).where(
            DialogueEventRow.conversation_id == conversation_id,
            DialogueEventRow.turn == turn,
            DialogueEventRow.id > event_id,
        )
        with self._database.begin() as session:
            return tuple(_event(row) for row in session.scalars(query.order_by(DialogueEventRow.id)))


def append_dialogue_event(
    session: Session,
    conversation_id: str,
    turn: int,
    kind: str,
    message: str,
    detail: dict[str, object] | None = None,
) -> None:
    """Add an event in a unit of work of the caller's. Ids count from 1 without gaps, per conversation."""
    number = session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == conversation_id)
        .values(last_event=ConversationRow.last_event + 1)
        .returning(ConversationRow.last_event)
    ).scalar_one_or_none()
    if number is None:
        raise _unknown()
    plain = TypeAdapter(dict[str, Any]).dump_python(detail or {}, mode="json")
    session.add(
        DialogueEventRow(
            conversation_id=conversation_id, id=number, turn=turn, kind=kind, message=message, detail=plain
        )
    )
    session.flush()


def _unknown() -> Rejected:
    return Rejected("conversation_not_found", "There is no such conversation.")


def _is_open(conversation_id: str, number: int) -> ColumnElement[bool]:
    return and_(
        TurnRow.conversation_id == conversation_id,
        TurnRow.number == number,
        TurnRow.status.in_((TurnStatus.WAITING.value, TurnStatus.ANSWERING.value)),
    )


def _turn(row: TurnRow) -> Turn:
    return Turn(
        conversation_id=row.conversation_id,
        number=row.number,
        text=row.text,
        status=TurnStatus(row.status),
        answer=row.answer,
        failure=row.failure,
        created_at=row.created_at,
        answered_at=row.answered_at,
    )


def _event(row: DialogueEventRow) -> DialogueEvent:
    return DialogueEvent.model_validate(
        {
            "id": row.id,
            "conversation_id": row.conversation_id,
            "turn": row.turn,
            "kind": row.kind,
            "message": row.message,
            "detail": row.detail,
            "created_at": row.created_at,
        }
    )
