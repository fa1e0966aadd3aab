"""Reading a calibration: from logits to probabilities to an outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.types import Outcome
from detectors.calibration import Calibration, Platt
from detectors.faces.runtime import WEIGHTS as VISUAL
from detectors.voice.detector import WEIGHTS as AUDIO

finite = st.floats(-1e6, 1e6)


@given(st.floats(0.01, 50), finite, finite, finite)
def test_probabilities_rise_with_the_logit_and_never_leave_their_range(slope, intercept, first, second):
    platt = Platt(slope=slope, intercept=intercept)
    low, high = sorted((first, second))
    assert 0.0 <= platt.p_fake(low) <= platt.p_fake(high) <= 1.0


def test_the_middle_lies_where_the_line_crosses_zero():
    assert Platt(slope=2.0, intercept=-3.0).p_fake(1.5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("p_fake", "outcome"),
    [(0.0, "real"), (0.3, "real"), (0.31, "inconclusive"), (0.69, "inconclusive"), (0.7, "fake"), (1.0, "fake")],
)
def test_thresholds_belong_to_the_outcome_that_they_open(p_fake, outcome):
    line = Platt(slope=1, intercept=0)
    calibration = Calibration(
        version="t",
        sample=line,
        file=line,
        real=0.3,
        fake=0.7,
        false_alarm_rate=0.05,
        miss_rate=0.05,
        population="made up",
    )
    assert calibration.outcome(p_fake) == Outcome(outcome)
    assert calibration.thresholds.model_dump() == {
        "version": "t",
        "real": 0.3,
        "fake": 0.7,
        "false_alarm_rate": 0.05,
        "miss_rate": 0.05,
    }


@pytest.mark.parametrize("weights", [VISUAL, AUDIO], ids=["visual", "audio"])
def test_the_shipped_calibrations_read(weights):
    calibration = Calibration.read(weights / "calibration.json")
    assert calibration.sample.slope > 0
    assert calibration.file.slope > 0
    assert calibration.real < 0.5 < calibration.fake
    assert calibration.population


def test_an_unknown_field_is_refused(tmp_path):
    path = tmp_path / "calibration.json"
    path.write_text((VISUAL / "calibration.json").read_text().replace("{", '{"temperature": 1.0, ', 1))
    with pytest.raises(ValidationError):
        Calibration.read(path)
