"""Whether the servers that this one needs answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import redis

from api.http.composition import World
from core.errors import DeepwitnessError

ANSWER_S: Final = 3.0


def failing_servers(world: World) -> tuple[str, ...]:
    """Those of database, broker and object storage that do not answer now, all asked at once."""
    questions: dict[str, Callable[[], None]] = {
        "database": world.database.ping,
        "broker": lambda: _ask_broker(world),
        "blobs": world.blobs.ping,
    }
    with ThreadPoolExecutor(len(questions)) as pool:
        answers = dict(zip(questions, pool.map(_answers, questions.values()), strict=True))
    return tuple(name for name, answered in answers.items() if not answered)


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
