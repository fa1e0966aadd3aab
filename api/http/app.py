"""The API's composition root."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.http import storage
from api.http.composition import build_world
from api.http.conditional import ConditionalReads
from api.http.errors import handle_errors
from api.http.language import AskedLanguage
from api.http.middleware import BoundedBodies, Envelope
from api.http.storage import AskedOrigin, OwnAddressBlobs
from api.v1 import (
    account,
    analyses,
    batches,
    comparison,
    conversations,
    files,
    media,
    operations,
    replays,
    results,
    sharing,
    webhooks,
)
from api.web import page, problems
from core.settings import Settings
from core.version import VERSION

DESCRIPTION = """Upload a video, an image or a recording; get testimony: was it manipulated, where, when, how sure, why.

Errors are problem documents (RFC 9457) with a stable `code`. Progress comes as server-sent events."""


def create_app(settings: Settings) -> FastAPI:
    """The application. Connects to nothing before it is started."""
    own = OwnAddressBlobs(settings.blobs, settings.api.public_url) if settings.blobs.through_api else None
    world = build_world(settings, own)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_sync(world.buckets.try_ensure)
        await run_sync(world.reader.warm)
        world.outages.watch()
        yield
        world.outages.stop()
        world.rates.close()
        await run_sync(world.reader.close)
        await run_sync(world.database.dispose)

    shown = settings.api.docs
    app = FastAPI(
        title="Deepwitness",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        # The page room serves a reference of its own at /docs: the framework's loads its viewer from elsewhere.
        docs_url=None,
        redoc_url=None,
        # Generated clients name their functions by it.
        generate_unique_id_function=lambda route: route.name,
        openapi_url="/openapi.json" if shown else None,
    )
    app.state.world = world
    handle_errors(app)
    app.add_middleware(ConditionalReads)
    if settings.api.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.api.cors_origins),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "If-None-Match",
                "Last-Event-ID",
                "Prefer",
                "X-API-Key",
            ],
            expose_headers=[
                "ETag",
                "Location",
                "Preference-Applied",
                "Retry-After",
                "X-Analysis-Reused",
                "X-Request-Id",
            ],
        )
    app.add_middleware(BoundedBodies)
    app.add_middleware(AskedLanguage)
    app.add_middleware(AskedOrigin, public_url=settings.api.public_url)
    app.add_middleware(Envelope, metrics=world.metrics, is_https=settings.api.public_url.startswith("https://"))
    # In the order in which they are asked: an address that is read often comes early.
    rooms = (
        analyses,
        storage,
        batches,
        conversations,
        results,
        replays,
        media,
        files,
        sharing,
        comparison,
        webhooks,
        account,
        operations,
        problems,
        page,
    )
    for room in rooms:
        app.include_router(room.router)
    return app
