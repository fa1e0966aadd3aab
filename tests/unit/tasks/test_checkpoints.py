"""The checkpoints' database may be away like any other."""

from __future__ import annotations

import psycopg
import psycopg_pool
import pytest

from core.errors import Unavailable
from tasks.checkpoints import reachable


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("the connection is lost"),
        psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
        psycopg.InterfaceError("connection already closed"),
        psycopg_pool.PoolTimeout("couldn't get a connection"),
    ],
)
def test_a_lost_connection_of_the_graph_is_an_outage_and_no_defect(error: Exception) -> None:
    with pytest.raises(Unavailable) as raised, reachable():
        raise error
    assert raised.value.code == "database_unavailable"
