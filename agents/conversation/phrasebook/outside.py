"""What lies beside the evidence or outside of it: terms, origin, and what is declined because no evidence tells it."""

from __future__ import annotations

from typing import Final

from agents.conversation.topics import Topic

OUTSIDE: Final[tuple[tuple[Topic, str], ...]] = (
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
        r"|\btell(?:ing|s)? the truth\b|\b(?:does|do|did) (?:he|she|they) (?:lie|mean (?:it|what)|believe)\b"
        r"|\b(?:intent"
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
        r"\baccording to (?:the )?(?:file|metadata)\b|\bfile (?:itself )?(?:says?|claims?|records?|dates?)\b"
        r"|\b(?:creation|recording|capture) date\b|\bmetadata\b|\bmeta ?daten\b|\bexif\b|\bc2pa\b"
        r"|\bcontent credentials?\b|\bcredentials?\b|\bsign(?:ed"
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
)
