"""Batches from a worker process to the training process, for as long as that one lives."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Iterable
from queue import Full
from typing import Final, TypeVar

T = TypeVar("T")
PATIENCE_S: Final = 10.0


def feed(queue: mp.Queue[T], batches: Iterable[T]) -> None:
    """Offer every batch in turn; ends when the training process has ended, also when it was killed."""
    trainer = mp.parent_process()
    for batch in batches:
        while True:
            try:
                queue.put(batch, timeout=PATIENCE_S)
                break
            except Full:
                if trainer is None or not trainer.is_alive():
                    return
