"""Several uploads handed in with one request."""

from __future__ import annotations

from typing import Annotated, Final

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header

from api.http.auth import Uploader
from api.http.composition import InWorld, World
from api.http.errors import problem_of, problems
from api.intake.direct import submit_named
from api.schemas import AnalysisView, BatchItem, BatchView, SubmitBatch, SubmitUpload
from core.errors import DeepwitnessError

router: Final = APIRouter(prefix="/v1", tags=["analyses"])

PATH: Final = "/v1/batches"
_log: Final = structlog.get_logger()


@router.post("/batches", responses=problems(400, 401, 422, 429, 503))
async def submit_batch(
    world: InWorld,
    caller: Uploader,
    batch: SubmitBatch,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=190, pattern=r"^[\x21-\x7e]+$")] = None,
) -> BatchView:
    """Have several uploads analysed. Each fares as it would alone; one that is refused does not stop the others.

    Under an idempotency key the whole request can be sent again: what was accepted is returned as it was.
    """
    items = []
    for number, named in enumerate(batch.uploads):
        key = None if idempotency_key is None else f"{idempotency_key}:{number}"
        # One after another: a batch takes one place among the uploads that are probed at once.
        async with world.probing.taken_by(caller.owner_id):
            items.append(await run_sync(_item, world, caller.owner_id, named, key))
    return BatchView(items=tuple(items))


def _item(world: World, owner_id: str, named: SubmitUpload, idempotency_key: str | None) -> BatchItem:
    try:
        accepted = submit_named(world, owner_id, named, idempotency_key)
    except DeepwitnessError as error:
        _log.info("api.batch.item_refused", code=error.code)
        return BatchItem(upload_id=named.upload_id, is_new=False, analysis=None, problem=problem_of(error, PATH))
    view = AnalysisView.of(accepted.analysis)
    return BatchItem(upload_id=named.upload_id, is_new=accepted.is_new, analysis=view, problem=None)
