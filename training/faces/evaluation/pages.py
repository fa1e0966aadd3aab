"""The words around the visual detector's figures: its evaluation page and its model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detectors.calibration import Calibration


def page(tables: Mapping[str, str], calibration: Calibration, misses: Sequence[str], origin: str) -> str:
    """`docs/evaluation/visual.md`."""
    return f"""# Evaluation of the visual detector

    make evaluate DATA=../shared/data

Written by that command. {origin} Everything below is of groups (connected identities; for stills, single images or
DFDC originals) that training never saw, scored from the encoded picture on by the code that serves. Brackets are 95 %
bootstrap intervals over whole groups. ECE-15 and Brier are of the half of the groups that the calibration
`{calibration.version}` was not fitted on; the other columns need no calibration and use all groups.

FaceForensics++ leaves five groups out, so its intervals are wide and a method with one video says little. Identities of
DFDC recur between its training and validation actors: its figures are optimistic. No other generator of videos is in
this data; on unseen ones expect less.

## The score of a file

Frames pooled into tracks as the service does it (`detectors/aggregation.py`); a still is a file of one frame.

{tables["file"]}
## The mean over a video's frames

What the literature reports; for stills the same numbers as above.

{tables["mean"]}
## What the thresholds do

`p_fake` at or above {calibration.fake:.2f} is called fake, at or below {calibration.real:.2f} real. They were chosen so
that of new groups of the fitting population ({calibration.population})
at most {calibration.false_alarm_rate:.1%} of the honest are called fake and at most {calibration.miss_rate:.1%} of the
forged real; on a single source the share may be higher. Shares of the reporting half:

{tables["errors"]}
Under equal odds, each group's probability fitted to the other groups (five parts), ECE-15 over all sources is
**{tables["crossed"]}**. Of the reporting half, deciding the surest first:

{tables["coverage"]}
![Reliability, and risk against coverage](visual.svg)

## Pooling

Over FF++ videos, sixteen frames each: fakes as they are, and fakes of which a quarter of the frames lies within an
honest video of the same group.

{tables["pooling"]}
## Corruptions

The same small sample of files under each corruption, by the mean over frames. A mean logit that drifts means false
alarms or misses on such material even where the order of the scores holds.

{tables["grid"]}
## Unfamiliar pictures

A face whose early features lie outside of nearly all that the model knows is called unfamiliar; from half of the faces
on the file gets a score and no outcome. Known looks were fitted on the fitting half; these are faces of the reporting
half, and some of them made strange on purpose. Content is not looked at: a new kind of forgery looks familiar.

{tables["strange"]}
## Shortcuts

AUC of single numbers that know nothing of manipulation. Near 0.5 there is nothing to gain from them; where they are far
from it, the source's own figure above is worth less. Honest and forged stills of two sources differ in size; brought to
one size and through one encoder, in the rows that say so, they are fairer. Where sharpness still parts the classes even
then, as in generated faces, that figure flatters the detector too.

{tables["shortcuts"]}
## Known misses

Weakest of the populations above: {"; ".join(misses)}.

Not measured here at all: faces under 60 px, profiles, video of talking heads driven by audio, filters and make-up,
inserted objects, edits outside the face.
"""


def card(
    tables: Mapping[str, str], calibration: Calibration, misses: Sequence[str], origin: str, how: str, sha256: str
) -> str:
    """`detectors/weights/visual/card.md`."""
    return f"""# Model card: visual.face

EfficientNet-Lite0 at 192 px with global average pooling and a linear head: one aligned face in, one logit out, positive
meaning manipulated. `model.tflite` serves (sha256 `{sha256}`), `model.keras` explains; both hold the same numbers.

**Use.** Evidence for a person who decides, together with its map and its limits. Not for identifying anybody, and not
as the only ground of a decision about somebody.

**Origin.** {origin} Start: ImageNet weights of EfficientNet-Lite0
(Apache-2.0), through the runs that `docs/evaluation/history.md` lists; the recipe below is the last one's.

**Recipe** (schedule with its seed, and the shares of each kind of pair): `{how}`

**Data and terms.** Self-blended pairs made of real faces, and labelled fakes, from: FaceForensics++ c23 frames
(FaceForensics++ terms, research), DFDC crops (DFDC terms, research), Photoshop composites and portraits (CIPLAB,
research), generated faces against FFHQ (research); of the last run also ten public sources that
[the second model's card](../face_tokens/card.md) names, all but those new to the network. No picture is in the
repository. A deployment should check whether
its use of weights trained on research data is covered.

**Calibration** `{calibration.version}`: Platt scaling under equal odds and conformal thresholds
{calibration.real:.2f} (at most {calibration.miss_rate:.1%} of fakes below) and {calibration.fake:.2f} (at most
{calibration.false_alarm_rate:.1%} of honest files above); population: {calibration.population}.

**Figures**, left-out groups, 95 % intervals over groups (`docs/evaluation/visual.md` has the rest):

{tables["file"]}
**Known misses.** {"; ".join(misses)}. Compression and blur cost accuracy:

{tables["grid"]}
**Limits.** Faces under about 60 px, profiles beyond about 60 degrees, heavy compression. Edits outside faces are not
seen. Skin tones, ages and conditions of light are as uneven as in the sources; differences between groups of people
were not measured.
"""
