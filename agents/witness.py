"""Answers questions about analyses: understands what is asked, takes the facts that bear on it, and says no more.

What a question is about is decided by rules, or by a language model where they find nothing; what is answered comes
from the stored evidence in either case, and every figure with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from pydantic import BaseModel, ConfigDict, Field, create_model

from agents.asking import topics_of
from agents.cases import Case, Grades, read_cases
from agents.language import is_english
from agents.offers import Starter, accept, offer
from agents.question import Question, read_question
from agents.replies import Told, told_in_general, told_of_cases
from agents.sayings import say
from agents.topics import DECLINED, OF_A_CASE, Topic
from core.dialogue import Answer, Proposal, Turn
from core.ports import CaseFile, LanguageModel
from core.types import DecidedBy, LlmCall, Reason, ReasonCode
from prompts.library import load

PROMPT_ID: Final = "ask-topic"
PROMPT_VERSION: Final = 2
ANSWER_TOKENS: Final = 24
ANSWER_TIMEOUT_S: Final = 20.0
NO_MODEL: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE, message="No language model is in use: the question was read by fixed rules."
)
MODEL_FAILED: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE, message="The language model could not be used, so fixed rules read the question."
)

_log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in its conversation."""

    text: str
    owner_id: str
    analysis_ids: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    """Earlier turns, in order."""

    @property
    def offered(self) -> Proposal | None:
        """The analysis that the answer before this question offered."""
        answers = [turn.answer for turn in self.history if turn.answer is not None]
        return answers[-1].proposal if answers else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the question is about, who decided so, and what that cost."""

    topics: tuple[Topic, ...]
    decided_by: DecidedBy
    calls: tuple[LlmCall, ...] = ()
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """What a model that calls tools came to: an answer or none, and what its calls cost."""

    answer: Answer | None
    calls: tuple[LlmCall, ...] = ()


class Talker(Protocol):
    """Answers through a model that calls tools. Never raises for the model's faults."""

    def talk(self, asked: Asked, cases: tuple[Case, ...]) -> Talk: ...


class Witness:
    """The conversation's side of the service. Reads stored evidence only; starts nothing that was not agreed to."""

    def __init__(
        self, case_file: CaseFile, llm: LanguageModel | None, grades: Grades, talker: Talker | None = None
    ) -> None:
        self._case_file = case_file
        self._llm = llm
        self._grades = grades
        self._talker = talker

    def answer(self, asked: Asked, starter: Starter) -> Answer:
        """The answer to a question. Never raises for a model's faults."""
        cases = read_cases(self._case_file, asked.analysis_ids, asked.owner_id)
        question = read_question(asked.text, _longest_s(cases), len(cases))
        by_rules = topics_of(question, offered=asked.offered is not None)
        notes: tuple[Reason, ...] = ()
        calls: tuple[LlmCall, ...] = ()
        if self._talker is not None and not (set(by_rules or ()) & RULED):
            talk = self._talker.talk(asked, cases)
            if talk.answer is not None:
                return talk.answer
            calls, notes = talk.calls, (MODEL_FAILED,)
        reading = self._read(question, by_rules, cases)
        reading = Reading(reading.topics, reading.decided_by, (*calls, *reading.calls), notes or reading.notes)
        return self._answered(asked, cases, question, reading, starter)

    def _read(self, question: Question, by_rules: tuple[Topic, ...] | None, cases: Sequence[Case]) -> Reading:
        if by_rules is not None:
            decided = DecidedBy(kind="rules", rule=by_rules[0])
            return Reading(by_rules, decided, notes=() if self._llm else (NO_MODEL,))
        unclear = Reading((Topic.UNCLEAR,), DecidedBy(kind="rules", rule=Topic.UNCLEAR))
        if self._llm is None:
            return Reading(unclear.topics, unclear.decided_by, notes=(NO_MODEL,))
        prompt = load(PROMPT_ID, PROMPT_VERSION)
        completion = self._llm.complete(
            purpose="ask",
            prompt_id=prompt.id,
            prompt_version=prompt.version,
            system=prompt.render("system", {}),
            user=prompt.render("user", {"question": question.text}),
            schema=answer_among(_choices(question, cases)),
            max_tokens=ANSWER_TOKENS,
            timeout_s=ANSWER_TIMEOUT_S,
        )
        if completion.answer is None:
            return Reading(unclear.topics, unclear.decided_by, (completion.call,), (MODEL_FAILED,))
        decided = DecidedBy(kind="llm", prompt_id=prompt.id, prompt_version=prompt.version, model=completion.call.model)
        topic = Topic(getattr(completion.answer, "topic"))  # noqa: B009 - the model is made at run time
        return Reading((topic,), decided, (completion.call,))

    def _answered(
        self, asked: Asked, cases: tuple[Case, ...], question: Question, reading: Reading, starter: Starter
    ) -> Answer:
        told: list[Told] = []
        proposal: Proposal | None = None
        started: str | None = None
        for topic in reading.topics:
            if topic is Topic.CONFIRM:
                accepted = accept(asked.offered, starter)
                started = accepted.started
                told += [Told(fact) for fact in accepted.facts]
            elif topic is Topic.AGAIN:
                offered = offer(question, cases)
                proposal = offered.proposal
                told += [Told(fact, offered.cases) for fact in offered.facts]
            elif topic in OF_A_CASE:
                told += told_of_cases(topic, question, cases, self._grades)
            else:
                told += told_in_general(topic, question, cases)
        if not is_english(question.words):
            told.append(Told(say("english", ("service",))))
        return Answer(
            topics=reading.topics,
            statements=tuple(dict.fromkeys(each.stated() for each in told)),
            declined=all(topic in DECLINED for topic in reading.topics),
            proposal=proposal,
            started=started,
            decided_by=reading.decided_by,
            notes=reading.notes,
            llm_calls=reading.calls,
        )


RULED: Final = frozenset({Topic.CONFIRM, Topic.WITHDRAW, Topic.AGAIN, Topic.RULES, Topic.GREETING, Topic.THANKS})
"""What code answers even where a capable model is at hand: it acts, refuses, or needs nobody."""


def answer_among(topics: Iterable[Topic]) -> type[BaseModel]:
    """What a model may answer: one of these topics."""
    names = [str(topic) for topic in topics]
    return create_model(
        "About",
        __config__=ConfigDict(extra="forbid"),
        topic=(str, Field(json_schema_extra={"enum": list(names)}, pattern=f"^(?:{'|'.join(names)})$")),
    )


def _choices(question: Question, cases: Sequence[Case]) -> Iterator[Topic]:
    """What the question could be about at all: the availability mask."""
    for topic in Topic:
        if topic in (Topic.CONFIRM, Topic.WITHDRAW, Topic.RULES):
            continue
        if topic is Topic.TERM and question.term is None:
            continue
        if topic is Topic.MOMENT and not question.has_time:
            continue
        if topic is Topic.COMPARE and len(cases) < 2:
            continue
        yield topic


def _longest_s(cases: Sequence[Case]) -> float:
    return max((case.analysis.media.duration_s for case in cases if case.analysis.media), default=0.0)
