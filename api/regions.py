"""Looking again at a chosen stretch of a recording that is here already: a new analysis of the same media."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from api.submission import Accepted, record, send
from api.world import World
from core.errors import Rejected
from core.types import Frozen, MediaKind, Modality
from store.repositories import AnalysisRepository, StoredMedia

Subject = Literal["picture", "sound", "both"]
SHORTEST_S: Final = 0.5
_SUBJECT: Final[dict[Subject, str]] = {
    "picture": "only the picture",
    "sound": "only the voice",
    "both": "both picture and sound",
}


class RegionRequest(Frozen):
    """Which stretch to examine by itself, in seconds from the start of the recording."""

    start_s: float = Field(ge=0, le=1e6, examples=[10.0])
    end_s: float = Field(ge=0, le=1e6, examples=[25.5])
    subject: Subject = "both"


def instruction_of(region: RegionRequest) -> str:
    """The request in the words that the planner's rules read: the plan says where its stretch comes from."""
    return f"Examine {_SUBJECT[region.subject]} from {region.start_s:.2f} seconds to {region.end_s:.2f} seconds."


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
        if region.end_s - region.start_s < SHORTEST_S:
            raise Rejected("bad_region", f"The stretch must last {SHORTEST_S:.1f} seconds at least.")
        if region.start_s >= media.duration_s:
            raise Rejected("bad_region", "The stretch begins after the recording ends.")
        wanted = {"picture": Modality.VISUAL, "sound": Modality.AUDIO}.get(region.subject)
        if (wanted is Modality.VISUAL and not media.has_video) or (wanted is Modality.AUDIO and not media.has_audio):
            raise Rejected("bad_region", "The recording does not hold what is to be examined.")
        accepted = record(
            session,
            owner_id,
            StoredMedia(earlier.media_id, ""),
            file_name=earlier.file_name,
            instruction=instruction_of(region),
        )
    if accepted.is_new:
        send(world, accepted.analysis.id)
    world.metrics.accepted(new=accepted.is_new)
    return accepted
