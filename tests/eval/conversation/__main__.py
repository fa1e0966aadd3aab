"""How often the conversation answers right, over labelled questions on stored evidence.

    python -m tests.eval.conversation [--backend rules|model|alone] [--part open|held|fresh|last] [--sample N] [--show]

`model` asks the endpoint of LLM__BASE_URL where the rules find nothing, `alone` asks it about everything but what code
must answer, such as a consent. Either is given two minutes a question. A third of `questions.tsv`,
chosen by the hash of its text, was held back while the rules were made (`held`); `fresh.tsv` was written when they were
done.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.conversation.answerer import RULED, AskedQuestion, QuestionAnswerer, Reading
from agents.conversation.proposals import Started
from agents.conversation.understanding.question import Question
from agents.conversation.understanding.topics import Topic
from agents.language.client import OpenAiLanguageModel
from core.dialogue import Answer, Proposal
from core.ports import LanguageModel
from core.settings import LlmSettings
from tests.eval.conversation.cases import ERROR_RATES, SCENES, case_file
from tests.eval.conversation.figures import figures_of, known_figures
from training.language.evaluate import Patient, interval

QUESTIONS = Path(__file__).parent / "questions.tsv"
FRESH = Path(__file__).parent / "fresh.tsv"
LAST = Path(__file__).parent / "last.tsv"


@dataclass(frozen=True)
class Case:
    """A question, the words that its answer must hold, and those that it must not."""

    scene: str
    question: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    part: str


def cases() -> Iterator[Case]:
    for file in (QUESTIONS, FRESH, LAST):
        for line in file.read_text(encoding="utf-8").splitlines():
            scene, question, must, must_not = line.split("\t")
            held = int(hashlib.sha256(question.encode()).hexdigest(), 16) % 3 == 0
            part = "held" if held else "open"
            part = {FRESH: "fresh", LAST: "last"}.get(file, part)
            yield Case(scene, question, _listed(must), _listed(must_not), part)


def sampled(chosen: Sequence[Case], number: int | None) -> Sequence[Case]:
    """So many of the questions, the same ones every time."""
    return sorted(chosen, key=lambda case: hashlib.sha256(f"sample {case.question}".encode()).digest())[:number]


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(each for each in cell.split(";") if each)


def faults(case: Case, answer: Answer) -> list[str]:
    """What is wrong with an answer; nothing when it is right."""
    text = " ".join(statement.text for statement in answer.statements)
    found = []
    for wanted in case.must:
        if not any(_holds(answer, text, each) for each in wanted.split("|")):
            found.append(f"lacks {wanted}")
    found += [f"holds {barred}" for barred in case.must_not if _holds(answer, text, barred)]
    if answer.declined and not any("DECLINE" in wanted for wanted in case.must):
        found.append("declined")
    return found


def _holds(answer: Answer, text: str, wanted: str) -> bool:
    if wanted == "DECLINE":
        return answer.declined
    if wanted == "OFFER":
        return answer.proposal is not None
    return wanted.casefold() in text.casefold()


def false_figures(case: Case, answer: Answer) -> list[str]:
    """Figures of the answer that neither its evidence nor its question holds."""
    named = {f"{float(each.replace(',', '.')):g}" for each in re.findall(r"\d+(?:[.,]\d+)?", case.question)}
    clocks = {f"{int(float(each)) // 60:02d}:{int(float(each)) % 60:02d}" for each in named}
    clocks |= {each.zfill(5) for each in re.findall(r"\d+:\d\d", case.question)}
    known = known_figures(SCENES[case.scene]) | clocks | named
    return [each for statement in answer.statements for each in figures_of(statement.text) if each not in known]


class Unruled(QuestionAnswerer):
    """Has the model sort every question but those that code alone may answer."""

    def _read(self, question: Question, by_rules: tuple[Topic, ...], *, offered: bool) -> Reading:
        if self._llm is None or set(by_rules) & RULED:
            return super()._read(question, by_rules, offered=offered)
        found = self._meaning.rank(question, by_rules, offered=offered)
        return self._ask_model(self._llm, question, by_rules, found)


class Nobody:
    """Starts nothing."""

    def start(self, proposal: Proposal) -> Started | None:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("rules", "model", "alone"), default="rules")
    parser.add_argument("--part", choices=("all", "open", "held", "fresh", "last"), default="all")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of the questions, chosen by hash")
    parser.add_argument("--show", action="store_true", help="print what went wrong (not of the held part)")
    options = parser.parse_args()
    llm: LanguageModel | None = None
    if options.backend != "rules":
        from cli.plan import _Environment

        settings: LlmSettings = _Environment().llm
        llm = Patient(OpenAiLanguageModel(settings))
    witness = (Unruled if options.backend == "alone" else QuestionAnswerer)(case_file(), llm, ERROR_RATES)
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    asked_model, unanswered, false, seconds = 0, 0, 0, 0.0
    chosen = [case for case in cases() if options.part in ("all", case.part)]
    for case in sampled(chosen, options.sample):
        part = case.part
        started = time.monotonic()
        answer = witness.answer(AskedQuestion(case.question, "owner", SCENES[case.scene]), Nobody())
        seconds += time.monotonic() - started
        wrong, invented = faults(case, answer), false_figures(case, answer)
        asked_model += bool(answer.llm_calls)
        unanswered += any(call.outcome != "ok" for call in answer.llm_calls)
        false += bool(invented)
        total[part] += 1
        right[part] += not wrong
        if options.show and (wrong or invented):
            print(
                f"{case.scene}\t{case.question}\t{','.join(answer.topics)}\t{answer.decided_by.kind}\t{wrong}{invented}"
            )
    for part in sorted(total):
        print(f"{part}: {right[part]} of {total[part]} right ({right[part] / total[part]:.1%})")
    low, high = interval(sum(right.values()), sum(total.values()))
    share = sum(right.values()) / sum(total.values())
    print(f"all: {sum(right.values())} of {sum(total.values())} right ({share:.1%}, 95 % of {low:.1%} to {high:.1%})")
    print(
        f"answers with a false figure: {false}; questions the model was asked: {asked_model}, "
        f"of which it did not answer {unanswered}; {seconds:.0f} s in all"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
