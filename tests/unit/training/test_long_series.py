"""Hours drawn from the scores of clips: honest ones are left alone, and a clear fake in one is found."""

from __future__ import annotations

import numpy as np

from tests.unit.detectors.test_witnesses import CountingEncoder, detector
from training.faces.evaluation.long_series import is_called_alone, try_hours

QUIET = np.array([[-2.0, -2.0], [-1.8, -2.1], [-2.2, -1.9], [-2.1, -2.0]])
LOUD = np.array([[3.0, 2.0], [3.2, 2.2], [2.8, 1.9], [3.1, 2.1]])


def test_honest_hours_are_left_alone_and_a_clear_fake_is_found_in_its_place() -> None:
    tally = try_hours(1, [QUIET], [LOUD], detector(CountingEncoder()), trials=2)
    assert (tally.honest, tally.called, tally.with_called) == (2, 0, 0)
    assert (tally.forged, tally.found, tally.located) == (1, 1, 1)


def test_an_hour_of_a_clip_that_is_called_alone_is_told_apart() -> None:
    examiner = detector(CountingEncoder())
    assert is_called_alone(LOUD, examiner)
    assert not is_called_alone(QUIET, examiner)
    tally = try_hours(1, [LOUD], [LOUD], examiner, trials=1)
    assert (tally.called, tally.called_without, tally.with_called, tally.forged) == (1, 0, 1, 0)
