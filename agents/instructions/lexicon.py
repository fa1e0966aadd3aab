"""Words for what is seen and what is heard, by language, as stems over plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agents.instructions.patterns import Pattern, any_of

_SEEN: Final[Mapping[str, str]] = {
    "en": r"""faces?|facial\w*|face-?swap\w*|eye(?:s|lids?|brows?|lash\w*)?|pupils?|iris(?:es)?|blink\w*|gaze|lips?
        |mouths?
        |tooth|teeth|tongue|jaw\w*|chins?|cheek\w*|nose|nostrils?|forehead|skin|wrinkl\w*|hair\w*|beards?|m[ou]ustache
        |smil(?:e|es|ing)|glasses|spectacles|earrings?|freckles|moles?|scars?|tattoos?|features|wax(?:y|en)?|painted
        |sixth? fingers?|mask(?:s|ed)?|airbrush\w*|retouch\w*|hands?(?! over)|fingers?|body(?! ?cams?)|skull
        |(?<!by )(?<!your )ears?(?! (?:only|for it)\b)|heads?(?! (?:of|office|quarter\w*|off|start)\b)
        |(?:facial )?expressions?|pictures?|pics?
        |imag(?:e|es|ery)|photo(?:s|graph\w*|shop\w*)?|(?<!by )frames?(?! by\b)|visual\w*|video (?:track|stream|part
        |side)
        |optical\w*|pixels?|appearance|look-?alikes?|doppelganger|body double|shadows?|lighting|reflections?|make-?up
        |morph(?:ed|ing)
        |what (?:is|can be|you|we|i)(?: can)? (?:seen|see|sees)|(?:what is|what's|only) visible|be seen
        |the visible part
        |(?:what|how|the way) (?:he|she|it|they|the \w+|this \w+)(?: really)? looks?(?: like)?
        |on screen|(?:blurry|soft|flickering|warped) edges?|complexion|jowls?|dimples?|crow's feet|brows?|nods?
        |nodding
        |grin(?:s|ning)?|grimac\w+|deepfaced|skin tones?|pores?|stubble|goatee|sideburns|eyelines?|profile view
        |necks?|shoulders?|torso|thumbs?|knuckles?|veins?|gums|earlobes?|eyeballs?|haircut|wigs?
        |(?<!vocal )(?<!voice )likeness\w*|depict\w*
        |portray\w*|portraits?|appearence|silhouettes?|posture|body language|gestur\w*|smirk\w*|frown\w*|squint\w*
        |wink(?:s
        |ing|ed)?|scowl\w*|sneer\w*|stares?|staring|blush\w*|avatars?|puppet\w*|cgi|rendered|render(?:ing)?
        |composit(?:ed|ing)
        |green-?screen\w*|keyed (?:in|out)|chroma\w*|superimpos\w*|photo-?real\w*|(?:beauty|snapchat|tiktok
        |instagram|ageing
        |aging|age) filters?|de-?ag(?:ed|ing)|nud(?:e|es|ify\w*|ity)|naked|undress\w*|deepfacel\w+|facefusion|roop
        |stylegan\w*
        |pixelat\w*|blurr(?:y|ed|ing)|smudg\w*|smear\w*|shimmer\w*|flicker\w*|ghosting|reenact\w*|re-?animat\w*
        |outfit|clothes
        |clothing|in (?:the )?(?:frame|shot)|holograms?|3d|wav2lip|faceapp|facetune|reface|simswap|inswapper
        |deform\w*|disfigur\w*|limbs?|poses?|eyeglasses|goggles
        |contact lens(?:es)?|piercings?|fingernails?|nail polish|lipstick|eyeliner|mascara|bald\w*|height|physique
        |thinner|fatter|gait|botox|joins(?= |$)|copy[- ]?past\w*|pasted (?:on|in
        |over|onto)|stuck on|thisperson\w*|handsome|prettier|make ?up(?! (?:your|my|stuff|stories))
        |(?:he|she|they|guy|man|woman|person) looks? (?:\w+ )?(?:off|like an? (?:doll|wax|puppet|mannequin|statue
        |robot|cartoon|model))
        |look(?:s|ed|ing)? (?:like )?(?:plastic|rubber|painted|airbrushed|photoshopped|waxy|cgi|rendered|pasted
        |glued|drawn|cartoonish)
        |(?:skin|flesh)[- ]colou?r\w*|freckled|crowd looks|(?:his|her|their|the) (?:tie|ring|necklace
        |collar
        |shirt|jacket|dress|scarf|uniform|sleeves?|buttons?)|wrists?|elbows?|knees?|feet|legs?|arms?|eyelash\w*
        |(?:man|woman|person|people|guy|girl|boy|figure|individual|lady) (?:shown|pictured|seen|visible)|seams?
        |(?:the )?background (?:was|is|has|looks|moves|warp\w*|wobbl\w*|bends?|replaced|removed|swapped)
        |(?:he|she|they|guy|man|woman|person|boy|girl|kid|lady|anchor|presenter|host|actor|actress|speaker|minister
        |president|mayor)
        (?:\w+ )?looks? (?:\w+ ){0,2}(?:young|old|plastic|smooth|weird|odd|strange|unnatural|rubbery|pale|flat
        |pasted|stuck
        |wooden|wax|thin|fat|different)\w*|(?:standing|sitting|walking) (?:there|here)|what i see|(?:he|she|they
        |guy|man|woman) looks? (?:just |exactly |nothing |a lot )?like (?:him|her|me|my|our)|eyewitness footage
        |(?:he|she|they|the \w+) (?:\w+ )?(?:moves?|walks?|dances?)(?! (?:on|to|in)(?!\w))""",
    "de": r"""gesicht\w*|antlitz|aug(?:e|en)(?:lid\w*|brau\w*|partie|bewegung\w*)?|pupillen|lippen?(?!\w)
        |lippenbeweg\w*|mund(?!art|lich)\w*
        |zahne?n?|zaehne|nase|kinn|wangen?|stirn|(?:die|der|seine|ihre) haut|haut(?:struktur|textur|bild|farbe)
        |haar(?:e|en|ansatz)
        |kopf(?!horer)|kopfe|mimik|bild(?:er|s|es|ern|e|spur|material|ebene|seite|teil)?|videobild\w*|videospur
        |optisch\w*|optik
        |visuell\w*|fotos?|aussehen|was (?:man|ich|wir) sieht|(?:zu sehen|sichtbar\w*)|(?:wie|was) (?:er|sie|es
        |die \w+|der \w+) aussieht|maske|brille|ohrringe?|wachs|gemalt|falten|retuschiert\w*|einzelbild\w*
        |gesichtstausch\w*|sieht(?: \w+){0,4} aus|ausgesehen|aussieht|aussah|lachel\w*|laecheln\w*|grinsen|zwinker\w*
        |blinzel\w*|wimpern?|teint|kiefer\w*|bart|ohren
        |gesehene\w*|kopfbeweg\w*|videobilder|schlafe|hals(?!\w)|nacken|schultern?|korper\w*|frisur|statur|wange
        |finger(?!ab)\w*
        |nasenlocher|ohrlappchen|auf dem bildschirm|vor der kamera (?:steht|sitzt)|erscheinung|abgebildet\w*
        |dargestellt\w*""",
    "fr": r"""visages?|sa figure|yeux|oeil|paupieres?|clign\w+|levres?|bouche|dents?|nez|menton|joues?|(?:la|sa) peau
        |cheveux|tete
        |machoire|photos?|visuel\w*|traits du visage|masque|lunettes|boucles d'oreilles?|cire|rides|retouche[es]?
        |piste video|visag\w+|ce qu'on voit|ce que (?:l'on|je|tu) voi[st]|sourire?s?|grimace\w*|cils|sourcils?|barbe
        |teint|regard
        |front|gueule|images?(?! de marque)|mimiques?|pixels?|(?:le|son|au|du) cou|(?:le|un|son|autre|du) corps
        |epaules?|(?:ses|les|des|la|sa) mains?
        |doigts?|narines?|tempes?|a l'ecran|(?:son|l')\s?apparence|le physique|silhouette|apparait""",
    "es": r"""caras?|rostros?|ojos?|parpad\w+|labios?|bocas?|dientes?|nariz|menton|barbilla|mejillas?|piel|pelo
        |cabello|cabeza
        |imagen(?:es)?|fotos?|mascara|gafas|pendientes|cera|arrugas|retocad[oa]|pista de video|lo que se ve|sonris\w*
        |sonrie\w*|cejas?|pestanas?|barba|gestos?|mandibula|orejas?
        |mirada|frente|tez|visual(?:es|mente)?|labial(?:es)?|pixeles|cuello|cuerpos?|hombros?|dedos?|manos?
        |apariencia|aspecto|rasgos|facciones|retrato
        |en (?:la )?pantalla|parpade\w*|sien(?:es)?|flequillo""",
    "it": r"""volt[oi]|viso|facci?[ae](?! (?:un|una|attenzione|presto|il controllo|sapere)\b)|occhi|occhio|palpebre
        |labbr[oa]|bocc(?:a|he)
        |dent[ei]|naso|mento|guanc\w+|pelle|capelli|immagin[ei]|visiv\w+|maschera|occhiali|orecchini|cera|rughe
        |ritoccat[oa]|traccia video|(?:quello|cio|quel) che si vede|sorris\w*|labial[ei]|ciglia|sopracciglia|barba
        |mascella
        |sguardo|fronte|testa|espression\w+|visual\w*|pixel|foto|corpo|collo|spall[ae]|dita|mani|(?:l'|suo |dell'
        |sull')aspetto|suo aspetto|lineamenti
        |sembianze|ritratt\w*|attaccatura|tempi[ae](?!\w)|sullo schermo|occhiai\w*""",
    "pt": r"""rostos?|olhos?|pisca(?:r|m|ndo)?|dentes?|queixo|bochecha\w*|pele|cabelos?|cabeca|imag(?:em|ens)
        |feicoes|mascara
        |oculos|brincos|cera|rugas|retocad[oa]|faixa de video|o que se ve|sorris\w*|sobrancelhas?|cilios|barba
        |mandibula
        |olhar|testa|labios?|boca|cara(?!\s*,)|labial|visual\w*|fotos?|corpos?|pescoco|ombros?|dedos?|maos|aparencia
        |retrato|(?:n[oa]|esta) (?:ecra|tela)|aspeto
        |pisc(?:a|ou|am|ando)(?!\w)""",
    "nl": r"""gezicht\w*|ogen|oog|knipper\w*|lip(?:pen)?|mond(?:en|bewegin\w+)?|tanden|neus|wangen?|huid|hoofd
        |beeld(?:en|spoor)?|foto's
        |kin|kaak\w*|glimlach\w*|wenkbrauw\w*|wimpers?|baard|voorhoofd|oren|haar gezicht|uiterlijk
        |visue\w+|plaatje\w*|wat (?:je|men|we) (?:ziet|zien)|masker|bril|oorbellen|was(?:beeld|sen)|rimpels
        |zichtbaar\w*|lichaam|schouders?|nek|hals|vingers?|handen|kapsel|gelaat\w*|slaap(?= |,)|in beeld
        |op het scherm|hoe (?:het|hij|ze|zij)
        (?:er ?uit ?ziet|eruit ?ziet)""",
    "pl": r"""twarz\w*|buzi\w*|oczy|oczu|oczach|oko|mrug\w*|usta|ust|ustach|ustami|warg\w*|zeby|zebow|podbrod\w*
        |policzk\w*|skor[aye]
        |wlos\w*|glow(?:a|y|e|ie)|obraz(?:u|em|ie|y|ow)?|zdjec\w*|wizualn\w*|klatk\w*|wyglad\w*|mask[aeiy]|okular\w*
        |kolczyk\w*|zmarszczk\w*|wosk\w*|co widac|usmiech\w*|rzes\w*|brwi\w*|szczek\w*|czol[oae]|brod[aye]|nos(?:a|em)
        |mimik\w*|wizji|wizja|wizje|cial[oae]|szyj\w*|ramion\w*|palc\w*|dlon\w*|wizerun\w*|sylwetk\w*|rysy|rysow
        |skron\w*|na ekranie
        |(?:jego|jej|jest|ten|ma|moj|swoj|czyj|czy) nos|nos(?= (?:mo|jego|jej|jest|sie|wygl|znik|brat|ojc|mat))""",
    "north": r"""ansikt\w*|ansigt\w*|fjes\w*|ogon(?:en)?|ojnene?|oynene?|lappar(?:na)?|laeber(?:ne)?|munnen|munden
        |bilden?|billed\w*
        |bildet|bildspar\w*|hud(?:en)?|kasvo\w*|silm\w+|suu(?:ta|n|nsa)?|huul\w*|kuva(?:a|n|ssa|sta|raita)?|naama\w*
        |ilme\w*|iho\w*|hampa\w*|hiukse\w*|leu(?:ka|an)\w*|nena\w*|hymy\w*|paa(?:ta|n|nsa)?(?=\s*(?:$|[,.;!?]))
        |ogon\w*|ojne\w*|oyne\w*|ojn|oyn|mun(?:nen|den|n|d)|lappar\w*|laeb\w*|lepp(?:er|ene)?|tand\w*|tenn\w*|naes\w*
        |nasan|nesen|hake(?:n)?|haka(?:n)?|kind(?:en|er|erne)|panna(?:n)?|har(?:et)|skagg\w*|skaeg\w*|skjegg\w*
        |leende\w*|smil(?:et)?|smilet|blinkar|blinker|utseende\w*|udseende\w*|huvud\w*|hoved(?:et)?|hode(?:t)?
        |visuellt|visuelt|visuelle|(?:det )?(?:som )?(?:man )?syns|kropp(?:en|ar)?|nacke\w*|hals(?:en)?|axlar\w*
        |axeln|fingrar\w*|hander(?:na)?|glasogon\w*
        |i bilden?|pa skarmen|brille[rn]\w*|tinding\w*|krop(?:pen)?|skuldr\w*|fingre(?:ne)?|haender\w*|i billedet
        |pa skaermen|ansikts\w*
        |blunk\w*|grimas\w*|kroppsspr\w*|harfaste\w*|kroppen""",
    "centre": r"""oblicej\w*|tvar(?:e|i|ou)|oci|rty|obliczej\w*|lice|ochi[iu]?\w*|fat[ae](?:i)?|chip(?:ul)?
        |buze(?:le)?|gura|imagin\w*
        |oblicej\w*|pysk\w*|zub[yu]\w*|nos(?:u|em)|vlas\w*|kuze|pokozk\w*|usmev\w*|bradu?|obraz(?:u|em|ova|ovou)?
        |tvar\w*
        |ust\w*|ochi\w*|buz\w*|dint\w*|nasul\w*|(?:un|acest|are) nas|par(?:ul)|piel(?:ea|ii)|zambet\w*|obraz(?:ul
        |ului)|chip\w*|fet(?:ei
        |ele)
        |fog(?:ai|at)\w*|orr\w*|haj(?:a|at)|bor(?:e|et)|mosoly\w*|ajk\w*|abrazat\w*|kep(?:e|i|ek|sav)\w*|lic\w{1,3}
        |usn\w*
        |oci\w*|slik[aeu]\w*|kos[aeu]|osmeh\w*|osmijeh\w*|az arc|arc(?:ot|a|at|ok|okat|cser\w*)|szem(?:e|et|ek|eket)
        |szaj\w*|kepet|kepek\w*|a kep|hlav[auoey]\w{0,3}|tel[aoeu]m?(?= |$|[,.;!?])|krk\w*|ramen\w*|prst\w*|bryl\w*
        |(?:ne)?mrk\w*|podob[auy]\w*|vzhled\w*|na obrazovce
        |spank\w*|capul\w*|corp(?:ul\w*)?|gatul|umer(?:i|ii)(?!\w)|degete\w*|ochelari\w*|clipe(?:sc|ste|asca|au)
        |trasatur\w*|infatisar\w*
        |pe ecran|nos (?:meho|jeho|jeji|moji)|privirea|nasul|obrajii?|parul|chipuri\w*""",
    "cyrillic": r"""лиц\w{0,3}|глаз\w*|губ\w*|рот|рта|ртом|картинк\w*|изображен\w*|видеоряд\w*|кадр\w*|обличч\w*
        |оч[иі]\w*|зображен\w*|зуб\w*|нос|носа|кож[аиуе]\w*|волос\w*|улыб\w*|усм[іи]\w*|подбород\w*|щ[её]к\w*|бров\w*
        |мимик\w*|внешн\w*|морщин\w*|вид[еи]о ?кадр\w*|картин\w*|шкір\w*|губ[аиу]\w*|картинк\w*|уст\w*|очей|лик
        |усни\w*
        |образ\w*|моргает|моргання|голов[аыуи]\w*""",
    "greek": r"""προσωπ\w*|ματι\w*|στομα\w*|χειλ\w*|εικον\w*|δοντι\w*|μυτη\w*|δερμα\w*|μαλλι\w*|χαμογελ\w*|πηγουν\w*
        |σαγον\w*|μαγουλ\w*|φρυδι\w*|οπτικ\w*|φατσα\w*|μουρη\w*|βλεφαρ\w*|μουσι\w*""",
    "turkish": r"""yuz(?:u|unu|leri?|e)?|kafa(?:m|n|s|y|l)\w*|kafa|vucu[dt]\w*|beden\w*|boyn\w*|boyun\w*|omuz\w*
        |parmak\w*|elleri\w*|gozluk\w*|kirp\w*
        |gorunu[sm]\w*|cehre\w*|sakal\w*|biyik\w*|kirpik\w*|ekranda\w*|disi|alni\w*|ten rengi|goz(?:ler\w*|u|unu)?
        |dudak\w*|agiz|agzi\w*|goruntu\w*|yuz\w*
        |goz(?:ler\w*|u|unu|unun)?|dis(?:ler\w*)|burun|burnu\w*|cilt|cildi\w*|ten(?:i)
        |sac(?:i|lar\w*)|cene\w*|yanak\w*|gulumse\w*|gulus\w*|kas(?:lar\w*)|resim\w*|surat\w*|sima\w*|mimik\w*
        |kare(?:ler\w*)?""",
}
_HEARD: Final[Mapping[str, str]] = {
    "en": r"""voices?(?! (?:your|my|our) )|vocal\w*|voice-?overs?|voice-?clon\w*|audio\w*|acoustic\w*
        |sound(?:s|track|tracks|ed|ing)?(?! (?:good|great|like a plan|okay|ok)\b)|speech\w*|speak(?:s|ing)?|spoken
        |spoke
        |talk(?:s|ing|ed)?(?! (?:about|head|to me)\b)|listen\w*|hear(?:s|d|ing)?(?! (?:from|back|your|you)\b)
        |narrat\w*|(?:the|his|her|their|its|with|match|matches|and|to|of|all|these|those|my) words|(?<=^ )words
        |read(?:s
        |ing)? (?:(?:this|the|a
        |that) script|out|aloud)|accents?
        |intonation|pronunc\w*|pronounc\w*|tts|text[- ]to[- ]speech|dubb(?:ed|ing)|noises?|hiss|music|utter\w*
        |dialogues?
        |monologues?|diction|monoton\w*|lisps?|lisping|raps?|rapping|articulat\w*|enunciat\w*|stutter\w*|cadence
        |laughter|laughing|audible|what (?:is|can be|you|we|i|one)(?: can)? (?:heard|hear|hears)|be heard
        |tone of (?:her |his |the )?voice|pitch|waveforms?|spectrograms?|(?:microphones?|mics?)(?! (?:cross|cover
        |hid|in front|stand|block|pass)\w*)|sing(?:s|ing)?|sung|sang
        |breath\w*|elevenlabs|(?:his|her|their|the|spoken) words|(?:your|with) ears|by ear|phone call|on the phone
        |voice ?mails?|podcasts?|(?<!skin )tones?(?! of (?:the )?(?:skin|face|image)|d\b)|timbre|inflections?
        |prosody|drawl
        |twang|mumbl\w*|whisper\w*|shout\w*|murmur\w*|robotic(?:ally)?|robot voice|vowels?|consonants?|syllables?
        |stammer\w*|soundtracks?|hum(?:s|ming)?|buzz(?:es|ing)?|voice ?print|earphones?|headphones?|loudspeaker
        |line delivery|vocals?|singing|phrasing|cadences?|gasps?|cough\w*|what comes out of (?:his|her|their) mouth
        |(?<!i )(?<!that )(?<!being )(?<!as )said|saying|(?:what|really|actually|ever
        |truly)(?: \w+){0,3}?(?<!you)(?<!would) say
        |(?:he|she|they|person|man|woman|guy|speaker|president|minister|boss|ceo) says?(?! (?:it|this|that|my|our
        |your|the
        |a|an|there|he|she|they|we|i|you|i'm|it's|he's|she's|no|yes)\b)
        |(?:did|does) (?:he|she|they|the \w+|this \w+)(?: \w+)? say
        |(?:robo|phone |ransom |scam |prank |emergency |\d{3} |sales |cold |nuisance |hoax |distress )calls?
        |(?<!video )(?<!zoom )(?<!teams )calls? (?:from|telling|saying|claiming|asking)|(?:got|received|had|gets?
        |took|get|this|that|a|eve|whole
        |recorded|entire)
        (?:\w+ )?(?<!video )(?<!zoom )call(?! (?:it|him|her|me|centers?))
        |(?:call|phon)(?:ed|ing) (?:me|us|him|her|my|our|saying|claiming|pretending)|rang (?:me|us|him|her|my|our)
        |call cent(?:re|er)
        |answering machine|dictaphone|commentar(?:y|ies)|commentators?|announcers?|audiobooks?|radio|choirs?|chorus
        |songs?
        |lyrics|vocoders?|asv|pauses?|phonemes?|lilt|brogue|burr|rvc|so-vits\w*|suno|udio|enf|mains hum
        |phase discontinu\w*|vishing|telemarket\w*
        |imitat\w*|mimic\w*|muffled|mid[- ](?:sentence|word)|duets?|cover version|ai cover|karaoke|remix|impediment
        |clicks?(?! (?:on|here|the
        |link|bait)(?!\w))|crackl\w*|rhythm|tempo|pacing|misquot\w*|(?:telephone|phone) (?:scam|fraud|banking
        |interview)|brisk speaker
        |larynx|throat|vocal cords?|formants?|siri|alexa|callers?|automated message|(?:message
        |voicemail) (?:was )?left
        |wire-?tap\w*|intercept\w*|conversations?|audio ?tapes?|cassettes?|tape recording|says? on (?:the )?tape
        |lecturer|lectures?
        |interpreters?|interpretation
        |simultaneous translation|translator|metallic|tinny|hollow|nasal|hoarse|husky|applause|clapping|bark(?:s|ed
        |ing)|gunshots?
        |screams?|guitar|instrumental|oral(?:ly)?|verbal(?:ly)?|mispronounc\w*|(?:word
        |name) ["“„«']?\w+["”“»']? (?:got |was |been |really |get )?(?:inserted
        |added|removed|cut|spliced|said|missing)|edit between|drops? (?:his|her) h'?s
        |(?:he|she|they|i|we|it|mum|mom|dad|boss|\w+er|brother|husband|wife|son)(?:'d| would| will|'ll)?(?: really
        | actually)?
        (?:not|n't|never|doesn't|does not|don't|wouldn't|would not|ever|always)? (?:say|says|said|uses? the words?
        |call(?:ed)? me)(?= ["“„«'])
        |(?:did|does) (?:my|the|our|that|this|your) \w+(?: \w+)?(?: really| actually| ever)? say(?! (?:it's|this is
        |that))
        |did (?:he|she|they) (?:call|threaten|insult|promise|admit|confess|utter|mention)\w*|read (?:out )?by
        |delivery(?! (?:date|time|service))
        |off[- ](?:camera|screen)|someone (?:says|said|speaks|is speaking)|says my name|mouths off|sore throat
        |catch-?phrase|slang
        |(?:his|her|their) (?:vocabulary|wording|phrasing|grammar|manner of speaking)|tannoy|megaphone|intercom
        |loudspeakers?|walkie-?talkie|radio transmission|pilots?' transmission|hold music|ring ?tone|voice-?notes?
        |soundboards?|sound ?bites?|words in(?:to)? (?:his|her|my|their
        |our) mouths?
        |(?:splic|remov|insert|cut|add|delet|past)\w*(?: \w+){0,3} (?:sentence|word|answer|reply|question|phrase
        |remark|statement)s?
        |(?:sentence|answer|reply|question|phrase|remark|statement)s?(?: \w+){0,4} (?:spliced?|removed|inserted|cut
        |added|missing
        |deleted|pasted|replaced)|(?:on|down) the line|end of the (?:line|phone)|over the phone|by phone|(?:left
        |leaves|leaving|leave)
        (?:\w+ ){0,2}messages?|laugh(?:s|ed)?|giggl\w*|chuckl\w*|sobb\w*|scream\w*|yell\w*|sigh(?:s|ed|ing)?
        |swear word
        |speaker (?:verification|identification|recognition)|(?:his|her|their|perfect|fluent|broken
        |flawless) (?:english|french|german
        |spanish|italian|chinese|mandarin|russian|arabic|portuguese|dutch|polish|turkish|swedish|hindi|japanese)
        |replay attack|preach\w*|sermon|recit\w*|chant\w*|rants?|ranting|emphasis|loudness
        |volume|decibels?
        |k?hz|reverb\w*|echo(?:es|ey|ing)?|room tone|plosives?|sibilan\w*|fricatives?|clipping|auto-?tun\w*
        |voice ?(?:mod|changer)s?
        |(?:rolls?|rolling) (?:his|her|their|the) r'?s|the ums|ums and|filler words?|hesitat\w*|speech rate
        |dialects?|mother tongue
        |(?:his|her|their|the|that|which|this|each|every|whole) sentences?|(?:every|each|inserted|missing|extra
        |third|last|single
        |one|this|that) words?(?! (?:of|verdict|answer|for)(?!\w))|words? (?:was|were|is|are|has been|have been
        |got) \w+
        |phrases?|(?:\w+'s|his|her|their) (?:answers?|repl(?:y|ies)|remarks?|utterances?)(?! (?:to|is|was) (?:me|us
        |no|yes))
        |(?:i|he|she|they|it|we|\w+er|boss|\w+ian)(?: really| actually)? (?:did not|didn't|never|would never
        |wouldn't|could never
        |can't have|couldn't have) (?:ever |really |actually )?(?:say|said)|what(?:'s| is| was) being said|give(?:s
        |n)? (?:a|this
        |that|the) (?:speech|talk|lecture)|(?:he|she|they) (?:stumbles?|slurs?|hums?|yells?|screams?|cries
        |mutters?)""",
    "de": r"""stimme(?!\w)|stimm(?:lage|bild|klang|klon|klang|aufnahme|lich|probe)\w*|(?:die|beiden?|der|den|zwei|alle
        |nur|ihre|seine) stimmen
        |stimmklon\w*|\w+stimme|ton(?:spur|qualitat|fall|s|lage|ebene)?(?! (?:avis|analyse|verdict|travail|temps
        |opinion|systeme|role|regard)\b)
        |klang\w*|kling(?:t|en)|gerausch\w*|geraeusch\w*|sprach(?:e|lich|aufnahme|spur|ausgabe)?|sprich(?:t|st)
        |sprechen|gesprochen\w*
        |sprechweise|rede(?:n|t)?|gesagt\w*|sagt(?! mir| uns)|aussprache|akzent\w*|hor(?:t|en|st)?(?! auf)|hoer(?:t|en
        |st)?(?! auf)
        |(?:an|zu|ab|rein|hin)hor\w*|(?:an|zu|ab|rein|hin)hoer\w*|horbar\w*|hoerbar\w*|akustisch\w*|musik|wortlaut
        |worte|vertont\w*
        |synchronstimme|wispern|flustern|flustert|timbre|tonlage|tonfall|stottert?|stimmen?(?! (?:die|das|der|es
        |nicht|mit
        |uberein|zu))|sprecherstimme|vertonung|mikrofon\w*|lauter?|atmet?|atem\w*|gesang\w*|singt|lacht|gelachter
        |tonprobe|sprachmelodie|am telefon|lispel\w*|diktion|betonung|artikul\w*|sprachnachricht\w*|anruf\w*
        |kopfhorer|\w*anruf\w*|angerufen|telefon(?:at|ier)\w*|mailbox|dialekt\w*|mundart|sprachfehler|lautstarke
        |tonhohe|satze?
        |wort(?:er|e|es)?(?!\w)|(?:wie|was) (?:er|sie) (?:da )?sagt|nachhall|stottern|geredet|(?:wurde
        |wuerde)\w* (?:\w+ ){0,3}sagen""",
    "fr": r"""voix|(?:le|du|au|ce|bande|piste) ?-?son(?!\w)|sons
        |(?<!de )(?<!my )(?<!our )(?<!his )(?<!her )(?<!your )(?<!their )(?<!the )(?<!a )(?<!and )son(?=\s*(?:$
        |[,.;!?]|uniquement|seulement
        |seul\b|et\b|ou\b))
        |(?:de|sans|pas de|ni|zero) son(?=\s*(?:$|[,.;!?]|s'il|stp|svp|et\b|ou\b|merci))|son et (?:l')?images?
        |images? et son|sonores?
        |paroles?|parler?|parlent|parlee?|discours|ecout\w+|entend\w*|oreilles?|prononc\w+|bruits?|musique|timbre
        |doublage|timbre|chuchot\w*|begaie\w*|begay\w*|chant(?:e|er|ait)?|rires?|accents?|souffle|micro(?:phone)?
        |vocal\w*
        |la narration|robotique|phrase|mots prononces|(?:est|ete|soit) doublee?
        |(?:a|ait|avait|aurait|ont)(?: \w+ment)?(?: bien)? dit|(?:qu'il|qu'elle|il|elle) dit|dit(?: vraiment)? (?:ca
        |cela)|ses mots|au telephone|message vocal|tends l'oreille|diction|articul\w+
        |intonation|(?:un|cet|l'|d'un|des|recu|mon|coup de) ?(?:appels?(?! video)|fil|telephone)|(?:m'a|m'aurait|l'a
        |a|ont|nous a|m'ont)
        appelee?s?|telephon\w*|repondeur|messagerie|mots?(?! de passe)|phrases?|(?:ne|n'|jamais) ?dirai\w*
        |dirait (?:jamais|pas)|elocution|dialecte|debit
        |hesitations?|respir\w*""",
    "es": r"""voz|voces|sonid\w*|sonor\w*|suena\w*|habl(?:a|an|ar|ado|ando|aba)|dijo|dij[ei]\w*|dice|dicen|(?:ha|haya
        |han|habia) dicho|lo dicho
        |escuch\w+|oir(?:lo|la)?|oye|oido|oidos|discurso|palabras?|musica|ruidos?|cant(?:a|ando|ado)|risas?|acento
        |locucion|tartamud\w*|susurr\w*|grit\w*|timbre|tono|rie|reir\w*|risa|respira\w*|microfono|vocal\w*|narra\w*
        |pronunc\w*|robotic[oa]|doblaje|doblad[oa]|al telefono|por telefono|entonacion|diccion|llamaron
        |llamad[ao]s?(?! de video)|llamando|telefon(?:o|ema|ica)|contestador|buzon de voz|frases?
        |volumen|dialecto|deje|habl[oe]|dir[ii]an?(?!\w)""",
    "it": r"""voce|voci|suon[oaie]\w*|sonor\w*|parl(?:a|ano|are|ato|ata|ando)|parlat[oa]|discorso|parole?a?|ascolt\w+
        |detto|dice|dicono
        |pronunc\w+|musica|rumor[ei]|accento|doppiat[oa]|doppiaggio|orecchi\w*|sentire|(?:quello|cio) che si sente
        |cantat?\w*|al telefono|risat\w*|balbett\w*|sussurr\w*|timbro|tono|intonazion\w*|cadenza|respir\w*|microfono
        |vocal\w*
        |narra\w*|robotic[oa]|dizione|chiamat[aoei]|telefonat\w*|telefono|hanno (?:chiamato|telefonato)|segreteria
        |frasi|parola|volume|dialetto|direbbe\w*|sent(?:e|ono|o)(?! (?:che|odore))|pronunci\w*|frase|grida\w*
        |urla\w*""",
    "pt": r"""vozes|(?<!ut )(?<!ud )(?<!gor )(?<!det )(?<!den )(?<!en )(?<!et )(?<!ar )(?<!er )som(?! (?:en|et|ett
        |om|han|hon|hun|jag|jeg|vi|det|den)(?!\w))|sons|fala(?:r|m|do|da|ndo|va|s)?|falou|diss(?:e|eram|er)
        |diz(?!-)(?! me)|dito|ouv\w+|ouca
        |escut\w+|palavras?
        |ruido|gagu\w*|sussurr\w*|timbre|tom de voz|o tom|entonacao|ri|riso|risadas?|respira\w*|microfone|narra\w*
        |pronunci\w*
        |robotic[oa]|musica|cant(?:a|o|ou|ar|am|ado|ava|ando|or|ora)(?!\w)|grit\w*|vocal\w*|sonor\w*|voz|sotaque
        |dublad\w*|ao telefone|pelo telefone
        |dublagem|dobragem|entoacao|ligaram|ligou(?! para o suporte)|ligacao|telefon\w*|chamada(?! de video)
        |caixa postal|frases?|voz(?:es)?|diccao|folego|diria\w*
        |ditas?|volume""",
    "nl": r"""stem(?:men|geluid|gebruik|kloon)?|geluid\w*|spraak\w*|spreekt|spreken|sprekt|praat\w*|praten|gepraat
        |zegt|zei|gezegd|luister\w*
        |hoor|hoort|horen|gehoord|gesproken|woorden|muziek|ruis|uitspraak|klinkt|klank|aan de telefoon|toon(?:hoogte
        |val)?|stotter\w*|fluister\w*|accent\w*|zingt|zang|lacht|adem\w*|microfoon
        |robotachtig\w*|ingesproken|nasynchron\w*|voice-?over|stemmetje|gebeld|belde\w*|opgebeld|belt|telefoontje\w*
        |telefoongesprek\w*|voicemail\w*|zeggen|woord
        |zin(?:nen|sdeel)|uitgesproken|dialect|tongval|volume|echo""",
    "pl": r"""glos(?:u|em|ie|y|ow|owi|owy|owa|owe)?|dzwiek\w*|mow(?:a|y|e|i|ic|ia|il|ila|ione|iony)|powiedzia\w*
        |wypowied\w*|slucha\w*
        |(?:po|od|wy|prze)slucha\w*|slysz\w*|brzm\w*|muzyk\w*|szum\w*|akcent\w*|lektor\w*|rozmow\w*|przez telefon
        |ton(?:u|em|acja)?|intonacj\w*|jaka\w*|szept\w*|spiew\w*|smiech\w*|oddech\w*|mikrofon\w*
        |zadzwoni\w*|dzwoni\w*|telefonicz\w*|rozmawia\w*|slow[oa]|wymawia\w*|oddycha\w*|dykcj\w*|tembr\w*
        |zdani[ae]\w*|poczt\w+ glosow\w+
        |glosnos\w*|gwar[aąy]|narracj\w*|dubbing\w*|wymow\w*|robotycz\w*|gada(?:c|nie)?|fonii|fonia|fonie""",
    "north": r"""rost(?:en|er|erna)?|ljud(?:et)?|lyd(?:en|sporet)?|stemm(?:e|en|er|erne)|talet|lyssna\w*|lytt\w*
        |musiken|aan(?:i|en|ta|et)\w*
        |puhe\w*|puhu\w*|kuuntel\w*|sanat|sano(?:i|ja|ihin)\w*|ord(?:en|ene|erna)(?!\w)|aan(?:i|en|ta|et|ella|esta
        |eli|ensa)\w*|kuulosta\w*|kuulu\w*|sano[itn]\w*
        |lausu\w*|korosta\w*
        |tal(?:ar|ade|er|te|et)?(?!\w)|prat(?:ar|ade|et)?|snakk(?:er|et)?|sag(?:er|de|t)|sade|yttra\w*
        |aldrig (?:saga|sige|si)|uppring\w*
        |ringde\w*|samtal\w*|\w*samtalet|telefonsamtal\w*|opkald\w*|opring\w*|ringet op|ringede\w*|oppring\w*
        |telefonsvar\w*|mobilsvar\w*
        |andas|andades|vejret(?= (?:mens|nar|ind))|traekker vejret|traekker (?:\w+ )?vejret|orde[nt]|ett? ord
        |satning\w*|saetning\w*|dialekt\w*|maelet|rostlag\w*|stemmeleje\w*
        |sa(?=\s*(?:$|[,.;!?]))
        |lat(?:er)?
        |lyd(?:en|sporet|en?s)?|ljud\w*|stemm(?:e|a|en|er|erne)\w*|uttal\w*|udtal\w*|brytning|dialekt\w*|horas|hores
        |hors|sjung\w*
        |synger|lyder|later|musik(?:en|ken)|tonen?|stammar|stammer|andning\w*|andedrag\w*|tonefald\w*|tonfall\w*""",
    "centre": r"""hlas\w*|nemluv\w*|nerekl\w*|nenadech\w*|nedych\w*|zvuk\w*|mluv\w*|poslouch\w*|poslech\w*|rekla?
        |vocea|vocii|vocile|sunet\w*|vorb(?:e|i)\w*
        |ascult\w*|suna|sunet\w*|rost(?:it|irea)|spus\w*|spune\w*|zis|zice\w*|accent\w*|voce|voci(?:le)?|auz\w*
        |zvuc\w*|rec(?:i|nik\w*)
        |rekl\w*|rika\w*|povida\w*|prizvuk\w*|zni|znel[ao]?|sly[sc]\w*|recni\w*|slov(?:a|um|y|ami)|szav\w*|cuvint\w*
        |cuvant\w*|reci(?:ma)?|hovor\w*|zvucn\w*|nareci
        |intonac\w*
        |hang\w*|mond(?:ja|ta|ott|anak|tak)\w*|kiejt\w*|akcentus\w*|hallat\w*|hall(?:om|ani|hato)\w*|szol\w*|glas(?:a
        |u|om|ov\w*)?|govor\w*
        |zvuci\w*|slusa\w*|rekao|rekla|kaze|naglas(?:a|u|om|ov\w*)?
        |hang(?:ot|ja|jat|okat|sav\w*|anyag\w*|jan)|beszed\w*|beszel\w*|hallgas\w*|vola[ln]\w*|zavola\w*
        |telefon(?:at|oval|ova|uj|ni|ick|ic)\w*|dych\w*|dech\w*
        |nadech\w*|vyslov\w*|vet[auy](?= )|nevyslov\w*|apel(?:ul\w*|uri\w*)?|sunat(?:a)?|telefonic\w*|respir\w*
        |rostest\w*|tonul|glasul\w*|intonati\w*
        |sopt\w*|dialect\w*|propoziti\w*|dictie\w*|robotizat\w*""",
    "cyrillic": r"""голос\w*|звук\w*|аудио\w*|аудіо\w*|реч[ьи]|говор\w*|сказал\w*|сказа\w*|слуша\w*|послуша\w*
        |озвуч\w*|мовлен\w*|слух\w*|звуч\w*|интонац\w*|акцент\w*|произн\w*|произнош\w*|слыш\w*|слов\w*|фраз\w*|чує\w*
        |чут[ин]\w*
        |каза[влт]\w*|скаже\w*|промов\w*|вимов\w*|розмовля\w*|глас\w*|говор\w*|тембр\w*|шепч\w*|шёпот\w*|смех\w*
        |сміх\w*|речи|каже
        |говоре\w*|изрече\w*|музык\w*|музик\w*|микрофон\w*|мікрофон\w*|по телефону|заика\w*""",
    "greek": r"""φων\w*|ηχο\w*|ηχητικ\w*|ομιλ\w*|ακου\w*|μιλα\w*|μιλη\w*|μιλου\w*|λεει|λενε|λεγε\w*|ειπε\w*
        |λογια|προφορ\w*|ακουστικ\w*
        |τονο(?:σ|υ)?|χροια\w*|τραγουδ\w*|μουσικ\w*""",
    "turkish": r"""sesi|sesin|sesini|sesleri|(?:sadece|yalnizca|bir) ses|konus\w*|dinle\w*|ses(?:in|ini|inde|ine
        |ler\w*|sizce)|soz(?:leri|cuk)\w*|kelime\w*|soyle\w*|soyled\w*|dedi\w*|duy(?:ul\w*|dug\w*
        |mak)?|aksan\w*|telaffuz\w*
        |ses(?:im|iy|len|siz|le)\w*|sesli|sive\w*|nefes\w*|aramis\w*|aradi(?:lar)?(?!\w)|telefonda\w*|cagri\w*
        |arama kayd\w*|aramay\w*|aramanin|bu arama|ses(?= (?:onemli|gercek|sahte|onun|kaydi|analiz\w*
        |klon\w*|yapay|ve|veya)(?!\w))|cumle\w*|vurgu\w*|kulak\w*|tonlama\w*|seslendirme\w*|dublaj\w*|muzik\w*
        |mikrofon\w*""",
}
SEEN: Final = any_of(_SEEN)
HEARD: Final = any_of(_HEARD)
GENERAL: Final = Pattern(
    r"(?<!\w)(?:fakes?|faked|real|authentic\w*|genuine\w*|legit\w*|deep-?fake\w*|manipul\w+|tamper\w*|edited|altered"
    r"|doctored|ai|a\.i\.|generated"
    r"|check\w*|verif\w+|analy\w+|anali\w+|examin\w+|video\w*|clip\w*|footage|file|recording|test\w*|trust\w*|true"
    r"|hoax|forg\w+|full|complete\w*"
    r"|echt\w*|falsch\w*|gefalscht\w*|gefaelscht\w*|pruf\w+|pruef\w+|uberpruf\w+|aufnahme|datei|stimmt|ki|vrai\w*|faux"
    r"|fausse|truqu\w+|fichier"
    r"|control\w+|revis\w+|falso\w*|fals[ae]|verdad\w*|autentic\w*|montaj\w*|vero|vera|finto|file|filmato|filmpje"
    r"|registrazione|enregistrement"
    r"|nep|vervals\w*|opname|bestand|controleer\w*|prawdziw\w*|falszyw\w*|sprawdz\w*|nagran\w*|plik\w*|film\w*|akta"
    r"|fejk\w*|gravacao|ficheiro"
    r"|arquivo|grabacion|archivo|quick\w*|fast|schnell|kurz|rapid\w*|vite|veloce|snel\w*|szybk\w*|thorough\w*"
    r"|grundlich|careful\w*)(?!\w)"
)
"""Asks about the file as a whole."""
