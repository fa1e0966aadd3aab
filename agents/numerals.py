"""Numbers up to ninety-nine as they are spelled out in the main European languages, over plain text."""

from __future__ import annotations

from typing import Final

_UNITS: Final = {
    "en": "one two three four five six seven eight nine",
    "de": "ein zwei drei vier funf sechs sieben acht neun",
    "fr": "un deux trois quatre cinq six sept huit neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "it": "uno due tre quattro cinque sei sette otto nove",
    "pt": "um dois tres quatro cinco seis sete oito nove",
    "nl": "een twee drie vier vijf zes zeven acht negen",
    "pl": "jeden dwa trzy cztery piec szesc siedem osiem dziewiec",
}
_TEENS: Final = {
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "de": "zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "es": "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    "it": "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
    "pt": "dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove",
    "nl": "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "pl": "dziesiec jedenascie dwanascie trzynascie czternascie pietnascie szesnascie siedemnascie osiemnascie"
    " dziewietnascie",
}
_TENS: Final = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "pl": "dwadziescia trzydziesci czterdziesci piecdziesiat szescdziesiat siedemdziesiat osiemdziesiat"
    " dziewiecdziesiat",
}
_OTHER_FORMS: Final = {
    1: "a an une eine einen einer eins una uma jedna jednej jednego 'n en et",
    2: "duas dwie dwoch dwiema",
    3: "trzech",
    4: "czterech",
    5: "fuenf fem pieciu cinci",
    6: "szesciu",
    7: "siedmiu",
    8: "osmiu",
    9: "dziewieciu",
    10: "dziesieciu tio ti deset zece десять десят",
    12: "zwoelf tolv",
    14: "quatorze",
    15: "fuenfzehn femton pietnastu",
    16: "dezasseis",
    17: "dezassete",
    19: "dezanove",
    20: "tjugo tyve dwudziestu dvacet",
    21: "veintiun",
    30: "trettio tredive trzydziestu tricet",
    40: "czterdziestu",
    50: "fuenfzig piecdziesieciu",
    60: "szescdziesieciu",
}


def _spelled() -> dict[str, float]:
    values: dict[str, float] = {}
    for language, units in _UNITS.items():
        ones, tens = units.split(), _TENS[language].split()
        for number, word in enumerate(ones, start=1):
            values[word] = number
        for number, word in enumerate(_TEENS[language].split(), start=10):
            values[word] = number
        for ten, tens_word in enumerate(tens, start=2):
            values[tens_word] = 10 * ten
            for one, ones_word in enumerate(ones, start=1):
                for form in _joined(language, tens_word, ones_word):
                    values[form] = 10 * ten + one
    values |= {word: value for value, words in _OTHER_FORMS.items() for word in words.split()}
    return values


def _joined(language: str, tens: str, ones: str) -> tuple[str, ...]:
    match language:
        case "en":
            return (f"{tens}-{ones}",)
        case "de":
            return (f"{ones}und{tens}",)
        case "fr":
            return (f"{tens}-{ones}", f"{tens}-et-{ones}")
        case "es":
            return (f"{tens}-y-{ones}", f"{tens[:-1]}i{ones}")
        case "it":
            return (f"{tens[:-1] if ones[0] in 'ou' else tens}{ones}",)
        case "pt":
            return (f"{tens}-e-{ones}",)
        case "nl":
            return (f"{ones}en{tens}",)
        case _:
            return (f"{tens}-{ones}",)


SPELLED: Final = _spelled()
"""Value by word; a hyphen stands for a blank or a hyphen."""
WORD: Final = "|".join(word.replace("-", r"[\s-]+") for word in sorted(SPELLED, key=len, reverse=True))
"""A regular expression of them all, the longest first."""


def value_of(written: str) -> float:
    """What digits or a word of `WORD` stand for. Raises: ValueError when it is neither."""
    word = "-".join(written.replace("-", " ").split())
    return float(SPELLED[word]) if word in SPELLED else float(written.replace(",", "."))
