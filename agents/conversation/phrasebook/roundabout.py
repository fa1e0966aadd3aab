"""Turns of phrase that ask in a roundabout way: for reasons, for what was left out, for how firm a result is."""

from __future__ import annotations

from typing import Final

from agents.conversation.phrasebook.plainly import EXAMINED, FAKED, IS, OTHER_ONE, TECHNICAL, WHO, WHY
from agents.conversation.topics import Topic

_NOT: Final = (
    r"(?:not|n't|didn't|wasn't|weren't|haven't|never|nothing|un\w+ed|nicht|nie|pas|jamais|no|sin|non|mai|nao|sem|niet"
    r"|inte|aldrig|ikke|ei|et|ette|eivat|ne|nu|nem|δεν|не)"
)
_WHAT: Final = (
    r"(?:what|which|did|anything|something|was|welche\w*|que|quoi|qu'\w+|cosa|che|quali|o que|quais|wat|welke|czego|co"
    r"|ktor\w+|vad|vilka|hvad|hva|hvilke|mita|mika|ce|mit|mi|ne|neyi|neleri|hangi|τι|що|что|какво|sto)"
)
_OF_TWO: Final = (
    r"(?:of the two|von den beiden|des deux|de los dos|dei due|dos dois|van de twee|z tych dwoch|av dem|af dem"
    r"|heista|z nich)"
)

ROUNDABOUT: Final[tuple[tuple[Topic, str], ...]] = (
    (
        Topic.WHY,
        r"\b(?:your|the) (?:reasoning|rationale|logic)\b|\bwhat did (?:you|it) (?:spot|notice|see"
        r"|pick up)\b.{0,30}\b(?:suspicious|made)\b"
        r"|\bgave .{0,12}\baway\b|\bspricht (?:dafur|dagegen)\b|\bpuce a l'oreille\b|\bqu'est-ce qui (?:vous|te"
        r"|t') ?(?:a|fait|ont)\b"
        r"|\bque (?:pruebas|indicios|evidencia)\b|\bda (?:che )?cosa (?:lo |si )?(?:deduc|cap|ved|evinc|ricav)\w*"
        r"|\b(?:hur|hvordan) kom (?:ni|du|i|dere|man) (?:fram |frem )?til\b|\bmista (?:sen |te )?(?:paattel|tied"
        r"|huomas)\w*|\bmiten (?:te )?paady\w*"
        r"|\bjak jste (?:na to |k tomu )?(?:prisli|dosli|poznali)\b|\bz ceho\b|\bmibol\b|\bhonnan (?:tud|gondol)\w*"
        r"|\bnereden (?:anla|bil|cikar)\w*"
        r"|\bчому ви\b|\bзвідки ви\b|\bяк ви (?:дізна|дійшли|визнач)\w*|\bс чего вы\b|\bоткуда (?:вы|это)\b"
        r"|\bкак вы (?:узна|поня|опред)\w*"
        r"|\bz czego (?:to )?(?:wynika|wnosz)\w*|\bcum (?:ati|ai) (?:ajuns|stabilit|aflat)\b"
        r"|\bπωσ (?:το )?(?:καταλαβ|βρηκ|ξερ)\w*",
    ),
    (
        Topic.PLAN,
        r"\b(?:which|what) (?:\w+ )?did you (?:decide|choose|pick|opt|elect)\b|\bas (?:i|we) (?:told|asked"
        r"|instructed|requested|wanted|said)\b"
        r"|\bpourquoi (?:n'|ne )\w+.{0,25}\bque l\w*",
    ),
    (
        Topic.UNEXAMINED,
        rf"^(?!.*\b{WHY}\b)(?=.*\b{_WHAT}\b)(?=.*\b{_NOT}\b)(?=.*\b(?:{EXAMINED}|g[eo]t to|reach\w*"
        rf"|watch\w*)\b)(?!.*\b(?:wrong|sure|true|real|fake)\b).*"
        r"|\b(?:fell|slipped|falls?) through the (?:cracks|net)\b|\b(?:go|went|gone|left|remain\w*|stayed) un\w+ed\b"
        r"|\b(?:laisse\w* de cote|passe\w* sous silence|quedo\w* (?:sin|fuera)|lasciat\w* fuori|tralasciat\w*"
        r"|ficou de fora|deixa\w* de fora"
        r"|ubersehen|utelamn\w*|udelad\w*|utelat\w*)\b|\b(?:tarkista|katso|tutki|kuuntele|analysoi)matta\b"
        r"|\bne(?:zkontrol|kontrol|prover|overi|divali|zkouma|podiv|zahrnul)\w+|\b(?:incele|bak|dinle|kontrol et"
        r"|analiz et)me[dy]\w+|\b(?:kihagy|kimarad)\w*",
    ),
    (
        Topic.CERTAINTY,
        r"\b(?:stake|bet|wager|gamble)\b.{0,20}\b(?:name|money|house|life|reputation|on (?:it|this|that))\b"
        r"|\b(?:bank|count|rely|depend) on (?:this|it|that)\b|\bhow (?:firm|solid|ironclad|definite)\b|\bwie (?:fest"
        r"|belastbar|eindeutig|uberzeugt)\b"
        r"|\b(?:a|dans) quel(?:le)? (?:point|mesure) (?:etes|est|es)\b|\bque tan (?:segur|fiabl|cert|clar)\w*"
        r"|\bgra[du]o? de (?:certez|segur|confian)\w*|\bhoe (?:zeker|overtuigd)\b"
        r"|\bna ile (?:pewn|jestescie)\w*|\bhur (?:saker|sakra)\w*|\bhvor (?:sikker|sikre)\w*|\bkuinka (?:varm"
        r"|todennak)\w*|\bjak (?:moc )?(?:jist|presvedc)\w*"
        r"|\bmennyire (?:biztos|valoszin)\w*|\bne kadar (?:emin|kesin)\w*|\bποσο (?:σιγουρ|βεβαι)\w*"
        r"|\bнаскільки (?:ви |це )?(?:впевн|ймов)\w*|\bнасколько (?:вы |это )?(?:увер|вероят)\w*",
    ),
    (
        Topic.MEDIA,
        r"\bformat\w* (?:of|du fichier|der datei|hat die|del (?:archivo|file)|do (?:ficheiro|arquivo)"
        r"|van het bestand|pliku|av filen|af filen|souboru)\b",
    ),
    (
        Topic.TERM,
        rf"\b{TECHNICAL}\b.{{0,15}}\b(?:come again|in (?:plain|simple) (?:english|words|terms|language)"
        rf"|for (?:dummies|beginners|a layman)|huh)\b",
    ),
    (
        Topic.METHOD,
        r"\bcomment (?:est-ce que )?(?:vous |tu )?(?:procede|travaille)\w*|\bcomo (?:lo )?(?:comprueb|hac|verific"
        r"|detect|proced|averigu)\w*"
        r"|\b(?:guckt|schaut|sieht|pruft|macht|kontrolliert|bewertet|entscheidet)\b.{0,15}\b(?:mensch\w*|computer"
        r"|maschine|ki|jemand)\b"
        r"|\b(?:un humain|une machine|quelqu'un|un ordinateur)\b.{0,15}\b(?:regard|verifi|examin|decid)\w*"
        r"|\b(?:un humano|una maquina|alguien|un essere umano|qualcuno|alguem|een mens|iemand|czlowiek"
        r"|ktos)\b.{0,20}\b(?:mir|revis|decid|guard|controll|verific|olh|kijk|bekijk|oglad|sprawdz|patrz)\w*",
    ),
    (
        Topic.COMPARE,
        rf"\b(?:any )?chang(?:e|es|ed) (?:from|since|to)\b.{{0,30}}\b{OTHER_ONE}\b|\b(?:mas|plus|piu|mais|more|meer"
        rf"|bardziej)\b.{{0,20}}\b{_OF_TWO}\b",
    ),
    (
        Topic.FACES,
        rf"\b(?:the|her|his|my) \w+ or (?:the |her |his |my )?\w+\b.{{0,12}}\b(?:who|that)(?:'s| is| was)\b"
        rf"|^(?:[\w']+ ){{0,3}}?{WHO} {_OF_TWO}\b.{{0,20}}(?:nicht echt|not real|{FAKED})"
        rf"|^(?:[\w']+ ){{1,3}}?{WHO}(?: \w+'?\w*){{0,5}}? {IS}\b(?: \w+){{0,3}}? {FAKED}\b(?!.*\b(?:files?|videos?"
        rf"|clips?|fichiers?|archivos?|dateien)\b)",
    ),
    (
        Topic.STRETCHES,
        r"\b(?:quelle|quel|que|che|quale|welche[rsn]?|welke|ktorej|vilken|hvilket|hvilken|ktere|ce|melyik"
        r"|hangi) (?:minut|second|moment|segund|sekund|saniye|masodperc)\w*",
    ),
    (Topic.AGAIN, r"\bhave (?:a|another) (?:\w+ )?(?:go|look|try|listen|pass|crack)\b"),
)
"""In order; they are looked for after what is asked plainly."""
