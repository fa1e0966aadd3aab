"""Stretches of time named in plain words, in the main European languages. Code, not a model, reads them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from agents.instructions.numerals import WORD, value_of
from agents.instructions.patterns import Pattern
from core.types import TimeRange

SECOND: Final = (
    r"(?:seconds?|secondes?|sekunden?|segundos?|second[oi]|seconden|sekund(?:er|ene|erne)?(?![a-z])|sekund\w*"
    r"|sekun[nt]\w*|secund[aei]\w*|vterin\w*|masodperc\w*|saniye\w*|δευτερολεπτ\w*|секунд\w*|сек"
    r"|secs?|sek|seg|s|sn|sec\.|δευτ)"
)
_MINUTE: Final = (
    r"(?:minutes?|minuten?|minutos?|minut[oi]|minut\w*|minuut\w*|minuuti\w*|perc(?:ben|et|ig|tol|es)?|dakika\w*"
    r"|λεπτ\w*|mins?|mn|min|m"
    r"|минут\w*|мин|хвилин\w*|хв|dk)"
)
_ORDINAL: Final = (
    r"(?:st|nd|rd|th|ieme|eme|ere|er|e|a|o|ª|º|ste|de|:?(?:a|e)|[-’']?(?:й|я|ю|ой|ей|та|ту|ої|го|у|η|ο|ησ)|\.(?=\s))?"
)
QUANTITY: Final = rf"(?:\d+(?:[.,]\d+)?{_ORDINAL}|(?<![\w-])(?:{WORD})(?![\w-]))"
_AND: Final = r"(?:(?:and|et|und|y|e|en|i)\s+)?"
_HALF: Final = r"(?:half(?: a| an)?|(?:a|une) demi|demi|(?:eine |einer )?halben?|medi[oa]|mezz[oa]|mei[oa]|halve|pol)"
_AND_HALF: Final = r"(?:and a half|et demie?|und eine halbe|y medi[oa]|e mezz[oa]|e mei[oa]|en een halve|i pol)"
_POINT: Final = (
    rf"(?:(?P<h{{n}}>\d{{{{1,2}}}}):(?P<hm{{n}}>\d{{{{2}}}}):(?P<hs{{n}}>\d{{{{2}}}}(?:[.,]\d+)?)"
    rf"|(?P<m{{n}}>\d{{{{1,3}}}}):(?P<s{{n}}>\d{{{{2}}}}(?:[.,]\d+)?)"
    rf"|(?P<hh{{n}}>\d{{{{1,2}}}})\s*h(?:ours?|eures?)?\s*(?P<hhm{{n}}>\d{{{{1,2}}}})\s*{_MINUTE}?"
    rf"|(?P<half{{n}}>{_HALF})[\s-]*(?P<halfu{{n}}>{_MINUTE})\b"
    rf"|(?P<mm{{n}}>{QUANTITY})\s*(?:{_MINUTE}|')\s*(?:{_AND}(?P<ms{{n}}>{QUANTITY})\s*(?:{SECOND}\b|''|\"|(?=\W"
    rf"|$)(?!\s*{_MINUTE}))"
    rf"|(?P<mh{{n}}>{_AND_HALF}))"
    rf"|(?P<u{{n}}>{_MINUTE}|{SECOND})\s+(?P<uq{{n}}>{QUANTITY})"
    rf"|(?P<q{{n}}>{QUANTITY})[\s-]*(?P<qu{{n}}>{_MINUTE}\b|{SECOND}\b)?)"
)
_ARTICLE: Final = (
    r"(?:(?:the|le|la|les|l'|el|los|las|il|lo|i|gli|o|os|a|as|de|del|du|het|der|die|das|dem|den|det|az|az|i|το|τα|τη"
    r"|την|του|τησ|στο|στη|στα|t|t=|about|around|circa|ca\.?|environ|etwa|kello|klockan|cirka|og"
    r"|roughly|time|timestamp|mark)(?:\s+|(?<=[=']))\s*){0,4}"
)
"""No more than so many: each further one would be tried from every place before it."""
_JOIN: Final = (
    r"\s*(?:(?:[-–—~]|->|→|\.\.+|to|till?|until|through|thru|and|a|aos?|au?x?|jusqu'?a(?:u|ux)?|bis(?: zu[rm]?)?|und"
    r"|et|hasta|y|al?|ate|e|ed|fino (?:al?|alle?)|tot|tot en met|tot aan|en|do|az do|i|oraz|och|og|til|till"
    r"|fram till|frem til|ja|si|la|up to|up until|right up to|all the way to|fins a|pana la|pina la|es|meg|ve|ile"
    r"|και|εωσ|ωσ|μεχρι"
    r"|и|й|і|та|до|по|/)\s*)"
    r"(?:(?:the|la|l'|le|el|il|o|a|de|het|zur|zum|om|approximately|about)\s+)?"
)


def _point(number: int) -> str:
    return _POINT.format(n=number)


_OPEN: Final = (
    r"\b(?:between|from|entre|de|du|des|depuis|zwischen|von|vom|ab|desde|del|dal|tra|fra|da|dos|das|dalla?|dalle|dai"
    r"|tussen|van"
    r"|vanaf|miedzy|pomiedzy|od|mellan|mellem|mellom|fran|fra|mezi|medzi|intre|de la|dintre|izmedju|izmedu|απο"
    r"|μεταξυ|αναμεσα|с|со|между|от|з|із|між|від|starting at)\s+"
)
_RANGE: Final = Pattern(rf"{_OPEN}{_ARTICLE}{_point(1)}(?:\s+(?:in|mark))?{_JOIN}{_ARTICLE}{_point(2)}(?![\d:])")
_POSTED: Final = Pattern(
    rf"(?<![\d:.,]){_point(1)}(?:{_JOIN}|\s+){_ARTICLE}{_point(2)}\s*"
    r"(?:kozott|kozti\w*|kozotti\w*|arasi\w*|valil\w+|valis\w+|kadar|dek|ig)(?!\w)"
)
"""Both ends before the word that joins them, as Hungarian, Turkish and Finnish have it."""
_SUFFIXED: Final = Pattern(
    rf"(?<![\d:.,]){_point(1)}(?<=tol|ten|dan|den|sta)\s+{_ARTICLE}{_point(2)}(?:(?<=ig)|(?<=ye)|(?<=ya)|(?<=iin)"
    rf"|(?<=een))(?!\w)"
)
"""The ends say by themselves which is the first: "masodperctol ... masodpercig"."""
_DASHED: Final = Pattern(
    rf"(?<![\d:.,]){_point(1)}\s*(?:[-–—~]|->|→|\.\.+|\bto\b|\buntil\b|\btill\b|\bthrough\b|\bthru\b|\bbis\b|\btot\b"
    rf"|\bhasta\b"
    rf"|\ba\b|\bau\b|\bal\b|\bate\b|\bdo\b|\bfino a\b|\btill\b|\btil\b|\bεωσ\b|\bμεχρι\b|\bдо\b|\bпо\b"
    rf"|\bpana la\b)\s*{_point(2)}(?![\d:])"
)
_N: Final = rf"(?P<n>{QUANTITY}|{_HALF})[\s-]*(?P<u>{_MINUTE}|{SECOND})\b(?:\s*(?P<half>{_AND_HALF}))?"
_FIRST_WORD: Final = (
    r"(?:very )?(?:first|initial|opening|premieres?|premiers?|ersten?|erste[nrs]?|primer[oa]?s?|prim[ioae]"
    r"|primeir[oa]s?|eerste"
    r"|pierwsz\w+|forsta|forste|prvni\w*|prvych|prvych|prv\w+|primele|primul|prima|elso|ensimmai\w*|перв\w+|перш\w+"
    r"|първ\w+|πρωτ\w+|ilk)"
)
_LAST_WORD: Final = (
    r"(?:very )?(?:last|final|closing|dernieres?|derniers?|letzten?|letzte[nrs]?|ultim[oiae]s?|laatste|ostatni\w*"
    r"|sista|sidste|siste|posledni\w*"
    r"|posledn\w*|zadnj\w*|ultimele|ultimul|utolso|viimei\w*|последн\w+|останн\w+|τελευται\w+|son)"
)
_FIRST: Final = Pattern(rf"\b{_FIRST_WORD}\s+{_N}")
_FIRST_AFTER: Final = Pattern(rf"(?P<n>{QUANTITY})\s+{_FIRST_WORD}\s+(?P<u>{_MINUTE}|{SECOND})\b")
_LAST: Final = Pattern(rf"\b{_LAST_WORD}\s+{_N}")
_LAST_AFTER: Final = Pattern(rf"(?P<n>{QUANTITY})\s+{_LAST_WORD}\s+(?P<u>{_MINUTE}|{SECOND})\b")
_FIRST_UNIT: Final = Pattern(rf"\b{_FIRST_WORD}\s+(?P<u>{_MINUTE})\b(?:\s*(?P<half>{_AND_HALF}))?")
_LAST_UNIT: Final = Pattern(rf"\b{_LAST_WORD}\s+(?P<u>{_MINUTE})\b(?:\s*(?P<half>{_AND_HALF}))?")
_NTH: Final = (
    (2, r"second|2nd|zweite[nr]?|deuxieme|2e|2eme|segundo|secondo|tweede|drug\w+"),
    (3, r"third|3rd|dritte[nr]?|troisieme|3e|3eme|tercer|tercero|terzo|terceiro|derde|trzeci\w*"),
    (4, r"fourth|4th|vierte[nr]?|quatrieme|4e|4eme|cuarto|quarto|vierde|czwart\w*"),
    (5, r"fifth|5th|funfte[nr]?|cinquieme|5e|5eme|quinto|vijfde|piat\w*"),
)
_NTH_MINUTE: Final = Pattern(
    r"(?P<from>\b(?:from|since|ab|von|depuis|desde|dal|dalla|a partir d\w+|vanaf|od)\s+(?:\w{1,3}\s+|l')?)?\b(?:"
    + "|".join(rf"(?P<n{number}>{words})" for number, words in _NTH)
    + r")\s+(?:minute|minuto|minuut|minut[aye]?)\b"
)
_HALF_WORD: Final = r"(?:half|moitie|halfte|mitad|meta|metade|helft|polow\w+)"
_FIRST_HALF: Final = Pattern(rf"\b{_FIRST_WORD}\s+{_HALF_WORD}\b(?!\s+(?:a\s+)?{_MINUTE})")
_SECOND_HALF: Final = Pattern(
    rf"\b(?:{_LAST_WORD}|second|2nd|seconde|deuxieme|zweiten?|segunda|seconda|tweede"
    rf"|drug\w+)\s+{_HALF_WORD}\b(?!\s+(?:a\s+)?{_MINUTE})"
)
_LEAVING_OUT: Final = Pattern(
    r"\b(?:skip\w*|ignor\w+|without|except(?: for)?|exclud\w+|leave out|not|disregard|drop|cut|omit\w*|ohne|nicht"
    r"|ausser|uberspring\w*"
    r"|sans|sauf|saute[rz]?|ignore[rz]?|pas|passe[rz]?|sin|salvo|excepto|omite|salta\w*|senza|tranne|eccetto|salt[ai]"
    r"|sem|exceto|pul[ae]|zonder|behalve"
    r"|sla|bez|oprocz|pomin\w*|everything but|all but)\s+(?:(?:the|de|die|les|las|los|i|gli|os|as|over|le|la|il|for"
    r"|mir)\s+){0,2}$"
)
_LEFT_OUT: Final = Pattern(
    r"^\s*(?:(?:can|may|to|be|kannst|du|peux|tu|sind|are|kan|je)\s+){0,3}"
    r"(?:skip\w*|over|weglassen|auslassen|uberspringen|overslaan|pomin\w*|are irrelevant)\b"
)
_AFTER: Final = Pattern(
    r"\b(?:after|from|starting (?:at|from)|start(?:ing)?(?: at)?|beginning (?:at|from)|since|past|onwards? from|apres"
    r"|a partir (?:del?|du|da|do|della?)|a compter de|des"
    r"|depuis|ab|nach|seit|despues de|desde|tras|dopo|a partire (?:da|dalla?|dal)|dal|dalla|da|depois (?:de|do|da)"
    r"|desde|na|vanaf|van|po|od|poczawszy od|pocinaje od|po|dupa|incepand (?:de la|cu)"
    r"|efter|fran|etter|fra og med|fran och med|μετα(?: απο)?|απο|после|с|начиная с|після|починаючи з|след|от|від|з"
    r"|de la)"
    rf"\s+{_ARTICLE}{_point(1)}"
)
_AFTER_POST: Final = Pattern(
    rf"(?<![\d:.,]){_point(1)}\s+(?:on|onwards?|and (?:later|beyond|after)|to the end|until the end|till the end"
    rf"|bis (?:zum )?(?:ende|schluss)|jusqu'?a la fin|hasta el final|fino alla fine|ate (?:ao|o) fim"
    rf"|tot (?:het )?einde?|do konca|till slutet|til slutten|til slut|loppuun|dan sonra|den sonra|itibaren"
    rf"|sonrasi\w*|utan|tol kezdve|alkaen"
    rf"|do kraja|pana la (?:sfarsit|final)|до конца|до кінця|μεχρι το τελοσ|e (?:poi|oltre)|et (?:apres|au-dela)"
    rf"|y despues|en verder|und danach)\b"
)
_BEFORE: Final = Pattern(
    r"\b(?:(?:stop|end|finish|quit)(?:s|ping|ing)? (?:after|at|by)|before|until|till|up to|up until|prior to|avant"
    r"|jusqu'?a(?:u)?|vor|bis(?: zu[rm]?)?|antes (?:de|del|dos?|da)|hasta(?: el| la)?|prima (?:di|del|dei)|fino a(?:l"
    r"|lla)?|ate(?: ao| aos| o)?|voor|tot"
    r"|przed|do|fore|fram till|inntil|indtil|frem til|for|pred|pana la|inainte de|πριν(?: απο)?|μεχρι|εωσ|до|перед"
    r"|преди)\s+"
    rf"{_ARTICLE}{_point(1)}"
)
_AT: Final = Pattern(
    r"(?:(?<!\w)(?:at|around|near|about|a|vers|bei|um|gegen|en|sobre|hacia|verso|intorno a(?:l|lla)?|a(?:l|lla)?"
    r"|por volta d[eo]|aos?|bij|rond|op|okolo|w|przy|kring|@)\s*(?:about\s+)?(?:the\s+|les\s+|la\s+|el\s+|los\s+|il\s+"
    r"|o\s+|os\s+)?)"
    rf"(?:(?P<m>\d{{1,3}}):(?P<s>\d{{2}})\b(?!:)|(?P<u>{_MINUTE}|{SECOND})\s+(?P<uq>{QUANTITY})"
    rf"|(?P<q>{QUANTITY})[\s-]*(?P<qu>{_MINUTE}|{SECOND})[\s-]+(?:mark|in(?:to)?\b|point))"
)
_CLOCK: Final = Pattern(r"(?<![\d:.,])(?P<m>\d{1,3}):(?P<s>\d{2})(?![\d:])")
_WALL_CLOCK: Final = Pattern(
    r"\b(?:publish\w*|air(?:s|ing|ed)?|meeting|deadline|due|today|tomorrow|tonight|yesterday|live at|online|uploaded"
    r"|posted|broadcast|heute|morgen|gestern|uhr|sendung|aujourd'hui|demain|hoy|manana|oggi|domani|hoje|amanha|vandaag"
    r"|dzis|jutro|pm|am|gmt|cet|utc|o'clock)\b"
)
_NOT_MEDIA_TIME: Final = Pattern(
    r"\b(?:under|within|in less than|less than|in under|at most|no (?:more|longer) than|not more than|max(?:imum|imal"
    r"|imo)?(?: of| von| de)?|in|en moins de|moins de|in unter|unter"
    r"|innerhalb von|in weniger als|weniger als|hochstens|pas plus de|au plus|en menos de|menos de|no mas de"
    r"|como mucho|in meno di|meno di|al massimo|em menos de|no maximo|binnen|in minder dan|minder dan|hooguit|w ciagu"
    r"|ponizej|mniej niz|najwyzej|w niecale"
    r"|you have|you've got|i have|i've got|i only have|we have|you get|for|tienes|tengo|hai|ho|tens|tenho|du hast"
    r"|ich habe|hast du|tu as|j'ai|je hebt|ik heb|masz|mam|en|dans|em|op|w|inom|pod|under|give it|give yourself|take"
    r"|takes|spend|wait|warte)"
    rf"\s+(?:(?:about|only|just|nur|noch|solo|so|alleen|tylko|ungefahr|environ|unos|circa"
    rf"|of)\s+)?{QUANTITY}[\s-]*(?:{_MINUTE}|{SECOND})\b(?!\s+(?:mark|in\b|on\b|onward))"
    rf"|\b{QUANTITY}[\s-]*(?:{_MINUTE}|{SECOND})\s+(?:max(?:imum)?|at most|tops|or less|left|hochstens|maximal"
    rf"|or so is all|clips?|videos?|long|check|look|budget|check|ago)\b"
    rf"|\b(?:give me|take|wait|gib mir|donne-moi|dame|dammi)\s+{QUANTITY}[\s-]*(?:{_MINUTE}|{SECOND})\b"
)
_FRAMES: Final = Pattern(
    r"\b(?:frames?|bild(?:er)?|klatk\w*|fotogram\w*|кадр\w*)\s+(?:number |nr\.? |n[o.]? )?#?\d++"
    r"(?:\s*(?:[-–—~]|to|through|thru|until|till|and|bis|und|a|al|et|y|e|do|i|tot|en|til|till|до|и)\s*#?\d++)?+"
    rf"(?![:.,]\d|\s*(?:{_MINUTE}|{SECOND})\b)"
)
"""Frames by number: no time can be told from them before the file is opened."""
_AROUND_S: Final = 3.0
"""A single moment stands for this many seconds to either side."""
_LONG: Final = 1e9


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch as it was named, before the media's length is known. Seconds from the end where `from_end`.

    `end_s` None reaches to the end. With `from_end`, `start_s` before the end up to `end_s` before the end. `halves`
    counts in halves of the media instead of seconds.
    """

    start_s: float
    end_s: float | None
    from_end: bool = False
    halves: bool = False

    def within(self, duration_s: float) -> TimeRange | None:
        """Clipped to the media; None when none of it lies within, or its length is needed and unknown (0)."""
        if duration_s <= 0 and (self.from_end or self.halves or self.end_s is None):
            return None
        start, end = self.start_s, self.end_s
        if self.halves:
            start, end = start * duration_s / 2, None if end is None else end * duration_s / 2
        if self.from_end:
            start, end = (0.0 if start >= _LONG else duration_s - start), duration_s - (end or 0.0)
        start = max(0.0, start)
        end = duration_s if end is None else min(end, duration_s) if duration_s > 0 else end
        return TimeRange(start_s=start, end_s=end) if end > start else None


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and blanks straightened: what the lexicons match on."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for written, read in (
        ("’", "'"),
        ("`", "'"),
        ("´", "'"),
        ("ß", "ss"),
        ("ł", "l"),
        ("œ", "oe"),
        ("æ", "ae"),
        ("ø", "o"),
        ("ı", "i"),
    ):
        folded = folded.replace(written, read)
    folded = re.sub(r"\bvocês?\b", "tu", unicodedata.normalize("NFC", folded))
    decomposed = unicodedata.normalize("NFKD", folded)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


def find_range(text: str, duration_s: float) -> TimeRange | None:
    """The stretch of the media that the text asks for, clipped to the media.

    Args:
        text: as it was written.
        duration_s: length of the media; 0 when unknown, then "the last ..." means nothing.
    Returns: None when no stretch is named, or none of it lies within the media.
    """
    named = find_stretch(text)
    return None if named is None else named.within(duration_s)


def names_time(text: str) -> bool:
    """Whether a stretch of the media is named, or how long the examination may take."""
    return find_stretch(text) is not None or _NOT_MEDIA_TIME.search(plain(text)) is not None


def find_stretch(text: str) -> Stretch | None:
    """The stretch of the media that the text names."""
    if not text.strip():
        return None  # what most files come with, and the patterns below take seconds to compile
    words = _FRAMES.sub(" ", _NOT_MEDIA_TIME.sub(" ", plain(text)))
    for pattern in (_RANGE, _DASHED, _POSTED, _SUFFIXED):
        for match in pattern.finditer(words):
            found = _ends(match)
            if found is not None and not (_clock_of_day(match, words)):
                return Stretch(*found)
    if first := _FIRST.search(words) or _FIRST_AFTER.search(words) or _FIRST_UNIT.search(words):
        length_s = _stated(first)
        if _is_left_out(first, words) or re.search(
            r"\b(?:after|past|apres|nach|despues de|dopo|depois d\w+|na|po)\s+(?:\w+\s+)?$", words[: first.start()]
        ):
            return Stretch(length_s, None)
        return Stretch(0.0, length_s)
    if last := _LAST.search(words) or _LAST_AFTER.search(words) or _LAST_UNIT.search(words):
        if _is_left_out(last, words) or re.search(
            r"\b(?:before|until|avant|vor|antes de|prima d\w+|voor|przed)\s+(?:\w+\s+)?$", words[: last.start()]
        ):
            return Stretch(_LONG, _stated(last), from_end=True)
        return Stretch(_stated(last), None, from_end=True)
    if nth := _NTH_MINUTE.search(words):
        start_s = next(60.0 * (number - 1) for number, _ in _NTH if nth[f"n{number}"])
        return Stretch(start_s, None if nth["from"] else start_s + 60.0)
    if _FIRST_HALF.search(words):
        return Stretch(0.0, 1.0, halves=True)
    if _SECOND_HALF.search(words):
        return Stretch(1.0, None, halves=True)
    if (
        (before := _BEFORE.search(words))
        and (point := _seconds(before, 1)) is not None
        and not _clock_of_day(before, words)
    ):
        return Stretch(0.0, point)
    if (
        (after := _AFTER.search(words) or _AFTER_POST.search(words))
        and (point := _seconds(after, 1)) is not None
        and not _clock_of_day(after, words)
    ):
        return Stretch(point, None)
    return _between_clocks(words) or _moment(words)


def _between_clocks(words: str) -> Stretch | None:
    """Two times of a clock, whatever words join them."""
    clocks = list(_CLOCK.finditer(words))
    if len(clocks) != 2 or any(_clock_of_day(each, words) for each in clocks):
        return None
    start, end = (60.0 * int(each["m"]) + int(each["s"]) for each in clocks)
    return Stretch(start, end) if start < end else None


def _moment(words: str) -> Stretch | None:
    at = _AT.search(words)
    if at is None or _clock_of_day(at, words):
        return None
    clock = bool(at["m"])
    moment_s = 60.0 * int(at["m"]) + int(at["s"]) if clock else length_s(at["uq"] or at["q"], at["u"] or at["qu"])
    return Stretch(max(0.0, moment_s - _AROUND_S), moment_s + _AROUND_S)


def _is_left_out(match: re.Match[str], words: str) -> bool:
    return bool(_LEAVING_OUT.search(words[: match.start()]) or _LEFT_OUT.search(words[match.end() :]))


def _clock_of_day(match: re.Match[str], words: str) -> bool:
    """Whether the time is one of the day, such as a deadline."""
    return bool(_WALL_CLOCK.search(words[max(0, match.start() - 30) : match.end() + 12]))


def _stated(match: re.Match[str]) -> float:
    """The length that was named; a bare unit, as in "the last minute", is one of it."""
    named = match.groupdict()
    written = named.get("n") or "1"
    unit_s = length_s("1", match["u"])
    amount = 0.5 if re.fullmatch(_HALF, written) else value_of(_bare(written))
    return unit_s * (amount + (0.5 if named.get("half") else 0.0))


def _ends(match: re.Match[str]) -> tuple[float, float] | None:
    """Both ends; a bare first number takes the unit of the second, and two bare numbers are no time at all."""
    if _unit(match, 1) is None and _unit(match, 2) is None:
        return None
    end_unit = _unit(match, 2) or _unit(match, 1)
    start, end = _seconds(match, 1, end_unit), _seconds(match, 2, end_unit)
    return None if start is None or end is None or end <= start else (start, end)


def _unit(match: re.Match[str], number: int) -> str | None:
    """`clock`, or the unit that was written, or None for a bare number."""
    if any(match[f"{name}{number}"] for name in ("h", "m", "mm", "hh", "half")):
        return "clock"
    return match[f"u{number}"] or match[f"qu{number}"]


def _seconds(match: re.Match[str], number: int, default_unit: str | None = None) -> float | None:
    def group(name: str) -> str | None:
        return match[f"{name}{number}"]

    if hours := group("h"):
        return 3600.0 * int(hours) + 60.0 * int(group("hm") or 0) + _number(group("hs") or "0")
    if minutes := group("m"):
        return 60.0 * int(minutes) + _number(group("s") or "0")
    if hours := group("hh"):
        return 3600.0 * int(hours) + 60.0 * int(group("hhm") or 0)
    if group("half"):
        return 30.0
    if long_minutes := group("mm"):
        return 60.0 * _number(long_minutes) + (30.0 if group("mh") else _number(group("ms") or "0"))
    if counted := group("uq"):
        return length_s(counted, group("u") or "s")
    unit = group("qu") or (None if default_unit == "clock" else default_unit)
    amount = group("q")
    return None if unit is None or amount is None else length_s(amount, unit)


def length_s(amount: str, unit: str) -> float:
    """So many of a unit, in seconds."""
    return _number(amount) * (60.0 if re.fullmatch(_MINUTE, unit) else 1.0)


def _number(written: str) -> float:
    return value_of(_bare(written))


def _bare(written: str) -> str:
    """Digits without the ending of an ordinal."""
    return re.sub(r"^(\d+(?:[.,]\d+)?)(?:st|nd|rd|th|eme|ere|er|e|a|o|ª|º|\.)$", r"\1", written)
