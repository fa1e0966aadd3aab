"""Reads by fixed rules what a question is about, in the main European languages. The first rule that applies decides.

Patterns see text in lower case without accents. What no rule recognises is `None`, and may be given to a model.
"""

from __future__ import annotations

from typing import Final

from agents.conversation.patterns import Pattern
from agents.conversation.phrasebook import PHRASES
from agents.conversation.question import Question
from agents.conversation.spelling import corrected
from agents.conversation.topics import Topic
from core.types import Modality

MOST_TOPICS: Final = 3
"""Answered in one answer."""

_YES: Final = Pattern(
    r"(?:yes|yep|yeah|yup|sure|ok(?:ay)?|please do|do it|do that|go ahead|start it|start|go|agreed|confirm(?:ed)?"
    r"|ja|jawohl|gerne"
    r"|mach das|los|oui|d'accord|vas-y|allez-y|si|claro|adelante|vale|hazlo|va bene|certo|procedi|sim|pode|doe maar"
    r"|graag"
    r"|tak|prosze|dobrze)(?:[,!. ]+(?:please|bitte|s'il (?:te|vous) plait|por favor|per favore|go ahead|do it|do that"
    r"|start it|thanks|thank you|mach das|adelante|procedi))*[!. ]*"
)
_NO: Final = Pattern(
    r"(?:no|nope|nah|don'?t|do not|never mind|cancel|stop|nein|lieber nicht|non|nao|nee|nie|no gracias|no,? thanks?"
    r"|no thank you|not now|forget it)[!. ,]*(?:thanks?|thank you|danke|merci|gracias|grazie|dzieki)?[!. ]*"
)
_OFTEN_TWICE: Final = Pattern(r"(.)\1{2,}")
_THANKS: Final = Pattern(
    r"(?<!\w)(?:thanks?|thank you|thankyou|thx|thnx|tnx|ty|tysm|cheers|great|brilliant|perfect|excellent|awesome"
    r"|lovely|super|nice one|appreciated?|much obliged|good job"
    r"|well done|that's all|thats all|that is all|that's it|all i needed|got it|understood|bye|goodbye|see you"
    r"|see ya|good ?night|danke\w*|dank(?:e)?|besten dank|vielen dank|tschuss|auf wiedersehen"
    r"|servus|merci|au revoir|a bientot|gracias|adios|hasta luego|grazie|arrivederci|obrigad[oa]|valeu|brigad[oa]"
    r"|tchau|adeus|ate logo|bedankt|dank je|dank u|dankjewel|tot ziens|doei|dzieki|dziekuje"
    r"|do widzenia|na razie|tack(?: sa mycket)?|hej da|hejda|tak(?: skal du have)?|takk|tusen takk|ha det|farvel"
    r"|kiitos|kiitti|nakemiin|moikka|dekuji|dekuju|diky|nashledanou|ahoj|dakujem|multumesc|mersi"
    r"|la revedere|koszi|koszonom|viszlat|tesekkur\w*|sag ol|sagol|gule gule|ευχαριστω|αντιο|γεια|дякую|спасиб\w*"
    r"|до побачення|до свидания|пока|бувай|благодаря|hvala|dovidenja)(?!\w)"
)
_GREETING: Final = Pattern(
    r"(?<!\w)(?:hi|hello|helo|hey|heya|hiya|yo|howdy|good (?:day|morning|evening|afternoon)|greetings|anyone there"
    r"|anybody (?:there|home)|are you there|hallo|guten (?:tag|morgen|abend)|moin|gruss gott|servus"
    r"|bonjour|bonsoir|salut|coucou|hola|buen(?:os|as) (?:dias|tardes|noches)|ciao|buon ?giorno|buonasera|salve|ola"
    r"|oi|bom dia|boa (?:tarde|noite)|hoi|goedendag|goedemorgen|dag|czesc|dzien dobry|witam"
    r"|hej|hejsan|tjena|god (?:dag|morgon|morgen|kveld|aften)|hei|moi|terve|paivaa|ahoj|dobry den|cau|buna(?: ziua)?"
    r"|salutare|szia|jo napot|udv|merhaba|selam|gunaydin|γεια(?: σασ| σου)?|καλημερα|καλησπερα"
    r"|привіт|добрий день|вітаю|привет|здравствуйте|добрый день|здравей|zdravo|bok|dobar dan)(?!\w)"
)
_ASKS: Final = Pattern(
    r"\b(?:what|why|how|when|where|which|who|is|does|did|can|could|was|wie|warum|wann|wer|ist|kannst|que|pourquoi"
    r"|comment|quand|qui|est|como|cuando|donde|quien|cosa|perche|come|quando|dove|chi"
    r"|waarom|hoe|wanneer|co|jak|kiedy|dlaczego|vad|hur|hvad|hvordan|hvorfor|mita|miten|miksi|check|analy\w*|tell"
    r"|show|explain|but|aber|mais|pero|ma|mas|maar|ale|och|fake|real|echt|verdict|score|voice|faces?)\b|\d"
)
_REPORT_SAYS: Final = Pattern(
    r"\b(?:what (?:does|did)|was (?:sagt|ergab|ergibt)|que (?:dit|dice|diz)|cosa dice|o que diz|wat zegt|co mowi"
    r"|vad sager|hvad siger|hva sier|mita sanoo|co rika|ce spune|mit mond|τι λεει|що каже|что говорит)"
    r" (?:the |your |der |die |das |dein\w* |ihr\w* |le |la |l'|el |il |lo |o |a |os |het |de |den |det |az? |το "
    r"|τα |η )?(?:report|analysis|examination|result|check|test|bericht|analyse|untersuchung|prufung|ergebnis"
    r"|rapport|examen|resultat"
    r"|informe|analisis|resultado|esame|analisi|rapporto|risultato|relatorio|exame|rapport|onderzoek|raport|badanie"
    r"|analiza|wynik|analys|undersokning|undersogelse|undersokelse|raportti|tutkimus|zprava|vysledek|elemzes|αναφορα"
    r"|εξεταση|звіт|аналіз|отчет|анализ)\w*(?: say)?"
)
_POLITE: Final = Pattern(
    r"\bhow (?:are you|do you do|is it going|are things)|\bwie geht'?s?(?: es)?(?: dir| ihnen)?|\bcomment (?:ca va"
    r"|allez-vous)"
    r"|\bque tal|\bcome (?:stai|sta|va)|\btudo bem|\bthat(?:'s| is) (?:all|it|great|enough)|\b(?:all )?(?:that"
    r"|what) i (?:needed|wanted)"
    r"|\bis all|\bdas war'?s?(?: schon)?|\bc'est tout|\beso es todo|\bhe?r? hjalp\w*|\byou did|\bhow nice|\bis there$"
)
_MOST_WORDS_OF_COURTESY: Final = 7

_COMPILED: Final = tuple((topic, Pattern(pattern)) for topic, pattern in PHRASES)
_NARROWED_BY_TIME: Final = frozenset(
    {
        Topic.STRETCHES,
        Topic.REGION,
        Topic.WHY,
        Topic.CERTAINTY,
        Topic.FACES,
        Topic.VOICE,
        Topic.VERDICT,
        Topic.COVERAGE,
        Topic.SUMMARY,
    }
)
_PART_OF_FACE: Final = Pattern(
    r"\b(?:part\w*|teil\w*|zon\w*|bereich\w*|region\w*|deel|czesc\w*|feature\w*)\b.*\b(?:face|facial|head|gesicht\w*"
    r"|visage|cara|rostro"
    r"|viso|volto|rosto|gezicht|twarz\w*)\b"
)
_VOICE_SURELY: Final = Pattern(
    r"\b(?:voices?|audio|cloned?|hort sich|klingt|sounds? like|stimme\w*|voix|voz|voce|sound|tonspur)\b"
)
_FACE_SURELY: Final = Pattern(r"\b(?:faces?|gesicht\w*|visages?|caras?|rostros?|vis[oi]|volt[oi]|picture)\b")
_WHY: Final = Pattern(r"(?:why|how come|warum|wieso|pourquoi|por que|perche|waarom|dlaczego|varfor)\b")
_VISIBLE: Final = Pattern(
    r"\b(?:visible|appears?|on screen|in view|in shot|seen|shows? up|sichtbar|zu sehen|visibile)\b"
)
_WHEN: Final = Pattern(r"\b(?:when|wann|quand|cuando|quando|wanneer|kiedy|time)\b")
_IMPERATIVE: Final = Pattern(
    r"(?:please |can you |could you |bitte |now )*(?:analy[sz]e|check|examine|scan|test|verify|look at|analysiere"
    r"|pruf\w*|untersuch\w*"
    r"|analys\w*|verifie\w*|analiza|revisa|comprueba|analizza|controlla|analisa|verifica|analyseer|controleer"
    r"|sprawdz|przeanalizuj)"
    r"(?: (?:this|it|that|the|my|file|video|clip|image|photo|recording|upload|for me|please|das|dies\w*|video|datei"
    r"|bitte|mal|ce\w*|cette"
    r"|la|le|este|esto|el|questo|il|isto|o|dit|deze|to|ten))*[.! ]*"
)
_CLAUSES: Final = Pattern(
    r"[?!;]+\s*|\.\s+|, (?=(?:is|are|was|does|did|what|when|where|which|why|who|how) )"
    r"|,? (?:and|und|et|y|e|en|also|then) (?=(?:how|what|when|where|which|why|who|is|are|does|did"
    r"|do|can|was|were"
    r"|wie|was|wann|wo|welche\w*|warum|wer|ist|quand|pourquoi|comment|quel\w*|combien|ou|cuando|donde|por que|quien"
    r"|cual|como"
    r"|quando|dove|perche|chi|quale|come|onde|wanneer|waar|waarom|hoe|kiedy|gdzie|dlaczego)\b)"
)


def topics_of(question: Question, *, offered: bool = False) -> tuple[Topic, ...] | None:
    """What the question is about, most important first; None when no rule recognises it.

    Args:
        offered: whether the answer before offered a new analysis, which a bare yes accepts.
    """
    words = question.words.strip().replace("tl;dr", "tldr")
    if _YES.fullmatch(words):
        return (Topic.CONFIRM,)
    if offered and _NO.fullmatch(words):
        return (Topic.WITHDRAW,)
    if courtesy := _courtesy(words):
        return (courtesy,)
    if _COMPILED[0][1].search(words):
        return (Topic.RULES,)
    return _found(words, question) or _found(corrected(words), question)


def _courtesy(words: str) -> Topic | None:
    """A greeting or thanks, and nothing that is asked beside it."""
    said = _OFTEN_TWICE.sub(r"\1", words)
    if len(said.split()) > _MOST_WORDS_OF_COURTESY or _ASKS.search(_POLITE.sub(" ", said)):
        return None
    return Topic.THANKS if _THANKS.search(said) else Topic.GREETING if _GREETING.search(said) else None


def _found(words: str, question: Question) -> tuple[Topic, ...] | None:
    found: list[Topic] = []
    for clause in _CLAUSES.split(words):
        about = _topic(clause.strip(), question) if clause.strip() else None
        if about is not None and about not in found:
            found.append(about)
    return tuple(found[:MOST_TOPICS]) or None


def _topic(clause: str, question: Question) -> Topic | None:
    clause = _REPORT_SAYS.sub(" findings ", clause)
    if _IMPERATIVE.fullmatch(clause):
        return Topic.VERDICT
    for topic, pattern in _COMPILED:
        if topic is Topic.TERM and question.term is None:
            continue
        if pattern.search(clause):
            return _by_slots(topic, clause, question)
    return _by_slots_alone(question)


def _by_slots_alone(question: Question) -> Topic | None:
    """ "And the second one?": what is named says what is asked."""
    if question.has_time:
        return Topic.MOMENT
    if question.region:
        return Topic.REGION
    if question.face is not None or question.part is Modality.VISUAL:
        return Topic.FACES
    if question.part is Modality.AUDIO:
        return Topic.VOICE
    return Topic.VERDICT if question.file is not None else None


def _by_slots(topic: Topic, clause: str, question: Question) -> Topic:
    """A moment, a region, a face or a part that is named narrows what is asked."""
    if topic is Topic.SUMMARY and question.part is not None:
        return Topic.FACES if question.part is Modality.VISUAL else Topic.VOICE
    if question.has_time and topic in _NARROWED_BY_TIME:
        return Topic.MOMENT
    if topic is Topic.STRETCHES and _WHY.match(clause):
        return Topic.WHY
    if topic is Topic.STRETCHES and _PART_OF_FACE.search(clause):
        return Topic.REGION
    if topic is Topic.FACES and _VOICE_SURELY.search(clause) and not _FACE_SURELY.search(clause):
        return Topic.VOICE
    if topic is Topic.WEIGHTS and question.region and question.wants_map:
        return Topic.REGION
    if topic is Topic.STRETCHES and question.face is not None and _VISIBLE.search(clause):
        return Topic.FACES
    if question.region and topic in (Topic.STRETCHES, Topic.FACES, Topic.VERDICT, Topic.CERTAINTY, Topic.WHY):
        return topic if topic is Topic.STRETCHES and _WHEN.search(clause) else Topic.REGION
    if topic in (Topic.CERTAINTY, Topic.VERDICT):
        if question.face is not None or question.part is Modality.VISUAL:
            return Topic.FACES
        if question.part is Modality.AUDIO:
            return Topic.VOICE
    return topic
