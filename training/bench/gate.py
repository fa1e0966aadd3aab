"""Compares measured figures with those of `docs/evaluation/speed.json` and says what got worse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

BASELINE: Final = Path("docs/evaluation/speed.json")
TOLERATED: Final = 0.15
"""Repeated runs on an idle machine differ by about half of this."""


def read_baseline(path: Path = BASELINE) -> dict[str, float]:
    return dict(json.loads(path.read_text())["figures"]) if path.exists() else {}


def write_baseline(figures: Mapping[str, float], machine: str, path: Path = BASELINE) -> None:
    rounded = {name: round(value, 3) for name, value in figures.items()}
    path.write_text(json.dumps({"machine": machine, "figures": rounded}, indent=2) + "\n")


def worsened(figures: Mapping[str, float], baseline: Mapping[str, float]) -> tuple[str, ...]:
    """Sentences about the figures that are worse than the baseline by more than is tolerated.

    Figures in seconds describe the machine and are not compared; a figure that is new or gone is not either.
    """
    return tuple(
        f"{name}: {figures[name]:.2f}, {figures[name] / before - 1:+.0%} against {before:.2f}."
        for name, before in baseline.items()
        if name in figures and not name.endswith(", s") and figures[name] > before * (1 + TOLERATED)
    )
