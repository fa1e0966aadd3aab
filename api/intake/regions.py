"""Looking again at what is here: a chosen stretch as a new analysis, or a second opinion on what was explained."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from api.http.composition import World
from api.intake.scope import SHORTEST_S
from api.intake.submission import Accepted, record, send, send_job
from api.schemas import path_of
from core.errors import Rejected
from core.figures import seconds_text
from core.jobs import EXPLAIN_AGAIN
from core.types import (
    AnalysisStatus,
    AudioExplanation,
    Frozen,
    MediaKind,
    Modality,
    Scope,
    SecondExplanation,
    SecondOpinion,
    TimeRange,
    VisualExplanation,
)
from core.types.base import Number
from store.ledger import open_afterwards
from store.repositories import AnalysisRepository, StoredMedia

Subject = Literal["picture", "sound", "both"]
_SUBJECT: Final[dict[Subject, tuple[Modality, ...]]] = {
    "picture": (Modality.VISUAL,),
    "sound": (Modality.AUDIO,),
    "both": (Modality.VISUAL, Modality.AUDIO),
}


class RegionRequest(Frozen):
    """Which stretch to examine by itself, in seconds from the start of the recording."""

    start_s: Number = Field(ge=0, le=1e6, examples=[10.0])
    end_s: Number = Field(ge=0, le=1e6, examples=[25.5])
    subject: Subject = "both"


def scope_of(region: RegionRequest) -> Scope:
    """What the region asks for. Raises: ValidationError when it ends before it begins."""
    return Scope(modalities=_SUBJECT[region.subject], range_s=TimeRange(start_s=region.start_s, end_s=region.end_s))


def examine_again(world: World, analysis_id: str, owner_id: str, region: RegionRequest) -> Accepted:
    """The analysis of this stretch; asked again, the same one.

    Raises: Rejected: `analysis_not_found`, `not_prepared`, `bad_region`.
    """
    with world.database.begin() as session:
        earlier = AnalysisRepository(session).get(analysis_id, owner_id)
        media = earlier.media
        if media is None:
            raise Rejected("not_prepared", "This recording is not known well enough yet.")
        if media.kind is MediaKind.IMAGE:
            raise Rejected("bad_region", "An image has no stretches of time.")
        if region.start_s >= media.duration_s:
            raise Rejected("bad_region", "The stretch begins after the recording ends.")
        if min(region.end_s, media.duration_s) - region.start_s < SHORTEST_S:
            raise Rejected("bad_region", f"The stretch must last {seconds_text(SHORTEST_S)} at least.")
        held = {Modality.VISUAL: media.has_video, Modality.AUDIO: media.has_audio}
        if not any(held[each] for each in _SUBJECT[region.subject]):
            raise Rejected("bad_region", "The recording does not hold what is to be examined.")
        accepted = record(
            session,
            owner_id,
            StoredMedia(earlier.media_id, "", media),
            file_name=earlier.file_name,
            scope=scope_of(region),
        )
    if accepted.is_new:
        send(world, accepted.analysis.id)
    world.metrics.accepted(new=accepted.is_new)
    return accepted


class OpinionRequest(Frozen):
    """By which other method to explain again: faces by the first three, the voice by SHAP's own package or LIME."""

    method: SecondOpinion = Field(examples=["lime"])


class OpinionTicket(Frozen):
    """Where it will appear: as maps of the timeline whose ids begin with the method. `ready`: they are there."""

    method: SecondOpinion
    ready: bool
    timeline: str


def explain_again(world: World, analysis_id: str, owner_id: str, method: SecondOpinion) -> OpinionTicket:
    """Have a finished analysis explained by another method, once; again when an earlier attempt was given up.

    Raises: Rejected: `analysis_not_found`, `not_finished`, `nothing_to_explain`. Unavailable.
    """
    with world.database.begin() as session:
        analysis = AnalysisRepository(session).get(analysis_id, owner_id)
    if analysis.status is not AnalysisStatus.FINISHED:
        raise Rejected("not_finished", "This analysis is not finished yet.")
    known = world.case.explanations(analysis_id)
    wanted = AudioExplanation if method.modality is Modality.AUDIO else VisualExplanation
    if not any(isinstance(each, wanted) for each in known):
        raise Rejected("nothing_to_explain", "This analysis holds no map of that kind to compare with.")
    ready = any(each.id.startswith(f"{method}.") for each in known)
    if not ready:
        with world.database.begin() as session:
            payload = SecondExplanation(method=method)
            job = open_afterwards(session, EXPLAIN_AGAIN, analysis_id, method.value, payload)
        send_job(world, job.spec)
    return OpinionTicket(method=method, ready=ready, timeline=f"{path_of(analysis_id)}/timeline")
