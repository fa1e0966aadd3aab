"""Answers questions about analyses: understands what is asked, takes the facts that bear on it, and says no more.

What a question is about is decided by rules, or by a language model where they find nothing; what is answered comes
from the stored evidence in either case, and every figure with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import structlog
from pydantic import BaseModel, ConfigDict, Field, create_model

from agents.answers import facts_about
from agents.asking import topics_of
from agents.cases import Case, Grades, read_cases
from agents.facts import Fact
from agents.language import is_english
from agents.offers import Starter, accept, offer
from agents.question import Question, read_question
from agents.sayings import lines, say
from agents.topics import DECLINED, OF_A_CASE, Topic
from core.dialogue import Answer, Citation, Proposal, Statement, Turn
from core.figures import percent_text
from core.ports import CaseFile, LanguageModel
from core.types import DecidedBy, LlmCall, Provenance, Reason, ReasonCode
from prompts.library import load

PROMPT_ID: Final = "ask-topic"
PROMPT_VERSION: Final = 1
ANSWER_TOKENS: Final = 24
ANSWER_TIMEOUT_S: Final = 20.0
MOST_FILES: Final = 4
"""Files that are answered for at once; of more the user names one."""
OURS: Final = ("service", "glossary.", "about.", "card.")
"""Citations that belong to no analysis."""
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


class Talker(Protocol):
    """Answers through a model that calls tools; None when it did not come to an answer, and the calls that it took."""

    def talk(
        self, asked: Asked, cases: tuple[Case, ...], question: Question
    ) -> tuple[Answer | None, tuple[LlmCall, ...]]: ...


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
        if self._talker is not None and not (set(by_rules or ()) & _RULED):
            told, calls = self._talker.talk(asked, cases, question)
            if told is not None:
                return told
            notes = (MODEL_FAILED,)
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
        statements: list[Statement] = []
        proposal: Proposal | None = None
        started: str | None = None
        for topic in reading.topics:
            if topic is Topic.CONFIRM:
                accepted = accept(asked.offered, starter)
                started = accepted.started
                statements += stated(accepted.facts, None)
            elif topic is Topic.AGAIN:
                offered = offer(question, cases)
                proposal = offered.proposal
                statements += stated(offered.facts, offered.case)
            elif topic in OF_A_CASE:
                statements += self._of_cases(topic, question, cases)
            else:
                statements += list(_general(topic, question, cases))
        if not is_english(question.words):
            statements += stated((say("english", ("service",)),), None)
        return Answer(
            topics=reading.topics,
            statements=tuple(dict.fromkeys(statements)),
            declined=all(topic in DECLINED for topic in reading.topics),
            proposal=proposal,
            started=started,
            decided_by=reading.decided_by,
            notes=reading.notes,
            llm_calls=reading.calls,
        )

    def _of_cases(self, topic: Topic, question: Question, cases: tuple[Case, ...]) -> list[Statement]:
        chosen = chosen_cases(question, cases)
        if not chosen:
            return stated((say("nothing_yet", ("service",)),), None)
        told: list[Statement] = []
        for case in chosen:
            media = case.analysis.media
            own = read_question(question.text, media.duration_s if media else 0.0, len(cases))
            told += stated(facts_about(topic, own, case, self._grades), case, named=len(cases) > 1)
        return told


_RULED: Final = frozenset({Topic.CONFIRM, Topic.WITHDRAW, Topic.AGAIN, Topic.RULES, Topic.GREETING, Topic.THANKS})
"""What code answers even where a capable model is at hand: it acts, refuses, or needs nobody."""


def answer_among(topics: Iterable[Topic]) -> type[BaseModel]:
    """What a model may answer: one of these topics."""
    names = [str(topic) for topic in topics]
    return create_model(
        "About",
        __config__=ConfigDict(extra="forbid"),
        topic=(str, Field(json_schema_extra={"enum": list(names)}, pattern=f"^(?:{'|'.join(names)})$")),
    )


def chosen_cases(question: Question, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The files that the question is about: the one it names, or all."""
    named = tuple(case for case in cases if case.number == question.file)
    return named or tuple(cases[:MOST_FILES])


def stated(facts: Iterable[Fact], case: Case | None, *, named: bool = False) -> list[Statement]:
    """Facts as statements; with several files each says which file it is about."""
    made = []
    for fact in facts:
        text = f"File {case.number}: {fact.text}" if case is not None and named else fact.text
        cited = tuple(
            Citation(id=each, analysis_id=None if case is None or each.startswith(OURS) else case.analysis.id)
            for each in fact.citations
        )
        made.append(Statement(text=text, citations=cited, provenance=Provenance.TEMPLATE))
    return made


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


def _general(topic: Topic, question: Question, cases: tuple[Case, ...]) -> Iterator[Statement]:
    if topic is Topic.COMPARE:
        yield from compared(cases)
    elif topic is Topic.TERM:
        yield from stated(lines("glossary", question.term or "score"), None)
    elif topic is Topic.CAPABILITIES:
        yield from stated((*lines("about", "capabilities"), *lines("about", "limits")), None)
    elif topic is Topic.FORMATS:
        yield from stated(lines("about", "formats"), None)
    elif topic in (Topic.GREETING, Topic.THANKS):
        yield from stated(lines("about", str(topic)), None)
    elif topic is Topic.WITHDRAW:
        yield from stated((say("again.withdrawn", ("service",)),), None)
    else:
        facts = [say(f"declined.{topic}", ("service",))]
        if topic in (Topic.UNCLEAR, Topic.RULES):
            facts.append(say("hint", ("service",)))
        yield from stated(facts, None)


def compared(cases: Sequence[Case]) -> Iterator[Statement]:
    """Verdicts side by side, and which file scores higher."""
    if len(cases) < 2:
        yield from stated((say("compare.alone" if cases else "nothing_yet", ("service",)),), None)
        return
    scored: list[tuple[Case, float]] = []
    plain = read_question("")
    for case in cases[:MOST_FILES]:
        verdict = case.dossier.verdict if case.dossier else None
        facts = facts_about(Topic.VERDICT, plain, case, {})[:1]
        yield from stated(facts, case, named=True)
        if verdict is not None and verdict.p_fake is not None:
            scored.append((case, verdict.p_fake))
        elif verdict is not None:
            yield from stated((say("compare.open", ("verdict",), file=case.number),), case)
    scored.sort(key=lambda pair: -pair[1])
    for (one, high), (other, low) in pairwise(scored):
        same = percent_text(high) == percent_text(low)
        fact = say("compare.equal" if same else "compare.higher", ("verdict",), file=one.number, other=other.number)
        cited = tuple(Citation(id="verdict", analysis_id=case.analysis.id) for case in (one, other))
        yield Statement(text=fact.text, citations=cited, provenance=Provenance.TEMPLATE)


def _longest_s(cases: Sequence[Case]) -> float:
    return max((case.analysis.media.duration_s for case in cases if case.analysis.media), default=0.0)
