"""What the evidence of one analysis says to a question, as facts: each one sentence with the ids it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from agents.conversation import particulars
from agents.conversation.cases import Case, Grades
from agents.conversation.inquiry import PART, STREAM, Inquiry, absent, status_of, told
from agents.conversation.moments import facts_at
from agents.conversation.phrasing import say
from agents.conversation.question import Question
from agents.conversation.topics import Topic
from agents.report.case_evidence import Dossier, outcome_of
from agents.report.facts import MOST_STRETCHES, Fact, collect_facts, make_fact
from agents.report.slots import Moment, Noun, Percent
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


def facts_about(topic: Topic, question: Question, case: Case, grades: Grades) -> tuple[Fact, ...]:
    """All that the analysis holds on the topic. Never empty."""
    if case.dossier is None:
        if topic is Topic.MEDIA and case.analysis.media is not None:
            return tuple(particulars.media(case))
        return (status_of(case),)
    at = Inquiry(question, case, case.dossier, grades)
    return tuple(_TELLERS[topic](at)) or (told(case.dossier, "verdict")[0],)


# ---------------------------------------------------------------------------------------------- the whole


def _verdict(at: Inquiry) -> Iterator[Fact]:
    yield from told(at.dossier, "verdict")
    if at.dossier.verdict.outcome is Outcome.FAKE:
        yield from told(at.dossier, "visual.segment", "audio.segment")
    yield from _own_scores(at.dossier)
    yield from told(at.dossier, "alone")


def _own_scores(dossier: Dossier) -> list[Fact]:
    """What faces and voice come to, each by itself, or why they were not scored."""
    outcomes = (*(str(outcome) for outcome in Outcome), "unscored")
    return told(dossier, "image", *(f"{part}.{outcome}" for part in ("visual", "audio") for outcome in outcomes))


def _certainty(at: Inquiry) -> Iterator[Fact]:
    verdict = at.dossier.verdict
    yield from told(at.dossier, "verdict")
    if verdict.outcome is Outcome.INCONCLUSIVE:
        yield say("confidence.none", ("verdict",))
    elif verdict.p_fake is not None:
        sure = verdict.p_fake if verdict.outcome is Outcome.FAKE else 1.0 - verdict.p_fake
        yield say("confidence", ("verdict",), percent=percent_text(sure))
    yield from _own_scores(at.dossier)
    yield from told(at.dossier, "shares", "alone", "stability", "weakest")


def _why(at: Inquiry) -> Iterator[Fact]:
    yield from told(at.dossier, "verdict", "visual", "image", "heatmap", "audio", "spectrogram", "shares", "alone")
    yield from told(at.dossier, "limit", "weakest")


def _weights(at: Inquiry) -> Iterator[Fact]:
    yield from told(at.dossier, "shares", "alone")
    yield from _own_scores(at.dossier)
    yield from told(at.dossier, "unexamined.masked")


def _thresholds(at: Inquiry) -> Iterator[Fact]:
    limits = at.dossier.verdict.thresholds
    yield say("threshold.fake", ("verdict",), percent=percent_text(limits.fake))
    yield say("threshold.real", ("verdict",), percent=percent_text(limits.real))
    yield say("threshold.between", ("verdict",))
    yield from told(at.dossier, "verdict")[:1]


def _summary(at: Inquiry) -> Iterator[Fact]:
    yield from collect_facts(at.dossier)


def _unexamined(at: Inquiry) -> Iterator[Fact]:
    yield from told(at.dossier, "visual.unscored", "audio.unscored", "unexamined", "limit")
    yield say("declined.blind", ("service",))


def _reliability(at: Inquiry) -> Iterator[Fact]:
    yield from told(at.dossier, "verdict")[:1]
    yield from told(at.dossier, "weakest")
    for part in sorted(at.dossier.verdict.contributions, key=lambda each: -each.weight):
        if (grade := at.grades.get(part.modality)) is not None:
            cited = (f"card.{part.modality}",)
            rates = {"rate": percent_text(grade.false_alarm_rate), "missed": percent_text(grade.miss_rate)}
            yield say("reliability.rate", cited, part=PART[part.modality], **rates)
            yield say("reliability.population", cited, population=grade.population)
    yield from _measured(at)
    for each in _maps(at.dossier)[:2]:
        if each.faithfulness.reliable:
            still = at.dossier.media.kind is MediaKind.IMAGE
            key = "reliability.map.image" if still else "reliability.map"
            yield say(key, (each.id,), face=each.track_id, **({} if still else {"moment": clock(each.time_s)}))
        else:
            yield _unreliable(each)
    yield from told(at.dossier, "stability", "limit")
    yield say("not_proof", ("service",))


def _measured(at: Inquiry) -> Iterator[Fact]:
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
            yield say("reliability.auc", (f"card.{each.modality}",), **values)


# ---------------------------------------------------------------------------------------------- faces


def _stretches(at: Inquiry) -> Iterator[Fact]:
    yield from _segments(at.dossier, at.question.part)
    seen = at.dossier.visual
    if at.question.part is not Modality.AUDIO and seen is not None and seen.fake_frames_pct is not None:
        yield say("fake_frames", ("visual",), percent=per_cent_text(seen.fake_frames_pct))
    yield from told(at.dossier, "verdict")[:1]


def _segments(dossier: Dossier, part: Modality | None) -> Iterator[Fact]:
    seen, heard = dossier.visual, dossier.audio
    if part is not Modality.AUDIO:
        if seen is None:
            yield from absent(dossier, Modality.VISUAL)
        elif not isinstance(seen.finding, Scored):
            yield from told(dossier, "visual.unscored")
        elif dossier.media.kind is MediaKind.IMAGE:
            yield say("stretches.image", ("media",))
        elif seen.segments:
            yield from told(dossier, "visual.segment", "visual.further")
        else:
            yield say("stretches.faces.none", ("visual",))
    if part is not Modality.VISUAL:
        if heard is None:
            yield from absent(dossier, Modality.AUDIO)
        elif not isinstance(heard.finding, Scored):
            yield from told(dossier, "audio.unscored")
        elif heard.segments:
            yield from told(dossier, "audio.segment", "audio.further")
        else:
            yield say("stretches.voice.none", ("audio",))


def _faces(at: Inquiry) -> Iterator[Fact]:
    seen = at.dossier.visual
    if seen is None:
        yield from absent(at.dossier, Modality.VISUAL)
        return
    if not isinstance(seen.finding, Scored):
        yield from told(at.dossier, "visual.unscored")
        yield from told(at.dossier, "unexamined.masked")
        return
    image = at.dossier.media.kind is MediaKind.IMAGE
    number = "1 face was" if len(seen.tracks) == 1 else f"{len(seen.tracks)} faces were"
    if at.question.face is not None:
        named = [track for track in seen.tracks if track.id == at.question.face]
        if not named:
            yield say("faces.absent", ("visual",), face=at.question.face, number=number)
        yield from (fact for track in named for fact in _one_face(at.dossier, seen, track))
        return
    key = "faces.count.image" if image else "faces.count"
    yield say(key, ("visual",), number=number, **({} if image else {"subject": at.dossier.subject}))
    strongest = sorted(seen.tracks, key=lambda track: (not track.decides, -track.p_fake))[:MOST_TOLD]
    for track in sorted(strongest, key=lambda track: track.id):
        yield _score_of(at.dossier, track)
    if len(seen.tracks) > 1:
        top = max(seen.tracks, key=lambda track: track.p_fake)
        yield say("faces.most", (f"visual.track.{top.id}",), face=top.id, percent=percent_text(top.p_fake))
    if len(seen.tracks) > MOST_TOLD:
        yield say("faces.further", ("visual",))
    yield from told(at.dossier, "visual.segment", "visual.fake", "visual.real", "visual.inconclusive", "image")
    yield from (fact for each in _maps(at.dossier)[:2] for fact in _map_facts(at.dossier, each, None))
    yield from (fact for fact in told(at.dossier, "limit") if fact.citations == ("visual",))


def _one_face(dossier: Dossier, seen: VisualEvidence, track: FaceTrack) -> Iterator[Fact]:
    cited = (f"visual.track.{track.id}",)
    yield _score_of(dossier, track)
    for fact, segment in zip(told(dossier, "visual.segment"), _strongest(seen), strict=False):
        if segment == track.id:
            yield fact
    if dossier.media.kind is not MediaKind.IMAGE:
        start, end = clock(track.start_s), clock(track.end_s)
        if start == end:
            yield say("faces.view.moment", cited, face=track.id, start=start)
        else:
            yield say("faces.view", cited, face=track.id, start=start, end=end)
        frames = "1 frame" if len(track.frames) == 1 else f"{len(track.frames)} frames"
        yield say("faces.frames", cited, face=track.id, frames=frames)
    yield from (
        fact for each in _maps(dossier) if each.track_id == track.id for fact in _map_facts(dossier, each, None)
    )


def _strongest(seen: VisualEvidence) -> list[int]:
    """Whose the stretches are that the report tells, in its order."""
    told = sorted(seen.segments, key=lambda segment: -segment.p_fake)[:MOST_STRETCHES]
    return [segment.track_id for segment in sorted(told, key=lambda segment: (segment.start_s, segment.track_id))]


def _score_of(dossier: Dossier, track: FaceTrack) -> Fact:
    seen = dossier.visual
    outcome = outcome_of(track.p_fake, (seen and seen.thresholds) or dossier.verdict.thresholds)
    cited, percent = (f"visual.track.{track.id}",), Percent(track.p_fake)
    return make_fact(f"visual.track.{outcome}", cited, outcome, face=track.id, percent=percent)


def _maps(dossier: Dossier) -> list[VisualExplanation]:
    found = [each for each in dossier.explanations if isinstance(each, VisualExplanation) and each.regions]
    return sorted(found, key=lambda each: (not each.faithfulness.reliable, -each.p_fake))


def _unreliable(each: VisualExplanation) -> Fact:
    return make_fact("heatmap.unreliable", (each.id,), face=each.track_id)


def _map_facts(dossier: Dossier, each: VisualExplanation, region: str | None) -> Iterator[Fact]:
    if not each.faithfulness.reliable:
        yield _unreliable(each)
        return
    share = next((found for found in each.regions if str(found.region) == region), None) if region else each.regions[0]
    if share is None:
        return
    face, named, percent = each.track_id, Noun(str(share.region)), Percent(share.share)
    moment = {} if dossier.media.kind is MediaKind.IMAGE else {"moment": Moment(each.time_s)}
    key = f"{'region.share' if region else 'heatmap'}{'' if moment else '.image'}"
    word = say if region else make_fact
    yield word(key, (each.id,), face=face, region=named, share=percent, **moment)


def _region(at: Inquiry) -> Iterator[Fact]:
    seen = at.dossier.visual
    if seen is None:
        yield from absent(at.dossier, Modality.VISUAL)
        return
    if not isinstance(seen.finding, Scored):
        yield from told(at.dossier, "visual.unscored")
        return
    maps = [each for each in _maps(at.dossier) if at.question.face in (None, each.track_id)]
    if not maps:
        yield say("maps.none", ("visual",), subject=at.dossier.subject)
    found = [fact for each in maps[:MOST_TOLD] for fact in _map_facts(at.dossier, each, at.question.region)]
    if maps and at.question.region and not found:
        yield say("region.absent", ("visual",), region=at.question.region)
    yield from dict.fromkeys(found)
    yield from told(at.dossier, "visual.fake", "visual.real", "visual.inconclusive", "image")


# ---------------------------------------------------------------------------------------------- voice


def _voice(at: Inquiry) -> Iterator[Fact]:
    if at.dossier.audio is None:
        yield from absent(at.dossier, Modality.AUDIO)
        return
    yield from told(at.dossier, "audio")
    heard = at.dossier.audio
    if isinstance(heard.finding, Scored) and not heard.segments:
        yield say("stretches.voice.none", ("audio",))
    yield from told(at.dossier, "spectrogram", "shares", "alone")
    yield from (fact for fact in told(at.dossier, "limit") if fact.citations == ("audio",))


# ---------------------------------------------------------------------------------------------- moments


def _moment(at: Inquiry) -> Iterator[Fact]:
    yield from facts_at(at.question, at.dossier, lambda each: _map_facts(at.dossier, each, at.question.region))


Teller = Callable[[Inquiry], Iterator[Fact]]
_TELLERS: Final[dict[Topic, Teller]] = {
    Topic.VERDICT: _verdict,
    Topic.CERTAINTY: _certainty,
    Topic.WHY: _why,
    Topic.STRETCHES: _stretches,
    Topic.FACES: _faces,
    Topic.REGION: _region,
    Topic.VOICE: _voice,
    Topic.MOMENT: _moment,
    Topic.UNEXAMINED: _unexamined,
    Topic.RELIABILITY: _reliability,
    Topic.THRESHOLDS: _thresholds,
    Topic.WEIGHTS: _weights,
    Topic.MODELS: particulars.models,
    Topic.PLAN: particulars.plan_facts,
    Topic.MEDIA: particulars.media_of_inquiry,
    Topic.COVERAGE: particulars.coverage,
    Topic.SUMMARY: _summary,
    Topic.FILES: particulars.files,
    Topic.ORIGIN: particulars.origin,
}
