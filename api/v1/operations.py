"""For operators: is the process alive, do its servers answer, what did it do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import redis
import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.http.auth import Reader
from api.http.composition import InWorld, World
from api.http.errors import RETRY_AFTER_S, problem_response, problems
from api.schemas import Health, SigningKey
from core.errors import DeepwitnessError, Rejected
from core.sealing import fingerprint, public_text, read_key
from core.version import VERSION

router: Final = APIRouter(tags=["operations"])

ANSWER_S: Final = 3.0

_log: Final = structlog.get_logger()


@router.get("/healthz")
def health() -> Health:
    """The process runs and answers."""
    return Health(version=VERSION)


@router.get("/readyz", response_model=Health, responses=problems(503))
def readiness(request: Request, world: InWorld) -> Response | Health:
    """Database, broker and object storage were asked just now and answered."""
    questions: dict[str, Callable[[], None]] = {
        "database": world.database.ping,
        "broker": lambda: _ask_broker(world),
        "blobs": world.blobs.ping,
    }
    with ThreadPoolExecutor(len(questions)) as pool:
        answers = dict(zip(questions, pool.map(_answers, questions.values()), strict=True))
    failing = tuple(name for name, answered in answers.items() if not answered)
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


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DeepwitnessError, redis.RedisError, OSError):
        return False
    return True


def _ask_broker(world: World) -> None:
    url = world.settings.broker.url.get_secret_value()
    client = redis.Redis.from_url(url, socket_connect_timeout=ANSWER_S, socket_timeout=ANSWER_S)
    try:
        client.ping()
    finally:
        client.close()
