"""Processor time and memory of a process and all its descendants, read from Linux's `/proc`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS_HZ: Final = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Use:
    """Of one process and its descendants now: seconds of processor since they started, bytes in memory."""

    processor_s: float
    resident_bytes: int


def use_of(root: int) -> Use:
    """Sum over the tree below a process. Memory that several of them share is counted for each of them.

    Limits: the processor time of a descendant that has ended is counted only once its parent has waited for it.
    """
    seconds, resident = 0.0, 0
    for process in descendants(root):
        try:
            fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
            resident += int((_PROC / str(process) / "statm").read_text().split()[1]) * _PAGE_BYTES
        except (OSError, IndexError):  # it ended meanwhile
            continue
        seconds += sum(int(field) for field in fields[11:15]) / _TICKS_HZ
    return Use(seconds, resident)


def descendants(root: int) -> tuple[int, ...]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting.extend(children.get(process, ()))
    return tuple(found)


def peak_resident_bytes(process: int) -> int:
    """The most memory one process ever held."""
    for line in (_PROC / str(process) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
