from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import Defect
from detectors.voice.features import BINS, HZ_PER_BIN
from explainers.voice.attribution import SpeechExplainer, band_shares, muted, peak_stretch
from explainers.voice.reference import SpeechReference
from explainers.voice.rescale import RescaleNetwork


@pytest.fixture(scope="module")
def explained(audio_network):
    windows = np.random.default_rng(8).normal(size=(2, 20, 16, 1)).astype(np.float32) + 0.4
    return windows, SpeechExplainer(audio_network).explain(windows, seed=3)


def test_attributions_add_up_to_the_logit(audio_network, explained):
    windows, attributions = explained
    for window, attribution in zip(windows, attributions, strict=True):
        assert attribution.values.shape == (20, 16)
        assert attribution.logit == pytest.approx(float(audio_network.logits(window[None])[0]), abs=1e-5)
        assert attribution.additivity_error < 1e-4
        assert attribution.values.sum() == pytest.approx(attribution.logit - attribution.expected, abs=1e-4)


def test_expectation_is_over_the_background(audio_network, explained):
    expected = float(audio_network.logits(audio_network.background).mean())
    assert explained[1][0].expected == pytest.approx(expected, abs=1e-5)


def test_the_closed_form_is_what_shaps_own_explainer_says(audio_network, explained):
    windows, attributions = explained
    reference = SpeechReference(audio_network)
    for number, (window, first) in enumerate(zip(windows, attributions, strict=True)):
        told, agreement = reference.second_opinion(window, first, seed=number)
        np.testing.assert_allclose(told.values, first.values, atol=1e-6 * np.abs(told.values).max() + 1e-7)
        assert agreement > 0.999
        assert (told.logit, told.expected) == pytest.approx((first.logit, first.expected), abs=1e-5)


def test_a_layer_that_is_not_linear_is_refused(audio_network):
    layers = [*audio_network.layers()]
    layers[2] = replace(layers[2], kind="Softplus")
    with pytest.raises(Defect):
        RescaleNetwork(layers)
    layers[2] = replace(layers[2], kind="ReLU", settings={"max_value": 6.0})
    with pytest.raises(Defect):
        RescaleNetwork(layers)


def test_an_input_of_the_background_alone_explains_to_nothing(audio_network):
    alone = replace(audio_network, background=audio_network.background[:1])
    (attribution,) = SpeechExplainer(alone).explain(alone.background, seed=0)
    np.testing.assert_allclose(attribution.values, 0, atol=1e-6)
    assert not attribution.faithfulness.reliable


def test_a_network_that_hears_one_band_is_explained_by_that_band():
    import keras

    from tests.fixtures.networks import SpeechNetwork

    inputs = keras.layers.Input((20, 16, 1))
    kernel = np.zeros((20 * 16, 1), np.float32)
    kernel.reshape(20, 16)[5:9, 12] = 1.0
    dense = keras.layers.Dense(1)
    network = keras.Model(inputs, dense(keras.layers.ReLU()(keras.layers.Flatten()(inputs))))
    dense.set_weights([kernel, np.zeros(1, np.float32)])
    model = SpeechNetwork(network, np.zeros((1, 20, 16, 1), np.float32))
    window = np.random.default_rng(0).random((1, 20, 16, 1)).astype(np.float32)
    (attribution,) = SpeechExplainer(model).explain(window, seed=0)
    heard = attribution.values != 0
    assert heard.sum() == 4
    assert heard[5:9, 12].all()
    assert attribution.faithfulness.reliable
    (whole,) = [band for band in attribution.bands if band.share > 0]
    assert whole.low_hz <= model.band_hz[12] < whole.high_hz
    assert whole.share == 1.0
    assert attribution.peak_start_s <= 5 * model.frame_s
    assert attribution.peak_end_s >= 9 * model.frame_s


def test_peak_stretch_is_the_heaviest_of_its_length():
    values = np.zeros((30, 4), np.float32)
    values[12:14] = 1.0
    start_s, end_s = peak_stretch(values, frame_s=0.1, length_s=0.2)
    assert (start_s, end_s) == pytest.approx((1.2, 1.4))


def test_a_peak_is_never_longer_than_its_window():
    assert peak_stretch(np.ones((3, 2), np.float32), frame_s=0.1) == pytest.approx((0.0, 0.3))


def test_band_shares_add_up_to_one():
    values = np.random.default_rng(0).normal(size=(10, 16)).astype(np.float32)
    shares = band_shares(values, np.geomspace(100, 7000, 16).astype(np.float32))
    assert sum(share.share for share in shares) == pytest.approx(1.0, abs=1e-5)
    assert [share.low_hz for share in shares] == [0.0, 500.0, 1000.0, 2000.0, 4000.0]
    assert shares[-1].high_hz == (BINS - 1) * HZ_PER_BIN


def test_no_positive_attribution_has_no_bands():
    assert band_shares(np.full((4, 4), -1, np.float32), np.array([100, 200, 300, 400], np.float32)) == ()


def test_muting_only_ever_lowers_and_only_inside():
    window = np.random.default_rng(0).normal(size=(20, 16, 1)).astype(np.float32)
    area = np.zeros((20, 16), np.bool_)
    area[3:8] = True
    quiet = muted(window, area)
    assert (quiet <= window).all()
    np.testing.assert_array_equal(quiet[~area], window[~area])
    assert quiet[area].max() <= np.quantile(window, 0.06, axis=0).max()
