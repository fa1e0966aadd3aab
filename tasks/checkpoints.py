"""LangGraph's checkpoints beside our tables, and the words for their database being away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from langgraph.checkpoint.postgres import PostgresSaver
from psycopg import Connection, InterfaceError, OperationalError
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from core.errors import Unavailable
from core.settings import DatabaseSettings

LOCK: Final = 7_310_432


@contextmanager
def reachable() -> Iterator[None]:
    """Raises: Unavailable when the checkpoints' database cannot be reached: no fault of the analysis."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise Unavailable("database_unavailable", "The database cannot be reached at the moment.") from error


def checkpointer(settings: DatabaseSettings) -> PostgresSaver:
    """The store of checkpoints; its tables are made under a lock, by whichever worker comes first.

    Raises: Unavailable.
    """
    url = settings.url.get_secret_value().replace("postgresql+psycopg2://", "postgresql://", 1)
    with reachable(), Connection.connect(url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        PostgresSaver(connection).setup()
        connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    pool: ConnectionPool[Connection[dict[str, Any]]] = ConnectionPool(
        url,
        min_size=0,
        max_size=settings.pool_size,
        # A connection that its server left behind is replaced before it is used.
        check=ConnectionPool.check_connection,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
        open=True,
    )
    return PostgresSaver(pool)
