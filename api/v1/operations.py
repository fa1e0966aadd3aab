"""For operators: is the process alive, do its servers answer, what did it do."""

from __future__ import annotations

from typing import Final

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.http.auth import Reader
from api.http.composition import InWorld
from api.http.errors import RETRY_AFTER_S, problem_response, problems
from api.schemas import Health, SigningKey
from api.usecases.operations import failing_servers
from core.errors import Rejected
from core.sealing import fingerprint, public_text, read_key
from core.version import VERSION

router: Final = APIRouter(tags=["operations"])

_log: Final = structlog.get_logger()


@router.get("/healthz")
def health() -> Health:
    """The process runs and answers."""
    return Health(version=VERSION)


@router.get("/readyz", response_model=Health, responses=problems(503))
def readiness(request: Request, world: InWorld) -> Response | Health:
    """Database, broker and object storage were asked just now and answered."""
    failing = failing_servers(world)
    if failing:
        _log.warning("api.readiness.failed", failing=failing)
        detail = f"Not answering: {', '.join(failing)}."
        headers = {"Retry-After": str(RETRY_AFTER_S)}
        return problem_response(request.url.path, 503, "not_ready", detail, headers, failing=failing)
    return Health(version=VERSION)


@router.get("/v1/signing-key", responses=problems(401, 404, 422, 429, 503))
def read_signing_key(world: InWorld, _: Reader) -> SigningKey:
    """The public half of the key that this service seals its reports with; what `verify --key` compares."""
    secret = world.settings.signing.key
    if secret is None:
        raise Rejected("not_signed", "This service does not sign its reports.")
    public = public_text(read_key(secret.get_secret_value()))
    return SigningKey(public_key=public, fingerprint=fingerprint(public))


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(world: InWorld) -> Response:
    """Figures for Prometheus. Keep this address inside."""
    return Response(world.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)
