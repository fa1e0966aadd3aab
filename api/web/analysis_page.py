"""What the page of one analysis shows, gathered from the same sources as the API's answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from api.schemas import AnalysisView, ArtefactView, PlayableView
from api.usecases.files import Links
from api.usecases.media import frame_addresses, playable
from api.usecases.results import Known, artefact_views, read_so_far, timeline_view
from api.usecases.timeline import Timeline
from api.web.drawing import Drawing, draw
from core.types import (
    Analysis,
    AnalysisEvent,
    ArtefactKind,
    AudioEvidence,
    AudioExplanation,
    Decision,
    Evidence,
    Explanation,
    Headline,
    MediaKind,
    Modality,
    Narrative,
    Outcome,
    Report,
    SecondOpinion,
    VisualEvidence,
    VisualExplanation,
    decide,
)
from prompts.slots import reword

TELLING: Final = 8
"""Frames of the strip."""
APART: Final = 16
"""They are at least this part of the recording apart."""
PICTURES: Final = (
    ArtefactKind.HEATMAP,
    ArtefactKind.SPECTROGRAM,
    ArtefactKind.FUSION_PLOT,
)


@dataclass(frozen=True, slots=True)
class Witness:
    """What a citation leads to: a row of the evidence, and a moment when it has one.

    `kind` and `number` choose the words in the reader's language.
    """

    id: str
    kind: str
    number: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    score: float | None = None
    detail: object = None


@dataclass(frozen=True, slots=True)
class TellingFrame:
    """A frame in which some face scores high."""

    time_s: float
    track_id: int
    score_pct: float
    manipulated: bool
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    analysis: AnalysisView
    headline: Headline | None
    report: Report | None
    evidence: tuple[Evidence, ...]
    explanations: dict[str, Explanation]
    """By the artefact that shows them."""
    artefacts: dict[str, ArtefactView]
    timeline: Timeline
    drawing: Drawing | None
    media: PlayableView | None
    events: tuple[AnalysisEvent, ...] = ()
    witnesses: dict[str, Witness] = field(default_factory=dict)
    frames: dict[int, str] = field(default_factory=dict)
    """Addresses of sampled frames, by their index."""
    telling: tuple[TellingFrame, ...] = ()
    decision: Decision | None = None
    """None until there is a verdict."""
    methods: tuple[SecondOpinion, ...] = ()
    """That a second opinion could still be had by."""

    def narrative_in(self, language: str) -> Narrative | None:
        """The testimony in the reader's language."""
        return None if self.report is None else reword(self.report.narrative, language)

    @property
    def is_final(self) -> bool:
        return self.analysis.status.is_final

    @property
    def pictures(self) -> tuple[ArtefactView, ...]:
        """Maps that may be relied on first."""

        def rank(each: ArtefactView) -> tuple[int, bool, bool, str]:
            shown = self.explanations.get(each.id)
            if not isinstance(shown, VisualExplanation | AudioExplanation):
                return PICTURES.index(each.kind), False, False, each.id
            # A second opinion stands behind what it is about.
            return PICTURES.index(each.kind), shown.agreement is not None, not shown.faithfulness.reliable, each.id

        return tuple(sorted((each for each in self.artefacts.values() if each.kind in PICTURES), key=rank))

    def of_kind(self, kind: str) -> ArtefactView | None:
        return next((each for each in self.artefacts.values() if each.kind == kind), None)


def case_page(links: Links, analysis: Analysis) -> CasePage:
    """Everything there is so far; less of it while the analysis runs."""
    known = read_so_far(links, analysis)
    report, events, evidence, explanations = known.report, known.events, known.evidence, known.explanations
    timeline = timeline_view(links.world, analysis)
    pictures = frame_addresses(links, analysis.id) if report is not None else {}
    shown = {each.artefact_id: each for each in explanations if each.artefact_id is not None}
    return CasePage(
        analysis=AnalysisView.of(analysis),
        headline=_headline(events) if report is None else report.headline,
        report=report,
        evidence=evidence,
        explanations=shown,
        artefacts={each.id: each for each in artefact_views(links, analysis.id, analysis.file_name)},
        timeline=timeline,
        drawing=draw(timeline),
        media=None if analysis.media is None else playable(links, analysis),
        events=events,
        witnesses={} if report is None else witnesses(report),
        frames=pictures,
        telling=telling_frames(timeline, pictures),
        decision=_decision(analysis, known),
        methods=() if report is None else further_methods(explanations),
    )


def _decision(analysis: Analysis, known: Known) -> Decision | None:
    if known.report is not None:
        return known.report.decision
    return None if analysis.verdict is None else decide(analysis.verdict, known.evidence, analysis.media)


def telling_frames(timeline: Timeline, addresses: dict[int, str]) -> tuple[TellingFrame, ...]:
    """The frames with the highest scores, apart from one another and in order of time."""
    if timeline.faces is None or timeline.duration_s <= 0:
        return ()
    tracks = [track for track in timeline.faces.tracks if track.outcome is not None]
    ranked = sorted(
        ((point, track) for track in tracks for point in track.points if point.frame_index in addresses),
        key=lambda each: -each[0].p_fake,
    )
    found: list[TellingFrame] = []
    for point, track in ranked:
        if all(abs(point.time_s - each.time_s) >= timeline.duration_s / APART for each in found):
            limit = track.thresholds.fake if track.thresholds else 1.0
            is_found = track.outcome is Outcome.FAKE and point.p_fake >= limit
            url = addresses[point.frame_index]
            found.append(TellingFrame(point.time_s, track.id, point.score_pct, is_found, url))
        if len(found) == TELLING:
            break
    return tuple(sorted(found, key=lambda each: each.time_s))


def further_methods(explanations: tuple[Explanation, ...]) -> tuple[SecondOpinion, ...]:
    """Methods other than the first by which what is explained already could be explained once more, and was not."""
    asked = {each.id.partition(".")[0] for each in explanations}
    first: dict[Modality, set[str]] = {modality: set() for modality in Modality}
    for each in explanations:
        if isinstance(each, VisualExplanation | AudioExplanation) and each.agreement is None:
            modality = Modality.VISUAL if isinstance(each, VisualExplanation) else Modality.AUDIO
            first[modality].add(each.method.partition(" (")[0].lower().replace("++", "-plus-plus"))
    return tuple(
        each
        for each in SecondOpinion
        if first[each.modality] and each.value not in first[each.modality] and each.value not in asked
    )


def _headline(events: tuple[AnalysisEvent, ...]) -> Headline | None:
    told = next((each.detail.get("headline") for each in reversed(events) if each.kind == "verdict"), None)
    return None if told is None else Headline.model_validate(told)


def witnesses(report: Report) -> dict[str, Witness]:
    """Everything a sentence can cite, in the order in which it is read."""
    found = [Witness("verdict", "verdict", score=report.verdict.p_fake), Witness("plan", "plan", detail=report.plan)]
    found.append(Witness("media", "media", detail=report.media))
    moving = report.media.kind is not MediaKind.IMAGE
    for part in report.evidence:
        score = part.finding.p_fake if part.finding.kind == "scored" else None
        found.append(Witness(str(part.modality), str(part.modality), score=score, detail=part))
        read = report.decision
        found.extend(_faces(part, read, moving) if isinstance(part, VisualEvidence) else _voice(part, read))
    found.extend(
        Witness(f"stability.{each.modality}", "stability", score=each.baseline, detail=each)
        for each in report.stability
    )
    for each in report.explanations:
        if isinstance(each, VisualExplanation):
            at_s = each.time_s if moving else None
            found.append(Witness(each.id, "heatmap", each.track_id, at_s, at_s, each.p_fake, each))
        elif isinstance(each, AudioExplanation):
            found.append(Witness(each.id, "spectrogram", None, each.start_s, each.end_s, each.p_fake, each))
        else:
            found.append(Witness(each.id, "fusion", detail=each))
    return {each.id: each for each in found}


def _faces(evidence: VisualEvidence, read: Decision, moving: bool) -> list[Witness]:
    tracks = [
        Witness(
            f"visual.track.{each.id}",
            "track",
            each.id,
            each.start_s if moving else None,
            each.end_s if moving else None,
            each.p_fake,
            each,
        )
        for each in evidence.tracks
    ]
    return tracks + [
        Witness(
            (cited := f"visual.segment.{each.id}"),
            "face_segment",
            each.track_id,
            each.start_s,
            each.end_s,
            each.p_fake,
            read.stretch(cited),
        )
        for each in evidence.segments
    ]


def _voice(evidence: AudioEvidence, read: Decision) -> list[Witness]:
    return [
        Witness(
            (cited := f"audio.segment.{each.id}"),
            "voice_segment",
            None,
            each.start_s,
            each.end_s,
            each.p_fake,
            read.stretch(cited),
        )
        for each in evidence.segments
    ]
