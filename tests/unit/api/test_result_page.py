"""The page and the PDF of a result without their servers: what they say in each language, and in which colours."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape

import pypdf
import pytest

from agents.report import CaseEvidence, collect_facts
from api.schemas import AnalysisView, ArtefactView, PlayableView
from api.usecases.timeline import timeline_of
from api.web import analysis_page
from api.web.catalogue import catalogue
from api.web.drawing import draw
from api.web.rendering import _templates, vocabulary
from core.types import (
    Analysis,
    AnalysisEvent,
    Artefact,
    AudioEvidence,
    EarlierLook,
    Evidence,
    FrameSize,
    MediaInfo,
    MediaKind,
    Modality,
    Narrative,
    Outcome,
    Provenance,
    ReasonCode,
    Report,
    Scored,
    Sentence,
    TimeRange,
    VisualEvidence,
    VisualSegment,
    VoiceFinding,
    decide,
)
from detectors.fusion import weigh
from explainers.rendering.pdf import render_pdf
from prompts.headline import write_headline
from prompts.slots import reword
from prompts.words import Words
from tests.fixtures.reports import faces, media, report_of, track, voice, without

ENGLISH = re.compile(
    r"\b(the|and|with|were|are|from|not|this|that|which|have|has|examined|manipulated|voice|faces)\b", re.IGNORECASE
)
NO_FACE = without(Modality.VISUAL, ReasonCode.NO_FACE, "No face was found in the 1 frames that were examined.")
STILL = media(0.0, has_audio=False).model_copy(update={"kind": MediaKind.IMAGE, "frame_rate_hz": None})
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def undecided() -> VisualEvidence:
    """A face that scores high, and stays under its limit: a frame of it passes."""
    seen = faces(0.66, (track(1, 0, 9, 0.66),))
    return seen.model_copy(update={"segments": (VisualSegment(id=1, track_id=1, start_s=0, end_s=3.9, p_fake=0.67),)})


def looked_again() -> VisualEvidence:
    """A face that further frames left as undecided as it was."""
    seen = faces(0.5, (track(1, 0, 9, 0.5),))
    return seen.model_copy(update={"earlier": (EarlierLook(frames_sampled=16, finding=seen.finding),)})


def conversation() -> AudioEvidence:
    """Two voices of one sound, the second of them synthetic."""
    found = voice(0.97, 12.0)
    assert isinstance(found.finding, Scored)
    honest = found.finding.model_copy(update={"p_fake": 0.1, "outcome": Outcome.REAL})
    turns = [TimeRange(start_s=start, end_s=start + 3) for start in (0, 3, 6, 9)]
    return found.model_copy(
        update={
            "voices": (
                VoiceFinding(number=1, spans=(turns[0], turns[2]), finding=honest),
                VoiceFinding(number=2, spans=(turns[1], turns[3]), finding=found.finding, decides=True),
            )
        }
    )


SHAPES: dict[str, tuple[tuple[Evidence, ...], MediaInfo]] = {
    "fake": ((faces(0.9, (track(1, 0, 9, 0.9), track(2, 0, 9, 0.1))), voice(0.9, 12.0)), media(12.0)),
    "inconclusive": ((undecided(), voice(0.5, 12.0)), media(12.0)),
    "looked again": ((looked_again(), voice(0.5, 12.0)), media(12.0)),
    "voices": ((faces(0.1, (track(1, 0, 9, 0.1),)), conversation()), media(12.0)),
    "nothing": ((NO_FACE,), STILL),
    "still": ((faces(0.9, (track(1, 0, 0, 0.9, frames=1),)).model_copy(update={"segments": ()}),), STILL),
    "cut": ((faces(0.1, (track(1, 0, 9, 0.1),)),), media(12.0).model_copy(update={"truncated": True})),
}


def made(shape: str, language: str = "en") -> Report:
    """A report as the service writes it in this language."""
    evidence, info = SHAPES[shape]
    verdict = weigh(evidence)
    report, _ = report_of(verdict.outcome, evidence, info=info, reasons=verdict.reasons)
    facts = collect_facts(CaseEvidence(info, report.plan, verdict, evidence, report.explanations))
    told = tuple(
        Sentence(text=fact.text, citations=fact.citations, provenance=Provenance.TEMPLATE, said=fact.said)
        for fact in facts
    )
    decision = decide(verdict, evidence, info)
    headline = report.headline.model_copy(update={"xai_summary": write_headline(decision, language)})
    changed = {
        "verdict": verdict,
        "decision": decision,
        "headline": headline,
        "narrative": reword(Narrative(sentences=told), language),
        # Names of data sets, and what files say of themselves, are in the language they are in.
        "reliability": (),
        "origin": None,
    }
    return report.model_copy(update=changed)


def shown(shape: str, language: str = "en", events: tuple[AnalysisEvent, ...] = ()) -> str:
    """The page of it, whole; with events, as it is while the analysis runs."""
    report = made(shape)
    views = {
        each.id: ArtefactView(
            id=each.id, kind=each.kind, media_type="image/png", size_bytes=1, sha256="0" * 64, caption=each.caption,
            url=f"http://storage.test/{each.id}", expires=NOW,
        )
        for each in report.artefacts
    }  # fmt: skip
    is_running = bool(events)
    analysis = Analysis(
        id="an_0123456789", owner_id="me", media_id="m", file_name="clip.mp4", instruction="", pipeline_version="1",
        status="running" if is_running else "finished", stage="detect" if is_running else "done",
        media=report.media, plan=report.plan, verdict=report.verdict, created_at=NOW,
    )  # fmt: skip
    kept: tuple[Artefact, ...] = report.artefacts
    size = FrameSize(width_px=1280, height_px=720)
    timeline = timeline_of(
        analysis.id, report.media, size, report.verdict.thresholds, report.decision, report.evidence,
        report.explanations, kept,
    )  # fmt: skip
    addresses = {number: f"http://storage.test/frames/{number}" for number in range(16)}
    case = analysis_page.CasePage(
        analysis=AnalysisView.of(analysis),
        headline=None if events else report.headline,
        report=None if events else report,
        events=events,
        evidence=report.evidence,
        explanations={each.artefact_id: each for each in report.explanations if each.artefact_id},
        artefacts=views,
        timeline=timeline,
        drawing=draw(timeline),
        media=PlayableView(media_type="video/mp4", url="http://storage.test/clip", expires=NOW),
        witnesses=analysis_page.witnesses(report),
        frames=addresses,
        telling=analysis_page.telling_frames(timeline, addresses),
        decision=report.decision,
        methods=analysis_page.further_methods(report.explanations),
    )
    return (
        _templates()
        .get_template("analysis.html")
        .render(
            **vocabulary(catalogue(language)), static="/static", languages=("en", "de", "fr"), theme="system",
            version="0", path="/", origin="http://page.test", away=(), authentication=False, logged_in=False, case=case,
            shared=False, token="", shares=(), feedback=(), conversation=None, turns=(),
        )
    )  # fmt: skip


def spoken(html: str) -> str:
    """What is read or heard of a page: text and names, without what says that it is in another language."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    html = re.sub(r"<code\b.*?</code>|<pre\b.*?</pre>|<option [^>]*lang=.*?</option>", " ", html, flags=re.DOTALL)
    names = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', html)
    return unescape(" ".join((re.sub(r"<[^>]+>", " ", html), *names)))


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_in_another_language_has_no_english_sentence(shape: str, language: str) -> None:
    said = spoken(shown(shape, language))
    found = ENGLISH.search(said)
    assert found is None, said[max(0, found.start() - 60) : found.end() + 60]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The first 16 frames left the faces inconclusive at 50.0 %"), ("fr", "Les 16 premières images laissaient")],
)
def test_what_further_frames_bought_is_told_in_the_report_and_beside_what_was_examined(
    language: str, sentence: str
) -> None:
    assert spoken(shown("looked again", language)).count(sentence) == 2
    assert sentence not in spoken(shown("inconclusive", language))


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("shape", ["fake", "inconclusive", "nothing"])
def test_a_document_in_another_language_has_no_english_sentence(shape: str, language: str) -> None:
    document = pypdf.PdfReader(io.BytesIO(render_pdf(made(shape, language), {}, Words(language))))
    said = " ".join(page.extract_text() for page in document.pages)
    found = ENGLISH.search(said)
    assert found is None, said[max(0, found.start() - 60) : found.end() + 60]
    assert document.trailer["/Root"]["/Lang"] == language


@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_running_analysis_tells_its_progress_and_plan_in_the_readers_language(language: str) -> None:
    told = (
        ("queued", None, "The file was accepted and waits for its turn."),
        ("stage", "prepare", "Reading the file."),
        ("media", "prepare", "The file was read."),
        ("plan", "plan", "The instruction concerns the sound. Only 0.5-3.9 s is examined."),
        ("stage", "detect", "Examining faces and voice."),
        ("stage", "assess", "The evidence is clear after 16 frames."),
        ("evidence", "weigh", "The faces were scored."),
        ("verdict", "weigh", "Face 1 of 2 looks manipulated from 00:00 to 00:09"),
        ("explanation", "explain", "Heatmap of face 1 at 00:05."),
        ("waiting", None, "The database cannot be reached at the moment. The analysis goes on by itself."),
    )
    events = tuple(
        AnalysisEvent(id=number, analysis_id="an", kind=kind, stage=stage, message=message, created_at=NOW)
        for number, (kind, stage, message) in enumerate(told, start=1)
    )
    said = spoken(shown("fake", language, events))
    found = ENGLISH.search(said)
    assert found is None, said[max(0, found.start() - 60) : found.end() + 60]
    expected = {
        "de": (
            "Die Datei wurde gelesen.",
            "Geprüft wird nur 0,5-3,9 s.",
            "Nach 16 Bildern sind die Hinweise eindeutig.",
        ),
        "fr": ("Le fichier a été lu.", "Seul le passage 0,5-3,9 s est examiné.", "après 16 images."),
    }
    assert all(each in said for each in expected[language])
    assert "Examining faces and voice." in spoken(shown("fake", "en", events))


def test_each_voice_of_a_conversation_is_named_with_when_it_is_heard_and_what_it_scores() -> None:
    text = spoken(shown("voices"))
    assert re.search(r"voice A \(00:00–00:03, 00:06–00:09\)\s+yes · 10", text)
    assert re.search(r"voice B \(00:03–00:06, 00:09–00:12\)\s+yes · 97", text)
    assert "nobody is recognised" in text
    assert "voice B (00:03–00:06, 00:09–00:12); its score for a synthetic voice is 97" in text
    assert "nobody is recognised" not in spoken(shown("fake"))


def test_an_inconclusive_page_has_no_warm_colour_and_says_what_was_needed() -> None:
    html = shown("inconclusive")
    assert made("inconclusive").decision.outcome is Outcome.INCONCLUSIVE
    assert 'class="zone fake"' not in html
    assert 'class="zone real"' not in html
    assert 'class="manipulated"' not in html
    assert 'class="hot"' not in html
    assert "leans towards manipulated: 66.0 % for the faces, 68.0 % needed" in html
    assert 'class="stretch raised"' in html
    assert 'class="stretch"' not in html


def test_a_decided_page_marks_what_decided() -> None:
    html = shown("fake")
    assert 'class="zone fake"' in html
    assert "Face 1 of 2 looks manipulated" in html
    assert "the voice sounds synthetic" in html
    assert html.count('class="hot"') == len(re.findall(r'class="(?:hot)?" data-seek', html))


def test_nothing_to_examine_is_said_first_and_has_no_tables_of_reliability() -> None:
    html = shown("nothing")
    assert re.search(r"<h1[^>]*>.*?Nothing to examine</h1>", html, re.DOTALL)
    assert "Nothing to examine: no face was found" in html
    assert ">AUC<" not in html
    assert "Inconclusive" not in spoken(html)


def test_a_damaged_file_says_so_in_the_first_line() -> None:
    summary = re.search(r'<p class="summary">(.*?)</p>', shown("cut"))
    assert summary is not None
    assert summary[1].startswith("The file is damaged and could be read only in part.")


def test_a_picture_shows_no_heatmap_until_it_is_asked_for() -> None:
    assert "data-heat checked" not in shown("still")
    assert "data-heat checked" in shown("fake")


def test_a_second_opinion_is_by_another_method_than_the_first() -> None:
    offered = re.findall(r'<option value="([a-z-]+)">(?:Faces|Voice)', shown("fake"))
    assert "grad-cam" not in offered
    assert "grad-cam-plus-plus" in offered
