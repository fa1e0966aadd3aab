"""The uploaded file and the frames that were sampled from it, behind addresses that expire."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api.http.auth import Reader
from api.http.composition import InWorld
from api.http.errors import problems
from api.http.parameters import AnalysisId
from api.schemas import FrameList, PlayableView
from api.usecases.files import Links
from api.usecases.media import frames, playable
from api.usecases.progress import read

router: Final = APIRouter(prefix="/v1/analyses/{analysis_id}", tags=["results"])


@router.get("/media", responses=problems(401, 404, 422, 429, 503))
def read_media(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> PlayableView:
    """The file as it was uploaded, to be played or shown."""
    return playable(Links(world), read(world, analysis_id, caller.owner_id))


@router.get("/frames", responses=problems(401, 404, 409, 422, 429, 503))
def list_frames(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> FrameList:
    """The frames that were examined, in order of time."""
    read(world, analysis_id, caller.owner_id)
    return frames(Links(world), analysis_id)
