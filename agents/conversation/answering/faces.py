"""What the evidence says of faces, their maps and the marked stretches, as facts with the ids they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from agents.conversation.answering.phrasing import Listed, word_answer
from agents.conversation.answering.situation import Inquiry, explain_absence, select_facts
from agents.report import CaseEvidence, Fact, Moment, Noun, Percent, SlotValue, Span, describe_face, make_fact
from core.figures import clock
from core.types import FaceTrack, MediaKind, Modality, Outcome, VisualExplanation

MOST_TOLD: Final = 8
"""Of a kind, in one answer."""
MOST_PLACES: Final = 4
"""Stretches that one sentence names."""


def list_places(at: Inquiry) -> list[tuple[float, float, str, tuple[str, dict[str, SlotValue]]]]:
    """The marked stretches of what is asked about, in order: start, end, evidence id, and how each is worded."""
    found: list[tuple[float, float, str, tuple[str, dict[str, SlotValue]]]] = []
    seen, heard, question = at.case_evidence.visual, at.case_evidence.audio, at.question
    if seen is not None and question.part is not Modality.AUDIO:
        named = at.face.id if at.is_face_named and at.face is not None else None
        for each in seen.segments:
            if named in (None, each.track_id):
                is_moment = clock(each.start_s) == clock(each.end_s)
                span: SlotValue = _span(each.start_s, each.end_s) if not is_moment else Moment(each.start_s)
                values: dict[str, SlotValue] = {"face": each.track_id, "span": span}
                item = (f"place.face{'.moment' if is_moment else ''}", values)
                found.append((each.start_s, each.end_s, f"visual.segment.{each.id}", item))
    if heard is not None and question.part is not Modality.VISUAL and not at.is_face_named:
        for other in heard.segments:
            values = {"span": _span(other.start_s, other.end_s)}
            found.append((other.start_s, other.end_s, f"audio.segment.{other.id}", ("place.voice", values)))
    return sorted(found, key=lambda place: place[:2])


def _span(start_s: float, end_s: float) -> Span:
    return Span(Moment(start_s), Moment(end_s))


def describe_places(at: Inquiry) -> Iterator[Fact]:
    """Every marked stretch in one sentence, or that there is none."""
    places = list_places(at)
    if at.case_evidence.media.kind is MediaKind.IMAGE:
        yield word_answer("stretches.image", ("media",))
    elif places:
        told = places[:MOST_PLACES]
        listed = Listed(tuple(place[3] for place in told))
        yield word_answer("stretches", tuple(place[2] for place in told), places=listed, moment=Moment(told[0][0]))
    else:
        yield from explain_absence(at, at.question.part) if at.question.part else ()
        yield _deny_stretches(at)
    yield from select_facts(at.case_evidence, "visual.further", "audio.further")


def _deny_stretches(at: Inquiry) -> Fact:
    key = "stretches.none.real" if at.case_evidence.verdict.outcome is Outcome.REAL else "stretches.none"
    return word_answer(key, ("verdict",), subject=Noun(at.case_evidence.subject))


def describe_later(at: Inquiry) -> Iterator[Fact]:
    """What is marked after a moment, or after the last stretch there is."""
    places = list_places(at)
    after_s = at.question.moment_s
    if after_s is not None and (rest := [place for place in places if place[1] > after_s]):
        listed = Listed(tuple(place[3] for place in rest[:MOST_PLACES]))
        yield word_answer("later", tuple(place[2] for place in rest[:MOST_PLACES]), places=listed)
    elif places:
        last = Listed((places[-1][3],))
        yield word_answer("later.none", (places[-1][2],), end=Moment(places[-1][1]), places=last)
    else:
        yield _deny_stretches(at)


def describe_others(at: Inquiry) -> Iterator[Fact]:
    """The faces beside the one that is named."""
    others = [track for track in at.tracks if track is not at.face][:MOST_TOLD]
    if not others:
        yield word_answer("others.none", ("visual",), subject=Noun(at.case_evidence.subject))
    yield from (describe_face(at.case_evidence.decision, track) for track in others)


def describe_faces(at: Inquiry) -> Iterator[Fact]:
    """The named face with where it is seen and what its map shows, or all of them."""
    if at.is_face_named:
        yield from _describe_one_face(at, at.face) if at.face is not None else ()
        return
    strongest = sorted(at.tracks, key=lambda track: (not track.decides, -track.p_fake))[:MOST_TOLD]
    if len(at.tracks) > 1:
        yield from (
            describe_face(at.case_evidence.decision, track) for track in sorted(strongest, key=lambda track: track.id)
        )
    if len(at.tracks) > MOST_TOLD:
        yield word_answer("faces.further", ("visual",))
    yield from select_facts(at.case_evidence, "visual.segment")
    yield from (fact for each in list_maps(at.case_evidence)[:2] for fact in describe_map(at.case_evidence, each, None))
    yield from (fact for fact in select_facts(at.case_evidence, "limit") if fact.citations == ("visual",))


def describe_view(at: Inquiry) -> Iterator[Fact]:
    """When the face is in view, and in how many frames it was examined."""
    if (track := at.face) is not None and at.case_evidence.media.kind is not MediaKind.IMAGE:
        cited = (f"visual.track.{track.id}",)
        span = _span(track.start_s, track.end_s)
        yield word_answer("faces.view", cited, face=track.id, span=span)
        yield word_answer("faces.frames", cited, face=track.id, frames=len(track.frames))


def _describe_one_face(at: Inquiry, track: FaceTrack) -> Iterator[Fact]:
    own = replace(at, question=replace(at.question, part=Modality.VISUAL))
    for place in list_places(own)[:1]:
        yield word_answer("stretches", (place[2],), places=Listed((place[3],)), moment=Moment(place[0]))
    yield from describe_view(at)
    maps = [each for each in list_maps(at.case_evidence) if each.track_id == track.id]
    yield from (fact for each in maps for fact in describe_map(at.case_evidence, each, None))


def list_maps(case_evidence: CaseEvidence) -> list[VisualExplanation]:
    """The maps of faces, those to be relied on first."""
    found = [each for each in case_evidence.explanations if isinstance(each, VisualExplanation) and each.regions]
    return sorted(found, key=lambda each: (not each.faithfulness.reliable, -each.p_fake))


def describe_map(case_evidence: CaseEvidence, each: VisualExplanation, region: str | None) -> Iterator[Fact]:
    """Where in a face the evidence lies: mostly, or how much of it in one region."""
    if not each.faithfulness.reliable:
        yield make_fact("heatmap.unreliable", (each.id,), face=each.track_id)
        return
    share = next((found for found in each.regions if str(found.region) == region), None) if region else each.regions[0]
    if share is None:
        return
    face, named, percent = each.track_id, Noun(str(share.region)), Percent(share.share)
    moment = {} if case_evidence.media.kind is MediaKind.IMAGE else {"moment": Moment(each.time_s)}
    key = f"{'region.share' if region else 'heatmap'}{'' if moment else '.image'}"
    word = word_answer if region else make_fact
    yield word(key, (each.id,), face=face, region=named, share=percent, **moment)


def describe_region(at: Inquiry) -> Iterator[Fact]:
    """What the maps give to the region that is named, or where they lie mostly."""
    if at.case_evidence.visual is None or not at.tracks:
        yield from explain_absence(at, Modality.VISUAL)
        yield from select_facts(at.case_evidence, "visual.unscored")
        yield word_answer("maps.none", ("verdict",), subject=Noun(at.case_evidence.subject))
        return
    maps = [each for each in list_maps(at.case_evidence) if at.question.face in (None, each.track_id)]
    if not maps:
        yield word_answer("maps.none", ("visual",), subject=Noun(at.case_evidence.subject))
    region = at.question.region
    found = [fact for each in maps[:MOST_TOLD] for fact in describe_map(at.case_evidence, each, region)]
    if maps and region and not found:
        yield word_answer("region.absent", ("visual",), region=Noun(region))
    yield from dict.fromkeys(found)
