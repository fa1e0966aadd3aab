"""What this service needs and cannot use just now, and since when: asked every few seconds by a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import redis
import structlog

from core.errors import DeepwitnessError

EVERY_S: Final = 5.0
LASTING_S: Final = 4.0
"""What fails for less is not told: one question that got lost, or a process that is just starting."""

_log: Final = structlog.get_logger()

Question = Callable[[], object]
"""Raises: DeepwitnessError, redis.RedisError or OSError when what it asks about cannot be used."""


@dataclass(frozen=True, slots=True)
class Outage:
    name: str
    since: datetime


@dataclass(slots=True)
class Outages:
    """Asks about everything by name, and remembers since when an answer has been missing."""

    questions: Mapping[str, Question]
    _since: dict[str, datetime] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def failing(self) -> tuple[str, ...]:
        """Those that cannot be used now, all asked at once."""
        with ThreadPoolExecutor(len(self.questions)) as pool:
            answers = dict(zip(self.questions, pool.map(_answers, self.questions.values()), strict=True))
        return tuple(name for name, answered in answers.items() if not answered)

    def known(self) -> tuple[Outage, ...]:
        """Those that have lasted, as the thread last saw them. Asks nobody."""
        now, since = datetime.now(UTC), dict(self._since)
        return tuple(
            Outage(name, since[name])
            for name in self.questions
            if name in since and (now - since[name]).total_seconds() >= LASTING_S
        )

    def look(self) -> None:
        failing, now = self.failing(), datetime.now(UTC)
        for name in set(failing) - set(self._since):
            _log.warning("api.outage.began", what=name)
        for name in set(self._since) - set(failing):
            _log.info("api.outage.ended", what=name, seconds=round((now - self._since[name]).total_seconds()))
        self._since = {name: self._since.get(name, now) for name in failing}

    def watch(self) -> None:
        """Begin to look, until `stop`."""

        def keep_looking() -> None:
            while not self._stopped.is_set():
                started = time.monotonic()
                try:
                    self.look()
                except RuntimeError:  # the interpreter is shutting down and starts no thread any more
                    return
                self._stopped.wait(max(0.1, EVERY_S - (time.monotonic() - started)))

        threading.Thread(target=keep_looking, name="outages", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()


def _answers(ask: Question) -> bool:
    try:
        ask()
    except (DeepwitnessError, redis.RedisError, OSError):
        return False
    return True
