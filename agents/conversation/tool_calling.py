"""Answers through a model that calls tools, as a small LangGraph: ask, call tools, ask again, until it answers.

What it gives is held, sentence by sentence, to the facts that its tools returned, by the checker of the narrative.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypedDict

import httpx
import structlog
from langchain.tools import BaseTool, tool
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI
from langgraph.errors import GraphRecursionError
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from openai import APIError
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from agents.conversation.answerer import AskedQuestion, ToolAnswer
from agents.conversation.answering.forms import is_declined, is_of_case
from agents.conversation.answering.phrasing import word_answer
from agents.conversation.answering.replies import AttributedFact, collect_case_facts, collect_general_facts
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
_PARTS: Final = {"faces": Modality.VISUAL, "voice": Modality.AUDIO}

_log: Final = structlog.get_logger()


class GivenSentence(BaseModel):
    """One sentence of the model's answer: the number of a fact, and the fact in words."""

    model_config = ConfigDict(extra="forbid")

    fact: int
    text: str


class GivenAnswer(BaseModel):
    """What the model answers with."""

    model_config = ConfigDict(extra="forbid")

    sentences: list[GivenSentence]


class _State(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]


@dataclass
class _ToolSession:
    """The facts that were read for one question, by number, and what came of it: `tools.evidence.Testimony`."""

    cases: tuple[Case, ...]
    grades: ErrorRates
    facts: dict[int, AttributedFact] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    proposal: Proposal | None = None
    proposed_by: int = 0

    def told(self, topic: str, detail: Detail = ALL_OF_IT, file: int = 0) -> Facts:
        named = Topic(topic)
        question = _question(detail)
        cases = tuple(case for case in self.cases if case.number == file) or self.cases
        found = (
            [each for facts in collect_case_facts(named, question, cases, self.grades) for each in facts]
            if is_of_case(named)
            else collect_general_facts(named, question, self.cases)
        )
        return self._numbered(named, found)

    def offered(self, detail: Detail, file: int) -> Facts:
        cases = tuple(case for case in self.cases if case.number == file) or self.cases
        made = offer_analysis(_question(detail), cases)
        numbered = self._numbered(Topic.AGAIN, [AttributedFact(fact, made.cases) for fact in made.facts])
        self.proposal, self.proposed_by = made.proposal, len(self.facts)
        return numbered

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

    def __init__(self, settings: LlmSettings, grades: ErrorRates) -> None:
        """Connects to nothing. Raises: Misconfigured without a base URL."""
        self._settings = settings
        self._grades = grades
        self._models = OpenAiLanguageModel(settings)

    def answer_with_tools(self, asked: AskedQuestion, cases: tuple[Case, ...]) -> ToolAnswer:
        """The answer, or none when the model did not give one that its facts bear out in time."""
        session = _ToolSession(cases, self._grades)
        calls: list[LlmCall] = []
        try:
            given = self._run_graph(asked, session, calls)
        except (APIError, httpx.HTTPError, TimeoutError) as error:
            _log.warning("agents.talk.unavailable", fault=type(error).__name__)
            calls.append(self._failed("unavailable"))
            return ToolAnswer(None, tuple(calls))
        except (ValidationError, ValueError, LookupError, TypeError, GraphRecursionError) as error:
            _log.warning("agents.talk.malformed", fault=type(error).__name__)
            calls.append(self._failed("malformed"))
            return ToolAnswer(None, tuple(calls))
        return ToolAnswer(None if given is None else self._answer(asked, session, given, calls), tuple(calls))

    def _run_graph(self, asked: AskedQuestion, session: _ToolSession, calls: list[LlmCall]) -> GivenAnswer | None:
        """Run the graph. None when the model answered without tools, which supports nothing."""
        name = self._models.model(seconds_left(self._settings.timeout_s))
        tools: dict[str, BaseTool] = {**evidence_tools(session), GIVE: _give_answer()}
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
        ).bind_tools(list(tools.values()))

        def ask(state: _State) -> dict[str, list[AnyMessage]]:
            started = time.monotonic()
            seconds_left()
            reply = model.invoke(state["messages"])
            usage = getattr(reply, "usage_metadata", None) or {}
            calls.append(
                self._call(name, usage.get("input_tokens"), usage.get("output_tokens"), time.monotonic() - started)
            )
            return {"messages": [reply]}

        def act(state: _State) -> dict[str, list[AnyMessage]]:
            asked_for = state["messages"][-1]
            assert isinstance(asked_for, AIMessage)
            return {"messages": list(_call_tools(asked_for, tools))}

        graph: StateGraph[_State, None, _State, _State] = StateGraph(_State)
        graph.add_node("ask", ask)
        graph.add_node("act", act)
        graph.add_edge(START, "ask")
        graph.add_conditional_edges("ask", _choose_next, {"act": "act", "end": END})
        graph.add_edge("act", "ask")
        prompt = load(PROMPT_ID, PROMPT_VERSION)
        said: list[AnyMessage] = [
            SystemMessage(prompt.render("system", {})),
            HumanMessage(prompt.render("user", {"question": asked.text, "files": len(session.cases)})),
        ]
        with client:
            ended = graph.compile().invoke({"messages": said}, {"recursion_limit": 2 * MOST_ROUNDS})
        return _read_given_answer(ended["messages"][-1])

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
            declined=all(is_declined(topic) for topic in topics),
            proposal=session.proposal if session.proposed_by in cited else None,
            decided_by=DecidedBy(
                kind="llm", prompt_id=PROMPT_ID, prompt_version=PROMPT_VERSION, model=calls[-1].model if calls else None
            ),
            llm_calls=tuple(calls),
        )

    def _failed(self, outcome: Literal["unavailable", "malformed"]) -> LlmCall:
        return self._call(self._settings.model, None, None, 0.0).model_copy(update={"outcome": outcome})

    @staticmethod
    def _call(model: str, read: int | None, written: int | None, seconds: float) -> LlmCall:
        return LlmCall(
            purpose="talk",
            prompt_id=PROMPT_ID,
            prompt_version=PROMPT_VERSION,
            model=model,
            prompt_tokens=read,
            completion_tokens=written,
            seconds=round(max(0.0, seconds), 3),
            outcome="ok",
        )


def _give_answer() -> BaseTool:
    @tool(GIVE, args_schema=GivenAnswer)
    def give(sentences: list[GivenSentence]) -> str:
        """Give the answer: one sentence for each fact that answers the question, by the fact's number."""
        return str(len(sentences))

    return give


def _choose_next(state: _State) -> Literal["act", "end"]:
    """On to the tools, unless the answer is given or no tool is called."""
    last = state["messages"][-1]
    calls = last.tool_calls if isinstance(last, AIMessage) else []
    return "act" if calls and not any(call["name"] == GIVE for call in calls) else "end"


def _call_tools(asked_for: AIMessage, tools: dict[str, BaseTool]) -> Iterator[AnyMessage]:
    """Answers of the tools. What cannot be called is said to be so, and nothing else happens."""
    for number, call in enumerate(asked_for.tool_calls):
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


def _read_given_answer(last: AnyMessage) -> GivenAnswer | None:
    """Raises: ValidationError when the answer is not of its schema."""
    for call in last.tool_calls if isinstance(last, AIMessage) else []:
        if call["name"] == GIVE:
            return GivenAnswer.model_validate(call["args"])
    return None


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
