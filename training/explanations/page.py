"""The words around the explanations' figures: `docs/evaluation/explanations.md`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.reporting import decimal, table

GOALS = {"hit": 0.80, "iou_over_prior": 2.0, "deletion_better": 0.90}


def page(figures: Mapping[str, Any]) -> str:
    """Tables, and beside each goal what was reached."""
    faces, voices = figures["faces"], figures["voices"]
    best = faces["served"]
    reached = (
        ("pointing game on self-blends", GOALS["hit"], best["hit"]["value"]),
        ("overlap over that of a centred blob", GOALS["iou_over_prior"], best["iou_over_prior"]),
        (
            "deletion better than elsewhere, real fakes",
            GOALS["deletion_better"],
            _of(faces["fakes"], "deletion_better"),
        ),
    )
    prior = best["prior_iou"]["value"]
    goals = table(
        ("goal", "at least", "measured", ""),
        ((name, decimal(goal), decimal(value), "met" if value >= goal else "missed") for name, goal, value in reached),
    )
    return f"""# Evaluation of the explanations

    python -m training.explanations.evaluate --data ../shared/data

Written by that command, over left-out faces of FaceForensics++ and DFDC and over synthetic voices, through the code
that serves, with the visual weights `{faces["model"][:16]}`. Brackets are 95 % bootstrap intervals over faces or clips.

{goals}
Most blends change most of the face, which is where the blob lies, so that here no map at all can exceed
{decimal(1 / prior if prior else float("nan"))} times its overlap. The row of small changes says more.

## Does a map of a face find what was changed?

Self-blends of honest faces that training never saw, whose masks are known. A hit: the map's strongest pixel lies in the
changed area. Overlap (IoU): of the map's strongest area, as large as the change. Beside each, a blob in the middle of
the crop, which knows nothing. "Served" is what a report shows: Grad-CAM or, where that fails its checks, occlusion.
"Detected": those that the detector scores above its own threshold.

{_localisation(faces)}
## Do the maps hold?

Each map on its own picture. Deletion: erasing its strongest tenth lowers the score more than erasing as much elsewhere
does on average; and more than nine in ten such places do. Insertion: the strongest tenth alone raises the score of an
erased picture more than as much from elsewhere. Likeness: rank correlation with the map of the same network with its
weights shuffled; near 0 the map depends on what was learnt. A map is relied on when all of it speaks for it; in a
report the others say "do not rely on this map". A map of an honest face may hold too: it shows the little that spoke
for manipulation.

{_checks(faces, voices)}
Along the whole curve, mean change of the logit when 5, 10, 20, 40 and 70 % are erased or put back:

{_curves(faces)}
## The references

Grad-CAM in closed form differs from tf-keras-vis by {faces["references"]["closed_form_difference"]:.1e} at most, on a
scale of 0 to 1. How other accounts rank the same cells of the same faces, and LIME the same patches of the same voices:

{_references(faces, voices)}
SHAP's sums are exact to {voices["additivity_error_most"]:.1e} logit. LIME's line explains
{decimal(voices["lime_fit"]["value"])} of the variance of the model's answers; where that is low, its account is a rough
one.

## What this does not show

An erased picture is itself unusual, so these checks are about the model, not about the world. Self-blends resemble what
the detector was trained on; the masks of real fakes are not known here.
"""


def _of(figures: Mapping[str, Any], name: str) -> float:
    return float(figures[name]["value"])


def _within(estimate: Mapping[str, Any]) -> str:
    return f"{decimal(estimate['value'])} ({decimal(estimate['low'])}–{decimal(estimate['high'])})"


def _localisation(faces: Mapping[str, Any]) -> str:
    names = {
        "served": "served, all",
        "served_detected": "served, detected",
        "served_small": "served, changes under a quarter of the crop",
        "grad_cam": "Grad-CAM alone, all",
        "grad_cam_detected": "Grad-CAM alone, detected",
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
                _within(each["relied_on"]),
                decimal(each["by_grad_cam"]["value"]) if "by_grad_cam" in each else "–",
            )
        )
    header = (
        "material", "maps", "deletion better", "beats nine in ten", "insertion better", "likeness", "most alike",
        "relied on", "by Grad-CAM",
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
