"""Compares measured figures with those of `docs/evaluation/speed.json` and says what got worse.

Ratios to decoding depend on whether a processor has instructions for 8-bit products, so that each kind has its own.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from detectors.runtime import PROCESSOR, fast_products

BASELINE: Final = Path("docs/evaluation/speed.json")
TOLERATED: Final = 0.15
"""Repeated runs on an idle machine differ by about half of this."""


def name_machine(processor: Path = PROCESSOR) -> str:
    """How many cores it has, and of what kind, with AMX or VNNI where it has them."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {fast_products(processor) or 'neither AMX nor VNNI'}"


def read_baseline(machine: str, path: Path = BASELINE) -> dict[str, float]:
    """Earlier figures of this kind of machine; none where it was never measured."""
    return dict(_read(path).get(machine, {}))


def write_baseline(figures: Mapping[str, float], machine: str, path: Path = BASELINE) -> None:
    rounded = {name: round(value, 3) for name, value in figures.items()}
    path.write_text(json.dumps({**_read(path), machine: rounded}, indent=2) + "\n")


def _read(path: Path) -> dict[str, dict[str, float]]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def worsened(figures: Mapping[str, float], baseline: Mapping[str, float]) -> tuple[str, ...]:
    """Sentences about the figures that are worse than the baseline by more than is tolerated.

    Figures in seconds describe the machine and are not compared; a figure that is new or gone is not either.
    """
    return tuple(
        f"{name}: {figures[name]:.2f}, {figures[name] / before - 1:+.0%} against {before:.2f}."
        for name, before in baseline.items()
        if name in figures and not name.endswith(", s") and figures[name] > before * (1 + TOLERATED)
    )
