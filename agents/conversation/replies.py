"""What is told in answer to a topic: facts of the conversation's files, side by side where there are several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agents.conversation.answers import collect_facts_about
from agents.conversation.cases import Case, ErrorRates
from agents.conversation.phrasing import load_sentences, word_answer
from agents.conversation.question import Question, read_question
from agents.conversation.topics import Topic
from agents.report import Fact
from core.dialogue import Citation, Statement
from core.figures import percent_text
from core.types import Provenance

MOST_FILES: Final = 4
"""Files that are answered for at once; of more the user names one."""
OURS: Final = ("service", "glossary.", "about.", "card.")
"""Citations that belong to no analysis."""


@dataclass(frozen=True, slots=True)
class AttributedFact:
    """A fact, the files that it is about, and whether the sentence has to say which."""

    fact: Fact
    cases: tuple[Case, ...] = ()
    named: bool = False

    def to_statement(self, text: str | None = None, provenance: Provenance = Provenance.TEMPLATE) -> Statement:
        """The fact as a statement, in its own words or in others that were checked."""
        lead = f"File {self.cases[0].number}: " if self.named else ""
        ids: list[str | None] = [case.analysis.id for case in self.cases]
        cited = tuple(
            Citation(id=each, analysis_id=None if each.startswith(OURS) else analysis_id)
            for each in self.fact.citations
            for analysis_id in ids or [None]
        )
        return Statement(text=f"{lead}{text or self.fact.text}", citations=cited, provenance=provenance)


def choose_cases(question: Question, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The files that the question is about: the one it names, or all."""
    named = tuple(case for case in cases if case.number == question.file)
    return named or tuple(cases[:MOST_FILES])


def collect_case_facts(
    topic: Topic, question: Question, cases: Sequence[Case], grades: ErrorRates
) -> list[AttributedFact]:
    """What each file that is meant says on the topic."""
    chosen = choose_cases(question, cases)
    if not chosen:
        return [AttributedFact(word_answer("nothing_yet", ("service",)))]
    told: list[AttributedFact] = []
    for case in chosen:
        media = case.analysis.media
        # Words such as "the end" are another moment in each file; what was asked for in fields is the same.
        own = question
        if question.text:
            own = read_question(question.text, media.duration_s if media else 0.0, len(cases))
        told += [
            AttributedFact(fact, (case,), len(cases) > 1) for fact in collect_facts_about(topic, own, case, grades)
        ]
    return told


def collect_general_facts(topic: Topic, question: Question, cases: Sequence[Case]) -> list[AttributedFact]:
    """What belongs to no single file: comparison, terms, the service itself, and what is declined."""
    match topic:
        case Topic.COMPARE:
            return list(_compare(cases))
        case Topic.TERM:
            facts = load_sentences("glossary", question.term or "score")
        case Topic.CAPABILITIES:
            facts = (*load_sentences("about", "capabilities"), *load_sentences("about", "limits"))
        case Topic.METHOD:
            facts = (*load_sentences("about", "capabilities")[:1], *load_sentences("about", "method"))
        case Topic.FORMATS | Topic.GREETING | Topic.THANKS:
            facts = load_sentences("about", str(topic))
        case Topic.WITHDRAW:
            facts = (word_answer("again.withdrawn", ("service",)),)
        case Topic.UNCLEAR | Topic.RULES:
            facts = (word_answer(f"declined.{topic}", ("service",)), word_answer("hint", ("service",)))
        case _:
            facts = (word_answer(f"declined.{topic}", ("service",)),)
    return [AttributedFact(fact) for fact in facts]


def _compare(cases: Sequence[Case]) -> Iterator[AttributedFact]:
    """Verdicts side by side, and which file scores higher."""
    if len(cases) < 2:
        yield AttributedFact(word_answer("compare.alone" if cases else "nothing_yet", ("service",)))
        return
    scored: list[tuple[Case, float]] = []
    for case in cases[:MOST_FILES]:
        verdict = case.case_evidence.verdict if case.case_evidence else None
        yield AttributedFact(collect_facts_about(Topic.VERDICT, read_question(""), case, {})[0], (case,), True)
        if verdict is not None and verdict.p_fake is not None:
            scored.append((case, verdict.p_fake))
        elif verdict is not None:
            yield AttributedFact(word_answer("compare.open", ("verdict",), file=case.number), (case,))
    scored.sort(key=lambda pair: -pair[1])
    for (one, high), (other, low) in pairwise(scored):
        key = "compare.equal" if percent_text(high) == percent_text(low) else "compare.higher"
        yield AttributedFact(word_answer(key, ("verdict",), file=one.number, other=other.number), (one, other))
