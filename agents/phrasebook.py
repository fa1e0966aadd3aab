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
        r"|guidelines?|above|evidence|thresholds?|verdict|everything)\b|\bsystem[ _-]?prompt\b|\b(?:your|the|hidden"
        r"|initial|developer) (?:prompt|instructions|rules)\b|\byou are (?:now|no longer)\b|\bpretend\b|\bact as\b"
        r"|\brole-?play\b|\bjailbreak\b|\bdeveloper mode\b|\bdan mode\b"
        r"|(?<!safe to )(?<!can we )(?<!can i )(?<!fair to )(?<!you )(?<!they )(?<!it )(?<!does )(?<!did )"
        r"(?<!would )(?<!report )(?<!people )\b(?:just )?(?:say|write|answer|report|tell (?:me|them|everyone)|claim"
        r"|reply|respond|output|print)(?: me)? (?:only )?(?:that )?(?:it|this|the (?:video|file|verdict))?(?:'?s"
        r"| is| was)? ?(?:\"|')?(?:real|fake|authentic|genuine|clean|manipulated)\b|\b(?:change|set|flip|edit|alter"
        r"|update|overwrite|switch|raise|lower|fix) (?:the|your|this|that|its|my|all) (?:\w+ )?(?:verdict|score"
        r"|result|threshold|evidence|outcome|report)\w*|\b(?:make|mark) (?:it|this|the \w+) (?:as )?(?:real|fake"
        r"|genuine|authentic|inconclusive)\b|\b(?:verdict|score|result|threshold) (?:to|=|:=) ?\"?(?:real|fake|\d)"
        r"|\b(?:other|another|all|every|someone else'?s?|somebody else'?s?|else'?s) (?:user|customer|client"
        r"|owner)'?s?\b|\b(?:other|another|someone|somebody|everybody|everyone)(?: else)?'?s? (?:analys\w+|uploads?"
        r"|files?|conversations?|reports?|videos?)\b|\b(?:someone|somebody|everyone) else'?s\b|\ban_[0-9a-f]{4,}"
        r"|\bcv_[0-9a-f]{4,}|\bdelete\b|\bdrop table\b|\bselect \*|\bapi[ _-]?keys?\b|\bpasswords?\b|\b(?:env"
        r"|environment) variables?\b|\bsecrets?\b|<\/?(?:system|untrusted|tool|script)|\[(?:system|inst)|\bsystem:"
        r"|\bassistant:|\bignorier\w*|\bignorez?\b|\bignora\w*\b|\bzignoruj\w*|\bnegeer\b|\bvergiss (?:deine|alle)"
        r"|\boublie (?:tes|toutes)|\bolvida (?:tus|las|todas)|\bdimentica (?:le|tutte)|\bsag(?:e"
        r"|t)? (?:einfach )?(?:dass )?(?:es|das video)? ?(?:ist |sei )?echt\b|\b(?:dis|dites) (?:que )?(?:c'est"
        r"|la video est) (?:vrai|reel)|\bdi que (?:es|el video es) (?:real|verdader\w+)|\bbase64\b|\brot13\b"
        r"|\bcurl\b|\bos\.system\b|\bexec(?:ute)?\b \w+|\bcall (?:the )?\w+ tool\b|\buse (?:the )?\w+ tool\b"
        r"|\btool_call\b|\bmust (?:say|answer|report|output)\b|\bsudo\b|\badmin(?:istrator)?\b|\bdebug mode\b"
        r"|\brm -rf\b|\b(?:repeat|print|show|reveal|output) (?:me )?(?:the |all )?(?:\w+ )?(?:text|words|everything"
        r"|lines?|instructions?|prompt) above\b|\bas (?:an? )?(?:admin|root|developer|owner|your creator)\b"
        r"|\bi (?:order|command) you\b",
    ),
    (
        Topic.TERM,
        r"\bwhat (?:does|do|is meant by|is the meaning of)\b.*\bmeans?\b|\bwhat is meant\b|\bmeaning of\b"
        r"|\bdefin(?:e|ition)\b|\bwhat(?:'s| is| are) an? \b|\bexplain (?:the (?:term|word)|what an?)\b"
        r"|\bexplain (?:shap|grad-?cam|calibration|occlusion|heat ?maps?)\b|\bwhat(?:'s| is) (?:shap|grad-?cam"
        r"|calibration|occlusion|p_?fake|sha-?256|c2pa|fusion|faithfulness)\b|\bwas (?:bedeutet|heisst|ist (?:ein"
        r"|eine|denn ein\w*|mit))\b|\bwas versteht man\b|\bque (?:signifie|veut dire)\b|\bqu'?est[- ]ce qu'?(?:e"
        r"|une?)\b|\bque significa\b|\bque es (?:un|una)\b|\bcosa (?:significa|vuol dire)\b|\b(?:che )?cos'?e (?:un"
        r"|una)\b|\bo que (?:significa|e um|e uma)\b|\bwat (?:betekent|is een)\b|\bco (?:znaczy|oznacza|to jest)\b"
        r"|\bhow do (?:i|you) read (?:a|the) (?:heat ?map|spectrogram)\b",
    ),
    (
        Topic.AUTHOR,
        r"\bwho (?:\w+ )?(?:made|make|makes|created|did|faked|produced|manipulated|edited|is behind|'s behind"
        r"|uploaded|generated|forged|doctored|altered|posted|sent|shared|recorded|filmed|shot|paid|swapped|cloned"
        r"|published)\b|\bwho(?:'s| is| was) (?:the )?(?:author|creator|maker|culprit|responsible|forger|uploader"
        r"|behind)\b|\bby whom\b|\b(?:which|what) (?:\w+ ){0,2}(?:software|tool|program|app|generator|technique"
        r"|method|algorithm|technology|ai) (?!(?:do|did|are|have) you)(?:\w+ ){0,3}(?:made|make|used|use|created"
        r"|create|generated|generate|fake|faked|produce|produced|swap|swapped|clone|cloned|manipulate"
        r"|manipulated)\b|\b(?:made|created|generated|faked|swapped|cloned|manipulated|produced) (?:with|using|by"
        r"|in) (?:which|what|whom|photoshop|adobe|deepfacelab|sora|midjourney|elevenlabs|after effects|runway"
        r"|faceapp)\b|\bhow (?:was|were|did) (?:it|this|the \w+|they|he|she) (?:\w+ ){0,2}(?:made|faked|create"
        r"|created|do it|done|fake|swapped|cloned|manipulated|produced|generated|make)\b|\bwer (?:\w+ )?(?:hat"
        r"|steckt|ist der (?:urheber|autor|tater)|war das)\b|\bvon wem\b|\bqui (?:\w+ )?(?:a|ont|est (?:l'auteur"
        r"|derriere|responsable))\b|\bpar qui\b|\bquien (?:\w+ )?(?:hizo|creo|ha|manipulo|es el autor|lo hizo"
        r"|esta detras|fabrico)\b|\bchi (?:\w+ )?(?:ha|l'ha|e l'autore|c'e dietro)\b|\bquem (?:\w+ )?(?:fez|criou"
        r"|manipulou|esta por tras)\b|\bwie (?:\w+ )?(?:heeft|zit erachter|maakte)\b|\bkto (?:\w+ )?(?:zrobil"
        r"|stworzyl|jest autorem|to zrobil|stoi)\b|\b(?:mit|avec) (?:welche\w+|quel\w*) (?:\w+ ){0,2}(?:software"
        r"|programm|programme|logiciel|tool|outil)|\bcon (?:que|quale) (?:software|programa|programma)\b"
        r"|\bcreator\b|\bmastermind\b",
    ),
    (
        Topic.INTENT,
        r"\b(?:is|was|are|were|isn't) (?:he|she|they|it|this (?:man|woman|person|guy|politician)"
        r"|the (?:\w+ )?(?:man|woman|person|guy|speaker|politician|senator|minister|president|ceo)|that (?:man"
        r"|woman|person|guy)|somebody|anyone) (?:\w+ )?(?:lying|honest|sincere|truthful|trustworthy|guilty"
        r"|deceiving|deceptive|sober|drunk|nervous|a liar|telling|angry|evil|innocent)\b|\b(?:a )?liars?\b"
        r"|\btell(?:ing|s)? the truth\b|\b(?:does|do|did) (?:he|she|they) (?:lie|mean it|believe)\b|\b(?:intent"
        r"|intention|intentional\w*|motive|(?<!your )purpose|malicious\w*|deliberate\w*)\b|\bwhy (?:did|would"
        r"|does) (?:he|she|they|someone|somebody|anyone|the \w+er) (?:\w+ )?(?:do|make|fake|create|post|lie|say"
        r"|want|upload)\b|\bcriminals?\b|\bguilty\b|\bscam\w*\b|\bdeceive\w*|\btrick(?:ed)? (?:people|us|viewers"
        r"|voters)\b|\bmislead\w*|\bfraud\w*|\bpropaganda\b|\blug(?:t|en|ner)\b|\bluegt\b|\bsagt (?:er"
        r"|sie) die wahrheit\b|\bment(?:-il|-elle|eur|euse)\b|\b(?:il|elle|est-ce qu'il|est-ce qu'elle) ment\b"
        r"|\bdit(?:-il|-elle) la verite\b|\bdit la verite\b|\bmiente\b|\bmintiendo\b|\bmentiros[oa]\b"
        r"|\bdice la verdad\b|\b(?:sta )?mentendo\b|\bbugiard[oa]\b|\bdice la verita\b|\bmentindo\b"
        r"|\bmentiros[oa]\b|\bliegt (?:hij|ze|zij|die|de man|de vrouw)\b|\bleugenaar\b|\bklamie\b|\bklamca\b"
        r"|\bconsent\w*|\bpermission\b|\bblackmail\w*|\bforced\b|\bunder duress\b|\b(?:look|looks|seem|seems|sound"
        r"|sounds) (?:\w+ )?(?:nervous|happy|sad|angry|tired|drunk|scared|honest|sincere|stressed|ill|sick|guilty"
        r"|calm)\b|\bemotion\w*|\bmood\b|\bfeel(?:s|ing)?\b",
    ),
    (
        Topic.ADVICE,
        r"\bshould (?:i|we|you|they|he|she)\b(?! (?:\w+ )?(?:look|watch|focus|skip|pay|see|listen|jump|check|trust"
        r"|read|know|ask))|\b(?:can|may|could|must) (?:i|we) (?:\w+ )?(?:publish|post|share|sue|use (?:it|this)|air"
        r"|broadcast|report (?:it|this|him|her|them)|arrest|fire|accuse|print|run (?:it|this))\b|\b(?:legal\w*"
        r"|court|lawsuit|sue|lawyer|police|admissible|judge)\b|\b(?:safe|ok|okay|fine|wise) (?:to"
        r"|for us to) (?:publish|share|post|use|air|run)\b|\bwhat (?:should|do|can) (?:i|we) do (?:now|next|with"
        r"|about)?\b|\bwhat(?:'s| is) next\b|\byour (?:advice|recommendation|opinion)\b|\b(?:do"
        r"|would) you (?:recommend|advise)\b|\bsoll(?:te|en)? (?:ich|wir)\b|\b(?:darf"
        r"|kann) ich (?:\w+ ){0,3}(?:veroffentlichen|teilen|posten)|\bveroffentlich\w+|\b(?:dois"
        r"|devrais)-?(?: ?je)\b|\bdevrions\b|\b(?:puis-je|peut-on|je peux) (?:\w+ ){0,2}(?:publier|partager)\b"
        r"|\b(?:debo|deberia|deberiamos|puedo publicar|puedo compartir)\b|\b(?:devo|dovrei|dovremmo"
        r"|posso (?:pubblicar\w+|condivider\w+|publicar|partilhar))\b|\bmoet ik\b|\bczy powini\w+\b"
        r"|\bmog[ea] (?:to )?(?:opublikowac|udostepnic)\b|\bwould you (?:share|publish|post|believe|trust|use"
        r"|recommend)\b|\bis it worth\b|\bwhat now\b",
    ),
    (
        Topic.ORIGIN,
        r"\bmetadata\b|\bmeta ?daten\b|\bexif\b|\bc2pa\b|\bcontent credentials?\b|\bcredentials?\b|\bsign(?:ed"
        r"|ature)\b|\bwatermark\w*|\b(?:re-?)?encod(?:ed|ing)\b|\b(?:which|what) (?:camera|device|phone)\b"
        r"|\bedit(?:ed|ing) (?:with|in|by|software)\b|\bprovenance\b|\borigins?\b|\b(?:where|what) (?:does"
        r"|do) (?:the|this|that) (?:\w+ )?(?:file|video|clip|recording|image|footage) (?:\w+ )?come from\b"
        r"|\bwhat does the file say\b|\bherkunft\b|\bprovenienza\b|\bprocedencia\b|\bmetadonnees\b|\bmetadatos\b"
        r"|\bmetadati\b|\bzertifikat\w*|\bgenerator label\b",
    ),
    (
        Topic.PLACE,
        r"\b(?:where|when|what (?:year|date|day)|in which (?:year|city|country)) (?:was|were|is"
        r"|did) (?:\w+ ){0,3}(?:filmed|recorded|shot|taken|captured|published|posted|uploaded|happen|film|record)\b"
        r"|\b(?:where|which (?:place|city|country)) (?:does|did|do) (?:\w+ ){0,3}come from\b|\b(?:original (?:video"
        r"|source|file|footage|clip|version)|the source)\b|\b(?:location|city|country)\b|\bwo wurde\b"
        r"|\bwann wurde (?:das|es|dieses|der|die) (?:\w+ ){0,2}(?:aufgenommen|gefilmt|gedreht)|\baufgenommen\b"
        r"|\bwoher\b|\b(?:ou|quand) (?:a|ont)\b.*\b(?:film|tourn|enregistr)\w*|\bd'ou vient\b|\b(?:donde"
        r"|cuando) (?:se )?(?:grab|film|fue)\w*|\bde donde (?:viene|es|sale)\b|\b(?:dove"
        r"|quando) e stat[oa] (?:girat|filmat|registrat|ripres)\w+|\bda dove viene\b|\b(?:onde"
        r"|quando) foi (?:gravad|filmad)\w+|\bwaar (?:is|werd) (?:\w+ ){0,2}(?:gefilmd|opgenomen)"
        r"|\bgdzie (?:\w+ )?(?:nagran|nakrecon)\w+|\bwhat year\b|\bhow old is (?:the|this) (?:video|clip|footage"
        r"|recording)\b|\bwhere did (?:you|they|he|she) (?:get|find)\b|\bfrom (?:the )?(?:war|ukraine|russia|gaza"
        r"|\d{4})\b|\bin which country\b|\breal event\b|\bhappened\b",
    ),
    (
        Topic.WORDS,
        r"\bwhat (?:does|did|do|is|was|are|were) (?:he|she|they|the (?:speaker|person|man|woman|voice|people)|it"
        r"|this person|said|being said) ?(?:\w+ )?(?:say|says|saying|said|talk\w*|speak\w*|claim\w*|mean by)\b"
        r"|\bwhat(?:'s| is| was) (?:being )?said\b|\btranscri\w+|\btranslat\w+|\bsubtitles?\b|\b(?:what"
        r"|which) languages? (?:is|are|does|do|was) (?:he|she|it|they|the|spoken|being)\b|\bwhat(?:'s| is"
        r"| was) (?:the |this )?(?:video|clip|film|recording|footage|he|she|it) (?:\w+ )?(?:about|talking about)\b"
        r"|\bwhat happens in\b|\bdescribe (?:the )?(?:video|scene|clip|image|picture)\b|\bwas sagt\b"
        r"|\bworuber (?:spricht|redet)\b|\bworum geht\b|\bque dit\b|\bde quoi parle\b|\bque dice\b|\bde que habla\b"
        r"|\bcosa dice\b|\bdi cosa parla\b|\bo que (?:ele|ela) diz\b|\bwat zegt\b|\bco (?:on |ona )?mowi\b"
        r"|\bis (?:it|what (?:he|she) says?) true\b|\bfact-?check\b|\bare the (?:words|claims)\b",
    ),
    (
        Topic.PERSON,
        r"\bwho(?:'s| is| are| was) (?:this|that|it|he|she|the (?:man|woman|person|speaker|guy|people|actor)"
        r"|in (?:the|this)|speaking|talking|these|they|those|on)\b(?! (?:\w+ )?(?:fake|manipulated|altered"
        r"|swapped))|\bwhose (?:face|voice|video|head|body)\b(?! (?:\w+ )?(?:fake|manipulated|altered|swapped"
        r"|replaced|changed|modified|synthetic|cloned))|\b(?:name|identity|age|gender|nationality|race"
        r"|ethnicity) of\b|\b(?:his|her|their) (?:name|identity|age)\b|\bhow old\b|\bidentif(?:y|ied) (?:the|this"
        r"|him|her|them|who)\b|\brecogni[sz]e\b|\bwer ist\b|\bwer sind\b|\bwessen\b|\bwie heisst (?:er|sie"
        r"|die person|der)\b|\bqui est\b|\bqui parle\b|\bcomment s'appelle\b|\bquien es\b|\bquien habla\b"
        r"|\bde quien\b|\bcomo se llama\b|\bchi e\b(?! l'autore)|\bchi parla\b|\bdi chi\b|\bquem e\b"
        r"|\bwie is (?:dit|dat|deze|die|de)\b|\bkto to (?:jest)?\b|\bis (?:this|that|it|he"
        r"|she) (?:really )?(?:obama|trump|biden|putin|zelensky|musk|taylor|tom|elon|angela|merkel|macron"
        r"|the (?:president|chancellor|king|queen|pope|ceo|minister))\b|\bknow (?:this|the|that) (?:person|man"
        r"|woman|guy)\b|\b(?:is|was) (?:this|that|it) (?:really )?(?:a )?(?:celebrity|famous|actor|politician"
        r"|singer)\b|\bname(?:s|d)? (?:is|of)\b|\bname (?:the|these|those|him|her|them) ?(?:people|person|man|woman"
        r"|persons|faces?)\b|\b(?:who|whom) (?:does|do|did) (?:\w+ ){1,3}belong\b|\bbelongs? to (?:whom|who)\b"
        r"|\b(?:political|party|religio\w+|married|wife|husband|job|profession|nationality)\b",
    ),
    (
        Topic.BLIND,
        r"\blip[- ]?sync\w*|\blips? (?:\w+ ){0,3}(?:match\w*|sync\w*|movement\w*|move\w*|fit)\b|\b(?:match"
        r"|in sync with|fit) (?:\w+ ){0,3}lips?\b|\bin sync\b|\b(?:jump[- ])?cuts?\b|\bsplic\w+|\btrimmed\b"
        r"|\bedited out\b|\bre-?order\w*|\bbackgrounds?\b|\bout of context\b|\bcaptions?\b|\bheadline true\b"
        r"|\bcontext\b|\blippen (?:\w+ ){0,3}(?:synchron|pass)\w*|\bgeschnitten\b|\bschnitt\w*|\bhintergrund\w*"
        r"|\bsynchro\w*|\bmontage\b|\barriere-plan\b|\bcort(?:ado|es)\b|\bfondo\b|\bsfondo\b|\bpodklad\w*"
        r"|\bshadows?\b|\blighting\b|\bhands?\b|\bfingers?\b|\bwatermark\w*|\bobjects?\b|\btext in the\b"
        r"|\breal place\b|\bentirely (?:generated|ai)\b|\bstaged\b|\bscripted\b|\bspeed(?:ed)? up\b|\bslowed down\b"
        r"|\bmirrored\b|\bcropped\b|\blogo\b|\bsubtitles\b|\bbackdrop\b|\bspecial effects\b",
    ),
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
        r"|audio)\b|\ba-t-elle du son\b",
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
        r"\bplan\w*\b|\bwhy (?:did|do|were|was|have) (?:you|they|only|just|the) (?:\w+ )?(?:only |just )?(?:check"
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
        r"|\bvarfor\b|\bhvorfor\b|\bproc\b|\bmiksi\b|\bde ce\b|\bγιατι\b|\bpoczemu\b|\bпочему\b|\bmiert\b"
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
        r"|\blean\w*\b|\btend\w*\b|\bwhich way\b|\bhow close\b",
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
        r"|\bfrequenc\w+\b|\bmusic\b|\bhz\b|\brost\w*\b|\bstemmen\b|\bstemme\w*\b|\bhlas\w*|\baani\b|\bφων\w+"
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
        r"|\bpunk\w*t?\b.{0,5}\bfazit\b|\bfazit\b|\bauffallig\w*|\bverdachtig\w*|\bgefunden\b|\bentdeckt\b"
        r"|\bsospechos\w+|\bencontr\w+|\bsuspect\w*|\bsospett\w+|\btrovat\w*|\btrouv\w+|\bsuspeit\w+|\bverdacht\w*"
        r"|\bpodejrzan\w+|\bmisstank\w*|\bmistenk\w*|\bnachgeholfen\b|\bfake?t\b|\bstimmt (?:da )?(?:etwas|was)\b",
    ),
)
