"""What the options of the command line ask for."""

from __future__ import annotations

import pytest
import typer

from cli.scope import LONGEST_S, Pace, Part, read_time, scope_from
from core.types import Modality, Scope, TimeRange


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0),
        ("1:30", 90.0),
        ("0:01:30.5", 90.5),
        ("1:02:03", 3723.0),
        ("-", None),
        ("asked.txt", None),
        ("", None),
    ],
)
def test_times_are_read_and_nothing_else(text: str, seconds: float | None) -> None:
    assert read_time(text) == seconds


def test_options_make_a_scope() -> None:
    made = scope_from(Part.VOICE, "0:10", "0:30", Pace.THOROUGH, explanations=False)
    assert made == Scope(
        modalities=(Modality.AUDIO,), range_s=TimeRange(start_s=10, end_s=30), effort="thorough", explanations=()
    )
    assert scope_from(None, None, None, None, explanations=True) is None


def test_an_end_may_be_left_open() -> None:
    assert scope_from(None, "10", None, None, explanations=True) == Scope(
        range_s=TimeRange(start_s=10, end_s=LONGEST_S)
    )
    assert scope_from(None, None, "10", None, explanations=True) == Scope(range_s=TimeRange(start_s=0, end_s=10))


@pytest.mark.parametrize(("start", "end"), [("30", "10"), ("soon", None), (None, "later"), ("10", "10")])
def test_what_is_no_stretch_is_refused(start: str | None, end: str | None) -> None:
    with pytest.raises(typer.BadParameter):
        scope_from(None, start, end, None, explanations=True)
