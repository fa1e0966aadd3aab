"""Invariants of the domain types and of the one rounding rule."""

from __future__ import annotations

import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.errors import DeepwitnessError, Defect, Misconfigured, Rejected, Unavailable
from core.figures import clock, clock_range, percent, percent_text, seconds
from core.logging import configure_logging
from core.settings import LogSettings
from core.types import (
    AnalysisStatus,
    AudioCoverage,
    AudioEvidence,
    Box,
    DetectorRef,
    Evidence,
    FaceObservation,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Thresholds,
    TimeRange,
    Unscored,
    Verdict,
    VisualObservations,
)

THRESHOLDS = Thresholds(version="t1", real=0.3, fake=0.7)


@given(st.floats(0, 1))
def test_percent_is_idempotent_and_close(probability: float) -> None:
    shown = percent(probability)
    assert abs(shown - probability * 100) <= 0.05 + 1e-9
    assert percent_text(probability) == f"{shown:.1f} %"
    assert percent(shown / 100) == pytest.approx(shown)


@given(st.floats(0, 1), st.floats(0, 1))
def test_percent_keeps_order(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert percent(low) <= percent(high)


@given(st.floats(0, 1e5))
def test_seconds_are_close(value: float) -> None:
    assert abs(seconds(value) - value) <= 0.05 + 1e-9


def test_clock_reads_as_people_write_it() -> None:
    assert clock(0) == "00:00"
    assert clock(59.99) == "00:59"
    assert clock(3600 + 62) == "1:01:02"
    assert clock_range(10, 25) == "00:10–00:25"


def test_an_inconclusive_verdict_must_give_reasons() -> None:
    with pytest.raises(ValidationError, match="reasons"):
        Verdict(outcome=Outcome.INCONCLUSIVE, p_fake=0.5, thresholds=THRESHOLDS)
    with pytest.raises(ValidationError, match="inconclusive"):
        Verdict(outcome=Outcome.REAL, p_fake=None, thresholds=THRESHOLDS)


def test_types_are_closed_and_frozen() -> None:
    with pytest.raises(ValidationError):
        TimeRange.model_validate({"start_s": 0, "end_s": 1, "unit": "s"})
    with pytest.raises(ValidationError):
        TimeRange(start_s=2, end_s=1)
    stretch = TimeRange(start_s=0, end_s=1)
    with pytest.raises(ValidationError):
        stretch.end_s = 2  # type: ignore[misc]


def test_not_a_number_is_no_probability() -> None:
    with pytest.raises(ValidationError):
        Scored(p_fake=float("nan"), calibration_version="c", uncalibrated=0.0, outcome=Outcome.REAL)


def test_evidence_round_trips_by_its_modality() -> None:
    evidence = AudioEvidence(
        detector=DetectorRef(name="audio", version="1"),
        finding=Unscored(reason=Reason(code=ReasonCode.NO_SPEECH, message="No speech was found.")),
        coverage=AudioCoverage(total_s=3.0, speech_s=0.0),
    )
    adapter: TypeAdapter[Evidence] = TypeAdapter(Evidence)
    assert adapter.validate_json(adapter.dump_json(evidence)) == evidence


def observations(times: list[float]) -> VisualObservations:
    box = Box(x_px=0, y_px=0, width_px=10, height_px=10)
    faces = tuple(
        FaceObservation(frame_index=i, time_s=t, box=box, logit=0.0, quality=1.0)
        for i, t in enumerate(sorted(set(times)))
    )
    return VisualObservations(faces=faces, frame_times_s=tuple(sorted(set(times))))


@given(*[st.lists(st.integers(0, 50).map(lambda tenth: tenth / 10)) for _ in range(2)])
def test_merging_observations_is_a_union(first: list[float], second: list[float]) -> None:
    merged = observations(first).merged(observations(second))
    assert merged.frame_times_s == tuple(sorted(set(first) | set(second)))
    assert [face.time_s for face in merged.faces] == list(merged.frame_times_s)
    assert merged.merged(observations(second)) == merged


@pytest.mark.parametrize("kind", [Rejected, Unavailable, Misconfigured, Defect])
def test_errors_survive_a_process_boundary(kind: type[DeepwitnessError]) -> None:
    error = pickle.loads(pickle.dumps(kind("some_code", "A message.")))
    assert type(error) is kind
    assert (error.code, error.public_message) == ("some_code", "A message.")


def test_final_states_are_final() -> None:
    assert {status for status in AnalysisStatus if status.is_final} == {
        AnalysisStatus.FINISHED,
        AnalysisStatus.FAILED,
        AnalysisStatus.CANCELLED,
    }


def test_a_logged_failure_tells_no_variables(capfd: pytest.CaptureFixture[str]) -> None:
    """Passwords and callers' keys are in the frames of what fails."""
    import structlog

    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure_logging(LogSettings(json_lines=True))
        credential = "dw_" + "secret" * 3
        try:
            raise RuntimeError("it broke")
        except RuntimeError:
            structlog.get_logger("test").error("core.test.failed", exc_info=True)
        told = capfd.readouterr().err
        assert "it broke" in told
        assert "test_a_logged_failure_tells_no_variables" in told
        assert credential not in told
    finally:
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)
