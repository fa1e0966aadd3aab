"""What was seen and heard at a moment, or within a stretch, that somebody asks about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.conversation.answering.faces import describe_maps, list_maps
from agents.conversation.answering.phrasing import word_answer
from agents.conversation.answering.situation import Inquiry, explain_absence, select_facts
from agents.report import Fact
from core.figures import clock
from core.types import (
    AudioEvidence,
    FaceTrack,
    Length,
    MediaKind,
    Modality,
    Moment,
    Noun,
    Percent,
    Scored,
    Span,
    TimeRange,
)
from prompts.slots import Fill

NEAR_S: Final = 1.5
"""A frame or a map this far from a moment is still of that moment."""


def describe_time(at: Inquiry) -> Iterator[Fact]:
    """Scores of faces and voice at the question's moment or stretch, and the maps that belong to it."""
    question, info = at.question, at.case_evidence.media
    start_s = question.range_s.start_s if question.range_s else question.moment_s
    if start_s is None:
        return
    if info.kind is MediaKind.IMAGE:
        yield word_answer("stretches.image", ("media",))
        return
    if start_s > info.duration_s:
        subject = Noun(at.case_evidence.media.kind.subject)
        values: dict[str, Fill] = {"end": Moment(info.duration_s), "moment": Moment(start_s)}
        yield word_answer("moment.beyond", ("media",), subject=subject, **values)
        return
    within = question.range_s or TimeRange(start_s=start_s, end_s=start_s)
    if question.part is not Modality.AUDIO:
        yield from _describe_faces(at, within)
    if question.part is not Modality.VISUAL:
        yield from _describe_voice(at, within)
    if question.part is not Modality.AUDIO:
        yield from _describe_stretches(at, within)
        yield from _describe_maps(at, within)


def _describe_faces(at: Inquiry, within: TimeRange) -> Iterator[Fact]:
    if not at.tracks:
        yield from select_facts(at.case_evidence, "visual.unscored")
        yield from explain_absence(at, Modality.VISUAL)
        return
    planned = at.case_evidence.plan.range_s
    if planned is not None and not planned.start_s <= within.start_s <= planned.end_s:
        yield from select_facts(at.case_evidence, "unexamined.range")
        return
    named = [track for track in at.tracks if not at.is_face_named or track is at.face]
    told = [fact for track in named for fact in _describe_face(at, track, within)]
    if at.question.range_s is not None:
        yield from told or [word_answer("range.no_face", ("visual",), span=_span(within))]
    else:
        yield from told or [word_answer("moment.no_face", ("visual",), moment=Moment(within.start_s))]


def _describe_face(at: Inquiry, track: FaceTrack, within: TimeRange) -> Iterator[Fact]:
    cited = (f"visual.track.{track.id}",)
    if at.question.range_s is not None:
        scores = [frame.p_fake for frame in track.frames if within.start_s <= frame.time_s <= within.end_s]
        if scores:
            yield word_answer("range.face", cited, span=_span(within), face=track.id, percent=Percent(max(scores)))
        return
    moment_s, seen = within.start_s, at.case_evidence.visual
    nearest = min(track.frames, key=lambda frame: abs(frame.time_s - moment_s))
    sampled = seen.coverage.frames_sampled if seen is not None else 1
    spacing_s = max(NEAR_S, 1.5 * at.case_evidence.media.duration_s / max(1, sampled))
    if abs(nearest.time_s - moment_s) <= spacing_s:
        values: dict[str, Fill] = {"face": track.id, "percent": Percent(nearest.p_fake)}
        if clock(nearest.time_s) == clock(moment_s):
            yield word_answer("moment.face.exact", cited, moment=Moment(nearest.time_s), **values)
        else:
            yield word_answer("moment.face", cited, asked=Moment(moment_s), moment=Moment(nearest.time_s), **values)


def _describe_stretches(at: Inquiry, within: TimeRange) -> Iterator[Fact]:
    """The stretches that the report tells of, as far as they reach into this time."""
    near_s = 0.0 if at.question.range_s else NEAR_S
    segments = at.case_evidence.visual.segments if at.case_evidence.visual is not None else ()
    inside = {
        f"visual.segment.{each.id}"
        for each in segments
        if each.start_s <= within.end_s + near_s and each.end_s >= within.start_s - near_s
    }
    yield from (fact for fact in select_facts(at.case_evidence, "visual.segment") if fact.citations[0] in inside)


def _describe_voice(at: Inquiry, within: TimeRange) -> Iterator[Fact]:
    heard = at.case_evidence.audio
    if heard is None or not isinstance(heard.finding, Scored):
        yield from select_facts(at.case_evidence, "audio.unscored")
        yield from explain_absence(at, Modality.AUDIO)
    elif at.question.range_s is not None:
        yield _describe_voice_within(heard, within)
    else:
        yield _describe_voice_at(heard, within.start_s)


def _describe_voice_at(heard: AudioEvidence, moment_s: float) -> Fact:
    holding = [each for each in heard.windows if each.start_s <= moment_s < each.end_s]
    if not holding:
        return word_answer("moment.no_voice", ("audio",), moment=Moment(moment_s))
    middle = min(holding, key=lambda each: abs((each.start_s + each.end_s) / 2 - moment_s))
    cited = (f"audio.window.{heard.windows.index(middle) + 1}",)
    span = Span(Length(middle.start_s), Length(middle.end_s))
    return word_answer("moment.voice", cited, moment=Moment(moment_s), span=span, percent=Percent(middle.p_fake))


def _describe_voice_within(heard: AudioEvidence, within: TimeRange) -> Fact:
    inside = [each for each in heard.windows if each.start_s < within.end_s and each.end_s > within.start_s]
    if not inside:
        return word_answer("range.no_voice", ("audio",), span=_span(within))
    top = max(inside, key=lambda each: each.p_fake)
    cited = (f"audio.window.{heard.windows.index(top) + 1}",)
    return word_answer("range.voice", cited, span=_span(within), percent=Percent(top.p_fake))


def _describe_maps(at: Inquiry, within: TimeRange) -> Iterator[Fact]:
    near_s = 0.0 if at.question.range_s else NEAR_S
    maps = [each for each in list_maps(at.case_evidence) if at.question.face in (None, each.track_id)]
    near = [each for each in maps if within.start_s - near_s <= each.time_s <= within.end_s + near_s]
    if not near and at.question.wants_map:
        yield word_answer("moment.no_map", ("visual",), moment=Moment(within.start_s))
        near = sorted(maps, key=lambda each: abs(each.time_s - within.start_s))[:1]
    yield from describe_maps(at.case_evidence, near, at.question.region)


def _span(within: TimeRange) -> Span:
    return Span(Moment(within.start_s), Moment(within.end_s))
