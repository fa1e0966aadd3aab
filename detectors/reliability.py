"""How far a detector is to be trusted: the figures of its own evaluation, read from the pages that ship beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from core.types import Modality, ModelRef, Population, Reliability

EVALUATIONS: Final = Path(__file__).resolve().parents[1] / "docs" / "evaluation"
KNOWN_MISSES: Final = 4
PAGES: Final = {Modality.VISUAL: "faces-by-source.json", Modality.AUDIO: "voices-by-family.json"}
"""What both models of a part say together, on material that neither was fitted to."""

_log: Final = structlog.get_logger()


def reliability(modality: Modality, model: ModelRef, folder: Path = EVALUATIONS) -> Reliability | None:
    """What the detector's evaluation wrote about it; None where it wrote nothing that can be read.

    The weakest sources of faces, and of the voice the weakest families of vocoders, are its known misses.

    Args:
        model: as a manifest names it: the version ends with the calibration by which both models decide.
    """
    path = folder / PAGES[modality]
    try:
        written = json.loads(path.read_text())
        told, families = _SHAPES[modality]
        populations, misses = tuple(told(written)), tuple(families(written))
        evaluated, calibration = str(written["model"]["sha256"]), str(written["model"]["calibration"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, ZeroDivisionError) as error:
        _log.warning("detectors.reliability.unreadable", modality=str(modality), error=repr(error))
        return None
    return Reliability(
        modality=modality,
        model_sha256=evaluated,
        is_of_this_model=evaluated == model.sha256 and model.version.endswith(f"-{calibration}"),
        populations=populations,
        known_misses=tuple(sorted(misses, key=lambda each: (each.auc, each.name))[:KNOWN_MISSES]),
    )


def _sources(written: Mapping[str, Any]) -> Iterator[Population]:
    for row in written["as_filed"]:
        yield Population(name=row["name"], n_real=row["honest"], n_fake=row["forged"], auc=round(row["both"], 5))


def _all_and_each(written: Mapping[str, Any]) -> Iterator[Population]:
    """The sources together, of which it is known what scores mean, and each by itself."""
    sources = tuple(_sources(written))
    yield Population(
        name="sources left out, together",
        n_real=sum(each.n_real or 0 for each in sources),
        n_fake=sum(each.n_fake or 0 for each in sources),
        auc=round(sum(each.auc for each in sources) / len(sources), 5),
        ece=round(written["meanings"]["as filed"]["ece"], 5),
    )
    yield from sources


def _pages(written: Mapping[str, Any]) -> Iterator[Population]:
    counts = written["counts"]
    for name, key in (("pages never heard", "both, clean"), ("pages never heard, distorted", "both, distorted")):
        found = written["pages"][key]
        yield Population(name=name, n_real=counts["honest"], n_fake=counts["fakes"], auc=found["auc"], ece=found["ece"])


def _families(written: Mapping[str, Any]) -> Iterator[Population]:
    for name, found in written["families"].items():
        yield Population(name=name, n_fake=found["clips"], auc=found["both"])


_SHAPES: Final = {Modality.VISUAL: (_all_and_each, _sources), Modality.AUDIO: (_pages, _families)}
