"""How far a detector is to be trusted: the figures of its own evaluation, read from the pages that ship beside it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from core.types import Modality, ModelRef, Population, Reliability

EVALUATIONS: Final = Path(__file__).resolve().parents[1] / "docs" / "evaluation"
KNOWN_MISSES: Final = 4
_ROWS: Final = {Modality.VISUAL: "file_score", Modality.AUDIO: "left_out"}

_log: Final = structlog.get_logger()


def reliability(modality: Modality, model: ModelRef, folder: Path = EVALUATIONS) -> Reliability | None:
    """What `training.<modality>.evaluate` wrote about the detector; None where it wrote nothing that can be read.

    The weakest populations, and of the voice the weakest synthesis systems, are its known misses.
    """
    path = folder / f"{modality}.json"
    try:
        written = json.loads(path.read_text())
        populations = tuple(_population(row) for row in written[_ROWS[modality]])
        systems = tuple(
            Population(name=name, auc=auc) for name, auc in written.get("systems", {}).items() if _is_known(auc)
        )
        evaluated = str(written["model"]["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("detectors.reliability.unreadable", modality=str(modality), error=repr(error))
        return None
    weakest = sorted(systems or populations, key=lambda each: (each.auc, each.name))[:KNOWN_MISSES]
    return Reliability(
        modality=modality,
        model_sha256=evaluated,
        is_of_this_model=evaluated == model.sha256,
        populations=populations,
        known_misses=tuple(weakest),
    )


def _population(row: Mapping[str, Any]) -> Population:
    measures = row["measures"]
    ece = measures.get("ece_15")
    return Population(
        name=str(row["name"]),
        n_real=measures["n_real"],
        n_fake=measures["n_fake"],
        auc=measures["auc"],
        ece=ece if _is_known(ece) else None,
    )


def _is_known(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
