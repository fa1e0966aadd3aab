"""Reads by fixed rules what a question is about, in the main European languages. The first rule that applies decides.

Patterns see text in lower case without accents. What no rule recognises is `None`, and may be given to a model.
"""

from __future__ import annotations

from typing import Final

from agents.patterns import Pattern
from agents.phrasebook import PHRASES
from agents.question import Question
from agents.spelling import corrected
from agents.topics import Topic
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
_THANKS: Final = Pattern(
    r"(?:ok(?:ay)?[, ]+)?(?:thanks?|thank you|thx|cheers|great|danke\w*|vielen dank|merci|gracias|grazie"
    r"|obrigad[oa]|bedankt"
    r"|dank je|dzieki|dziekuje)\b[\w ,!.]{0,20}"
)
_GREETING: Final = Pattern(
    r"(?:hi|hello|hey|good (?:day|morning|evening|afternoon)|hallo|guten (?:tag|morgen|abend)|moin|bonjour|salut|hola"
    r"|buenos dias|ciao|buongiorno|ola|bom dia|hoi|goedendag|czesc|dzien dobry)\b[ \w,!.]{0,20}"
)

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
    r"\b(?:part\w*|teil\w*|zon\w*|bereich\w*|region\w*|deel|czesc\w*|feature\w*)\b.*\b(?:face|facial|head|gesicht\w*|visage|cara|rostro"
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
    for pattern, topic in ((_THANKS, Topic.THANKS), (_GREETING, Topic.GREETING)):
        if pattern.fullmatch(words):
            return (topic,)
    if _COMPILED[0][1].search(words):
        return (Topic.RULES,)
    return _found(words, question) or _found(corrected(words), question)


def _found(words: str, question: Question) -> tuple[Topic, ...] | None:
    found: list[Topic] = []
    for clause in _CLAUSES.split(words):
        about = _topic(clause.strip(), question) if clause.strip() else None
        if about is not None and about not in found:
            found.append(about)
    return tuple(found[:MOST_TOPICS]) or None


def _topic(clause: str, question: Question) -> Topic | None:
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
