"""Words of instructions in the main European languages, as stems over text without accents."""

from __future__ import annotations

import re
from typing import Final

PICTURE: Final = re.compile(
    r"\b(?:faces?|facial|face-?swap\w*|visages?|gesicht\w*|caras?|rostros?|volt[oi]|viso|visi|facci[ae]|rostos?"
    r"|gezicht\w*"
    r"|twarz\w*|ansikt\w*|eyes?|yeux|augen?|ojos?|occhi\w*|olhos?|ogen|oczy|lips?|levres?|lippen?|labios?"
    r"|labbr\w+|usta"
    r"|mouths?|bouche|mund|bocas?|bocc[ah]\w*|mond|skin|haut|piel|pelle|pele|huid|hair|teeth|head|nose|jaw|chin"
    r"|cheeks?"
    r"|pictures?|images?|imag\w+|bild\w*|imagen\w*|immagin\w+|imagem|imagens|beeld\w*|obraz\w*|photos?|fotos?|frames?"
    r"|visuals?|visuel\w*|visuell\w*|visiv\w+|visua\w+|footage|pixels?|people|person\w*|personne\w*|woman|man|guy"
    r"|lady|girl"
    r"|boy|actor|actress|frau|mann|homme|femme|hombre|mujer|uomo|donna|homem|mulher|man|vrouw|osob\w+|swapped"
    r"|swap|lookalike"
    r"|look(?:s|ed)? like|deepfaked? face|appearance|kobiet\w+|mezczyzn\w+|videobild\w*|echange|echangee?"
    r"|getauscht\w*)\b"
)
SOUND: Final = re.compile(
    r"\b(?:voices?|vocal\w*|voix|stimm\w*|voz|voces|vozes|voc[ei]|stem|stemmen|glos\w*|rost|rosten|audio\w*|sounds?"
    r"|soundtrack"
    r"|sons?|ton|tonspur|sonid\w+|suon[oi]|som|geluid\w*|dzwiek\w*|ljud\w*|speech|speak\w*|spoken|talk\w*"
    r"|parole\w*|parl\w+"
    r"|sprach\w*|spricht|sprech\w*|habl\w+|discorso|fala\w*|spraak|sprek\w+|mow[aye]\w*|tal|listen\w*|ecout\w*"
    r"|hoer\w*|hor"
    r"|hort|anhoer\w*|anhor\w*|escuch\w+|ascolt\w+|ouvir|ouca|luister\w*|poslucha\w*|hear\w*|narrat\w*|accent|tts"
    r"|text-to-speech|clon(?:ed|ing) voice|dubb\w+|pista de audio|bande[- ]son|speaker'?s? voice|says?|said|noise"
    r"|music)\b"
)
_NEGATORS: Final = (
    r"without|ignor\w+|skip\w*|except(?:ing)?|excluding|exclude|forget|leave out|leave|apart from|rather than"
    r"|instead of"
    r"|not|no|never mind|don'?t (?:\w+ ){0,3}?|do not (?:\w+ ){0,3}?|no need (?:to|for)(?: \w+)?|but"
    r"|sans|pas|sauf|hormis|laiss\w+|oubli\w+|plutot que|au lieu d\w*"
    r"|ohne|nicht|kein\w*|ausser|statt|lass\w*|vergiss"
    r"|sin|excepto|salvo|menos|olvid\w+|en vez de|deja"
    r"|senza|non|tranne|eccetto|lascia\w*|dimentica|invece d\w+"
    r"|sem|nao|exceto|esquec\w+|em vez d\w+"
    r"|zonder|niet|geen|behalve|negeer|vergeet"
    r"|bez|nie|oprocz|pomin|zignoruj|utan|inte|ingen|forutom"
)
_BETWEEN: Final = (
    r"(?:\s+(?:the|any|about|on|at|for|in|with|to|a|of|check|look\w*|le|la|les|l'|de|du|des|au|aux|der|die|das"
    r"|den|dem"
    r"|auf|el|los|las|lo|il|gli|i|o|os|as|het|een|op|bother|care|analy[sz]e|examine|test|her|his|their|sa|son"
    r"|ses))*\s*'?"
)
NEGATED: Final = re.compile(rf"(?<!is )(?<!are )(?<!was )(?<!est )(?<!ist )\b(?:{_NEGATORS}){_BETWEEN}$")
"""Ends right before a mention that is being set aside."""
DISMISSED: Final = re.compile(
    r"^\s*(?:track|itself)?\s*(?:(?:is|are|seems?|sounds?|looks?|'s|est|ist|es|esta|e|sembra|va|parece|scheint"
    r"|klingt|zijn)\s+)"
    r"(?:\w+\s+)?(?:fine|ok(?:ay)?|irrelevant|unimportant|not (?:important|needed|relevant)|good|bon\w*|bien|egal"
    r"|unwichtig"
    r"|in ordnung|bene|bem|goed|prima|gut|dobr\w+)\b|^\s*(?:doesn'?t matter|don'?t matter|does not matter"
    r"|spielt keine rolle"
    r"|no importa|non importa|nao importa|maakt niet uit|peu importe)"
)
"""Follows a mention that is being set aside."""
ALL_BUT: Final = re.compile(r"\b(?:everything|anything|all) but\b")
"""Sets aside what follows, though `but` otherwise starts a clause."""
CLAUSE: Final = re.compile(r"[,;.!?:]|\s-\s|\b(?:and|but|und|aber|sondern|et|mais|y|pero|sino|ma|mas|maar|ale|men)\b")

EVERYTHING: Final = re.compile(
    r"\b(?:everything|both|all of it|full analysis|whole (?:thing|video|clip|file)|complete\w*|tout|entier|alles"
    r"|beides|beide"
    r"|ganze|todo|ambos|completo|tutto|entrambi|tudo|ambas|wszystko|oba|allt|bada)\b"
)
VIDEO_ONLY: Final = re.compile(
    r"\b(?:only|just|nur|seulement|uniquement|solo|solamente|soltanto|so|somente|apenas|alleen|tylko|bara|endast)\s+"
    r"(?:\w+\s+){0,2}?(?:video|videos|bild|image)\b|\bvideo\s+(?:track\s+|stream\s+)?only\b"
)
QUICK: Final = re.compile(
    r"\b(?:quick\w*|fast|rough\w*|brief\w*|hurry|asap|schnell\w*|kurz\w*|rapide\w*|vite|rapid\w+|veloc\w+|snel\w*"
    r"|szybk\w+"
    r"|snabb\w*|glance|skim|sommaire|grob\w*)\b|\b(?:under|within|less than|unter|moins de|menos de|meno di"
    r"|binnen)\s+\d+\s*s"
)
THOROUGH: Final = re.compile(
    r"\b(?:thorough\w*|careful\w*|harder|closer|closely|deep(?:er|ly)?|detail\w*|every frame|frame by frame"
    r"|meticulous\w*"
    r"|genau\w*|gruendlich|grundlich|sorgfaltig|soigneusement|minutieu\w*|attenti\w+|detalla\w+|cuidad\w+|dettagli\w+"
    r"|detalh\w+|grondig|zorgvuldig|dokladn\w+|noggrant|a fond|a fondo|de pres)\b"
)
HOSTILE: Final = re.compile(
    r"\b(?:ignor\w+|disregard\w*|forget|overrid\w+|bypass\w*|negeer|zignoruj|vergiss|oubli\w+|olvid\w+"
    r"|dimentica\w*|esque\w+)\b"
    r".{0,40}\b(?:rules?|instruct\w+|prompts?|previous|guidelines?|regle\w*|regel\w*|anweisung\w*|consigne\w*|reglas?"
    r"|instruccion\w*|regol[ae]|istruzion\w+|regras?|instruc\w+|zasad\w*|instrukcj\w+|polecen\w+|training)\b"
    r"|\b(?:say|answer|reply|report|output|return|declare|mark|conclude|classify|print|respond|write|sag\w*|dis"
    r"|di|diga|zeg|powiedz|dire)\b"
    r"(?!.{0,12}\b(?:if|whether|ob|si|se|of|czy)\b).{0,40}\b(?:real|authentic|genuine|fake|verdict|echt"
    r"|authentique|autentic\w+|vrai"
    r"|vero|verdader\w+|verdadeir\w+|falso|prawdziw\w+)\b"
    r"|\b(?:you are now|act as|pretend|jailbreak|developer mode|system prompt|system message|sudo|drop table"
    r"|do anything now)\b"
    r"|\bsystem\s*:|</?\w+>|\bscore\s*(?:=|to|of)\s*\d"
)
