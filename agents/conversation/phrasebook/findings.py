"""What was found: verdict, faces, voice, when, why and how sure."""

from __future__ import annotations

from typing import Final

from agents.conversation.topics import Topic

FINDINGS: Final[tuple[tuple[Topic, str], ...]] = (
    (
        Topic.SUMMARY,
        r"\bsummar\w+|\boverview\b|\bin (?:short|brief|a nutshell|one sentence|a few words)\b|\btl ?dr\b|\b(?:tell"
        r"|show|give) me (?:all|everything|the (?:full|whole|complete|entire))\b|\beverything you\b"
        r"|\ball (?:the )?(?:details|findings|you (?:know|found))\b|\bfull (?:report|story|details|result)\b"
        r"|\bwhole (?:story|report)\b|\bfindings\b|\bwhat did you (?:find|see|discover|notice)\b"
        r"|\bwhat have you found\b|\brecap\b|\bgist\b|\bwalk me through\b|\bkey (?:points|facts|findings)\b"
        r"|\bmain points\b|\bhighlights of\b|\bbreak it down\b|\bquick version\b|\bat a glance\b|\bbrief(?:ly"
        r"|ing)? (?:me)?\b|\bread (?:me )?the report\b|\bzusammenfass\w*|\bfass\w* .*zusammen\b|\buberblick\b"
        r"|\bresum\w*|\briassum\w*|\briassunt\w*|\bsamenvat\w*|\bpodsum\w*|\bwas (?:hast du|habt ihr"
        r"|haben sie) (?:\w+ )?(?:gefunden|entdeckt)\b|\bqu'avez-vous trouve\b|\bque encontr\w+"
        r"|\bcosa hai trovato\b",
    ),
    (
        Topic.STRETCHES,
        r"\bwhen\b|\b(?:at )?what (?:times?(?! is it\b)|points?|seconds?|minutes?|moments?)\b|\btime ?stamps?\b"
        r"|\b(?:which|what) (?:\w+ )?(?:parts?|sections?|moments?|seconds?|segments?|stretch(?:es)?|scenes?"
        r"|minutes?|passages?|bits?|places?)(?! of (?:\w+ ){0,3}(?:face|head|visage)\b)\b|\bfrom when\b"
        r"|\bparts?\b(?!.*\b(?:face|head|gesicht\w*|visage|cara|rostro|viso|volto)\b)|\bwhole (?:video|clip|thing"
        r"|file|recording)\b|\bhow much of (?:it|the (?:video|clip|film|footage|recording))\b(?! (?:did|have"
        r"|was) (?:you|it|checked|examined|analy\w+))|\b(?:at|in) (?:which|what) (?:\w+ )?(?:time|second|minute"
        r"|moment|point)s?\b|\bthroughout\b|\bhow long (?:is|does|was|are) (?:\w+ )?(?:the )?(?:\w+ )?(?:fake"
        r"|manipulat\w+|altered|segment|stretch|swap\w*)\b|\bsegments?\b|\bstretch(?:es)?\b|\b(?:where"
        r"|whereabouts)\b(?!.*\b(?:in|on) (?:the|his|her|their|my) face\b)|\buntil when\b|\blongest\b"
        r"|\btime ?line\b|\b(?:begin|start|stop|end)s?\b|\bwann\b|\bwelche\w* (?:stelle\w*|abschnitt\w*|zeit\w*"
        r"|sekunde\w*|teil\w*(?! des gesichts))\b|\bab (?:wann|welcher)\b|\bwo (?!wurde)\b|\ban welcher stelle\b"
        r"|\bquand\b|\ba quels? moments?\b|\bquels? (?:passages?|moments?|parties|segments?)\b|\bou (?:est|sont|se"
        r"|la|dans|exactement)\b|\bcuando\b|\ben que (?:momento|parte|segundo|minuto)\w*\b|\bdonde\b|\bquando\b"
        r"|\bin (?:quale|che) (?:momento|punto|parte)\b|\ba (?:che|quale) (?:minuto|secondo|punto)\b|\bdove\b"
        r"|\bonde\b|\bem que (?:momento|parte|segundo)\b|\bwanneer\b|\bwaar\b|\bwelk(?:e)? (?:deel|stuk|moment"
        r"|fragment)\w*\b|\bkiedy\b|\bw ktorym momencie\b|\bgdzie\b|\bktor[ya] (?:fragment|czesc)\b"
        r"|\bquelle seconde\b|\bque segundo\b|\bche secondo\b|\bche punto\b|\bwelke? (?:seconde|minuut|tijd)\b"
        r"|\bnar (?:borjar|ar|blir)\b|\bhvornar\b|\bnar\b|\bkdy\b|\bmilloin\b|\bποτε\b|\bкогда\b|\bcand\b"
        r"|\bquali (?:parti|momenti|secondi)\b|\bque partes\b|\bquelles? secondes?\b|\baffected\b",
    ),
    (
        Topic.REGION,
        r"\bheat[- ]?maps?\b|\b(?:which|what) (?:\w+ )?(?:parts?|regions?|areas?|bits?"
        r"|features?) of (?:\w+ ){0,3}(?:face|head)s?\b|\bwhere (?:\w+ ){0,4}(?:in|on) (?:the|his|her|their"
        r"|which) (?:face|head)\b|\bfacial (?:region|area|feature|part)s?\b|\bregions?\b|\bmaps?\b|\bgrad-?cam\b"
        r"|\bhighlight\w*|\bred (?:area|spot|zone)\w*|\b(?:teil|bereich|region|stelle)\w* (?:des|im) gesicht\w*"
        r"|\b(?:partie|zone|region) du visage\b|\b(?:parte|zona|region) (?:de la cara|del rostro|de su cara)\b"
        r"|\b(?:parte|zona|regione) del (?:viso|volto)\b|\b(?:parte|zona|regiao) do rosto\b"
        r"|\bdeel van het gezicht\b|\bczesc twarzy\b|\bwarmebild\w*|\bcarte de chaleur\b|\bmapa de calor\b"
        r"|\bmappa di calore\b|\bheat ?map\b",
    ),
    (
        Topic.WHY,
        r"\bwhy\b|\bhow come\b|\bwhat (?:makes|made|led|leads|convinced|supports?|speaks|points|indicates?|shows?"
        r"|gave|tells)\b|\breasons?\b|\breasoning\b|\brationale\b|\bhow (?:do|did|can|could|would) (?:you|it|they"
        r"|we|the \w+) (?:\w+ )?(?:know|tell|conclude|decide|see|find|figure|determine|arrive|come to|detect"
        r"|get)\w*|\bexplain\b|\bexplanation\b|\bevidence\b|\bbased on\b|\bbasis\b|\btip(?:ped|s)? (?:\w+ )?off\b"
        r"|\bmade you (?:say|think|believe|conclude)\b|\bmakes you (?:so )?(?:say|think|believe|sure)\b|\bjustif\w+"
        r"|\bclues?\b|\bsigns?\b|\bindicat\w+|\bgrounds\b|\bgave (?:it|him|her) away\b|\bwhat(?:'s| is) (?:wrong"
        r"|suspicious|off|odd|strange) (?:with|about)\b|\bwarum\b|\bwieso\b|\bweshalb\b|\bworan\b|\bgrund\b"
        r"|\bgrunde\b|\bbegrund\w+|\berklar\w+|\banzeichen\b|\bpourquoi\b|\braisons?\b|\bexpliqu\w+|\bindices?\b"
        r"|\bpor que\b|\brazon(?:es)?\b|\bexplica\w*|\bperche\b|\bmotiv[oi]\b|\bspiega\w*|\bcome (?:fai|sai"
        r"|lo sai)\b|\bporque\b|\brazao\b|\bwaarom\b|\bhoe (?:weet|kom) je\b|\bleg uit\b|\bdlaczego\b|\bpowod\w*"
        r"|\buzasadni\w*|\bskad wiesz\b|\bwie (?:kommst|kommen|weisst|wissen|hast) (?:du|sie)\b|\bcomment (?:le "
        r"|pouvez|peux|avez|as|en |vous |tu )|\bcomo (?:lo )?(?:sabes|sabe|llegaste)\b|\bcome mai\b|\bpor que\b"
        r"|\bvarfor\b|\bhvorfor\b|\bproc\b|\bmiksi\b|\bde ce\b|\bγιατι\b|\bpoczemu\b|\bчому\b|\bneden\b|\bnicin\b"
        r"|\bczemu\b|\bзащо\b|\bzasto\b|\bпочему\b|\bmiert\b"
        r"|\bcome lo\b|\bcome ha\w* fatto\b",
    ),
    (
        Topic.CERTAINTY,
        r"\b(?:sure|certain(?:ty)?|uncertain\w*)\b|\bconfiden\w+|\bprobab\w+|\blikel\w+|\bscor(?:e|es|ed|ing)\b"
        r"|\bper ?cent\w*\b|\bhow (?:strong|convinced|fake|real|clear|bad|manipulated|much|synthetic|high|low"
        r"|close)\b|\bchances?\b|\bclose call\b|\bclear-cut\b|\bmarginal\w*\b|\bnarrow\w*\b|\bbarely\b|\bclearly\b"
        r"|\bodds\b|\bratings?\b|\brating\b|\blevel\b|%|\bsicher\w*\b|\bwahrscheinlich\w*|\bpunktzahl\b|\bwert\b"
        r"|\bprozent\w*\b|\b(?:es-tu|etes-vous) sur\w*\b|\bsure?s?\b|\bcertain\w*\b|\bprobabilit\w+|\bpourcentage\b"
        r"|\bsegur[oa]s?\b|\bcertez[az]\b|\bconfianza\b|\bprobabil\w+|\bporcentaje\b|\bpuntuacion\b|\bpuntaje\b"
        r"|\bsicur[oai]\b|\bcert[oai]\b|\bcertezza\b|\bpunteggio\b|\bpercentuale\b|\bquanto\b|\bcert[oa]\b"
        r"|\bconfianca\b|\bpontuacao\b|\bzeker\b|\bwaarschijnlijk\w*|\bkans\b|\bpewn\w+|\bprawdopodob\w+|\bwynik\b"
        r"|\bprocent\w*\b|\bje (?:sur|certain)\b|\bsaker\w*\b|\bsannolik\w*|\bsikker\w*|\bsandsynlig\w*|\bjist\w+\b"
        r"|\bsigur\w*|\bbiztos\w*|\bemin\w*|\bσιγουρ\w*|\bβεβαι\w*|\bπιθαν\w*|\bвпевнен\w*|\bймовірн\w*|\bуверен\w*"
        r"|\bвероятн\w*|\bсигурн\w*|\bsiguran\w*|\bvarm(?:a|oja|uus|uuden)\w*"
        r"|\btodennakoi\w*|\bprobabilit\w*|\bpravdepodob\w*|\bvaloszinu\w*|\bolasilik\w*|\bcoin toss\b|\btoss-?up\b"
        r"|\bflip of a coin\b|\bguess\w*|\b(?:strong|weak|firm|soft|shaky|robust|solid|tentative) (?:finding|result"
        r"|verdict|call|evidence|case)\b"
        r"|\bfifty[- ]fifty\b|\b50[ /-]50\b|\bhow (?:firm|solid|good|bad)\b|\bstable\b|\bstability\b|\bstabil\w*"
        r"|\bhold up\b|\blean\w*\b|\btend\w*\b|\bwhich way\b|\bhow close\b",
    ),
    (
        Topic.FACES,
        r"\b(?:visible|appear(?:s|ed)?|on screen|on camera|in view|in (?:the )?shot|in (?:the )?frame|shows? up"
        r"|sichtbar|zu sehen|visible|visibile|zichtbaar|widoczn\w+)\b|\bhow many (?:\w+ )?(?:faces?|people|persons?"
        r"|individuals|men|women|characters)\b|\b(?:which|what|whose) (?:\w+ )?(?:faces?|person|one|man|woman"
        r"|people|individual|guy)\b|\bwho (?:\w+ )?(?:is|was|'s|are|were|has|looks?) (?:\w+ )?(?:fake|manipulated"
        r"|altered|swapped|real|the fake|suspicious)\b|\bfaces?\b|\bpersons?\b|\bpeople\b|\banyone\b|\bsomeone\b"
        r"|\b(?:man|woman|guy|lady|actor|actress|boy|girl)\b|\bgesicht\w*|\bperson\w*\b|\bvisages?\b|\bcaras?\b"
        r"|\brostros?\b|\bvis[oi]\b|\bvolt[oi]\b|\bfacci[ae]\b|\brostos?\b|\bpessoas?\b|\bgezicht\w*|\bpersoon\b"
        r"|\btwarz\w*|\bosob\w+|\bpicture\b|\bbild\b|\bface ?swap\w*\b|\bswapped\b|\bvisual(?:s|ly)?\b|\bfrau\b"
        r"|\bmann\b|\bfemme\b|\bhomme\b|\bmujer\b|\bhombre\b|\bdonna\b|\buomo\b|\bfacce\b|\bwhich of (?:them"
        r"|these people|those)\b|\bwhose\b|\bansikt\w*|\bansigt\w*|\btvar\w*|\bkasvo\w*|\bwoman|\blooks?\b",
    ),
    (
        Topic.VOICE,
        r"\bvoices?\b|\baudio\b|\bsound\w*\b|\bspeech\b|\bspeak\w*\b|\bspoken\b|\bcloned?\b|\btts\b"
        r"|\btext[- ]to[- ]speech\b|\bstimme\w*|\bton\b|\btonspur\b|\bvoix\b|\bson\b|\bvoz\b|\bvoces\b|\bsonido\b"
        r"|\bvoc[ei]\b|\bsuono\b|\bsom\b|\bstem\b|\bgeluid\b|\bglos\w*\b|\bdzwiek\w*\b|\bspectrogram\w*\b|\bpitch\b"
        r"|\bfrequenc\w+\b|\bmusic\b|\bhz\b|\brosten?\b|\bljud\w*|\blyd(?:en|sporet)?\b|\bfala\b|\bhang(?:ja|ot)?\b"
        r"|\bses(?:i|in|ini)\b|\bзвук\w*|\bstemmen\b|\bstemme\w*\b|\bhlas\w*|\baani\b|\bφων\w+"
        r"|\bголос\w*|\bvocea\b|\bhort sich\b|\bklingt\b|\bsounds? like\b|\bsonne comme\b|\bsuena\b|\bsuona come\b"
        r"|\bklinkt\b|\bbrzmi\b",
    ),
    (
        Topic.VERDICT,
        r"\bfak(?:e|ed|ery|es|ing)\b|\breal\b|\bgenuine\w*\b|\bauthentic\w*\b|\bdeep ?fak\w+|\bmanipulat\w+"
        r"|\baltered\b|\btamper\w+|\bdoctored\b|\bverdict\b|\bresults?\b|\bconclusions?\b|\bconclude\b|\boutcome\b"
        r"|\btrust\w*\b|\blegit\w*\b|\bai\b|\bgenerated\b|\bedited\b|\bsynthetic\w*\b|\bbelieve\b|\bforged?\b"
        r"|\bphotoshop\w*\b|\btrue\b|\bphon(?:y|ey)\b|\bbogus\b|\bhoax\b|\bsuspicious\b|\bclean\b|\buntouched\b"
        r"|\bok\b|\binconclusive\b|\bwhat do you think\b|\b(?:found|find|detect|detected|see|spot"
        r"|notice)\b.{0,12}\b(?:anything|nothing|something)\b|\b(?:anything|nothing"
        r"|something) (?:\w+ ){0,2}(?:found|detected|wrong|odd|off|strange|weird|suspicious|fishy|there)\b"
        r"|\byes or no\b|\by/n\b|\bbottom line\b|\bshort answer\b|\bmess(?:ed|ing)? (?:with|around)\b|\bmade up\b"
        r"|\bcgi\b|\bimposter\b|\bimpersonat\w+|\bdodgy\b|\bshady\b|\bsketchy\b|\bauthenticity\b|\bthe real (?:deal"
        r"|thing)\b|\bunedited\b|\bmodified\b|\bchanged\b|\bintegrity\b|\bwhat is it\b|\bwell\?*$|\bso\?*$"
        r"|\becht\w*\b|\bgefalscht\w*\b|\bfalsch\b|\bfalschung\w*\b|\bergebnis\w*\b|\burteil\b|\bmanipulier\w+"
        r"|\bvrai\w*\b|\bfaux\b|\bfausse\b|\btruqu\w+|\bresultats?\b|\bauthentique\b|\bfals[oa]s?\b"
        r"|\bverdader[oa]\b|\bautentic[oa]\b|\bresultado\b|\bveredicto\b|\breales?\b|\bver[oa]\b|\brisultato\b"
        r"|\bverdetto\b|\bmanipolat\w+|\bfalsificat\w+|\bverdadeir[oa]\b|\bmanipulad[oa]s?\b|\bnep\w*\b|\buitslag\b"
        r"|\bgemanipuleerd\b|\bprawdziw\w+|\bfalszyw\w+|\bsfalszowan\w+|\bzmanipulowan\w+|\bwerdykt\b"
        r"|\bprzerobion\w+|\bcame? out\b|\bmontaje\b|\bfotomontage\b|\bakta\b|\bfejk\w*|\bfalsk\w*|\bforfalsk\w*"
        r"|\bmanipulert\b|\bmanipuleret\b|\bmanipulerad\w*|\baegte\b|\bægte\b|\bekte\b|\bprav[ey]\w*|\bpadel\w*"
        r"|\baito\b|\bvaarennet\w*|\baidoa?\b|\bfals\b|\bαληθιν\w+|\bψευτικ\w+|\bγνησι\w+|\bhamis\w*|\bvalodi\b"
        r"|\bистинск\w+|\bфальш\w+|\bнастоящ\w+|\bподдел\w+|\bsahte\b|\bgercek\b|\bklamn\w*"
        r"|\bpodvr\w+|\bpodrob\w+|\bfalesn\w*|\bprav[aey]\w*|\bautent\w*|\breal[ae]?\b|\bvals\w*|\bplastograf\w*"
        r"|\bvaarenn\w*|\baito\w*|\boikea\w*|\bhamis\w*|\bvalodi\w*|\bigazi\w*|\beredeti\w*"
        r"|\bsahte\w*|\bgercek\w*|\buydurma\w*|\bπλαστ\w*|\bψευδ\w*|\bαυθεντικ\w*|\bπραγματικ\w*|\bπειραγμ\w*"
        r"|\bпідроб\w*|\bсправжн\w*|\bфейк\w*|\bнесправжн\w*|\bподлинн\w*|\bмонтаж\w*"
        r"|\bфалшив\w*|\blazn\w*|\bpravi\b|\bpatvoren\w*|\bkrivotvor\w*|\bmanipul\w*|\bmuokat\w*|\bredigeret\w*"
        r"|\bredigert\w*|\bredigerad\w*|\bekta\b|\bekte\w*|\baegte\w*|\baegthed\w*|\bakthet\w*"
        r"|\bpunk\w*t?\b.{0,5}\bfazit\b|\bfazit\b|\bauffallig\w*|\bverdachtig\w*|\bgefunden\b|\bentdeckt\b"
        r"|\bsospechos\w+|\bencontr\w+|\bsuspect\w*|\bsospett\w+|\btrovat\w*|\btrouv\w+|\bsuspeit\w+|\bverdacht\w*"
        r"|\bpodejrzan\w+|\bmisstank\w*|\bmistenk\w*|\bnachgeholfen\b|\bfake?t\b|\bstimmt (?:da )?(?:etwas|was)\b",
    ),
)
