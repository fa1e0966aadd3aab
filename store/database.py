"""Engine and sessions. Repositories take a session and never commit; whoever opened the unit of work does, once."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import Unavailable
from core.settings import DatabaseSettings
from core.tracing import trace_statements

UnitOfWork = Callable[[], AbstractContextManager[Session]]
"""Opens a session whose work is committed when the block ends well and rolled back otherwise."""


class Database:
    """One engine, many units of work."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._engine = create_engine(
            settings.url.get_secret_value(),
            pool_size=settings.pool_size,
            max_overflow=10,
            connect_args={"connect_timeout": 5, "options": "-c timezone=utc"},
            json_deserializer=from_json,
        )
        event.listen(self._engine, "checkout", _refuse_ended)
        trace_statements(self._engine)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = sessionmaker(alone, expire_on_commit=False)

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

    def ping(self) -> None:
        with self.begin() as session:
            session.execute(text("SELECT 1"))

    def dispose(self) -> None:
        self._engine.dispose()


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
