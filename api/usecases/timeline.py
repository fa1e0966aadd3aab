"""Everything that has a place in time, as one object: what a player draws under and over the picture.

Times are seconds from the start of the media; boxes are pixels of a frame of `frame`'s size, upright, with square
pixels. Every figure comes as it is shown (`score_pct`) beside the number it was rounded from.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from core.figures import clock_range, percent
from core.types import (
    Artefact,
    ArtefactKind,
    AudioEvidence,
    AudioExplanation,
    AudioSegment,
    BandShare,
    Box,
    Decision,
    Evidence,
    Explanation,
    FaceReading,
    FaceTrack,
    FrameScore,
    FrameSize,
    Frozen,
    FusionExplanation,
    MediaInfo,
    Outcome,
    Reason,
    RegionShare,
    Scored,
    StretchReading,
    Thresholds,
    VisualEvidence,
    VisualExplanation,
    VisualSegment,
)

Percent = Annotated[float, Field(ge=0, le=100)]


class TimelinePoint(Frozen):
    """One face in one sampled frame."""

    frame_index: int
    time_s: float
    p_fake: float
    score_pct: Percent
    quality: float
    box: Box

    @classmethod
    def of(cls, frame: FrameScore) -> Self:
        return cls(
            frame_index=frame.frame_index,
            time_s=frame.time_s,
            p_fake=frame.p_fake,
            score_pct=percent(frame.p_fake),
            quality=frame.quality,
            box=frame.box,
        )


class TimelineTrack(Frozen):
    """One face followed through the recording. `thumbnail` is an artefact's id."""

    id: int
    citation: str = Field(examples=["visual.track.1"])
    start_s: float
    end_s: float
    p_fake: float
    score_pct: Percent
    outcome: Outcome | None = Field(description="Against its own limits; null: this face is not judged.")
    thresholds: Thresholds | None = Field(description="The face's own.")
    thumbnail: str | None
    points: tuple[TimelinePoint, ...]

    @classmethod
    def of(cls, track: FaceTrack, artefacts: frozenset[str], read: FaceReading | None) -> Self:
        thumbnail = f"thumbnail-{track.id}"
        return cls(
            id=track.id,
            citation=f"visual.track.{track.id}",
            start_s=track.start_s,
            end_s=track.end_s,
            p_fake=track.p_fake,
            score_pct=percent(track.p_fake),
            outcome=None if read is None else read.outcome,
            thresholds=None if read is None else read.limits,
            thumbnail=thumbnail if thumbnail in artefacts else None,
            points=tuple(TimelinePoint.of(frame) for frame in track.frames),
        )


class TimelineSegment(Frozen):
    """A stretch of high scores."""

    citation: str = Field(examples=["visual.segment.1", "audio.segment.1"])
    track_id: int | None
    start_s: float
    end_s: float
    range: str = Field(examples=["00:03–00:08"])
    p_fake: float
    score_pct: Percent
    manipulated: bool = Field(description="False: its scores are raised, and it does not count as manipulated.")

    @classmethod
    def of(cls, segment: VisualSegment | AudioSegment, read: StretchReading | None) -> Self:
        is_face = isinstance(segment, VisualSegment)
        return cls(
            citation=f"{'visual' if is_face else 'audio'}.segment.{segment.id}",
            track_id=segment.track_id if isinstance(segment, VisualSegment) else None,
            start_s=segment.start_s,
            end_s=segment.end_s,
            range=clock_range(segment.start_s, segment.end_s),
            p_fake=segment.p_fake,
            score_pct=percent(segment.p_fake),
            manipulated=read is not None and read.is_manipulated,
        )


class TimelineWindow(Frozen):
    """One window of speech."""

    citation: str = Field(examples=["audio.window.1"])
    start_s: float
    end_s: float
    p_fake: float
    score_pct: Percent
    speech_s: float


class Lane(Frozen):
    """What was established about one modality. `thresholds` are the detector's own; it marked segments by them."""

    outcome: Outcome | None
    score_pct: Percent | None
    reason: Reason | None
    thresholds: Thresholds | None
    segments: tuple[TimelineSegment, ...]


class FaceLane(Lane):
    tracks: tuple[TimelineTrack, ...]


class VoiceLane(Lane):
    windows: tuple[TimelineWindow, ...]


class MapLayer(Frozen):
    """The map alone, transparent, to be laid over `area`; `artefact_id` is its picture."""

    artefact_id: str
    area: Box


class TimelineMap(Frozen):
    """A map of the evidence. A face's lies at a moment (`start_s` equals `end_s`), a voice's over a stretch."""

    id: str = Field(examples=["heatmap.1"])
    artefact_id: str
    start_s: float
    end_s: float
    p_fake: float
    score_pct: Percent
    method: str
    reliable: bool = Field(description="False: the map failed its checks; do not rely on it.")
    second_opinion: bool
    track_id: int | None = None
    segment_id: int | None = None
    regions: tuple[RegionShare, ...] = ()
    layer: MapLayer | None = None
    peak_start_s: float | None = None
    peak_end_s: float | None = None
    bands: tuple[BandShare, ...] = ()

    @classmethod
    def of(cls, each: VisualExplanation | AudioExplanation) -> Self:
        shared = {
            "id": each.id,
            "artefact_id": each.artefact_id,
            "p_fake": each.p_fake,
            "score_pct": percent(each.p_fake),
            "method": each.method,
            "reliable": each.faithfulness.reliable,
            "second_opinion": each.agreement is not None,
        }
        if isinstance(each, AudioExplanation):
            own = {name: getattr(each, name) for name in ("start_s", "end_s", "peak_start_s", "peak_end_s", "bands")}
            return cls.model_validate({**shared, **own})
        place = each.place
        return cls.model_validate(
            {
                **shared,
                "start_s": each.time_s,
                "end_s": each.time_s,
                "track_id": each.track_id,
                "segment_id": each.segment_id,
                "regions": each.regions,
                "layer": None if place is None else MapLayer(artefact_id=place.layer_id, area=place.area),
            }
        )


class Timeline(Frozen):
    """What is known so far; a lane that is null was not examined, or not yet."""

    analysis_id: str
    duration_s: float
    frame: FrameSize | None
    thresholds: Thresholds | None = Field(description="Of the combined score; each part is decided by its own.")
    faces: FaceLane | None
    voice: VoiceLane | None
    maps: tuple[TimelineMap, ...]
    overlay_clip: str | None = Field(description="Artefact: the worst stretch with boxes, map and running score.")


def timeline_of(
    analysis_id: str,
    media: MediaInfo | None,
    frame: FrameSize | None,
    thresholds: Thresholds | None,
    decision: Decision | None,
    evidence: tuple[Evidence, ...],
    explanations: tuple[Explanation, ...],
    artefacts: tuple[Artefact, ...],
) -> Timeline:
    """The same evidence as the report holds, arranged by time."""
    seen = next((each for each in evidence if isinstance(each, VisualEvidence)), None)
    heard = next((each for each in evidence if isinstance(each, AudioEvidence)), None)
    held = frozenset(each.id for each in artefacts)
    maps = [TimelineMap.of(each) for each in explanations if not isinstance(each, FusionExplanation)]
    return Timeline(
        analysis_id=analysis_id,
        duration_s=0.0 if media is None else media.duration_s,
        frame=frame,
        thresholds=thresholds,
        faces=None if seen is None else _faces(seen, held, decision),
        voice=None if heard is None else _voice(heard, decision),
        maps=tuple(sorted(maps, key=lambda each: (each.start_s, each.id))),
        overlay_clip=next((each.id for each in artefacts if each.kind is ArtefactKind.OVERLAY_CLIP), None),
    )


def _shared(evidence: VisualEvidence | AudioEvidence, decision: Decision | None) -> dict[str, object]:
    finding = evidence.finding
    scored = finding if isinstance(finding, Scored) else None
    return {
        "outcome": scored and scored.outcome,
        "score_pct": scored and percent(scored.p_fake),
        "reason": None if isinstance(finding, Scored) else finding.reason,
        "thresholds": evidence.thresholds,
        "segments": tuple(
            TimelineSegment.of(
                each, None if decision is None else decision.stretch(f"{evidence.modality}.segment.{each.id}")
            )
            for each in evidence.segments
        ),
    }


def _faces(evidence: VisualEvidence, artefacts: frozenset[str], decision: Decision | None) -> FaceLane:
    tracks = tuple(
        TimelineTrack.of(track, artefacts, None if decision is None else decision.face(track.id))
        for track in evidence.tracks
    )
    return FaceLane.model_validate({**_shared(evidence, decision), "tracks": tracks})


def _voice(evidence: AudioEvidence, decision: Decision | None) -> VoiceLane:
    windows = tuple(
        TimelineWindow(
            citation=f"audio.window.{number}",
            start_s=window.start_s,
            end_s=window.end_s,
            p_fake=window.p_fake,
            score_pct=percent(window.p_fake),
            speech_s=window.speech_s,
        )
        for number, window in enumerate(evidence.windows, start=1)
    )
    return VoiceLane.model_validate({**_shared(evidence, decision), "windows": windows})
