"""One figure, one rounding: wherever a number is shown, it is the same number."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from agents.conversation.answering.replies import collect_facts_about
from agents.conversation.cases import Case
from agents.conversation.understanding.question import read_question
from agents.conversation.understanding.topics import Topic
from agents.report.case_evidence import CaseEvidence
from agents.report.facts import collect_facts
from agents.report.headline import compose_headline
from agents.report.writer import TemplateWriter
from api.usecases.timeline import timeline_of
from cli.progress import print_report
from core.figures import (
    MINUS,
    clock,
    decimal_text,
    per_cent_text,
    percent,
    percent_text,
    points,
    points_text,
    rounded,
    seconds,
    seconds_text,
    signed_text,
)
from core.types import Contribution, Modality, Outcome, Report, Verdict
from detectors.fusion import THRESHOLDS
from explainers.rendering.wording import finding
from prompts.words import Words
from tests.fixtures.ports import analysis
from tests.fixtures.reports import faces, report_of, track, voice

ROOT = Path(__file__).resolve().parents[2]
SHOWING = ("api", "cli", "tasks", "agents", "tools", "explainers")
ROUNDED_ELSEWHERE = re.compile(r":[+\-, ]?\.?\d*\.\d+[feg%]\}|:\.\d%|\bround\([^()]*,\s*[12]\)")
probabilities = st.floats(0, 1)


# ------------------------------------------------------------------------------------------------ the rule


@given(probabilities)
def test_text_and_number_are_one_figure(probability: float) -> None:
    assert percent_text(probability) == per_cent_text(percent(probability))
    assert percent_text(probability) == f"{percent(probability):.1f} %"
    assert percent(percent(probability) / 100) == percent(probability)


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_rounding_is_to_the_nearest_half_to_even_and_settles(value: float, digits: int) -> None:
    made = rounded(value, digits)
    exact = Decimal(repr(value))
    assert abs(Decimal(repr(made)) - exact) <= Decimal(5).scaleb(-digits - 1)
    assert rounded(made, digits) == made
    assert str(made) != "-0.0"
    assert float(decimal_text(value, digits)) == made


@pytest.mark.parametrize(
    ("value", "shown"), [(0.5, "50.0 %"), (0.9125, "91.2 %"), (0.9135, "91.4 %"), (0.00049, "0.0 %"), (1.0, "100.0 %")]
)
def test_halves_go_to_even_on_the_digits_as_written(value: float, shown: str) -> None:
    assert percent_text(value) == shown


@given(st.floats(-1, 1))
def test_points_and_signs(share: float) -> None:
    text = points_text(share)
    assert text[0] in f"+{MINUS}"
    assert float(text.replace(MINUS, "-")) == points(share)
    assert points_text(-share)[1:] == text[1:]
    assert signed_text(share).replace(MINUS, "-") != "-0.00"


@given(st.floats(0, 1e5))
def test_seconds_and_the_clock_do_not_contradict_each_other(value: float) -> None:
    assert seconds_text(value) == f"{seconds(value):.1f} s"
    whole = sum(int(part) * 60**power for power, part in enumerate(reversed(clock(value).split(":"))))
    assert whole <= value < whole + 1


# ------------------------------------------------------------------------------------------------ everywhere


def test_no_room_rounds_by_itself() -> None:
    """Figures are formed in `core/figures.py`; a format specification anywhere else would be a second rule."""
    found = []
    for room in SHOWING:
        for path in sorted((ROOT / room).rglob("*.py")):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if ROUNDED_ELSEWHERE.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def _report(face: float, sound: float, verdict: float, share: float) -> Report:
    seen = faces(face, (track(1, 0, 58, face),)).model_copy(update={"fake_frames_pct": share})
    heard = voice(sound, 12.0)
    report, _ = report_of(Outcome.FAKE, (seen, heard))
    weighed = Verdict(
        outcome=Outcome.FAKE,
        p_fake=verdict,
        contributions=(
            Contribution(modality=Modality.VISUAL, p_fake=face, weight=0.5),
            Contribution(modality=Modality.AUDIO, p_fake=sound, weight=0.5),
        ),
        thresholds=THRESHOLDS,
    )
    case_evidence = CaseEvidence(media=report.media, plan=report.plan, verdict=weighed, evidence=report.evidence)
    return report.model_copy(update={"verdict": weighed, "headline": compose_headline(case_evidence)})


@given(probabilities, probabilities, probabilities, st.floats(0, 100))
@settings(max_examples=25, deadline=None)
def test_a_score_is_the_same_figure_in_every_place(face: float, sound: float, verdict: float, share: float) -> None:
    report = _report(face, sound, verdict, share)
    # the headline
    assert per_cent_text(report.headline.confidence or 0) == percent_text(verdict)
    assert per_cent_text(report.headline.audio_score or 0) == percent_text(sound)
    assert report.headline.fake_frames == rounded(share)
    # what is drawn
    told = timeline_of("an", report.media, None, THRESHOLDS, report.decision, report.evidence, (), ())
    assert told.faces is not None
    assert told.voice is not None
    assert per_cent_text(told.faces.tracks[0].score_pct) == percent_text(face)
    assert per_cent_text(told.voice.score_pct or 0) == percent_text(sound)
    for point, frame in zip(told.faces.tracks[0].points, report.evidence[0].tracks[0].frames, strict=True):
        assert point.score_pct == percent(frame.p_fake)
    # the document and the terminal
    for evidence, score in zip(report.evidence, (face, sound), strict=True):
        assert percent_text(score) in finding(Words(), evidence)
    shown = io.StringIO()
    print_report(Console(file=shown, width=200), report)
    for score in (face, sound):
        assert percent_text(score) in shown.getvalue()
    # the narrative
    case_evidence = CaseEvidence(media=report.media, plan=report.plan, verdict=report.verdict, evidence=report.evidence)
    draft = TemplateWriter().write(collect_facts(case_evidence))
    words = " ".join(each.text for each in draft.wordings)
    assert percent_text(face) in words
    assert percent_text(sound) in words


def test_answers_tell_the_same_figures() -> None:
    report = _report(0.91250001, 0.3455, 0.7, 34.375)
    known = analysis("an").model_copy(update={"verdict": report.verdict, "plan": report.plan, "media": report.media})
    case_evidence = CaseEvidence(media=report.media, plan=report.plan, verdict=report.verdict, evidence=report.evidence)
    case = Case(1, known, case_evidence, report)
    told = {
        topic: " ".join(fact.text for fact in collect_facts_about(topic, read_question(""), case, {}))
        for topic in (Topic.FACES, Topic.VOICE, Topic.COVERAGE, Topic.CERTAINTY)
    }
    assert percent_text(0.91250001) in told[Topic.FACES]
    assert percent_text(0.3455) in told[Topic.VOICE]
    assert per_cent_text(report.headline.fake_frames or 0) in told[Topic.COVERAGE]
    assert per_cent_text(report.headline.confidence or 0) in told[Topic.CERTAINTY]
