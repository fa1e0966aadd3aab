"""Words for what is seen, what is heard and who is shown, by language, as stems over plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_SEEN: Final[Mapping[str, str]] = {
    "en": r"""faces?|facial\w*|face-?swap\w*|eye(?:s|lids?|brows?|lash\w*)?|pupils?|iris(?:es)?|blink\w*|gaze|lips?
        |mouths?
        |tooth|teeth|tongue|jaw\w*|chins?|cheek\w*|nose|nostrils?|forehead|skin|wrinkl\w*|hair\w*|beards?|m[ou]ustache
        |smil(?:e|es|ing)|glasses|spectacles|earrings?|freckles|moles?|scars?|tattoos?|features|wax(?:y|en)?|painted
        |sixth? fingers?|mask(?:s|ed)?|airbrush\w*|retouch\w*|hands?(?! over)|fingers?|body|skull
        |(?<!by )(?<!your )ears?(?! (?:only|for it)\b)|heads?(?! (?:of|office|quarter\w*|off|start)\b)
        |(?:facial )?expressions?|pictures?|pics?
        |imag(?:e|es|ery)|photo(?:s|graph\w*|shop\w*)?|(?<!by )frames?(?! by\b)|visual\w*|video (?:track|stream|part
        |side)
        |optical\w*|pixels?|appearance|look-?alikes?|doppelganger|body double|shadows?|lighting|reflections?|make-?up
        |morph(?:ed|ing)
        |what (?:is|can be|you|we|i)(?: can)? (?:seen|see|sees)|(?:what is|what's|only) visible|be seen|the visible part
        |(?:what|how) (?:he|she|it|they|the \w+|this \w+)(?: really)? looks?(?: like)?""",
    "de": r"""gesicht\w*|antlitz|aug(?:e|en)(?:lid\w*|brau\w*|partie|bewegung\w*)?|pupillen|lippen?(?!\w)
        |lippenbeweg\w*|mund\w*
        |zahne?n?|zaehne|nase|kinn|wangen?|stirn|(?:die|der|seine|ihre) haut|haut(?:struktur|textur|bild|farbe)
        |haar(?:e|en|ansatz)
        |kopf(?!horer)|kopfe|mimik|bild(?:er|s|es|ern|e|spur|material|ebene|seite|teil)?|videobild\w*|videospur
        |optisch\w*|optik
        |visuell\w*|fotos?|aussehen|was (?:man|ich|wir) sieht|(?:zu sehen|sichtbar\w*)|(?:wie|was) (?:er|sie|es
        |die \w+|der \w+) aussieht|maske|brille|ohrringe?|wachs|gemalt|falten|retuschiert\w*|einzelbild\w*
        |gesichtstausch\w*""",
    "fr": r"""visages?|sa figure|yeux|oeil|paupieres?|clign\w+|levres?|bouche|dents?|nez|menton|joues?|(?:la|sa) peau
        |cheveux|tete
        |machoire|photos?|visuel\w*|traits du visage|masque|lunettes|boucles d'oreilles?|cire|rides|retouche[es]?
        |piste video|ce qu'on voit|ce que (?:l'on|je|tu) voi[st]""",
    "es": r"""caras?|rostros?|ojos?|parpad\w+|labios?|bocas?|dientes?|nariz|menton|barbilla|mejillas?|piel|pelo
        |cabello|cabeza
        |imagen(?:es)?|fotos?|mascara|gafas|pendientes|cera|arrugas|retocad[oa]|pista de video|lo que se ve""",
    "it": r"""volt[oi]|viso|facci?[ae](?! (?:un|una|attenzione|presto|il controllo|sapere)\b)|occhi|occhio|palpebre
        |labbr[oa]|bocc(?:a|he)
        |dent[ei]|naso|mento|guanc\w+|pelle|capelli|immagin[ei]|visiv\w+|maschera|occhiali|orecchini|cera|rughe
        |ritoccat[oa]|traccia video|(?:quello|cio) che si vede""",
    "pt": r"""rostos?|olhos?|pisca(?:r|m|ndo)?|dentes?|queixo|bochecha\w*|pele|cabelos?|cabeca|imag(?:em|ens)
        |feicoes|mascara
        |oculos|brincos|cera|rugas|retocad[oa]|faixa de video|o que se ve""",
    "nl": r"""gezicht\w*|ogen|oog|knipper\w*|lip(?:pen)?|mond(?:en|bewegin\w+)?|tanden|neus|wangen?|huid|hoofd
        |beeld(?:en|spoor)?|foto's
        |visue\w+|plaatje\w*|wat (?:je|men|we) (?:ziet|zien)|masker|bril|oorbellen|was(?:beeld|sen)|rimpels
        |zichtbaar\w*""",
    "pl": r"""twarz\w*|buzi\w*|oczy|oczu|oczach|oko|mrug\w*|usta|ust|ustach|ustami|warg\w*|zeby|zebow|podbrod\w*
        |policzk\w*|skor[aye]
        |wlos\w*|glow(?:a|y|e|ie)|obraz(?:u|em|ie|y|ow)?|zdjec\w*|wizualn\w*|klatk\w*|wyglad\w*|mask[aeiy]|okular\w*
        |kolczyk\w*|zmarszczk\w*|wosk\w*|co widac""",
    "north": r"""ansikt\w*|ansigt\w*|fjes\w*|ogon(?:en)?|ojnene?|oynene?|lappar(?:na)?|laeber(?:ne)?|munnen|munden
        |bilden?|billed\w*
        |bildet|hud(?:en)?|kasvo\w*|silm\w+|suu(?:ta|n)?|huul\w*|kuva[an]?""",
    "centre": r"""oblicej\w*|tvar(?:e|i|ou)|oci|rty|obliczej\w*|lice|ochi[iu]?\w*|fat[ae](?:i)?|chip(?:ul)?
        |buze(?:le)?|gura|imagin\w*
        |az arc|arc(?:ot|a|at|ok|okat|cser\w*)|szem(?:e|et|ek|eket)|szaj\w*|kepet|kepek\w*|a kep""",
    "cyrillic": r"""лиц\w{0,3}|глаз\w*|губ\w*|рот|рта|ртом|картинк\w*|изображен\w*|видеоряд\w*|кадр\w*|обличч\w*
        |оч[иі]\w*|зображен\w*""",
    "greek": r"""προσωπ\w*|ματι\w*|στομα\w*|χειλ\w*|εικον\w*""",
    "turkish": r"""yuz(?:u|unu|leri?|e)?|goz(?:ler\w*|u|unu)?|dudak\w*|agiz|agzi\w*|goruntu\w*""",
}
_HEARD: Final[Mapping[str, str]] = {
    "en": r"""voices?(?! (?:your|my|our) )|vocal\w*|voice-?overs?|voice-?clon\w*|audio\w*|acoustic\w*
        |sound(?:s|track|tracks|ed|ing)?(?! (?:good|great|like a plan|okay|ok)\b)|speech\w*|speak(?:s|ing)?|spoken|spoke
        |talk(?:s|ing|ed)?(?! (?:about|head|to me)\b)|listen\w*|hear(?:s|d|ing)?(?! (?:from|back|your|you)\b)
        |narrat\w*|accents?
        |intonation|pronunc\w*|pronounc\w*|tts|text[- ]to[- ]speech|dubb(?:ed|ing)|noises?|hiss|music|utter\w*
        |dialogues?
        |monologues?|diction|monoton\w*|lisps?|lisping|raps?|rapping|articulat\w*|enunciat\w*|stutter\w*|cadence
        |laughter|laughing|audible|what (?:is|can be|you|we|i|one)(?: can)? (?:heard|hear|hears)|be heard
        |tone of (?:her |his |the )?voice|pitch|waveforms?|spectrograms?|microphone|mic|sing(?:s|ing)?|sung|sang
        |breath\w*|elevenlabs|(?:his|her|their|the|spoken) words|(?:your|with) ears|by ear|phone call|on the phone
        |voice ?mail|podcast
        |(?<!i )(?<!that )(?<!being )(?<!as )said|saying|(?:what|really|actually|ever
        |truly)(?: \w+){0,3}?(?<!you)(?<!would) say
        |(?:he|she|they|person|man|woman|guy|speaker|president|minister|boss|ceo) says?(?! (?:it|this|that
        |the (?:video|clip))\b)
        |(?:did|does) (?:he|she|they|the \w+|this \w+)(?: \w+)? say""",
    "de": r"""stimme(?!\w)|stimm(?:lage|bild|klang|klon|klang|aufnahme|lich|probe)\w*|(?:die|beiden?|der|den|zwei|alle
        |nur|ihre|seine) stimmen
        |stimmklon\w*|\w+stimme|ton(?:spur|qualitat|fall|s|lage|ebene)?(?! (?:avis|analyse|verdict|travail|temps
        |opinion|systeme|role|regard)\b)
        |klang\w*|kling(?:t|en)|gerausch\w*|geraeusch\w*|sprach(?:e|lich|aufnahme|spur|ausgabe)?|sprich(?:t|st)
        |sprechen|gesprochen\w*
        |sprechweise|rede(?:n|t)?|gesagt\w*|sagt(?! mir| uns)|aussprache|akzent\w*|hor(?:t|en|st)?(?! auf)|hoer(?:t|en
        |st)?(?! auf)
        |(?:an|zu|ab|rein|hin)hor\w*|(?:an|zu|ab|rein|hin)hoer\w*|horbar\w*|hoerbar\w*|akustisch\w*|musik|wortlaut
        |worte|vertont\w*
        |synchronstimme|am telefon|lispel\w*|diktion|betonung|artikul\w*|sprachnachricht\w*|anruf\w*|kopfhorer""",
    "fr": r"""voix|(?:le|du|au|ce|bande|piste) ?-?son(?!\w)|sons|(?<!de )son(?=\s*(?:$|[,.;!?]|uniquement|seulement
        |seul\b|et\b|ou\b))
        |(?:de|sans|pas de|ni|zero) son(?=\s*(?:$|[,.;!?]|s'il|stp|svp|et\b|ou\b|merci))|son et (?:l')?images?
        |images? et son|sonores?
        |paroles?|parler?|parlent|parlee?|discours|ecout\w+|entend\w*|oreilles?|prononc\w+|bruits?|musique|timbre
        |doublage|(?:est|ete|soit) doublee?
        |(?:a|ait|avait|aurait|ont)(?: \w+ment)?(?: bien)? dit|(?:qu'il|qu'elle|il|elle) dit|dit(?: vraiment)? (?:ca
        |cela)|ses mots|au telephone|message vocal|tends l'oreille|diction|articul\w+
        |intonation""",
    "es": r"""voz|voces|sonid\w*|sonor\w*|suena\w*|habl(?:a|an|ar|ado|ando|aba)|dijo|dij[ei]\w*|dice|dicen|(?:ha|haya
        |han|habia) dicho|lo dicho
        |escuch\w+|oir(?:lo|la)?|oye|oido|oidos|discurso|palabras|musica|ruidos?|cant(?:a|ando|ado)|risas?|acento
        |locucion|doblaje|doblad[oa]|al telefono|por telefono|entonacion|diccion""",
    "it": r"""voce|voci|suon[oaie]\w*|sonor\w*|parl(?:a|ano|are|ato|ata|ando)|parlat[oa]|discorso|parole?a?|ascolt\w+
        |detto|dice|dicono
        |pronunc\w+|musica|rumor[ei]|accento|doppiat[oa]|doppiaggio|orecchi\w*|sentire|(?:quello|cio) che si sente
        |cantat?\w*|al telefono|risat\w*""",
    "pt": r"""vozes|som|sons|fala(?:r|m|do|da|ndo|va|s)?|falou|diss(?:e|eram|er)|diz(?!-)(?! me)|dito|ouv\w+|ouca
        |escut\w+|palavras
        |ruido|sotaque|dublad\w*|ao telefone|pelo telefone|dublagem|dobragem|entoacao""",
    "nl": r"""stem(?:men|geluid|gebruik|kloon)?|geluid\w*|spraak\w*|spreekt|spreken|sprekt|praat\w*|praten|gepraat
        |zegt|zei|gezegd|luister\w*
        |hoor|hoort|horen|gehoord|gesproken|woorden|muziek|ruis|uitspraak|klinkt|klank|aan de telefoon""",
    "pl": r"""glos(?:u|em|ie|y|ow|owi|owy|owa|owe)?|dzwiek\w*|mow(?:a|y|e|i|ic|ia|il|ila|ione|iony)|powiedzia\w*
        |wypowied\w*|slucha\w*
        |(?:po|od|wy|prze)slucha\w*|slysz\w*|brzm\w*|muzyk\w*|szum\w*|akcent\w*|lektor\w*|rozmow\w*|przez telefon""",
    "north": r"""rost(?:en|er|erna)?|ljud(?:et)?|lyd(?:en|sporet)?|stemm(?:e|en|er|erne)|talet|lyssna\w*|lytt\w*
        |musiken|aan(?:i|en|ta|et)\w*
        |puhe(?:tta|en)?|puhu\w*|kuuntel\w*""",
    "centre": r"""hlas\w*|zvuk\w*|mluv\w*|poslouch\w*|poslech\w*|rekla?|vocea|vocii|vocile|sunet\w*|vorb(?:e|i)\w*
        |ascult\w*
        |hang(?:ot|ja|jat|okat|sav\w*|anyag\w*|jan)|beszed\w*|beszel\w*|hallgas\w*""",
    "cyrillic": r"""голос\w*|звук\w*|аудио\w*|аудіо\w*|реч[ьи]|говор\w*|сказал\w*|сказа\w*|слуша\w*|послуша\w*
        |озвуч\w*|мовлен\w*|слух\w*""",
    "greek": r"""φων\w*|ηχο\w*|ομιλι\w*|ακου\w*""",
    "turkish": r"""sesi|sesin|sesini|sesleri|(?:sadece|yalnizca|bir) ses|konus\w*|dinle\w*""",
}
_SHOWN: Final[Mapping[str, str]] = {
    "en": r"""person|people|man|men(?!u)|woman|women|guy|lad|lady|girl|boy|kid|child|actor|actress|presenter|speaker
        |anchor|one|subject|character""",
    "de": r"person|personen|mann|manner|frau|frauen|madchen|junge|kind|sprecher(?:in)?|moderator(?:in)?",
    "fr": r"personnes?|homme|femme|garcon|fille|type|monsieur|dame|presentat\w+|individu",
    "es": r"personas?|hombre|mujer|chic[oa]|nin[oa]|tipo|senora?|presentador\w*",
    "it": r"persona|persone|uomo|donna|ragazz[oa]|bambin[oa]|tizio|signor[ea]|presentat\w+",
    "pt": r"pessoas?|homem|mulher|rapaz|rapariga|menin[oa]|senhora?|apresentador\w*",
    "nl": r"persoon|personen|vrouw|jongen|meisje|presentat\w+|spreker",
    "pl": r"osob\w*|mezczyzn\w*|kobiet\w*|dziewczyn\w*|chlopak\w*|pan[ai]?|prezenter\w*",
    "north": r"personen|mannen|kvinnan|manden|kvinden|henkilo\w*",
    "east": r"osob\w*|clovek\w*|muze|zenu|persoan\w*|человек\w*|мужчин\w*|женщин\w*|людин\w*|szemely\w*|kisi\w*",
}
_LOOKED: Final = (
    r"look\w*|watch\w*|zoom\w*|stare|eyeball|scrutini[sz]e|close-?up|schau\w*|guck\w*|kuck\w*|ansehen|sieh|seht"
    r"|betracht\w*|regard\w+|mire[zr]?"
    r"|mira\w*|mire|fijate|observ\w+|guard\w+|osserv\w+|olh[ae]\w*|vej[ao]\w*|repar[ae]|kijk\w*|bekijk\w*|przyjrz\w*"
    r"|przygladaj\w*|spojrz\w*"
    r"|popatrz\w*|titta\w*|kig\w*|podivej\w*|uita\w*|посмотр\w*|присмотр\w*|nezd|kozelebb\w*|bak\w*|katso\w*"
)
_PLACED: Final = (
    r"second|2nd|third|3rd|other|left|right|middle|background|behind|front|taller|older|younger|zweite\w*|dritte\w*"
    r"|andere\w*|links|rechts"
    r"|linke\w*|rechte\w*|hinten|vorne|deuxieme|troisieme|autre|gauche|droite|segund[oa]|tercer[oa]?|otr[oa]"
    r"|izquierd[oa]|derech[oa]"
    r"|second[oa]|terz[oa]|altr[oa]|sinistra|destra|terceir[oa]|outr[oa]|esquerd[oa]|direit[oa]|tweede|derde|linker"
    r"|rechter|drug\w+|trzeci\w*"
    r"|lew\w+|praw(?:ej|a|o|y)|po lewej|po prawej|andra|anden"
)
_SWAPPED: Final = (
    r"swapp?\w*|replaced by (?:someone|somebody|another)|(?:aus|ver)?getauscht\w*|vertauscht\w*|echange\w*|permute\w*"
    r"|intercambi\w+"
    r"|sostituit[oa]|scambiat[oa]|trocad[oa]|trocaram|trocou|verwisseld|verruild|podmien\w*|podstawi\w*|zamienion\w*"
    r"|utbytt|byttet"
)
_TOGETHER: Final = (
    r"lip-? ?sync\w*|lippensynchron\w*|synchro(?:n|nis\w*|niz\w*)? (?:labial\w*|lip\w*)|lipsync\w*|sync(?:ed|hron\w*)?"
    r"|synchron(?:e|ized|ised|y|itat)?"
    r"|sincroni[ac]\w*|sincronizzat\w*|sincronizad\w*|synchroni[ez]\w*|synchronizac\w*|audio-?visual\w*|audiovis\w*"
    r"|out of step"
)


def _any_of(by_language: Mapping[str, str]) -> re.Pattern[str]:
    stems = "|".join("".join(part.strip() for part in listed.splitlines()) for listed in by_language.values())
    return re.compile(rf"(?<!\w)(?:{stems})(?!\w)")


SEEN: Final = _any_of(_SEEN)
HEARD: Final = _any_of(_HEARD)
SHOWN: Final = _any_of(_SHOWN)
"""People: they are looked at when the words say so, and are listened to when other words say so."""
LOOKED: Final = re.compile(rf"(?<!\w)(?:{_LOOKED})(?!\w)")
PLACED: Final = re.compile(rf"(?<!\w)(?:{_PLACED})(?!\w)")
SWAPPED: Final = re.compile(rf"(?<!\w)(?:{_SWAPPED})(?!\w)")
TOGETHER: Final = re.compile(rf"(?<!\w)(?:{_TOGETHER})(?!\w)")
"""Picture and sound against one another."""
GENERAL: Final = re.compile(
    r"(?<!\w)(?:fakes?|faked|real|authentic\w*|genuine\w*|legit\w*|deep-?fake\w*|manipul\w+|tamper\w*|edited|altered"
    r"|doctored|ai|a\.i\.|generated"
    r"|check\w*|verif\w+|analy\w+|anali\w+|examin\w+|video\w*|clip\w*|footage|file|recording|test\w*|trust\w*|true"
    r"|hoax|forg\w+|full|complete\w*"
    r"|echt\w*|falsch\w*|gefalscht\w*|gefaelscht\w*|pruf\w+|pruef\w+|uberpruf\w+|aufnahme|datei|stimmt|ki|vrai\w*|faux"
    r"|fausse|truqu\w+|fichier"
    r"|control\w+|revis\w+|falso\w*|fals[ae]|verdad\w*|autentic\w*|montaj\w*|vero|vera|finto|file|filmato|filmpje"
    r"|registrazione|enregistrement"
    r"|nep|vervals\w*|opname|bestand|controleer\w*|prawdziw\w*|falszyw\w*|sprawdz\w*|nagran\w*|plik\w*|film\w*|akta"
    r"|fejk\w*|gravacao|ficheiro"
    r"|arquivo|grabacion|archivo|quick\w*|fast|schnell|kurz|rapid\w*|vite|veloce|snel\w*|szybk\w*|thorough\w*"
    r"|grundlich|careful\w*)(?!\w)"
)
"""Asks about the file as a whole."""

DETAIL: Final = re.compile(
    r"(?:reflections?|breath\w*|blink\w*|wrinkl\w*|shadows?|accents?|noises?|hiss|teeth|tooth|pupils?|lash\w*|smil\w*"
    r"|expressions?|falten|rides|arrugas|rughe|rugas|rimpels|zmarszczk\w*|zahne|dents|dientes|denti|tanden|zeby"
    r"|bruits?|ruidos?|rumor[ei]|ruis|szum\w*|respir\w*|akzent|acento|accento|sotaque|akcent|music|musik|musica"
    r"|musique|muziek|muzyk\w*)"
)
"""What a face or a voice may lack: "no blinking" is an observation."""
