"""Answers through a model that calls tools: ask, call tools, ask again, until it answers.

What it gives is held, sentence by sentence, to the facts that its tools returned, by the checker of the narrative.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import httpx
import structlog
from langchain.tools import BaseTool
from langchain_core.messages import AnyMessage, HumanMessage, SystemMessage, ToolCall, ToolMessage, UsageMetadata
from langchain_openai import ChatOpenAI
from openai import APIError
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from agents.conversation.answerer import AskedQuestion, ToolAnswer
from agents.conversation.answering.forms import load_forms
from agents.conversation.answering.phrasing import word_answer
from agents.conversation.answering.replies import AttributedFact, collect_facts_on
from agents.conversation.cases import Case, ErrorRates
from agents.conversation.proposals import offer_analysis
from agents.conversation.understanding.language import ENGLISH, find_language
from agents.conversation.understanding.question import Question, read_question
from agents.conversation.understanding.topics import Topic
from agents.language.client import OpenAiLanguageModel
from agents.language.deadline import bounded_client, seconds_left
from agents.report import find_refusal
from core.dialogue import Answer, Proposal, Statement
from core.settings import LlmSettings
from core.types import DecidedBy, LlmCall, Modality, Provenance, TimeRange
from prompts.library import load
from tools.evidence import ALL_OF_IT, Detail, Facts, evidence_tools

PROMPT_ID: Final = "ask-tools"
PROMPT_VERSION: Final = 1
MOST_ROUNDS: Final = 5
"""Times that the model is asked for one question."""
MOST_CALLS: Final = 8
"""Tool calls that are answered in one round."""
GIVE: Final = "give_answer"
Outcome = Literal["ok", "unavailable", "malformed"]
_PARTS: Final = {"faces": Modality.VISUAL, "voice": Modality.AUDIO}

_log: Final = structlog.get_logger()


class GivenSentence(BaseModel):
    """One sentence of the model's answer: the number of a fact, and the fact in words."""

    model_config = ConfigDict(extra="forbid")

    fact: int
    text: str


class GivenAnswer(BaseModel):
    """Give the answer: one sentence for each fact that answers the question, by the fact's number."""

    model_config = ConfigDict(extra="forbid", title=GIVE)

    sentences: list[GivenSentence]


@dataclass
class _ToolSession:
    """The facts that were read for one question, by number, and what came of it: `tools.evidence.Testimony`."""

    cases: tuple[Case, ...]
    error_rates: ErrorRates
    facts: dict[int, AttributedFact] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    proposal: Proposal | None = None
    proposed_by: int = 0

    def told(self, topic: str, detail: Detail = ALL_OF_IT, file: int = 0) -> Facts:
        named = Topic(topic)
        cases = self._choose(file) if load_forms()[named].of_case else self.cases
        told = collect_facts_on(named, _question(detail), cases, self.error_rates)
        return self._numbered(named, [each for facts in told for each in facts])

    def offered(self, detail: Detail, file: int) -> Facts:
        made = offer_analysis(_question(detail), self._choose(file))
        numbered = self._numbered(Topic.AGAIN, [AttributedFact(fact, made.cases) for fact in made.facts])
        self.proposal, self.proposed_by = made.proposal, len(self.facts)
        return numbered

    def _choose(self, file: int) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.number == file) or self.cases

    def _numbered(self, topic: Topic, found: list[AttributedFact]) -> Facts:
        listed: list[dict[str, object]] = []
        for each in found:
            number = len(self.facts) + 1
            self.facts[number], self.topics[number] = each, topic
            about = {"file": each.cases[0].number} if each.named else {}
            listed.append({"fact": number, "says": each.fact.text, **about})
        return {"facts": listed}


class ToolCallingAnswerer:
    """`agents.conversation.answerer.ToolAnswerer` over any OpenAI-compatible endpoint that can call tools."""

    def __init__(self, settings: LlmSettings, error_rates: ErrorRates) -> None:
        """Connects to nothing. Raises: Misconfigured without a base URL."""
        self._settings = settings
        self._error_rates = error_rates
        self._models = OpenAiLanguageModel(settings)

    def answer_with_tools(self, asked: AskedQuestion, cases: tuple[Case, ...]) -> ToolAnswer:
        """The answer, or none when the model did not give one that its facts bear out in time."""
        session = _ToolSession(cases, self._error_rates)
        calls: list[LlmCall] = []
        try:
            given = self._converse(asked, session, calls)
        except (APIError, httpx.HTTPError, TimeoutError) as error:
            return self._fail("unavailable", error, calls)
        except (ValidationError, ValueError, LookupError, TypeError) as error:
            return self._fail("malformed", error, calls)
        return ToolAnswer(None if given is None else self._answer(asked, session, given, calls), tuple(calls))

    def _converse(self, asked: AskedQuestion, session: _ToolSession, calls: list[LlmCall]) -> GivenAnswer | None:
        """What the model answers; None when it answered without tools, which supports nothing.

        Raises: ValidationError when the answer is not of its schema, ValueError when none came in the rounds allowed.
        """
        name = self._models.model(seconds_left(self._settings.timeout_s))
        tools = evidence_tools(session)
        client = bounded_client(self._settings.base_url or "")
        model = ChatOpenAI(
            model=name,
            base_url=self._settings.base_url,
            api_key=SecretStr(self._settings.api_key.get_secret_value()),
            temperature=0,
            max_retries=0,
            timeout=self._settings.timeout_s,
            max_completion_tokens=self._settings.max_tokens,
            http_client=client,
        ).bind_tools([*tools.values(), GivenAnswer])

        prompt = load(PROMPT_ID, PROMPT_VERSION)
        said: list[AnyMessage] = [
            SystemMessage(prompt.render("system", {})),
            HumanMessage(prompt.render("user", {"question": asked.text, "files": len(session.cases)})),
        ]
        with client:
            for _ in range(MOST_ROUNDS):
                started = time.monotonic()
                seconds_left()
                reply = model.invoke(said)
                calls.append(_describe_call(name, time.monotonic() - started, reply.usage_metadata))
                given = next((call for call in reply.tool_calls if call["name"] == GIVE), None)
                if given is not None:
                    return GivenAnswer.model_validate(given["args"])
                if not reply.tool_calls:
                    return None
                said += [reply, *_call_tools(reply.tool_calls, tools)]
        raise ValueError("no answer in the rounds that are allowed")

    def _answer(
        self, asked: AskedQuestion, session: _ToolSession, given: GivenAnswer, calls: list[LlmCall]
    ) -> Answer | None:
        """What the facts bear out of the model's sentences; None when that is nothing."""
        statements: list[Statement] = []
        topics: list[Topic] = []
        cited: set[int] = set()
        for each in given.sentences:
            told = session.facts.get(each.fact)
            if told is None or each.fact in cited:
                continue
            cited.add(each.fact)
            text = " ".join(each.text.split())
            kept = not told.fact.is_fixed and text != told.fact.text and find_refusal(told.fact, text) is None
            statements.append(told.to_statement(text, Provenance.LLM) if kept else told.to_statement())
            topics.append(session.topics[each.fact])
        if not statements:
            return None
        if find_language(read_question(asked.text).words) != ENGLISH:
            statements.append(AttributedFact(word_answer("english", ("service",))).to_statement())
        return Answer(
            topics=tuple(dict.fromkeys(topics)),
            statements=tuple(statements),
            declined=all(load_forms()[topic].declined for topic in topics),
            proposal=session.proposal if session.proposed_by in cited else None,
            decided_by=DecidedBy(
                kind="llm", prompt_id=PROMPT_ID, prompt_version=PROMPT_VERSION, model=calls[-1].model if calls else None
            ),
            llm_calls=tuple(calls),
        )

    def _fail(self, outcome: Outcome, error: Exception, calls: list[LlmCall]) -> ToolAnswer:
        _log.warning("agents.talk.failed", outcome=outcome, fault=type(error).__name__)
        return ToolAnswer(None, (*calls, _describe_call(self._settings.model, 0.0, None, outcome)))


def _describe_call(model: str, seconds: float, usage: UsageMetadata | None, outcome: Outcome = "ok") -> LlmCall:
    return LlmCall(
        purpose="talk",
        prompt_id=PROMPT_ID,
        prompt_version=PROMPT_VERSION,
        model=model,
        prompt_tokens=usage["input_tokens"] if usage else None,
        completion_tokens=usage["output_tokens"] if usage else None,
        seconds=round(max(0.0, seconds), 3),
        outcome=outcome,
    )


def _call_tools(calls: Sequence[ToolCall], tools: Mapping[str, BaseTool]) -> Iterator[AnyMessage]:
    """Answers of the tools. What cannot be called is said to be so, and nothing else happens."""
    for number, call in enumerate(calls):
        found = tools.get(call["name"])
        content: object = {"error": "There is no such tool."}
        if number >= MOST_CALLS:
            content = {"error": "Too many tools at once."}
        elif found is not None:
            try:
                content = found.invoke(call["args"])
            except (ValidationError, ValueError, TypeError, KeyError):
                content = {"error": "The arguments are not of the tool's schema."}
        yield ToolMessage(str(content), tool_call_id=call["id"] or str(number))


def _question(detail: Detail) -> Question:
    """What a tool was called with, as a question. Words of the model are read like anybody's."""
    start_s = max(0.0, detail.start_s or 0.0)
    end_s = detail.end_s
    stretch = None if end_s is None or end_s <= start_s else TimeRange(start_s=start_s, end_s=end_s)
    return Question(
        text="",
        words="",
        part=_PARTS.get(detail.part),
        face=detail.face if detail.face > 0 else None,
        region=read_question(detail.region).region,
        term=read_question(detail.term).term,
        range_s=stretch,
        moment_s=None if stretch is not None or detail.start_s is None else start_s,
    )
