"""The words around the audio detector's figures: its evaluation page and its model card."""

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

**Whose figures these are.** A network fitted to every source cannot be measured on any of them. The figures are of
its twins: the same recipe from ImageNet's weights, without the shipped network's earlier rounds on all sources, each
trained without one fold of whole sources and scored on that fold
({coverage}). They say what to expect of the recipe on a new source, as far as these
sources resemble it.

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


def card(
    tables: Mapping[str, str], calibration: Calibration, misses: Sequence[str], origin: str, how: str, sha256: str
) -> str:
    """`detectors/weights/audio/card.md`."""
    return f"""# Model card: audio.voice

The first five stages of EfficientNet-Lite0 with plain ReLU, over a linear-frequency log spectrogram (20 ms frames every
10 ms, 150 Hz to 7 kHz, 3 s, level and smooth colouring removed): one window in, one logit out, positive meaning
synthetic. `model.tflite` serves (sha256 `{sha256}`), `model.keras` explains; both hold the same numbers. Speech is
found by Silero VAD (MIT).

**Use.** Evidence for a person who decides, together with its attribution and its limits. Not for identifying anybody,
and not as the only ground of a decision about somebody.

**Origin.** {origin} Start: ImageNet weights of EfficientNet-Lite0 (Apache-2.0), the colour summed out of the stem,
through the rounds that `docs/evaluation/history.md` lists.

**Recipe** of the last run, with its seed; one entry for every time it went on, `initial` being the digest of the
weights that it began with: `{how}`

**Data and terms.** 3 s clips of 28 public sources: read and acted speech, voice commands, and the demonstration pages
and samples of some 60 synthesis and conversion systems (terms differ by source and are known clip by clip; research
use); a 29th of clips spoken for this by espeak-ng and flite; besides, copy-syntheses of the honest clips by five
vocoders of signal processing and by HiFi-GAN, and clips that training makes by Kokoro and Piper (Apache-2.0 and CC0).
No clip is in the repository. Demonstration pages were labelled by file name. A deployment should check whether its use
of weights trained on research data is covered.

**Calibration** `{calibration.version}`: Platt scaling under equal odds and conformal thresholds
{calibration.real:.2f} (at most {calibration.miss_rate:.1%} of synthetic voices below) and {calibration.fake:.2f} (at
most {calibration.false_alarm_rate:.1%} of honest ones above), fitted on half of the speakers.
Population: {calibration.population}.

**Figures** of cross-validation twins, each on the sources that it never heard, 95 % intervals over sources
(`docs/evaluation/audio.md` has the rest):

{tables["measures"]}
{tables["errors"]}
**Known misses.** {"; ".join(misses)}. Noise, codecs and narrow bands:

{tables["grid"]}
**Limits.** Under 1.5 seconds of speech there is no score, under 2.5 seconds no outcome. Languages and accents are as
uneven as in the sources; differences between groups of speakers were not measured. A converted voice keeps a human's
breath and pace and is harder than a read text. A system unlike those in training can pass wholly
(`docs/evaluation/elsewhere.md`).
"""
