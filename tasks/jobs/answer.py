"""The body of `agents.answer`: one question of a conversation is claimed, answered and stored, once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import structlog
from structlog.contextvars import bound_contextvars

from agents.conversation import AskedQuestion, QuestionAnswerer, Starter
from core.dialogue import Answer, Conversation, Turn
from core.ports import JobQueue
from core.types import Failure
from tasks.lease import LEASE_S, heartbeat
from tasks.policy import ABANDONED, MAX_ATTEMPTS, GiveUp, decide

ANSWER: Final = "agents.answer"
UNCLAIMED_S: Final = 15.0
"""A question that nobody claimed for so long is sent again: somebody is waiting for its answer."""

_log: Final = structlog.get_logger()


class TurnLedger(Protocol):
    """Who answers which question until when."""

    def claim(self, conversation_id: str, number: int, worker: str, lease_s: float) -> Turn | None: ...

    def extend(self, turn: Turn, worker: str, lease_s: float) -> bool: ...

    def release(self, turn: Turn, worker: str) -> None: ...

    def finish(self, turn: Turn, worker: str, answer: Answer) -> bool: ...

    def fail(self, turn: Turn, worker: str, failure: Failure) -> bool: ...

    def abandoned(self, waiting_since: datetime) -> tuple[Turn, ...]: ...


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What answering needs of the worker's world."""

    turns: TurnLedger
    queue: JobQueue
    witness: Callable[[], QuestionAnswerer]
    conversation: Callable[[str], tuple[Conversation, tuple[Turn, ...]]]
    starter: Callable[[Conversation], Starter]


def answer_turn(dialogue: Dialogue, job_id: str, worker: str) -> None:
    """Answer a turn if it is still to be answered. Never raises for what answering does; the turn holds the outcome."""
    conversation_id, _, number = job_id.rpartition(":")
    turn = dialogue.turns.claim(conversation_id, int(number), worker, LEASE_S)
    if turn is None:
        return
    with bound_contextvars(conversation_id=conversation_id, task_id=job_id):
        if turn.attempts > MAX_ATTEMPTS:
            dialogue.turns.fail(turn, worker, ABANDONED)
            return
        started = time.monotonic()
        try:
            with heartbeat(lambda: dialogue.turns.extend(turn, worker, LEASE_S), job_id):
                answer = _answer(dialogue, turn)
        except Exception as error:  # noqa: BLE001 - the policy knows every class, and nothing may escape the turn
            match decide(error, turn.attempts):
                case GiveUp(failure=failure, loud=loud):
                    _log.error("tasks.answer.failed", code=failure.code, exc_info=error if loud else None)
                    dialogue.turns.fail(turn, worker, failure)
                case retry:
                    _log.warning("tasks.answer.retried", error=repr(error), after_s=retry.after_s)
                    dialogue.turns.release(turn, worker)
                    time.sleep(retry.after_s)
                    dialogue.queue.send(ANSWER, [job_id], task_id=job_id)
            return
        dialogue.turns.finish(turn, worker, answer)
        _log.info(
            "tasks.answer.done",
            seconds=round(time.monotonic() - started, 3),
            topics=answer.topics,
            decided_by=answer.decided_by.kind,
            calls=len(answer.llm_calls),
        )


def resend_abandoned(dialogue: Dialogue) -> int:
    """Send again what nobody claimed or whose worker is gone. Returns how many messages were sent."""
    lost = dialogue.turns.abandoned(datetime.now(UTC) - timedelta(seconds=UNCLAIMED_S))
    for turn in lost:
        _log.warning("tasks.answer.recovered", conversation_id=turn.conversation_id, turn=turn.number)
        dialogue.queue.send(ANSWER, [turn.job_id], task_id=turn.job_id)
    return len(lost)


def _answer(dialogue: Dialogue, turn: Turn) -> Answer:
    conversation, turns = dialogue.conversation(turn.conversation_id)
    asked = AskedQuestion(
        text=turn.text,
        owner_id=conversation.owner_id,
        analysis_ids=conversation.analysis_ids,
        history=tuple(each for each in turns if each.number < turn.number),
    )
    return dialogue.witness().answer(asked, dialogue.starter(conversation))
