"""Answers one question of a conversation, once."""

from __future__ import annotations

from typing import Final

import structlog

from agents.conversation import AskedQuestion
from core.dialogue import Answer, Turn
from core.jobs import ANSWER
from core.types import Failure, QuestionAnswering
from tasks.context import Dialogue, WorkerContext
from tasks.job import ClaimedJob, Job

_log: Final = structlog.get_logger()


def answer_turn(context: WorkerContext, job: ClaimedJob[QuestionAnswering]) -> dict[str, object]:
    """Answer the turn if it is still to be answered; the turn holds the answer."""
    turns, asked = context.dialogue.turns, job.payload
    turn = turns.begin(asked.conversation_id, asked.number)
    if turn is None:
        return {}
    answer = _answer(context.dialogue, turn)
    turns.finish(asked.conversation_id, asked.number, answer)
    _log.info(
        "tasks.answer.done",
        topics=answer.topics,
        decided_by=answer.decided_by.kind,
        calls=len(answer.llm_calls),
    )
    return {}


def fail_turn(context: WorkerContext, job: ClaimedJob[QuestionAnswering], failure: Failure) -> None:
    context.dialogue.turns.fail(job.payload.conversation_id, job.payload.number, failure)


def _answer(dialogue: Dialogue, turn: Turn) -> Answer:
    conversation, turns = dialogue.conversation(turn.conversation_id)
    asked = AskedQuestion(
        text=turn.text,
        owner_id=conversation.owner_id,
        analysis_ids=conversation.analysis_ids,
        history=tuple(each for each in turns if each.number < turn.number),
    )
    return dialogue.answerer().answer(asked, dialogue.starter(conversation))


JOB: Final = Job(ANSWER, answer_turn, on_give_up=fail_turn)
