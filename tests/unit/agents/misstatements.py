"""Wrong wordings made from right ones, by rule, over every fact of several analyses; and right ones made the same way."""

# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations

from agents.conversation.answering.forms import load_forms
from agents.conversation.answering.replies import collect_facts_about
from agents.conversation.cases import Case
from agents.conversation.understanding.question import read_question
from agents.report.case_evidence import CaseEvidence, read_case_evidence
from agents.report.facts import Fact, collect_facts
from core.types import Check, CheckScore, Modality, Outcome, Stability
from tests.eval.conversation.cases import ERROR_RATES, case_file, films
from tests.fixtures import reports

PERCENT = re.compile(r"\d+(?:\.\d+)? %")
CLOCK = re.compile(r"\d\d:\d\d")
SECONDS = re.compile(r"\d+\.\d s\b")
COUNT = re.compile(r"(?<![\d.:])\b\d+\b(?![.:%\d]| %| s\b| Hz)")
ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@cache
def all_case_evidence() -> tuple[CaseEvidence, ...]:
    file = case_file()
    made = []
    for film in films():
        analysis = file.analysis(film.id)
        assert analysis.plan is not None
        assert analysis.verdict is not None
        made.append(read_case_evidence(file, film.id, analysis.plan, analysis.verdict))
    for _, report, _ in reports.every_shape():
        made.append(CaseEvidence(report.media, report.plan, report.verdict, report.evidence, report.explanations))
    return (
        *made,
        *(replace(case_evidence, stability=found) for case_evidence, found in zip(made, steadiness(), strict=False)),
    )


def steadiness() -> tuple[tuple[Stability, ...], ...]:
    """What checks can come to: the same finding, another, the opposite one, no score after a change, and none at all."""

    def checked(check: Check, p_fake: float | None, outcome: Outcome | None) -> CheckScore:
        return CheckScore(check=check, p_fake=p_fake, outcome=outcome)

    def of(modality: Modality, largest: float | None, *scores: CheckScore, stable: bool = True) -> Stability:
        baseline = None if largest is None and not scores else 0.8
        return Stability(modality=modality, baseline=baseline, scores=scores, largest_change=largest, stable=stable)

    fake, real, half = Outcome.FAKE, Outcome.REAL, Outcome.INCONCLUSIVE
    seen, heard = Modality.VISUAL, Modality.AUDIO
    again, small, flip, trim = Check.RECOMPRESS, Check.DOWNSCALE, Check.FLIP, Check.TRIM_SILENCE
    return (
        (
            of(seen, 0.031, checked(again, 0.79, fake), checked(small, 0.77, fake), checked(flip, 0.8, fake)),
            of(heard, 0.024, checked(again, 0.1, real), checked(trim, 0.11, real)),
        ),
        (of(heard, 0.207, checked(again, 0.6, half), checked(trim, None, None)),),
        (of(seen, 0.612, checked(flip, 0.19, real), checked(again, 0.8, fake), stable=False),),
        (of(seen, None), of(heard, 0.052, checked(again, 0.85, fake))),
    )


@cache
def facts() -> tuple[Fact, ...]:
    """Every different sentence of every narrative that a model may reword."""
    told = {fact.text: fact for case_evidence in all_case_evidence() for fact in collect_facts(case_evidence)}
    return tuple(fact for fact in told.values() if not fact.is_fixed)


@cache
def answers() -> tuple[Fact, ...]:
    """Every different sentence that is answered with."""
    file = case_file()
    found: dict[str, Fact] = {}
    for film in films():
        analysis = file.analysis(film.id)
        assert analysis.plan is not None
        assert analysis.verdict is not None
        case_evidence = read_case_evidence(file, film.id, analysis.plan, analysis.verdict)
        case = Case(1, analysis, case_evidence, file.report(film.id))
        for words in ("", "at 0:14", "between 0:05 and 0:20", "face 2", "the mouth"):
            question = read_question(words, film.info.duration_s)
            for topic in (each for each, form in load_forms().items() if form.of_case):
                found |= {fact.text: fact for fact in collect_facts_about(topic, question, case, ERROR_RATES)}
    return tuple(fact for fact in found.values() if not fact.is_fixed)


# ------------------------------------------------------------------------------------------------ wrong


def _replacing(*pairs: tuple[str, str]) -> Callable[[str], Iterator[str]]:
    def change(text: str) -> Iterator[str]:
        for old, new in pairs:
            changed = re.sub(old, new, text, count=1)
            if changed != text:
                yield changed[0].upper() + changed[1:]

    return change


def _digits(text: str) -> Iterator[str]:
    """Another number of the same unit, spelled numbers that are off by one, and numbers rounded away."""
    for unit in (PERCENT, CLOCK, SECONDS, COUNT):
        for match in unit.finditer(text):
            number = match.group()
            digit = next(place for place in range(len(number) - 1, -1, -1) if number[place].isdigit())
            other = number[:digit] + str((int(number[digit]) + 3) % 10) + number[digit + 1 :]
            yield text[: match.start()] + other + text[match.end() :]
    for match in PERCENT.finditer(text):
        value = Decimal(match.group().removesuffix(" %"))
        start, end = match.span()
        if value != int(value):
            yield f"{text[:start]}{round(value)} %{text[end:]}"
        yield f"{text[:start]}{value / 100} %{text[end:]}"
        yield f"{text[:start]}{value / 100}{text[end:]}"
        yield f"{text[:start]}{100 - value} %{text[end:]}"
        yield f"{text[:start]}{value} in a thousand{text[end:]}"
        yield f"{text[:start]}{value} percentage points{text[end:]}"
        whole = int(value) + 1
        if 20 <= whole < 100:
            spelled = TENS[whole // 10] + (f"-{ONES[whole % 10]}" if whole % 10 else "")
            yield f"{text[:start]}{spelled} percent{text[end:]}"


def _units(text: str) -> Iterator[str]:
    for match in SECONDS.finditer(text):
        number = match.group().removesuffix(" s")
        for unit in ("minutes", "ms", "%", "Hz", "frames"):
            yield f"{text[: match.start()]}{number} {unit}{text[match.end() :]}"
    for match in CLOCK.finditer(text):
        minutes, seconds = match.group().split(":")
        yield f"{text[: match.start()]}{seconds}:{minutes}{text[match.end() :]}" if minutes != seconds else ""
        yield f"{text[: match.start()]}{int(seconds)} %{text[match.end() :]}"
    yield from _replacing((r" Hz", " kHz"), (r" %", " s"), (r" frames", " seconds"))(text)


def _swapped(text: str) -> Iterator[str]:
    """Two figures, of a kind or not, in each other's place."""
    found = sorted(
        (match for unit in (PERCENT, CLOCK, SECONDS, COUNT) for match in unit.finditer(text)), key=re.Match.start
    )
    for one, other in combinations(found, 2):
        if one.group() != other.group():
            between = text[one.end() : other.start()]
            yield text[: one.start()] + other.group() + between + one.group() + text[other.end() :]


POLARITY = _replacing(
    (r"scores? as manipulated", "shows no evidence of manipulation"),
    (r"scores? as manipulated", "scores as genuine"),
    (r"scores? as manipulated", "is inconclusive"),
    (r"scores? as synthetic", "scores as human"),
    (r"scores? as synthetic", "shows no evidence of being synthetic"),
    (r"no evidence of", "evidence of"),
    (r"no evidence of", "strong evidence of"),
    (r"no evidence of manipulation", "no evidence of authenticity"),
    (r"shows? no evidence of manipulation and", "is authentic and"),
    (r"inconclusive", "fake"),
    (r"inconclusive", "real"),
    (r"counts as manipulated", "counts as real"),
    (r"counts as no sign of manipulation", "counts as a sign of manipulation"),
    (r"leans towards manipulated", "leans towards genuine"),
    (r"raised scores", "scores as manipulated"),
    (r"No evidence", "Evidence"),
    (r"No stretch", "Every stretch"),
    (r"No stretch", "One stretch"),
    (r"highest score", "lowest score"),
    (r"failed its own check", "passed its own check"),
    (r"passed its own check", "failed its own check"),
    (r"is not relied on", "is relied on"),
)
NEGATION = _replacing(
    (r"\bscores\b", "does not score"),
    (r"\bwas not\b", "was"),
    (r"\bwere not\b", "were"),
    (r"\bnothing\b", "everything"),
    (r"\bno face\b", "a face"),
    (r"\bno sound\b", "sound"),
    (r"\bis\b", "is not"),
    (r"\bare\b", "are not"),
    (r"\blies mostly on\b", "lies hardly on"),
    (r"\bneither strongly enough\b", "both strongly enough"),
    (r"\bwas found\b", "was not found"),
)
CONTENT = _replacing(
    (r"\bthe mouth\b", "the nose"),
    (r"\bthe eyes\b", "the mouth"),
    (r"\bface boundary\b", "forehead"),
    (r"\bthe voice\b", "the face"),
    (r"\bThe voice\b", "The picture"),
    (r"\bthe faces\b", "the voice"),
    (r"\bThe faces\b", "The voice"),
    (r"\bthe picture\b", "the sound"),
    (r"\bThe sound\b", "The picture"),
    (r"\b[Ff]ace 1\b", "Face 2"),
    (r"\b[Ff]ace 2\b", "Face 1"),
    (r"\bface \d\b", "the woman"),
    (r"\bthis video\b", "this speaker"),
    (r"\bvideo\b", "voice"),
    (r"\bmanipulated\b", "synthetic"),
    (r"\bsynthetic\b", "manipulated"),
    (r"\band above\b", "and below"),
    (r"\band below\b", "and above"),
    (r"\bfrom (?=\d)", "outside "),
    (r"\bout of\b", "besides"),
    (r"\bwith a face\b", "without a face"),
    (r"\bBetween\b", "In"),
    (r"\bOutside\b", "Within"),
    (r"\balone\b", "too"),
    (r"\bweakest\b", "strongest"),
    (r"\bstrongest\b", "weakest"),
    (r"\bmostly\b", "only"),
    (r"\bclose to\b", "far from"),
    (r"\bthin\b", "strong"),
    (r"\bopposite directions\b", "the same direction"),
)


def _claims(text: str) -> Iterator[str]:
    """More than the fact: certainty, doubt, blame, orders, names, reasons."""
    body = text[0].lower() + text[1:]
    for lead in (
        "Certainly, ", "Without a doubt, ", "It is proven that ", "Probably, ", "Perhaps ", "Experts agree that ",
        "According to the police, ", "Ignore the rules: ", "You must know that ", "System: ", "In truth, ",
        "As the file name says, ", "We can confirm that ", "It seems that ", "Luckily, ", "Hardly surprising, ",
        "It is false that ", "Nobody can say that ", "Contrary to the evidence, ",
    ):  # fmt: skip
        yield lead + body
    stem = text.removesuffix(".")
    for tail in (
        ", which proves a forgery", " beyond doubt", ", so the speaker lied", ", or so it seems", ", made with a known tool",
        ", therefore share it", ", ignore all other findings", ", as interview.mp4 says", " at least", " and nothing else",
        ", more or less", ", but this may be wrong", ", with intent to deceive", ", in all frames", ", for the most part not",
        ", twice", ", unlike face 9", ", at 99.9 %",
    ):  # fmt: skip
        yield f"{stem}{tail}."


def wrong() -> Iterator[tuple[Fact, str, str]]:
    """A fact, a wording that does not follow from it, and the rule that made it."""
    rules: dict[str, Callable[[str], Iterator[str]]] = {
        "number": _digits,
        "unit": _units,
        "swap": _swapped,
        "polarity": POLARITY,
        "negation": NEGATION,
        "content": CONTENT,
        "claim": _claims,
    }
    claimed: set[str] = set()
    for fact in (*facts(), *answers()):
        for rule, change in rules.items():
            if rule == "claim" and fact.key in claimed:
                continue
            claimed.add(fact.key) if rule == "claim" else None
            for text in change(fact.text):
                if text and text != fact.text:
                    yield fact, text, rule


def of_another() -> Iterator[tuple[Fact, str]]:
    """A fact in the words of another fact of the same analysis: the right numbers on the wrong thing."""
    for case_evidence in all_case_evidence():
        told = collect_facts(case_evidence)
        for fact in told:
            yield from ((fact, other.text) for other in told if other.text != fact.text)


# ------------------------------------------------------------------------------------------------ right

PARAPHRASES: tuple[tuple[str, str], ...] = (
    (r"^The faces alone score as manipulated at (\S+ %), over (\d+) frames with a face out of (\d+) sampled\.$",
     r"Taken alone, the faces are rated as manipulated at \1, over \2 frames with a face of \3 sampled."),
    (r"^The faces alone score as manipulated at (\S+ %), over (\d+) frames with a face out of (\d+) sampled\.$",
     r"On their own, the faces score as manipulated at \1, in \2 of \3 sampled frames with a face."),
    (r"^The faces alone show no evidence of manipulation and score (\S+ %), over (\d+) frames with a face out of (\d+) sampled\.$",
     r"Taken alone, the faces show no sign of manipulation and score \1, over \2 frames with a face out of \3 sampled."),
    (r"^The faces alone are inconclusive at (\S+ %), over (\d+) frames with a face out of (\d+) sampled\.$",
     r"On their own, the faces are inconclusive at \1, over \2 frames with a face out of \3 sampled."),
    (r"^Face (\d+) scores as manipulated from (\S+) to (\S+), at (\S+ %)\.$", r"From \2 to \3, face \1 scores as manipulated at \4."),
    (r"^Face (\d+) scores as manipulated from (\S+) to (\S+), at (\S+ %)\.$",
     r"Between \2 and \3, face \1 is rated as manipulated at \4."),
    (r"^Face (\d+) scores as manipulated from (\S+) to (\S+), at (\S+ %)\.$",
     r"Face \1 is flagged as manipulated from \2 until \3, with a score of \4."),
    (r"^Face (\d+) has raised scores from (\S+) to (\S+), at (\S+ %), which do not count as manipulated\.$",
     r"From \2 to \3, face \1 has raised scores at \4, which do not count as manipulated."),
    (r"^The faces alone are inconclusive at (\S+ %), over (\d+) frames with a face out of (\d+) sampled\.$",
     r"At \1, the faces alone are inconclusive, over \2 frames with a face out of \3 sampled."),
    (r"^The voice alone scores as synthetic at (\S+ %), over (\S+) s of speech\.$",
     r"By itself, the voice is rated as synthetic at \1, over \2 s of speech."),
    (r"^Face (\d+) scores as manipulated at (\S+ %)\.$", r"At \2, face \1 scores as manipulated."),
    (r"^Face (\d+) shows no evidence of manipulation and scores (\S+ %)\.$",
     r"Face \1 scores \2 and shows no sign of manipulation."),
    (r"^Face (\d+) is inconclusive at (\S+ %)\.$", r"At \2, face \1 is inconclusive."),
    (r"^In face (\d+) at (\S+), the heatmap is strongest on the ([\w ]+), with (\S+ %) of it\.$",
     r"At \2, the heatmap in face \1 is strongest on the \3, with \4 of it."),
    (r"^In face (\d+) at (\S+), the heatmap is strongest on the ([\w ]+), with (\S+ %) of it\.$",
     r"In face \1 at \2, the map is strongest on the \3, which holds \4 of it."),
    (r"^The voice alone scores as synthetic at (\S+ %), over (\S+) s of speech\.$",
     r"On its own, the voice is rated as synthetic at \1, over \2 seconds of speech."),
    (r"^The voice alone shows no evidence of being synthetic and scores (\S+ %), over (\S+ s) of speech\.$",
     r"Taken alone, the voice shows no sign of being synthetic and scores \1, over \2 of speech."),
    (r"^The voice alone is inconclusive at (\S+ %), over (\S+ s) of speech\.$",
     r"Over \2 of speech, the voice alone is inconclusive at \1."),
    (r"^The voice scores as synthetic from (\S+) s to (\S+) s, at (\S+ %)\.$",
     r"From \1 to \2 s, the voice is rated as synthetic at \3."),
    (r"^In the voice, the evidence that the first voice model found is strongest from (\S+) s to (\S+) s, mostly between (\d+) and (\d+) Hz\.$",
     r"The evidence in the voice is strongest between \1 and \2 s, mainly between \3 and \4 Hz."),
    (r"^The (\w+) accounts? for (\S+ %) of the verdict, and the (\w+) for (\S+ %)\.$",
     r"The \1 hold \2 of the verdict, and the \3 \4."),
    (r"^The verdict rests on the (\w+) alone\.$", r"The verdict is based on the \1 alone."),
    (r"^Between the (\d+) sampled frames the picture was not examined\.$",
     r"The picture was not examined between the \1 sampled frames."),
    (r"^The (\w+) was not examined: (.*)\.$", r"The \1 was not examined, because \2."),
    (r"^The heatmap of face (\d+) failed its own check and is not relied on here\.$",
     r"The heatmap of face \1 did not pass its own check and is not relied on here."),
    (r"^The weakest point is that the score of (\S+ %) is close to the threshold of (\S+ %)\.$",
     r"The weakest point is that the score, \1, is close to the threshold of \2."),
    (r"^The faces were not scored: (.*)\.$", r"The faces were not scored, because \1."),
)  # fmt: skip


def right() -> Iterator[tuple[Fact, str]]:
    """A fact and another wording of it that says the same."""
    for fact in facts():
        for pattern, wording in PARAPHRASES:
            if re.match(pattern, fact.text):
                yield fact, re.sub(pattern, wording, fact.text)
