"""Two analyses beside each other."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.http.auth import Reader
from api.http.composition import InWorld
from api.http.errors import problems
from api.http.parameters import possible_id
from api.schemas import ComparisonView
from api.usecases.comparison import compared, finished

router: Final = APIRouter(prefix="/v1", tags=["results"])


@router.get("/comparisons", responses=problems(401, 404, 409, 422, 429, 503))
def compare_analyses(
    world: InWorld,
    caller: Reader,
    first: Annotated[str, Query(examples=["an_5f0c8a51e8d04f19a7f6f2f0c3f7c1a2"])],
    second: Annotated[str, Query(examples=["an_9d1be0d5c2b84c59b0f2a6b8c7a7f3e1"])],
) -> ComparisonView:
    """Two of your finished analyses: verdicts, scores, and whether file and pipeline are the same."""
    return compared(*(finished(world, possible_id(each), caller.owner_id) for each in (first, second)))
