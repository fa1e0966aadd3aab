"""The one rounding rule: every figure shown anywhere is formed here, so it is the same figure everywhere."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal


def percent(probability: float) -> float:
    """Per cent with one decimal, from a probability in [0, 1]; half to even on the decimal digits as written."""
    return float((Decimal(repr(float(probability))) * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def percent_text(probability: float) -> str:
    return f"{percent(probability):.1f} %"


def seconds(value: float) -> float:
    """Seconds with one decimal."""
    return float(Decimal(repr(float(value))).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def seconds_text(value: float) -> str:
    return f"{seconds(value):.1f} s"


def clock(value: float) -> str:
    """Position in the media as mm:ss, or h:mm:ss from an hour on; whole seconds, rounded down."""
    whole = int(value)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes:02d}:{secs:02d}"


def clock_range(start_s: float, end_s: float) -> str:
    return f"{clock(start_s)}–{clock(end_s)}"
