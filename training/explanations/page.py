"""The words around the explanations' figures: `docs/evaluation/explanations.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.reporting import decimal, table

GOALS = {"hit": 0.80, "iou_over_prior": 2.0, "deletion_better": 0.90}


def page(figures: Mapping[str, Any]) -> str:
    """Tables, and beside each goal what was reached."""
    faces, voices = figures["faces"], figures["voices"]
    small = faces["served_small"]
    reached = (
        ("pointing game on self-blends", GOALS["hit"], faces["served"]["hit"]["value"]),
        ("overlap over a centred blob's, small changes", GOALS["iou_over_prior"], small["iou_over_prior"]),
        (
            "deletion by undoing better than elsewhere, fakes that the model calls so",
            GOALS["deletion_better"],
            _of(faces["pairs"]["speaking"], "better"),
        ),
        (
            "deletion by blurring better than elsewhere, fakes",
            GOALS["deletion_better"],
            _of(faces["fakes"], "deletion_better"),
        ),
    )
    prior = faces["served"]["prior_iou"]["value"]
    goals = table(
        ("goal", "at least", "measured", ""),
        ((name, decimal(goal), decimal(value), "met" if value >= goal else "missed") for name, goal, value in reached),
    )
    return f"""# Evaluation of the explanations

    python -m training.explanations.evaluate --data ../shared/data

Written by that command, over left-out faces of FaceForensics++ and DFDC and over synthetic voices, through the code
that serves, with the visual weights `{faces["model"][:16]}`. Brackets are 95 % bootstrap intervals over faces or clips.
The rule that is served was chosen on one half of the left-out groups; all faces here are of the other half.

{goals}
Most blends change most of the face, which is where the blob lies, so that over all of them no map at all can exceed
{decimal(1 / prior if prior else float("nan"))} times its overlap. So that goal is asked of the small changes, which
fill less than a quarter of the crop, half of a face.

## Does a map of a face find what was changed?

Self-blends of honest faces that training never saw, whose masks are known. A hit: the map's strongest pixel lies in the
changed area. Overlap (IoU): of the map's strongest area, as large as the change. Beside each, a blob in the middle of
the crop, which knows nothing. "Served" is what a report shows; "the face's place" is the same without a network: where
the face is, and nothing else, so that the difference is what the network knows. "Detected": those that the detector
scores above its own threshold.

{_localisation(faces)}
## What can test a map of a face?

Deletion asks whether the score falls when the strongest part of a map is taken away. It depends on how. Here it is
asked of the change itself, whose place is known, and of the served map: how often the logit falls further than it does
on average in six equally large places elsewhere.

{_instruments(faces)}
Blurring the very change is no test: a blurred patch of a face is a change of a face, and the detector says so. Undoing
is one, but needs the original. So in a report deletion by blurring stands beside a map and does not decide
about it; what decides is whether the map stays where it is when the picture is mirrored and moved, whether the face
speaks for manipulation at all, and whether a network with shuffled weights would draw another map.

## Do the maps hold?

Deletion: blurring (of a voice: muting) a map's strongest tenth lowers the score more than as much elsewhere does on
average; and more than all of nine such places do. Insertion: the strongest tenth alone raises the score of an erased
input more than as much from elsewhere. Steady: share of a map's strongest tenth that stays when the picture is mirrored
or moved, at worst. Likeness: rank correlation with the map of the same network with its weights shuffled; near 0 the
map depends on what was learnt. In a report, maps that are not relied on say "do not rely on this map".

{_checks(faces, voices)}
Along the whole curve, mean change of the logit when 5, 10, 20, 40 and 70 % are blurred or put back:

{_curves(faces)}
## The references

Grad-CAM in closed form differs from tf-keras-vis by {faces["references"]["closed_form_difference"]:.1e} at most, on a
scale of 0 to 1. How other accounts rank the same cells of the same faces, and LIME the same patches of the same voices:

{_references(faces, voices)}
SHAP's sums are exact to {voices["additivity_error_most"]:.1e} logit. LIME's line explains
{decimal(voices["lime_fit"]["value"])} of the variance of the model's answers; where that is low, its account is a rough
one.

## What this does not show

Self-blends resemble what the detector was trained on. The masks of real fakes are not known here; that undoing them
where their map is strongest lowers the score says that the place matters to the model. A blob in the middle of the crop
hits most changes, because most changes cover the middle of the face.
"""


def _of(figures: Mapping[str, Any], name: str) -> float:
    return float(figures[name]["value"])


def _within(estimate: Mapping[str, Any]) -> str:
    return f"{decimal(estimate['value'])} ({decimal(estimate['low'])}–{decimal(estimate['high'])})"


def _localisation(faces: Mapping[str, Any]) -> str:
    names = {
        "served": "served, all",
        "served_detected": "served, detected",
        "served_relied_on": "served, relied on",
        "served_small": "served, changes under a quarter of the crop",
        "place": "the face's place alone, all",
        "place_small": "the face's place alone, changes under a quarter",
        "grad_cam": "Grad-CAM of one view, anywhere, all",
        "grad_cam_small": "Grad-CAM of one view, changes under a quarter",
        "occlusion": "occlusion by blurring, all",
    }
    rows = []
    for name, shown in names.items():
        each = faces[name]
        rows.append(
            (
                shown,
                each["hit"]["count"],
                _within(each["hit"]),
                decimal(each["prior_hit"]["value"]),
                _within(each["iou"]),
                decimal(each["prior_iou"]["value"]),
                decimal(each["iou_over_prior"]),
            )
        )
    return table(("map", "faces", "hits", "blob hits", "IoU", "blob IoU", "IoU over blob's"), rows)


def _instruments(faces: Mapping[str, Any]) -> str:
    listed = (
        ("the change itself, blurred", faces["blurred_by_truth"]),
        ("the change itself, undone", faces["undone_by_truth"]),
        ("strongest quarter of the served map, undone: self-blends", faces["undone_by_map"]),
        ("strongest quarter of the served map, undone: fakes of DFDC", faces["pairs"]["all"]),
        ("the same, of those with a logit above 0", faces["pairs"]["speaking"]),
    )
    rows = [
        (name, each["better"]["count"], _within(each["better"]), _within(each["here"]), _within(each["elsewhere"]))
        for name, each in listed
    ]
    return table(("treated", "faces", "better than elsewhere", "fall of the logit", "elsewhere"), rows)


def _checks(faces: Mapping[str, Any], voices: Mapping[str, Any]) -> str:
    listed = {
        "self-blends": faces["blends"],
        "fakes": faces["fakes"],
        "honest faces": faces["honest"],
        "synthetic voices (SHAP)": voices["windows"],
    }
    rows = []
    for name, each in listed.items():
        rows.append(
            (
                name,
                each["deletion_better"]["count"],
                _within(each["deletion_better"]),
                _within(each["deletion_beats_nine_in_ten"]),
                _within(each["insertion_better"]),
                decimal(each["weights_correlation"]["value"]),
                decimal(each["weights_correlation_most"]),
                decimal(each["steadiness"]["value"]) if "steadiness" in each else "–",
                _within(each["relied_on"]),
            )
        )
    header = (
        "material", "maps", "deletion better", "beats all nine", "insertion better", "likeness", "most alike",
        "steady", "relied on",
    )  # fmt: skip
    return table(header, rows)


def _curves(faces: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            *(_within(faces[key][f"curve_{curve}"]) for curve in _CURVES),
        )
        for name, key in (("fakes", "fakes"), ("honest faces", "honest"))
        if "curve_deletion" in faces[key]
    ]
    return table(("material", "erased: the map's", "elsewhere", "put back: the map's", "elsewhere"), rows)


_CURVES = ("deletion", "random_deletion", "insertion", "random_insertion")


def _references(faces: Mapping[str, Any], voices: Mapping[str, Any]) -> str:
    rows = [(name, _within(each)) for name, each in faces["references"]["agreement"].items()]
    rows.append(("LIME against SHAP", _within(voices["lime_agreement"])))
    return table(("second opinion", "rank correlation with the first"), rows)
