"""The words around the figures of the voice model's trunk: its evaluation page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detectors.calibration import Calibration


def page(
    tables: Mapping[str, str],
    calibration: Calibration,
    misses: Sequence[str],
    origin: str,
    coverage: str,
    serving: Mapping[str, float],
) -> str:
    """`docs/evaluation/audio.md`."""
    return f"""# Evaluation of the audio detector

    make evaluate DATA=../shared/data

Written by that command. {origin}

**Whose figures these are.** Of the trunk, whose levels the shipped head reads (`voices-by-family.md` has the head's own
figures, on pages of newer systems). A network fitted to every source cannot be measured on any of them. The figures are
of its twins: the same recipe from ImageNet's weights, without the trunk's earlier rounds on all sources, each trained
without one fold of whole sources and scored on that fold ({coverage}). They say what to
expect of the recipe on a new source, as far as these sources resemble it.

Brackets are 95 % bootstrap intervals over whole sources. ECE-15 and Brier are of the half of the speakers that the
calibration `{calibration.version}` was not fitted on. The scale of the shipped network's logits may differ a little
from its twins'; its calibration is theirs. Every clip is one window, so that for longer files, whose windows are
pooled, the calibration extrapolates.

## Left-out sources

{tables["measures"]}
## Within one source

Honest against synthetic clips of the same left-out source: microphone, codec and language cannot help.

{tables["sources"]}
## By system

Each system's clips against all honest clips of the same folds, hardest first; systems with ten clips or more.

{tables["systems"]}
## What the thresholds do

`p_fake` at or above {calibration.fake:.2f} is called fake, at or below {calibration.real:.2f} real: chosen so that of
new speakers at most {calibration.false_alarm_rate:.1%} of the honest are called fake and at most
{calibration.miss_rate:.1%} of the synthetic real. The promise is for new speakers of these sources, not for new
sources. What it costs is that many are left undecided.

{tables["errors"]}
Under equal odds, each source's probability fitted to the other sources (five parts), ECE-15 over all sources is
**{tables["crossed"]}**. Deciding the surest first:

{tables["coverage"]}
![Reliability, risk against coverage, and detection error tradeoff](audio.svg)

## Corruptions

A fixed sample of clips under each corruption, through speech finding and the serving runtime; AUC is the mean of the
folds'. On the uncorrupted clips this path and the training room's own scoring correlate at
{serving["correlation"]:.3f} over {serving["clips"]:.0f} clips, with a mean difference of
{serving["mean_difference"]:+.2f} in logit.

{tables["grid"]}
## Shortcuts

Loudness, duration, the silence at the beginning, the noise floor and the end of the band must not be evidence: the
features drop the first and whatever is above 7 kHz or 50 dB under the mean, only speech is heard, and windows have one
length. An AUC away from 0.5, on either side, is what the number alone would tell of these sources; the right column is
whether the score leans on it all the same.

{tables["shortcuts"]}
## Known misses

The clips that were furthest from the truth, at most two of a speaker or of a system:

{tables["worst"]}
Hardest systems: {"; ".join(misses)}.

Not measured here at all: cuts and re-ordered words, a real voice over a false picture, singing, whispering, languages
that the sources lack, clones made to fool detectors.
"""
