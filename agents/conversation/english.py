"""Whether a text is English, by its small words: only to say plainly that answers are."""

from __future__ import annotations

import re
from typing import Final


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH: Final = _listed(
    """the is are was were it this that what when where which who why how does did do can could should a an of in on at
    to for and or not you your me my i any there be been has have with from about tell show only check hello hi thanks
    fake real sure score compare help"""
)
_OTHER: Final = _listed(
    """der die das ist sind war wie warum wann wo wer welche welches welcher nicht und oder ein eine einen kann kannst
    du sie es bitte hallo danke im am zum mit von auf was ich le la les est sont etait pourquoi quand quel quelle
    quelles combien comment qui que ce cette il elle et ou un une des du dans pas je tu vous merci bonjour el los las
    es son fue por cuando donde quien cual como esta este esto y una del en no si gracias hola lo gli di e sono era
    perche quando dove chi quale come questo questa nel della grazie ciao o os as foi quem qual isto um uma na nao
    het een zijn wie wat waarom wanneer waar welke niet en of dit deze jest czy kto co kiedy gdzie dlaczego ktory nie
    i to na w z jak ile det ar och inte vad nar hur sa ja nein oui"""
)


def is_english(words: str) -> bool:
    """False when the small words speak for another language, or the script is not Latin.

    Args:
        words: lower case, without accents.
    """
    letters = [character for character in words if character.isalpha()]
    if letters and sum(character.isascii() for character in letters) < len(letters) / 2:
        return False
    said = re.findall(r"[a-z']+", words)
    return sum(word in _OTHER - _ENGLISH for word in said) <= sum(word in _ENGLISH for word in said)
