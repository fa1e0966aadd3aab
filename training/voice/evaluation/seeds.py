"""How much of the voice model's figure is the seed's: the same folds, fitted from several seeds.

`python -m training.voice.network.train --data ../shared/data --run seed5 --only folds --steps 200 --seed 5` for each
seed, then `python -m training.voice.evaluation.seeds --data ../shared/data --runs seed5 seed6 seed7`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.metrics import auc, eer
from training.reporting import decimal, table
from training.voice.data.dataset import FOLDS, read_manifest
from training.voice.evaluation.trunk import LeftOut, left_out


def line(name: str, everything: LeftOut) -> tuple[str, ...]:
    """AUC of each fold, then AUC and EER of all."""
    labels, folds = everything.labels, np.array([row.fold for row in everything.rows])
    each = [auc(labels[folds == fold], everything.logits[folds == fold]) for fold in range(FOLDS)]
    whole = (auc(labels, everything.logits), eer(labels, everything.logits))
    return (name, *(decimal(value, 3) for value in (*each, *whole)))


def lines(named: Sequence[tuple[str, LeftOut]]) -> list[tuple[str, ...]]:
    """One line a seed, and one of their logits' mean.

    Raises: ValueError when the seeds scored other clips or in another order.
    """
    rows = named[0][1].rows
    if any(said.rows != rows for _, said in named):
        raise ValueError("the seeds scored other clips")
    mean = LeftOut(rows, np.mean([said.logits for _, said in named], axis=0))
    return [line(name, said) for name, said in (*named, ("their mean", mean))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--runs", nargs="+", required=True)
    arguments = parser.parse_args()
    manifest = read_manifest(arguments.data / "voices")
    named = [(run, left_out(arguments.cache / "runs" / run, manifest, range(FOLDS))) for run in arguments.runs]
    print(table(("seed", *(f"fold {fold}" for fold in range(FOLDS)), "AUC", "EER"), lines(named)))


if __name__ == "__main__":
    main()
