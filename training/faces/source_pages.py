"""The words around the figures of the evaluation by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from training.faces.shortcuts import ShortcutRow
from training.faces.tokens import SHORTCUTS
from training.reporting import decimal, percent, table


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Shares of a class's files; what is neither right nor wrong is undecided."""

    honest_right: float
    honest_wrong: float
    forged_right: float
    forged_wrong: float

    @property
    def right(self) -> float:
        return (self.honest_right + self.forged_right) / 2

    @property
    def wrong(self) -> float:
        return (self.honest_wrong + self.forged_wrong) / 2


@dataclass(frozen=True, slots=True)
class FoldRow:
    """AUC over files of the network, the tokens and both, and what limits from the other folds decide."""

    name: str
    honest: int
    forged: int
    network: float
    tokens: float
    both: float
    outcomes: Outcomes
    network_outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class AblationRow:
    """Mean AUC over the folds of the tokens and of both, over all faces through the chain and over large ones."""

    name: str
    tokens: float
    both: float
    large_tokens: float
    large_both: float


GAIN_ASKED = 0.03


def page(
    *,
    chained: Sequence[FoldRow],
    large: Sequence[FoldRow],
    as_filed: Sequence[FoldRow],
    other_groups: Sequence[FoldRow],
    shortcuts: Sequence[ShortcutRow],
    ablation: Sequence[AblationRow],
    ablation_samples: int,
    samples: int,
    faces: int,
    rates: tuple[float, float],
) -> tuple[str, dict[str, object]]:
    """`docs/evaluation/faces-by-source.md`, and its figures for machines."""
    text = f"""# Faces of sources that were left out

    python -m training.faces.by_source --data DIR --tokens DIR DIR

Written by that command, from {samples:,} samples of {faces:,} faces of the public sources that `training/data` names.
A row leaves its sources out whole: the head on the tokens is fitted to the other rows' sources, and so are the fusion
and the limits. The network is the shipped one. Of FF++, DFDC, Photoshop and generated portraits, which it was trained
on, only groups count that it did not see; its figures there are of known sources. Rows of two or more sources tell an
honest source from a forged one as well as honest from forged, so that they may flatter or slander.

AUC is over files; faces of a film are pooled by their mean. "Right" and "wrong" are shares of files, both classes
alike, by limits chosen on the other rows so that at most {rates[0]:.0%} of the honest are called fake and at most
{rates[1]:.0%} of the forged real.

## Through the chain of degradations

Every face through one random chain: tone, size (faces of 47 to 210 px), optics, noise, JPEG, WebP, H.264, HEVC, VP9 or
MPEG, some twice. The same distribution for both classes.

{_folds(chained)}
{_verdict(chained, "Over all faces")}

## Faces of at least 120 px

Those of the same samples that are not small in the film.

{_folds(large)}
{_verdict(large, "Over these faces")}

## Known sources, other groups

Faces of at least 120 px, with heads that saw the same sources and not the groups that they score: what to expect of
material like the training's. The difference from the table above is what a new source costs.

{_folds(other_groups)}
## Shortcuts

AUC, after the chain, of single numbers that know nothing of manipulation. Far from 0.5, the row's figures are worth
less.

{_shortcuts(shortcuts)}
"""
    if ablation:
        means = [
            (row.name, *(decimal(value, 3) for value in (row.tokens, row.both, row.large_tokens, row.large_both)))
            for row in ablation
        ]
        text += f"""## Other recipes of the head

Mean AUC over the rows, on {ablation_samples:,} samples.

{table(("head", "tokens", "both", "tokens, 120 px and more", "both, 120 px and more"), means)}
"""
    if as_filed:
        text += f"""
## As filed

The picture or frame as its source gives it, cropped as in service; few of each source.

{_folds(as_filed)}
{_verdict(as_filed, "As filed")}
"""
    figures: dict[str, object] = {
        "as_filed": [asdict(row) for row in as_filed],
        "large": [asdict(row) for row in large],
        "chained": [asdict(row) for row in chained],
        "other_groups": [asdict(row) for row in other_groups],
        "shortcuts": [asdict(row) for row in shortcuts],
        "ablation": [asdict(row) for row in ablation],
        "samples": samples,
    }
    return text, figures


def _folds(rows: Sequence[FoldRow]) -> str:
    header = (
        "left out", "honest files", "forged files", "network", "tokens", "both",
        "right, network", "wrong, network", "right, both", "wrong, both", "honest called fake", "forged called real",
    )  # fmt: skip
    lines: list[tuple[object, ...]] = [
        (
            row.name, row.honest, row.forged, decimal(row.network), decimal(row.tokens), decimal(row.both),
            percent(row.network_outcomes.right), percent(row.network_outcomes.wrong),
            percent(row.outcomes.right), percent(row.outcomes.wrong),
            percent(row.outcomes.honest_wrong), percent(row.outcomes.forged_wrong),
        )
        for row in rows
    ]  # fmt: skip
    if rows:
        lines.append(
            (
                "**mean**", "", "", *(f"**{decimal(_mean(rows, name), 3)}**" for name in ("network", "tokens", "both")),
                percent(float(np.mean([row.network_outcomes.right for row in rows]))),
                percent(float(np.mean([row.network_outcomes.wrong for row in rows]))),
                percent(float(np.mean([row.outcomes.right for row in rows]))),
                percent(float(np.mean([row.outcomes.wrong for row in rows]))),
                percent(float(np.mean([row.outcomes.honest_wrong for row in rows]))),
                percent(float(np.mean([row.outcomes.forged_wrong for row in rows]))),
            )
        )  # fmt: skip
    return table(header, lines)


def _mean(rows: Sequence[FoldRow], name: str) -> float:
    return float(np.mean([getattr(row, name) for row in rows]))


def _verdict(rows: Sequence[FoldRow], view: str) -> str:
    if not rows:
        return ""
    gain = _mean(rows, "both") - _mean(rows, "network")
    reached = "which reaches" if gain >= GAIN_ASKED else "which does not reach"
    return (
        f"{view}, the second witness changes the mean by {gain:+.3f}, {reached} the {GAIN_ASKED} that were asked of it."
    )


def _shortcuts(rows: Sequence[ShortcutRow]) -> str:
    return table(
        ("left out", "honest", "forged", *SHORTCUTS),
        [(row.name, row.honest, row.forged, *(decimal(value) for value in row.aucs)) for row in rows],
    )
