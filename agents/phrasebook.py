"""Phrases by which people ask, in the main European languages, as patterns over lower case without accents.

In order: the first topic whose pattern is found is what a clause is about.
"""

from __future__ import annotations

from typing import Final

from agents.topics import Topic

PHRASES: Final[tuple[tuple[Topic, str], ...]] = (
    (
        Topic.RULES,
        r"\b(?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,4}(?:rules?|instructions?|prompts?|polic\w+"
        r"|guidelines?|above"
        r"|evidence|thresholds?|verdict|everything)\b|\bsystem[ _-]?prompt\b|\b(?:your|the|hidden|initial"
        r"|developer) (?:prompt|instructions|rules)\b"
        r"|\byou are (?:now|no longer)\b|\bpretend\b|\bact as\b|\brole-?play\b|\bjailbreak\b|\bdeveloper mode\b"
        r"|\bdan mode\b"
        r"|\b(?:just )?(?:say|write|answer|report|tell (?:me|them|everyone)|claim|reply|respond|output"
        r"|print)(?: me)? (?:only )?(?:that )?"
        r"(?:it|this|the (?:video|file|verdict))?(?:'?s| is| was)? ?(?:\"|')?(?:real|fake|authentic|genuine|clean"
        r"|manipulated)\b"
        r"|\b(?:change|set|flip|edit|alter|update|overwrite|make|mark|switch) (?:\w+ ){0,3}(?:verdict|score|result"
        r"|threshold|evidence|outcome|report)\w*"
        r"|\b(?:verdict|score|result|threshold) (?:to|=|:=) ?\"?(?:real|fake|\d)"
        r"|\b(?:other|another|all|every|someone else'?s?|somebody else'?s?|else'?s) (?:user|customer|client|owner"
        r"|account|people|person)'?s?\b"
        r"|\b(?:other|another|someone|somebody|everybody|everyone)(?: else)?'?s? (?:analys\w+|uploads?|files?"
        r"|conversations?|reports?|videos?)\b"
        r"|\b(?:someone|somebody|everyone) else'?s\b|\ban_[0-9a-f]{4,}|\bcv_[0-9a-f]{4,}|\bdelete\b|\bdrop table\b"
        r"|\bselect \*|\bapi[ _-]?keys?\b"
        r"|\bpasswords?\b|\b(?:env|environment) variables?\b|\bsecrets?\b|<\/?(?:system|untrusted|tool|script)"
        r"|\[(?:system|inst)|\bsystem:|\bassistant:"
        r"|\bignorier\w*|\bignorez?\b|\bignora\w*\b|\bzignoruj\w*|\bnegeer\b|\bvergiss (?:deine|alle)"
        r"|\boublie (?:tes|toutes)"
        r"|\bolvida (?:tus|las|todas)|\bdimentica (?:le|tutte)|\bsag(?:e|t)? (?:einfach )?(?:dass )?(?:es"
        r"|das video)? ?(?:ist |sei )?echt\b"
        r"|\b(?:dis|dites) (?:que )?(?:c'est|la video est) (?:vrai|reel)|\bdi que (?:es|el video es) (?:real"
        r"|verdader\w+)"
        r"|\bbase64\b|\brot13\b|\bcurl\b|\bos\.system\b|\bexec(?:ute)?\b \w+|\bcall (?:the )?\w+ tool\b"
        r"|\buse (?:the )?\w+ tool\b|\btool_call\b"
        r"|\bmust (?:say|answer|report|output)\b|\bsudo\b|\badmin(?:istrator)?\b|\bdebug mode\b|\brm -rf\b"
        r"|\bsay(?:s|ing)? (?:it is|it's) (?:real|fake)\b",
    ),
    (
        Topic.TERM,
        r"\bwhat (?:does|do|is meant by|is the meaning of)\b.*\bmeans?\b|\bwhat is meant\b|\bmeaning of\b"
        r"|\bdefin(?:e|ition)\b"
        r"|\bwhat(?:'s| is| are) an? \b|\bexplain (?:the (?:term|word)|what an?)\b|\bexplain (?:shap|grad-?cam"
        r"|calibration|occlusion|heat ?maps?)\b"
        r"|\bwhat(?:'s| is) (?:shap|grad-?cam|calibration|occlusion|p_?fake|sha-?256|c2pa|fusion|faithfulness)\b"
        r"|\bwas (?:bedeutet|heisst|ist (?:ein|eine|denn ein\w*|mit))\b|\bwas versteht man\b|\bque (?:signifie"
        r"|veut dire)\b|\bqu'?est[- ]ce qu'?(?:e|une?)\b"
        r"|\bque significa\b|\bque es (?:un|una)\b|\bcosa (?:significa|vuol dire)\b|\b(?:che )?cos'?e (?:un|una)\b"
        r"|\bo que (?:significa|e um|e uma)\b"
        r"|\bwat (?:betekent|is een)\b|\bco (?:znaczy|oznacza|to jest)\b|\bhow do (?:i|you) read (?:a"
        r"|the) (?:heat ?map|spectrogram)\b",
    ),
    (
        Topic.AUTHOR,
        r"\bwho (?:\w+ )?(?:made|make|makes|created|did|faked|produced|manipulated|edited|is behind|'s behind"
        r"|uploaded|generated|forged"
        r"|doctored|altered|posted|sent|shared|recorded|filmed|shot|paid|swapped|cloned|published|wrote)\b"
        r"|\bwho(?:'s| is| was) (?:the )?(?:author|creator|maker"
        r"|culprit|responsible|forger|uploader|behind)\b|\bby whom\b|\b(?:which|what) (?:\w+ ){0,2}(?:software|tool"
        r"|program|app|generator|technique|method|algorithm|technology|ai)"
        r" (?:\w+ ){0,3}(?:made|make|used|use|created|create|generated|generate|fake|faked|produce|produced|swap"
        r"|swapped|clone|cloned|manipulate|manipulated)\b"
        r"|\b(?:made|created|generated|faked|swapped|cloned|manipulated|produced) (?:with|using|by|in) (?:which"
        r"|what|whom|photoshop|adobe|deepfacelab|sora|midjourney|elevenlabs|after effects|runway|faceapp)\b"
        r"|\bhow (?:was|were|did) (?:it|this|the \w+|they|he|she) (?:\w+ ){0,2}(?:made|faked|create|created|do it"
        r"|done|fake|swapped|cloned|manipulated|produced|generated|make)\b"
        r"|\bwer (?:\w+ )?(?:hat|steckt|ist der (?:urheber|autor|tater)|war das)\b|\bvon wem\b|\bqui (?:\w+ )?(?:a"
        r"|ont|est (?:l'auteur|derriere|responsable))\b|\bpar qui\b"
        r"|\bquien (?:\w+ )?(?:hizo|creo|ha|manipulo|es el autor|lo hizo|esta detras|fabrico)\b"
        r"|\bchi (?:\w+ )?(?:ha|l'ha|e l'autore|c'e dietro)\b|\bquem (?:\w+ )?(?:fez|criou|manipulou"
        r"|esta por tras)\b"
        r"|\bwie (?:\w+ )?(?:heeft|zit erachter|maakte)\b|\bkto (?:\w+ )?(?:zrobil|stworzyl|jest autorem|to zrobil"
        r"|stoi)\b"
        r"|\b(?:mit|avec) (?:welche\w+|quel\w*) (?:\w+ ){0,2}(?:software|programm|programme|logiciel|tool|outil)"
        r"|\bcon (?:que|quale) (?:software|programa|programma)\b|\bcreator\b|\bmastermind\b",
    ),
    (
        Topic.INTENT,
        r"\b(?:is|was|are|were|isn't) (?:he|she|they|it|this (?:man|woman|person|guy|politician)"
        r"|the (?:\w+ )?(?:man|woman|person|guy|speaker|politician|senator|minister|president|ceo)|that (?:man"
        r"|woman|person|guy)|somebody|anyone)"
        r" (?:\w+ )?(?:lying|honest|sincere|truthful|trustworthy|guilty|deceiving|deceptive|sober|drunk|nervous"
        r"|a liar|telling|angry|evil|innocent)\b|\b(?:a )?liars?\b|\btell(?:ing|s)? the truth\b"
        r"|\b(?:does|do|did) (?:he|she|they) (?:lie|mean it|believe)\b|\b(?:intent|intention|intentional\w*|motive"
        r"|purpose|malicious\w*|deliberate\w*)\b|\bwhy (?:did|would|does) (?:he|she|they|someone|somebody|anyone"
        r"|the \w+er) (?:\w+ )?(?:do|make|fake|create|post|lie|say|want|upload)\b"
        r"|\bcriminals?\b|\bguilty\b|\bscam\w*\b|\bfraud\w*|\bpropaganda\b|\blug(?:t|en|ner)\b|\bluegt\b"
        r"|\bsagt (?:er|sie) die wahrheit\b|\bment(?:-il|-elle|eur|euse)\b|\b(?:il|elle|est-ce qu'il"
        r"|est-ce qu'elle) ment\b|\bdit(?:-il|-elle) la verite\b"
        r"|\bdit la verite\b|\bmiente\b|\bmintiendo\b|\bmentiros[oa]\b|\bdice la verdad\b|\b(?:sta )?mentendo\b"
        r"|\bbugiard[oa]\b|\bdice la verita\b|\bmentindo\b|\bmentiros[oa]\b|\bliegt (?:hij|ze|zij|die|de man"
        r"|de vrouw)\b|\bleugenaar\b|\bklamie\b|\bklamca\b",
    ),
    (
        Topic.ADVICE,
        r"\bshould (?:i|we|you|they|he|she)\b|\b(?:can|may|could|must) (?:i|we) (?:\w+ )?(?:publish|post|share|sue"
        r"|use (?:it|this)|air|broadcast|report (?:it|this|him|her|them)|arrest|fire|accuse|print|run (?:it"
        r"|this))\b|\b(?:legal\w*|court|lawsuit|sue|lawyer|police|admissible|judge)\b"
        r"|\b(?:safe|ok|okay|fine|wise) (?:to|for us to) (?:publish|share|post|use|air|run)\b|\bwhat (?:should|do"
        r"|can) (?:i|we) do (?:now|next|with|about)?\b|\bwhat(?:'s| is) next\b|\byour (?:advice|recommendation"
        r"|opinion)\b|\brecommend\b|\badvise\b"
        r"|\bsoll(?:te|en)? (?:ich|wir)\b|\b(?:darf|kann) ich (?:\w+ ){0,3}(?:veroffentlichen|teilen|posten)"
        r"|\bveroffentlich\w+|\b(?:dois|devrais)-?(?: ?je)\b|\bdevrions\b|\b(?:puis-je|peut-on"
        r"|je peux) (?:\w+ ){0,2}(?:publier|partager)\b|\b(?:debo|deberia|deberiamos|puedo publicar"
        r"|puedo compartir)\b"
        r"|\b(?:devo|dovrei|dovremmo|posso (?:pubblicar\w+|condivider\w+|publicar|partilhar))\b|\bmoet ik\b"
        r"|\bczy powini\w+\b|\bmog[ea] (?:to )?(?:opublikowac|udostepnic)\b",
    ),
    (
        Topic.PLACE,
        r"\b(?:where|when|what (?:year|date|day)|in which (?:year|city|country)) (?:was|were|is"
        r"|did) (?:\w+ ){0,3}(?:filmed|recorded|shot|taken|captured|published|posted|uploaded|happen|film|record)\b"
        r"|\b(?:where|which (?:place|city|country)) (?:does|did|do) (?:\w+ ){0,3}come from\b"
        r"|\b(?:original (?:video|source|file|footage|clip|version)|the (?:source|origin|provenance)|origin(?:s"
        r"|ated?)?)\b|\b(?:location|city|country)\b|\bwo wurde\b|\bwann wurde (?:das|es|dieses|der"
        r"|die) (?:\w+ ){0,2}(?:aufgenommen|gefilmt|gedreht)|\baufgenommen\b|\bwoher\b|\b(?:ou|quand) (?:a"
        r"|ont)\b.*\b(?:film|tourn|enregistr)\w*|\bd'ou vient\b"
        r"|\b(?:donde|cuando) (?:se )?(?:grab|film|fue)\w*|\bde donde (?:viene|es|sale)\b|\b(?:dove"
        r"|quando) e stat[oa] (?:girat|filmat|registrat|ripres)\w+|\bda dove viene\b|\b(?:onde"
        r"|quando) foi (?:gravad|filmad)\w+|\bwaar (?:is|werd) (?:\w+ ){0,2}(?:gefilmd|opgenomen)"
        r"|\bgdzie (?:\w+ )?(?:nagran|nakrecon)\w+",
    ),
    (
        Topic.WORDS,
        r"\bwhat (?:does|did|do|is|was|are|were) (?:he|she|they|the (?:speaker|person|man|woman|voice|people)|it"
        r"|this person|said|being said) ?(?:\w+ )?(?:say|says|saying|said|talk\w*|speak\w*|claim\w*|mean by)\b"
        r"|\bwhat(?:'s| is| was) (?:being )?said\b|\btranscri\w+|\btranslat\w+|\bsubtitles?\b"
        r"|\b(?:what|which) languages? (?:is|are|does|do|was) (?:he|she|it|they|the|spoken|being)\b|\bwhat (?:is"
        r"|was) (?:the |this )?(?:video|clip|film|recording|footage|he|she|it) (?:\w+ )?(?:about|talking about)\b"
        r"|\bwhat happens in\b|\bdescribe (?:the )?(?:video|scene|clip|image|picture)\b"
        r"|\bwas sagt\b|\bworuber (?:spricht|redet)\b|\bworum geht\b|\bque dit\b|\bde quoi parle\b|\bque dice\b"
        r"|\bde que habla\b|\bcosa dice\b|\bdi cosa parla\b|\bo que (?:ele|ela) diz\b|\bwat zegt\b|\bco (?:on "
        r"|ona )?mowi\b|\bis (?:it|what (?:he|she) says?) true\b|\bfact-?check\b|\bare the (?:words|claims)\b",
    ),
    (
        Topic.PERSON,
        r"\bwho(?:'s| is| are| was) (?:this|that|it|he|she|the (?:man|woman|person|speaker|guy|people|actor)"
        r"|in (?:the|this)|speaking|talking|these|they|those|on)\b(?! (?:\w+ )?(?:fake|manipulated|altered"
        r"|swapped))|\bwhose (?:face|voice|video|head|body)\b|\b(?:name|identity|age|gender|nationality|race"
        r"|ethnicity) of\b|\b(?:his|her|their) (?:name|identity|age)\b"
        r"|\bhow old\b|\bidentif(?:y|ied) (?:the|this|him|her|them|who)\b|\brecogni[sz]e\b|\bwer ist\b|\bwer sind\b"
        r"|\bwessen\b|\bwie heisst (?:er|sie|die person|der)\b|\bqui est\b|\bqui parle\b|\bcomment s'appelle\b"
        r"|\bquien es\b|\bquien habla\b|\bde quien\b|\bcomo se llama\b|\bchi e\b(?! l'autore)|\bchi parla\b"
        r"|\bdi chi\b|\bquem e\b|\bwie is (?:dit|dat|deze|die|de)\b|\bkto to (?:jest)?\b|\bis (?:this|that|it|he"
        r"|she) (?:really )?(?:obama|trump|biden|putin|zelensky|musk|taylor|tom|elon|angela|merkel|macron"
        r"|the (?:president|chancellor|king|queen|pope|ceo|minister))\b",
    ),
    (
        Topic.BLIND,
        r"\blip[- ]?sync\w*|\blips? (?:\w+ ){0,3}(?:match\w*|sync\w*|movement\w*|move\w*|fit)\b|\b(?:match"
        r"|in sync with|fit) (?:\w+ ){0,3}lips?\b|\bin sync\b|\b(?:jump[- ])?cuts?\b|\bsplic\w+|\btrimmed\b"
        r"|\bedited out\b|\bre-?order\w*|\bbackgrounds?\b|\bout of context\b|\bcaptions?\b|\bheadline true\b"
        r"|\bcontext\b"
        r"|\blippen (?:\w+ ){0,3}(?:synchron|pass)\w*|\bgeschnitten\b|\bschnitt\w*|\bhintergrund\w*|\bsynchro\w*"
        r"|\bmontage\b|\barriere-plan\b|\bcort(?:ado|es)\b|\bfondo\b|\bsfondo\b|\bpodklad\w*|\bshadows?\b"
        r"|\blighting\b|\bhands?\b|\bfingers?\b|\bwatermark\w*|\bobjects?\b|\btext in the\b|\breal place\b"
        r"|\bentirely (?:generated|ai)\b",
    ),
    (
        Topic.MEDIA,
        r"\bhow long (?:is|was|does|are) (?:the|this|that|my|it)(?: whole| entire| full)? ?(?:video|clip|file"
        r"|recording|audio|footage|film|last|image)?(?: last| long)?\s*\??$|\b(?:duration|length) of (?:the|this"
        r"|my) (?:video|clip|file|recording|audio)\b|\b(?:video|clip|file) (?:length|duration|size|resolution"
        r"|format)\b|\bresolution\b|\bcodecs?\b|\bframe ?rate\b|\bfps\b|\bhow (?:big|large|heavy) is\b"
        r"|\bfile ?(?:size|type)\b|\bmegabytes?\b|\bdimensions\b|\bpixels? (?:size|wide)\b|\bcontainer\b"
        r"|\bwhat (?:kind|type|sort) of file\b"
        r"|\b(?:does|did) (?:it|this|the (?:video|file|clip)) (?:even )?(?:have|contain) (?:any )?(?:sound|audio"
        r"|a picture|a sound ?track|a voice)\b|\bis there (?:any )?(?:sound|audio)\b|\bhas (?:it )?(?:sound"
        r"|audio)\b|\bwie lang(?:e)? (?:ist|dauert)\b|\bauflosung\b|\bdateigro\w+|\bhat (?:das video|die datei"
        r"|es) (?:\w+ )?ton\b|\bcombien de temps dure\b|\bduree\b|\bquelle est la (?:taille|definition)\b"
        r"|\bcuanto dura\b|\bduracion\b|\bresolucion\b|\bquanto (?:dura|e lungo)\b|\bdurata\b|\brisoluzione\b"
        r"|\bquanto tempo (?:dura|tem)\b|\bduracao\b|\bhoe lang (?:is|duurt)\b|\bjak dlugi?e?\b|\btiene (?:sonido"
        r"|audio)\b|\ba-t-elle du son\b|\bmetadata\b",
    ),
    (
        Topic.AGAIN,
        r"\bre-?(?:analy[sz]\w*|check|run|examin\w+|scan|test|do)\b|\b(?:analy[sz]e|check|look|run|examine|scan"
        r"|test|try|go over|listen|do)(?: \w+){0,6} (?:again|once more|one more time|anew|a second time)\b|\b(?:new"
        r"|another|second|fresh|deeper|closer|further) (?:analysis|look|run|examination|check|scan)\b"
        r"|\blook (?:closer|harder|more closely|more carefully)\b|\b(?:analy[sz]e|examine|check|scan"
        r"|inspect) (?:only|just)\b|\b(?:only|just) (?:analy[sz]e|examine|check|scan|inspect)\b|\bfocus on\b"
        r"|\bzoom in\b"
        r"|\b(?:please |can you |could you |now )?(?:analy[sz]e|examine|scan|inspect) (?:the )?(?:faces?|voice"
        r"|sound|audio|picture|second|first|part|section|stretch|seconds|region|from|between)\b"
        r"|\bmore (?:thorough\w*|carefully|closely|frames)\b|\b(?:start|run|make|launch|do) (?:a|an|another"
        r"|the) (?:\w+ )?(?:analysis|examination)\b"
        r"|\b(?:noch ?mal|nochmals|erneut|neue analyse|genauer hin)\b|\b(?:a nouveau|de nouveau|encore une fois"
        r"|relanc\w+|reanalys\w+|nouvelle analyse)\b|\b(?:otra vez|de nuevo|nuevamente|reanaliz\w+|nuevo analisis"
        r"|vuelve a)\b|\b(?:di nuovo|ancora una volta|rianalizz\w+|nuova analisi)\b|\b(?:de novo|novamente"
        r"|outra vez|nova analise|reanalis\w+)\b|\b(?:opnieuw|nog een keer|nog eens)\b|\b(?:ponownie|jeszcze raz"
        r"|nowa analiz\w+)\b",
    ),
    (
        Topic.COMPARE,
        r"\bcompar\w+|\bdifference between\b|\bvergleich\w*|\bconfront\w*|\bvergelijk\w*|\bporown\w*|\b(?:which"
        r"|what) (?:one|of (?:them|the (?:two|both|files|videos|clips|three))|(?:of the )?(?:two )?(?:file|video"
        r"|clip|recording)s?) (?:\w+ ){0,4}(?:more|most|higher|highest|worse|worst|fake|likely|real|manipulated"
        r"|suspicious|score)\b|\b(?:are|is|were) both\b|\bboth (?:videos|files|clips|recordings|of them)\b"
        r"|\bmore (?:fake|manipulated|likely|suspicious|real)\w* than\b|\bversus\b|\bvs\.?\b"
        r"|\bwelche[sr]? (?:von beiden|der beiden|video|datei)\b|\blequel\b|\blaquelle\b|\bcual de (?:los|las)\b"
        r"|\bquale dei\b|\bside by side\b|\bthe other (?:video|file|clip)\b",
    ),
    (
        Topic.CAPABILITIES,
        r"\bwhat (?:can|could|do|else can|all can) (?:you|u|i ask|this|the (?:service|tool))\b(?!.*\b(?:see|say"
        r"|tell) (?:me )?about (?:the|this))(?! (?:think|mean|base|find|make|know|do with|say|conclude|see|hear))"
        r"|\bwhat (?:questions )?can i ask\b|^help\b|\bhow does (?:this|it|deepwitness|the (?:service|tool"
        r"|thing)) work\b|\bwho are you\b|\bwhat are you\b|\bwhat is (?:this|deepwitness)\b|\bare you (?:a "
        r"|an )?(?:bot|ai|human|robot)\b|\byour (?:capabilities|features|abilities)\b|\bwhat do you (?:do|check for"
        r"|detect|look for)\b|\bcan you (?:check|detect|analy[sz]e|examine|spot|recogni[sz]e) (?:a |an "
        r"|any )?(?:photos?|images?|pictures?|audio files?|videos?|voices?|deepfakes?|recordings?|podcasts?"
        r"|songs?)\b"
        r"|\bwas kannst du\b|\bwas konnen sie\b|\bwas kann (?:man|ich)\b|\bwas machst du\b|\bhilfe\b"
        r"|\bwas pruf(?:st|en) (?:du|sie)\b|\bque (?:peux|sais)-tu\b|\bque pouvez-vous\b|\baide\b|\bque (?:puedes"
        r"|sabes) (?:hacer|comprobar|revisar|analizar)\b|\bayuda\b|\bque haces\b|\bcosa (?:puoi|sai) \w+\b"
        r"|\baiuto\b|\bo que (?:voce |tu )?(?:pode|podes|consegue\w*|sabe\w*) \w+\b|\bajuda\b|\bwat kun je\b"
        r"|\bwat doe je\b|\bco (?:potrafisz|umiesz|mozesz)\b|\bpomoc\b",
    ),
    (
        Topic.FORMATS,
        r"\b(?:which|what) (?:\w+ )?(?:formats?|file ?types?|files|extensions?)\b|\bsupported\b|\bformats?\b"
        r"|\b(?:mp4|mov|avi|webm|wav|mp3|jpe?g|png|heic|gif)\b|\bhow (?:do|can) i upload\b|\b(?:dateiformat\w*"
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
        r"|just )?(?:be )?(?:wrong|mistaken|incorrect|off)\b|\bhow (?:good|precise|often|well) (?:is|are|does"
        r"|do)\b(?! .*\bquality\b)|\bweak(?:ness\w*|est|\b)|\bassum\w+|\bproofs?\b|\bproven?\b|\bproves?\b"
        r"|\bmisclassif\w+|\bfail(?:ure)?s? (?:rate|cases)\b|\bcaveats?\b|\bhow (?:much )?(?:can|should|do) (?:i"
        r"|we) (?:trust|rely|believe)\b|\brobust\w*"
        r"|\bfehler\w*|\bzuverlassig\w*|\bverlasslich\w*|\bvertrau\w+|\birr(?:t|en|tum)\w*|\bbeweis\w*"
        r"|\bschwachste\w*|\bschwache\w*|\bfiab\w+|\berreurs?\b|\btromp\w+|\bpreuves?\b|\bconfiable\w*|\bfiables?\b"
        r"|\berror(?:es)?\b|\bequivoc\w+|\bpruebas?\b|\baffidabil\w*|\bsbagli\w+|\berrori?\b|\bprova\b"
        r"|\bconfiavel\b|\berros?\b|\benganad\w+|\bbetrouwbaar\w*|\bfout(?:en)?\b|\bvergis\w*|\bwiarygodn\w+"
        r"|\bblad\w*|\bbled\w*|\bmyli\w*|\bpewne\?",
    ),
    (
        Topic.UNEXAMINED,
        r"\b(?:not|n't|never|nothing|without|un)(?:-| )?(?:\w+ ){0,4}(?:check\w*|examin\w*|analy[sz]\w*|look\w*"
        r"|cover\w*|test\w*|inspect\w*|includ\w*|consider\w*|assess\w*|scann\w*|verif\w*)"
        r"|\bn't (?:you )?(?:\w+ ){0,3}(?:check|examine|analy[sz]e|look|cover|test|see)\b|\b(?:left out|skipped"
        r"|missed|missing|unexamined|unchecked|untested|ignored|omitted|overlooked|excluded)\b|\bblind spots?\b"
        r"|\blimitations?\b|\blimits\b|\bgaps?\b|\b(?:can|could)(?:'t|not) you (?:see|check|detect|tell)\b"
        r"|\bwhat (?:can|could|did|do) you (?:not|miss)\b"
        r"|\bnicht (?:\w+ ){0,3}(?:gepruf\w*|untersuch\w*|analysier\w*|angeschaut|angesehen|uberpruf\w*|betrachtet)"
        r"|\bungepruft\w*|\bausgelassen\b|\bgrenzen\b|\b(?:pas|non) (?:\w+ ){0,2}(?:verif\w*|examin\w*|analys\w*"
        r"|control\w*|regard\w*)|\bno (?:\w+ ){0,3}(?:revis\w*|examin\w*|analiz\w*|comprob\w*|mir\w*|verific\w*)"
        r"|\bsin (?:revisar|examinar|analizar)\b|\bnon (?:\w+ ){0,3}(?:controll\w*|esamin\w*|analizz\w*|guard\w*"
        r"|verific\w*)|\bnao (?:\w+ ){0,3}(?:verific\w*|examin\w*|analis\w*)|\bniet (?:\w+ ){0,3}(?:gecontroleerd"
        r"|onderzocht|bekeken|geanalyseerd|gecheckt)|\bnie (?:\w+ ){0,3}(?:sprawdz\w*|zbada\w*|analiz\w*"
        r"|przebada\w*)",
    ),
    (
        Topic.THRESHOLDS,
        r"\bthresholds?\b|\bcut-?offs?\b|\bcounts? as (?:fake|real|manipulated)\b|\b(?:from|at|above"
        r"|below) (?:which|what) (?:score|value|percent\w*|number)\b|\bwhen (?:is|does) (?:something|a (?:video"
        r"|file|score)) (?:\w+ )?(?:count|considered|called)\w*\b|\bwhere (?:do you|is the"
        r"|'s the) (?:draw )?(?:the )?line\b|\bschwell\w*|\bgrenzwert\w*|\bab (?:wann|welche\w+ wert"
        r"|wieviel prozent) gilt\b|\bseuils?\b|\bumbral\w*|\bsogli[ae]\b|\blimiar\w*|\bdrempel\w*|\bprog(?:u|i|iem"
        r"|ow|owa)\b|\bwhat score (?:is|would|do)\b|\bborderline\b",
    ),
    (
        Topic.WEIGHTS,
        r"\bweigh\w*|\bcontribut\w+|\bhow much (?:did|does|do|of) (?:the )?(?:\w+ )?(?:voice|faces?|audio|sound"
        r"|picture|visual|verdict)\b(?!.*\bspeech\b)|\bfusion\b|\bcombin\w+|\bgewicht\w*|\bpoids\b|\bponder\w*"
        r"|\bpes[oa]n?\b|\bgewogen\b|\bweegt\b|\bwag[aie]\b|\bmatters? more\b|\brel(?:y|ies|ied) (?:more|mostly"
        r"|mainly|only)\b|\bbased (?:more|mostly|mainly|only) on\b|\brests? on\b|\bdecisive\b|\b(?:picture|faces?"
        r"|voice|audio|sound) or (?:the )?(?:picture|faces?|voice|audio|sound)\b|\bdisagree\w*|\bcontradict\w*"
        r"|\bagree\b",
    ),
    (
        Topic.MODELS,
        r"\bwhich (?:\w+ )?(?:models?|detectors?|networks?|versions?|algorithms?|software|llm|ai)\b"
        r"|\bwhat (?:\w+ )?(?:models?|detectors?|networks?|versions?|algorithms?|software|llm)\b|\bmodels?\b"
        r"|\bdetectors?\b|\bversions?\b|\bsha-?256\b|\bhash(?:es)?\b|\bchecksum\w*|\bfingerprint\b"
        r"|\bhow long did (?:it|the analysis|that|this|you) (?:take|need|run)\b|\b(?:processing|computing"
        r"|analysis) time\b|\bhow (?:fast|quick)\w*\b|\bpipeline\b|\bneural\b|\b(?:written|worded) by\b"
        r"|\bdigest\w*\b|\bmodell\w*|\bmodeles?\b|\bmodelos?\b|\bmodelli?\b|\bwersj\w+|\bversione?\b|\bprufsumme\b"
        r"|\breproduc\w+|\bwie lange hat (?:es|die analyse)\b",
    ),
    (
        Topic.PLAN,
        r"\bplan\w*\b|\bwhy (?:did|do|were|was|have) (?:you|they|only|just|the) (?:\w+ )?(?:only |just )?(?:check"
        r"|look|examine|analy[sz]e|listen|skip)\w*|\bwhat (?:did|have|was|were|had) (?:you |been "
        r"|it )?(?:\w+ )?(?:check|examin|analy[sz]|look|inspect|test|cover)\w*|\b(?:my|the) instructions?\b"
        r"|\bbudget\b|\bhow did you (?:go about|proceed|analy[sz]e|examine|check)\b|\bwhat steps\b"
        r"|\bdid you (?:follow|obey|do what)\b|\bwas (?:alles |hast du |haben sie |wurde )+(?:\w+ )?(?:gepruf\w*"
        r"|untersuch\w*|analysier\w*)|\bqu'?(?:est-ce qu[ei]|as-tu|avez-vous) (?:\w+ ){0,4}(?:verifi|examin"
        r"|analys)\w*|\bque (?:has |se |ha )?(?:\w+ )?(?:revis|examin|analiz|comprob)\w*|\bcosa (?:hai "
        r"|e stato )?(?:controll|esamin|analizz)\w*|\bwat heb je (?:gecontroleerd|onderzocht|bekeken)"
        r"|\bco (?:zostalo |bylo )?(?:sprawdz|zbada)\w*",
    ),
    (
        Topic.COVERAGE,
        r"\b(?:how many|number of|amount of|count of) (?:\w+ ){0,3}(?:frames?|images|pictures|seconds|windows"
        r"|samples?)\b|\bhow (?:much|many \w+ of) (?:\w+ )?(?:speech|talking|voice|audio|footage|of (?:the"
        r"|it) (?:video|clip|recording|footage|file))\b|\b(?:percent\w*|share|proportion|fraction|part"
        r"|portion) of (?:the |all )?(?:\w+ )?(?:frames?|video|footage|speech|clip)\b|\bfake[ _]frames?\b"
        r"|\bframes? (?:are|were|is|did|contain|show|have|with|look|score)\b|\bseconds of speech\b|\bsampled\b"
        r"|\bcoverage\b|\bframes?\b"
        r"|\bwie ?viele? (?:\w+ )?(?:bilder|frames|einzelbilder|sekunden|prozent der)\b|\bcombien (?:d'"
        r"|de )(?:images?|secondes|trames)\b|\bcuant[oa]s (?:fotogramas|cuadros|frames|imagenes|segundos)\b"
        r"|\bquant[ei] (?:fotogrammi|frame|immagini|secondi)\b|\bquant[oa]s (?:quadros|frames|imagens|segundos)\b"
        r"|\bhoeveel (?:frames|beelden|seconden)\b|\bile (?:klatek|sekund)\b",
    ),
    (
        Topic.SUMMARY,
        r"\bsummar\w+|\boverview\b|\bin (?:short|brief|a nutshell|one sentence|a few words)\b|\btl;? ?dr\b"
        r"|\b(?:tell|show|give) me (?:all|everything|the (?:full|whole|complete|entire))\b|\beverything you\b"
        r"|\ball (?:the )?(?:details|findings|you (?:know|found))\b|\bfull (?:report|story|details|result)\b"
        r"|\bwhole (?:story|report)\b|\bfindings\b|\bwhat did you (?:find|see|discover|notice)\b"
        r"|\bwhat have you found\b|\brecap\b|\bbrief(?:ly|ing)? (?:me)?\b|\bread (?:me )?the report\b"
        r"|\bzusammenfass\w*|\bfass\w* .*zusammen\b|\buberblick\b|\bresum\w*|\briassum\w*|\briassunt\w*"
        r"|\bsamenvat\w*|\bpodsum\w*|\bwas (?:hast du|habt ihr|haben sie) (?:\w+ )?(?:gefunden|entdeckt)\b"
        r"|\bqu'avez-vous trouve\b|\bque encontr\w+|\bcosa hai trovato\b",
    ),
    (
        Topic.STRETCHES,
        r"\bwhen\b|\b(?:at )?what (?:time|times|point|second|minute|moment)s?\b|\btime ?stamps?\b|\b(?:which"
        r"|what) (?:\w+ )?(?:parts?|sections?|moments?|seconds?|segments?|stretch(?:es)?|scenes?|minutes?|passages?"
        r"|bits?|places?)(?! of (?:the|his|her|their) (?:face|head))\b|\bfrom when\b|\bhow long (?:is|does|was"
        r"|are) (?:\w+ )?(?:the )?(?:\w+ )?(?:fake|manipulat\w+|altered|segment|stretch|swap\w*)\b|\bsegments?\b"
        r"|\bstretch(?:es)?\b|\b(?:where|whereabouts)\b(?!.*\b(?:in|on) (?:the|his|her|their|my) face\b)"
        r"|\buntil when\b|\blongest\b|\btime ?line\b|\b(?:begin|start|stop|end)s?\b"
        r"|\bwann\b|\bwelche\w* (?:stelle\w*|abschnitt\w*|zeit\w*|sekunde\w*|teil\w*(?! des gesichts))\b"
        r"|\bab (?:wann|welcher)\b|\bwo (?!wurde)\b|\ban welcher stelle\b|\bquand\b|\ba quels? moments?\b"
        r"|\bquels? (?:passages?|moments?|parties|segments?)\b|\bou (?:est|sont|se|la|dans|exactement)\b|\bcuando\b"
        r"|\ben que (?:momento|parte|segundo|minuto)\w*\b|\bdonde\b|\bquando\b|\bin (?:quale|che) (?:momento|punto"
        r"|parte)\b|\ba (?:che|quale) (?:minuto|secondo|punto)\b|\bdove\b|\bonde\b|\bem que (?:momento|parte"
        r"|segundo)\b|\bwanneer\b|\bwaar\b|\bwelk(?:e)? (?:deel|stuk|moment|fragment)\w*\b|\bkiedy\b"
        r"|\bw ktorym momencie\b|\bgdzie\b|\bktor[ya] (?:fragment|czesc)\b",
    ),
    (
        Topic.REGION,
        r"\bheat[- ]?maps?\b|\b(?:which|what) (?:\w+ )?(?:parts?|regions?|areas?|bits?|features?) of (?:the|his|her"
        r"|their|this|that|my|face|each)\b|\bwhere (?:\w+ ){0,4}(?:in|on) (?:the|his|her|their|which) (?:face"
        r"|head)\b|\bfacial (?:region|area|feature|part)s?\b|\bregions?\b|\bmaps?\b|\bgrad-?cam\b|\bhighlight\w*"
        r"|\bred (?:area|spot|zone)\w*|\b(?:teil|bereich|region|stelle)\w* (?:des|im) gesicht\w*|\b(?:partie|zone"
        r"|region) du visage\b|\b(?:parte|zona|region) (?:de la cara|del rostro|de su cara)\b|\b(?:parte|zona"
        r"|regione) del (?:viso|volto)\b|\b(?:parte|zona|regiao) do rosto\b|\bdeel van het gezicht\b"
        r"|\bczesc twarzy\b|\bwarmebild\w*|\bcarte de chaleur\b|\bmapa de calor\b|\bmappa di calore\b|\bheat ?map\b",
    ),
    (
        Topic.WHY,
        r"\bwhy\b|\bhow come\b|\bwhat (?:makes|made|led|leads|convinced|supports?|speaks|points|indicates?|shows?"
        r"|gave|tells)\b|\breasons?\b|\breasoning\b|\brationale\b|\bhow (?:do|did|can|could|would) (?:you|it|they"
        r"|we|the \w+) (?:\w+ )?(?:know|tell|conclude|decide|see|find|figure|determine|arrive|come to|detect"
        r"|get)\w*|\bexplain\b|\bexplanation\b|\bevidence\b|\bbased on\b|\bbasis\b|\bjustif\w+|\bclues?\b"
        r"|\bsigns?\b|\bindicat\w+|\bgrounds\b|\bgave (?:it|him|her) away\b|\bwhat(?:'s| is) (?:wrong|suspicious"
        r"|off|odd|strange) (?:with|about)\b"
        r"|\bwarum\b|\bwieso\b|\bweshalb\b|\bworan\b|\bgrund\b|\bgrunde\b|\bbegrund\w+|\berklar\w+|\banzeichen\b"
        r"|\bpourquoi\b|\braisons?\b|\bexpliqu\w+|\bindices?\b|\bpor que\b|\brazon(?:es)?\b|\bexplica\w*|\bperche\b"
        r"|\bmotiv[oi]\b|\bspiega\w*|\bcome (?:fai|sai|lo sai)\b|\bporque\b|\brazao\b|\bwaarom\b|\bhoe (?:weet"
        r"|kom) je\b|\bleg uit\b|\bdlaczego\b|\bpowod\w*|\buzasadni\w*|\bskad wiesz\b",
    ),
    (
        Topic.CERTAINTY,
        r"\b(?:sure|certain(?:ty)?|uncertain\w*)\b|\bconfiden\w+|\bprobab\w+|\blikel\w+|\bscor(?:e|es|ed|ing)\b"
        r"|\bper ?cent\w*\b|\bhow (?:strong|convinced|fake|real|clear|bad|manipulated|much|synthetic|high|low"
        r"|close)\b|\bchances?\b|\bodds\b|\bratings?\b|\brating\b|\blevel\b|%"
        r"|\bsicher\w*\b|\bwahrscheinlich\w*|\bpunktzahl\b|\bwert\b|\bprozent\w*\b|\b(?:es-tu|etes-vous) sur\w*\b"
        r"|\bsure?s?\b|\bcertain\w*\b|\bprobabilit\w+|\bpourcentage\b|\bsegur[oa]s?\b|\bcertez[az]\b|\bconfianza\b"
        r"|\bprobabil\w+|\bporcentaje\b|\bpuntuacion\b|\bpuntaje\b|\bsicur[oai]\b|\bcert[oai]\b|\bcertezza\b"
        r"|\bpunteggio\b|\bpercentuale\b|\bquanto\b|\bcert[oa]\b|\bconfianca\b|\bpontuacao\b|\bzeker\b"
        r"|\bwaarschijnlijk\w*|\bkans\b|\bpewn\w+|\bprawdopodob\w+|\bwynik\b|\bprocent\w*\b|\bje (?:sur|certain)\b",
    ),
    (
        Topic.FACES,
        r"\bhow many (?:\w+ )?(?:faces?|people|persons?|individuals|men|women|characters)\b|\b(?:which|what"
        r"|whose) (?:\w+ )?(?:faces?|person|one|man|woman|people|individual|guy)\b|\bwho (?:\w+ )?(?:is|was|'s|are"
        r"|were|has|looks?) (?:\w+ )?(?:fake|manipulated|altered|swapped|real|the fake|suspicious)\b|\bfaces?\b"
        r"|\bpersons?\b|\bpeople\b|\banyone\b|\bsomeone\b|\b(?:man|woman|guy|lady|actor|actress|boy|girl)\b"
        r"|\bgesicht\w*|\bperson\w*\b|\bvisages?\b|\bcaras?\b|\brostros?\b|\bvis[oi]\b|\bvolt[oi]\b|\bfacci[ae]\b"
        r"|\brostos?\b|\bpessoas?\b|\bgezicht\w*|\bpersoon\b|\btwarz\w*|\bosob\w+|\bpicture\b|\bbild\b"
        r"|\bface ?swap\w*\b|\bswapped\b|\bvisual(?:s|ly)?\b",
    ),
    (
        Topic.VOICE,
        r"\bvoices?\b|\baudio\b|\bsound\w*\b|\bspeech\b|\bspeak\w*\b|\bspoken\b|\bcloned?\b|\btts\b"
        r"|\btext[- ]to[- ]speech\b|\bstimme\w*|\bton\b|\btonspur\b|\bvoix\b|\bson\b|\bvoz\b|\bvoces\b|\bsonido\b"
        r"|\bvoc[ei]\b|\bsuono\b|\bsom\b|\bstem\b|\bgeluid\b|\bglos\w*\b|\bdzwiek\w*\b|\bspectrogram\w*\b|\bpitch\b"
        r"|\bfrequenc\w+\b|\bmusic\b|\bhz\b",
    ),
    (
        Topic.VERDICT,
        r"\bfak(?:e|ed|ery|es|ing)\b|\breal\b|\bgenuine\w*\b|\bauthentic\w*\b|\bdeep ?fak\w+|\bmanipulat\w+"
        r"|\baltered\b|\btamper\w+|\bdoctored\b|\bverdict\b|\bresults?\b|\bconclusions?\b|\bconclude\b|\boutcome\b"
        r"|\btrust\w*\b|\blegit\w*\b|\bai\b|\bgenerated\b|\bedited\b|\bsynthetic\w*\b|\bbelieve\b|\bforged?\b"
        r"|\bphotoshop\w*\b|\btrue\b|\bphon(?:y|ey)\b|\bbogus\b|\bhoax\b|\bsuspicious\b|\bclean\b|\buntouched\b"
        r"|\bok\b|\binconclusive\b|\bwhat do you think\b|\bso\?*$"
        r"|\becht\w*\b|\bgefalscht\w*\b|\bfalsch\b|\bfalschung\w*\b|\bergebnis\w*\b|\burteil\b|\bmanipulier\w+"
        r"|\bvrai\w*\b|\bfaux\b|\bfausse\b|\btruqu\w+|\bresultats?\b|\bauthentique\b|\bfals[oa]s?\b"
        r"|\bverdader[oa]\b|\bautentic[oa]\b|\bresultado\b|\bveredicto\b|\breales?\b|\bver[oa]\b|\brisultato\b"
        r"|\bverdetto\b|\bmanipolat\w+|\bfalsificat\w+|\bverdadeir[oa]\b|\bmanipulad[oa]s?\b|\bnep\w*\b|\buitslag\b"
        r"|\bgemanipuleerd\b|\bprawdziw\w+|\bfalszyw\w+|\bsfalszowan\w+|\bzmanipulowan\w+|\bwerdykt\b"
        r"|\bprzerobion\w+",
    ),
)
