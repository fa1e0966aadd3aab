"""What is told in answer to a topic: the first sentence that its form calls for, then what supports it, by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from agents.conversation.answering import details, faces
from agents.conversation.answering.forms import Lead, load_forms
from agents.conversation.answering.moments import describe_time
from agents.conversation.answering.phrasing import Listed, load_answers, load_sentences, translate, word_answer
from agents.conversation.answering.situation import (
    PART,
    Inquiry,
    Situation,
    describe_situation,
    explain_absence,
    select_facts,
)
from agents.conversation.cases import Case, ErrorRates
from agents.conversation.understanding.question import Question, read_question
from agents.conversation.understanding.topics import Topic
from agents.report import Fact
from core.dialogue import Citation, Statement
from core.figures import percent_text
from core.types import Modality, Moment, Outcome, Percent, Provenance
from prompts.slots import ENGLISH

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

    def to_statement(
        self, text: str | None = None, provenance: Provenance = Provenance.TEMPLATE, language: str = ENGLISH
    ) -> Statement:
        """The fact as a statement, in its own words or in others that were checked."""
        words = load_answers(language)
        lead = words.render("file.lead", {"file": self.cases[0].number}) + " " if self.named else ""
        moment = self.fact.slots.get("moment")
        ids: list[str | None] = [case.analysis.id for case in self.cases]
        cited = tuple(
            Citation(id=each, analysis_id=analysis_id, time_s=moment.time_s if isinstance(moment, Moment) else None)
            if not each.startswith(OURS)
            else Citation(id=each)
            for each in self.fact.citations
            for analysis_id in ids or [None]
        )
        told = text or translate(self.fact, language).text
        return Statement(text=f"{lead}{told}", citations=cited, provenance=provenance)


def choose_cases(question: Question, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The files that the question is about: the one it names, or all."""
    named = tuple(case for case in cases if case.number == question.file)
    return named or tuple(cases[:MOST_FILES])


def collect_facts_on(
    topic: Topic, question: Question, cases: Sequence[Case], error_rates: ErrorRates
) -> list[list[AttributedFact]]:
    """What each file that is meant says on the topic, the answer first; one list of what belongs to no single file."""
    if not load_forms()[topic].of_case:
        return [_collect_general_facts(topic, question, cases)]
    chosen = choose_cases(question, cases)
    if not chosen:
        return [[AttributedFact(word_answer("nothing_yet", ("service",)))]]
    told = []
    for case in chosen:
        media = case.analysis.media
        # Words such as "the end" are another moment in each file; what was asked for in fields is the same.
        own = (
            read_question(question.text, media.duration_s if media else 0.0, len(cases)) if question.text else question
        )
        facts = collect_facts_about(topic, own.carry(question), case, error_rates)
        told.append([AttributedFact(fact, (case,), len(cases) > 1) for fact in facts])
    return told


def collect_facts_about(topic: Topic, question: Question, case: Case, error_rates: ErrorRates) -> tuple[Fact, ...]:
    """All that one analysis holds on the topic, the answer first. Never empty."""
    if case.case_evidence is None:
        if topic is Topic.MEDIA and case.analysis.media is not None:
            return tuple(details.describe_file(case))
        return (details.describe_status(case.analysis),)
    form = load_forms()[topic]
    at = Inquiry(replace(question, part=None) if form.of_all_parts else question, case, case.case_evidence, error_rates)
    situation = describe_situation(at)
    if topic is Topic.VOICE and (measured := tuple(details.describe_measurements(at))):
        return measured
    if "nothing" in situation.marks and form.nothing:
        lead = word_answer("nothing", ("verdict",), Outcome.INCONCLUSIVE, **situation.slots)
        return (lead, *select_facts(at.case_evidence, "unexamined.masked"), word_answer("nothing.help", ("service",)))
    situation.marks |= {name for name in ("speech", "frames") if name in situation.slots}
    chosen = next((each for each in form.lead if each.holds(situation.marks) and _can_say(each.says, situation)), None)
    told = [] if chosen is None else [_say(chosen, situation)]
    for each in form.more:
        told += _support(each, at, situation)
    return tuple({fact.text: fact for fact in told}.values()) or (select_facts(at.case_evidence, "verdict")[0],)


def _can_say(key: str, situation: Situation) -> bool:
    return load_answers(ENGLISH).prompt.needs(key) <= set(situation.slots)


def _say(lead: Lead, situation: Situation) -> Fact:
    cited = (situation.cites.get(lead.cites, lead.cites),)
    asked = [name for name in ("fake", "genuine", "which") if f"asks:{name}" in situation.marks]
    opening = _OPENINGS.get((lead.states, *asked))
    if opening is None:
        return word_answer(lead.says, cited, None, **situation.slots)
    said = Listed(((lead.says, situation.slots),))
    return word_answer(f"opening.{opening}", cited, None, **{**situation.slots, "said": said})


_OPENINGS: Final[dict[tuple[str, ...], str]] = {
    ("fake", "fake"): "yes",
    ("fake", "genuine"): "no",
    ("clean", "fake"): "no",
}
"""How a sentence begins, by what it states and what alone is asked for."""


def _support(name: str, at: Inquiry, situation: Situation) -> Iterator[Fact]:
    """The facts that an entry of `more` stands for; a sentence that lacks what fills it is left out."""
    if name.startswith("@"):
        yield from _SOURCES[name[1:]](at)
    elif name.startswith("="):
        key, _, cited = name[1:].partition("@")
        if _can_say(key, situation):
            yield word_answer(key, (situation.cites.get(cited, cited or "service"),), None, **situation.slots)
    else:
        for fact in select_facts(at.case_evidence, name):
            parts = {modality for modality in Modality for cited in fact.citations if cited.startswith(modality.value)}
            if at.question.part is None or not parts or at.question.part in parts:
                yield fact


def _describe_marked(at: Inquiry) -> Iterator[Fact]:
    yield from faces.describe_places(at) if faces.list_places(at) else ()


def _describe_masked(at: Inquiry) -> Iterator[Fact]:
    yield from (fact for modality in Modality for fact in explain_absence(at, modality))


def _describe_tracks(at: Inquiry) -> Iterator[Fact]:
    yield from select_facts(at.case_evidence, "coverage") if "tracks" in at.question.asks else ()


def _describe_checks(at: Inquiry) -> Iterator[Fact]:
    """How stable the scores are, of the parts that the first sentence does not tell of."""
    told = f"stability.{at.deciding.modality}" if at.deciding and "untried" not in at.question.asks else ""
    yield from (fact for fact in select_facts(at.case_evidence, "stability") if fact.citations != (told,))


def _describe_limits(at: Inquiry) -> Iterator[Fact]:
    """The limits that decide, of every part that was scored."""
    slots = describe_situation(at).slots
    for part in at.parts:
        name = PART[part.modality]
        yield word_answer(f"threshold.{name}", (str(part.modality),), None, **slots)


FactSource = Callable[[Inquiry], Iterator[Fact]]
_SOURCES: Final[dict[str, FactSource]] = {
    "places": faces.describe_places,
    "marked": _describe_marked,
    "later": faces.describe_later,
    "others": faces.describe_others,
    "faces": faces.describe_faces,
    "view": faces.describe_view,
    "region": faces.describe_region,
    "moment": describe_time,
    "masked": _describe_masked,
    "tracks": _describe_tracks,
    "limits": _describe_limits,
    "checks": _describe_checks,
    "errors": details.describe_errors,
    "models": details.describe_models,
    "plan": details.describe_plan,
    "media": lambda at: details.describe_file(at.case),
    "downloads": details.describe_downloads,
    "origin": details.describe_origin,
}


_WANTED: Final = {"fake": Outcome.FAKE, "genuine": Outcome.REAL}


def _collect_general_facts(topic: Topic, question: Question, cases: Sequence[Case]) -> list[AttributedFact]:
    """What belongs to no single file: comparison, terms, the service itself, and what is declined."""
    told: list[AttributedFact] = []
    for name in load_forms()[topic].more:
        if name == "@compare":
            told += _compare(question, cases)
        elif name.startswith("="):
            told.append(AttributedFact(word_answer(name[1:], ("service",))))
        else:
            page, _, section = name.partition(".")
            told += [AttributedFact(fact) for fact in load_sentences(page, section or question.term or "score")]
    return told


def _compare(question: Question, cases: Sequence[Case]) -> Iterator[AttributedFact]:
    """Which file scores higher, and the verdicts side by side."""
    if len(cases) < 2:
        yield AttributedFact(word_answer("compare.alone" if cases else "nothing_yet", ("service",)))
        return
    told = cases[:MOST_FILES]
    wanted = next((meant for asked, meant in _WANTED.items() if {asked, "same"} <= question.asks), None)
    if wanted is not None:
        count = sum(case.analysis.verdict is not None and case.analysis.verdict.outcome is wanted for case in told)
        key = f"compare.{'all' if count == len(told) else 'some'}.{wanted}"
        yield AttributedFact(word_answer(key, ("verdict",), count=count, number=len(told)), tuple(told))
    scored = [
        (case, verdict.p_fake) for case in told if (verdict := case.analysis.verdict) and verdict.p_fake is not None
    ]
    scored.sort(key=lambda pair: -pair[1])
    for (one, high), (other, low) in pairwise(scored):
        key = "compare.equal" if percent_text(high) == percent_text(low) else "compare.higher"
        is_denied = "same" in question.asks and wanted is None and key == "compare.higher"
        opening = "compare.differs" if is_denied else key
        figures = {"percent": Percent(high), "other_percent": Percent(low)}
        yield AttributedFact(
            word_answer(opening, ("verdict",), file=one.number, other=other.number, **figures), (one, other)
        )
    for case in told:
        yield AttributedFact(collect_facts_about(Topic.VERDICT, read_question(""), case, {})[0], (case,), True)
        verdict = case.analysis.verdict
        if verdict is not None and verdict.p_fake is None:
            yield AttributedFact(word_answer("compare.open", ("verdict",), file=case.number), (case,))
