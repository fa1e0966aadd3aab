from __future__ import annotations

import numpy as np
import pytest

from core.media import AlignedFace
from core.types import FacialRegion
from explainers.faces import attribution as visual
from explainers.faces.attribution import (
    STEADY_SHARE,
    blurrer,
    explain_face,
    place_of,
    placed,
    reference_map,
    region_shares,
    scaled,
    steadiness_of,
    views,
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


class _LightReader:
    """Judges the brightness of the picture, and says where it lies."""

    def activations(self, crops: np.ndarray) -> TinyActivations:
        cells = crops.astype(np.float32).mean(axis=3).reshape(len(crops), 8, 6, 8, 6).mean(axis=(2, 4)) / 255
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
    attribution = explain_face(_LightReader(), _corner_face(), seed=1)
    assert attribution.regions[0].region is FacialRegion.FOREHEAD
    assert attribution.regions[0].share > 0.8
    assert attribution.heat.max() == pytest.approx(1.0)
    assert attribution.faithfulness.reliable
    assert attribution.faithfulness.steadiness > STEADY_SHARE
    assert attribution.faithfulness.deletion_drop > attribution.faithfulness.random_drop


def test_a_brief_check_decides_as_the_whole_one():
    for shuffled in (None, _LightReader()):
        whole = explain_face(_LightReader(), _corner_face(), seed=1, shuffled=shuffled)
        brief = explain_face(_LightReader(), _corner_face(), seed=1, shuffled=shuffled, brief=True)
        np.testing.assert_array_equal(brief.heat, whole.heat)
        told = ("reliable", "steadiness", "weights_correlation", "deletion_drop")
        assert all(getattr(brief.faithfulness, name) == getattr(whole.faithfulness, name) for name in told)
        assert brief.faithfulness.insertion_rise is None


class _Fixed:
    """Points at the same corner of whatever it is shown."""

    def __init__(self, logit: float = 1.0) -> None:
        self.logit = logit

    def activations(self, crops: np.ndarray) -> TinyActivations:
        maps = np.zeros((len(crops), 6, 6), np.float32)
        maps[:, 0, 0] = 1
        return TinyActivations(logits=np.full(len(crops), self.logit, np.float32), maps=maps)


def test_a_map_that_does_not_follow_the_picture_is_marked():
    face = AlignedFace(_crops(1)[0], np.eye(2, 3), {})
    check = explain_face(_Fixed(), face, seed=1).faithfulness
    assert check.steadiness < STEADY_SHARE, "mirrored, it still points at the same corner"
    assert not check.reliable
    moving = [np.eye(1, 16, k=place, dtype=np.float32).reshape(4, 4) for place in (0, 5, 10)]
    assert steadiness_of(np.mean(moving, axis=0), moving) < STEADY_SHARE
    assert steadiness_of(moving[0], [moving[0]] * 6) == 1.0
    assert steadiness_of(np.zeros((4, 4), np.float32), moving) == 0.0


def test_the_map_of_a_face_that_speaks_for_nothing_is_marked():
    class Doubter(_LightReader):
        def activations(self, crops: np.ndarray) -> TinyActivations:
            seen = super().activations(crops)
            return TinyActivations(logits=seen.logits - 5, maps=seen.maps)

    attribution = explain_face(Doubter(), _corner_face(), seed=1)
    assert attribution.heat.any()
    assert not attribution.faithfulness.reliable


def test_a_map_that_shuffled_weights_would_draw_too_is_marked():
    assert not explain_face(_LightReader(), _corner_face(), seed=1, shuffled=_LightReader()).faithfulness.reliable


def test_heat_is_kept_to_the_face_and_fades_around_it():
    face = _corner_face()
    inside = np.any(list(face.regions.values()), axis=0)
    place = place_of(face)
    assert place[12, 12] > 0.9
    assert place[0:20, 36:].max() < 0.05 < place[24, 12] < 0.95
    heat = placed(np.ones((6, 6), np.float32), place)
    assert heat[inside].mean() > 5 * heat[~inside].mean()
    assert (place_of(AlignedFace(face.pixels, np.eye(2, 3), {})) == 1).all()


def test_every_view_is_brought_back():
    place = np.zeros((48, 48), np.float32)
    place[12:24, 8:20] = 1
    pixels = np.repeat((place * 255).astype(np.uint8)[..., None], 3, axis=2)
    for view, shown in enumerate(views(pixels)):
        back = visual._returned(shown[..., 0].astype(np.float32) / 255, view)
        np.testing.assert_array_equal(back[4:-4, 4:-4], place[4:-4, 4:-4])


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


def test_what_speaks_against_leaves_no_heat():
    heat = scaled(placed(np.array([[-4.0, 2.0], [-4.0, -4.0]], np.float32), np.ones((40, 40), np.float32)))
    assert heat.max() == 1.0
    assert heat[0, -1] > 0.95
    assert heat[-1, 0] < 0.01


def test_blurring_nothing_changes_nothing():
    pixels = _crops(1)[0]
    assert blurrer(pixels)(np.zeros((48, 48), np.bool_)) is pixels
