"""The one rounding rule: every figure shown anywhere is formed here, so it is the same figure everywhere.

Half to even on the shortest decimal digits that stand for the number, never on its binary remainder.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType
from typing import Final

ACOUSTIC_FORMS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "pitch": (0, "Hz"),
        "pitch_range": (1, "semitones"),
        "pitch_step": (2, "semitones"),
        "pauses": (1, "%"),
        "band_end": (0, "Hz"),
        "band_fall": (0, "dB"),
        "noise_floor": (0, "dB"),
        "digital_silence": (1, "%"),
        "flatness": (0, "dB"),
    }
)
"""Digits and unit of each acoustic measure; a measure in per cent is a share in [0, 1] as it is stored."""
MINUS: Final = "−"
SHORT_S: Final = 10.0


def rounded(value: float, digits: int = 1) -> float:
    """The rule itself. What rounds to zero has no sign."""
    return float(_decimal(value, digits))


def _decimal(value: float, digits: int) -> Decimal:
    made = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return abs(made) if made == 0 else made


def percent(probability: float) -> float:
    """Per cent with one decimal, from a probability in [0, 1]."""
    exact = Decimal(repr(float(probability))) * 100
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def percent_text(probability: float) -> str:
    return per_cent_text(percent(probability))


def per_cent_text(value: float) -> str:
    """Of a number that is in per cent already."""
    return f"{_decimal(value, 1)} %"


def points(share: float) -> float:
    """Percentage points with one decimal, from a difference of probabilities."""
    return rounded(percent(share))


def points_text(share: float) -> str:
    """Percentage points with their sign, such as `+12.3` or `−4.0`."""
    return signed_text(points(share), 1)


def signed_text(value: float, digits: int = 2) -> str:
    """With its sign: differences, logits, correlations."""
    made = _decimal(value, digits)
    return f"{MINUS if made < 0 else '+'}{abs(made)}"


def decimal_text(value: float, digits: int = 2) -> str:
    """A measure such as an AUC or a threshold."""
    return str(_decimal(value, digits))


def acoustic_figure(measure: str, value: float) -> str:
    """An acoustic measurement without its unit."""
    digits, unit = ACOUSTIC_FORMS[measure]
    made = _decimal(percent(value) if unit == "%" else value, digits)
    return f"{MINUS if made < 0 else ''}{abs(made)}"


def seconds(value: float) -> float:
    """Seconds with one decimal."""
    return rounded(value)


def seconds_text(value: float) -> str:
    return f"{_decimal(value, 1)} s"


def clock(value: float) -> str:
    """Position in the media as mm:ss, or h:mm:ss from an hour on; whole seconds, rounded down."""
    whole = int(value)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes:02d}:{secs:02d}"


def is_short(start_s: float, end_s: float) -> bool:
    """Whether a stretch is told in seconds with tenths: under ten seconds, within the first minute."""
    return end_s - start_s < SHORT_S and end_s < 60


def ends(start_s: float, end_s: float) -> tuple[str, str]:
    """Start and end of a stretch, so rounded that the whole stretch lies between them."""
    if is_short(start_s, end_s):
        return str(_decimal(start_s, 1)), seconds_text(end_s)
    return clock(start_s), clock(-(-rounded(end_s) // 1))


def clock_range(start_s: float, end_s: float) -> str:
    return "–".join(ends(start_s, end_s))
