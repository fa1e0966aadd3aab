"""What the evidence of one analysis says to a question, as facts: each one sentence with the ids it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from agents.conversation import analysis_details
from agents.conversation.cases import Case, ErrorRates
from agents.conversation.inquiry import PART, STREAM, Inquiry, describe_status, explain_absence, select_facts
from agents.conversation.phrasing import word_answer
from agents.conversation.points_in_time import describe_time
from agents.conversation.question import Question
from agents.conversation.topics import Topic
from agents.report import (
    MOST_STRETCHES,
    CaseEvidence,
    Fact,
    Moment,
    Noun,
    Percent,
    collect_facts,
    describe_face,
    describe_measurement,
    make_fact,
)
from core.figures import clock, decimal_text, per_cent_text, percent_text
from core.types import (
    FaceTrack,
    MediaKind,
    Modality,
    Outcome,
    Scored,
    VisualEvidence,
    VisualExplanation,
)

MOST_TOLD: Final = 8
"""Of a kind, in one answer."""


def collect_facts_about(topic: Topic, question: Question, case: Case, grades: ErrorRates) -> tuple[Fact, ...]:
    """All that the analysis holds on the topic. Never empty."""
    if case.case_evidence is None:
        if topic is Topic.MEDIA and case.analysis.media is not None:
            return tuple(analysis_details.describe_file(case))
        return (describe_status(case),)
    at = Inquiry(question, case, case.case_evidence, grades)
    return tuple(_SOURCES[topic](at)) or (select_facts(case.case_evidence, "verdict")[0],)


# ---------------------------------------------------------------------------------------------- the whole


def _describe_verdict(at: Inquiry) -> Iterator[Fact]:
    yield from select_facts(at.case_evidence, "verdict")
    if at.case_evidence.verdict.outcome is Outcome.FAKE:
        yield from select_facts(at.case_evidence, "visual.segment", "audio.segment")
    yield from _describe_own_scores(at.case_evidence)
    yield from select_facts(at.case_evidence, "alone")


def _describe_own_scores(case_evidence: CaseEvidence) -> list[Fact]:
    """What faces and voice come to, each by itself, or why they were not scored."""
    outcomes = (*(str(outcome) for outcome in Outcome), "unscored")
    return select_facts(
        case_evidence, "image", *(f"{part}.{outcome}" for part in ("visual", "audio") for outcome in outcomes)
    )


def _describe_certainty(at: Inquiry) -> Iterator[Fact]:
    verdict = at.case_evidence.verdict
    yield from select_facts(at.case_evidence, "verdict")
    if verdict.outcome is Outcome.INCONCLUSIVE:
        yield word_answer("confidence.none", ("verdict",))
    elif verdict.p_fake is not None:
        sure = verdict.p_fake if verdict.outcome is Outcome.FAKE else 1.0 - verdict.p_fake
        yield word_answer("confidence", ("verdict",), percent=percent_text(sure))
    yield from _describe_own_scores(at.case_evidence)
    yield from select_facts(at.case_evidence, "shares", "alone", "stability", "weakest")


def _describe_why(at: Inquiry) -> Iterator[Fact]:
    yield from select_facts(
        at.case_evidence, "verdict", "visual", "image", "heatmap", "audio", "spectrogram", "shares", "alone"
    )
    yield from select_facts(at.case_evidence, "limit", "weakest")


def _describe_weights(at: Inquiry) -> Iterator[Fact]:
    yield from select_facts(at.case_evidence, "shares", "alone")
    yield from _describe_own_scores(at.case_evidence)
    yield from select_facts(at.case_evidence, "unexamined.masked")


def _describe_thresholds(at: Inquiry) -> Iterator[Fact]:
    limits = at.case_evidence.verdict.thresholds
    yield word_answer("threshold.fake", ("verdict",), percent=percent_text(limits.fake))
    yield word_answer("threshold.real", ("verdict",), percent=percent_text(limits.real))
    yield word_answer("threshold.between", ("verdict",))
    yield from select_facts(at.case_evidence, "verdict")[:1]


def _describe_summary(at: Inquiry) -> Iterator[Fact]:
    yield from collect_facts(at.case_evidence)


def _describe_unexamined(at: Inquiry) -> Iterator[Fact]:
    yield from select_facts(at.case_evidence, "visual.unscored", "audio.unscored", "unexamined", "limit")
    yield word_answer("declined.blind", ("service",))


def _describe_reliability(at: Inquiry) -> Iterator[Fact]:
    yield from select_facts(at.case_evidence, "verdict")[:1]
    yield from select_facts(at.case_evidence, "weakest")
    for part in sorted(at.case_evidence.verdict.contributions, key=lambda each: -each.weight):
        if (grade := at.grades.get(part.modality)) is not None:
            cited = (f"card.{part.modality}",)
            rates = {"rate": percent_text(grade.false_alarm_rate), "missed": percent_text(grade.miss_rate)}
            yield word_answer("reliability.rate", cited, part=PART[part.modality], **rates)
            yield word_answer("reliability.population", cited, population=grade.population)
    yield from _describe_measured(at)
    for each in _list_maps(at.case_evidence)[:2]:
        if each.faithfulness.reliable:
            still = at.case_evidence.media.kind is MediaKind.IMAGE
            key = "reliability.map.image" if still else "reliability.map"
            yield word_answer(key, (each.id,), face=each.track_id, **({} if still else {"moment": clock(each.time_s)}))
        else:
            yield _describe_unreliable_map(each)
    yield from select_facts(at.case_evidence, "stability", "limit")
    yield word_answer("not_proof", ("service",))


def _describe_measured(at: Inquiry) -> Iterator[Fact]:
    """How well each detector told real from fake on material that it was not trained on."""
    for each in at.case.report.reliability if at.case.report else ():
        if not each.is_of_this_model:
            continue
        for population in each.populations[:MOST_TOLD]:
            values = {
                "part": STREAM[each.modality],
                "population": population.name,
                "auc": decimal_text(population.auc, 2),
            }
            yield word_answer("reliability.auc", (f"card.{each.modality}",), **values)


# ---------------------------------------------------------------------------------------------- faces


def _describe_stretches(at: Inquiry) -> Iterator[Fact]:
    yield from _describe_segments(at.case_evidence, at.question.part)
    seen = at.case_evidence.visual
    if at.question.part is not Modality.AUDIO and seen is not None and seen.fake_frames_pct is not None:
        yield word_answer("fake_frames", ("visual",), percent=per_cent_text(seen.fake_frames_pct))
    yield from select_facts(at.case_evidence, "verdict")[:1]


def _describe_segments(case_evidence: CaseEvidence, part: Modality | None) -> Iterator[Fact]:
    seen, heard = case_evidence.visual, case_evidence.audio
    if part is not Modality.AUDIO:
        if seen is None:
            yield from explain_absence(case_evidence, Modality.VISUAL)
        elif not isinstance(seen.finding, Scored):
            yield from select_facts(case_evidence, "visual.unscored")
        elif case_evidence.media.kind is MediaKind.IMAGE:
            yield word_answer("stretches.image", ("media",))
        elif seen.segments:
            yield from select_facts(case_evidence, "visual.segment", "visual.further")
        else:
            yield word_answer("stretches.faces.none", ("visual",))
    if part is not Modality.VISUAL:
        if heard is None:
            yield from explain_absence(case_evidence, Modality.AUDIO)
        elif not isinstance(heard.finding, Scored):
            yield from select_facts(case_evidence, "audio.unscored")
        elif heard.segments:
            yield from select_facts(case_evidence, "audio.segment", "audio.further")
        else:
            yield word_answer("stretches.voice.none", ("audio",))


def _describe_faces(at: Inquiry) -> Iterator[Fact]:
    seen = at.case_evidence.visual
    if seen is None:
        yield from explain_absence(at.case_evidence, Modality.VISUAL)
        return
    if not isinstance(seen.finding, Scored):
        yield from select_facts(at.case_evidence, "visual.unscored")
        yield from select_facts(at.case_evidence, "unexamined.masked")
        return
    image = at.case_evidence.media.kind is MediaKind.IMAGE
    number = "1 face was" if len(seen.tracks) == 1 else f"{len(seen.tracks)} faces were"
    if at.question.face is not None:
        named = [track for track in seen.tracks if track.id == at.question.face]
        if not named:
            yield word_answer("faces.absent", ("visual",), face=at.question.face, number=number)
        yield from (fact for track in named for fact in _describe_one_face(at.case_evidence, seen, track))
        return
    key = "faces.count.image" if image else "faces.count"
    yield word_answer(key, ("visual",), number=number, **({} if image else {"subject": at.case_evidence.subject}))
    strongest = sorted(seen.tracks, key=lambda track: (not track.decides, -track.p_fake))[:MOST_TOLD]
    for track in sorted(strongest, key=lambda track: track.id):
        yield describe_face(at.case_evidence.decision, track)
    if len(seen.tracks) > 1:
        top = max(seen.tracks, key=lambda track: track.p_fake)
        yield word_answer("faces.most", (f"visual.track.{top.id}",), face=top.id, percent=percent_text(top.p_fake))
    if len(seen.tracks) > MOST_TOLD:
        yield word_answer("faces.further", ("visual",))
    yield from select_facts(
        at.case_evidence, "visual.segment", "visual.fake", "visual.real", "visual.inconclusive", "image"
    )
    yield from (
        fact for each in _list_maps(at.case_evidence)[:2] for fact in _describe_map(at.case_evidence, each, None)
    )
    yield from (fact for fact in select_facts(at.case_evidence, "limit") if fact.citations == ("visual",))


def _describe_one_face(case_evidence: CaseEvidence, seen: VisualEvidence, track: FaceTrack) -> Iterator[Fact]:
    cited = (f"visual.track.{track.id}",)
    yield describe_face(case_evidence.decision, track)
    for fact, segment in zip(select_facts(case_evidence, "visual.segment"), _list_strongest_faces(seen), strict=False):
        if segment == track.id:
            yield fact
    if case_evidence.media.kind is not MediaKind.IMAGE:
        start, end = clock(track.start_s), clock(track.end_s)
        if start == end:
            yield word_answer("faces.view.moment", cited, face=track.id, start=start)
        else:
            yield word_answer("faces.view", cited, face=track.id, start=start, end=end)
        frames = "1 frame" if len(track.frames) == 1 else f"{len(track.frames)} frames"
        yield word_answer("faces.frames", cited, face=track.id, frames=frames)
    yield from (
        fact
        for each in _list_maps(case_evidence)
        if each.track_id == track.id
        for fact in _describe_map(case_evidence, each, None)
    )


def _list_strongest_faces(seen: VisualEvidence) -> list[int]:
    """Whose the stretches are that the report tells, in its order."""
    told = sorted(seen.segments, key=lambda segment: -segment.p_fake)[:MOST_STRETCHES]
    return [segment.track_id for segment in sorted(told, key=lambda segment: (segment.start_s, segment.track_id))]


def _list_maps(case_evidence: CaseEvidence) -> list[VisualExplanation]:
    found = [each for each in case_evidence.explanations if isinstance(each, VisualExplanation) and each.regions]
    return sorted(found, key=lambda each: (not each.faithfulness.reliable, -each.p_fake))


def _describe_unreliable_map(each: VisualExplanation) -> Fact:
    return make_fact("heatmap.unreliable", (each.id,), face=each.track_id)


def _describe_map(case_evidence: CaseEvidence, each: VisualExplanation, region: str | None) -> Iterator[Fact]:
    if not each.faithfulness.reliable:
        yield _describe_unreliable_map(each)
        return
    share = next((found for found in each.regions if str(found.region) == region), None) if region else each.regions[0]
    if share is None:
        return
    face, named, percent = each.track_id, Noun(str(share.region)), Percent(share.share)
    moment = {} if case_evidence.media.kind is MediaKind.IMAGE else {"moment": Moment(each.time_s)}
    key = f"{'region.share' if region else 'heatmap'}{'' if moment else '.image'}"
    word = word_answer if region else make_fact
    yield word(key, (each.id,), face=face, region=named, share=percent, **moment)


def _describe_region(at: Inquiry) -> Iterator[Fact]:
    seen = at.case_evidence.visual
    if seen is None:
        yield from explain_absence(at.case_evidence, Modality.VISUAL)
        return
    if not isinstance(seen.finding, Scored):
        yield from select_facts(at.case_evidence, "visual.unscored")
        return
    maps = [each for each in _list_maps(at.case_evidence) if at.question.face in (None, each.track_id)]
    if not maps:
        yield word_answer("maps.none", ("visual",), subject=at.case_evidence.subject)
    found = [fact for each in maps[:MOST_TOLD] for fact in _describe_map(at.case_evidence, each, at.question.region)]
    if maps and at.question.region and not found:
        yield word_answer("region.absent", ("visual",), region=at.question.region)
    yield from dict.fromkeys(found)
    yield from select_facts(at.case_evidence, "visual.fake", "visual.real", "visual.inconclusive", "image")


# ---------------------------------------------------------------------------------------------- voice


def _describe_voice(at: Inquiry) -> Iterator[Fact]:
    if at.case_evidence.audio is None:
        yield from explain_absence(at.case_evidence, Modality.AUDIO)
        return
    heard = at.case_evidence.audio
    asked = [each for each in heard.acoustics if at.question.measure in (each.measure, "acoustics")]
    if asked:
        yield from (describe_measurement(each) for each in asked)
        yield from select_facts(at.case_evidence, "measured.count")
        return
    yield from select_facts(at.case_evidence, "audio", "measured")
    if isinstance(heard.finding, Scored) and not heard.segments:
        yield word_answer("stretches.voice.none", ("audio",))
    yield from select_facts(at.case_evidence, "spectrogram", "shares", "alone")
    yield from (fact for fact in select_facts(at.case_evidence, "limit") if fact.citations == ("audio",))


# ---------------------------------------------------------------------------------------------- moments


def _describe_moment(at: Inquiry) -> Iterator[Fact]:
    yield from describe_time(
        at.question, at.case_evidence, lambda each: _describe_map(at.case_evidence, each, at.question.region)
    )


FactSource = Callable[[Inquiry], Iterator[Fact]]
_SOURCES: Final[dict[Topic, FactSource]] = {
    Topic.VERDICT: _describe_verdict,
    Topic.CERTAINTY: _describe_certainty,
    Topic.WHY: _describe_why,
    Topic.STRETCHES: _describe_stretches,
    Topic.FACES: _describe_faces,
    Topic.REGION: _describe_region,
    Topic.VOICE: _describe_voice,
    Topic.MOMENT: _describe_moment,
    Topic.UNEXAMINED: _describe_unexamined,
    Topic.RELIABILITY: _describe_reliability,
    Topic.THRESHOLDS: _describe_thresholds,
    Topic.WEIGHTS: _describe_weights,
    Topic.MODELS: analysis_details.describe_models,
    Topic.PLAN: analysis_details.describe_plan,
    Topic.MEDIA: analysis_details.describe_media,
    Topic.COVERAGE: analysis_details.describe_coverage,
    Topic.SUMMARY: _describe_summary,
    Topic.FILES: analysis_details.describe_downloads,
    Topic.ORIGIN: analysis_details.describe_origin,
}
