"""How often a question is answered right, graded by rules that know nothing of the code that answers.

    python -m tests.eval.conversation [--half open|held] [--show]

`asked.tsv` holds a scene, a language, how the first sentence must answer (`rubric.yaml`; `a|b` for either, `most=N` for
at most N sentences), what the answer must hold (`;` between demands, `|` between alternatives, `$word` of the rubric,
`#12.3~0.1` a number within a tolerance, `00:12` that second, as a clock or in seconds), what it must not hold, and the
question, after the questions before it (`>>`).

The questions were written before the code that answers them. A fixed seed splits them; of the held half only the count
is shown.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from agents.conversation.answerer import AskedQuestion, QuestionAnswerer
from agents.conversation.proposals import Started
from core.dialogue import Answer, Proposal, Turn, TurnStatus
from tests.eval.conversation.recordings import RATES, SCENES, case_file
from training.language.evaluate import interval

ROOM: Final = Path(__file__).parent
SEED: Final = 22
MOST_SENTENCES: Final = 5
"""The answer, three more, and a word on the language."""
_NUMBER: Final = re.compile(r"(?<![\d:])\d+(?:\.\d+)?(?![\d:])")
_CLOCK: Final = re.compile(r"\b\d\d:\d\d\b")
_SECONDS: Final = re.compile(r"\b\d+\.\d(?= s\b)")
_FILE: Final = re.compile(r"^(?:file|datei|fichier) \d+ ?: ")
_LANGUAGES: Final = {
    "de": re.compile(r"\b(?:der|die|das|ist|wurde|nicht|und|es)\b"),
    "fr": re.compile(r"\b(?:le|la|les|est|une?|pas|des?)\b"),
}


class Form(BaseModel):
    """How a first sentence answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    starts: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    words: str = ""
    lacks: str = ""
    number: bool = False
    time: bool = False
    declined: bool = False
    offered: bool = False
    shorter_than: int = 0


class Rubric(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: dict[str, Form]
    words: dict[str, tuple[str, ...]]


@cache
def rubric() -> Rubric:
    return Rubric.model_validate(yaml.safe_load((ROOM / "rubric.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Asked:
    """One question, what was asked before it, and what a right answer is like."""

    scene: str
    language: str
    forms: tuple[str, ...]
    most: int
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    texts: tuple[str, ...]
    half: str


def questions() -> tuple[Asked, ...]:
    lines = (ROOM / "asked.tsv").read_text(encoding="utf-8").splitlines()
    order = list(range(len(lines)))
    random.Random(SEED).shuffle(order)
    held = set(order[: len(lines) // 2])
    return tuple(_read(line, "held" if number in held else "open") for number, line in enumerate(lines))


def _read(line: str, half: str) -> Asked:
    scene, language, form, must, must_not, texts = line.split("\t")
    demands = [each for each in (*form.split(";"), *must.split(";")) if each]
    most = next((int(each[5:]) for each in demands if each.startswith("most=")), MOST_SENTENCES - 1)
    return Asked(
        scene,
        language,
        tuple(form.split(";")[0].split("|")),
        most + 1,
        tuple(each for each in must.split(";") if each and not each.startswith("most=")),
        tuple(each for each in must_not.split(";") if each),
        tuple(each.strip() for each in texts.split(">>")),
        half,
    )


def faults(asked: Asked, answer: Answer) -> list[str]:
    """What is wrong with an answer; nothing when it is right."""
    sentences = [re.sub(r"(?<=\d),(?=\d)", ".", each.text.casefold()) for each in answer.statements]
    whole = " ".join(sentences)
    found = [f"lacks {each}" for each in asked.must if not any(_holds(whole, one) for one in each.split("|"))]
    found += [f"holds {each}" for each in asked.must_not if _holds(whole, each)]
    if not any(_begins(rubric().forms[form], sentences[0], answer) for form in asked.forms):
        found.append(f"does not begin as {'|'.join(asked.forms)}")
    if len(sentences) > asked.most:
        found.append(f"{len(sentences)} sentences")
    return found


def _holds(text: str, wanted: str) -> bool:
    if wanted.startswith("$"):
        return any(each in text for each in rubric().words[wanted[1:]])
    if wanted.startswith("#"):
        value, tolerance = (float(each) for each in wanted[1:].split("~"))
        return any(abs(float(each) - value) <= tolerance + 1e-9 for each in _NUMBER.findall(text))
    if _CLOCK.fullmatch(wanted):
        minutes, seconds = wanted.split(":")
        moment = 60 * int(minutes) + int(seconds)
        return wanted in text or any(int(float(each)) == moment for each in _SECONDS.findall(text))
    return wanted.casefold() in text


def _begins(form: Form, first: str, answer: Answer) -> bool:
    first = _FILE.sub("", first)
    words = rubric().words
    opening = re.split(r"[^\w]+", first.strip(), maxsplit=1)[0]
    return (
        (not form.starts or opening in form.starts)
        and (not form.holds or any(each in first for each in form.holds))
        and (not form.words or any(each in first for each in words[form.words]))
        and (not form.lacks or not any(each in first for each in words[form.lacks]))
        and (not form.number or bool(_NUMBER.search(first)))
        and (not form.time or bool(_CLOCK.search(first) or _SECONDS.search(first)))
        and (not form.declined or answer.declined)
        and (not form.offered or answer.proposal is not None)
        and (not form.shorter_than or len(first.split()) < form.shorter_than)
    )


class Nobody:
    """Starts nothing."""

    def start(self, proposal: Proposal) -> Started | None:
        return None


def answers() -> Iterator[tuple[Asked, Answer, float, float]]:
    """Every question with its answer and what it took: seconds on the clock, and of the processor."""
    answerer = QuestionAnswerer(case_file(), None, RATES)
    for asked in questions():
        turns: list[Turn] = []
        for number, text in enumerate(asked.texts, start=1):
            started, worked = time.monotonic(), time.process_time()
            answer = answerer.answer(AskedQuestion(text, "owner", SCENES[asked.scene], tuple(turns)), Nobody())
            seconds, work = time.monotonic() - started, time.process_time() - worked
            turns.append(
                Turn(
                    conversation_id="cv",
                    number=number,
                    text=text,
                    status=TurnStatus.ANSWERED,
                    answer=answer,
                    created_at=datetime(2026, 1, 1, tzinfo=UTC),
                )
            )
        yield asked, answer, seconds, work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("open", "held"), help="only this half")
    parser.add_argument("--show", action="store_true", help="print what went wrong in the open half")
    options = parser.parse_args()
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    own: Counter[str] = Counter()
    took: list[float] = []
    worked: list[float] = []
    for asked, answer, seconds, work in answers():
        if options.half not in (None, asked.half):
            continue
        wrong = faults(asked, answer)
        took.append(seconds)
        worked.append(work)
        for group in (asked.half, f"{asked.half} {asked.language}"):
            of[group] += 1
            right[group] += not wrong
        if marks := _LANGUAGES.get(asked.language):
            text = " ".join(each.text for each in answer.statements).casefold()
            own[asked.language] += len(marks.findall(text)) > len(re.findall(r"\b(?:the|is|of|was|not|and)\b", text))
        if options.show and wrong and asked.half == "open":
            print(f"{asked.scene}\t{' >> '.join(asked.texts)}\t{','.join(answer.topics)}\t{wrong}")
            print("\t" + " / ".join(each.text for each in answer.statements)[:700])
    for group in sorted(of):
        low, high = interval(right[group], of[group])
        print(f"{group}: {right[group]} of {of[group]}, {right[group] / of[group]:.1%} [{low:.1%}, {high:.1%}]")
    for name, spent in (("seconds", took), ("processor seconds", worked)):
        later = spent[1:] or spent
        print(f"{name}: median {statistics.median(spent):.2f}, first {spent[0]:.2f}, longest later {max(later):.2f}")
    print(f"in their own language: {dict(own)}")


if __name__ == "__main__":
    main()
