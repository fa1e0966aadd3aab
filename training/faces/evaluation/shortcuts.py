"""What single numbers that know nothing of manipulation tell of a source after the chain; near 0.5, nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.data.manifest import FaceRow
from training.faces.tokens.features import SHORTCUTS, Kind, TokenTable
from training.metrics import auc


@dataclass(frozen=True, slots=True)
class ShortcutRow:
    """One source with both classes, or a pair of sources. aucs: in the order of `SHORTCUTS`."""

    name: str
    honest: int
    forged: int
    aucs: tuple[float, ...]


def measure_shortcuts(name: str, rows: tuple[FaceRow, ...], table: TokenTable, datasets: frozenset[str]) -> ShortcutRow:
    """AUC of each shortcut over the filed samples of these datasets; pseudo-fakes are left aside."""
    named = np.array([rows[index].dataset in datasets for index in table.rows])
    chosen = named & (table.kinds == Kind.FILED.value)
    labels = table.forged[chosen].astype(np.int64)
    values = table.shortcuts[chosen]
    return ShortcutRow(
        name=name,
        honest=int((labels == 0).sum()),
        forged=int(labels.sum()),
        aucs=tuple(round(auc(labels, values[:, column]), 3) for column in range(len(SHORTCUTS))),
    )
