"""Numbers up to ninety-nine as they are spelled out in the main European languages, over plain text.

Ordinals count as numbers: "from the eighteenth to the twenty-second second".
"""

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
_FIRST_TWENTY: Final = (
    "en tva tre fyra fem sex sju atta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo",
    "en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve",
    "jeden dva tri ctyri pet sest sedm osm devet deset jedenact dvanact trinact ctrnact patnact sestnact sedmnact"
    " osmnact devatenact dvacet",
    "unu doi trei patru cinci sase sapte opt noua zece unsprezece doisprezece treisprezece paisprezece cincisprezece"
    " saisprezece saptesprezece optsprezece nouasprezece douazeci",
    "egy ket harom negy ot hat het nyolc kilenc tiz tizenegy tizenket tizenharom tizennegy tizenot tizenhat tizenhet"
    " tizennyolc tizenkilenc husz",
    "yksi kaksi kolme nelja viisi kuusi seitseman kahdeksan yhdeksan kymmenen yksitoista kaksitoista kolmetoista"
    " neljatoista viisitoista kuusitoista seitsemantoista kahdeksantoista yhdeksantoista kaksikymmenta",
    "bir iki uc dort bes alti yedi sekiz dokuz on on-bir on-iki on-uc on-dort on-bes on-alti on-yedi on-sekiz on-dokuz"
    " yirmi",
    "ενα δυο τρια τεσσερα πεντε εξι επτα οκτω εννεα δεκα εντεκα δωδεκα δεκατρια δεκατεσσερα δεκαπεντε δεκαεξι"
    " δεκαεπτα δεκαοκτω δεκαεννεα εικοσι",
    "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать"
    " пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать",
    "один два три чотири пять шість сім вісім девять десять одинадцять дванадцять тринадцять чотирнадцять"
    " пятнадцять шістнадцять сімнадцять вісімнадцять девятнадцять двадцять",
)
_TAKEN: Final = dict.fromkeys(("to", "on", "het", "hat", "ot"))
"""Numbers of one language that are everyday words of another."""
_ORDINALS: Final = {
    3: "third tercer tercero tercera terzo terza terceiro terceira troisieme dritten dritte derde",
    4: "fourth cuarto cuarta quarto quarta quatrieme vierten vierte vierde",
    5: "fifth quinto quinta cinquieme funften funfte vijfde pate piatej пятой пятої",
    6: "sixth sexto sexta sesto sesta sixieme sechsten sechste zesde",
    7: "seventh septimo septima settimo settima setimo setima septieme siebten siebte zevende",
    8: "eighth octavo octava ottavo ottava oitavo oitava huitieme achten achte achtste",
    9: "ninth noveno novena nono nona neuvieme neunten neunte negende",
    10: "tenth decimo decima dixieme zehnten zehnte tiende desate dziesiatej dziesiata десятой десятої",
    11: "eleventh undecimo undicesimo onzieme elften elfte elfde jedenaste jedenastej",
    12: "twelfth duodecimo dodicesimo douzieme zwolften zwolfte twaalfde",
    20: "twentieth vigesimo ventesimo vingtieme zwanzigsten"
    " zwanzigste twintigste dvacate dwudziestej двадцатой двадцятої",
    30: "thirtieth trigesimo trentesimo trentieme dreissigsten"
    " dreissigste dertigste tricate trzydziestej тридцатой тридцятої",
    40: "fortieth cuadragesimo quarantesimo quadragesimo quarantieme"
    " vierzigsten vierzigste veertigste ctyricate czterdziestej сороковой",
    50: "fiftieth quincuagesimo cinquantesimo cinquantieme funfzigsten funfzigste vijftigste padesate piecdziesiatej",
    60: "sixtieth sexagesimo sessantesimo soixantieme sechzigsten sechzigste zestigste",
}
"""Not the first and the second: they name persons, halves and the unit of time itself."""
_DECLINED: Final = (
    ("y a e ej em eho ou i", "- - - ctvrt pat sest sedm osm devat desat jedenact dvanact trinact ctrnact patnact"),
    (
        "y a ej ego ym",
        "- - - czwart piat szost siodm osm dziewiat dziesiat jedenast dwunast trzynast czternast pietnast",
    ),
    (
        "а у ій ої ий ого",
        "- - - четверт пят шост сьом восьм девят десят одинадцят дванадцят тринадцят чотирнадцят пятнадцят",
    ),
    (
        "ой ая ую ый ого ом",
        "- - - четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат",
    ),
    ("o ou η ο α", "- - τριτ τεταρτ πεμπτ εκτ εβδομ ογδο ενατ δεκατ"),
    ("ik ikat ikban ike", "- - harmad negyed otod hatod heted nyolcad kilenced tized"),
    ("uncu uncude inci incide nci", "- - uc dord bes alti yedi sekiz dokuz on"),
    ("s nen nnen nnella nnessa nteen", "- - kolma nelja viide kuude seitsema kahdeksa yhdeksa kymmene"),
    ("", "- - tredje fjarde femte sjatte sjunde attonde nionde tionde elfte tolfte trettonde fjortonde femtonde"),
    ("", "- - tredje fjerde femte sjette syvende ottende niende tiende ellevte tolvte trettende fjortende femtende"),
)
"""Stems of ordinals from the third on, and the endings they take."""
_ENDINGS: Final = {"en": "first second third fourth fifth sixth seventh eighth ninth"}
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
    20: "dwudziestu",
    21: "veintiun",
    25: "tjugofem femogtyve tjuefem",
    30: "trettio tredive tretti trzydziestu tricet treizeci harminc kolmekymmenta otuz τριαντα тридцать тридцять",
    40: "czterdziestu fyrtio fyrre forti ctyricet patruzeci negyven neljakymmenta kirk σαραντα сорок",
    45: "fyrtiofem femogfyrre fortifem",
    50: "fuenfzig piecdziesieciu femtio halvtreds femti padesat cincizeci otven viisikymmenta elli πενηντα пятьдесят",
    60: "szescdziesieciu sextio tres seksti sedesat saizeci hatvan kuusikymmenta altmis εξηντα шестьдесят",
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
    for words in _FIRST_TWENTY:
        values |= {word: number for number, word in enumerate(words.split(), start=1) if word not in values | _TAKEN}
    for words_of in (_OTHER_FORMS, _ORDINALS):
        values |= {word: value for value, words in words_of.items() for word in words.split() if word not in values}
    for endings, stems in _DECLINED:
        for number, stem in enumerate(stems.split(), start=1):
            forms = (f"{stem}{ending}" for ending in endings.split() or [""]) if stem != "-" else ()
            values |= {form: number for form in forms if form not in values}
    return values | _ordinals_made_of(values)


def _ordinals_made_of(values: dict[str, float]) -> dict[str, float]:
    """`eighteenth`, `twenty-second`, `achtzehnten`, `dix-huitieme`, `diciottesimo`, `achttiende`."""
    made: dict[str, float] = {}
    for number, word in enumerate(_TEENS["en"].split()[3:], start=13):
        made[f"{word}th"] = number
    for ten, word in enumerate(_TENS["en"].split(), start=2):
        for one, ending in enumerate(_ENDINGS["en"].split(), start=1):
            made[f"{word}-{ending}"] = 10 * ten + one
    for language, endings in (("de", ("te", "ten")), ("fr", ("ieme",)), ("it", ("esimo",)), ("nl", ("de",))):
        for number, word in enumerate(_TEENS[language].split()[3:], start=13):
            stem = word[:-1] if language in ("fr", "it") and word[-1] in "eaiou" else word
            made |= {f"{stem}{ending}": number for ending in endings}
        ones = _UNITS[language].split()
        for ten, word in enumerate(_TENS[language].split(), start=2):
            for one, unit in enumerate(ones, start=1):
                for form in _joined(language, word, unit):
                    if form not in values:
                        continue
                    stem = form[:-1] if language in ("fr", "it") and form[-1] in "eo" else form
                    made |= {
                        f"{stem}{ending}": 10 * ten + one
                        for ending in {"de": ("ste", "sten"), "nl": ("ste",)}.get(language, endings)
                    }
    return {word: value for word, value in made.items() if word not in values}


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
WORD: Final = "|".join(
    f"{word.replace('-', r'[-]')}(?=\\s+sec)" if word.endswith("-second") else word.replace("-", r"[\s-]+")
    for word in sorted(SPELLED, key=len, reverse=True)
)
"""A regular expression of them all, the longest first."""


def value_of(written: str) -> float:
    """What digits or a word of `WORD` stand for. Raises: ValueError when it is neither."""
    word = "-".join(written.replace("-", " ").split())
    return float(SPELLED[word]) if word in SPELLED else float(written.replace(",", "."))
