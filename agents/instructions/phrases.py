"""Turns of phrase: what becomes of a mention (kept, set aside, singled out), and what asks for no examination."""

from __future__ import annotations

from typing import Final

from agents.instructions import foreign_words as tongues
from agents.instructions.function_words import GAP, SKIP, WORK
from agents.instructions.patterns import Pattern

_IS: Final = "".join(
    rf"(?<!\b{verb} )"
    for verb in ("is", "are", "was", "were", "be", "that's", "it's", "est", "ist", "sind", "war", "zijn", "to")
)

SKIPPED_BEFORE: Final = Pattern(
    rf"(?<!\w)(?<!not )(?<!n't )(?<!nicht )(?<!pas )(?<!no )(?<!non )(?<!nao )(?:{SKIP}){WORK}$"
)
"""Ends right before a mention that is being set aside."""
NEGATED_BEFORE: Final = Pattern(
    rf"{_IS}(?:(?<!\w)(?:not|dont|no|nao|non|nicht|nich|niet|nie|pas|{tongues.NOT})"
    rf"|n't){WORK}$"
)
"""A bare negation, with nothing but words of examining between it and the mention."""
CLAIMED_BEFORE: Final = Pattern(
    r"(?:(?<!\w)(?:is|are|was|were|be|it's|its|that's|thats|this|c'est|cest|c est|n'est|est|ist|sind|war|es|era|son"
    r"|e|sia|sono|era|is het"
    rf"|jest|to|det ar|{tongues.COPULAS}|to)"
    rf"\s*(?:not|n't|nicht|no|non|nao|pas|niet|nie|inte|ikke|не)|isn't|aren't|wasn't|no es|non e|nao e|to nie"
    rf"|no way(?: that)?(?:'s| is)?|(?<!\w)(?:{tongues.DENIALS})){GAP}$"
)
"""The mention is denied to be somebody's: doubt about it, not lack of interest."""
SPOKEN_OF: Final = Pattern(tongues.FINITE)
DONE_BY: Final = Pattern(r"(?:stutter|talk|speak|sound|laugh|sing|blink|smil|breath|lisp|pronounc|articulat)\w*")
NEVER_AFTER: Final = Pattern(r"^\W*(?:nie|niemals|nicht|nooit|niet|aldrig|aldri|mai|nunca|jamais|never|nikdy)\W*$")
"""What somebody does not do: an observation, and no wish to leave it out."""
FOCUS_AFTER: Final = Pattern(
    r"^\W*(?:that |which )?(?:i|we|i'm|we're|he|she)(?: am| are| really| would| do| still| also)*(?:'m"
    r"|'re)? (?:doubt|question"
    r"|distrust|mistrust|(?:don't|do not|can't) (?:trust|believe|buy)|after|worried about|care about|interested in"
    r"|contest"
    r"|challenge|dispute|concerned about|suspicious of|suspect)(?!\w)"
)
FOCUS_BEFORE: Final = Pattern(
    r"(?<!\w)(?:lo que (?:\w+ )?(?:impugn|cuestion|discut|import|interes|dud|quier|neg|nieg)\w+ es|ce (?:que"
    r"|qui) (?:\w+ |m'|nous )?"
    r"(?:contest|interess|compt|inquiet|veu)\w* c'est|o que (?:\w+ )?(?:contest|interess|import|quer|neg)\w+ e"
    r"|(?:quello|cio) che (?:\w+ )?(?:contest|interess|cont|import|neg)\w+ e|es geht (?:mir |uns )?(?:nur )?um"
    r"|strittig ist"
    r"|(?:het )?gaat (?:mij |ons )?om|chodzi (?:mi |nam )?o|det (?:handlar|handler|galler|gaelder) (?:om)?"
    r"|jde (?:mi |nam )?o"
    rf"|it is about|it's about|this is about|the (?:question|issue|problem|dispute|doubt) is(?: about)?){GAP}$"
)
"""It is this that is asked about."""
BARE_NOT: Final = Pattern(rf"\W*(?:not|nicht|pas|no|non|nao|niet|nie|inte|ikke|ne|nu|degil){GAP}")
LOOK_AT: Final = Pattern(r"(?<!\w)(?:se pa|kig pa|se na|look at|watch|kijk naar|patrz na)(?!\w)")
NOT_DONE_BEFORE: Final = Pattern(
    r"(?<!\w)(?:doesn't|does not|doesnt|didn't|did not|didnt|never|wouldn't|would not|can't|couldn't)"
    r"(?:\s+(?:even|really|ever|normally|usually|actually|once))?\s*$"
)
DENIED_BEFORE: Final = Pattern(
    r"(?:n't|(?<!\w)(?:not|never|dont|doesnt|didnt|nicht|nie|niemals|ne|jamais|no|nunca|jamas|non|mai|nao|nunca|niet"
    r"|nooit"
    r"|nigdy|inte|aldrig|ikke|aldri|ei|koskaan|nikdy|nu|niciodata|nem|soha|δεν|ποτε|не|ні|никогда|ніколи|n'a|ni))"
    r"(?:\s+(?!(?:want|need|care|bother|let|me|us|have)\b)\w+){0,2}\s*$"
)
"""Before a verb that somebody is the subject of: "she never said that" is a claim about the recording."""
DENIED_WITHIN: Final = Pattern(r"(?:n't|(?<!\w)(?:not|never)) (?:\w+ )?(?:say|said)$")
CLAUSE_END: Final = Pattern(r"\s*(?:$|[,.;!]|(?:and|but|just|only|please|und|et|y|e|en|i|och|og|bitte|nur)(?!\w))")
IMPERATIVE: Final = Pattern(r"(?<!\w)(?:don't|dont|do not|never|please don't|we don't|i don't)\s*$")
KEPT_IN: Final = Pattern(rf"(?<!\w)(?:{tongues.KEPT_IN})(?!\w)")
NEITHER: Final = Pattern(r"(?<!\w)(?:nor|ni|noch|ani|neither|ne|nem|or)(?!\w)")
DISMISSED_AFTER: Final = Pattern(
    r"^\W*(?:track|itself|part|side|stuff|piste|spur|analysis|analyse)?\W*(?:(?:,|-|:|you|we|i|du|man|sie|ihr|u|vous"
    r"|pouvez|podeis|puedo|podete|puo|si puo|konnen|konnt|mozna|mozno|muzete|lze|voit|saa|можна|можно|можете"
    r"|μπορειτε|να|kann|kannst"
    r"|konnen wir|brauch\w*|muss\w*|soll\w*|wird"
    r"|dir|euch|sich|mnie|nas|mi to|quality|qualitat|qualite|kan|kun|mag|moet|hoef\w*|puedes|se puede|puoi|si puo|pode"
    r"|mozesz|mozna|peux|peut|tu|on|can|may|should|could|is|are|was|be|to|ist|est|es|e|sind|zijn"
    r"|jest|its|it|es auch|je|ich|ik|me|mir|mich|mi|m'|te|hier|here|auch|please|bitte|prosze|out|aus|right|just|really"
    r"|completely|ganz|total|totally"
    r"|entirely|erst|gar|at all|safely|by all means|to be|being|doch|ruhig|daar|er|was|lo|la|le)\W+)*"
    r"(?:ignor\w+|skip\w*|omit\w*|left out|leave (?:out|alone|aside)|excluded?|dropped|disregard\w*|forget(?: it"
    r"| about it)?|irrelevant\w*|unimportant|(?<!is )(?<!are )(?<!was )(?<!'s )(?<!sounds )(?<!looks )off|(?:no|nao"
    r"|non|nie|nein|nee)(?=\s*(?:$|[,.;!]))"
    r"|(?:does not|doesn't|do not|don't|doesnt|dont) (?:matter|count|interest|concern|need|care|bother)\w*"
    r"|(?:not|isn't|aren't) (?:important|needed|relevant|necessary|required|of interest|interest\w*|my problem"
    r"|the (?:issue|point|problem|question|concern|matter|thing))"
    r"|(?:isn't|aren't|is not|not) of (?:any )?(?:interest|importance|concern|use)|(?:out of|outside|beyond) (?:the "
    r"|our |my )?"
    r"scope|off (?:the table|limits)|needn't|need not|secondary|beside the point|not (?:my|our) (?:concern|worry"
    r"|question"
    r"|business|department)|not what (?:i|we) (?:asked|need|want|mean)\w*|(?:won't|can't|cannot|doesn't|isn't going to)"
    r" (?:help|be used|be of)|(?:no|little) (?:help|use|good|concern)(?: to)?|tells? (?:us|me|you) nothing"
    r"|a red herring|isn't (?:important|needed|relevant"
    r"|necessary|interesting)|no matter|whatever|aside|apart|unnecessary|can wait|is a given"
    r"|(?:auslassen|weglassen|weg|raus|ueberspringen|uberspringen|ignorieren|lassen|vergessen|aussen vor)|(?:aus|ab"
    r"|leise|stumm|uit|nebensache|nebensachlich|zweitrangig|aussen vor)(?=\s*(?:$|[,.;!]|(?:und|en)(?!\w)))|(?:spielt"
    r"|spielen) keine rolle|(?:nicht|nich) (?:pruf\w+|pruef\w+|notig|noetig"
    r"|wichtig|relevant|beacht\w*|untersuch\w*|interessier\w*|ansehen|anschauen|analysieren|interessant|brauch\w*"
    r"|zu \w+)|verzicht\w*|sparen"
    r"|(?:interessier\w*|brauch\w*|kummer\w*|juck\w*) (?:du|ich|wir|mich|uns|man|mir)?\s*nicht|unwichtig|egal|schnuppe"
    r"|wurst"
    r"|(?:je |on |nous )?(?:m'en|s'en|t'en|nous en) (?:fiche|fous|fout|moque|tape|contrefiche|occupe pas)\w*"
    r"|peu importe|(?:m'|nous )?importe(?:nt)? peu|pas (?:besoin|la peine|important|necessaire|interessant|utile)"
    r"|(?:m'est|nous est) egal\w*|hors sujet|secondaires?"
    r"|(?:n'est|n'a|n'ont|ne \w+|m'import\w*|ne m'interess\w*) pas\b.{0,20}|on s'en (?:fiche|fout)|de cote|inutile\w*"
    r"|non plus"
    r"|no (?:importa\w*|hace falta|viene al caso|nos interesa\w*|la mires|l[oa]s? (?:mires|toques|revises)|sirve\w*"
    r"|procede|interesa\w*|es necesario|lo mires|lo analices|me importa\w*|me interesa\w*|cuenta"
    r"|hay que)|da igual|sobra\w*|dejalo\w*|ignoralo|olvidalo|me da igual|secundari[oa]s?|irrelevantes?|no pinta nada"
    r"|non (?:importa\w*|serve|servono|interessa\w*|mi (?:interessa\w*|serve|importa)|conta)|lascialo stare"
    r"|non e (?:importante|necessari[oa])|secondari[oa]|irrilevant[ei]|lascia(?:telo|lo|la)? (?:stare|perdere)"
    r"|nao (?:importa\w*|precisa\w*|interessa\w*|e (?:preciso|necessario|importante)|vem ao caso|serve\w*|ajuda\w*"
    r"|me (?:interessa\w*|importa)"
    r"|conta)|tanto faz|deixa\w*|dispensa|secundari[oa]|irrelevantes?|esquece\w*|pode ignorar"
    r"|(?:hoef\w*|doet|boeit|interesseert|telt|maakt)(?: er| me| mij| je| u| we| ik)? niet\b.{0,12}|maakt niet uit"
    r"|overslaan|weglaten|negeren|laat maar|laat maar zitten|bijzaak|doet er niet toe|niet (?:nodig|belangrijk"
    r"|relevant|bekijken|controleren)|overbodig"
    r"|pomin\w*|pomij\w*|zostaw|odpusc\w*|zignoruj\w*|nie (?:jest (?:wazn\w*|potrzebn\w*)|trzeba|musisz|sprawdza\w*"
    r"|obchodzi\w*|interesuj\w*|ma znaczenia|liczy\w*|potrzeb\w*|jest istotn\w*)|niewazn\w*|nieistotn\w*"
    r"|drugorzedn\w*|odpada|mozesz (?:pomin\w*|sobie darowac)"
    r"|(?:don't|do not|nothing|nope"
    r"|no thanks|none)(?=\s*(?:$|[.;!]))"
    rf"|{tongues.DISMISSED})(?!\w)"
)
"""Follows a mention that is being set aside."""
ONLY_BEFORE: Final = Pattern(
    r"(?<!\w)(?:only|just|solely|exclusively|purely|merely|simply|concentrate\w*|focus\w*|restrict\w*|confine"
    r"|limit\w*|go by|going by|rely on|work (?:from|with|on)|judge by|(?:only|just) (?:get|got|have|hear|see)"
    r"|stick to|nothing but|nothing except|all i (?:want|need)|what about|how about|mostly|primarily|rather|zero in"
    r"|hone in"
    r"|nur|lediglich|ausschliesslich|bloss|allein|konzentrier\w*|beschrank\w*|seulement|uniquement|juste|exclusivement"
    r"|rien que|concentr\w+|limite\w*|solo|solamente|unicamente|nada mas que|exclusivamente"
    r"|centr\w+|enfoca\w*|enfoque\w*|limitate|soltanto|solamente|unicamente|esclusivamente|concentr\w+|so(?= (?:o|a"
    r"|os|as|no|na|nos|nas|quero|ver|verifi\w*|analis\w*|olh\w*|voz|rosto|audio|som|cara|imagem|video)(?!\w))|somente"
    r"|apenas|unicamente|foc\w+|alleen|enkel|slechts|uitsluitend|concentreer\w*|beperk\w*|focus"
    rf"|tylko|wylacznie|jedynie|skup\w*|skoncentruj\w*|{tongues.ONLY})" + WORK + r"$"
)
ONLY_AFTER: Final = Pattern(
    r"^\W*(?:track|part|path|side|stuff|analysis)?\W*(?:only|alone|exclusively|solely|and nothing else"
    r"|please and nothing else|nur|allein|und sonst nichts|uniquement|seulement|seul|solamente|solo|nada mas"
    r"|y nada mas|soltanto|e basta|apenas|so(?=\s*(?:$|[,.;!]))|e mais nada|alleen|en verder niets|tylko"
    r"|i nic wiecej|wylacznie|only"
    rf"|{tongues.ONLY})(?!\w)"
)
NO_LOOK: Final = Pattern(
    r"(?<!\w)(?:(?:do not|don't|dont|without|no) (?:look|watch)(?:ing)?|nicht (?:hinschauen|schauen|ansehen)"
    r"|sans regarder|ne regarde pas|sin mirar|no mires|senza guardare|non guardare|sem olhar|nao olhe|niet kijken"
    r"|nie patrz)(?=\s*(?:$|[,.;!?]))"
    r"|(?:close|shut) your eyes|^(?:with )?(?:your )?eyes (?:closed|shut)|with (?:your )?eyes (?:closed|shut)|augen zu"
    r"|(?:fermez|ferme|fermes?) les yeux|(?:mit geschlossenen|mach die) augen(?: zu)?|yeux fermes"
    r"|(?:con los )?ojos cerrados"
    r"|cierra los ojos|(?:a |con gli )?occhi chiusi|chiudi gli occhi|(?:de )?olhos fechados|ogen dicht|zamknij oczy"
    r"|fech\w+ os olhos|blunda|luk ojnene|lukk oynene|zavri(?:te)? oci|inchide(?:ti)? ochii|gozler\w* (?:kapat"
    r"|yum)\w*|(?:sluit|doe) je ogen(?: dicht)?"
    r"|(?:the )?(?:video|picture|image|footage|visual)(?:'s| is| was| has been| track is)(?: just| only| all| been"
    r"| completely)?"
    r" (?:a placeholder|blanked(?: out)?|black|blank|empty|a black \w+|not there|missing|dark|pitch black|a waveform)"
    r"|(?:he|she|they|speaker|presenter|face|person)(?:'s| is| are|) (?:not visible|invisible|not shown|hidden"
    r"|never shown|not in"
    r" (?:shot|frame|view))"
    r"|(?:there(?:'s| is) )?(?:only |just )?(?:a )?(?:black|blank|dark) screen|(?:the )?(?:screen|camera|lens) (?:is"
    r"|was|stays|stayed"
    r"|goes|went)(?: \w+)? (?:black|blank|dark|covered|off|blocked)|camera (?:pointing|pointed|facing) (?:at|away"
    r"|down)\w*"
    r"|schwarze[rs]? (?:bild|bildschirm)|ecran noir|pantalla (?:en )?negr[oa]|schermo nero|(?:ecra|tela) (?:pret[oa]"
    r"|negr[oa])"
    r"|zwart (?:scherm|beeld)|czarny ekran|svart (?:skarm|ruta)|sort skaerm|cern[ae] obrazovk\w*|ecran negru"
    r"|siyah ekran"
    r"|forget (?:how|what) (?:he|she|they|it|the \w+) looks?(?: like)?"
)
ALSO: Final = Pattern(
    r"(?<!\w)(?:not (?:only|just|merely|solely)|nicht (?:nur|bloss|allein)|pas (?:seulement|uniquement|que)"
    r"|non (?:seulement|uniquement)|no (?:solo|solamente|unicamente)|non (?:solo|soltanto)|nao (?:so|apenas|somente)"
    r"|niet (?:alleen|enkel|slechts)|nie (?:tylko|jedynie)|inte (?:bara|endast)|ikke (?:kun|bare)|ne(?:jen|jenom"
    r"| jen)|nu (?:doar|numai)|nem csak|ei (?:vain|pelkastaan)|οχι μονο|ne samo"
    r"|не только|не тільки|don't (?:only|just)(?: \w+)?|don't limit yourself to)(?!\w)"
)
ALL_BUT: Final = Pattern(
    r"(?<!\w)(?:everything|anything|all) (?:but|except|besides|other than|apart from|aside from|save)|alles (?:ausser"
    r"|bis auf|behalve|ohne)|tout sauf|todo (?:menos|excepto|salvo)|tutto (?:tranne|eccetto|fuorche|meno)"
    r"|tudo (?:menos|exceto)"
    r"|wszystko (?:oprocz|procz|poza|bez)|allt utom|alt undtagen(?!\w)"
)
NOTHING_BUT: Final = Pattern(
    r"(?<!\w)(?:nothing (?:but|except|besides|other than)|nichts (?:ausser|als)|rien (?:que|d'autre que|sauf)"
    r"|nada (?:mas que|excepto|salvo)|nient'altro che|niente (?:tranne|altro che)|nada (?:alem d\w+|a nao ser"
    r"|mais que)|niets (?:dan|behalve)"
    r"|nic (?:oprocz|poza)|inget annat an)(?!\w)|(?<!\w)(?:apart from|except(?: for)?|ausser|a part|hormis|aparte de"
    r"|a parte|behalve|oprocz|poza)(?=[^,.;]{1,30}(?:nothing (?:else )?(?:matters|counts|interests)|(?:ist"
    r"|interessiert|zahlt)[^,.;]{0,12} (?:alles egal|nichts)"
    r"|rien ne (?:compte|m'interesse)|nada (?:importa|me interesa)|niente (?:conta|mi interessa)|nic))"
)
CLAUSE: Final = Pattern(
    r"[,;.!?:()\n…]+|\s[-–—]+\s|(?<!\w)(?:and|but|und|aber|sondern|et|mais|y|pero|sino|ma|bensi|e|mas|maar|ale|lecz"
    r"|tylko ze|oraz|men|och|og|fakat|ama(?= )"
    r"|then|though|while|although|since|because|weil|denn|car|porque|perche|bo|и|но|а|але)(?!\w)"
)

EVERYTHING: Final = Pattern(
    r"(?<!\w)(?:everything|both|all of (?:it|them)|full (?:analysis|check|scan|examination|report|monty)|the (?:works"
    r"|lot)|every(?:thing)? check|all (?:checks|tests|paths|modalities)|every (?:check|test|path)|alles|beides|beiden?"
    r"|komplett\w*"
    r"|vollstandig\w*|tout|toutes? les (?:analyses|verifications)|complete|les deux|todo|ambos|ambas|los dos|las dos"
    r"|completo|completa|tutto|entramb[ie]|tutti e due|completa|tudo|allebei|beide|volledig\w*|wszystko|oba|oboje"
    r"|calosc|allt|bada"
    r"|begge|alt|vse|oboji|ambele|всё|все|оба|обидва|ολα|mindent|mindket\w+|kaikki|her sey\w*|hepsi\w*)(?!\w)"
)
NOT_EVERYTHING: Final = Pattern(
    r"(?<!\w)(?:sobre todo|pas du tout|du tout|before everything|above all|after all|at all|surtout|all right"
    r"|alles egal|todo el mundo|alles klar|alles gute)(?!\w)"
)
VIDEO_ONLY: Final = Pattern(
    r"(?<!\w)(?:only|just|nur|seulement|uniquement|solo|solamente|soltanto|so|somente|apenas|alleen|enkel|tylko|bara"
    r"|endast|kun)\s+"
    r"(?:(?:check|test|examine|analy[sz]e|look at|the|das|la|le|el|il|o|de|het|den"
    r"|do)\s+){0,3}videos?(?!\w)(?!\s+(?:clip|file|between|from|is|was))|(?<!\w)video\s+(?:track\s+|stream\s+"
    r"|part\s+)?(?:only|alone|uniquement|seulement|solamente|soltanto)(?!\w)"
)
AMONG: Final = "amongothers"
"""Stands for "not only" and "do not leave out"."""
FOOTAGE: Final = Pattern(
    r"(?<!\w)(?<!whole )(?<!entire )(?<!full )(?<!ganze )(?:footage|videos?|visuals?|film|filmato|videot|videon"
    r"|videoen|videoul"
    r"|videoyu)(?!\w)(?! (?:clip|file|call))"
)
"""The picture, where it is set aside."""
ONLY_VIDEO: Final = "onlyvideo"
"""Stands for "only the video", which means its picture."""
JOINED: Final = Pattern(
    rf"\s*(?:&|/|(?<!\w)(?:and|or|nor|und|oder|noch|et|ou|ni|y|o|e|ed|ne|nem|en|of|i|ani|oraz|{tongues.AND})(?!\w))?"
    rf"{GAP}"
)
"""Nothing but a conjunction and an article: what holds for the mention before holds for the next."""
RATHER: Final = Pattern(
    r"(?<!\w)(?:(?:i'd |would )?rather|lieber|eher|plutot|mas bien|antes|piuttosto|liever"
    r"|raczej)\s+(.{2,40}?)\s(?:than|als|que|che|do que|dan|niz)(?!\w)"
)
LISTEN: Final = Pattern(
    r"(?:listen|hor|hoer|zuhor|ecoute|escuch|ascolt|ouv|ouca|escut|luister|sluchaj|posluchaj|lyssna|lyt)\w*"
)
"""Told to listen: not set aside along with the picture before it."""
_SOUND_WORD: Final = (
    r"audio|sound|voice|speech|ton|stimme|le son|voix|sonido|voz|suono|voce|som|geluid|stem|dzwiek|glos"
)
_PLUS: Final = (
    r"(?:\s*&|\s+(?:and|&|plus|as well as|und|sowie|wie auch|et|que|y|como|e|che|quanto|en|als|als ook|i|oraz|jak i|or"
    r"|ou|oder|och|og|the|il|le|la|el|o|os|das|de|het|den|die|der|a))+\s*"
)
SOUND_AND_VIDEO: Final = Pattern(
    rf"(?<!\w)({_SOUND_WORD}){_PLUS}(?:videos?)(?!\w)|(?<!\w)videos?(?!\w){_PLUS}({_SOUND_WORD})(?!\w)"
)
"""Next to the sound, "the video" is the picture."""
IN_THE: Final = Pattern(
    r"(?<!\w)((?:concentr\w+(?:-se)?|foc\w+|foque\w*|atencao|olh\w+|repar\w+|fix\w+|so|apenas|somente|foco|esta|algo"
    r"|estranh\w+|mud\w+|veja|ouca)\s+)n([oa]s?)(?!\w)|(?<!\w)no(?= (?:rosto|queixo|som|olhar)(?!\w))"
)
"""Portuguese "in the", not a denial."""
MATCHING: Final = Pattern(
    r"(?<!\w)(?:match\w*|mismatch\w*|fit|fits|agree\w*|drift\w*|out of sync|lag\w*|delay\w*|line up|in line"
    r"|correspond\w*|pass(?:t|en)|ubereinstimm\w*|uberein|zusammen"
    r"|coincid\w+|concord\w+|corrispond\w+|combina\w*|batem?|overeen\w*|klopp\w*|kloppen|pasuj\w*|zgadza\w*|zgodn\w*"
    r"|together|belong\w*)(?!\w)"
)
"""Held against one another, when both are named."""
YES_OR_NO: Final = Pattern(
    r"(?<!\w)(\w+)\s*[:=]\s*(?:(?P<no>no|false|off|0|none|nein|non|nao|nie|nee|skip|ignore)|(?P<yes>yes|true|on|1|ja"
    r"|oui|si|sim|tak))(?!\w)"
)
DOUBTS: Final = Pattern(
    r"(?<!\w)(?:trust|think|thinks|believ\w+|sure|convinced|buy|like|recogni[sz]e|certain|seem|sound|look|glaub\w*"
    r"|denk\w*|sicher|trau\w*|kauf\w*|crois|pense|sur|sure|confiance|creo|parece|fio|confio|seguro|segura|credo|penso"
    r"|fido|sicuro|sicura|sembra|acho|certeza|confio|parece"
    r"|geloof\w*|denk|zeker|vertrouw\w*|lijkt|wierze|sadze|mysle|ufam|wydaje|brzmi)(?!\w)"
)
"""Not believing is no lack of interest."""
UNLIKE: Final = Pattern(
    r"(?<!\w)(?:don't|doesn't|didn't|dont|doesnt|does not|do not|did not"
    r"|(?<!picture )(?<!face )(?<!video )(?<!image )not)"
    r" (sounds?|looks?|talks?|speaks?"
    r"|sounded)(?= (?:like|right|real|natural|human|normal|okay|ok|the same|as|authentic|genuine|convincing|quite"
    r"|at all|to me)(?!\w)|\s*$)"
)
"""Not sounding like somebody is no wish to leave the sound out."""
LESSER: Final = Pattern(
    r"(?<!\w)(?:not|don't|doesn't|dont|isn't|no|never|nicht|kein\w*|egal|pas|fiche|moque|peu|non|nao|niet|geen|nie"
    r"|anyway|terrible|unimportant|tanto faz|da igual|whatever|bad|poor|forget|skip|ignore\w*|leave|without|less"
    r"|unlike|already|fine|ok|okay|schon|bereits|deja|ya|gia|ja|juz|al)(?!\w)"
)
"""Somewhere in a clause, without saying what it bears on."""
ALONGSIDE: Final = Pattern(
    r"(?<!\w)(?:and|plus|&|also|too|as well|along with|together|und|auch|sowie|et|aussi|ainsi que|y|tambien|e|ed|anche"
    r"|tanto|tambem|en|ook|zowel|i|oraz|takze|tez|rowniez|zarowno|both|och|og|и|versus|vs|with|mit|avec|con|com|met|z"
    r"|ze)(?!\w)|\+|&|/"
)
LACKING: Final = Pattern(
    r"(?<!\w)(?:no|not any|any|without|never|kein\w*|ohne|sans|pas de|aucun\w*|sin|ningun\w*|senza|nessun\w*|sem"
    r"|nenhum\w*|geen|zonder|bez|zadn\w+)\s*(?:\w+\s+)?$"
)
HAS_NONE: Final = Pattern(
    r"(?<!\w)(?:has|have|had|got|with|ha|hat|tiene|heeft|ma|har|nie ma|tem|a) (?:got )?(?:no|any|kein\w*|geen|inga"
    r"|ingen)\s*$"
)
MEDIUM: Final = Pattern(
    r"(?:audio|sounds?|pictures?|images?|visuals?|video\w*|voices?|speech|ton|tonspur|stimme|bild\w*|faces?"
    r"|gesicht\w*|geluid"
    r"|beeld\w*|stem|ljud\w*|lyd\w*|bild\w*|billede\w*|soundtracks?|music|talking|dialogue|commentary)"
)
"""What a file lacks; anything else is lacked by somebody who is shown or heard."""
LATE_NOT: Final = Pattern(r"^\s*(?:bitte |alstublieft )?(?:nicht|nich|niet|inte|ikke)(?=\s*(?:$|[,.;!]))")
LINKED_BEFORE: Final = Pattern(r"(?<!\w)(?:ist|sind|war|waren|is|zijn|was|waren|ar|er)(?!\w)")
"""With one of these before it, a late "not" denies what something is."""
SKIPPED_IT: Final = Pattern(
    r"(?<!\w)(?<!don't )(?<!not )(?:(?:skip|ignore|disregard|forget(?: about)?|leave|drop|omit|exclude|mute|discard)"
    r" (?:it|them|those|that|this|that (?:side|part|one|bit|stream|track))(?: (?:out|entirely|altogether|completely"
    r"|please|alone|aside|side|part|one|bit))*(?=\s*(?:$|[,.;!]))"
    r"|(?:lass|ignoriere?|vergiss|uberspring\w*|lassen sie|ignorieren sie) (?:es|das|den|die|sie|ihn|dies\w*)"
    r"(?: (?:teil|weg|aus|bitte))*(?=\s*(?:$|[,.;!]))"
    r"|(?:laisse[zr]?|ignore[zr]?|oublie[zr]?|saute[zr]?|ecarte[zr]?)(?:-l[ae]s?|-les| (?:ca|cela|l[ae]s?))(?!\w)"
    r"|(?:ignora|olvida|deja|omite|salta|descarta)(?:d|r|n)?l[oa]s?|(?:ignora|lascia|salta|dimentica"
    r"|tralascia)(?:te)?l[oaie]"
    r"|(?:ignor|esquec|deix|pul)\w*-[oa]s?|(?:negeer|vergeet|laat) (?:dat|die|het)(?: (?:maar|weg|deel|zitten))*"
    r"|(?:pomin|zignoruj|zostaw|opusc)\w* (?:to|go|ja|je)|(?:hoppa over|strunta i|glom|ignorera) (?:det|den)"
    r"|(?:glem|drop|ignorer) (?:det|den))(?!\w)"
)
"""Sets aside what was named last."""
THE_REST: Final = Pattern(
    r"(?<!\w)(?:the rest|everything else|footage|videos?|clips?|films?|tape|aufnahme|filmaufnahme|der rest|le reste"
    r"|l'enregistrement|el resto|grabacion|il resto|filmato|o resto|gravacao|de rest|opname|reszt[aey]"
    r"|nagrani[ea])(?!\w)"
)
"""What is left when the sound is known already: the picture; and the other way round."""
ELLIPTIC_NOT: Final = Pattern(
    r"^\W*(?:wel |aber |just |definitely |hingegen |jedoch )?(?:is |are |does |do )?(?:not|isn't|aren't|doesn't"
    r"|nicht|nich"
    r"|niet|pas|non|no|nao|nie|inte|ikke|ei|не|ні|δεν|οχι)\W*$"
)
"""After something that is in order: it is not, and asks to be looked at."""
OF_NO_INTEREST: Final = Pattern(
    r"(?<!\w)(?:(?:of|hold|holds|have|has) no (?:interest|importance|concern|consequence|use|relevance|bearing)"
    r"|of little (?:interest|importance)|(?:is|are|seems?) (?:irrelevant|unimportant|beside the point|not relevant)"
    r"|(?:is|are|be|of) (?:no|little) (?:help|use|good|value)|(?:is|has|have) nothing to do with (?:us|me|it|this)"
    r"|(?:is|are)(?: \w+){0,2} (?:garbage|mush|a mess|worthless)"
    r"|(?:won't|can't|cannot|doesn't) (?:really )?(?:help|tell (?:you|us|me) (?:anything|much))"
    r"|(?:(?:doesn't|does not|don't|do not) (?:really )?matter|(?:i|we) (?:don't|do not|couldn't) care(?: less)?"
    r"|is neither here"
    r" nor there|(?:ist )?(?:mir |uns )?(?:(?<!alles )egal|wurst|schnuppe|gleichgultig)|(?:m'est|nous est) egal|(?:me"
    r"|nos) da igual"
    r"|n(?:o|on|ao) (?:me |mi |ci |nos |te )?importa|ne compte pas|tanto faz|maakt niet uit|nie ma znaczenia"
    r"|spelar ingen roll"
    r"|er ligegyldig\w*|je (?:mi |nam )?jedno|nu conteaza|onemli degil)(?=\s*(?:$|[,.;!]))"
    r"|ohne (?:belang|bedeutung|interesse)|sans (?:interet|importance|objet)|sin (?:interes|importancia)"
    r"|senza (?:interesse|importanza)|privo? di interesse|sem (?:interesse|importancia)|zonder belang|van geen belang"
    r"|bez znaczenia|utan intresse|uden interesse|uten interesse)(?!\w)"
)
"""Said of what was named last."""
ONLY: Final = Pattern(
    r"(?<!\w)(?:only|just|solely|exclusively|purely|nothing (?:else|more|but)|nur|ausschliesslich|sonst nichts"
    r"|seulement|uniquement"
    r"|rien d'autre|solo|solamente|unicamente|nada mas|soltanto|nient'altro|apenas|somente|mais nada|alleen|enkel"
    r"|uitsluitend|niets anders"
    rf"|tylko|wylacznie|nic wiecej|{tongues.ONLY})(?!\w)"
)
"""Somewhere: whoever says so wants nothing else."""
INCLUDED: Final = Pattern(
    rf"(?:(?<!\w)(?:{AMONG}|include|including|add|cover|on top of|in addition to|as well as|apart from just"
    rf"|more than(?: just)?"
    r"|not (?:limited|restricted|confined) to|(?:not|n't|never) (?:limit|restrict|confine|stop|stick|skip|leave out"
    r"|forget"
    r"|omit|ignor|drop|miss|neglect|exclud|overlook)\w*"
    r"|inklusive|einschliesslich|mitsamt|beschrank\w* (?:dich|sie sich|euch)? ?nicht (?:nur )?auf"
    r"|y compris|ne (?:te|vous) limite[sz]? pas|sin olvidar|incluye|incluso|no te limites|inclus[oa]|includi"
    r"|non limitarti"
    r"|inclui\w*|nao se limite|inclusief|beperk je niet tot|wlacznie z|lacznie z|nie ograniczaj sie do|inklusive|aven"
    rf"|begransa dig inte till|inklusiv|vcetne|inclusiv|dahil)(?: (?:to|at|yourself|yourselves|just|only))*){GAP}$"
)
"""What follows is to be examined too, beside what was not said."""
DETAIL: Final = Pattern(
    r"(?:reflections?|breath\w*|blink\w*|wrinkl\w*|shadows?|accents?|noises?|hiss|teeth|tooth|pupils?|lash\w*|smil\w*"
    r"|expressions?|falten|rides|arrugas|rughe|rugas|rimpels|zmarszczk\w*|zahne|dents|dientes|denti|tanden|zeby"
    r"|bruits?|ruidos?|rumor[ei]|ruis|szum\w*|respir\w*|akzent|acento|accento|sotaque|akcent|music|musik|musica"
    r"|musique|muziek|muzyk\w*)"
)
"""What a face or a voice may lack: "no blinking" is an observation."""
