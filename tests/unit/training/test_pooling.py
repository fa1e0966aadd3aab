"""Pooling rules on made-up videos."""

from __future__ import annotations

import math

from core.types import Box, FaceObservation
from training.faces.evaluation.pooling import POOLING, pooling_rules, spliced_in


def faces(logits):
    box = Box(x_px=0, y_px=0, width_px=10, height_px=10)
    return [
        FaceObservation(frame_index=index, time_s=index / 2, box=box, logit=logit, quality=1.0)
        for index, logit in enumerate(logits)
    ]


def test_a_splice_keeps_the_length_and_alters_the_middle_quarter():
    mixed = spliced_in(faces([5.0] * 16), faces([0.0] * 16))
    assert [face.logit for face in mixed] == [0.0] * 6 + [5.0] * 4 + [0.0] * 6


def test_a_rule_that_sees_stretches_finds_what_the_median_cannot():
    videos = [("a", False, faces([0.3 * math.sin(k) for k in range(16)])), ("b", False, faces([0.2] * 16))]
    videos += [("a", True, faces([4.0] * 16)), ("b", True, faces([4.0] * 16))]
    found = pooling_rules(videos)
    assert set(found) == set(POOLING)
    assert all(whole == 1.0 for whole, _ in found.values())
    assert found["median"][1] < 1.0
    assert found["shipped: weighted mean, or a stretch that stands out"][1] == 1.0
