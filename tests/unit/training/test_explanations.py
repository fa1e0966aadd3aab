"""The explanations' evaluation: what it measures on maps whose worth is known."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from core.media import AlignedFace
from core.types import Faithfulness
from tests.fixtures.networks import TinyActivations
from training.explanations.evaluate import Held, checked, chosen, estimate, is_reported, located, treated
from training.explanations.localisation import (
    KnownChange,
    KnownFace,
    centre_prior,
    curves,
    known_change,
    localise,
    overlap,
)
from training.explanations.page import page
from training.explanations.undoing import Undone, change_blurred, change_undone, undone
from training.faces.data.dataset import FaceRow
from training.reporting import write_page

SIZE = 64


def _change() -> KnownChange:
    changed = np.zeros((SIZE, SIZE), np.bool_)
    changed[40:60, 8:30] = True
    original = np.zeros((SIZE, SIZE, 3), np.uint8)
    return KnownChange(AlignedFace(original, np.eye(2, 3), {}), original, changed)


CHECK = Faithfulness(deletion_drop=1.0, random_drop=0.1, reliable=True, beaten_share=1.0, steadiness=0.9)


def _heat(area: np.ndarray) -> np.ndarray:
    return area.astype(np.float32)


def test_a_map_of_the_change_hits_and_overlaps_it_wholly_and_a_blob_does_not():
    change = _change()
    found = localise(_heat(change.changed), change)
    assert found.hit
    assert found.iou == 1.0
    assert not found.prior_hit
    assert found.prior_iou < 0.3
    away = localise(_heat(~change.changed), change)
    assert (away.hit, away.iou) == (False, 0.0)
    blob = localise(_heat(centre_prior(SIZE)), change)
    assert (blob.hit, blob.iou) == (blob.prior_hit, blob.prior_iou)


def test_overlap_is_of_areas():
    first = np.zeros((4, 4), np.bool_)
    second = first.copy()
    assert overlap(first, second) == 0.0
    first[:2], second[1:3] = True, True
    assert overlap(first, second) == pytest.approx(1 / 3)


def test_a_known_change_lies_where_the_pixels_differ():
    rng = np.random.default_rng(3)
    image = np.repeat(np.repeat(rng.integers(0, 256, (36, 36, 3), dtype=np.uint8), 8, 0), 8, 1)
    angles = np.linspace(0, 2 * np.pi, 468)
    landmarks = np.stack([144 + 70 * np.cos(angles), 144 + 80 * np.sin(angles)], 1).astype(np.float32)
    made = [known_change(KnownFace(image, landmarks), SIZE, np.random.default_rng(seed)) for seed in range(6)]
    shown = [each for each in made if each is not None]
    assert shown
    for each in shown:
        assert each.face.pixels.shape == (SIZE, SIZE, 3)
        assert 0 < each.changed.mean() < 0.6


class _Corner:
    """Judges the sharpness of the upper left quarter."""

    def activations(self, crops: np.ndarray) -> TinyActivations:
        corner = crops[:, : SIZE // 2, : SIZE // 2].astype(np.float32)
        logits = corner.std(axis=(1, 2, 3)) / 32
        return TinyActivations(logits=logits, maps=np.zeros((len(crops), 2, 2), np.float32))


def test_the_curves_of_a_true_map_are_above_those_of_other_places():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    heat = np.zeros((SIZE, SIZE), np.float32)
    heat[: SIZE // 2, : SIZE // 2] = rng.random((SIZE // 2, SIZE // 2))
    drawn = [curves(_Corner(), pixels, heat, np.random.default_rng(seed)) for seed in range(5)]
    assert np.mean([each.deletion - each.random_deletion for each in drawn]) > 0.1
    assert np.mean([each.insertion - each.random_insertion for each in drawn]) > 0.1


class _Seam:
    """Judges how far the picture is from flat: a change of it, whoever made it."""

    def activations(self, crops: np.ndarray) -> TinyActivations:
        logits = np.abs(crops.astype(np.float32) - 128).mean(axis=(1, 2, 3))
        return TinyActivations(logits=logits, maps=np.zeros((len(crops), 2, 2), np.float32))


def test_undoing_a_change_lowers_the_score_where_it_is_and_nowhere_else():
    change = _change()
    original = np.full((SIZE, SIZE, 3), 128, np.uint8)
    pixels = original.copy()
    pixels[change.changed] = 255
    face = AlignedFace(pixels, np.eye(2, 3), {})
    truth = change_undone(_Seam(), face, original, change.changed, 3)
    assert truth.is_better
    assert truth.here > 3 * abs(truth.elsewhere)
    assert undone(_Seam(), face, original, _heat(change.changed), 3).is_better
    assert not undone(_Seam(), face, original, _heat(np.roll(~change.changed, 9)), 3).here > truth.here
    assert change_blurred(_Seam(), face, change.changed, 3).here < truth.here


def test_estimates_hold_their_mean_between_their_bounds():
    found = estimate([True, False, True, True])
    assert (found.value, found.count) == (0.75, 4)
    assert found.low <= 0.75 <= found.high
    assert math.isnan(estimate([]).value)


def test_the_same_left_out_images_are_chosen_and_no_video_rules():
    rows = [
        FaceRow(f"{dataset}/{video}-{frame}.jpg", False, dataset, "m", f"{dataset}{video}", f"{video}", video % 2 == 0)
        for dataset in ("ffpp_c23", "dfdc")
        for video in range(40)
        for frame in range(5)
    ]
    first = chosen(rows, is_fake=False, count=12)
    assert first == chosen(rows, is_fake=False, count=12)
    assert len(first) == 12
    assert all(row.held_out and is_reported(row) for row in first)
    assert {row.dataset for row in first} == {"ffpp_c23", "dfdc"}
    counts = [sum(row.video == video for row in first) for video in {row.video for row in first}]
    assert max(counts) <= 2


def test_the_page_states_goals_met_and_missed_and_is_json_too(tmp_path):
    held = Held()
    change = _change()
    held.add(
        CHECK,
        curves(_Corner(), change.original, change.changed.astype(np.float32), np.random.default_rng(0)),
    )
    good = located([localise(_heat(change.changed), change)] * 4)
    bad = located([localise(_heat(~change.changed), change)] * 4)
    checks = checked(held)
    voices = {
        "windows": checked(held),
        "additivity_error_most": 3e-6,
        "lime_agreement": {"value": 0.5, "low": 0.4, "high": 0.6, "count": 4},
        "lime_fit": {"value": 0.6, "low": 0.4, "high": 0.7, "count": 4},
    }
    better, worse_than = treated([Undone(2.0, 1.0)] * 3), treated([Undone(-1.0, 1.0)] * 3)
    faces = {
        "served_relied_on": good,
        "grad_cam_small": bad,
        "place": bad,
        "place_small": bad,
        "occlusion": bad,
        "undone_by_map": better,
        "undone_by_truth": better,
        "blurred_by_truth": worse_than,
        "pairs": {"all": better, "speaking": better},
        "model": "ab" * 32,
        "served": good,
        "served_detected": located([]),
        "served_small": good,
        "grad_cam": bad,
        "blends": checks,
        "fakes": checks,
        "honest": checks,
        "references": {
            "closed_form_difference": 1e-6,
            "agreement": {"Grad-CAM++": {"value": 0.9, "low": 0.8, "high": 1.0, "count": 6}},
        },
    }
    figures = {"faces": faces, "voices": voices}
    text = page(figures)
    assert "| pointing game on self-blends | 0.80 | 1.00 | met |" in text
    worse = page({**figures, "faces": {**faces, "served": bad}})
    assert "| pointing game on self-blends | 0.80 | 0.00 | missed |" in worse
    write_page(tmp_path, "explanations", text, figures)
    assert json.loads((tmp_path / "explanations.json").read_text())["faces"]["served_detected"]["hit"]["value"] is None
