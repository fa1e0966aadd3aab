"""Rate limits in Redis: a moving window a caller and a moving window an address. Without Redis nobody is held up."""

from __future__ import annotations

import math
import time
from enum import StrEnum
from typing import Final

import redis
import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from api.http.errors import RateLimited
from core.settings import BrokerSettings, LimitSettings

PAUSE_S: Final = 5.0
"""After a failure Redis is left alone for so long, so that its absence does not slow every request."""
TIMEOUT_S: Final = 1.0

_log: Final = structlog.get_logger()


class Effort(StrEnum):
    """What a request costs us decides which limit it counts against."""

    READ = "read"
    UPLOAD = "upload"


class RateLimits:
    def __init__(self, broker: BrokerSettings, limits: LimitSettings) -> None:
        self._items: dict[Effort, RateLimitItem] = {
            Effort.READ: RateLimitItemPerMinute(limits.requests_per_minute),
            Effort.UPLOAD: RateLimitItemPerHour(limits.uploads_per_hour),
        }
        url = broker.url.get_secret_value()
        self._pool = redis.ConnectionPool.from_url(url, socket_connect_timeout=TIMEOUT_S, socket_timeout=TIMEOUT_S)
        self._url = url
        self._limiter: MovingWindowRateLimiter | None = None
        self._resume_at = 0.0

    def count(self, effort: Effort, kind: str, who: str) -> None:
        """Count one request of `who`, an address or a caller by `kind`.

        Raises: RateLimited.
        """
        if time.monotonic() < self._resume_at:
            return
        item = self._items[effort]
        try:
            if self._limiter is None:
                storage = RedisStorage(self._url, self._pool, key_prefix="deepwitness-limits", wrap_exceptions=True)
                self._limiter = MovingWindowRateLimiter(storage)
            if self._limiter.hit(item, effort.value, kind, who):
                return
            reset_at = self._limiter.get_window_stats(item, effort.value, kind, who).reset_time
        except (StorageError, redis.RedisError, OSError) as error:
            self._resume_at = time.monotonic() + PAUSE_S
            _log.warning("api.limits.unavailable", error=repr(error), pause_s=PAUSE_S)
            return
        raise RateLimited(max(1, math.ceil(reset_at - time.time())))

    def close(self) -> None:
        self._pool.disconnect()
