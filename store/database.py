"""Engine and sessions. Repositories take a session and never commit; whoever opened the unit of work does, once."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import Unavailable
from core.settings import DatabaseSettings
from core.tracing import trace_statements

UnitOfWork = Callable[[], AbstractContextManager[Session]]
"""Opens a session whose work is committed when the block ends well and rolled back otherwise."""


class Database:
    """Two pools of connections: one for units of work, one for questions."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._engine = _engine(settings)
        # Connections of their own: switching one over and back costs as much as a short question does.
        self._alone = _engine(settings, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        trace_statements(self._engine, self._alone)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        self._readers = sessionmaker(self._alone, expire_on_commit=False)

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A unit of work.

        Raises: Unavailable when the database cannot be reached.
        """
        with _reached(), self._sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """For questions that need not see one and the same moment: each is a transaction of its own, which saves two
        messages to the server.

        Raises: Unavailable when the database cannot be reached.
        """
        with _reached(), self._readers() as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """The same for what needs no objects, without what a session costs beside its statements.

        Raises: Unavailable when the database cannot be reached.
        """
        with _reached(), self._alone.connect() as connection:
            yield connection

    def ping(self) -> None:
        with self.begin() as session:
            session.execute(text("SELECT 1"))

    def dispose(self) -> None:
        self._engine.dispose()
        self._alone.dispose()


def _engine(settings: DatabaseSettings, **options: Any) -> Engine:
    engine = create_engine(
        settings.url.get_secret_value(),
        pool_size=settings.pool_size,
        max_overflow=5,
        connect_args={"connect_timeout": 5, "options": "-c timezone=utc"},
        json_deserializer=from_json,
        **options,
    )
    event.listen(engine, "checkout", _refuse_ended)
    return engine


@contextmanager
def _reached() -> Iterator[None]:
    """Raises: Unavailable when what is done in it cannot reach the database."""
    try:
        yield
    except OperationalError as error:
        raise Unavailable("database_unavailable", "The database cannot be reached at the moment.") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("database_unavailable", "The database cannot be reached at the moment.") from error
        raise


def _refuse_ended(connection: Any, *_: object) -> None:
    """Have the pool replace a connection that its server ended, which shows without asking the server: an idle
    connection has nothing to read."""
    if connection.closed:
        raise InvalidatePoolError
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError
