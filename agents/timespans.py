"""Stretches of time named in plain words, in the main European languages. Code, not a model, reads them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from core.types import TimeRange

_NUMBER_WORDS: Final = {
    1: "one un une ein eine einen einer eins uno una um uma een jeden jedna",
    2: "two deux zwei dos due dois duas twee dwie dwa",
    3: "three trois drei tres tre drie trzy",
    4: "four quatre vier cuatro quattro quatro cztery",
    5: "five cinq fuenf funf cinco cinque vijf piec",
    6: "six sechs seis sei zes szesc",
    7: "seven sept sieben siete sette sete zeven siedem",
    8: "eight huit acht ocho otto oito osiem",
    9: "nine neuf neun nueve nove negen dziewiec",
    10: "ten dix zehn diez dieci dez tien dziesiec",
    12: "twelve douze zwoelf zwolf doce dodici doze twaalf",
    15: "fifteen quinze fuenfzehn funfzehn quince quindici vijftien pietnascie",
    20: "twenty vingt zwanzig veinte venti vinte twintig dwadziescia",
    25: "twenty-five vingt-cinq fuenfundzwanzig funfundzwanzig veinticinco venticinque vijfentwintig",
    30: "thirty trente dreissig treinta trenta trinta dertig trzydziesci",
    40: "forty quarante vierzig cuarenta quaranta quarenta veertig",
    45: "forty-five quarante-cinq fuenfundvierzig funfundvierzig quarantacinque",
    50: "fifty cinquante fuenfzig funfzig cincuenta cinquanta cinquenta vijftig",
    60: "sixty soixante sechzig sesenta sessanta sessenta zestig",
}
_VALUES: Final = {word: value for value, words in _NUMBER_WORDS.items() for word in words.split()}

_SECOND: Final = (
    r"(?:s|sec|secs|sek|seg|seconds?|secondes?|sekunden?|segundos?|second[oi]|seconden|sekund[ay]?|sekunder)"
)
_MINUTE: Final = r"(?:m|min|mins|mn|minutes?|minuten?|minutos?|minut[oi]|minut[ay]?|minuter)"
_WORD: Final = "|".join(sorted(map(re.escape, _VALUES), key=len, reverse=True))
_QUANTITY: Final = rf"(?:\d+(?:[.,]\d+)?|{_WORD})"
_POINT: Final = (
    rf"(?:(?P<h{{n}}>\d{{{{1,2}}}}):(?P<hm{{n}}>\d{{{{2}}}}):(?P<hs{{n}}>\d{{{{2}}}})"
    rf"|(?P<m{{n}}>\d{{{{1,3}}}}):(?P<s{{n}}>\d{{{{2}}}})(?:[.,]\d+)?"
    rf"|(?P<mm{{n}}>{_QUANTITY})\s*{_MINUTE}\s*(?:(?:and|et|und|y|e|en|i)\s+)?(?P<ms{{n}}>{_QUANTITY})\s*{_SECOND}"
    rf"|(?P<u{{n}}>{_MINUTE}|{_SECOND})\s+(?P<uq{{n}}>{_QUANTITY})"
    rf"|(?P<q{{n}}>{_QUANTITY})\s*(?P<qu{{n}}>{_MINUTE}\b|{_SECOND}\b)?)"
)
_ARTICLE: Final = (
    r"(?:the|le|la|les|l'|el|los|las|il|lo|i|gli|o|os|a|as|de|het|der|die|das|dem|den|t|second|minute|sekunde|seconde"
    r"|secondo|segundo|minuto)?\s*"
)
_JOIN: Final = (
    r"\s*(?:-|–|—|to|till|until|through|and|a|à|au|jusqu'?a|bis|und|et|hasta|y|al|ate|e|ed|fino a|tot|en|do|i"
    r"|oraz)\s*"
)


def _point(number: int) -> str:
    return _POINT.format(n=number)


_OPEN: Final = (
    r"\b(?:between|from|entre|de|du|depuis|zwischen|von|ab|desde|del|tra|fra|da|dal|dalle|tussen|van"
    r"|vanaf|miedzy|od)\s+"
)
_RANGE: Final = re.compile(rf"{_OPEN}{_ARTICLE}{_point(1)}{_JOIN}{_ARTICLE}{_point(2)}(?![\d:])")
_DASHED: Final = re.compile(
    rf"(?<![\d:.,]){_point(1)}\s*(?:-|–|—|\bto\b|\bbis\b|\btot\b|\bhasta\b|\ba\b|\bate\b"
    rf"|\bdo\b)\s*{_point(2)}(?![\d:])"
)
_FIRST: Final = re.compile(
    r"\b(?:first|initial|opening|premieres?|premiers?|ersten?|primer[oa]?s?|prim[ioae]|primeir[oa]s?|eerste"
    rf"|pierwsz\w+|forsta)\s+(?P<n>{_QUANTITY})\s*(?P<u>{_MINUTE}|{_SECOND})\b"
)
_FIRST_AFTER: Final = re.compile(
    rf"\b(?P<n>{_QUANTITY})\s+(?:first|premieres?|premiers?|primer[oa]s?|prim[ie])\s+(?P<u>{_MINUTE}|{_SECOND})\b"
)
_LAST: Final = re.compile(
    r"\b(?:last|final|closing|dernieres?|derniers?|letzten?|ultim[oiae]s?|laatste|ostatni\w*|sista)\s+"
    rf"(?P<n>{_QUANTITY})\s*(?P<u>{_MINUTE}|{_SECOND})\b"
)
_LAST_AFTER: Final = re.compile(
    rf"\b(?P<n>{_QUANTITY})\s+(?:last|dernieres?|derniers?|ultim[oiae]s?)\s+(?P<u>{_MINUTE}|{_SECOND})\b"
)
_FIRST_UNIT: Final = re.compile(
    rf"\b(?:first|premiere?|ersten?|primer|prim[oa]|primeir[oa]|eerste|pierwsz\w+)\s+(?P<u>{_MINUTE}|{_SECOND})\b"
)
_LAST_UNIT: Final = re.compile(
    rf"\b(?:last|final|derniere?|letzten?|ultim[oa]|laatste|ostatni\w*)\s+(?P<u>{_MINUTE}|{_SECOND})\b"
)
_AFTER: Final = re.compile(
    r"\b(?:after|from|starting at|since|apres|a partir de|a partir da|ab|nach|despues de|desde|dopo|a partire da"
    r"|depois de|na"
    rf"|vanaf|po|od)\s+{_ARTICLE}{_point(1)}(?:\s+(?:on|onwards?|an|sur|em diante|in poi|en adelante|verder))?"
)
_BEFORE: Final = re.compile(
    r"\b(?:before|until|till|up to|avant|jusqu'?a|vor|bis|antes de|hasta|prima di|fino a|ate|antes dos|voor|tot"
    r"|przed|do)\s+"
    rf"{_ARTICLE}{_point(1)}"
)
_AT: Final = re.compile(
    r"\b(?:at|around|near|a|vers|bei|um|gegen|en|sobre|verso|intorno a|por volta de|bij|rond|okolo|w)\s+(?:about\s+)?"
    r"(?P<m>\d{1,3}):(?P<s>\d{2})\b"
)
_NOT_MEDIA_TIME: Final = re.compile(
    r"\b(?:under|within|in less than|less than|in under|at most|max(?:imum)?|en moins de|moins de|in unter|unter"
    r"|innerhalb von"
    rf"|en menos de|menos de|in meno di|meno di|em menos de|binnen|w ciagu)\s+{_QUANTITY}\s*(?:{_MINUTE}|{_SECOND})\b"
)
_AROUND_S: Final = 3.0
"""A single moment stands for this many seconds to either side."""


def plain(text: str) -> str:
    """Lower case without accents, apostrophes straightened: what the lexicons match on."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("ß", "ss").replace("ł", "l"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def find_range(text: str, duration_s: float) -> TimeRange | None:
    """The stretch of the media that the text asks for, clipped to the media.

    Args:
        text: as it was written.
        duration_s: length of the media; 0 when unknown, then nothing is clipped and "the last ..." means nothing.
    Returns: None when no stretch is named, or none of it lies within the media.
    """
    words = _NOT_MEDIA_TIME.sub(" ", plain(text))
    named = _named(words, duration_s)
    if named is None:
        return None
    start_s, end_s = max(0.0, named[0]), named[1]
    if duration_s > 0:
        end_s = min(end_s, duration_s)
    if end_s <= start_s or (duration_s > 0 and start_s >= duration_s):
        return None
    return TimeRange(start_s=start_s, end_s=end_s)


def _named(words: str, duration_s: float) -> tuple[float, float] | None:
    for pattern in (_RANGE, _DASHED):
        for match in pattern.finditer(words):
            found = _ends(match)
            if found is not None:
                return found
    if first := _FIRST.search(words) or _FIRST_AFTER.search(words) or _FIRST_UNIT.search(words):
        return 0.0, _stated(first)
    if last := _LAST.search(words) or _LAST_AFTER.search(words) or _LAST_UNIT.search(words):
        return (duration_s - _stated(last), duration_s) if duration_s > 0 else None
    if (before := _BEFORE.search(words)) and (point := _seconds(before, 1)) is not None:
        return 0.0, point
    if (after := _AFTER.search(words)) and (point := _seconds(after, 1)) is not None:
        return (point, duration_s) if duration_s > 0 else None
    if at := _AT.search(words):
        moment = 60.0 * int(at["m"]) + int(at["s"])
        return moment - _AROUND_S, moment + _AROUND_S
    return None


def _stated(match: re.Match[str]) -> float:
    """The length that was named; a bare unit, as in "the last minute", is one of it."""
    return _length(match.groupdict().get("n") or "1", match["u"])


def _ends(match: re.Match[str]) -> tuple[float, float] | None:
    """Both ends; a bare first number takes the unit of the second, and two bare numbers are no time at all."""
    if _unit(match, 1) is None and _unit(match, 2) is None:
        return None
    end_unit = _unit(match, 2) or _unit(match, 1)
    start, end = _seconds(match, 1, end_unit), _seconds(match, 2, end_unit)
    return None if start is None or end is None or end <= start else (start, end)


def _unit(match: re.Match[str], number: int) -> str | None:
    """`clock`, or the unit that was written, or None for a bare number."""
    if any(match[f"{name}{number}"] for name in ("h", "m", "mm")):
        return "clock"
    return match[f"u{number}"] or match[f"qu{number}"]


def _seconds(match: re.Match[str], number: int, default_unit: str | None = None) -> float | None:
    def group(name: str) -> str | None:
        return match[f"{name}{number}"]

    if hours := group("h"):
        return 3600.0 * int(hours) + 60.0 * int(group("hm") or 0) + int(group("hs") or 0)
    if minutes := group("m"):
        return 60.0 * int(minutes) + int(group("s") or 0)
    if long_minutes := group("mm"):
        return 60.0 * _quantity(long_minutes) + _quantity(group("ms") or "0")
    if counted := group("uq"):
        return _length(counted, group("u") or "s")
    unit = group("qu") or (None if default_unit == "clock" else default_unit)
    amount = group("q")
    return None if unit is None or amount is None else _length(amount, unit)


def _length(amount: str, unit: str) -> float:
    return _quantity(amount) * (60.0 if re.fullmatch(_MINUTE, unit) else 1.0)


def _quantity(written: str) -> float:
    return float(_VALUES[written]) if written in _VALUES else float(written.replace(",", "."))
