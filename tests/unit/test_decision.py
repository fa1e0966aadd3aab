"""For any evidence: no sentence, label or colour of any surface says something else than what decided."""

from __future__ import annotations

import io
import re
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from agents.conversation.answering.phrasing import translate
from agents.conversation.answering.replies import collect_facts_about
from agents.conversation.cases import Case
from agents.conversation.understanding.question import read_question
from agents.conversation.understanding.topics import Topic
from agents.report import CaseEvidence, collect_facts, translate_facts
from agents.report.headline import compose_headline
from api.usecases.timeline import timeline_of
from api.web.catalogue import catalogue
from api.web.drawing import draw
from api.web.rendering import _templates, vocabulary
from cli.progress import name_verdict, print_report
from core.types import (
    AudioCoverage,
    AudioEvidence,
    AudioSegment,
    AudioWindow,
    Box,
    DecidedBy,
    Decision,
    DetectorRef,
    Evidence,
    FaceTrack,
    FacialRegion,
    FrameScore,
    MediaInfo,
    MediaKind,
    Modality,
    Outcome,
    Plan,
    PlanInputs,
    Reason,
    ReasonCode,
    RegionShare,
    Scored,
    Thresholds,
    Unscored,
    Verdict,
    VisualCoverage,
    VisualEvidence,
    VisualExplanation,
    VisualSegment,
    decide,
)
from detectors.fusion import weigh
from explainers.rendering.wording import level, limits_of, title
from prompts.headline import VERSIONS, write_headline
from prompts.words import Words
from tests.fixtures.ports import analysis
from tests.fixtures.reports import every_shape, media, report_of

LIMITS: Final = (
    Thresholds(version="one", real=0.2219, fake=0.927),
    Thresholds(version="two", real=0.2615, fake=0.7691),
)
ASKED: Final = (
    Topic.VERDICT, Topic.SUMMARY, Topic.CERTAINTY, Topic.WHY, Topic.STRETCHES, Topic.FACES, Topic.VOICE,
    Topic.THRESHOLDS, Topic.WORST, Topic.CHANGE, Topic.WORD,
)  # fmt: skip
PLAN: Final = Plan(
    inputs=PlanInputs(instruction="", media_kind=MediaKind.VIDEO, has_video=True, has_audio=True, duration_s=9.0),
    paths=tuple(Modality),
    frame_budget=16,
    decided_by=DecidedBy(kind="rules", rule="everything_there_is"),
    why="No instruction was given, so everything that the file holds is examined.",
)
FLAWS: Final = (
    Reason(code=ReasonCode.LOW_QUALITY, message="The faces are too small to judge."),
    Reason(code=ReasonCode.UNFAMILIAR, message="The faces do not look like any that the model knows."),
    Reason(code=ReasonCode.STREAM_TRUNCATED, message="The file ends before its stated length."),
)
CLAIMS: Final = {
    "en": r"looks? manipulated|scores? as manipulated|sounds synthetic|scores? as synthetic",
    "de": r"wirk(t|en) manipuliert|gilt mit|gilt als manipuliert|gelten mit|klingt künstlich"
    r"|mit [\d,]+\s% als künstlich|als künstlich gilt",
    "fr": r"sembl(e|ent) manipulé|classés? comme|classée comme|semble synthétique",
}
CLEARANCES: Final = {
    "en": "no evidence of manipulation found|no evidence of manipulation was found",
    "de": "kein Hinweis auf eine Manipulation",
    "fr": "aucun signe de manipulation (n’a été )?trouvé",
}
_SCORES = st.floats(0.0, 1.0).map(lambda value: round(value, 4))


@st.composite
def faces(draw_from: st.DrawFn) -> VisualEvidence:
    """Faces as the detector reports them: the clearest of those that may decide gives score, limits and outcome."""
    scores = draw_from(st.lists(_SCORES, min_size=0, max_size=3))
    coverage = VisualCoverage(frames_sampled=16, frames_with_face=12 if scores else 0, faces_scored=12 * len(scores))
    detector = DetectorRef(name="visual", version="1")
    if not scores:
        reason = Reason(code=ReasonCode.NO_FACE, message="No face was found in the 16 frames that were examined.")
        return VisualEvidence(
            detector=detector, finding=Unscored(reason=reason), coverage=coverage, thresholds=LIMITS[0]
        )
    tracks = []
    for number, score in enumerate(scores, start=1):
        frames = tuple(
            FrameScore(
                frame_index=index, time_s=float(index), box=Box(x_px=1, y_px=1, width_px=9, height_px=9),
                p_fake=min(1.0, max(0.0, score + draw_from(st.floats(-0.2, 0.2)))), quality=0.8,
            )
            for index in range(4)
        )  # fmt: skip
        limits = draw_from(st.sampled_from(LIMITS))
        decides = number == 1 or draw_from(st.booleans())
        tracks.append(
            FaceTrack(
                id=number, start_s=0, end_s=3, p_fake=score, frames=frames, decides=decides, thresholds=limits
            )
        )  # fmt: skip
    best = max((each for each in tracks if each.decides), key=lambda each: each.p_fake)
    limits = best.thresholds or LIMITS[0]
    flaws = draw_from(st.sampled_from(((), (), FLAWS[:1], FLAWS[1:2], FLAWS[2:])))
    is_flawed = bool(flaws) and flaws[0].code is not ReasonCode.STREAM_TRUNCATED
    segments = tuple(
        VisualSegment(id=number, track_id=draw_from(st.sampled_from(tracks)).id, start_s=0, end_s=2, p_fake=score)
        for number, score in enumerate(draw_from(st.lists(_SCORES, max_size=5)), start=1)
    )
    return VisualEvidence(
        detector=detector,
        finding=Scored(
            p_fake=best.p_fake, calibration_version="1", uncalibrated=0.0,
            outcome=Outcome.INCONCLUSIVE if is_flawed else limits.outcome(best.p_fake),
        ),
        coverage=coverage, tracks=tuple(tracks), segments=segments, quality=draw_from(st.floats(0.05, 1.0)),
        thresholds=limits, limits=flaws,
    )  # fmt: skip


@st.composite
def voices(draw_from: st.DrawFn) -> AudioEvidence:
    detector, limits = DetectorRef(name="audio", version="1"), Thresholds(version="v", real=0.2112, fake=0.8621)
    if not draw_from(st.booleans()):
        reason = Reason(code=ReasonCode.NO_SPEECH, message="No speech was found in the sound.")
        coverage = AudioCoverage(total_s=9, speech_s=0)
        return AudioEvidence(detector=detector, finding=Unscored(reason=reason), coverage=coverage, thresholds=limits)
    score, is_short = draw_from(_SCORES), draw_from(st.booleans())
    short = Reason(code=ReasonCode.TOO_LITTLE_SPEECH, message="Only 1.2 seconds of speech were found.")
    return AudioEvidence(
        detector=detector,
        finding=Scored(
            p_fake=score, calibration_version="1", uncalibrated=0.0,
            outcome=Outcome.INCONCLUSIVE if is_short else limits.outcome(score),
        ),
        coverage=AudioCoverage(total_s=9, speech_s=1.2 if is_short else 8.0),
        windows=(AudioWindow(start_s=0, end_s=3, p_fake=score, speech_s=2.9),),
        segments=tuple(
            AudioSegment(id=number, start_s=0, end_s=3, p_fake=each)
            for number, each in enumerate(draw_from(st.lists(_SCORES, max_size=4)), start=1)
        ),
        thresholds=limits,
        limits=(short,) if is_short else (),
    )  # fmt: skip


@st.composite
def cases(draw_from: st.DrawFn) -> tuple[Verdict, tuple[Evidence, ...], MediaInfo]:
    both = draw_from(st.sampled_from(("faces", "voice", "both")))
    evidence: tuple[Evidence, ...] = tuple(
        draw_from(made()) for name, made in (("faces", faces), ("voice", voices)) if both in (name, "both")
    )
    info = media(9.0).model_copy(update={"truncated": draw_from(st.booleans())})
    return weigh(evidence), evidence, info


def found_by_itself(decision: Decision, modality: Modality) -> bool:
    part = decision.part(modality)
    return part is not None and part.outcome is Outcome.FAKE


@settings(deadline=None, max_examples=200)
@given(cases())
def test_the_account_agrees_with_itself(case: tuple[Verdict, tuple[Evidence, ...], MediaInfo]) -> None:
    verdict, evidence, info = case
    decision = decide(verdict, evidence, info)
    assert decision.outcome is verdict.outcome
    assert bool(decision.deciding) is (decision.outcome is not Outcome.INCONCLUSIVE)
    for part in decision.parts:
        if part.decided:
            assert part.limits is not None
            assert part.p_fake is not None
            assert part.limits.outcome(part.p_fake) is decision.outcome
        if part.outcome is not Outcome.FAKE:
            assert not part.manipulated
            assert all(face.outcome is not Outcome.FAKE for face in part.faces)
        for stretch in part.manipulated:
            assert part.limits is not None
            face = None if stretch.track_id is None else decision.face(stretch.track_id)
            limits = part.limits if face is None else face.limits
            assert limits is not None
            assert stretch.p_fake >= limits.fake
            assert face is None or face.outcome is Outcome.FAKE
    leaning = decision.leaning
    if decision.outcome is not Outcome.INCONCLUSIVE or decision.state != "examined":
        assert decision.outcome is Outcome.INCONCLUSIVE or leaning is None
    elif leaning is not None:
        is_past = (
            leaning.p_fake >= leaning.needed if leaning.towards is Outcome.FAKE else leaning.p_fake <= leaning.needed
        )
        assert is_past is (leaning.withheld is not None)
    if verdict.p_fake is None:
        assert decision.state != "examined"
        assert decision.leading is None


@settings(deadline=None, max_examples=60)
@given(cases())
def test_no_sentence_in_any_language_contradicts_it(case: tuple[Verdict, tuple[Evidence, ...], MediaInfo]) -> None:
    verdict, evidence, info = case
    read = CaseEvidence(media=info, plan=PLAN, verdict=verdict, evidence=evidence)
    decision = read.decision
    facts = collect_facts(read)
    for fact in facts:
        if fact.asserts is None:
            continue
        owner = fact.citations[0].split(".")[0]
        if owner == "verdict":
            assert fact.asserts is decision.outcome
        elif fact.asserts is Outcome.FAKE:
            assert found_by_itself(decision, Modality(owner))
    anything = any(part.outcome is Outcome.FAKE for part in decision.parts)
    for language in VERSIONS:
        line = write_headline(decision, language)
        assert bool(re.search(CLAIMS[language], line)) is (decision.outcome is Outcome.FAKE), line
        assert bool(re.search(CLEARANCES[language], line, re.IGNORECASE)) is (decision.outcome is Outcome.REAL), line
        told = translate_facts(facts, language)
        for fact in told:
            if not anything and fact.key != "limit":
                claimed = re.search(CLAIMS[language], fact.text)
                assert claimed is None or ".raised" in fact.key, fact.text
        first = next(fact for fact in told if fact.key != "verdict.cut_short")
        cleared = re.search(CLEARANCES[language], first.text, re.IGNORECASE)
        assert bool(cleared) is (decision.outcome is Outcome.REAL), first.text
        if info.truncated:
            assert told[0].key == "verdict.cut_short"
    assert compose_headline(read).xai_summary == write_headline(decision)


@settings(deadline=None, max_examples=40)
@given(cases(), st.sampled_from(sorted(VERSIONS)))
def test_no_colour_or_label_of_the_page_contradicts_it(
    case: tuple[Verdict, tuple[Evidence, ...], MediaInfo], language: str
) -> None:
    verdict, evidence, info = case
    decision = decide(verdict, evidence, info)
    words = catalogue(language)
    parts = _templates().get_template("_parts.html").make_module(vocabulary(words))
    html = str(parts.measured(decision))  # type: ignore[attr-defined]
    coloured = re.findall(r'class="zone (real|fake)"', html)
    assert not coloured or decision.outcome is not Outcome.INCONCLUSIVE
    for part in decision.parts:
        if part.outcome is not None:
            assert words.say(f"outcome.{part.outcome}") in html
    state = str(parts.state_of(verdict))  # type: ignore[attr-defined]
    assert state == ("nothing_to_examine" if decision.state == "nothing_to_examine" else str(decision.outcome))
    timeline = timeline_of("an_x", info, None, verdict.thresholds, decision, evidence, (), ())
    drawing = draw(timeline)
    for lane in () if drawing is None else (*drawing.lanes, *drawing.folded):
        modality = Modality.VISUAL if lane.track else Modality.AUDIO
        hot = [mark for mark in lane.marks if mark.segment.manipulated]
        assert not hot or found_by_itself(decision, modality)
        if lane.track is not None and lane.track.outcome is Outcome.FAKE:
            assert found_by_itself(decision, Modality.VISUAL)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_no_line_of_the_document_contradicts_it(case: tuple[Verdict, tuple[Evidence, ...], MediaInfo]) -> None:
    verdict, evidence, info = case
    decision = decide(verdict, evidence, info)
    heading = title(Words(), decision)
    assert (heading == "Manipulated") is (decision.outcome is Outcome.FAKE)
    assert (heading == "No evidence of manipulation") is (decision.outcome is Outcome.REAL)
    for part in decision.parts:
        said = limits_of(Words(), part)
        if part.outcome is not None:
            named = {"manipulated": Outcome.FAKE, "inconclusive": Outcome.INCONCLUSIVE}
            word = said.split(" (")[0].rpartition(", ")[2]
            assert named.get(word, Outcome.REAL) is part.outcome
        for stretch in part.stretches:
            assert level(Words(), stretch) == ("manipulated" if stretch.is_manipulated else "raised")


@settings(deadline=None, max_examples=40)
@given(cases(), st.sampled_from(sorted(VERSIONS)))
def test_no_answer_contradicts_it(case: tuple[Verdict, tuple[Evidence, ...], MediaInfo], language: str) -> None:
    verdict, evidence, info = case
    read = CaseEvidence(media=info, plan=PLAN, verdict=verdict, evidence=evidence)
    decision = read.decision
    known = analysis("an").model_copy(update={"verdict": verdict, "plan": PLAN, "media": info})
    asked = Case(1, known, read, None)
    anything = any(part.outcome is Outcome.FAKE for part in decision.parts)
    for topic in ASKED:
        told = collect_facts_about(topic, read_question(""), asked, {})
        for fact in told:
            if fact.asserts is Outcome.FAKE:
                assert anything, fact.text
            text = translate(fact, language).text
            if not anything and ".raised" not in fact.key and "without" not in fact.key:
                assert re.search(CLAIMS[language], text) is None, (topic, text)
            if decision.outcome is Outcome.FAKE and topic in (Topic.VERDICT, Topic.SUMMARY):
                assert re.search(CLEARANCES[language], told[0].text, re.IGNORECASE) is None, told[0].text


@settings(deadline=None, max_examples=25)
@given(cases(), st.sampled_from(sorted(VERSIONS)))
def test_no_line_of_the_terminal_or_the_result_contradicts_it(
    case: tuple[Verdict, tuple[Evidence, ...], MediaInfo], language: str
) -> None:
    verdict, evidence, info = case
    report, _ = report_of(verdict.outcome, evidence, info=info, reasons=verdict.reasons)
    report = report.model_copy(update={"verdict": verdict})
    decision, words, shown = report.decision, Words(language), io.StringIO()
    print_report(Console(file=shown, width=200), report, language)
    heading = shown.getvalue().splitlines()[0]
    state = str(decision.outcome) if decision.state == "examined" else decision.state
    assert words.say(f"verdict.{state}").upper() in heading
    is_found = decision.outcome is Outcome.FAKE
    assert bool(re.search(CLAIMS[language], shown.getvalue().splitlines()[1])) is is_found
    label = {Outcome.FAKE: "Fake", Outcome.REAL: "Real", Outcome.INCONCLUSIVE: "Inconclusive"}[decision.outcome]
    named = name_verdict(label, decision.state)
    assert (named == "manipulated") is is_found
    assert (named == "inconclusive") is (state == "inconclusive")
    assert bool(decision.absent) is (decision.state != "examined")


def test_the_sentence_of_the_verdict_names_every_part_that_decided() -> None:
    one, other = (next(made for name, made, _ in every_shape() if name == shape) for shape in ("fake", "five faces"))
    both = CaseEvidence(one.media, one.plan, one.verdict, one.evidence)
    sentence = collect_facts(both)[0]
    assert sentence.key == "verdict.fake.both"
    assert "91.0 % for the faces" in sentence.text
    assert "88.0 % for the voice" in sentence.text
    alone = collect_facts(CaseEvidence(other.media, other.plan, other.verdict, other.evidence))[0]
    assert alone.key == "verdict.fake"
    assert "voice" not in alone.text


def test_a_heatmap_is_told_once_a_second_and_region() -> None:
    report = next(made for name, made, _ in every_shape() if name == "fake")
    shown = next(each for each in report.explanations if isinstance(each, VisualExplanation) and each.regions)
    reliable = shown.faithfulness.model_copy(update={"reliable": True})
    mouth, eyes = RegionShare(region=FacialRegion.MOUTH, share=0.4), RegionShare(region=FacialRegion.EYES, share=0.5)

    def told(*maps: tuple[float, RegionShare]) -> int:
        made = tuple(
            shown.model_copy(
                update={"id": f"heatmap.{number}", "time_s": time_s, "regions": (region,), "faithfulness": reliable}
            )
            for number, (time_s, region) in enumerate(maps, start=1)
        )
        facts = collect_facts(CaseEvidence(report.media, report.plan, report.verdict, report.evidence, made))
        return sum(fact.key == "heatmap" for fact in facts)

    assert told((4.1, mouth), (4.9, mouth)) == 1
    assert told((4.1, mouth), (4.9, eyes)) == 1
    assert told((4.1, mouth), (9.0, mouth)) == 1
    assert told((4.1, mouth), (9.0, eyes)) == 2


def test_a_picture_without_a_face_is_nothing_to_examine() -> None:
    reason = Reason(code=ReasonCode.NO_FACE, message="No face was found in the 1 frames that were examined.")
    seen = VisualEvidence(
        detector=DetectorRef(name="visual", version="1"),
        finding=Unscored(reason=reason),
        coverage=VisualCoverage(frames_sampled=1, frames_with_face=0, faces_scored=0),
    )
    info = media(0.0, has_audio=False).model_copy(update={"kind": MediaKind.IMAGE})
    decision = decide(weigh((seen,)), (seen,), info)
    assert decision.state == "nothing_to_examine"
    assert write_headline(decision) == "Nothing to examine: no face was found"
    assert write_headline(decision, "de") == "Nichts zu untersuchen: es wurde kein Gesicht gefunden"
