"""What the evidence says of faces, their maps and the marked stretches, as facts with the ids they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from agents.conversation.answering.phrasing import Listed, word_answer
from agents.conversation.answering.situation import Inquiry, explain_absence, select_facts
from agents.report import (
    CaseEvidence,
    Fact,
    Moment,
    Noun,
    Percent,
    SlotValue,
    describe_face,
    make_fact,
    span_of,
)
from core.types import FaceTrack, MediaKind, Modality, Outcome, StretchReading, VisualExplanation

Item = tuple[str, dict[str, SlotValue]]
"""A section of the prompt, and what it is filled with."""
MOST_TOLD: Final = 8
"""Of a kind, in one answer."""
MOST_PLACES: Final = 4
"""Stretches that one sentence names."""


def list_places(at: Inquiry) -> list[tuple[StretchReading, Item]]:
    """The stretches of what is asked about that count as manipulated, in order, and how each is worded."""
    face = at.face.id if at.is_face_named and at.face is not None else None
    found = [
        each
        for part in at.decision.parts
        for each in part.manipulated
        if at.question.part in (None, part.modality) and face in (None, each.track_id)
    ]
    return [(each, _word_place(each)) for each in sorted(found, key=lambda each: (each.start_s, each.end_s))]


def _word_place(stretch: StretchReading) -> Item:
    span = span_of(stretch.start_s, stretch.end_s)
    if stretch.track_id is None:
        return ("place.voice", {"span": span})
    return ("place.face", {"face": stretch.track_id, "span": span})


def describe_places(at: Inquiry) -> Iterator[Fact]:
    """Every marked stretch in one sentence, or that there is none."""
    places = list_places(at)
    if at.case_evidence.media.kind is MediaKind.IMAGE:
        yield word_answer("stretches.image", ("media",))
    elif places:
        told = places[:MOST_PLACES]
        cited = tuple(stretch.citation for stretch, _ in told)
        listed = Listed(tuple(item for _, item in told))
        yield word_answer("stretches", cited, places=listed, moment=Moment(told[0][0].start_s))
    else:
        yield from explain_absence(at, at.question.part) if at.question.part else ()
        yield _deny_stretches(at)
    yield from select_facts(at.case_evidence, "visual.further", "audio.further")


def _deny_stretches(at: Inquiry) -> Fact:
    key = "stretches.none.real" if at.case_evidence.verdict.outcome is Outcome.REAL else "stretches.none"
    return word_answer(key, ("verdict",), subject=Noun(at.case_evidence.subject))


def describe_later(at: Inquiry) -> Iterator[Fact]:
    """What is marked after a moment, or after the last stretch there is."""
    places, after_s = list_places(at), at.question.moment_s
    rest = [place for place in places if after_s is not None and place[0].end_s > after_s][:MOST_PLACES]
    if rest:
        listed = Listed(tuple(item for _, item in rest))
        yield word_answer("later", tuple(stretch.citation for stretch, _ in rest), places=listed)
    elif places:
        last, item = places[-1]
        yield word_answer("later.none", (last.citation,), end=Moment(last.end_s), places=Listed((item,)))
    else:
        yield _deny_stretches(at)


def describe_others(at: Inquiry) -> Iterator[Fact]:
    """The faces beside the one that is named."""
    others = [track for track in at.tracks if track is not at.face][:MOST_TOLD]
    if not others:
        yield word_answer("others.none", ("visual",), subject=Noun(at.case_evidence.subject))
    yield from (describe_face(at.decision, track) for track in others)


def describe_faces(at: Inquiry) -> Iterator[Fact]:
    """The named face with where it is seen and what its map shows, or all of them."""
    if at.is_face_named:
        yield from _describe_one_face(at, at.face) if at.face is not None else ()
        return
    strongest = sorted(at.tracks, key=lambda track: (not track.decides, -track.p_fake))[:MOST_TOLD]
    if len(at.tracks) > 1:
        yield from (describe_face(at.decision, track) for track in sorted(strongest, key=lambda track: track.id))
    if len(at.tracks) > MOST_TOLD:
        yield word_answer("faces.further", ("visual",))
    yield from select_facts(at.case_evidence, "visual.segment")
    yield from (fact for each in list_maps(at.case_evidence)[:2] for fact in describe_map(at.case_evidence, each, None))
    yield from (fact for fact in select_facts(at.case_evidence, "limit") if fact.citations == ("visual",))


def describe_view(at: Inquiry) -> Iterator[Fact]:
    """When the face is in view, and in how many frames it was examined."""
    if (track := at.face) is not None and at.case_evidence.media.kind is not MediaKind.IMAGE:
        cited = (f"visual.track.{track.id}",)
        span = span_of(track.start_s, track.end_s)
        yield word_answer("faces.view", cited, face=track.id, span=span)
        yield word_answer("faces.frames", cited, face=track.id, frames=len(track.frames))


def _describe_one_face(at: Inquiry, track: FaceTrack) -> Iterator[Fact]:
    own = replace(at, question=replace(at.question, part=Modality.VISUAL))
    for stretch, item in list_places(own)[:1]:
        cited, begins = (stretch.citation,), Moment(stretch.start_s)
        yield word_answer("stretches", cited, places=Listed((item,)), moment=begins)
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
