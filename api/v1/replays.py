"""Making the decision on an analysis again, from what its plan stored."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api.http.auth import Reader
from api.http.composition import InWorld
from api.http.errors import problems
from api.http.parameters import AnalysisId
from api.usecases.replays import decide_again
from core.types import Replay

router: Final = APIRouter(prefix="/v1/analyses/{analysis_id}", tags=["results"])


@router.post("/replay", responses=problems(401, 404, 409, 422, 429, 503))
async def replay(world: InWorld, caller: Reader, analysis_id: AnalysisId) -> Replay:
    """Decide again on the stored inputs of the plan, under today's rules and prompt, and say whether it is the same.

    Changes nothing about the analysis or its report.
    """
    return await decide_again(world, analysis_id, caller.owner_id)
