"""What was seen and heard at a moment, or within a stretch, that somebody asks about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from agents.conversation.inquiry import select_facts
from agents.conversation.phrasing import word_answer
from agents.conversation.question import Question
from agents.report import CaseEvidence, Fact, SlotValue
from core.figures import clock, percent_text, seconds_text
from core.types import MediaKind, Modality, Scored, TimeRange, VisualEvidence, VisualExplanation

NEAR_S: Final = 1.5
"""A frame or a map this far from a moment is still of that moment."""

MapDescriber = Callable[[VisualExplanation], Iterable[Fact]]


def describe_time(question: Question, case_evidence: CaseEvidence, describe_map: MapDescriber) -> Iterator[Fact]:
    """Scores of faces and voice at the question's moment or stretch, and the maps that belong to it."""
    if case_evidence.media.kind is MediaKind.IMAGE:
        yield word_answer("moment.image", ("media",))
        return
    start_s = question.range_s.start_s if question.range_s else question.moment_s
    if start_s is not None and start_s > case_evidence.media.duration_s:
        yield word_answer(
            "moment.beyond",
            ("media",),
            subject=case_evidence.subject,
            end=clock(case_evidence.media.duration_s),
            moment=clock(start_s),
        )
    elif question.range_s is not None:
        yield from _describe_stretch(question, case_evidence, question.range_s, describe_map)
    elif question.moment_s is not None:
        yield from _describe_moment(question, case_evidence, question.moment_s, describe_map)


def _describe_moment(
    question: Question, case_evidence: CaseEvidence, moment_s: float, describe_map: MapDescriber
) -> Iterator[Fact]:
    moment = clock(moment_s)
    if question.part is not Modality.AUDIO:
        yield from _describe_faces_at(question, case_evidence, moment_s, moment)
    if question.part is not Modality.VISUAL:
        yield from _describe_voice_at(case_evidence, moment_s, moment)
    if question.part is not Modality.AUDIO:
        maps = [each for each in case_evidence.explanations if isinstance(each, VisualExplanation) and each.regions]
        near = [each for each in maps if abs(each.time_s - moment_s) <= NEAR_S]
        if question.face is not None:
            near = [each for each in near if each.track_id == question.face]
        yield from (fact for each in near for fact in describe_map(each))
        if not near and question.wants_map:
            yield word_answer("moment.no_map", ("visual",), moment=moment)
            if maps:
                yield from describe_map(min(maps, key=lambda each: abs(each.time_s - moment_s)))


def _describe_faces_at(question: Question, case_evidence: CaseEvidence, moment_s: float, moment: str) -> Iterator[Fact]:
    seen = case_evidence.visual
    if seen is None or not isinstance(seen.finding, Scored):
        yield from select_facts(case_evidence, "visual.unscored", "unexamined.masked")
        return
    span = case_evidence.plan.range_s
    if span is not None and not span.start_s <= moment_s <= span.end_s:
        yield from select_facts(case_evidence, "unexamined.range")
        return
    is_seen = False
    for track in seen.tracks:
        if question.face not in (None, track.id):
            continue
        nearest = min(track.frames, key=lambda frame: abs(frame.time_s - moment_s))
        spacing_s = max(NEAR_S, 1.5 * case_evidence.media.duration_s / max(1, seen.coverage.frames_sampled))
        if abs(nearest.time_s - moment_s) > spacing_s:
            continue
        is_seen = True
        at = clock(nearest.time_s)
        values: dict[str, SlotValue] = {"moment": moment, "face": track.id, "percent": percent_text(nearest.p_fake)}
        cited = (f"visual.track.{track.id}",)
        yield (
            word_answer("moment.face.exact", cited, **values)
            if at == moment
            else word_answer("moment.face", cited, **values, start=at)
        )
    if not is_seen:
        yield word_answer("moment.no_face", ("visual",), moment=moment)
    yield from _select_stretches(case_evidence, seen, moment_s - NEAR_S, moment_s + NEAR_S)


def _select_stretches(
    case_evidence: CaseEvidence, seen: VisualEvidence, start_s: float, end_s: float
) -> Iterator[Fact]:
    """The stretches that the report tells of, as far as they reach into this time."""
    within = {f"visual.segment.{each.id}" for each in seen.segments if each.start_s <= end_s and each.end_s >= start_s}
    yield from (fact for fact in select_facts(case_evidence, "visual.segment") if fact.citations[0] in within)


def _describe_voice_at(case_evidence: CaseEvidence, moment_s: float, moment: str) -> Iterator[Fact]:
    heard = case_evidence.audio
    if heard is None or not isinstance(heard.finding, Scored):
        yield from select_facts(case_evidence, "audio.unscored")
        if heard is None:
            yield word_answer("voice.none", ("plan",))
        return
    holding = [each for each in heard.windows if each.start_s <= moment_s < each.end_s]
    if not holding:
        yield word_answer("moment.no_voice", ("audio",), moment=moment)
        return
    middle = min(holding, key=lambda each: abs((each.start_s + each.end_s) / 2 - moment_s))
    number = heard.windows.index(middle) + 1
    span = f"{seconds_text(middle.start_s)} to {seconds_text(middle.end_s)}"
    cited = (f"audio.window.{number}",)
    yield word_answer("moment.voice", cited, moment=moment, span=span, percent=percent_text(middle.p_fake))


def _describe_stretch(
    question: Question, case_evidence: CaseEvidence, span: TimeRange, describe_map: MapDescriber
) -> Iterator[Fact]:
    named = f"{clock(span.start_s)} to {clock(span.end_s)}"
    seen, heard = case_evidence.visual, case_evidence.audio
    if question.part is not Modality.AUDIO:
        if seen is None or not isinstance(seen.finding, Scored):
            yield from select_facts(case_evidence, "visual.unscored", "unexamined.masked")
        else:
            tracks = {
                track: [frame.p_fake for frame in track.frames if span.start_s <= frame.time_s <= span.end_s]
                for track in seen.tracks
                if question.face in (None, track.id)
            }
            for track, scores in tracks.items():
                if scores:
                    cited = (f"visual.track.{track.id}",)
                    yield word_answer("range.face", cited, span=named, face=track.id, percent=percent_text(max(scores)))
            if not any(tracks.values()):
                yield word_answer("range.no_face", ("visual",), span=named)
            yield from _select_stretches(case_evidence, seen, span.start_s, span.end_s)
    if question.part is not Modality.VISUAL:
        if heard is None or not isinstance(heard.finding, Scored):
            yield from select_facts(case_evidence, "audio.unscored")
        else:
            inside = [each for each in heard.windows if each.start_s < span.end_s and each.end_s > span.start_s]
            if inside:
                top = max(inside, key=lambda each: each.p_fake)
                cited = (f"audio.window.{heard.windows.index(top) + 1}",)
                yield word_answer("range.voice", cited, span=named, percent=percent_text(top.p_fake))
            else:
                yield word_answer("range.no_voice", ("audio",), span=named)
    for each in case_evidence.explanations:
        if isinstance(each, VisualExplanation) and each.regions and span.start_s <= each.time_s <= span.end_s:
            yield from describe_map(each)
