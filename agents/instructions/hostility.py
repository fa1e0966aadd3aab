"""Texts that ask for a result or for other rules, and for no examination."""

from __future__ import annotations

from typing import Final

from agents.instructions.patterns import Pattern

_TELL: Final = (
    r"say|answer|reply|report|output|return|declare|mark|conclude|classify|label|print|respond|write|tell (?:me|us"
    r"|them|everyone)|call|rate|confirm|set|sag\w*|antwort\w*|schreib\w*|melde|dis|reponds?|declare[zr]?|ecris|di|diga"
    r"|responde|respon\w+|escribe"
    r"|rispondi|dichiara|scrivi|diz|diga|zeg|antwoord|meld|powiedz|odpowiedz|napisz|oznacz|svara|svar|sag|sig|skriv"
    r"|spune|scrie|raspunde|declara|rekni|napis|odpovez|скажи|ответь"
    r"|напиши|скажи"
)
_RESULT: Final = (
    r"real|authentic|genuine|legit(?:imate)?|fake|verdict|manipulated|unmanipulated|echt|gefalscht|falschung"
    r"|authentique|vrai|faux|autentic[oa]|ver[oa]|verdader[oa]|verdadeir[oa]|fals[oa]|prawdziw\w+|falszyw\w+|akta|nep"
    r"|clean|ok|aegte|ekte|prav[ey]|skutecn\w*|pravdiv\w*|adevarat\w*|gercek|настоящ\w+|подлинн\w+|real"
)
HOSTILE: Final = Pattern(
    r"(?<!\w)(?:ignor\w+|disregard\w*|forget|overrid\w+|bypass\w*|violate|break|negeer|vergeet|zignoruj\w*|zapomnij"
    r"|vergiss|vergesst|missacht\w*|bortse\w*|strunta|zapomen\w*|uita|preskoc\w*|oubli\w+|olvid\w+|dimentic\w+"
    r"|esque\w+|desconsidere|ignorer|glom|забудь"
    r"|игнорир\w+)(?!\w)"
    r".{0,40}(?<!\w)(?:rules?|instruct\w+|prompts?|previous|guidelines?|orders|programming|restrictions?|safety"
    r"|regle\w*|regel\w*|anweisung\w*|vorgaben|consignes?|directives?|reglas?"
    r"|instruccion\w*|regol[ae]|istruzion\w+|regras?|instru[cç]\w+|zasad\w*|instrukcj\w+|polecen\w+|training"
    r"|tout ce qui precede|everything above|all (?:the )?above|instructies|regul(?:i|ile|a)\w*|instructiuni\w*"
    r"|pravidl\w*|pokyn\w*|instrukc\w*|правил\w*|инструкц\w*|instruktion\w*)(?!\w)"
    rf"|(?:^|[,.;:!?\-]\s*|(?<!\w)(?:and|just|please|then|must|should|shall|always|simply|now|to|will|und|bitte|et|y|e"
    rf"|ed|en|i|och|и)\s+)(?:{_TELL})(?!\w)(?!,?\s+(?:(?:me|us|mir|uns|moi|ci|mij|mi|please|bitte)\b)?\s*,?\s*(?:if"
    rf"|whether|ob|si|se|sobre|of|czy|when|where|why|how|om|wenn|quand)(?!\w))"
    rf"(?:(?!(?<!\w)(?:or|oder|ou|o|of|czy|if|whether"
    rf"|check\w*)(?!\w))[^.;!?]){{0,40}}(?<!\w)(?:{_RESULT})(?!\w)(?!\s*(?:or|oder|ou|o|of|czy)(?!\w))(?!\s+\w+\s*\?)"
    r"|(?<!\w)(?:kural|talimat|yonerge)\w*.{0,30}(?:yok ?say|unut|gormezden|bosver|uyma|atla)\w*"
    r"|(?<!\w)(?:gercek|sahte|orijinal)(?: diye| olarak)? (?:yaz|soyle|cevap ver|isaretle|de(?=\s*[.!]?$))(?!\w)"
    r"|(?<!\w)(?:you are now|you're now|from now on|act as|acting as|pretend(?!(?:ing|s|ed)? to be (?:my|her|his|our"
    r"|a|the|me|him)(?!\w))|jailbreak|developer mode|debug mode"
    r"|god mode|system prompt|system message|sudo|drop table|do anything now|new rules?|new instructions?|as (?:the|an"
    r"|your) (?:admin\w*|developer|operator|owner)"
    r"|i order you|i command you|(?:reveal|show|print|repeat|leak)(?: me)? (?:your|the) (?:prompt|instructions|rules"
    r"|system)|p_fake|du bist jetzt|tu es maintenant|ahora eres|ora sei|agora voce|je bent nu|jestes teraz|rm -rf"
    r"|select \*|eval\(|exec\()"
    r"|(?<!\w)system\s*:|(?<!\w)assistant\s*:|</?[a-z_]+>|<\|\w+\|>|\[/?inst\]|###|(?<!\w)(?:score|confidence"
    r"|probability|verdict|outcome)\s*(?:=|:|to|of|must be|is set)\s*['\"]?(?:\d|real|fake|authentic)"
)
"""Does not ask for an examination but for a result, or for other rules."""
