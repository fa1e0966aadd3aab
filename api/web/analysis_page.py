"""What the page of one analysis shows, gathered from the same sources as the API's answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from api.http.composition import World
from api.schemas import AnalysisView, ArtefactView, PlayableView
from api.usecases.media import playable
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
    Report,
    SecondOpinion,
    VisualEvidence,
    VisualExplanation,
    decide,
)

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
    decision: Decision | None = None
    """None until there is a verdict."""
    methods: tuple[SecondOpinion, ...] = ()
    """That a second opinion could still be had by."""

    @property
    def is_final(self) -> bool:
        return self.analysis.status.is_final

    @property
    def pictures(self) -> tuple[ArtefactView, ...]:
        """Maps that may be relied on first."""

        def rank(each: ArtefactView) -> tuple[int, bool, str]:
            shown = self.explanations.get(each.id)
            checked = isinstance(shown, VisualExplanation | AudioExplanation) and not shown.faithfulness.reliable
            return PICTURES.index(each.kind), checked, each.id

        return tuple(sorted((each for each in self.artefacts.values() if each.kind in PICTURES), key=rank))

    def of_kind(self, kind: str) -> ArtefactView | None:
        return next((each for each in self.artefacts.values() if each.kind == kind), None)


def case_page(world: World, analysis: Analysis) -> CasePage:
    """Everything there is so far; less of it while the analysis runs."""
    known = read_so_far(world, analysis)
    report, events, evidence, explanations = known.report, known.events, known.evidence, known.explanations
    timeline = timeline_view(world, analysis)
    shown = {each.artefact_id: each for each in explanations if each.artefact_id is not None}
    return CasePage(
        analysis=AnalysisView.of(analysis),
        headline=_headline(events) if report is None else report.headline,
        report=report,
        evidence=evidence,
        explanations=shown,
        artefacts={each.id: each for each in artefact_views(world, analysis.id)},
        timeline=timeline,
        drawing=draw(timeline),
        media=None if analysis.media is None else playable(world, analysis),
        events=events,
        witnesses={} if report is None else witnesses(report),
        decision=_decision(analysis, known),
        methods=() if report is None else further_methods(explanations),
    )


def _decision(analysis: Analysis, known: Known) -> Decision | None:
    if known.report is not None:
        return known.report.decision
    return None if analysis.verdict is None else decide(analysis.verdict, known.evidence, analysis.media)


def further_methods(explanations: tuple[Explanation, ...]) -> tuple[SecondOpinion, ...]:
    """Other methods that could explain what is explained already, and have not."""
    asked = {each.id.partition(".")[0] for each in explanations}
    there = {Modality.VISUAL: False, Modality.AUDIO: False}
    for each in explanations:
        there[Modality.VISUAL] |= isinstance(each, VisualExplanation)
        there[Modality.AUDIO] |= isinstance(each, AudioExplanation)
    return tuple(each for each in SecondOpinion if there[each.modality] and each.value not in asked)


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
