"""The options that say what to examine, and the scope that they make."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Final

import typer

from core.types import Effort, Modality, Scope, TimeRange

LONGEST_S: Final = 1e6
"""An end that was left open; the service cuts it off where the recording ends."""
_CLOCK: Final = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)")


class Part(StrEnum):
    FACES = "faces"
    VOICE = "voice"


class Pace(StrEnum):
    QUICK = "quick"
    USUAL = "usual"
    THOROUGH = "thorough"


_MODALITY: Final = {Part.FACES: Modality.VISUAL, Part.VOICE: Modality.AUDIO}
_EFFORT: Final[dict[Pace, Effort]] = {Pace.QUICK: "quick", Pace.USUAL: "usual", Pace.THOROUGH: "thorough"}

OnlyOption = Annotated[Part | None, typer.Option("--only", help="Examine this part and leave the other out.")]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Examine from here on: seconds, 1:30 or 1:02:03.")
]
ToOption = Annotated[str | None, typer.Option("--to", metavar="TIME", help="Examine up to here.")]
EffortOption = Annotated[Pace | None, typer.Option("--effort", help="How hard to look.")]
ExplainOption = Annotated[
    bool, typer.Option("--explanations/--no-explanations", help="Without them the verdict comes alone.")
]


def read_time(text: str) -> float | None:
    """Seconds of `90`, `1:30`, `0:01:30` or `90.5`; None of anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes or 0) + float(seconds)


def scope_from(
    only: Part | None, start: str | None, end: str | None, effort: Pace | None, *, explanations: bool
) -> Scope | None:
    """What the options ask for; None when none was given.

    Raises: typer.BadParameter for what is no time, and for an end before its start.
    """
    scope = Scope(
        modalities=None if only is None else (_MODALITY[only],),
        range_s=_range(start, end),
        effort=None if effort is None else _EFFORT[effort],
        explanations=None if explanations else (),
    )
    return None if scope.is_open else scope


def _range(start: str | None, end: str | None) -> TimeRange | None:
    if start is None and end is None:
        return None
    start_s = 0.0 if start is None else _seconds(start, "--from")
    end_s = LONGEST_S if end is None else _seconds(end, "--to")
    if end_s <= start_s:
        raise typer.BadParameter("the stretch must end after it begins", param_hint="--to")
    return TimeRange(start_s=start_s, end_s=end_s)


def _seconds(text: str, option: str) -> float:
    found = read_time(text)
    if found is None:
        raise typer.BadParameter("give seconds or a time such as 1:30", param_hint=option)
    return found
