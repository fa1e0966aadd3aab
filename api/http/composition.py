"""What the endpoints work with, built once from settings by `api.http.app`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Annotated, Final

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from api.http.metrics import Metrics
from api.http.outages import Outages
from api.http.places import Places
from api.http.rates import RateLimits
from api.http.room import need_room
from core.confinement import ReaderPool
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
OF_ONE_OWNER: Final = 2
"""Of either, where there are several owners."""
COPIES_AT_ONCE: Final = 4
"""Long uploads that are stored while they come in; further ones are stored afterwards."""

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
    outages: Outages
    probing: Places
    fetching: Places
    copying: threading.BoundedSemaphore
    """Places for uploads that are stored while they come in."""
    reader: ReaderPool
    """Probes untrusted files, in processes that can be thrown away."""
    owners: dict[str, str]
    """Ids of the subjects that were seen lately; a user is never removed."""
    written: dict[tuple[str, str, str], bytes]
    """Analyses that were told lately, as JSON, by id, version of their rows and language."""
    vault: Vault | None
    """For the secrets of webhooks; None: the service has no key for them."""


def build_world(settings: Settings, blobs: MinioBlobStore | None = None) -> World:
    """Connects to nothing until it is used.

    Args:
        blobs: instead of one whose addresses lead to the storage itself.
    """
    database, blobs = Database(settings.db), blobs or MinioBlobStore(settings.blobs)
    queue = CeleryQueue(settings.broker)
    # Without sign-in everybody is one owner.
    each = OF_ONE_OWNER if settings.auth.enabled else max(PROBES_AT_ONCE, FETCHES_AT_ONCE)
    return World(
        settings=settings,
        database=database,
        blobs=blobs,
        buckets=Buckets(blobs),
        case=PostgresCaseFile(database),
        events=PostgresEventLog(database),
        dialogue=DialogueLog(database),
        queue=queue,
        rates=RateLimits(settings.broker, settings.limits),
        metrics=Metrics(database),
        outages=Outages(
            {
                "database": database.ping,
                "broker": queue.ping,
                "blobs": blobs.ping,
                "disk": lambda: need_room(settings.limits),
                "workers": queue.need_workers,
            }
        ),
        probing=Places(PROBES_AT_ONCE, each),
        fetching=Places(FETCHES_AT_ONCE, each),
        copying=threading.BoundedSemaphore(COPIES_AT_ONCE),
        reader=ReaderPool(),
        owners={},
        written={},
        vault=None if settings.webhooks.key is None else Vault(settings.webhooks.key),
    )


def the_world(connection: HTTPConnection) -> World:
    world = connection.app.state.world
    assert isinstance(world, World)
    return world


async def _world(connection: HTTPConnection) -> World:
    """Asynchronous, so that no thread is asked for it."""
    return the_world(connection)


InWorld = Annotated[World, Depends(_world)]
