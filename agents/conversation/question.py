"""What a question names: a moment, a face, a part, a region, a file, a term. Code reads them, never a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agents.conversation.patterns import Pattern
from agents.instructions import find_range, find_second, mentions_picture, mentions_sound, plain
from core.types import FacialRegion, Modality, TimeRange


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what code found in it. Times are of one file, since "the end" is somewhere else in each."""

    text: str
    words: str
    """Lower case, without accents."""
    part: Modality | None = None
    """Named alone; None when neither or both are."""
    face: int | None = None
    region: str | None = None
    moment_s: float | None = None
    range_s: TimeRange | None = None
    file: int | None = None
    term: str | None = None
    wants_map: bool = False

    @property
    def has_time(self) -> bool:
        return self.moment_s is not None or self.range_s is not None


_ORDINALS: Final = {
    1: r"first|1st|erste\w*|premiere?|1ere?|primer[ao]?|prim[ao]|primeir[ao]|eerste|pierwsz\w+",
    2: r"second|2nd|zweite\w*|deuxieme|seconde?|2e|segund[ao]|second[ao]|tweede|drug[aie]\w*",
    3: r"third|3rd|dritte\w*|troisieme|tercer[ao]?|terz[ao]|terceir[ao]|derde|trzeci\w*",
    4: r"fourth|4th|vierte\w*|quatrieme|cuart[ao]|quart[ao]|vierde|czwart\w+",
}
_FACE_NOUN: Final = (
    r"(?:faces?|persons?|people|man|woman|guy|speaker|gesicht\w*|visages?|personnes?|caras?|rostros?|personas?"
    r"|vis[oi]"
    r"|volt[oi]|facci[ae]|persone|rostos?|pessoas?|gezicht\w*|persoon|twarz\w*|osob\w+)"
)
_FILE_NOUN: Final = (
    r"(?:files?|videos?|clips?|recordings?|images?|photos?|analys[ei]s|dateien|datei|fichiers?|archivos?|ficheros?"
    r"|filmati|filmato|ficheiros?|arquivos?|bestand|plik\w*|aufnahmen?|film\w*)"
)
_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "eins": 1, "zwei": 2, "deux": 2, "dos": 2, "due": 2}
_REGIONS: Final[tuple[tuple[FacialRegion, Pattern], ...]] = (
    (
        FacialRegion.BOUNDARY,
        Pattern(
            r"\b(?:boundary|edges?|outline|contour\w*|rand|rander|gesichtsrand|bords?|bordes?|bord[oi]|borda"
            r"|kraw\w+)\b"
        ),
    ),
    (FacialRegion.EYES, Pattern(r"\b(?:eyes?|augen?|yeux|ojos?|occhi\w*|olhos?|ogen|oczy|eyebrows?)\b")),
    (
        FacialRegion.MOUTH,
        Pattern(r"\b(?:mouth|lips?|mund|lippen?|bouche|levres?|boca|labios?|bocca|labbra|mond|ust\w?|teeth)\b"),
    ),
    (FacialRegion.NOSE, Pattern(r"\b(?:nose|nase|nez|nariz|naso|neus|nos)\b")),
    (FacialRegion.CHEEKS, Pattern(r"\b(?:cheeks?|wangen?|joues?|mejillas?|guance?|bochechas?|wang|policzk\w+)\b")),
    (
        FacialRegion.JAW_LINE,
        Pattern(r"\b(?:jaw(?:line)?|chin|kinn|kiefer|machoire|menton|mandibula|barbilla|mascella|mento|kaak|kin)\b"),
    ),
    (
        FacialRegion.FOREHEAD,
        Pattern(r"\b(?:forehead|stirn|front du visage|frente|fronte|testa|voorhoofd|czol\w+)\b"),
    ),
)
VOICE: Final = Pattern(
    r"\b(?:voices?|vocal\w*|audio\w*|sounds?|soundtrack|speech|speaker'?s? voice|spoken|speaking|talk\w*|speaks?"
    r"|cloned?|tts|stimmen?|ton|tonspur|sprach\w*|voix|son|bande[- ]son|voz|voces|sonido|voc[ei]|suono|som|stem"
    r"|geluid|glos\w*|dzwiek\w*|parole|hear|listen\w*|heard)\b"
)
FACES: Final = Pattern(
    r"\b(?:faces?|facial|persons?|people|picture|visual\w*|gesicht\w*|bild|visages?|image|caras?|rostros?|imagen"
    r"|vis[oi]|volt[oi]|facci[ae]|immagine|rostos?|imagem|gezicht\w*|beeld|twarz\w*|obraz\w*|head|deepfaked face)\b"
)
_RATHER_THAN: Final = Pattern(
    r"\b(?:rather than|instead of|as opposed to|and not|statt|anstatt|plutot que|au lieu d\w*|en vez de|en lugar de"
    r"|invece d\w+"
    r"|em vez d\w+|in plaats van|zamiast|i stallet for|i stedet for)(?: \w+'?){1,3}"
)
_MAP: Final = Pattern(
    r"\b(?:heat[- ]?maps?|maps?|karten?|warmebild\w*|cartes?|mapas?|mapp[ae]|kaart|mapa|gradcam|grad-cam)\b"
)
_CLOCK: Final = Pattern(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?![\d:])")
_SECOND: Final = r"(?:s|secs?|seconds?|sek|sekunden?|secondes?|segundos?|second[oi]|seconden|sekund\w*|segs?)"
_SECONDS: Final = Pattern(rf"(?<![\d.,:])(\d{{1,5}}(?:[.,]\d+)?)(?:st|nd|rd|th|\.|e|eme|a|o)?[- ]?{_SECOND}\b")
_SECOND_FIRST: Final = Pattern(rf"\b{_SECOND} (?:n[or]?\.? ?)?(\d{{1,5}}(?:[.,]\d+)?)\b")
_EARLY_OR_LATE: Final = Pattern(
    r"\b(?:early|start|beginning|anfang|debut|principio|inizio|comeco|begin)\b.{0,30}\b(?:or|oder|ou|o"
    r"|of)\b.{0,20}\b(?:late|later|end|ende|fin|final|fine|fim|eind)\b"
)
_START: Final = Pattern(
    r"\b(?:at|in|near|is) the (?:very )?(?:start|beginning|outset)\b|\bam anfang\b|\bzu beginn\b|\bau debut\b"
    r"|\bal (?:principio|comienzo|inicio)\b|\ball'?inizio\b|\bno (?:inicio|comeco)\b|\bin het begin\b|\bna poczatku\b"
)
_END: Final = Pattern(
    r"\b(?:at|near|towards|is) the (?:very )?end\b|\bam ende\b|\ba la fin\b|\bal final\b|\balla fine\b|\bno (?:fim"
    r"|final)\b"
    r"|\baan het eind\w*\b|\bna koncu\b"
)
_TERMS: Final[tuple[tuple[str, Pattern], ...]] = tuple(
    (term, Pattern(pattern))
    for term, pattern in (
        ("fake_frames", r"\bfake[_ ]frames?\b"),
        ("faithfulness", r"\bfaithful\w*\b|\breliable map\b"),
        ("gradcam", r"\bgrad[- ]?cam\w*"),
        ("auc", r"\bauc\b|\broc\b|\barea under\b"),
        ("eer", r"\beer\b|\bequal error\b"),
        ("ece", r"\bece\b|\bcalibration error\b"),
        ("face_swap", r"\bface[- ]?swap\w*"),
        (
            "voice_clone",
            r"\bvoice[- ]?clon\w*|\bcloned voice\b|\bclona(?:gem|cion) de voz|\bclonage (?:de (?:la )?)?(?:voix|vocal)"
            r"|\bclonazione vocale|\bstimm\w*klon\w*|\bstemklo\w+|\bklonowani\w+ glosu|\brostklon\w*",
        ),
        ("tts", r"\btts\b|\btext[- ]to[- ]speech\b"),
        (
            "false_alarm",
            r"\bfalse (?:alarm|positive|negative)s?\b|\bfals[eokt]{0,2}[- ]?positi[vf]\w*|\bfaux (?:positif|negatif)\w*"
            r"|\bfalszyw\w+ (?:dodatni|alarm)\w*|\bfalsch[- ]?(?:positiv|alarm)\w*|\bfehlalarm\w*"
            r"|\bfals(?:os?|as?|kt?) alarm\w*|\bfausses? alertes?\b|\bloos alarm",
        ),
        ("interval", r"\bconfidence intervals?\b|\bbootstrap\w*|\bkonfidenzintervall\w*"),
        (
            "sensitivity",
            r"\bsensitivity\b|\bspecificity\b|\bsensitivitat\b|\brecall\b|\btrue (?:positive|negative)s?\b",
        ),
        ("codec", r"\bcodecs?\b"),
        ("metadata", r"\bmeta ?da[td](?:a|en|os|i)\b|\bmetadonnees\b"),
        ("stability", r"\bstability\b|\bstable\b|\bcounterfactual\w*"),
        ("landmarks", r"\blandmarks?\b"),
        ("occlusion", r"\bocclusion\w*"),
        (
            "heatmap",
            r"\bheat[- ]?maps?\b|\b(?:attention|saliency) maps?\b|\bwarmebild\w*|\bcarte de chaleur"
            r"|\bmapa (?:de calor|ciepla)|\bmappa di calore"
            r"|\bvarmekar?t\w*|\bvarmekort\w*|\bteplotni map\w*",
        ),
        ("shap", r"\bshap\w*\b|\bshapley\b"),
        ("spectrogram", r"\bmel\b|\be?s[pf]e[ckt]+t?r[oe]?gram\w*|\bспектрограм\w*|\bφασματογρ\w*"),
        ("calibration", r"\bcalibrat\w*|\bkalibr\w*|\bcalibr\w+|\bкалибр\w*|\bкалібр\w*"),
        (
            "track",
            r"\b(?:face )?tracks?\b|\bgesichtsspur\w*|\bgezichtsspo\w+|\btraccia (?:del )?(?:volto|viso)"
            r"|\bpistes? (?:de |du )?visages?|\bansiktsspar\w*",
        ),
        ("segment", r"\bsegments?\b|\bstretch(?:es)?\b"),
        (
            "window",
            r"\bwindows?\b|\bfenster\b|\bventanas? de voz|\bfenetres?\b|\bfinestr[ae]\b|\bjanelas?\b|\brostfonster\w*",
        ),
        ("fusion", r"\bfusion\b|\bweighing\b"),
        ("confidence", r"\bconfidence\b|\bkonfidenz\b|\bconfianza\b|\bconfiance\b|\bfiducia\b"),
        ("coverage", r"\bcoverage\b|\babdeckung\b"),
        (
            "inconclusive",
            r"\binconclu\w+|\bunentschieden\w*|\bincierto\b|\bnon concluant\w*|\babst(?:ain|ention|iene)\w*"
            r"|\bnicht eindeutig\w*|\bnie(?:jednozn|roztrzygn)\w*",
        ),
        (
            "threshold",
            r"\bthresholds?\b|\bschwell\w+|\bseuils?\b|\bumbral\w*|\bsogli[ae]\b|\bdrempel\w*"
            r"|\besik deger\w*|\btroskel\w*",
        ),
        ("deepfake", r"\bdeep ?fakes?\b|\bд[иі]пфейк\w*"),
        ("modality", r"\bmodalit\w+"),
        ("hash", r"\bsha-?256\b|\bhash\b|\bfingerprint\b|\bchecksum\b|\bdigests?\b"),
        ("c2pa", r"\bc2pa\b|\bcontent credentials?\b"),
        ("evidence", r"\bevidence ids?\b|\bcitations?\b"),
        ("score", r"\bp[_ -]?fake\b|\bscores?\b|\bpunktzahl\b|\bpuntuacion\b|\bpunteggio\b|\bpontuacao\b"),
        ("budget", r"\b(?:frame )?budget\b"),
        (
            "frame_rate",
            r"\b(?:fps|frame ?rate)\b(?=.*\b(?:means?|stands? for|significa|bedeutet)\b)|\bmean\w* (?:of )?fps\b",
        ),
        ("frames", r"\b(?:sampled )?frames?\b|\bsampling\b"),
        ("conformal", r"\b[ck]onformal\w*"),
        ("logit", r"\blogits?\b"),
        ("provenance", r"\bprovenance\b|\bprovenienz\b"),
        ("artefact", r"\bart[ei]fa[ck]t\w*|\bartefat\w*"),
        ("vocoder", r"\bvo[ck]oder\w*"),
        ("spoof", r"\bspoof\w*|\bbona ?fide\b"),
        ("lip_sync", r"\blip[- ]?sync\w*"),
        ("diffusion", r"\bdiffus\w+"),
        ("gan", r"\bgans?\b|\badversarial net\w*"),
        (
            "network",
            r"\b(?:neural|deep) net\w*|\b(?:deep|machine) learning\b|\bneuronale?\w* netz\w*"
            r"|\breseaux? (?:de )?neurones?|\bred(?:es)? neuronal\w*|\bret[ei] neural\w*"
            r"|\bneura[al]+\w* netwer\w*|\bsiec\w* neuronow\w*",
        ),
        ("synthetic", r"\bsynthetic (?:speech|media)\b"),
        ("container", r"\bcontainer formats?\b"),
        ("real", r"\bverdict (?:of )?\"?real\b|\b\"real\"|\bunremarkable\b"),
        ("fake", r"\"fake\""),
    )
)


def read_question(text: str, duration_s: float = 0.0, files: int = 1) -> Question:
    """What the question names.

    Args:
        duration_s: of the file that it is asked about; 0 when unknown, then "the end" names no moment.
        files: how many the conversation is about; of several, "the second one" is a file, of one a face.
    """
    words = plain(" ".join(text.split()))
    meant = _RATHER_THAN.sub(" ", words)
    hears, sees = VOICE.search(meant), FACES.search(meant)
    part = Modality.AUDIO if hears and not sees else Modality.VISUAL if sees and not hears else None
    if not hears and not sees:
        part = _part_in_any_language(meant)
    one = r"|ones?\b"
    face_noun, file_noun = (_FACE_NOUN, _or(_FILE_NOUN, one)) if files > 1 else (_or(_FACE_NOUN, one), _FILE_NOUN)
    face = _numbered(face_noun, words)
    range_s = find_range(text, duration_s) if _names_a_stretch(words) else None
    return Question(
        text=text,
        words=words,
        part=part,
        face=face,
        region=next((str(region) for region, pattern in _REGIONS if pattern.search(words)), None),
        moment_s=None if range_s else _beyond(text, words) or _moment(words, duration_s),
        range_s=range_s,
        file=_numbered(file_noun, words),
        term=next((term for term, pattern in _TERMS if pattern.search(words)), None),
        wants_map=_MAP.search(words) is not None,
    )


def _part_in_any_language(words: str) -> Modality | None:
    """The part by the words that instructions are read by; none when both are named."""
    both = ((Modality.VISUAL, mentions_picture), (Modality.AUDIO, mentions_sound))
    named = [modality for modality, mentions in both if mentions(words)]
    return named[0] if len(named) == 1 else None


def terms() -> Mapping[str, Pattern]:
    """Every term that can be explained, and how it is recognised."""
    return dict(_TERMS)


def _or(noun: str, other: str) -> str:
    return f"(?:{noun}{other})"


def _numbered(noun: str, words: str) -> int | None:
    """`face 2`, `the second face`, `Gesicht 2`; None when nothing of that kind is named by a number."""
    if found := re.search(rf"\b{noun} (?:n[or]?\.? ?|number |#)?(\d{{1,3}}|{'|'.join(_NUMBERS)})\b(?![:.]\d)", words):
        return _NUMBERS.get(found.group(1)) or int(found.group(1))
    for number, ordinal in _ORDINALS.items():
        if re.search(rf"\b(?:{ordinal}) (?:\w+ )?{noun}\b|\b{noun} (?:{ordinal})\b", words):
            return number
    return None


def _names_a_stretch(words: str) -> bool:
    """Two points in time, or a stretch by name; a single moment is none."""
    clocks = len(_CLOCK.findall(words))
    if clocks == 1 and not re.search(
        r"\b(?:after|before|from|until|till|since|nach|vor|apres|avant|dopo|prima|despues|antes|depois|ab|bis)\b", words
    ):
        return False
    if clocks >= 1:
        return True
    return bool(
        re.search(
            rf"\d\s*(?:{_SECOND})?\s*(?:-|–|—|to|and|und|bis|a|et|y|e|al|en|tot|do|until)\s*\d+\s*{_SECOND}\b", words
        )
        or re.search(rf"\b(?:{_SECOND})\s+\d+\s*(?:-|–|—|to|and|und|bis|a|et|y|e|al|en|tot|do)\s*\d+", words)
        or re.search(
            r"\b(?:first|last|final|opening|ersten?|letzten?|premier\w*|dernier\w*|primer\w*|ultim\w+|prim[ie]"
            r"|eerste|laatste)"
            rf" (?:\w+ ){{0,2}}{_SECOND}\b",
            words,
        )
        or re.search(
            rf"\b(?:after|before|nach|vor|apres|avant|dopo|despues de|antes de|depois de) (?:\w+ )?\d+\s*{_SECOND}\b",
            words,
        )
    )


def _beyond(text: str, words: str) -> float | None:
    """Where a stretch begins of which nothing lies within the file."""
    named = find_range(text, 0.0) if _names_a_stretch(words) else None
    return None if named is None else named.start_s


def _moment(words: str, duration_s: float) -> float | None:
    if found := _CLOCK.search(words):
        hours, minutes, seconds = found.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + int(seconds)
    if found := _SECONDS.search(words) or _SECOND_FIRST.search(words):
        return float(found.group(1).replace(",", "."))
    if (counted := find_second(words)) is not None:
        return counted
    if _EARLY_OR_LATE.search(words):
        return None
    if _START.search(words):
        return 0.0
    return max(0.0, duration_s - 1.0) if duration_s > 0 and _END.search(words) else None
