"""What every explainer keeps to, whichever network it explains."""

from __future__ import annotations

import numpy as np
import pytest

from core.media import AlignedFace
from explainers.faces.attribution import explain_face
from explainers.voice.attribution import SpeechExplainer
from tests.fixtures.networks import pooled_network, speech_network


def _visual_map(seed: int, control_seed: int = 0) -> np.ndarray:
    pixels = np.random.default_rng(4).integers(0, 256, (48, 48, 3), dtype=np.uint8)
    face = AlignedFace(pixels=pixels, frame_to_crop=np.eye(2, 3), regions={})
    return explain_face(pooled_network(seed), face, seed=control_seed).heat


def _audio_map(seed: int, control_seed: int = 0) -> np.ndarray:
    window = np.random.default_rng(4).normal(size=(1, 20, 16, 1)).astype(np.float32)
    return SpeechExplainer(speech_network(seed)).explain(window, seed=control_seed)[0].values


explainers = pytest.mark.parametrize("explain", [_visual_map, _audio_map])


@explainers
def test_randomised_weights_change_the_map(explain):
    """Adebayo et al. 2018: a map that survives randomised weights shows the input and not the model."""
    first, second = explain(1).ravel(), explain(2).ravel()
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.7


@explainers
def test_the_same_input_gives_the_same_map(explain):
    np.testing.assert_array_equal(explain(1), explain(1))


@explainers
def test_the_seed_of_the_controls_does_not_touch_the_map(explain):
    np.testing.assert_array_equal(explain(1, control_seed=0), explain(1, control_seed=9))
