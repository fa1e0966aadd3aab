"""Whether what this service needs can be used."""

from __future__ import annotations

from typing import Final

from api.http.composition import World

NOT_OURS: Final = frozenset({"workers"})
"""Without workers uploads are still taken and wait."""


def failing_servers(world: World) -> tuple[str, ...]:
    """Those of database, broker, object storage and disk that cannot be used now."""
    return tuple(name for name in world.outages.failing() if name not in NOT_OURS)
