"""Keeps server processes running: one that ends is started again, with growing pauses, on its port and its data."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from stack.process import ServerProcess, StackError

LOOK_S: Final = 0.3
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
STEADY_S: Final = 60.0
"""Whoever ran for so long begins again with the first pause."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A process, and the query that proves it ready where there is one."""

    process: ServerProcess
    answers: Callable[[], object] | None = None


@dataclass(slots=True)
class Supervisor:
    """Watches processes that were started by somebody else, each in a thread of its own.

    A process that is stopped through `ServerProcess.stop` is wanted to be away and stays so.

    Args:
        tell: is told the name of a process that ended (and since when), and again with None when it is back.
    """

    kept: Sequence[Kept]
    tell: Callable[[str, datetime | None], None]
    _away: dict[str, datetime] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        for each in self.kept:
            threading.Thread(target=self._keep, args=(each,), name=f"keep-{each.process.name}", daemon=True).start()

    def end(self) -> None:
        """Start nothing any more."""
        self._stopped.set()

    def away(self) -> dict[str, datetime]:
        """Processes that are not there, and since when."""
        return dict(self._away)

    def _keep(self, kept: Kept) -> None:
        pause_s, began = FIRST_PAUSE_S, time.monotonic()
        while not self._stopped.wait(LOOK_S):
            if not kept.process.has_died():
                continue
            if time.monotonic() - began > STEADY_S:
                pause_s = FIRST_PAUSE_S
            name = kept.process.name
            self._away[name] = datetime.now(UTC)
            self.tell(name, self._away[name])
            while not self._stopped.wait(pause_s):
                pause_s, began = min(pause_s * 2, LONGEST_PAUSE_S), time.monotonic()
                if self._started(kept):
                    break
            del self._away[name]
            self.tell(name, None)
        # A child ends with the thread that started it: it is for the launcher to stop it, in its order.
        while kept.process.is_alive():
            time.sleep(LOOK_S)

    @staticmethod
    def _started(kept: Kept) -> bool:
        try:
            kept.process.start()
            if kept.answers is not None:
                kept.process.wait_ready(kept.answers)
        except (StackError, OSError):
            return False
        return True
