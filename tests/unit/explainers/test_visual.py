from __future__ import annotations

import numpy as np
import pytest

from core.types import FacialRegion
from explainers.targets import AlignedFace
from explainers.visual import (
    GRAD_CAM,
    OCCLUSION,
    blurrer,
    explain_face,
    grad_cam,
    greyed,
    rectified,
    reference_map,
    region_shares,
)
from tests.fixtures.networks import TinyActivations


def _crops(count: int, size: int = 48) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def test_maps_add_up_to_the_logit(visual_network):
    activations = visual_network.activations(_crops(5))
    bias = activations.logits - activations.maps.mean(axis=(1, 2))
    np.testing.assert_allclose(bias, bias[0], atol=1e-5)


def test_closed_form_equals_tf_keras_vis(visual_network):
    crops = _crops(3)
    maps = visual_network.activations(crops).maps
    reference = reference_map(visual_network.network, visual_network.prepared(crops), "gradcam")
    closed = np.maximum(maps, 0)
    np.testing.assert_allclose(closed / closed.max(axis=(1, 2), keepdims=True), reference, atol=1e-5)


def test_grad_cam_plus_plus_weighs_the_same_features_otherwise(visual_network):
    inputs = visual_network.prepared(_crops(2))
    plain, plus = (reference_map(visual_network.network, inputs, method) for method in ("gradcam", "gradcam++"))
    assert plain.shape == plus.shape == (2, 6, 6)
    assert float(plus.min()) >= 0.0
    assert float(plus.max()) == pytest.approx(1.0)
    assert np.abs(plain - plus).max() > 0.01


class _CornerReader:
    """Judges the brightness of the upper left quarter, and says so."""

    def activations(self, crops: np.ndarray) -> TinyActivations:
        cells = crops.astype(np.float32).mean(axis=3).reshape(len(crops), 8, 6, 8, 6).mean(axis=(2, 4)) / 255
        cells[:, 4:] = 0
        cells[:, :, 4:] = 0
        return TinyActivations(logits=cells.mean(axis=(1, 2)), maps=cells)


def _corner_face() -> AlignedFace:
    pixels = np.zeros((48, 48, 3), np.uint8)
    pixels[4:20, 4:20] = 255
    regions = {
        FacialRegion.FOREHEAD: np.zeros((48, 48), np.bool_),
        FacialRegion.MOUTH: np.zeros((48, 48), np.bool_),
    }
    regions[FacialRegion.FOREHEAD][:24, :24] = True
    regions[FacialRegion.MOUTH][32:] = True
    return AlignedFace(pixels=pixels, frame_to_crop=np.eye(2, 3), regions=regions)


def test_the_map_points_at_what_the_model_uses_and_survives_deletion():
    attribution = explain_face(_CornerReader(), _corner_face(), seed=1)
    assert attribution.regions[0].region is FacialRegion.FOREHEAD
    assert attribution.regions[0].share > 0.9
    assert attribution.heat.max() == pytest.approx(1.0)
    assert attribution.faithfulness.reliable
    assert attribution.faithfulness.deletion_drop > attribution.faithfulness.random_drop


class _Liar(_CornerReader):
    """Judges the upper left quarter and points at the lower right."""

    def activations(self, crops: np.ndarray) -> TinyActivations:
        truth = super().activations(crops)
        return TinyActivations(logits=truth.logits, maps=truth.maps[:, ::-1, ::-1].copy())


def test_a_map_that_points_elsewhere_fails_its_check_and_gives_way_to_one_that_was_measured():
    assert not grad_cam(_Liar(), _corner_face(), seed=1).faithfulness.reliable
    measured = explain_face(_Liar(), _corner_face(), seed=1)
    assert measured.method == OCCLUSION
    assert measured.faithfulness.reliable
    assert measured.regions[0].region is FacialRegion.FOREHEAD


def test_where_neither_map_holds_the_cheaper_one_is_given_and_marked():
    class Deaf:
        """Points at a corner, and judges nothing that is in the picture."""

        def activations(self, crops: np.ndarray) -> TinyActivations:
            maps = np.zeros((len(crops), 3, 3), np.float32)
            maps[:, 0, 0] = 1
            return TinyActivations(logits=np.ones(len(crops), np.float32), maps=maps)

    given = explain_face(Deaf(), _corner_face(), seed=1)
    assert given.method == GRAD_CAM
    assert not given.faithfulness.reliable


def test_greying_nothing_changes_nothing_and_greying_all_leaves_the_mean():
    pixels = _crops(1)[0]
    assert greyed(pixels, np.zeros((48, 48), np.bool_)) is pixels
    assert greyed(pixels, np.ones((48, 48), np.bool_)).std(axis=(0, 1)).max() < 1


def test_a_map_without_positive_evidence_is_empty_and_unreliable():
    class Denier:
        def activations(self, crops: np.ndarray) -> TinyActivations:
            return TinyActivations(
                logits=np.full(len(crops), -1, np.float32), maps=np.full((len(crops), 3, 3), -1, np.float32)
            )

    attribution = explain_face(Denier(), _corner_face(), seed=1)
    assert not attribution.heat.any()
    assert attribution.regions == ()
    assert not attribution.faithfulness.reliable


def test_region_shares_of_a_partition_add_up_to_one():
    heat = np.random.default_rng(0).random((30, 30)).astype(np.float32)
    upper = np.zeros((30, 30), np.bool_)
    upper[:10] = True
    shares = region_shares(heat, {FacialRegion.EYES: upper, FacialRegion.MOUTH: ~upper})
    assert sum(share.share for share in shares) == pytest.approx(1.0, abs=1e-5)
    assert shares[0].region is FacialRegion.MOUTH


def test_rectified_drops_what_speaks_against():
    heat = rectified(np.array([[-4.0, 2.0], [-4.0, -4.0]], np.float32), (40, 40))
    assert heat[0, -1] == pytest.approx(1.0)
    assert heat[-1, 0] == 0.0


def test_blurring_nothing_changes_nothing():
    pixels = _crops(1)[0]
    assert blurrer(pixels)(np.zeros((48, 48), np.bool_)) is pixels
