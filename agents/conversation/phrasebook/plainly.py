"""Turns of phrase that leave no doubt about what is asked, in some twenty languages. They are looked for first."""

from __future__ import annotations

from typing import Final

from agents.conversation.topics import Topic

FAKED: Final = (
    r"(?:fak\w*|manipul\w*|alter\w*|swap\w*|mess\w* (?:with|about|around)|tamper\w*|doctored|chang\w*|edit\w*"
    r"|deep-?fak\w*"
    r"|replac\w*|not real|off|gefalscht\w*|falsch|unecht|verandert\w*|(?:aus|ver)getauscht\w*|truque\w*|modifi\w*"
    r"|trafiqu\w*|falsifi\w*"
    r"|faux|fausse|retoc\w*|cambiad\w*|fals\w*|trocad\w*|finto|finta|adulterad\w*|vals\w*|nep\w*|veranderd|bewerkt"
    r"|verwisseld"
    r"|podrobion\w*|zmienion\w*|przerobion\w*|podmienion\w*|andra[dt]\w*|aendret|endret|utbytt\w*|forfalsk\w*"
    r"|vaarenn\w*"
    r"|muutet\w*|vaihdet\w*|falesn\w*|podvr\w*|upraven\w*|zmenen\w*|vymenen\w*|hamis\w*|modosit\w*|kicserel\w*|sahte"
    r"|degistir\w*"
    r"|πλαστ\w*|αλλοιωμ\w*|ψευτικ\w*|πειραγμ\w*|підробл\w*|змінен\w*|подделан\w*|изменен\w*|фальшив\w*|фейк\w*"
    r"|подменен\w*|krivotvor\w*|lazn\w*)"
)
IS: Final = (
    r"(?:is|was|were|are|been|has been|got|gets|looks|seems|ist|wurde|sind|wirkt|est|sont|ete|a ete|es|fue|esta"
    r"|ha sido|e|sono|stat[oaie]"
    r"|foi|sao|werd|zijn|jest|sa|zostal\w*|ar|er|blev|blitt|blivit|har|on|je|jsou|byl\w*|este|a fost|sunt|был\w*|був"
    r"|була|есть|є|ειναι|edil\w*|bol\w*|su)"
)
WHO: Final = (
    r"(?:who|whose|which (?:\w+ )?(?:person|face|one|of them|guy|man|woman|people)|wer|wessen|welche(?:s"
    r"|r)? (?:person|gesicht)|qui|lequel|laquelle"
    r"|quel(?:le)? (?:visage|personne)|quien(?:es)?|cual de (?:ellos|ellas)|que (?:cara|persona|rostro)|chi"
    r"|quale (?:volto|persona|viso|di loro)|quem"
    r"|qual (?:rosto|pessoa|deles|delas)|wie|wiens|welk(?:e)? (?:gezicht|persoon|van)|kto|ktor[aye] (?:osob\w*"
    r"|twarz)|czyja|vem|vems|vilke[nt]|hvem|hvilke[nt]"
    r"|kuka|kenen|kdo|ci|ktery|kteri|cine|care|ki|kinek|kik|kim|kimin|hangi\w*|ποιοσ|ποια|ποιο|ποιον|ποιου|хто|чиє"
    r"|кто|чье|кой|чие|tko|ko)"
)
_WHAT_IS: Final = (
    r"(?:what(?:'?s| is| are| does)|whats|wots|wat is|wat zijn|wat betekent|was ist|was sind|was bedeutet|was heisst"
    r"|was soll|c'?est quoi|c koi"
    r"|qu'?est[- ]ce que?(?: c'?est)?|que signifie|que veut dire|que es|que son|que significa|que quiere decir|q es"
    r"|cos'?e|che cos'?e|cosa (?:e|sono|significa)"
    r"|che significa|o que e|o que sao|o que significa|o que quer dizer|co to|co oznacza|co znaczy|vad (?:ar"
    r"|betyder)|hva (?:er|betyr)|hvad (?:er|betyder)"
    r"|mika on|mita on|mita tarkoittaa|co je|co znamena|ce e|ce este|ce inseamna|mi az|mi a|mit jelent|τι ειναι"
    r"|τι σημαινει|τι εστι|що таке|що означає"
    r"|что такое|что значит|что означает|какво е|какво означава|sto je|sta je|sto znaci)"
)
TECHNICAL: Final = (
    r"(?:grad[- ]?cam\w*|shap\w*|auc|eer|ece|roc|c2pa|sha-?256|occlusion|spe[ck]tro?gram\w*|espectrogram\w*"
    r"|spettrogram\w*|спектрограм\w*|φασματογραφ\w*"
    r"|spektro?gram\w*|heat[- ]?map\w*|warmebild\w*|carte de chaleur|mapa (?:de calor|ciepla)|mappa di calore"
    r"|varmekart\w*|varmekort|teplotni mapa"
    r"|calibrat\w*|kalibr\w*|calibrac\w*|calibraz\w*|καλιμπρ\w*|калібр\w*|калибр\w*|fusion|faithfulness|p_?fake"
    r"|deep ?fakes?|дипфейк\w*|діпфейк\w*"
    r"|face[- ]?swap\w*|voice[- ]?clon\w*|hash|modality|codec\w*|bitrate|metadata|metadaten|landmarks?"
    r"|false (?:alarm|positive|negative)s?|tts)"
)
_TERM: Final = (
    rf"(?:{TECHNICAL}|tracks?|segments?|stretch(?:es)?|windows?|coverage|thresholds?|confidence|scores?"
    rf"|inconclusive|frames?|evidence ids?|schwell\w+"
    r"|seuils?|umbral\w*|sogli[ae]|limiar\w*|drempel\w*|prog(?:u|iem)?|konfidenz|confianza|confiance|fiducia)"
)
_UNCLEAR: Final = (
    r"(?:(?:don't|do not|dont|didn't|doesn't|never) (?:\w+ )?(?:understand|get|know what|follow)|no idea what"
    r"|no (?:entiendo|se que)|je ne (?:comprends|sais) pas"
    r"|(?:ich )?versteh\w* (?:\w+ )?nicht|non (?:capisco|so cosa)|nao (?:entendo|sei o que)|nie (?:rozumiem|wiem co)"
    r"|(?:begrijp|snap) (?:\w+ )?niet|forstar inte"
    r"|forstar ikke|en ymmarra|nerozumim|nu inteleg|nem ertem|anlamadim|anlamiyorum|δεν καταλαβαινω|δεν ξερω τι"
    r"|не розумію|не понимаю|не разбирам|ne razumijem)"
)
EXAMINED: Final = (
    r"(?:check\w*|look\w*|examin\w*|analy[sz]\w*|listen\w*|inspect\w*|test\w*|cover\w*|scann\w*|gepruft|untersucht"
    r"|angeschaut|angesehen|analysiert|angehort"
    r"|verifi\w*|examine\w*|analyse\w*|regarde\w*|ecoute\w*|control\w*|revis\w*|analiz\w*|escuch\w*|mirad\w*|miraste"
    r"|comprob\w*|controllat\w*|esaminat\w*|analizzat\w*"
    r"|guardat\w*|ascoltat\w*|verificad\w*|verificou|analisad\w*|analisou|olhou|ouviu|examinou|bekeken|gecontroleerd"
    r"|onderzocht|beluisterd|geanalyseerd|sprawdz\w*|zbad\w*|przeanaliz\w*"
    r"|kontrollera\w*|undersok\w*|granska\w*|tittade|kiggede|sjekk\w*|tjekk\w*|undersog\w*|lyttede|sa pa|tarkist\w*"
    r"|tutk\w*|katso\w*|zkontrol\w*|proverili|koukal\w*|divali|zkouma\w*"
    r"|verificat\w*|analizat\w*|vizsgal\w*|ellenoriz\w*|nezte\w*|incele\w*|baktin\w*|bakti\w*|kontrol et\w*|ελεγξ\w*"
    r"|εξετασ\w*|κοιταξ\w*|перевір\w*|дивил\w*|слуха\w*|провер\w*|смотр\w*)"
)
WHY: Final = (
    r"(?:why|how come|warum|wieso|weshalb|pourquoi|por ?que|perche|come mai|waarom|dlaczego|czemu|varfor|hvorfor"
    r"|miksi|proc|de ce|miert|neden|nicin|niye|γιατι|чому|почему|защо|zasto)"
)
_ONLY: Final = (
    r"(?:only|just|solely|nur|bloss|seulement|uniquement|que l[ae]|solo|solamente|soltanto|apenas|somente|so (?:a|o)"
    r"|alleen|enkel|slechts|tylko|bara|endast|kun|bare|vain|jen|jenom|pouze"
    r"|doar|numai|csak|sadece|yalnizca|μονο|тільки|лише|только|лишь|само|samo)"
)
_NOT_DONE: Final = (
    r"(?:skip\w*|left out|leave out|ignor\w*|omit\w*|not|didn'?t|wasn'?t|weren'?t|haven'?t|nicht|weggelassen"
    r"|ausgelassen|ubersprungen|pas|saute|omis|no|omit\w*|salt\w*|non|saltat\w*|nao|pul\w*"
    r"|niet|overgeslagen|weggelaten|nie|pomini\w*|inte|ikke|ei|et|ette|ne\w{4,}|vynech\w*|nu|nem|kihagy\w*|atla\w*"
    r"|δεν|не|пропу\w*|exclu\w*|drop\w*)"
)
OTHER_ONE: Final = (
    r"(?:(?:the|my|that|this|your|last|previous|earlier|first|second|other|old(?:er)?|long(?:er)?|short(?:er)?"
    r"|original|colleague'?s|yesterday'?s|another)"
    r" (?:\w+ )?(?:one|analys[ie]s|video|clip|file|recording|report|run|version|result|upload|footage|copy|take)s?"
    r"|yesterday|last (?:week|time|month)|before|the others?)"
)
_AGAIN: Final = (
    r"(?:again|once more|one more time|another (?:go|try|shot|look|pass|round)|a second (?:go|time|look|pass)"
    r"|noch ?mals?|noch einmal|nochmal|erneut|a nouveau|de nouveau|encore une fois|otra vez"
    r"|de nuevo|nuevamente|di nuovo|un'altra volta|ancora una volta|de novo|novamente|outra vez|opnieuw|nog eens"
    r"|nog een keer|jeszcze raz|ponownie|od nowa|igen|en gang till|en gang til|pa nytt|paa ny|pa ny"
    r"|uudestaan|uudelleen|znovu|jeste jednou|este raz|din nou|inca o data|ujra|megegyszer|tekrar|yeniden|bir daha"
    r"|ξανα|παλι|ще раз|знову|заново|еще раз|ещё раз|снова|отново|пак|ponovo|jos jednom|opet)"
)
_BASIS: Final = (
    r"(?:based on what|on what (?:basis|grounds)|on the basis of what|what are you going on|auf (?:welcher"
    r"|was fur einer) grundlage|worauf (?:stutz|basier|beruh)\w*|sur quoi|sur quelle base"
    r"|en que (?:te |se |os )?bas\w*|en base a que|sobre que base|in base a (?:che )?cosa|su (?:che )?cosa (?:ti "
    r"|si )?bas\w*|su quale base|com base em que|baseado em que|em que (?:te |se )?base\w*|waarop"
    r"|op basis waarvan|op grond waarvan|na jakiej podstawie|na czym (?:opiera|bazuj)\w*|pa vilke[nt] grund\w*"
    r"|pa hvilket grundlag|pa hvilken baggrund|vad bygger|hvad bygger|hva bygger|milla perusteella|mihin perust\w*"
    r"|na zaklade ceho|podle ceho|pe ce (?:baza|te bazezi)|pe baza a ce|mi alapjan|mire alapoz\w*|neye dayan\w*"
    r"|με βαση τι|σε τι βασιζ\w*|που βασιζ\w*|на якій підставі|на чому базу\w*|на основании чего|на чем основан\w*"
    r"|на какво основание|na temelju cega|na osnovu cega)"
)

PLAINLY: Final[tuple[tuple[Topic, str], ...]] = (
    (
        Topic.TERM,
        rf"{_WHAT_IS}(?! (?:your|my|the \w+ rate))(?: \w+'?){{0,3}}? ?\b{TECHNICAL}\b(?! rate)(?!.* (?:show|say"
        rf"|tell|point|look|of this|for this|here"
        rf"|digest)\w*\b)"
        rf"|{_WHAT_IS}(?: an?| un[ae]?| uma?| ein\w*| een| en| et) (?:\"|')?{_TERM}\b(?:\"|')?\W*$"
        rf"|\b{_TERM}\b(?:\"|')? (?:means?|nedir|ne demek\w*|bedeutet|heisst|signifie|significa|betekent|betyr"
        rf"|betyder|znaczy|znamena|inseamna|jelent|σημαινει|означ\w*|значит)\b"
        rf"|^(?:and |so |the |a |an |ein |le |la |el |il |o |het |de )?(?:grad[- ]?cam|shap|auc|eer|ece|roc|c2pa"
        rf"|p_?fake|sha-?256)\W*$"
        rf"|{_UNCLEAR}.{{0,40}}\b{_TERM}\b|\bwhen you say (?:\"|')?{_TERM}\b|\b(?:the )?(?:term|word|begriff|terme"
        rf"|termino|termine|termo|begrip|pojecie|termin\w*) (?:\"|')?{_TERM}\b"
        rf"|\b(?:explain|define|erklar\w*|expliqu\w*|explica\w*|spiega\w*|leg uit|wyjasnij|forklara?|selita"
        rf"|vysvetli\w*|magyarazd|acikla|εξηγησ\w*|поясни\w*|объясни\w*)\b.{{0,25}}\b{TECHNICAL}\b",
    ),
    (
        Topic.COMPARE,
        rf"\b(?:than|against|versus|vs\.?|compared (?:to|with)|similar to|same as|differ\w* from|stack\w* up"
        rf"|line up with|like|unlike|contradict\w*|as) {OTHER_ONE}\b"
        rf"|\b{OTHER_ONE} (?:say|said|says|score|scored|come|came|did|was|fare)\w* (?:\w+ )?(?:otherwise"
        rf"|differently|better|worse|the same|higher|lower|else)\b"
        r"|\bdiffs?\b|\bdiverge\w*|\bdifference\w*\b|\bboth (?:analys[ie]s|results?|reports?|runs)\b"
        r"|\bwhich (?:one )?(?:of )?(?:my|the|these|those|our) (?:two|2|three|both)?\b.{0,30}\b(?:more|most|less"
        r"|least|worse|worst|better|higher|lower|faker)\b"
        r"|\b(?:is|was|does|did|score\w*) (?:this|it|that|the) ?(?:one|video|clip|file"
        r"|version)? ?(?:\w+ ){0,2}(?:worse|better|higher|lower|more \w+|less \w+|differently) than\b"
        r"|\b(?:the )?(?:longer|shorter|other|earlier|older|newer) (?:version|one|clip|cut|video"
        r"|file)\b.{0,25}\bdifferent\w*\b"
        r"|\bunterschied\w*|\bals (?:das|die|der|beim|im) (?:ander\w*|erste\w*|zweite\w*|vorige\w*|letzte\w*)"
        r"|\bdifferences?\b|\bque (?:l'autre|la precedente|le precedent|le premier|la premiere)\b|\bpar rapport (?:a"
        r"|au)\b"
        r"|\bdiferencias?\b|\bque (?:el|la) (?:otr[oa]|anterior|primer[oa]?)\b|\bdifferenz\w*|\b(?:dell'|che l'"
        r"|rispetto all')altr[oa]\b|\brispetto (?:al|alla|a)\b|\bdiferencas?\b|\b(?:do que|que) [oa] (?:outr[oa]"
        r"|anterior|primeir[oa])\b"
        r"|\bverschil\w*|\bdan (?:de|het|die) (?:ander\w*|vorige|eerste)|\brozni[ca]\w*|\bniz (?:ten|tamten|ta|tamta"
        r"|poprzedni\w*|pierwsz\w*|drugi\w*)|\bskillnad\w*|\bforskel\w*|\bforskjell\w*|\bjamfor\w*|\bsammenlign\w*"
        r"|\b(?:likt|likadant|samma som|samme som|ligesom)\b|\bvertaa\w*|\bverrattuna\b|\bero(?:a|ja|avat)?\b"
        r"|\bkuin (?:se )?(?:toinen|edellinen|eilinen)|\bporovn\w*|\brozdil\w*|\bnez (?:to |ten |ta )?(?:druh\w*"
        r"|predchoz\w*|prvni\w*|minul\w*)"
        r"|\bcompara\w*|\bdiferent\w*\b|\bdecat (?:celalalt|cealalta|primul|prima)|\bhasonlit\w*|\bkulonb\w*"
        r"|\bmint a (?:masik|elozo|tegnapi)|\bkarsilastir\w*|\bfark\w*|\bdiger\w*den\b|\bσυγκριν\w*|\bδιαφορ\w*"
        r"|\bαπο το(?:ν)? (?:αλλο|προηγουμεν\w*)"
        r"|\bпорівня\w*|\bрізниц\w*|\bніж (?:інш\w*|поперед\w*|перш\w*)|\bсравни\w*|\bразниц\w*|\bчем (?:друг\w*"
        r"|предыдущ\w*|перв\w*)|\bразлик\w*|\busporedi\w*|\brazlik\w*",
    ),
    (
        Topic.VERDICT,
        r"\b(?:fake|authentic|real|genuine|manipulated|doctored|altered)(?:,)? or (?:is it |was it )?(?:not|fake"
        r"|authentic|real|genuine|manipulated|doctored|altered|untouched|tampered with)\b"
        r"|\b(?:echt|falsch|gefalscht|manipuliert) oder (?:nicht|falsch|gefalscht|echt|manipuliert)\b|\b(?:vrai|faux"
        r"|authentique|truque) ou (?:pas|non|faux|vrai|truque|authentique)\b",
    ),
    (
        Topic.CAPABILITIES,
        r"\bwas (?:kannst du|konnt ihr|konnen sie)\b|\bqu'?est-ce que (?:tu|vous) (?:peux|pouvez|sais|savez)"
        r"|\bque savez-vous|\bτι μπορ\w+|\bmita (?:osaat|osaatte|voit|voitte|pystyt\w*)|\bhva kan (?:du|dere)\b"
        r"|\bhvad kan (?:du|i)\b|\bvad kan (?:du|ni)\b"
        r"|\bco (?:umite|umis|dokazete|muzete|vsechno)\b|\bce (?:poti|puteti|stii|stiti)\b|\bmit tud(?:sz|tok"
        r"|nak)?\b|\bne(?:ler)? yapabil\w*|\bneleri\b|\bщо (?:ти|ви) (?:вмі\w*|мож\w*)|\bчто (?:ты|вы) (?:уме\w*"
        r"|мож\w*)|\bкакво мож\w*|\bsto (?:mozes|mozete|znas)\b",
    ),
    (
        Topic.METHOD,
        r"\bhow (?:does|do|is|are) (?:this|it|all this|that|the (?:thing|service|tool|system|detection|site|analysis"
        r"|software)|your (?:\w+ )?(?:tool|system|detection|detector|service|analysis|software|thing)|you)"
        r" (?:even |actually |really )*(?:work\w*|function\w*|operate\w*|decide|detect (?:it|fakes|them)"
        r"|come to (?:a|your) (?:verdict|result|conclusion)s?|go about|tell real from fake)\b(?!.{0,20}\b(?:this"
        r"|the) (?:video|clip|face|voice)\b)"
        r"|\bwhat happens (?:to|with|when|once|after|if)\b.{0,40}\b(?:upload\w*|submit\w*|send|sent|clip|video"
        r"|file)\b|\b(?:a computer|a machine|a human|humans?|people|somebody|someone|a person)\b.{0,25}\b(?:do(?:es"
        r"|ing)? (?:this|it|the \w+)"
        r"|watch(?:es|ing)?|check\w*|review\w*|look(?:s|ing)? at) ?(?:this|it|them|the \w+)?.{0,25}(?:\bor\b|$)"
        r"|\bbehind the scenes\b|\bunder the (?:hood|bonnet)\b|\bthe (?:process|method\w*|procedure"
        r"|technology) (?:behind|you|is|used)\b"
        r"|\bdo you work (?:on|with|for)\b|\bwie (?:funktioniert|arbeitet|geht) (?:das|dies\w*|ihr|euer|der|die|hier"
        r"|es)\b|\bwie (?:lauft|entscheide[tn]|erkenn\w*) (?:das|ihr|sie|du|die \w+)\b(?! .*dass)|\bcomment (?:ca "
        r"|cela )?(?:marche|fonctionne\w*)"
        r"|\bcomment (?:ca|cela|votre \w+|le \w+|ce \w+) (?:marche|fonctionne)|\bcomo (?:funciona\w*|trabaja\w*"
        r"|trabalha\w*|opera\w*)|\bcomo (?:voces?|tu|ustedes|se) (?:chega\w*|decide\w*|detecta\w*|llega\w*)"
        r"|\bcomo (?:llega\w*|chega\w*) (?:a|nesse|neste|ao) (?:ese |este |esse )?(?:resultado|veredicto|conclus\w*)"
        r"|\bcome (?:funziona\w*|lavora\w*|decid\w*)|\bcome (?:arriva\w*|fate|si arriva) (?:a|al|a decidere)"
        r"|\bhoe (?:werkt|werken|gaat|beslis\w*)\b|\bjak (?:to |wy )?(?:dziala\w*|decyduj\w*)|\bhur (?:fungerar"
        r"|funkar|gar det till|bestammer)|\bhvordan (?:virker|fungerer|fungere|foregar|afgor|avgjor)"
        r"|\bmiten (?:tama |se |tam\w* )?(?:toimii|toimitte|paata\w*)|\bjak (?:to |tohle |vase \w+ )?(?:funguje"
        r"|pracuje|rozhoduj\w*)|\bako (?:to )?funguje|\bcum (?:functioneaza|lucreaza|decide\w*)|\bhogyan (?:mukod\w*"
        r"|dont\w*)|\bhogy mukod\w*|\bnasil (?:calis\w*|karar|isliyor)"
        r"|\bπωσ (?:λειτουργ\w*|δουλευ\w*|αποφασιζ\w*)|\bяк (?:це |воно |ви )?(?:працю\w*|виріш\w*|ді[єю]\w*)"
        r"|\bкак (?:это |оно |вы )?(?:работа\w*|реша\w*|устроен\w*)|\bкак (?:работи|решавате)|\bkako (?:radi"
        r"|funkcionira|odlucuj\w*)",
    ),
    (
        Topic.PLAN,
        rf"\b{WHY} (?:\w+ ){{0,5}}?{_ONLY} .*|\b{WHY}\b(?=.*\b(?:you|du|ihr|sie|vous|tu|voce|voces|hai|avete|has"
        rf"|habeis|je|jullie|heb|hast|habt|haben|did|was|were|wurde\w*|avez|as|ont|nie|er|ble|blev|ni"
        rf"|ikke))(?=.*\b{EXAMINED}\b)(?=.*\b{_NOT_DONE}\b).*"
        rf"|\b{WHY}\b.{{0,30}}\b(?:skip\w*|left out|overgeslagen|weggelaten|weggelassen|ausgelassen|ubersprungen"
        rf"|laisse de cote|saute|omitio|omitiste|saltaste|saltato|pulou|pominie\w*|pominal\w*|hoppade|sprang|hoppet"
        rf"|vynech\w*|kihagy\w*|atla\w*|пропустил\w*)\b"
        r"|\bwho (?:decided|chose|told you|said)\b.{0,40}\b(?:skip\w*|check\w*|examin\w*|audio|sound|picture|voice"
        r"|faces?|only|left out|include)\b|\bwhat (?:exactly )?did you (?:actually |even )?do\b(?! (?:with|to) (?:my"
        r"|the) (?:data|file))|\bwhich (?:paths?|checks?|tests?|steps?|parts?|streams?|modalit\w+) (?:were|was|did"
        r"|have) (?:\w+ )?(?:run|done|checked|examined|used|taken|made|chosen)\b"
        r"|\bwhat (?:was|were|got) (?:\w+ )?(?:run|done|chosen|decided|planned)\b|\bwas (?:habt ihr|hast du"
        r"|haben sie) (?:\w+ ){0,2}(?:gemacht|getan|unternommen)\b|\bqu'?(?:avez-vous|as-tu"
        r"|est-ce que vous avez) fait\b|\bque (?:has|habeis|han) hecho\b|\bque hiciste\b|\b(?:che )?cosa (?:hai"
        r"|avete) fatto\b|\bo que (?:voce|voces)? ?(?:fez|fizeram)\b"
        r"|\bwat (?:heb je|hebben jullie|is er) (?:\w+ )?(?:gedaan|gecheckt)\b|\bco (?:zrobil\w*|zostalo zrobione)\b"
        r"|\bvad gjorde (?:ni|du)\b|\bhvad gjorde (?:i|du)\b|\bhva gjorde (?:dere|du)\b|\bmita (?:te )?(?:teitte"
        r"|teit)\b|\bco jste (?:u?delal\w*)\b|\bce (?:ati|ai) facut\b|\bmit csinalt\w*|\bne yaptin\w*|\bτι (?:κανατε"
        r"|εκανεσ)\b|\bщо ви (?:з?робили)\b|\bчто вы (?:с?делали)\b"
        r"|\b(?:did|have) you (?:\w+ )?(?:follow\w*|stick|stuck|do what|use|used|respect\w*|take"
        r"|taken) (?:\w+ )?(?:my|the|i|what)\b.{0,30}\b(?:instruction\w*|asked|wanted|request\w*|said|wishes)\b"
        r"|\bwhat (?:was|is) the plan\b",
    ),
    (
        Topic.WHY,
        rf"\b{_BASIS}\b|\bwhat(?:'s| is) (?:supposed to be |meant to be |so )?(?:wrong|suspicious|off|fishy|odd"
        rf"|weird|strange) (?:with|about|in) (?:it|this|that|the)\b|\b(?:indications?|evidence|signs?|grounds"
        rf"|reasons?|clues?) (?:that |which )?(?:support|back|behind|for|speak|point|led)\w*\b"
        r"|\bwhat (?:backs|supports|justifies|speaks for|points to|makes it)\b|\bworan (?:macht|erkenn|merk|sieht"
        r"|liegt)\w*|\bqu'?est-ce qui (?:vous |te )?(?:fait dire|permet|indique|montre)|\bque (?:te|le"
        r"|os) hace (?:pensar|creer|decir)|\bcosa (?:ti|vi) fa (?:pensare|dire|credere)|\bo que (?:te|voce) (?:faz"
        r"|leva)\b|\bwat (?:maakt|doet) (?:je|jullie)\b|\bskad (?:to )?(?:wiadomo|wiesz|wiecie|wniosek)\b"
        r"|\bvad (?:tyder|talar)\b|\bhvad (?:tyder|taler)\b|\bhva tyder\b|\bmika (?:viittaa|kertoo)\b|\bco (?:svedci"
        r"|nasvedcuje|vas vede)\b|\bmi (?:utal|szol|bizonyit)\w*|\bτι (?:δειχνει|σασ κανει)\b|\bщо (?:вказує"
        r"|свідчить)\b|\bчто (?:указывает|говорит о)\b",
    ),
    (
        Topic.FACES,
        rf"^(?:\w+ ){{0,2}}?\b{WHO}(?! (?:\w+ )?(?:ma[dk]e|did|created?|faked|produced|manipulated|edited|hat|a|ha"
        rf"|heeft|har|maakte)\b)"
        rf"(?:'?s|(?: \w+'?\w*){{0,5}}? {IS})\b(?: \w+){{0,3}}? {FAKED}\b(?! (?:by whom|it|this|that|the (?:video"
        rf"|clip)))"
        rf"|\bwho's (?:been |got |had )?(?:\w+ )?{FAKED}\b|\bwhat about (?:what|how) (?:you|one|he|she|they"
        rf"|it) (?:can )?(?:see|looks?)\b",
    ),
    (
        Topic.STRETCHES,
        r"\b(?:early|earlier|beginning|start|first half|opening)\b.{0,25}\b(?:or|vs)\b.{0,15}\b(?:late|later|end"
        r"|second half|close)\b|\bhow (?:far in|early|late)\b|\b(?:from|until|at) what (?:point|time)\b|\bhvor (?:i"
        r"|henne i) (?:videoen|klippet|filmen|optagelsen)\b|\bvar i (?:klippet|videon|filmen)\b|\bmissa kohdassa\b"
        r"|\bv (?:kterem|jake|ktere) (?:okamziku|casti|minute|sekunde)\w*"
        r"|\bmelyik (?:resz|masodperc|pillanat|szakasz)\w*|\bmikor\b|\bne zaman\b|\b(?:hangi|kacinci) (?:saniye"
        r"|dakika|bolum)\w*|\bσε ποι[αο] (?:σημει|στιγμ|δευτερολεπτ|λεπτ)\w*|\bна як(?:ій|ой) (?:секунд|хвилин)\w*"
        r"|\bв (?:який|якому) (?:момент|місц)\w*|\bколи\b|\bв как(?:ой|ом) (?:момент|мест)\w*|\bна какой (?:секунд"
        r"|минут)\w*|\bкога\b|\bkada\b|\bin ce (?:moment|secunda|parte)\b",
    ),
    (
        Topic.AGAIN,
        rf"(?=.*\b{_AGAIN}\b)(?=.*\b(?:{EXAMINED}|do|try|run|have|take|go|give|mach\w*|prob\w*|versuch\w*|fai\w*"
        rf"|fais|faites|refai\w*|haz\w*|prueb\w*|fac\w*|faz\w*|doe|doen|probeer|zrob\w*|sprobuj|gor|provo|prova|tee"
        rf"|tehka\w*|kor|kjor|udelej\w*|zkus\w*|csinal\w*|nezd\w*|yap|dene|καν\w*|δοκιμασ\w*|зроби\w*|спробу\w*"
        rf"|сдела\w*|попробу\w*|запуст\w*|перезапуст\w*|с voce|with|mit|avec|con|com|met|z|med)\b)(?!.*\b(?:what|why"
        rf"|who|was|waren)\b).*"
        r"|^(?:ok |okay |now |then |please |so |and )*(?:try|run|do|use|take|give) (?:it |this |me )?(?:(?:just "
        r"|only |with )"
        r"(?:the |my )?(?:\w+ )?(?:first|last|opening|closing|voice|sound|audio|faces?|picture|whole|part|bit|section)"
        r"|(?:the |my )?(?:first|last|opening|closing|whole|full))\b"
        r"|\bwith (?:more|fewer) frames\b|\b(?:slower|more slowly|longer|deeper"
        r"|more thoroughly|harder) this time\b|\bthis time\b.{0,30}\b(?:with|only|slower|look|check|include)\w*"
        r"|\brifa(?:i|llo|lla|re|te|telo)\b|\bripet\w+|\brefai\w+|\brecommenc\w+|\brepet\w*\b(?! que)|\brepit\w+"
        r"|\bwiederhol\w+|\bherhaal\w*|\brefa[cz]\w*|\brehaz\w*|\bpowtorz\w*|\bgor om\b|\bgjor (?:det )?om\b"
        r"|\blav (?:det )?om\b|\btoista\w*|\bzopakuj\w*|\brepeta\w*|\bismeteld\w*|\btekrarla\w*|\bεπαναλαβ\w*"
        r"|\bповтор\w*|\bперевір\w* (?:ще|знов)|\bпереробі\w*|\bперепровер\w*",
    ),
)
"""In order; a clause in which several are found is about the first."""
