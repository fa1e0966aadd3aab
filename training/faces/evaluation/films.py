"""Ways to make one score of the faces of a film, compared on sources that were left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from training.metrics import auc

Floats = npt.NDArray[np.float32]
LEAST_FACES: Final = 4


@dataclass(frozen=True, slots=True)
class Film:
    """logits: (N, 2) of the network and the tokens, each in units of its spread over files. sharpness: (N,)."""

    is_fake: bool
    fold: int
    logits: Floats
    sharpness: Floats


def _both(film: Film, strength: float) -> Floats:
    return np.asarray(film.logits[:, 0] + strength * film.logits[:, 1], np.float32)


POOLINGS: Final[dict[str, Callable[[Film, Floats], float]]] = {
    "mean": lambda _, both: float(both.mean()),
    "median": lambda _, both: float(np.median(both)),
    "mean, sharp faces counting more (as shipped, with size and pose)": lambda film, both: float(
        np.average(both, weights=np.log1p(film.sharpness))
    ),
    "mean of the highest quarter": lambda _, both: float(np.sort(both)[-max(1, len(both) // 4) :].mean()),
    "mean and half the spread": lambda _, both: float(both.mean() + 0.5 * both.std()),
    "spread alone": lambda _, both: float(both.std()),
    "spread of the network alone": lambda film, _: float(film.logits[:, 0].std()),
    "spread of the sharpness alone": lambda film, _: float(np.log1p(film.sharpness).std()),
    "agreement of both models over the faces alone": lambda film, _: _agreement(film.logits),
}


def _agreement(logits: Floats) -> float:
    spread = logits.std(axis=0)
    return float(np.corrcoef(logits[:, 0], logits[:, 1])[0, 1]) if spread.min() > 0 else 0.0


def compare_poolings(films: Sequence[Film], strength: float) -> dict[str, float]:
    """Mean AUC over the folds that have films of both classes, of at least `LEAST_FACES` faces; empty without any."""
    long = [film for film in films if len(film.logits) >= LEAST_FACES]
    folds = np.array([film.fold for film in long])
    labels = np.array([int(film.is_fake) for film in long])
    numbers = [number for number in np.unique(folds) if len(np.unique(labels[folds == number])) == 2]
    if not numbers:
        return {}
    found = {}
    for name, pooling in POOLINGS.items():
        scores = np.array([pooling(film, _both(film, strength)) for film in long])
        found[name] = float(np.mean([auc(labels[folds == number], scores[folds == number]) for number in numbers]))
    return found
