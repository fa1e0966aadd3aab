"""What the endpoints work with, built once from settings by `api.http.app`."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Annotated, Final

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from api.http.metrics import Metrics
from api.http.rates import RateLimits
from core.errors import Unavailable
from core.settings import Settings
from core.vault import Vault
from store.blobs import MinioBlobStore
from store.casefile import PostgresCaseFile, PostgresEventLog
from store.conversations import DialogueLog
from store.database import Database
from tasks.queue import CeleryQueue

PROBES_AT_ONCE: Final = 4
"""Uploads that are probed and stored side by side; the others wait without holding a thread."""
FETCHES_AT_ONCE: Final = 4
"""Links that are fetched side by side; slow ones hold up no upload, only one another."""

_log: Final = structlog.get_logger()


@dataclass(slots=True)
class Buckets:
    """Makes the buckets once, as soon as the storage can be reached."""

    blobs: MinioBlobStore
    _made: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ensure(self) -> None:
        """Raises: Unavailable."""
        with self._lock:
            if not self._made:
                self.blobs.ensure_buckets()
                self._made = True

    def try_ensure(self) -> None:
        """At boot: the storage may come up after us."""
        try:
            self.ensure()
        except Unavailable:
            _log.warning("api.buckets.postponed")


@dataclass(frozen=True, slots=True)
class World:
    settings: Settings
    database: Database
    blobs: MinioBlobStore
    buckets: Buckets
    case: PostgresCaseFile
    events: PostgresEventLog
    dialogue: DialogueLog
    queue: CeleryQueue
    rates: RateLimits
    metrics: Metrics
    probing: asyncio.Semaphore
    fetching: asyncio.Semaphore
    vault: Vault | None
    """For the secrets of webhooks; None: the service has no key for them."""


def build_world(settings: Settings, blobs: MinioBlobStore | None = None) -> World:
    """Connects to nothing until it is used.

    Args:
        blobs: instead of one whose addresses lead to the storage itself.
    """
    database, blobs = Database(settings.db), blobs or MinioBlobStore(settings.blobs)
    return World(
        settings=settings,
        database=database,
        blobs=blobs,
        buckets=Buckets(blobs),
        case=PostgresCaseFile(database),
        events=PostgresEventLog(database),
        dialogue=DialogueLog(database),
        queue=CeleryQueue(settings.broker),
        rates=RateLimits(settings.broker, settings.limits),
        metrics=Metrics(database),
        probing=asyncio.Semaphore(PROBES_AT_ONCE),
        fetching=asyncio.Semaphore(FETCHES_AT_ONCE),
        vault=None if settings.webhooks.key is None else Vault(settings.webhooks.key),
    )


def the_world(connection: HTTPConnection) -> World:
    world = connection.app.state.world
    assert isinstance(world, World)
    return world


InWorld = Annotated[World, Depends(the_world)]
