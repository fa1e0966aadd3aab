"""What every type is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _is_a_number(value: object) -> object:
    """Raises: ValueError for `true` and for digits in quotes, which would pass as numbers."""
    if isinstance(value, bool | str):
        raise ValueError("a number is needed")
    return value


Number = Annotated[float, BeforeValidator(_is_a_number)]
"""As JSON has it, where somebody outside writes it."""
Whole = Annotated[int, BeforeValidator(_is_a_number)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0)]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""What somebody outside writes and the database is to keep: it cannot keep a NUL."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Frozen(BaseModel):
    """Base of all value types: immutable, compared by value, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", allow_inf_nan=False)


def is_empty(value: object) -> bool:
    """For `exclude_if`: a field that came later is not written where it says nothing."""
    return not value
