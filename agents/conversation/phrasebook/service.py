"""What the file is, what the service can do, how far it is to be trusted, and what it did."""

from __future__ import annotations

from typing import Final

from agents.conversation.topics import Topic

SERVICE: Final[tuple[tuple[Topic, str], ...]] = (
    (
        Topic.MEDIA,
        r"\bhow long (?:is|was|does|are) (?:the|this|that|my|it|they|these|both)(?: whole| entire| full)? ?(?:video"
        r"|clip|file|recording|audio|footage|film|last|image)?(?: last| long)?\s*\??$|\b(?:duration"
        r"|length) of (?:the|this|my) (?:video|clip|file|recording|audio)\b|\b(?:video|clip|file) (?:length"
        r"|duration|size|resolution|format)\b|\bresolution\b|\bcodecs?\b|\bframe ?rate\b|\bfps\b|\bhow (?:big|large"
        r"|heavy) is\b|\bfile ?(?:size|type)\b|\bmegabytes?\b|\b(?:about|details of|info on|information on"
        r"|properties of) (?:the|this|my) file\b|\bhow many (?:seconds|minutes) (?:is|are|does|long)\b"
        r"|\bdimensions\b|\bpixels? (?:size|wide)\b|\bcontainer\b|\bwhat (?:kind|type|sort) of file\b|\b(?:does"
        r"|did) (?:it|this|the (?:video|file|clip)) (?:even )?(?:have|contain) (?:any )?(?:sound|audio|a picture"
        r"|a sound ?track|a voice)\b|\bis there (?:any )?(?:sound|audio)\b|\bhas (?:it )?(?:sound|audio)\b"
        r"|\bwie lang(?:e)? (?:ist|dauert)\b|\bauflosung\b|\bdateigro\w+|\bhat (?:das video|die datei"
        r"|es) (?:\w+ )?ton\b|\bcombien de temps dure\b|\bduree\b|\bquelle est la (?:taille|definition)\b"
        r"|\bcuanto dura\b|\bduracion\b|\bresolucion\b|\bquanto (?:dura|e lungo)\b|\bdurata\b|\brisoluzione\b"
        r"|\bquanto tempo (?:dura|tem)\b|\bduracao\b|\bhoe lang (?:is|duurt)\b|\bjak dlugi?e?\b|\btiene (?:sonido"
        r"|audio)\b|\ba-t-elle du son\b|\bstereo\b|\bmono\b|\bsample rate\b|\bbit ?rate\b|\baspect ratio\b|\b(?:4k"
        r"|1080p|720p|hd)\b|\brozliseni\b|\bresolution\w*|\bresolutie\b|\bresolucao\b|\brozdzielcz\w*"
        r"|\bupplosning\w*|\boplosning\w*|\bopplosning\w*|\btarkkuus\w*|\brezoluti\w*|\bfelbontas\w*|\bcozunurlu\w*"
        r"|\bразрешени\w*|\bроздільн\w*|\bhur lang\b|\bhvor lang\w*|\bkuinka pitka\w*|\bjak dlouh\w*"
        r"|\bcat (?:dureaza|tine|e de lung)\b|\bmilyen hossz\w*|\bmeddig tart\b|\bne kadar (?:sur|uzun)\w*"
        r"|\bποσο (?:διαρκ\w*|μεγαλ\w*)|\bскільки (?:трива\w*|секунд|хвилин)|\bсколько (?:длится|секунд|минут|весит)"
        r"|\bdlugosc\w*|\bdelka\b|\blangd\w*|\blaengd\w*|\blengd\w*"
        r"|\b(?:taille|tamano|dimension\w*|tamanho|grootte|rozmiar\w*|storlek\w*|storrelse\w*|velikost|marime\w*"
        r"|meret\w*|boyut\w*|размер\w*|розмір\w*|μεγεθοσ) (?:du|des|de|del|della|do|van|pliku|na|av|af|souboru"
        r"|fisier\w*|файл\w*|του)\b|\bgross ist (?:die|das)\b|\bkeyframes?\b",
    ),
    (
        Topic.AGAIN,
        r"\bre-?(?:analy[sz]\w*|check|run|examin\w+|scan|test|do)\b|\b(?:analy[sz]e|check|look|run|examine|scan"
        r"|test|try|go over|listen|do)(?: \w+){0,6} (?:again|once more|one more time|anew|a second time)\b"
        r"|\b(?:check|analy[sz]e|examine|scan|look at|listen to)\b.{1,60}\b(?:again|once more|one more time|anew"
        r"|a second time)\b|\b(?:new|another|second|fresh|deeper|closer|further) (?:analysis|look|run|examination"
        r"|check|scan)\b|\blook (?:closer|harder|more closely|more carefully)\b|\b(?:analy[sz]e|examine|check|scan"
        r"|inspect) (?:only|just)\b|\b(?:only|just) (?:analy[sz]e|examine|check|scan|inspect)\b|\bfocus on\b"
        r"|\b(?:second|closer) pass\b|\bzoom in\b|\b(?:please |can you |could you |now )?(?:analy[sz]e|examine|scan"
        r"|inspect) (?:the )?(?:faces?|voice|sound|audio|picture|second|first|part|section|stretch|seconds|region"
        r"|from|between)\b|\bmore (?:thorough\w*|carefully|closely|frames)\b|\b(?:start|run|make|launch|do) (?:a|an"
        r"|another|the) (?:\w+ )?(?:analysis|examination)\b|\b(?:noch ?mal|nochmals|erneut|neue analyse"
        r"|genauer hin)\b|\b(?:a nouveau|de nouveau|encore une fois|relanc\w+|reanalys\w+|nouvelle analyse)\b"
        r"|\b(?:otra vez|de nuevo|nuevamente|reanaliz\w+|nuevo analisis|vuelve a)\b|\b(?:di nuovo|ancora una volta"
        r"|rianalizz\w+|nuova analisi)\b|\b(?:de novo|novamente|outra vez|nova analise|reanalis\w+)\b|\b(?:opnieuw"
        r"|nog een keer|nog eens)\b|\b(?:ponownie|jeszcze raz|nowa analiz\w+)\b|\b(?:please )?(?:check|scan|test"
        r"|analy[sz]e|examine|listen to|look at) (?:the )?(?:faces?|voice|sound|audio|picture"
        r"|visuals?)(?: \w+)? only\b|^(?:please )?(?:scan|examine|analy[sz]e|check) (?:from |between )?\d"
        r"|\bgenauer\b|\berneut\b|\bnoch einmal\b|\brefais\b|\brefaire\b|\bplus (?:en detail|attentivement)\b"
        r"|\bcon mas (?:detalle|cuidado)\b|\bpiu a fondo\b|\bigen\b|\bznovu\b|\buudelleen\b",
    ),
    (
        Topic.COMPARE,
        r"\bcompar\w+|\bdifference between\b|\bvergleich\w*|\bconfront\w*|\bvergelijk\w*|\bporown\w*|\b(?:which"
        r"|what) (?:one|of (?:the (?:two|both|files|videos|clips|three) ?(?:files|videos|clips)?)"
        r"|(?:of the )?(?:two )?(?:file|video|clip|recording)s?) (?:\w+ ){0,4}(?:more|most|higher|highest|worse"
        r"|worst|fake|likely|real|manipulated|suspicious|score)\b|\b(?:are|is|were) both\b|\bboth (?:videos|files"
        r"|clips|recordings|of them)\b|\bmore (?:fake|manipulated|likely|suspicious|real)\w* than\b|\bversus\b"
        r"|\bvs\.?\b|\bwelche[sr]? (?:von beiden|der beiden|video|datei)\b|\blequel\b|\blaquelle\b|\bcual de (?:los"
        r"|las) (?:dos )?(?:videos?|archivos?|grabaciones|imagenes)\b|\bquale dei\b|\bside by side\b|\bdiffer\b"
        r"|\bdifferent from\b|\bsame (?:as|score|result)\b|\brank\w*\b|\bthe other (?:video|file|clip)\b",
    ),
    (
        Topic.CAPABILITIES,
        r"\bwhat (?:can|could|do|else can|all can) (?:you|u|i ask|this|the (?:service|tool))\b(?!.*\b(?:see|say"
        r"|tell) (?:me )?about (?:the|this))(?! (?:think|mean|base|find|make|know|do with|say|conclude|see|hear))"
        r"|\bwhat (?:questions )?can i ask\b|^help\b|\bhow does (?:this|it|deepwitness|the (?:service|tool"
        r"|thing)) work\b|\bwho are you\b|\bwhat are you\b|\bwhat is (?:this|deepwitness)\b|\bare you (?:a "
        r"|an )?(?:bot|ai|human|robot)\b|\byour (?:capabilities|features|abilities)\b|\bwhat do you (?:do|check for"
        r"|detect|look for)\b|\bcan you (?:tell|check|detect|say|see|find out|figure out|spot) (?:if|whether"
        r"|when) (?:a|an|my|some|any|someone|videos?|photos?|images?|recordings?)\b|\bcan you (?:check|detect"
        r"|analy[sz]e|examine|spot|recogni[sz]e|handle|process|find) (?!the |this |that "
        r"|it )(?:\w+ ){0,2}(?:photos?|images?|pictures?|audio files?|videos?|voices?|deepfakes?|recordings?"
        r"|podcasts?|songs?)\b|\bwas kannst du\b|\bwas konnen sie\b|\bwas kann (?:man|ich)\b|\bwas machst du\b"
        r"|\bhilfe\b|\bwas pruf(?:st|en) (?:du|sie)\b|\bque (?:peux|sais)-tu\b|\bque pouvez-vous\b|\baide\b"
        r"|\bque (?:puedes|sabes) (?:hacer|comprobar|revisar|analizar)\b|\bayuda\b|\bque haces\b|\bcosa (?:puoi"
        r"|sai) \w+\b|\baiuto\b|\bo que (?:voce |tu )?(?:pode|podes|consegue\w*|sabe\w*) \w+\b|\bajuda\b"
        r"|\bwat kun je\b|\bwat doe je\b|\bco (?:potrafisz|umiesz|mozesz)\b|\bpomoc\b|\bhelp me\b|\bwhat (?:kinds?"
        r"|sorts?|types?) of (?:fakes?|manipulations?|deepfakes?|things)\b|\bwhat are you able to\b"
        r"|\bwhat all can\b|\bhow can you help\b|\bwhat is your (?:job|purpose)\b|\bvad kan du\b|\bhvad kan du\b"
        r"|\bco umis\b",
    ),
    (
        Topic.FORMATS,
        r"\b(?:which|what) (?:\w+ )?(?:formats?|file ?types?|files|extensions?)\b|\bsupported\b|\bformats?\b"
        r"|\b(?:mp4|mov|avi|webm|wav|mp3|jpe?g|png|heic|gif)\b|\bhow (?:do|can) i upload\b|\b(?:do"
        r"|can) you (?:support|accept|take|handle|read|open|work with)\b|\bmaximum (?:size|length|duration)\b"
        r"|\bhow (?:big|large|long) (?:can|may) (?:a|the|my) (?:file|video|upload)\b|\b(?:dateiformat\w*"
        r"|welche formate)\b|\bformatos\b|\bformati\b|\bformaty\b",
    ),
    (
        Topic.FILES,
        r"\bpdf\b|\bdownload\w*|\bjson\b|\b(?:a |the )?link\b|\bexport\w*|\bprint(?:able)? (?:version|report)\b"
        r"|\bwhere (?:is|are|can i (?:find|get|see)|do i (?:find|get)) (?:the |my |all )?(?:\w+ )?(?:reports?"
        r"|pictures|images|maps|heat ?maps?|files)\b|\bherunter\w*|\btelecharg\w*|\bdescarg\w*|\bscaric\w*"
        r"|\bbaixar\b|\bpobra\w+|\bwo (?:ist|finde ich) (?:der|den) bericht\b|\bou est le rapport\b"
        r"|\bdonde esta el (?:informe|reporte)\b",
    ),
    (
        Topic.RELIABILITY,
        r"\breliab\w+|\b(?:trust|believe|rely on|depend on)(?:worthy)? (?:\w+ )?(?:you|this (?:result|verdict"
        r"|analysis|report|score|tool)|the (?:result|verdict|analysis|report|score|tool)|that (?:result|verdict)"
        r"|your (?:\w+ )?(?:result|verdict|analysis|report|score|answer)s?|these (?:results|scores))\b|\b(?:result"
        r"|verdict|analysis|report|score|tool|system)s? (?:\w+ )?(?:trustworthy|credible|dependable|solid)\b"
        r"|\baccura\w+|\berror rates?\b|\berrors?\b|\bfalse (?:positives?|alarms?|negatives?)\b|\bmistake\w*"
        r"|\b(?:could|can|might|may|are|is) (?:it|you|this|the \w+|that|they) (?:also |still |all |simply "
        r"|just )?(?:be )?(?:wrong|mistaken|incorrect|off)\b|\b(?:could|might|can|may) (?:it|this|that"
        r"|the \w+) (?:still |also |nevertheless |actually )?be (?:a )?(?:fake|real|genuine|manipulated|deepfake"
        r"|wrong)\b|\bbe fooled\b|\bfool(?:ed)? you\b|\bhow (?:good|precise|often|well) (?:is|are|does"
        r"|do)\b(?! .*\bquality\b)|\bweak(?:ness\w*|est|\b)|\bassum\w+|\bproofs?\b|\bproven?\b|\bproves?\b"
        r"|\bmisclassif\w+|\bfail(?:ure)?s? (?:rate|cases)\b|\bcaveats?\b|\brely on\b|\b(?:trustworthy|dependable"
        r"|solid|conclusive|watertight|definitive|final) (?:is|are|was)\b|\b(?:is|are) (?:it|that|this"
        r"|the \w+) (?:really )?(?:conclusive|definitive|final|watertight|solid|reliable)\b|\bspeaks against\b"
        r"|\bmargin\b|\bdoubts?\b|\bhow (?:trustworthy|solid|dependable|credible)\b|\bs'y fier\b"
        r"|\bfaire confiance\b|\bfidarsi\b|\bfiarse\b|\bsich tauschen\b|\btauschen\b|\bpalitlig\w*|\bpalidelig\w*"
        r"|\bnegatives?\b|\bhow often\b|\bhow (?:much )?(?:can|should|do) (?:i|we) (?:trust|rely|believe)\b"
        r"|\brobust\w*|\bfehler\w*|\bzuverlassig\w*|\bverlasslich\w*|\bvertrau\w+|\birr(?:t|en|tum)\w*|\bbeweis\w*"
        r"|\bschwachste\w*|\bschwache\w*|\bfiab\w+|\berreurs?\b|\btromp\w+|\bpreuves?\b|\bconfiable\w*|\bfiables?\b"
        r"|\berror(?:es)?\b|\bequivoc\w+|\bpruebas?\b|\baffidabil\w*|\bsbagli\w+|\berrori?\b|\bprova\b"
        r"|\bconfiavel\b|\berros?\b|\benganad\w+|\bbetrouwbaar\w*|\bfout(?:en)?\b|\bvergis\w*|\bwiarygodn\w+"
        r"|\bblad\w*|\bbled\w*|\bmyli\w*|\bpewne\?",
    ),
    (
        Topic.UNEXAMINED,
        r"\b(?:not|n't|never|nothing|without|un)(?:-| )?(?:\w+ ){0,4}(?:check\w*|examin\w*|analy[sz]\w*|look\w*"
        r"|cover\w*|test\w*|inspect\w*|includ\w*|consider\w*|assess\w*|scann\w*|verif\w*)"
        r"|n't (?:you )?(?:\w+ ){0,3}(?:check|examine|analy[sz]e|look|cover|test|see)\b|\b(?:left out|skipped"
        r"|missed|missing|unexamined|unchecked|untested|ignored|omitted|overlooked|excluded)\b|\b(?:whole|entire"
        r"|full|complete|all of the|every(?: single)?) (?:video|clip|file|recording|film|footage|thing|frame"
        r"|second)\b.*\b(?:analy\w+|examin\w+|check\w+|look\w*|inspect\w*|process\w*|cover\w*)|\b(?:analy\w+"
        r"|examin\w+|check\w*|process\w*) (?:the )?(?:whole|entire|full|complete|every)\b|\bblind spots?\b"
        r"|\b(?:can't|cannot|can not|could not|couldn't|unable to) (?:\w+ )?(?:see|detect|check|examine|tell|know"
        r"|hear|look)\b|\bskip\b|\bcouldn'?t (?:you )?(?:check|see|examine|verify|look)\b|\bdon'?t (?:you )?know\b"
        r"|\bunknown\b|\bmiss anything\b|\bwhat'?s missing\b|\bnicht (?:\w+ ){0,2}(?:prufen|untersuchen|sehen)\b"
        r"|\bpas (?:ete )?verifie\w*|\bno se ha\b|\bczego nie\b|\bunchecked\b|\bniezbadan\w*|\blimitations?\b"
        r"|\blimits\b|\bgaps?\b|\b(?:can|could)(?:'t|not) you (?:see|check|detect|tell)\b|\bwhat (?:can|could|did"
        r"|do) you (?:not|miss)\b|\bnicht (?:\w+ ){0,3}(?:gepruf\w*|untersuch\w*|analysier\w*|angeschaut|angesehen"
        r"|uberpruf\w*|betrachtet)|\bungepruft\w*|\bausgelassen\b|\bgrenzen\b|\b(?:pas"
        r"|non) (?:\w+ ){0,2}(?:verif\w*|examin\w*|analys\w*|control\w*|regard\w*)|\bno (?:\w+ ){0,3}(?:revis\w*"
        r"|examin\w*|analiz\w*|comprob\w*|mir\w*|verific\w*)|\bsin (?:revisar|examinar|analizar)\b"
        r"|\bnon (?:\w+ ){0,3}(?:controll\w*|esamin\w*|analizz\w*|guard\w*|verific\w*)"
        r"|\bnao (?:\w+ ){0,3}(?:verific\w*|examin\w*|analis\w*)|\bniet (?:\w+ ){0,3}(?:gecontroleerd|onderzocht"
        r"|bekeken|geanalyseerd|gecheckt)|\bnie (?:\w+ ){0,3}(?:sprawdz\w*|zbada\w*|analiz\w*|przebada\w*)",
    ),
    (
        Topic.THRESHOLDS,
        r"\bthresholds?\b|\bcut-?offs?\b|\b(?:limit|bar|line|boundary|border|level|mark) (?:for|between|is|from"
        r"|to)\b|\bhow high (?:is|must|does|would)\b|\bwhen do you (?:call|consider|say|flag|mark)\b|\bhow low\b"
        r"|\bhigh enough\b|\benough to (?:be|count|call)\b|\bcounts? as (?:fake|real|manipulated)\b|\b(?:from|at"
        r"|above|below) (?:which|what) (?:score|value|percent\w*|number)\b|\bwhen (?:is|does) (?:something"
        r"|a (?:video|file|score)) (?:\w+ )?(?:count|considered|called)\w*\b|\bwhere (?:do you|is the"
        r"|'s the) (?:draw )?(?:the )?line\b|\bschwell\w*|\bgrenzwert\w*|\bab (?:wann|welche\w+ wert"
        r"|wieviel prozent) gilt\b|\bseuils?\b|\bumbral\w*|\bsogli[ae]\b|\blimiar\w*|\bdrempel\w*|\bprog(?:u|i|iem"
        r"|ow|owa)\b|\bwhat score (?:is|would|do)\b|\bborderline\b",
    ),
    (
        Topic.WEIGHTS,
        r"\bweigh\w*|\bcontribut\w+|\bhow much (?:did|does|do|of) (?:the )?(?:\w+ )?(?:voice|faces?|audio|sound"
        r"|picture|visual|verdict)\b(?!.*\bspeech\b)|\bfusion\b|\bcombin\w+|\bgewicht\w*|\bpoids\b|\bponder\w*"
        r"|\bpes[oa]n?\b|\bgewogen\b|\bweegt\b|\bwag[aie]\b|\bmatters? more\b|\b(?:share|part|portion|fraction"
        r"|percentage) of (?:the |your )?(?:decision|verdict|weight|score|result)\b|\bcount(?:s|ed)? (?:for|more"
        r"|less)\b|\bhow important\b|\bimportance\b|\bplay(?:s|ed)? (?:a |the )?(?:\w+ )?(?:role|part)\b|\brel(?:y"
        r"|ies|ied) (?:more|mostly|mainly|only)\b|\bbased (?:more|mostly|mainly|only) on\b|\brests? on\b"
        r"|\bdecisive\b|\b(?:picture|faces?|voice|audio|sound) or (?:the )?(?:picture|faces?|voice|audio|sound)\b"
        r"|\bdisagree\w*|\bcontradict\w*|\bagree\b|\boverall score\b|\bmattered\b|\bhow (?:did|do|was|is) (?:you "
        r"|the |it )?(?:get to |calculate|compute|arrive at |work out )(?:the |that )?(?:\w+ )?(?:score|number"
        r"|figure|result)\b|\b(?:score|number|result)s? (?:calculated|computed|combined|made up)\b",
    ),
    (
        Topic.MODELS,
        r"\bwhich (?:\w+ )?(?:models?|detectors?|networks?|versions?|algorithms?|software|llm|ai)\b"
        r"|\bwhat (?:\w+ )?(?:models?|detectors?|networks?|versions?|algorithms?|software|llm)\b|\bmodels?\b"
        r"|\bdetectors?\b|\bversions?\b|\bsha-?256\b|\bhash(?:es)?\b|\bchecksum\w*|\bfingerprint\b"
        r"|\bhow long did (?:it|the analysis|that|this|you) (?:take|need|run)\b|\b(?:processing|computing"
        r"|analysis) time\b|\bhow (?:fast|quick)\w*\b|\bpipeline\b|\bneural\b|\b(?:written|worded) by\b"
        r"|\bdigest\w*\b|\bmodell\w*|\bmodeles?\b|\bmodelos?\b|\bmodelli?\b|\bwersj\w+|\bversione?\b|\bprufsumme\b"
        r"|\breproduc\w+|\bwie lange hat (?:es|die analyse)\b|\bwho (?:wrote|worded|formulated)\b"
        r"|\bwhich part(?:s)? (?:\w+ ){0,3}(?:written|worded)\b|\bwritten by\b|\bwhat ai\b|\bwhich ai\b",
    ),
    (
        Topic.PLAN,
        r"\bplan(?:s|ned|ning)?\b|\bwhy (?:did|do|were|was|have) (?:you|they|only|just|the) (?:\w+ )?(?:only "
        r"|just )?(?:check"
        r"|look|examine|analy[sz]e|listen|skip)\w*|\bwhat (?:did|have|was|were|had) (?:you |been "
        r"|it )?(?:\w+ )?(?:check|examin|analy[sz]|look|inspect|test|cover)\w*|\b(?:my|the) instructions?\b"
        r"|\bbudget\b|\bhow did you (?:go about|proceed|analy[sz]e|examine|check)\b|\bwhat steps\b"
        r"|\bwhat (?:exactly )?(?:was|were) (?:exactly )?(?:analy[sz]ed|examined|checked|looked at)\b|^(?:did|have"
        r"|so did) you (?:even |really |actually |also )?(?:check|examine|analy[sz]e|look|listen|consider"
        r"|inspect)\w*|\bdid you (?:follow|obey) (?:my|the|what)\b|\bdid you do what\b|\bwas (?:alles |hast du "
        r"|haben sie |wurde )+(?:\w+ )?(?:gepruf\w*|untersuch\w*|analysier\w*)|\bqu'?(?:est-ce qu[ei]|as-tu"
        r"|avez-vous) (?:\w+ ){0,4}(?:verifi|examin|analys)\w*|\bque (?:has |se |ha )?(?:\w+ )?(?:revis|examin"
        r"|analiz|comprob)\w*|\bcosa (?:hai |e stato )?(?:controll|esamin|analizz)\w*|\bwat heb je (?:gecontroleerd"
        r"|onderzocht|bekeken)|\bco (?:zostalo |bylo )?(?:sprawdz|zbada)\w*",
    ),
    (
        Topic.COVERAGE,
        r"\b(?:how many|number of|amount of|count of) (?:\w+ ){0,3}(?:frames?|images|pictures|seconds|windows"
        r"|samples?)\b(?!.*\b(?:affected|manipulated|altered|tampered)\b)|\bhow (?:much"
        r"|many \w+ of) (?:\w+ )?(?:speech|talking|voice|audio|footage|of (?:the|it) (?:video|clip|recording"
        r"|footage|file))\b|\b(?:percent\w*|share|proportion|fraction|part|portion) of (?:the "
        r"|all )?(?:\w+ )?(?:frames?|video|footage|speech|clip)\b|\bfake[ _]frames?\b|\bframes? (?:are|were|is|did"
        r"|contain|show|have|with|look|score)\b|\bseconds of speech\b(?!.*\b(?:fake|manipulated|synthetic)\b)"
        r"|\bhow long (?:did|does|do|is|was) (?:\w+ ){1,3}(?:talk|speak|talking|speaking)\w*\b"
        r"|\bhow much (?:\w+ ){1,3}(?:talk|speak|spoke)\w*\b|\bsampled\b|\bcoverage\b|\bframes?\b"
        r"|\bwie ?viele? (?:\w+ )?(?:bilder|frames|einzelbilder|sekunden|prozent der)\b|\bcombien (?:d'"
        r"|de )(?:images?|secondes|trames)\b|\bcuant[oa]s (?:fotogramas|cuadros|frames|imagenes|segundos)\b"
        r"|\bquant[ei] (?:fotogrammi|frame|immagini|secondi)\b|\bquant[oa]s (?:quadros|frames|imagens|segundos)\b"
        r"|\bhoeveel (?:frames|beelden|seconden)\b|\bile (?:klatek|sekund)\b",
    ),
)
