"""How often a question is taken for what it is: questions by another author, labelled by kind.

    python -m tests.eval.conversation.kinds [--show]

A kind is right if a topic is found that answers it. Every second question is held back: its failures are counted, never
read. `--show` prints those of the others.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from agents.conversation.answering.forms import load_forms
from agents.conversation.understanding.question import Question, read_question
from agents.conversation.understanding.topic_model import choose_topics, guess_topics, load_classifier
from agents.conversation.understanding.topic_rules import read_topics
from agents.conversation.understanding.topics import Topic
from training.language.evaluate import interval

LABELLED: Final = Path(__file__).with_name("kinds.jsonl")
DURATION_S: Final = 4000.0
DECLINED: Final = frozenset(topic for topic, form in load_forms().items() if form.declined)
ANSWERS: Final[dict[str, frozenset[Topic]]] = {
    "verdict": frozenset({Topic.VERDICT, Topic.SUMMARY, Topic.WORD, Topic.SENTENCE, Topic.QUOTE, Topic.SIMPLE}),
    "confidence": frozenset({Topic.CERTAINTY, Topic.RELIABILITY, Topic.THRESHOLDS, Topic.CHANGE, Topic.ROBUSTNESS}),
    "when": frozenset({Topic.STRETCHES, Topic.WORST, Topic.LATER}),
    "who": frozenset({Topic.FACES, Topic.POSITION}),
    "faces": frozenset({Topic.FACES, Topic.REGION, Topic.COUNT, Topic.POSITION, Topic.OTHERS}),
    "voice": frozenset({Topic.VOICE}),
    "why": frozenset({Topic.WHY, Topic.WEIGHTS, Topic.SUMMARY, Topic.WORST}),
    "plan": frozenset({Topic.PLAN, Topic.UNEXAMINED}),
    "term": frozenset({Topic.TERM}),
    "compare": frozenset({Topic.COMPARE}),
    "file": frozenset({Topic.MEDIA, Topic.ORIGIN, Topic.FILES, Topic.TIMING}),
    "moment": frozenset({Topic.MOMENT}),
    "not_examined": frozenset({Topic.UNEXAMINED, Topic.COVERAGE, Topic.PLAN}),
    "reanalyse": frozenset({Topic.AGAIN}),
    "thanks_or_greeting": frozenset({Topic.GREETING, Topic.THANKS}),
    "how_it_works": frozenset(
        {
            Topic.CAPABILITIES,
            Topic.METHOD,
            Topic.FORMATS,
            Topic.MODELS,
            Topic.RELIABILITY,
            Topic.RULES,
            Topic.WEIGHTS,
            Topic.THRESHOLDS,
        }
    ),
    "decline": DECLINED,
}
"""The topics whose answers hold what a question of the kind asks for."""


class Kind(BaseModel):
    """One question and what it asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    kind: str
    language: str
    at_s: float | None = None
    range_s: tuple[float, float | None] | None = None
    term: str | None = None
    held: bool
    sitting: Literal["first", "second", "third"] = "first"
    """The first is another author's; the second was written after it, in what it had shown to be weak; the third is one
    more author's, all of it held back."""


def labelled() -> tuple[Kind, ...]:
    with LABELLED.open(encoding="utf-8") as lines:
        return tuple(Kind.model_validate_json(line) for line in lines)


def is_right(case: Kind) -> bool:
    question = read_question(case.text, DURATION_S, 2 if case.kind == "compare" else 1)
    by_rules = read_topics(question) or ()
    ranked = load_classifier().rank(question, by_rules)
    found = set(choose_topics(by_rules, ranked) or guess_topics(ranked))
    if case.kind == "file" and question.term == "hash" and Topic.MODELS in found:
        return True
    if not found & ANSWERS[case.kind] or (case.kind != "decline" and found <= DECLINED):
        return False
    return _names_what_it_names(case, question)


def _names_what_it_names(case: Kind, question: Question) -> bool:
    """The moment or the stretch, and that a term was found."""
    if case.kind == "term":
        return question.term is not None
    if case.kind != "moment":
        return True
    span = question.range_s
    if case.at_s is not None:
        within = span is not None and span.start_s <= case.at_s <= span.end_s
        return within or question.moment_s == case.at_s
    if case.range_s is None:
        return True
    start, end = case.range_s
    return span is not None and span.start_s == start and end in (None, span.end_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print what went wrong (not of the held part)")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for case in labelled():
        good = is_right(case)
        group_of = "held" if case.held else "open"
        group_of = group_of if case.sitting == "first" else f"{case.sitting} sitting"
        for group in ("all", group_of, case.kind):
            total[group] += 1
            right[group] += good
        if options.show and not good and not case.held:
            print(json.dumps([case.kind, case.text], ensure_ascii=False))
    for group in total:
        low, high = interval(right[group], total[group])
        share = right[group] / total[group]
        print(f"{group:20} {right[group]:4} / {total[group]:4}  {share:.1%}  [{low:.1%}, {high:.1%}]")


if __name__ == "__main__":
    main()
