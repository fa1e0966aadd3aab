"""The words around the figures of the evaluation by source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from training.faces.evaluation.films import LEAST_FACES
from training.faces.evaluation.shortcuts import ShortcutRow
from training.faces.tokens.features import SHORTCUTS
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
    """AUC over files of the network, the tokens and both, and what limits from the other folds decide. is_new: to the
    network as well."""

    name: str
    is_new: bool
    honest: int
    forged: int
    network: float
    tokens: float
    both: float
    outcomes: Outcomes
    network_outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Meaning:
    """What scores of both models mean on files of left-out folds, all folds and classes weighing alike.

    ece: expected calibration error. bands: of every fifth of the scale with files, how many, their mean score, and the
    share of the forged among them.
    """

    ece: float
    bands: tuple[tuple[int, int, float, float], ...]


@dataclass(frozen=True, slots=True)
class AblationRow:
    """Mean AUC over the folds of the tokens and of both, over faces through the chain and as filed."""

    name: str
    tokens: float
    both: float
    filed_tokens: float
    filed_both: float


GAIN_ASKED = 0.03
LEAST_FILES = 8
"""Of each class in a row that is shown."""


def page(
    *,
    chained: Sequence[FoldRow],
    large: Sequence[FoldRow],
    as_filed: Sequence[FoldRow],
    other_groups: Sequence[FoldRow],
    meanings: Mapping[str, Meaning],
    fusions: Sequence[Mapping[str, float]],
    poolings: Sequence[Mapping[str, float]],
    shortcuts: Sequence[ShortcutRow],
    ablation: Sequence[AblationRow],
    ablation_samples: int,
    samples: int,
    filed_samples: int,
    faces: int,
    rates: tuple[float, float],
) -> tuple[str, dict[str, object]]:
    """`docs/evaluation/faces-by-source.md`, and its figures for machines."""
    text = f"""# Faces of sources that were left out

    python -m training.data --sources faces --shared ../shared/data --clones CLONES --out FACES
    python -m training.faces.tokens.features --data FACES --out CHAINED
    python -m training.faces.tokens.features --data FACES --out FILED --as-filed 1500
    python -m training.faces.tokens.rescoring --data FACES --tokens FILED
    python -m training.faces.tokens.features --data FACES --out HELD --held-out 520
    python -m training.faces.evaluation.by_source --data FACES --tokens HELD FILED CHAINED --cache DIR --compare --ship

Written by the last of these commands, from {samples:,} samples of {faces:,} faces of the public sources that
`training/data` names; {filed_samples:,} of the samples are faces as filed, which were not drawn to the end.

A row leaves its sources out whole: the heads on the tokens are fitted to the other rows' sources, and so are the
limits. There is a head for every other row's kind of material, heard as far as a face looks like that kind, in two
sets, one of them fitted without pseudo-fakes; the set that makes more of a face speaks. Both models are heard by the
sum of their logits, each in units of its spread, the tokens two and a half times. The network is the shipped one. It
was trained on other groups of most rows' sources; of those only groups count that it did not see, and such a row is
new to the tokens alone. Rows of two or more sources tell an honest source from a forged one as
well as honest from forged, so that they may flatter or slander. ReenactGAN is trained on and not scored: its forged
frames all show one man, its honest ones others. Rows with fewer than {LEAST_FILES} files of a class are not shown.

What to expect of a new source is the mean of the rows that are new to both models:
{_new(chained)}.

AUC is over files; faces of a film are pooled by their mean. "Right" and "wrong" are shares of files, both classes
alike, by limits chosen as the shipped ones are: on left-out files of the other rows, through the chain and as filed,
whose sources weigh alike, so that at most {rates[0]:.1%} of the honest are called fake and at most {rates[1]:.0%} of
the forged real.

## Through the chain of degradations

Every face through one random chain: tone, size (faces of 47 to 210 px), optics, noise, JPEG, WebP, H.264, HEVC, VP9 or
MPEG, some twice. The same distribution for both classes.

{fold_table(chained)}
{describe_gain(chained, "Over all faces")}

## Faces of at least 120 px

Those of the same samples that are not small in the film.

{fold_table(large)}
{describe_gain(large, "Over these faces")}

{_as_filed(as_filed)}## Known sources, other groups

With heads that saw the same sources and not the groups that they score: what to expect of material like the
training's ({"faces as filed" if as_filed else "faces of at least 120 px"}), by limits of left-out files all
the same. The difference from the table above is what a new source costs.

{fold_table(other_groups)}
## What scores mean

Of the rows together, both classes of each weighing alike, by calibrations that were fitted to the other rows. Off: the
expected calibration error over fifteen bins.

{meaning_table(meanings)}
## Shortcuts

AUC, after the chain, of single numbers that know nothing of manipulation. Far from 0.5, the row's figures are worth
less.

{_shortcuts(shortcuts)}
"""
    ways = [(name, *(decimal(view[name], 3) for view in fusions)) for name in fusions[0]]
    views = ("through the chain", "120 px and more", "as filed")[: len(fusions)]
    text += f"""## Ways to hear both

Mean AUC over the rows, whole sources left out. The shipped way was chosen by this table.

{table(("way", *views), ways)}
"""
    if all(poolings):
        ways = [(name, *(decimal(view[name], 3) for view in poolings)) for name in poolings[0]]
        views = ("through the chain", "as filed")[: len(poolings)]
        text += f"""## Ways to make one score of a film

Mean AUC over the rows that have films, of films with at least {LEAST_FACES} scored faces, whole sources left out.
Spread, sharpness and agreement of the models add nothing to the mean, so that no further model is fitted to a film.

{table(("way", *views), ways)}
"""
    if ablation:
        means = [
            (row.name, *(decimal(value, 3) for value in (row.tokens, row.both, row.filed_tokens, row.filed_both)))
            for row in ablation
        ]
        text += f"""## Other recipes of the heads

Mean AUC over the rows, on {ablation_samples:,} samples. The shipped recipe was chosen by this table, so that its own
left-out figures flatter it a little; the spread of the rows says how much at most.

{table(("heads", "tokens", "both", "tokens, as filed", "both, as filed"), means)}
"""
    figures: dict[str, object] = {
        "as_filed": [asdict(row) for row in as_filed],
        "large": [asdict(row) for row in large],
        "chained": [asdict(row) for row in chained],
        "other_groups": [asdict(row) for row in other_groups],
        "meanings": {view: asdict(meaning) for view, meaning in meanings.items()},
        "shortcuts": [asdict(row) for row in shortcuts],
        "fusions": [dict(view) for view in fusions],
        "poolings": [dict(view) for view in poolings],
        "ablation": [asdict(row) for row in ablation],
        "samples": samples,
    }
    return text, figures


def _new(rows: Sequence[FoldRow]) -> str:
    return ", ".join(f"“{row.name}”" for row in rows if row.is_new)


def _as_filed(rows: Sequence[FoldRow]) -> str:
    if not rows:
        return ""
    return f"""## As filed

The picture or frame as its source gives it, cropped as in service; of most sources at most 220 faces of a class. They
differ in size and coding, so that rows of several sources flatter.

{fold_table(rows)}
{describe_gain(rows, "As filed")}

"""


def fold_table(rows: Sequence[FoldRow]) -> str:
    """A row a fold, and their mean."""
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
    new = [row for row in rows if row.is_new]
    for name, members in (("**mean**", rows), ("**mean of those new to the network**", new)):
        if members:
            lines.append(_mean_line(name, members))
    return table(header, lines)


def _mean_line(name: str, rows: Sequence[FoldRow]) -> tuple[object, ...]:
    shares = [
        (row.network_outcomes.right, row.network_outcomes.wrong, row.outcomes.right, row.outcomes.wrong,
         row.outcomes.honest_wrong, row.outcomes.forged_wrong)
        for row in rows
    ]  # fmt: skip
    aucs = (f"**{decimal(_mean(rows, witness), 3)}**" for witness in ("network", "tokens", "both"))
    return (name, "", "", *aucs, *(percent(float(share)) for share in np.mean(shares, axis=0)))


def _mean(rows: Sequence[FoldRow], name: str) -> float:
    return float(np.mean([getattr(row, name) for row in rows]))


def meaning_table(meanings: Mapping[str, Meaning]) -> str:
    """A row a view: of every fifth of the scale, what the scores say and what is so."""
    fifths = [f"{20 * number} to {20 * number + 20} %" for number in range(5)]
    lines = []
    for view, meaning in meanings.items():
        told = {band: f"{percent(said)}: {percent(forged)} of {count}" for band, count, said, forged in meaning.bands}
        lines.append((view.replace("_", " "), *(told.get(number, "–") for number in range(5)), decimal(meaning.ece)))
    return table(("mean score: forged, of files that score", *fifths, "off"), lines)


def describe_gain(rows: Sequence[FoldRow], view: str) -> str:
    """What the second witness adds to the network's mean."""
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
