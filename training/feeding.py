"""Batches from a worker process to the training process, for as long as that one lives."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Callable, Generator, Iterable, Sequence
from queue import Full
from typing import Any, Final, TypeVar

T = TypeVar("T")
PATIENCE_S: Final = 10.0
LATEST_S: Final = 300.0
"""A batch that takes longer never comes."""


def from_workers(
    work: Callable[..., None], arguments: Sequence[tuple[Any, ...]], *, waiting: int
) -> Generator[Any, None, None]:
    """Batches of worker processes in turn, one process for each tuple of arguments. Closing it ends them.

    Args:
        work: called with its arguments and a queue, which it offers its batches to by `feed`.
        waiting: batches that a worker makes ahead.

    Raises: queue.Empty when a worker is gone or stuck.
    """
    context = mp.get_context("spawn")
    queues = [context.Queue(maxsize=waiting) for _ in arguments]
    processes = [
        context.Process(target=work, args=(*given, queue), daemon=True)
        for given, queue in zip(arguments, queues, strict=True)
    ]
    for process in processes:
        process.start()
    try:
        while True:
            for queue in queues:
                yield queue.get(timeout=LATEST_S)
    finally:
        for process in processes:
            process.terminate()


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
