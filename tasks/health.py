"""`python -m tasks.health`: exit 0 when this worker's database, broker and object storage answer."""

from __future__ import annotations

import sys

import redis

from core.errors import Unavailable
from core.settings import Settings
from store.blobs import MinioBlobStore
from store.database import Database


def main() -> int:
    settings = Settings()
    try:
        Database(settings.db).ping()
        MinioBlobStore(settings.blobs).ping()
        redis.Redis.from_url(settings.broker.url.get_secret_value(), socket_timeout=5).ping()
    except (Unavailable, redis.RedisError) as error:
        sys.stderr.write(f"not healthy: {type(error).__name__}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
