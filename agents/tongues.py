"""The small words of instructions in the languages of the north, the centre and the east, over plain text.

Greek is written with one sigma, as folding leaves it. Hungarian, Turkish and Finnish say behind a noun what others say
before it.
"""

from __future__ import annotations

from typing import Final

ARTICLES: Final = (
    r"den|det|de|dess|hans|hennes|deras|min|mitt|alla|all|bort|fran|till|en|ett|et|paa|til|hele|hela|fra|av|af|om|pa"
    r"|se|ta|tato|tento|tu|ty|jeho|jeji|jejich|vsechny|vsechen|cely|na|za|po|ve|v|k"
    r"|cel|cea|lui|ei|lor|pe|din|la|cu|toata|tot|cele|cei"
    r"|a|az|egy|ezt|azt|egesz|minden"
    r"|bu|su|o|butun|tum|onun|her"
    r"|ο|η|το|τα|τον|την|τη|του|τησ|των|τουσ|τισ|οι|στο|στη|στην|στον|στα|στουσ|στισ|σε|για|απο|με|και|ολο|ολη|ολα"
    r"|на|в|во|за|к|ко|о|об|от|из|с|его|ее|её|их|этот|эту|это|весь|всю|свой|у|та|цей|цю|це|його|її|весь|до|про|от"
    r"|taman|ovaj|taj|njegov\w*|njen\w*|cijel\w*|sve|hanen|sen|tama|se|kaikki"
)
EXAMINE: Final = (
    r"titta\w*|kolla\w*|granska\w*|undersok\w*|analysera\w*|kontrollera\w*|lyssna\w*|bry(?: dig| er)?|behov\w*"
    r"|se|kig\w*|sjekk\w*|tjek\w*|undersog\w*|undersok\w*|analyser\w*|kontroller\w*|hor|hore|lyt\w*|bruk\w*|brug\w*"
    r"|trenger|bekymre\w*|tag(?: hensyn)?"
    r"|katso\w*|tarkista\w*|tutki\w*|analysoi\w*|kuuntele\w*|huomioi\w*|valita|valittaa|tarvitse\w*"
    r"|divej\w*|podivej\w*|koukej\w*|kontroluj\w*|zkontroluj\w*|poslouchej\w*|resit?|reste|analyzuj\w*|zkoum\w*"
    r"|prover\w*|overuj\w*|pozer\w*|pocuv\w*|zaujima\w*|zajima\w*"
    r"|verific\w*|analiz\w*|uita\w*|asculta\w*|examin\w*|intereseaza|conteaza"
    r"|nezd\w*|nezze\w*|vizsgal\w*|ellenoriz\w*|hallgas\w*|foglalkoz\w*|elemez\w*"
    r"|bak\w*|incele\w*|kontrol|dinle\w*|denetle\w*|analiz"
    r"|κοιτα\w*|κοιταξ\w*|ελεγξ\w*|ελεγχ\w*|εξετασ\w*|ακου\w*|ασχολ\w*|χρειαζ\w*|δειτε|δεσ|αναλυσ\w*|με νοιαζει"
    r"|смотр\w*|посмотр\w*|провер\w*|слуша\w*|послуша\w*|анализир\w*|изуч\w*|нужн\w*|трогай\w*|обращай\w*|внимани\w*"
    r"|дивит\w*|дивис\w*|глян\w*|подивит\w*|перевір\w*|слуха\w*|аналізу\w*|треба|потрібн\w*|гледай\w*|проверявай\w*"
    r"|gledaj\w*|slusaj\w*|provjer\w*|prover\w*|analiziraj\w*"
)
SKIP: Final = (
    r"hoppa(?: over)?|skippa|strunta(?: helt)? i|bortse(?: fran)?|uteslut|utelamna|ignorera|glom(?: bort)?|lat bli"
    r"|lamna(?: bort)?|slipp|forutom|inte|inga"
    r"|spring(?: over)?|hopp(?: over)?|ignorer\w*|undlad|udelad|utelat|drop|dropp|glem|uten|uden|undtaget|unntatt"
    r"|bortset fra|se bort fra|ingen|intet|ikke noget"
    r"|jata|jattakaa|jattaen|ohita\w*|unohda\w*|ilman|paitsi|ala|alkaa|ei tarvitse|sivuuta\w*|lukuun ottamatta"
    r"|vynech\w*|preskoc\w*|vypust\w*|ignoruj\w*|zapomen\w*(?: na)?|bez|krome|mimo|zadn\w*|nech(?:te|ej)?(?: byt)?"
    r"|okrem|ziadn\w*"
    r"|fara|exceptand|cu exceptia|ignora\w*|lasa\w*|sari(?:ti)?(?: peste)?|omite\w*|uita de"
    r"|hagyd(?: ki)?|hagyja(?: ki)?|mellozd|ne|kiveve|felejtsd el"
    r"|ασε|αστε|αφησ\w*|αγνοησ\w*|παραλειψ\w*|παραβλεψ\w*|ξεχασ\w*|προσπερασ\w*|χωρισ|εκτοσ απο|πλην|ουτε|οχι|μη|μην"
    r"|без|кроме|не считая|пропуст\w*|игнорир\w*|забудь\w*|исключ\w*|оставь\w*|опуст\w*|брось\w*|ни|никак\w+|помимо"
    r"|окрім|крім|пропуст\w*|ігнору\w*|забудь\w*|виключ\w*|облиш\w*|залиш\w*|жодн\w+|освен|пропусн\w*|игнорира\w*"
    r"|остав\w*|preskoci\w*|zanemari\w*|osim|ignorisi\w*|izostav\w*|pusti"
)
"""Stand before what is set aside."""
NOT: Final = r"inte|icke|ej|ikke|ei|ala|alkaa|ne|nie|nu|nem|degil|δεν|μη|μην|οχι|не|ні"
ONLY: Final = (
    r"bara|endast|enbart|uteslutande|blott|kun|udelukkende|utelukkende|bare|kuns|blot|vain|ainoastaan|pelkastaan"
    r"|jen|jenom|pouze|vyhradne|len|iba|doar|numai|exclusiv|csak|kizarolag|csupan|sadece|yalnizca|yalniz|salt"
    r"|μονο|μοναχα|αποκλειστικα|только|лишь|исключительно|тільки|лише|виключно|само|единствено|samo|jedino|iskljucivo"
)
AND: Final = r"och|og|samt|ja|seka|a|i|si|es|meg|ve|ile|και|κι|и|й|і|та"
DISMISSED: Final = (
    r"(?:spelar|spiller) ingen roll\w*|(?:behovs|behover du|behover ni|behovs det|bryr jag mig) (?:inte|ej)|kan hoppas"
    r" over|struntar (?:jag|vi) i|(?:ar|er) (?:inte |ikke )?(?:ointressant\w*|oviktig\w*|likgiltig\w*|ligegyldig\w*"
    r"|likegyldig\w*|uinteressant\w*|uviktig\w*|uvigtig\w*|underordnad\w*|irrelevant\w*)|(?:er|ar) (?:ikke|inte)"
    r" (?:viktig\w*|vigtig\w*|relevant\w*|nodvendig\w*|nodvandig\w*|interessant\w*|intressant\w*)"
    r"|(?:kan|skal|ska|behover|maa?) (?:du |vi |i |ni )?(?:droppes?|droppas?|udelades?|utelates?|utelamnas?|springes?"
    r" over|hoppes? over|hoppa over|glemmes?|skippas?|ignoreres?|ignoreras?)|trenger (?:du |vi )?ikke|betyr ingenting"
    r"|bort(?=\s*(?:$|[,.;!]))"
    r"|viis|pois|sikseen|rauhaan|huomiotta|valiin|ei (?:kiinnosta|tarvitse|tarvita|ole tarkea\w*|haittaa|merkitse)\w*"
    r"|(?:on|ovat) (?:ihan )?(?:sama|yhdentekev\w*|epaolennais\w*)|voi(?:t|tte|daan)? (?:jattaa|ohittaa|unohtaa)"
    r"|vynech\w*|preskoc\w*|vypust\w*|ignoruj\w*|nech(?:te|ej)? (?:byt|stranou|plavat)|stranou"
    r"|(?:me |nas |mne )?(?:nezajima\w*|nezaujima\w*|nepotrebuj\w*|neres\w*|nehraj\w*|nevadi|neni (?:dulezit\w*"
    r"|potreba))"
    r"|(?:nu|n-are) (?:ma |ne |e |este |are )?(?:interes\w*|conteaz\w*|nevoie|important\w*|trebuie|importanta)"
    r"|(?:o |il |le |la )?(?:lasa\w*|ignora\w*|omite\w*|sari\w*)"
    r"|(?:hagyd|hagyja|hagyjuk|hagyjatok)(?: (?:ki|el|figyelmen kivul|beken))?|kihagyhat\w*|mellozhet\w*"
    r"|ne(?:m)? (?:erdek\w*|kell|fontos|szamit\w*|kivancsi\w*|nezd\w*|nezze\w*|vizsgal\w*|foglalkoz\w*|hallgas\w*)"
    r"|nelkul|kivetel\w*|mindegy|lenyegtelen"
    r"|(?:atla|atlayin|atlayabilir\w*|gec|gecin|bosver\w*|unut(?:un|abilir\w*)?|birak\w*|karistirma\w*|cikar\w*"
    r"|kapat\w*)"
    r"|(?:bakma|dinleme|inceleme|ilgilenme|kontrol etme|dahil etme|analiz etme)(?:yin|yiniz|n|niz)?"
    r"|(?:onemli|gerekli|lazim|umurumda|onemi|ilgilendirm\w*) (?:degil|yok)|onemsiz|gerekmez|gerek yok|olmadan|disinda"
    r"|haric|olmasin|gormezden gel\w*"
    r"|(?:δεν|ουτε) (?:με |μασ |τα |το |την? )?(?:ενδιαφερ\w*|νοιαζ\w*|χρειαζ\w*|πειραζ\w*|εχει σημασια|ειναι"
    r" (?:σημαντικ\w*|απαραιτητ\w*))|αδιαφορ\w*|ασ\w* το(?:ν|υσ)?|παραλειψ\w*|αγνοησ\w*|αστα|αστο|αστην|αστα κατα μεροσ"
    r"|(?:меня |нас |мне |нам )?(?:пропуст\w*|игнорир\w*|опуст\w*|исключ\w*|забудь\w*|оставь\w*|не (?:нуж\w*|важ\w*"
    r"|надо|интерес\w*|волну\w*|трога\w*|смотр\w*|провер\w*|слуша\w*|имеет значения|рассматрив\w*|анализир\w*)"
    r"|неваж\w*|неинтерес\w*|не при ч[её]м|потом)"
    r"|(?:мене |нас |мені )?(?:ігнору\w*|виключ\w*|облиш\w*|не (?:потріб\w*|важлив\w*|треба|цікав\w*|дивіт\w*"
    r"|перевір\w*|слуха\w*|має значення|чіпа\w*)|неважлив\w*)|пропусн\w*|не ме интересува|няма значение"
    r"|(?:me |nas )?(?:ne zanima\w*|nije (?:vaz\w*|bit\w*)|nisu (?:vaz\w*|bit\w*)|ne treba\w*|preskoci\w*|zanemari\w*)"
)
"""Follow what is set aside."""
FINITE: Final = (
    r"said|spoke|looked|ausgesehen|aussah|speaks|says|talks|talked|sounds|sounded|stutters|laughs|laughed|sings|sang"
    r"|blinks|smiles"
    r"|sagt|sagte|spricht|sprach|klingt|klang|redet|parle|parlait|dit|disait|prononce|habla|hablaba|dijo|dice|decia"
    r"|suena|sonaba|canta|parla|parlava|diceva|detto|suona|fala|falava|falou|disse|diz|spreekt|sprak|praat|praatte"
    r"|zegt|zei|klinkt|mowi|mowil\w*|powiedzial\w*|brzmi|brzmial\w*|говори[тлв]\w*|сказа[лв]\w*|звуч\w*|каза[влт]\w*"
    r"|talar|pratar|sager|later|taler|snakker|snakket|hores|rekl\w*|mluvi\w*|vorbeste|vorbea|spus|konusmaz|konusmuyor"
    r"|konusur|beszel|mondott|μιλαει|μιλουσε|ειπε|ακουγεται|puhu|puhuu|puhunut|sanonut|sanoi"
)
"""Verbs of which somebody is the subject: denied, they are a claim about the recording, and no wish to leave it out."""
KEPT_IN: Final = (
    r"(?:don't|do not|dont|never|mustn't|must not|shouldn't|should not|can't|cannot|without)(?: \w+)? (?:skip\w*"
    r"|leav(?:e|ing) out|forget\w*|omit\w*|ignor\w+|drop\w*|miss\w*|neglect\w*|exclud\w+|overlook\w*|disregard\w*)"
    r"|(?:vergiss|vergesst|ignoriere?|uberspring\w*|ubergeh\w*) (?:bitte |mir )?nicht|ohne (?=.{1,30}auszulassen)"
    r"|(?:ne |n')(?:oubli\w+|ignor\w+|neglig\w+|saut\w+|omet\w*|exclu\w*|laiss\w+)(?: surtout)? pas(?: de cote)?"
    r"|sans (?:oublier|ignorer|omettre|negliger)"
    r"|no (?:te |se )?(?:olvid\w+|ignor\w+|salt\w+|omit\w+|descuid\w+|excluy\w+|dej\w+ (?:fuera|de lado))|sin olvidar"
    r"|non (?:dimentic\w+|ignor\w+|salt\w+|tralasci\w+|omett\w+|esclud\w+|trascur\w+)|senza (?:dimenticare|tralasciare)"
    r"|nao (?:se )?(?:esque\w+|ignor\w+|pul\w+|omit\w+|exclu\w+|deix\w+ de (?:fora|lado))|sem esquecer"
    r"|(?:vergeet|negeer|skip) (?:ook )?niet|nie (?:pomijaj\w*|pomin\w*|zapomn\w+|zapominaj\w*|ignoruj\w*|opuszczaj\w*)"
    r"|(?:glom|hoppa|ignorera|uteslut|skippa) (?:inte|ej)(?: bort| over)?|(?:glem|spring|ignorer|hopp|udelad"
    r"|drop\w*) ikke"
    r"(?: over)?|(?:ala|alkaa) (?:unohda|jata\w*|ohita\w*|sivuuta\w*)"
    r"|ne(?:vynech\w*|zapome[nt]\w*|ignoruj\w*|preskak\w*|preskoc\w*)|nu (?:uita\w*|sari\w*|ignora\w*|omite\w*|lasa\w*)"
    r"|ne (?:hagyd ki|hagyja ki|felejtsd el|felejtse el|ignorald)|(?:μην?|να μην?) (?:παραλειψ\w*|ξεχασ\w*|αγνοησ\w*)"
    r"|не (?:пропуск\w*|пропусти\w*|забуд\w*|забыва\w*|забува\w*|игнориру\w*|ігнору\w*|исключа\w*|упуск\w*)"
)
"""Not to be left out: a wish to have it examined."""
COPULAS: Final = r"ar|er|je|var|este|sunt|nem az|ειναι|jsou|su|sono|c'etait|this isn't|это|це|това|det dar ar|to nie je"
DENIALS: Final = (
    r"(?:ei|eivat) ole|eivat|δεν ειναι|nu (?:e|este|sunt|sint)|neni|nejsou|to neni|nie je|nije|nisu|nem (?:az|ez|o)"
    r"|не е"
    r"|ceci n'est pas|c'etait pas|it ain't|ain't|is never|was never"
)
