"""Answers questions about analyses: understands what is asked, takes the facts that bear on it, and says no more.

What a question is about is decided by rules and a classifier, or by a language model where neither is clear; what is
answered comes from the stored evidence in any case, and every figure with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import structlog
from pydantic import BaseModel, ConfigDict, Field, create_model

from agents.conversation.answering.forms import load_forms
from agents.conversation.answering.phrasing import OFFERED, word_answer
from agents.conversation.answering.replies import AttributedFact, collect_facts_on
from agents.conversation.cases import Case, ErrorRates, read_cases
from agents.conversation.proposals import Starter, accept_proposal, offer_analysis
from agents.conversation.understanding.follow_up import drop_answered, keep_topics, read_thread
from agents.conversation.understanding.language import ENGLISH, find_language
from agents.conversation.understanding.question import Question, read_question
from agents.conversation.understanding.topic_model import (
    CODE_DECIDES,
    TopicClassifier,
    TopicRanking,
    choose_topics,
    guess_topics,
    load_classifier,
)
from agents.conversation.understanding.topic_rules import narrow_to_part, read_topics
from agents.conversation.understanding.topics import Topic
from agents.language.deadline import within
from core.dialogue import Answer, Proposal, Turn
from core.ports import CaseFile, LanguageModel
from core.types import DecidedBy, LlmCall, Reason, ReasonCode
from prompts.library import load

PROMPT_ID: Final = "ask-topic"
PROMPT_VERSION: Final = 2
ANSWER_TOKENS: Final = 24
MOST_MORE: Final = 12
"""Sentences that are told to somebody who asks for more."""
SHORTLIST: Final = 8
"""Topics that a model chooses among: the likeliest. A small model is lost among all of them."""
NO_MODEL: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE,
    message="No language model is in use: the question was read by fixed rules and a small classifier.",
)
MODEL_FAILED: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE,
    message="The language model could not be used, so fixed rules and a small classifier read the question.",
)

_log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question in its conversation."""

    text: str
    """Empty when a file came without words: then its verdict is asked for."""
    owner_id: str
    analysis_ids: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    """Earlier turns, in order."""

    @property
    def offered(self) -> Proposal | None:
        """The analysis that the answer before this question offered."""
        return None if self.told_before is None else self.told_before.proposal

    @property
    def told_before(self) -> Answer | None:
        """The answer before this question."""
        return next((turn.answer for turn in reversed(self.history) if turn.answer is not None), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the question is about, who decided so, and what that cost."""

    topics: tuple[Topic, ...]
    decided_by: DecidedBy
    calls: tuple[LlmCall, ...] = ()
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a model that calls tools came to: an answer or none, and what its calls cost."""

    answer: Answer | None
    calls: tuple[LlmCall, ...] = ()


class ToolAnswerer(Protocol):
    """Answers through a model that calls tools. Never raises for the model's faults."""

    def answer_with_tools(self, asked: AskedQuestion, cases: tuple[Case, ...]) -> ToolAnswer: ...


class QuestionAnswerer:
    """The conversation's side of the service. Reads stored evidence only; starts nothing that was not agreed to."""

    def __init__(
        self,
        case_file: CaseFile,
        llm: LanguageModel | None,
        error_rates: ErrorRates,
        tool_answerer: ToolAnswerer | None = None,
        classifier: TopicClassifier | None = None,
        *,
        model_s: float = 5.0,
    ) -> None:
        """`model_s`: the clock's time for all model work of one question."""
        self._case_file = case_file
        self._llm = llm
        self._error_rates = error_rates
        self._tool_answerer = tool_answerer
        self._classifier = classifier or load_classifier()
        self._model_s = model_s

    def answer(self, asked: AskedQuestion, starter: Starter) -> Answer:
        """The answer to a question. Never raises for a model's faults."""
        cases = read_cases(self._case_file, asked.analysis_ids, asked.owner_id)
        question = read_question(asked.text, _longest_s(cases), len(cases))
        if not asked.text:
            by_rule = DecidedBy(kind="rules", rule="no_words")
            return self._compose_answer(asked, cases, question, Reading((Topic.VERDICT,), by_rule), starter)
        with within(self._model_s):
            return self._answer(asked, cases, question, starter)

    def _answer(self, asked: AskedQuestion, cases: tuple[Case, ...], question: Question, starter: Starter) -> Answer:
        offered = asked.offered is not None
        by_rules = read_topics(question, offered=offered) or ()
        notes: tuple[Reason, ...] = ()
        calls: tuple[LlmCall, ...] = ()
        if self._tool_answerer is not None and not set(by_rules) & RULED:
            talk = self._tool_answerer.answer_with_tools(asked, cases)
            if talk.answer is not None:
                return talk.answer
            calls, notes = talk.calls, (MODEL_FAILED,)
        reading = self._read(question, by_rules, offered=offered)
        topics = keep_topics(question, reading.topics, asked.told_before)
        reading = replace(reading, topics=topics, calls=(*calls, *reading.calls), notes=notes or reading.notes)
        thread = read_thread(question, asked.history, _longest_s(cases), len(cases))
        if Topic.LATER in topics:
            thread = drop_answered(thread, asked.told_before)
        return self._compose_answer(asked, cases, thread, reading, starter)

    def _read(self, question: Question, by_rules: tuple[Topic, ...], *, offered: bool) -> Reading:
        found = self._classifier.rank(question, by_rules, offered=offered)
        topics = choose_topics(by_rules, found)
        if topics is None and self._llm is not None:
            return self._ask_model(self._llm, question, by_rules, found)
        topics = topics or guess_topics(found)
        topics = (narrow_to_part(Topic.VERDICT, question),) if topics == (Topic.VERDICT,) else topics
        return Reading(topics, self._name_decider(topics, by_rules), notes=() if self._llm else (NO_MODEL,))

    def _ask_model(
        self, llm: LanguageModel, question: Question, by_rules: tuple[Topic, ...], found: TopicRanking
    ) -> Reading:
        """What a model says that the question is about, out of the likeliest; the likeliest if it says nothing."""
        prompt = load(PROMPT_ID, PROMPT_VERSION)
        completion = llm.complete(
            purpose="ask",
            prompt_id=prompt.id,
            prompt_version=prompt.version,
            system=prompt.render("system", {}),
            user=prompt.render("user", {"question": question.text}),
            schema=answer_among(_askable(found.topics)),
            max_tokens=ANSWER_TOKENS,
            timeout_s=self._model_s,
        )
        if completion.answer is None:
            topics = guess_topics(found)
            return Reading(topics, self._name_decider(topics, by_rules), (completion.call,), (MODEL_FAILED,))
        by = DecidedBy(kind="llm", prompt_id=prompt.id, prompt_version=prompt.version, model=completion.call.model)
        topic = Topic(getattr(completion.answer, "topic"))  # noqa: B009 - the model is made at run time
        return Reading((topic,), by, (completion.call,))

    def _name_decider(self, topics: tuple[Topic, ...], by_rules: tuple[Topic, ...]) -> DecidedBy:
        if topics == by_rules:
            return DecidedBy(kind="rules", rule=topics[0])
        return DecidedBy(kind="classifier", rule=by_rules[0] if by_rules else None, model=self._classifier.version)

    def _compose_answer(
        self, asked: AskedQuestion, cases: tuple[Case, ...], question: Question, reading: Reading, starter: Starter
    ) -> Answer:
        told: list[AttributedFact] = []
        proposal: Proposal | None = None
        started: str | None = None
        topics, before = reading.topics, asked.told_before
        if Topic.MORE in topics and before is not None:
            topics = tuple(Topic(name) for name in before.topics)
        for topic in topics:
            if topic in (Topic.CONFIRM, Topic.AGAIN):
                is_new = topic is Topic.AGAIN
                offer = offer_analysis(question, cases) if is_new else accept_proposal(asked.offered, starter)
                proposal, started = offer.proposal or proposal, offer.started or started
                told += [AttributedFact(fact, offer.cases) for fact in offer.facts]
            else:
                told += self._collect(topic, question, cases, len(topics), wants_more=topics is not reading.topics)
        language = self._choose_language(asked)
        statements = [each.to_statement(language=language) for each in told]
        if topics is not reading.topics and before is not None:
            known = {statement.text for statement in before.statements}
            statements = [each for each in statements if each.text not in known][:MOST_MORE] or [
                AttributedFact(word_answer("more.none", ("service",))).to_statement(language=language)
            ]
        if language != find_language(read_question(asked.text).words, language):
            statements.append(AttributedFact(word_answer("english", ("service",))).to_statement())
        return Answer(
            topics=topics,
            statements=tuple(dict.fromkeys(statements)),
            declined=all(load_forms()[topic].declined for topic in topics),
            proposal=proposal,
            started=started,
            decided_by=reading.decided_by,
            language=language,
            notes=reading.notes,
            llm_calls=reading.calls,
        )

    def _collect(
        self, topic: Topic, question: Question, cases: tuple[Case, ...], topics: int, *, wants_more: bool
    ) -> list[AttributedFact]:
        """The answer to one topic with what supports it; of several topics or files, less of each."""
        told = collect_facts_on(topic, question, cases, self._error_rates)
        form = load_forms()[topic]
        most = form.most if len(told) * topics == 1 else min(form.most, 1)
        return [fact for facts in told for fact in (facts if wants_more else facts[: 1 + most])]

    def _choose_language(self, asked: AskedQuestion) -> str:
        """The language of the question, or of the answer before where it has no words of its own; else English."""
        before = asked.told_before.language if asked.told_before is not None else ENGLISH
        found = find_language(read_question(asked.text).words, before)
        return found if found in OFFERED else ENGLISH


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


def _askable(likely: Sequence[Topic]) -> Iterator[Topic]:
    """What a model may choose from: the likeliest, and that it is none of them. It consents to nothing."""
    yield from (topic for topic in likely[:SHORTLIST] if topic not in CODE_DECIDES)
    if Topic.UNCLEAR not in likely[:SHORTLIST]:
        yield Topic.UNCLEAR


def _longest_s(cases: Sequence[Case]) -> float:
    return max((case.analysis.media.duration_s for case in cases if case.analysis.media), default=0.0)
