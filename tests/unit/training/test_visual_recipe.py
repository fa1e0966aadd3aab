"""What visual training draws: captures, codecs, backdrops, and the term that places the map."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training.faces.data.batches import Batch
from training.faces.network.train import Schedule, mislocated, residual, shown
from training.faces.pictures.augmentation import draw, draw_backdrop, draw_style
from training.faces.pictures.codecs import H264, QUANTISED, video_round_trip


def picture(seed: int, side_px: int = 288):
    coarse = np.random.default_rng(seed).uniform(0, 255, (9, 9, 3)).astype(np.float32)
    return cv2.resize(coarse, (side_px, side_px), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)


LENT = picture(9)


@pytest.mark.parametrize("codec", [H264, *QUANTISED])
def test_a_coarser_codec_leaves_a_larger_error(codec):
    image = picture(1, 128)
    fine, coarse = (
        float(np.abs(video_round_trip(image, codec, quality, (1, -2)).astype(int) - image).mean())
        for quality in ((18, 44) if codec == H264 else (2, 28))
    )
    assert 0 < fine < coarse < 40


def test_one_drawn_capture_treats_both_members_of_a_pair_alike():
    for seed in range(12):
        drawn = draw(np.random.default_rng(seed), 192, 288, LENT)
        first, second = drawn.picture(picture(2)), drawn.picture(picture(2))
        assert first.shape == (192, 192, 3)
        assert first.dtype == np.uint8
        np.testing.assert_array_equal(first, second)


def test_the_cells_of_a_mask_lie_where_the_picture_shows_it():
    mask = np.zeros((288, 288), np.float32)
    mask[100:190, 60:150] = 1
    shown = np.repeat((mask * 255).astype(np.uint8)[..., None], 3, axis=2)
    for seed in range(6):
        drawn = draw(np.random.default_rng(seed), 192, 288, LENT)
        seen = np.asarray(drawn.crop(shown), np.float32)[..., 0] / 255
        expected = cv2.resize(seen, (6, 6), interpolation=cv2.INTER_AREA)
        np.testing.assert_allclose(drawn.cells(mask, 6), expected, atol=0.02)


def test_borrowed_light_moves_the_coarse_and_leaves_the_fine():
    rng = np.random.default_rng(6)
    fine = rng.uniform(-12, 12, (224, 224, 3))
    image = np.clip(picture(2, 224) * 0.4 + 60 + fine, 0, 255).astype(np.uint8)
    lent = np.clip(picture(8, 224) * 0.2 + 150, 0, 255).astype(np.uint8)
    shown = draw_style(lent, rng)(image)
    assert abs(shown.mean() - lent.mean()) < abs(image.mean() - lent.mean()) - 5

    def detail(pixels):
        return pixels - cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), 2)

    assert np.corrcoef(detail(shown).ravel(), detail(image).ravel())[0, 1] > 0.98


def test_residuals_forget_light_and_mixup_keeps_the_share_of_each_label():
    image = (picture(3, 64) // 2)[None]
    np.testing.assert_allclose(residual(image), residual(image + 20), atol=5)
    assert residual(image).std() > 1
    batch = Batch(np.stack([picture(k, 64) for k in range(8)]), np.array([[0.0], [1.0]] * 4, np.float32), LENT)
    images, labels = shown(batch, Schedule(mixup=0.4), np.random.default_rng(0))
    assert images.mean() == pytest.approx(batch.images.mean(), rel=0.2)
    assert ((labels >= 0) & (labels <= 1)).all()
    assert shown(batch, Schedule(), np.random.default_rng(0))[0] is batch.images


def test_a_backdrop_replaces_what_lies_around_the_face_and_keeps_the_face():
    angle = np.linspace(0, 2 * np.pi, 468, endpoint=False)
    landmarks = (144 + 60 * np.stack([np.cos(angle), np.sin(angle)], 1)).astype(np.float32)
    behind = draw_backdrop(picture(4), np.random.default_rng(5))
    first, second = behind(picture(2), landmarks), behind(picture(3), landmarks)
    np.testing.assert_array_equal(first[:40], second[:40])
    np.testing.assert_array_equal(first[130:158, 130:158], picture(2)[130:158, 130:158])


def test_the_localisation_term_falls_as_the_map_moves_into_the_change():
    masks = np.zeros((2, 6, 6), np.float32)
    masks[1, 1:3, 1:3] = 1
    nowhere = np.zeros((2, 6, 6), np.float32)
    inside = nowhere.copy()
    inside[1, 1:3, 1:3] = 5
    outside = nowhere.copy()
    outside[1, 4:, 4:] = 5
    terms = [float(mislocated(activation, masks)) for activation in (inside, nowhere, outside)]
    assert terms[0] < 0.05 < terms[1] < terms[2]


def test_unknown_places_cost_nothing():
    assert float(mislocated(np.ones((3, 6, 6), np.float32), np.zeros((3, 6, 6), np.float32))) == 0
