"""What the evidence says of faces, their maps and the marked stretches, as facts with the ids they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from agents.conversation.answering.phrasing import Listed, word_answer
from agents.conversation.answering.situation import PART, Inquiry, explain_absence, select_facts
from agents.report import CaseEvidence, Fact, describe_face, describe_map, span_of
from core.types import FaceTrack, MediaKind, Modality, Moment, Noun, Outcome, Percent, StretchReading, VisualExplanation
from prompts.slots import Fill

MOST_TOLD: Final = 8
"""Of a kind, in one answer."""
MOST_PLACES: Final = 4
"""Stretches that one sentence names."""


def list_places(at: Inquiry) -> list[StretchReading]:
    """The stretches of what is asked about that count as manipulated, in order."""
    face = at.face.id if at.is_face_named and at.face is not None else None
    found = [
        each
        for part in at.decision.parts
        for each in part.manipulated
        if at.question.part in (None, part.modality) and face in (None, each.track_id)
    ]
    return sorted(found, key=lambda each: (each.start_s, each.end_s))


def _list_in_words(stretches: Sequence[StretchReading]) -> Listed:
    spans = [(each.track_id, {"span": span_of(each.start_s, each.end_s)}) for each in stretches]
    return Listed(
        tuple(("place.voice", span) if face is None else ("place.face", {"face": face, **span}) for face, span in spans)
    )


def describe_places(at: Inquiry) -> Iterator[Fact]:
    """Every marked stretch in one sentence, or that there is none."""
    places = list_places(at)
    if at.case_evidence.media.kind is MediaKind.IMAGE:
        yield word_answer("stretches.image", ("media",))
    elif places:
        yield _tell_stretches("stretches", places, moment=Moment(places[0].start_s))
    else:
        yield from explain_absence(at, at.question.part) if at.question.part else ()
        yield from _deny_stretches(at)
    yield from select_facts(at.case_evidence, "visual.further", "audio.further")


def _deny_stretches(at: Inquiry) -> Iterator[Fact]:
    """That nothing is marked in what is asked about, and what is marked elsewhere."""
    elsewhere = list_places(replace(at, question=replace(at.question, part=None, face=None, side=None)))
    if elsewhere and at.is_face_named and at.face is not None:
        yield word_answer("stretches.none.face", (f"visual.track.{at.face.id}",), face=at.face.id)
    elif elsewhere and at.question.part is not None:
        yield word_answer("stretches.none.part", (str(at.question.part),), part=Noun(PART[at.question.part]))
    else:
        key = "stretches.none.real" if at.case_evidence.verdict.outcome is Outcome.REAL else "stretches.none"
        yield word_answer(key, ("verdict",), subject=Noun(at.case_evidence.media.kind.subject))
    if elsewhere:
        yield _tell_stretches("stretches", elsewhere, moment=Moment(elsewhere[0].start_s))


def describe_later(at: Inquiry) -> Iterator[Fact]:
    """What is marked after a moment, or after the last stretch there is."""
    places, after_s = list_places(at), at.question.moment_s
    if rest := [place for place in places if after_s is not None and place.end_s > after_s]:
        yield _tell_stretches("later", rest)
    elif places:
        yield _tell_stretches("later.none", places[-1:], end=Moment(places[-1].end_s))
    else:
        yield from _deny_stretches(at)


def _tell_stretches(key: str, places: Sequence[StretchReading], **slots: Fill) -> Fact:
    told = places[:MOST_PLACES]
    return word_answer(key, tuple(each.citation for each in told), places=_list_in_words(told), **slots)


def describe_others(at: Inquiry) -> Iterator[Fact]:
    """The faces beside the one that is named."""
    others = [track for track in at.tracks if track is not at.face][:MOST_TOLD]
    if not others:
        yield word_answer("others.none", ("visual",), subject=Noun(at.case_evidence.media.kind.subject))
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
    yield from describe_maps(at.case_evidence, list_maps(at.case_evidence)[:2])
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
    if places := list_places(own)[:1]:
        yield _tell_stretches("stretches", places, moment=Moment(places[0].start_s))
    yield from describe_view(at)
    maps = [each for each in list_maps(at.case_evidence) if each.track_id == track.id]
    yield from describe_maps(at.case_evidence, maps)


def list_maps(case_evidence: CaseEvidence) -> list[VisualExplanation]:
    """The maps of faces, those to be relied on first."""
    found = [each for each in case_evidence.explanations if isinstance(each, VisualExplanation) and each.regions]
    return sorted(found, key=lambda each: (not each.faithfulness.reliable, -each.p_fake))


def describe_maps(
    case_evidence: CaseEvidence, maps: Iterable[VisualExplanation], region: str | None = None
) -> Iterator[Fact]:
    """Where in faces the evidence lies: mostly, or how much of it in one region."""
    for each in maps:
        if region is None or not each.faithfulness.reliable:
            yield describe_map(case_evidence, each)
            continue
        moment = {} if case_evidence.media.kind is MediaKind.IMAGE else {"moment": Moment(each.time_s)}
        key = "region.share" if moment else "region.share.image"
        for one in each.regions:
            if str(one.region) == region:
                named, share = Noun(region), Percent(one.share)
                yield word_answer(key, (each.id,), face=each.track_id, region=named, share=share, **moment)


def describe_region(at: Inquiry) -> Iterator[Fact]:
    """What the maps give to the region that is named, or where they lie mostly."""
    if at.case_evidence.visual is None or not at.tracks:
        yield from explain_absence(at, Modality.VISUAL)
        yield from select_facts(at.case_evidence, "visual.unscored")
        yield word_answer("maps.none", ("verdict",), subject=Noun(at.case_evidence.media.kind.subject))
        return
    maps = [each for each in list_maps(at.case_evidence) if at.question.face in (None, each.track_id)]
    if not maps:
        yield word_answer("maps.none", ("visual",), subject=Noun(at.case_evidence.media.kind.subject))
    region = at.question.region
    found = [*describe_maps(at.case_evidence, maps[:MOST_TOLD], region)]
    if maps and region and not found:
        yield word_answer("region.absent", ("visual",), region=Noun(region))
    yield from dict.fromkeys(found)
