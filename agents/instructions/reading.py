"""What an instruction asks to have examined, by rules over the words of the vocabulary.

A rule that is unsure says so: then a model may be asked, and without one its best guess stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from agents.instructions.refusals import is_hostile
from agents.instructions.text import Text, read_text, respell
from core.types import Modality, Scope

EVERYTHING: Final = (Modality.VISUAL, Modality.AUDIO)
_OTHER: Final = {Modality.VISUAL: Modality.AUDIO, Modality.AUDIO: Modality.VISUAL}
_CATEGORY: Final = {Modality.VISUAL: "picture", Modality.AUDIO: "sound"}
_WORK: Final = "small work"


@dataclass(frozen=True, slots=True)
class InstructionReading:
    """How an instruction was understood.

    Args:
        scope: what the words ask for, whether or not the file holds it; what they leave open is None there.
        rule: which rule decided.
        is_sure: whether the rule needs no second opinion.
        excluded: whether the words exclude what they do not want.
        declined: a sentence for every wish that no examination can meet.
    """

    scope: Scope
    rule: str
    is_sure: bool = True
    excluded: bool = True
    declined: tuple[str, ...] = ()


_BOTH: Final = InstructionReading(Scope(modalities=EVERYTHING), "both_named")
_Fate = Literal["kept", "singled out", "granted", "claimed", "set aside"]
"""Granted: said to be known or in order. Claimed: said not to be so, or not to have been done."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """A phrase for picture or sound, and the clause that it stands in."""

    modality: Modality
    start: int
    end: int
    floor: int
    ceiling: int
    fate: _Fate = "kept"


def read_subject(text: Text) -> InstructionReading:
    """Which parts of a recording an instruction asks about, and by which rule."""
    if not any(word[0].isalpha() for word in text.words):
        return InstructionReading(Scope(), "nothing_named" if text.words else "no_instruction")
    if is_hostile(text):
        return InstructionReading(Scope(), "not_a_request")
    mentions = _find_mentions(text)
    if not mentions and not text.has("swapped person together everything") and (better := respell(text)):
        text = read_text(better)
        return replace(_weigh(_find_mentions(text), text), is_sure=False)
    narrowed = {"set aside", "singled out", "granted"} & {each.fate for each in mentions}
    return replace(_weigh(mentions, text), excluded=bool(narrowed) or text.has("only"))


def _find_mentions(text: Text) -> list[_Mention]:
    spots = [(start, end, modality) for modality in EVERYTHING for start, end in text.spans[_CATEGORY[modality]]]
    spots += [(start, end, Modality.VISUAL) for start, end in text.spans["blind"]]
    if text.starting("listening", 0) == 1 and text.words[1:2] in ([","], [":"]):  # "Listen, ..." asks to attend
        spots = [spot for spot in spots if spot[0] > 0]
    found = [_judged(text, *spot) for spot in _outermost(text, spots)]
    footage = [_judged(text, start, end, Modality.VISUAL) for start, end in text.spans["footage"]]
    found += [each for each in footage if each.fate == "set aside"]
    return sorted(found, key=lambda each: each.start)


def _judged(text: Text, start: int, end: int, modality: Modality) -> _Mention:
    mention = _Mention(modality, start, end, *text.clause(start))
    return replace(mention, fate=_fate(text, mention))


def _outermost(text: Text, spots: Sequence[tuple[int, int, Modality]]) -> list[tuple[int, int, Modality]]:
    """Without those within another, as in "words in his mouth", and without the article of "son visage"."""
    kept: list[tuple[int, int, Modality]] = []
    for spot in sorted(set(spots), key=lambda spot: (spot[0] - spot[1], spot[0])):
        if not any(spot[0] < end and start < spot[1] for start, end, _ in kept):
            kept.append(spot)
    begins = {start for start, _, _ in kept}
    return sorted(spot for spot in kept if not (text.starting("small", spot[0]) == spot[1] and spot[1] in begins))


def _fate(text: Text, mention: _Mention) -> _Fate:
    start, end, floor = mention.start, mention.end, mention.floor
    if text.starting("blind", start) == end:
        return "set aside"
    if text.before("has_none", start, "", floor) and text.starting("medium", start) != end:
        return "kept"
    denied = any(text.ending("copula", one) for one in text.before("negation", start, "small", floor))
    if denied or text.before("denial", start, "small", floor) or _is_denied_deed(text, mention):
        return "claimed"
    if text.before("include", start, _WORK, floor):
        return "kept"
    negated = any(not text.ending("copula", one) for one in text.before("negation", start, _WORK, floor))
    if negated or text.before("without", start, _WORK, floor):
        return "set aside"
    if _is_dismissed(text, mention) or _is_said_later(text, "uninteresting", mention):
        return "set aside"
    focused = text.before("only", start, _WORK, floor) or text.before("focus", start, "small", floor)
    if focused or text.starting("only_after", end) is not None:
        return "singled out"
    return "granted" if _is_granted(text, mention) else "kept"


def _is_denied_deed(text: Text, mention: _Mention) -> bool:
    """ "He never said that", "she doesn't blink": what somebody does is denied, and nobody is told to leave it out."""
    start = mention.start
    if text.starting("doing", start) is None:
        return False
    return any(
        one >= mention.floor and text.within("work", here, start) is None
        for here in (start, start - 1, start - 2)
        for one in text.ending("never", here)
    )


def _is_dismissed(text: Text, mention: _Mention) -> bool:
    """Whether it is set aside by what follows it."""
    end = mention.end
    if text.starting("doing", mention.start) == end and text.starting("never", end):
        return False  # "he never blinks"
    for here in text.forwards(end, "filler", mention.ceiling if end < mention.ceiling else len(text.words)):
        if text.starting("dismissed", here) is not None or text.ends_clause("refused", here):
            return True
    return text.ends_clause("late", end) and text.within("copula doubt", mention.floor, mention.start) is None


def _is_said_later(text: Text, category: str, mention: _Mention) -> bool:
    """Whether the sentence goes on to say so, with nothing of the other modality named in between."""
    stop = text.sentence_end(mention.end)
    places = (one for one, _ in text.spans[category] if mention.end <= one < stop and text.ends_clause(category, one))
    said = min(places, default=None)
    return said is not None and text.within(_CATEGORY[_OTHER[mention.modality]], mention.end, said) is None


def _is_granted(text: Text, mention: _Mention) -> bool:
    start, end, floor = mention.start, mention.end, mention.floor
    if any(not text.ending("negation", one) for one in text.before("granted_before", start, "small", floor)):
        return True
    asks = text.within("whether", floor, start) is not None
    for here in text.forwards(end, "part be", min(len(text.words), end + 8)) if not asks else ():
        is_fine = text.starting("fine", here) is not None or text.ends_clause("owned", here)
        is_said = text.ending("be", here) or text.words[here - 1].endswith("'s")
        if (is_fine and is_said) or text.ends_clause("belongs", here):
            return True
    return _is_said_later(text, "granted_later", mention)


def _weigh(mentions: list[_Mention], text: Text) -> InstructionReading:
    aside = {each.modality for each in mentions if each.fate == "set aside"}
    alive = [each for each in mentions if each.fate != "set aside"]
    named = {each.modality for each in alive}
    if not aside and (text.has("together") or (len(named) == 2 and text.has("matching"))):
        return _BOTH
    if len(named) == 2:
        return _weigh_both(alive, aside, text)
    if len(named) == 1:
        return _weigh_one(alive, aside, text)
    if len(aside) == 1:
        (modality,) = aside
        return replace(_one(_OTHER[modality]), rule=f"{_CATEGORY[modality]}_set_aside")
    return InstructionReading(Scope(), "nothing_named", is_sure=False) if aside else _unnamed(text)


def _weigh_one(alive: list[_Mention], aside: set[Modality], text: Text) -> InstructionReading:
    modality, end = alive[-1].modality, alive[-1].end
    is_granted = all(each.fate == "granted" for each in alive)
    if _OTHER[modality] in aside:
        return _one(_OTHER[modality] if is_granted else modality)  # "that is my face but not my voice"
    if all(text.before("include", each.start, _WORK, each.floor) for each in alive):
        return _BOTH
    remains = "footage person" if modality == Modality.AUDIO else "footage"
    if is_granted and text.within(remains, end, len(text.words)) is not None:
        return _one(_OTHER[modality], is_sure=False)
    return _one(modality, is_sure=all(each.fate != "granted" for each in alive))


def _weigh_both(alive: list[_Mention], aside: set[Modality], text: Text) -> InstructionReading:
    """Both are named: together, or one against the other."""
    firm = {each.modality for each in alive if each.fate in ("kept", "singled out")}
    singled = {each.modality for each in alive if each.fate == "singled out"}
    claimed = {each.modality for each in alive if each.fate == "claimed"}
    for modality in EVERYTHING:
        if firm == {modality}:
            return _one(modality)
        if singled == {modality} or aside == {_OTHER[modality]} or (not firm and claimed == {modality}):
            return _one(modality, is_sure=False)
    lesser = {each.modality for each in alive if text.within("lesser", each.floor, each.ceiling) is not None}
    greater = {each.modality for each in alive if text.within("lesser", each.floor, each.ceiling) is None}
    if len(greater) == len(lesser) == 1 and greater != lesser:
        return _one(*greater, is_sure=False)
    return replace(_BOTH, is_sure=not aside and not lesser and text.has("also"))


def _unnamed(text: Text) -> InstructionReading:
    """Neither picture nor sound is named: people may be, or all of it, or nothing at all."""
    if text.has("swapped") or (text.has("person") and text.has("placed")):
        return _one(Modality.VISUAL)
    if text.has("everything"):
        return _BOTH
    is_general = text.has("general")
    return InstructionReading(Scope(), "asked_in_general" if is_general else "nothing_named", is_sure=is_general)


def _one(modality: Modality, *, is_sure: bool = True) -> InstructionReading:
    return InstructionReading(Scope(modalities=(modality,)), f"{_CATEGORY[modality]}_named", is_sure)
