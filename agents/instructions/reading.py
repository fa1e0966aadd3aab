"""What an instruction asks to have examined, by rules over the words of the vocabulary.

A rule that is unsure says so: then a model may be asked, and without one its best guess stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from agents.instructions.hostility import is_hostile
from agents.instructions.spelling import respell
from agents.instructions.text import Text, read_text
from core.types import Effort, Modality

EVERYTHING: Final = (Modality.VISUAL, Modality.AUDIO)
_OTHER: Final = {Modality.VISUAL: Modality.AUDIO, Modality.AUDIO: Modality.VISUAL}
_CATEGORY: Final = {Modality.VISUAL: "picture", Modality.AUDIO: "sound"}
_WORK: Final = "small work"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be examined, whether or not the file holds it.

    Args:
        rule: which rule decided.
        is_sure: whether the rule needs no second opinion.
        excludes: whether what is not wanted was excluded.
    """

    rule: str
    wanted: tuple[Modality, ...] = EVERYTHING
    is_sure: bool = True
    excludes: bool = True


class _Fate(Enum):
    KEPT = "kept"
    SINGLED_OUT = "singled out"
    DOUBTED = "doubted"
    GRANTED = "granted"
    """Said to be known or in order: set aside if something else is asked about."""
    CLAIMED = "claimed"
    """Said not to have been done: a claim about the recording."""
    DENIED = "denied"
    """Negated in words that may mean a claim or a lack of interest."""
    SET_ASIDE = "set aside"


_FIRM: Final = frozenset({_Fate.KEPT, _Fate.SINGLED_OUT, _Fate.DOUBTED})


@dataclass(frozen=True, slots=True)
class _Mention:
    """A phrase for picture or sound, and the clause that it stands in."""

    modality: Modality
    start: int
    end: int
    floor: int
    ceiling: int
    fate: _Fate = _Fate.KEPT
    follows: bool = False
    """Whether nothing but a conjunction lies between it and the mention before it."""


def read_subject(text: Text) -> Subject:
    """The subject of an instruction."""
    if not any(word[0].isalpha() for word in text.words):
        return Subject("nothing_named" if text.words else "no_instruction")
    if is_hostile(text):
        return Subject("not_a_request")
    mentions = _find_mentions(text)
    if not mentions and not text.has("swapped person together everything") and (better := respell(text.words)):
        text = read_text(better)
        return replace(_weigh(_find_mentions(text), text), is_sure=False)
    found = _weigh(mentions, text)
    narrowed = {_Fate.SET_ASIDE, _Fate.SINGLED_OUT, _Fate.GRANTED} & {each.fate for each in mentions}
    return replace(found, excludes=bool(narrowed) or text.has("only"))


def read_effort(text: Text) -> Effort | None:
    """How hard to look. Hurry wins over care."""
    return "quick" if text.has("quick") else "thorough" if text.has("thorough") else None


def _find_mentions(text: Text) -> list[_Mention]:
    spots = [(start, end, modality) for modality in EVERYTHING for start, end in text.spans[_CATEGORY[modality]]]
    spots += [(start, end, Modality.VISUAL) for start, end in text.spans["footage"] if _is_picture(text, start, end)]
    calls = text.starting("listening", 0) == 1 and text.words[1:2] in ([","], [":"])  # "Listen, ..." asks to attend
    found: list[_Mention] = []
    for start, end, modality in _outermost(text, [spot for spot in spots if spot[0] or not calls]):
        mention = _Mention(modality, start, end, *text.clause(start))
        follows = bool(found) and _is_joined(text, found[-1].end, mention)
        found.append(replace(mention, fate=_fate(text, mention), follows=follows))
    for start, end in text.spans["blind"]:
        found.append(_Mention(Modality.VISUAL, start, end, start, end, _Fate.SET_ASIDE))
    for start, _ in text.spans["drop_it"]:
        last = max((each for each in found if each.end <= start), key=lambda each: each.end, default=None)
        found = [replace(each, fate=_Fate.SET_ASIDE) if each is last else each for each in found]
    return _without_still(text, sorted(found, key=lambda each: each.start))


def _outermost(text: Text, spots: Sequence[tuple[int, int, Modality]]) -> list[tuple[int, int, Modality]]:
    """Without those within another, as in "words in his mouth", and without the article of "son visage"."""
    kept: list[tuple[int, int, Modality]] = []
    for spot in sorted(set(spots), key=lambda spot: (spot[0] - spot[1], spot[0])):
        if not any(spot[0] < end and start < spot[1] for start, end, _ in kept):
            kept.append(spot)
    begins = {start for start, _, _ in kept}
    return sorted(spot for spot in kept if not (text.starting("small", spot[0]) == spot[1] and spot[1] in begins))


def _is_picture(text: Text, start: int, end: int) -> bool:
    """Whether "the video" means its picture: singled out, set aside, or named beside the sound."""
    mention = _Mention(Modality.VISUAL, start, end, *text.clause(start))
    is_video = text.words[start].startswith("vid") and text.starting("of_file", end) is None
    if is_video and _is_singled_out(text, mention):
        return not text.has("sound")
    for one, other in text.spans["sound"]:
        if _is_joined(text, min(end, other), replace(mention, start=max(start, one))):
            return True
    return _fate(text, mention) is _Fate.SET_ASIDE


def _is_joined(text: Text, end: int, mention: _Mention) -> bool:
    """Whether nothing but a conjunction and an article lies between an end and the mention."""
    between = text.words[end : mention.start]
    if mention.start <= end or any(not word[0].isalnum() and word not in "&/+'\"" for word in between):
        return False
    is_near = mention.start in text.forwards(end, "small join than", mention.start)
    return is_near and text.within("listening", mention.start, mention.end) is None


def _without_still(text: Text, mentions: list[_Mention]) -> list[_Mention]:
    """A picture that only stands there while somebody speaks is left out, where the sound is named besides."""
    still = text.spans["still"]
    rest = [each for each in mentions if not any(start <= each.start and each.end <= end for start, end in still)]
    return rest if {each.modality for each in rest} == {Modality.AUDIO} else mentions


def _fate(text: Text, mention: _Mention) -> _Fate:
    start, end, floor = mention.start, mention.end, mention.floor
    if text.before("has_none", start, "", floor) and text.starting("medium", start) != end:
        return _Fate.KEPT
    if _is_denied_deed(text, mention):
        return _Fate.CLAIMED
    if _is_negated(text, mention, "denial", "small", after_copula=True):
        return _Fate.DENIED
    if text.before("include", start, _WORK, floor):
        return _Fate.KEPT
    rather = text.before("than", start, _WORK, floor) and text.within("rather", floor, start) is not None
    if rather or _is_negated(text, mention, "without", _WORK, after_copula=False):
        return _Fate.SET_ASIDE
    is_said = text.starting("doing", start) == end
    if is_said and text.starting("never", end):
        return _Fate.KEPT
    if _is_dismissed(text, mention, is_said) or _is_said_later(text, "uninteresting", mention):
        return _Fate.SET_ASIDE
    if _is_singled_out(text, mention):
        return _Fate.SINGLED_OUT
    if _is_granted(text, mention):
        return _Fate.GRANTED
    doubted = text.within("negation", floor, start) is not None and text.within("doubt", floor, start) is None
    return _Fate.DOUBTED if doubted else _Fate.KEPT


def _is_denied_deed(text: Text, mention: _Mention) -> bool:
    """ "He never said that", "she doesn't blink": what somebody does is denied, and nobody is told to leave it out."""
    start = mention.start
    if text.starting("doing", start) is None:
        return False
    for here in (start, start - 1, start - 2):
        for one in text.ending("never", here):
            if one >= mention.floor and text.within("work", here, start) is None:
                return here < start or text.starting("imperative", one) != here
    return False


def _is_negated(text: Text, mention: _Mention, category: str, over: str, *, after_copula: bool) -> bool:
    """Whether the category stands before it, or a negation: after "is" it denies, else it sets aside."""
    for one in text.before(category, mention.start, over, mention.floor):
        if after_copula or not text.ending("negation", one):
            return True
    negations = text.before("negation", mention.start, over, mention.floor)
    return any(bool(text.ending("copula", one)) is after_copula for one in negations)


def _is_dismissed(text: Text, mention: _Mention, is_said: bool) -> bool:
    """Whether it is set aside by what follows it."""
    end = mention.end
    for here in text.forwards(end, "filler", mention.ceiling if end < mention.ceiling else len(text.words)):
        if text.starting("dismissed", here) is not None or text.ends_clause("refused", here):
            return True
    states = is_said or text.within("copula doubt", mention.floor, mention.start) is not None
    return not states and text.ends_clause("late", text.past_marks(end))


def _is_said_later(text: Text, category: str, mention: _Mention) -> bool:
    """Whether the sentence goes on to say so, with nothing of the other modality named in between."""
    stop = text.sentence_end(mention.end)
    places = (one for one, _ in text.spans[category] if mention.end <= one < stop and text.ends_clause(category, one))
    said = min(places, default=None)
    return said is not None and text.within(_CATEGORY[_OTHER[mention.modality]], mention.end, said) is None


def _is_singled_out(text: Text, mention: _Mention) -> bool:
    start, floor, here = mention.start, mention.floor, text.past_marks(mention.end)
    if text.before("only", start, _WORK, floor) or text.before("focus", start, "small", floor):
        return True
    here = text.starting("part", here) or here
    return text.starting("only_after", here) is not None or text.starting("focus_after", mention.end) is not None


def _is_granted(text: Text, mention: _Mention) -> bool:
    start, end, floor = mention.start, mention.end, mention.floor
    if any(not text.ending("negation", one) for one in text.before("granted_before", start, "small", floor)):
        return True
    asked = text.within("whether", floor, start) is not None
    for here in text.forwards(end, "part be", min(len(text.words), end + 8)) if not asked else ():
        fine = text.starting("fine", here) is not None or text.ends_clause("owned", here)
        if text.ends_clause("belongs", here) or (
            fine and (text.ending("be", here) or text.words[here - 1].endswith("'s"))
        ):
            return True
    contrast = text.within("contrast", mention.ceiling, min(mention.ceiling + 4, len(text.words)))
    states = text.within("copula", floor, start) is not None and floor in text.backwards(
        start, "small be copula", floor
    )
    return (states and contrast is not None) or _is_said_later(text, "granted_later", mention)


def _weigh(mentions: list[_Mention], text: Text) -> Subject:
    mentions = _spread(mentions, text)
    aside = {each.modality for each in mentions if each.fate is _Fate.SET_ASIDE}
    alive = [each for each in mentions if each.fate is not _Fate.SET_ASIDE]
    named = {each.modality for each in alive}
    both = {each.modality for each in alive if each.fate is not _Fate.GRANTED} == set(EVERYTHING)
    if not aside and (text.has("together") or (both and text.has("matching"))):
        return Subject("both_named")
    if len(named) == 2:
        return _weigh_both(alive, aside, text)
    if len(named) == 1:
        return _weigh_one(alive, aside, text)
    if len(aside) == 1:
        return _aside(*aside)
    return Subject("nothing_named", is_sure=False) if aside else _unnamed(text)


def _weigh_one(alive: list[_Mention], aside: set[Modality], text: Text) -> Subject:
    modality, last = alive[-1].modality, alive[-1]
    if _OTHER[modality] in aside:
        return _one(modality)
    if modality in aside:
        return _aside(modality, is_sure=False)  # set aside once, and once more in passing
    if _asks_for_everything(text) or all(text.before("include", each.start, _WORK, each.floor) for each in alive):
        return Subject("both_named")
    remains = "footage person" if modality is Modality.AUDIO else "footage"
    is_granted = all(each.fate is _Fate.GRANTED for each in alive)
    if is_granted and text.within(remains, last.end, len(text.words)) is not None:
        return _one(_OTHER[modality], is_sure=False)
    return _one(modality, is_sure=not any(each.fate in (_Fate.DOUBTED, _Fate.GRANTED) for each in alive))


def _weigh_both(alive: list[_Mention], aside: set[Modality], text: Text) -> Subject:
    """Both are named: together, or one against the other."""
    firm = {each.modality for each in alive if each.fate in _FIRM}
    singled = {each.modality for each in alive if each.fate is _Fate.SINGLED_OUT}
    claimed = {each.modality for each in alive if each.fate is _Fate.CLAIMED}
    for modality in EVERYTHING:
        if firm == {modality}:
            return _one(modality)
        if singled == {modality} or aside == {_OTHER[modality]} or (not firm and claimed == {modality}):
            return _one(modality, is_sure=False)
    if any(each.follows for each in alive):
        return Subject("both_named", is_sure=not aside)
    lesser = {each.modality for each in alive if text.within("lesser", each.floor, each.ceiling) is not None}
    greater = {each.modality for each in alive if text.within("lesser", each.floor, each.ceiling) is None}
    if len(greater) == len(lesser) == 1 and greater != lesser:
        return _one(*greater, is_sure=False)
    return Subject("both_named", is_sure=not aside and not lesser and text.has("also"))


def _unnamed(text: Text) -> Subject:
    """Neither picture nor sound is named: people may be, or all of it, or nothing at all."""
    if text.has("swapped") or (text.has("person") and text.has("looking placed")):
        return _one(Modality.VISUAL)
    if text.has("everything"):
        return Subject("both_named")
    return Subject("asked_in_general") if text.has("general") else Subject("nothing_named", is_sure=False)


def _spread(mentions: list[_Mention], text: Text) -> list[_Mention]:
    """What singles out or sets aside a mention holds for those coordinated with it: "neither face nor voice"."""
    made: list[_Mention] = []
    for each in mentions:
        last = made[-1] if made else None
        if last and each.fate is _Fate.KEPT:
            again = last.modality is each.modality and each.start < text.sentence_end(last.end)
            handed = each.follows and last.fate in (_Fate.SINGLED_OUT, _Fate.SET_ASIDE)
            if handed or (again and last.fate is _Fate.GRANTED):
                each = replace(each, fate=last.fate)
        elif last and last.fate is _Fate.GRANTED and last.modality is not each.modality and _contrasts(text, each):
            each = replace(each, fate=_Fate.KEPT)
        made.append(each)
    return made


def _contrasts(text: Text, mention: _Mention) -> bool:
    """After something that is in order: "but his face not" asks for it to be looked at."""
    bare = mention.floor in text.before("negation", mention.start, "small", mention.floor)
    return bare or any(text.ends_clause("negation", here) for here in text.forwards(mention.end, "be", mention.ceiling))


def _asks_for_everything(text: Text) -> bool:
    """All of it, and not "both eyes" or "everything about the face"."""
    for _, end in text.spans["everything"]:
        named = text.within("picture sound", end, min(end + 8, len(text.words)))
        if named is None or any(text.is_break(place) for place in range(end, named)):
            return True
    return False


def _one(modality: Modality, *, is_sure: bool = True) -> Subject:
    return Subject(f"{_CATEGORY[modality]}_named", (modality,), is_sure)


def _aside(modality: Modality, *, is_sure: bool = True) -> Subject:
    return Subject(f"{_CATEGORY[modality]}_set_aside", (_OTHER[modality],), is_sure)
