"""People, and what becomes of them: they are looked at, stand somewhere, were swapped; picture and sound together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agents.instructions.patterns import Pattern, any_of

_SHOWN: Final[Mapping[str, str]] = {
    "en": r"""person|people|man|men(?!u)|woman|women|guy|lad|lady|girl|boy|kid|child|actor|actress|presenter|speaker
        |anchor|one|subject|character|gentleman|fellow|bloke|chap|teenager|figure|host|guest|witness|interviewee
        |candidate|singer
        |reporter|politician|officer|nurse|doctor|player|dancer|model""",
    "de": r"person|personen|mann|manner|frau|frauen|madchen|junge|kind|sprecher(?:in)?|moderator(?:in)?",
    "fr": r"personnes?|homme|femme|garcon|fille|type|monsieur|dame|presentat\w+|individu",
    "es": r"personas?|hombre|mujer|chic[oa]|nin[oa]|tipo|senora?|presentador\w*",
    "it": r"persona|persone|uomo|donna|ragazz[oa]|bambin[oa]|tizio|signor[ea]|presentat\w+",
    "pt": r"pessoas?|homem|mulher|rapaz|rapariga|menin[oa]|senhora?|apresentador\w*",
    "nl": r"persoon|personen|vrouw|jongen|meisje|presentat\w+|spreker",
    "pl": r"osob\w*|mezczyzn\w*|kobiet\w*|dziewczyn\w*|chlopak\w*|pan[ai]?|prezenter\w*",
    "north": r"""person(?:en|er)?|mann?(?:en)?|mand(?:en)?|kvinn\w*|kvind\w*|henkilo\w*|mies\w*|miehe\w*|nai(?:nen
        |sen|sta)|killen|tjejen|fyren""",
    "greek": r"ανδρα\w*|αντρα\w*|γυναικ\w*|ατομ\w*|κοπελ\w*|τυπ(?:οσ|ο|ου)",
    "east": r"""osob\w*|clovek\w*|muze|zenu|persoan\w*|человек\w*|мужчин\w*|женщин\w*|людин\w*|szemely\w*|ferfi\w*
        |nő\w*|no(?:t|nek)|kisi\w*|adam\w*|kadin\w*|barbat\w*|femeie\w*|muz(?:e|i|sky)?|zen[ayue]|чолов\w*
        |жінк\w*|парень|девушк\w*|мъж\w*|жена\w*""",
}
_LOOKED: Final = (
    r"look\w*|watch\w*|zoom\w*|stare|eyeball|scrutini[sz]e|close-?up|schau\w*|guck\w*|kuck\w*|ansehen|sieh|seht"
    r"|betracht\w*|regard\w+|mire[zr]?"
    r"|mira\w*|mire|fijate|observ\w+|guard\w+|osserv\w+|olh[ae]\w*|vej[ao]\w*|repar[ae]|kijk\w*|bekijk\w*|przyjrz\w*"
    r"|przygladaj\w*|spojrz\w*"
    r"|popatrz\w*|titta\w*|kig\w*|podivej\w*|uita\w*|посмотр\w*|присмотр\w*|nezd|kozelebb\w*|bak\w*|katso\w*"
    r"|undersok\w*|granska|insist\w*|focus\w*|concentr\w*|conc?entrate|matters?|kolla\w*|koukn\w*|divej\w*|κοιτα\w*"
    r"|δεσ|глян\w*"
    r"|examin\w*|zero in|keep (?:your )?eyes? on|suivez?|follow\w*|track\w*|verfolg\w*|segui\w*|sig[ua]\w*|volg\w*"
    r"|sledz\w*|sledu\w*|folj\w*|folg\w*"
)
_PLACED: Final = (
    r"second|2nd|third|3rd|other|left|right|middle|background|behind|front|taller|older|younger|zweite\w*|dritte\w*"
    r"|andere\w*|links|rechts"
    r"|linke\w*|rechte\w*|hinten|vorne|deuxieme|troisieme|autre|gauche|droite|segund[oa]|tercer[oa]?|otr[oa]"
    r"|izquierd[oa]|derech[oa]"
    r"|second[oa]|terz[oa]|altr[oa]|sinistra|destra|terceir[oa]|outr[oa]|esquerd[oa]|direit[oa]|tweede|derde|linker"
    r"|rechter|drug\w+|trzeci\w*"
    r"|lew\w+|praw(?:ej|a|o|y)|po lewej|po prawej|andra|anden|toinen|toista|druh\w+|treti\w*|masodik\w*|harmadik\w*"
    r"|ikinci\w*|ucuncu\w*|sagdaki|soldaki|arkadaki|doilea|treilea"
    r"|δευτερ\w*|τριτ\w*|αριστερ\w*|δεξι\w*|втор\w+|трет\w+|слева|справа|лев\w+|прав(?:ый|ая|ого|ую)|друг\w+|ліворуч"
    r"|праворуч|сзади|позаду"
    r"|(?:number|no\.?|nr\.?|n°|num\w*|person|face|#) ?\d|au fond|derriere|devant|milieu|fond|hinter\w*|mitte"
    r"|mittler\w*|vorder\w*"
    r"|al fondo|detras|delante|in fondo|dietro|davanti|al centro|no fundo|atras|na frente|achteraan|achter|vooraan"
    r"|midden|w tle|z tylu"
    r"|vanster|hoger|venstre|hojre|hoyre|bakgrunden|baggrunden|bakgrunnen|vasemma\w*|oikea\w*|taustalla|tall(?:er"
    r"|est)?|short(?:er|est)?|oldest|youngest"
    r"|blond\w*|bald|bearded|tall one|hoodie|wearing|in the (?:red|blue|green|black|white|yellow|grey|gray)"
    r"|with the (?:glasses|hat|beard|cap)"
    r"|(?:at|behind|in|on|under|by|beside) the (?:desk|door|window|car|crowd|table|chair|stage|podium|balcony|bed"
    r"|hat|corner|room"
    r"|mirror|row|seat|sofa|street)|actual person|computer[- ]generated|inserted|pasted|added|there afterwards"
)
_SWAPPED: Final = (
    r"(?:put|insert\w*|past\w*|add\w*|photoshop\w*|copied|dropped|edit\w*|plac\w*) (?:\w+ ){1,3}in(?:to)? (?:the "
    r"|this |that"
    r" |a )?(?:clip|scene|video|footage|shot|film)|(?:erased?|removed?|edited) (?:\w+ ){1,3}(?:from|out of) (?:the "
    r"|this |that )?"
    r"(?:clip|scene|video|footage|shot|film)|hineinmontiert|hineinkopiert|hineingesetzt|incruste\w*|doklejon\w*"
    r"|wklejon\w*"
    r"|inklistrad\w*|klistret ind|fotomonta\w*"
    r"|swapp?\w*|replaced by (?:someone|somebody|another)|(?:aus|ver)?getauscht\w*|vertauscht\w*|echange\w*|permute\w*"
    r"|intercambi\w+"
    r"|sostituit[oa]|scambiat[oa]|trocad[oa]|trocaram|trocou|verwisseld|verruild|podmien\w*|podstawi\w*|zamienion\w*"
    r"|utbytt|byttet"
)
_TOGETHER: Final = (
    r"lip-? ?sync\w*|lippensynchron\w*|synchro(?:n|nis\w*|niz\w*)? (?:labial\w*|lip\w*)|lipsync\w*|sync(?:ed|hron\w*)?"
    r"|synchron(?:e|ized|ised|y|itat)?"
    r"|sincroni[ac]\w*|sincronizzat\w*|sincronizad\w*|synchroni[ez]\w*|synchronizac\w*|audio-?visual\w*|audiovis\w*"
    r"|sights? and sounds?|eyes,? (?:and )?ears|eyes and ears|ears and eyes|(?:look|watch) and (?:listen|hear)"
    r"|listen and (?:look|watch)"
    r"|regarde[zr]? et ecoute[zr]?"
    r"|(?:schau\w*|sieh)(?: \w+){0,2} und hor\w*|mir[ae] y escuch[ae]|guarda e ascolta|olh[ae] e (?:ouve|ouca"
    r"|escut[ae])"
    r"|kijk en luister|patrz i sluchaj|titta och lyssna|se og lyt|asculta si (?:priveste|uita-te)|izle ve dinle"
    r"|out of step|(?:person|man|woman|one|guy) (?:in the (?:video|picture|image|clip)|on screen|shown|(?:i|we"
    r"|you) see)"
    r" and the (?:\w+ )?(?:person|man|woman|one|guy|voice|speaker)"
)


SHOWN: Final = any_of(_SHOWN)
"""People: they are looked at when the words say so, and are listened to when other words say so."""
LOOKED: Final = Pattern(rf"(?<!\w)(?:{_LOOKED})(?!\w)")
PLACED: Final = Pattern(rf"(?<!\w)(?:{_PLACED})(?!\w)")
SWAPPED: Final = Pattern(rf"(?<!\w)(?:{_SWAPPED})(?!\w)")
TOGETHER: Final = Pattern(rf"(?<!\w)(?:{_TOGETHER})(?!\w)")
"""Picture and sound against one another."""
