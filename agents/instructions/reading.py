"""What an instruction asks to have examined, by rules over the words of the vocabulary.

A rule that is unsure says so: then a model may be asked, and without one its best guess stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from agents.instructions.spelling import respelt
from agents.instructions.text import Text, read_words
from agents.instructions.vocabulary import load_vocabulary
from core.types import Effort, Modality

ALL: Final = (Modality.VISUAL, Modality.AUDIO)
_OTHER: Final = {Modality.VISUAL: Modality.AUDIO, Modality.AUDIO: Modality.VISUAL}
_NAMED_BY: Final = {"picture": Modality.VISUAL, "sound": Modality.AUDIO}
_CATEGORY: Final = {modality: category for category, modality in _NAMED_BY.items()}
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
    wanted: tuple[Modality, ...] = ALL
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


@dataclass(frozen=True, slots=True)
class _Mention:
    """A phrase for picture or sound, with the clause that it stands in."""

    modality: Modality
    start: int
    end: int
    clause: tuple[int, int]
    fate: _Fate = _Fate.KEPT
    follows: bool = False
    """Whether nothing but a conjunction lies between it and the mention before it."""


def read_text(words: str) -> Text:
    """The words of a plain text and what the vocabulary knows of them."""
    return read_words(words, load_vocabulary())


def read_subject(text: Text) -> Subject:
    """The subject of an instruction."""
    if not any(word[0].isalpha() for word in text.words):
        return Subject("nothing_named" if text.words else "no_instruction")
    if is_hostile(text):
        return Subject("not_a_request")
    mentions = _find_mentions(text)
    if not mentions and _names_nobody(text) and (better := respelt(text.words, load_vocabulary())):
        text = read_text(better)
        return replace(_weigh(_find_mentions(text), text), is_sure=False)
    found = _weigh(mentions, text)
    narrowed = {_Fate.SET_ASIDE, _Fate.SINGLED_OUT, _Fate.GRANTED} & {each.fate for each in mentions}
    return replace(found, excludes=bool(narrowed) or text.within("only", 0, len(text.words)) is not None)


def read_effort(text: Text) -> Effort | None:
    """How hard to look. Hurry wins over care."""
    length = len(text.words)
    if text.within("quick", 0, length) is not None:
        return "quick"
    return "thorough" if text.within("thorough", 0, length) is not None else None


def is_hostile(text: Text) -> bool:
    """Whether the text asks for a result or for other rules instead of an examination."""
    if text.spans["hostile"] or any(map(_is_markup, text.words, text.words[1:], [*text.words[2:], ""])):
        return True
    if any(_is_dictated(text, end) for _, end in text.spans["figure"]):
        return True
    for _, end in text.spans["forget_rules"]:
        if text.within("rules", end, min(end + 8, len(text.words))) is not None:
            return True
    return any(_is_told(text, start, end) for start, end in text.spans["tell"])


def _is_markup(one: str, other: str, third: str) -> bool:
    """Whether words are marked up as a message of somebody else's: `<system>`, `system:`, `[/INST]`, `###`."""
    if one in ("<", "["):
        return other in ("/", "|") or third in (">", "]")
    return (one in ("system", "assistant") and other == ":") or one == other == third == "#"


def _is_dictated(text: Text, end: int) -> bool:
    """ "verdict: real", "score = 0"."""
    value = text.words[end + 1 : end + 2]
    return (
        text.words[end : end + 1] in ([":"], ["="])
        and bool(value)
        and (value[0][0].isdigit() or text.starting("result", end + 1) is not None)
    )


def _is_told(text: Text, start: int, end: int) -> bool:
    """ "Say that it is real": a verb of telling that begins a clause, and a result; "tell me if it is real" asks."""
    begins = start == 0 or text.is_break(start - 1) or text.ending("order", start)
    stop = min(end + 8, text.sentence_end(end))
    result = text.within("result", end, stop)
    if not begins or result is None or text.within("whether", end, result) is not None:
        return False
    after = next((other for one, other in text.spans["result"] if one == result), stop)
    return not text.starting("alternative", after) and text.within("alternative", end, result) is None


def _names_nobody(text: Text) -> bool:
    return text.within("swapped person together everything", 0, len(text.words)) is None


def _find_mentions(text: Text) -> list[_Mention]:
    spots = [(start, end, modality) for name, modality in _NAMED_BY.items() for start, end in text.spans[name]]
    spots += [(start, end, Modality.VISUAL) for start, end in text.spans["footage"] if _is_picture(text, start, end)]
    found: list[_Mention] = []
    if text.starting("listening", 0) == 1 and text.words[1:2] in ([","], [":"]):
        spots = [spot for spot in spots if spot[0]]  # "Listen, ..." calls for attention
    for start, end, modality in sorted(_outermost(text, spots), key=lambda spot: spot[:2]):
        mention = _Mention(modality, start, end, text.clause(start))
        follows = bool(found) and _is_joined(text, found[-1].end, mention)
        found.append(replace(mention, fate=_fate(text, mention), follows=follows))
    found += [
        _Mention(Modality.VISUAL, start, end, text.clause(start), _Fate.SET_ASIDE) for start, end in text.spans["blind"]
    ]
    found = _without_still(text, sorted(found, key=lambda each: each.start))
    for start, _ in text.spans["drop_it"]:
        last = max((at for at, each in enumerate(found) if each.end <= start), default=None)
        if last is not None:
            found[last] = replace(found[last], fate=_Fate.SET_ASIDE)
    return found


def _outermost(text: Text, spots: Iterable[tuple[int, int, Modality]]) -> list[tuple[int, int, Modality]]:
    """Without those that lie within another: "words in his mouth" are heard; and without the article of "son visage"."""
    kept: list[tuple[int, int, Modality]] = []
    for start, end, modality in sorted(set(spots), key=lambda spot: (spot[0] - spot[1], spot[0])):
        if not any(start < other and one < end for one, other, _ in kept[-64:]):
            kept.append((start, end, modality))
    begins = {start for start, _, _ in kept}
    return [spot for spot in kept if not (text.starting("small", spot[0]) == spot[1] and spot[1] in begins)]


def _is_picture(text: Text, start: int, end: int) -> bool:
    """Whether "the video" means its picture: singled out, set aside, or named beside the sound."""
    if text.starting("footage", end) or text.ending("footage", start):
        return False
    mention = _Mention(Modality.VISUAL, start, end, text.clause(start))
    is_file = text.starting("of_file", end) is not None
    if text.words[start].startswith("vid") and not is_file and _is_singled_out(text, mention):
        return not text.within("sound", 0, len(text.words))
    if any(text.starting(name, end) or text.ending(name, start) for name in ("join", "than", "small")):
        beside = [(one, other) for one, other in text.spans["sound"] if one >= end or other <= start]
        if any(_is_joined(text, min(end, other), replace(mention, start=max(start, one))) for one, other in beside):
            return True
    return _fate(text, mention) is _Fate.SET_ASIDE


def _is_joined(text: Text, end: int, mention: _Mention) -> bool:
    """Whether nothing but a conjunction and an article lies between an end and the mention."""
    if text.within("listening", mention.start, mention.end) is not None or mention.start < end:
        return False
    between = text.words[end : mention.start]
    if any(not word[0].isalnum() and word not in "&/+'\"" for word in between):
        return False
    return mention.start in text.forwards(end, "small join than", mention.start)


def _without_still(text: Text, mentions: list[_Mention]) -> list[_Mention]:
    """A picture that only stands there while somebody speaks is left out, where the sound is named besides."""
    rest = [each for each in mentions if not _lies_in(text, "still", each)]
    is_spoken = any(each.modality is Modality.AUDIO for each in rest)
    return rest if is_spoken and not any(each.modality is Modality.VISUAL for each in rest) else mentions


def _lies_in(text: Text, category: str, mention: _Mention) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in text.spans[category])


def _fate(text: Text, mention: _Mention) -> _Fate:
    start, end, (floor, ceiling) = mention.start, mention.end, mention.clause
    is_said = text.starting("doing", start) == end
    if text.within("detail", start, end) is not None and _before(text, "lack", start, "", floor):
        return _Fate.KEPT
    if _before(text, "has_none", start, "", floor) and text.starting("medium", start) != end:
        return _Fate.KEPT
    if _is_denied_deed(text, mention):
        return _Fate.CLAIMED
    if _is_denied(text, start, floor):
        return _Fate.DENIED
    if _is_included(text, start, floor):
        return _Fate.KEPT
    if _is_skipped(text, start, floor):
        return _Fate.SET_ASIDE
    rest = ceiling if end < ceiling else len(text.words)
    if is_said and text.starting("never", end):
        return _Fate.KEPT
    late = text.starting("late", _past_marks(text, end))
    if (
        late is not None
        and _ends_clause(text, late)
        and not is_said
        and text.within("copula doubt", floor, start) is None
    ):
        return _Fate.SET_ASIDE
    if _is_dismissed(text, end, rest) or _is_said_later(text, "uninteresting", mention):
        return _Fate.SET_ASIDE
    if _is_singled_out(text, mention):
        return _Fate.SINGLED_OUT
    if _is_granted(text, mention):
        return _Fate.GRANTED
    negated = text.within("negation", floor, start) is not None and text.within("doubt", floor, start) is None
    return _Fate.DOUBTED if negated else _Fate.KEPT


def _before(text: Text, category: str, place: int, over: str, floor: int) -> list[int]:
    """Where phrases of a category begin that end right before the place, or with only `over` in between."""
    found = (start for here in text.backwards(place, over, floor) for start in text.ending(category, here))
    return [start for start in found if start >= floor]


def _past_marks(text: Text, place: int) -> int:
    while place < len(text.words) and text.words[place] in "\"'„“”«»-,":
        place += 1
    return place


def _is_denied_deed(text: Text, mention: _Mention) -> bool:
    """ "He never said that", "she doesn't blink": what somebody does is denied, and nobody is told to leave it out."""
    start, floor = mention.start, mention.clause[0]
    if text.starting("doing", start) is None:
        return False
    for here in (start, start - 1, start - 2):
        for one in text.ending("never", here):
            if one >= floor and text.within("work", here, start) is None:
                return here < start or text.starting("imperative", one) != here
    return False


def _is_denied(text: Text, start: int, floor: int) -> bool:
    """ "This is not his voice": denied to be somebody's, which is doubt and no lack of interest."""
    if _before(text, "denial", start, "small", floor):
        return True
    return any(text.ending("copula", one) for one in _before(text, "negation", start, "small", floor))


def _is_included(text: Text, start: int, floor: int) -> bool:
    return bool(_before(text, "include", start, _WORK, floor))


def _is_skipped(text: Text, start: int, floor: int) -> bool:
    for one in _before(text, "without", start, _WORK, floor):
        if not text.ending("negation", one):
            return True
    if _before(text, "than", start, _WORK, floor) and text.within("rather", floor, start) is not None:
        return True
    return any(not text.ending("copula", one) for one in _before(text, "negation", start, _WORK, floor))


def _is_dismissed(text: Text, end: int, ceiling: int) -> bool:
    for here in text.forwards(end, "filler", ceiling):
        if text.starting("dismissed", here) is not None:
            return True
        last = text.starting("refused", here)
        if last is not None and _ends_clause(text, last):
            return True
    return False


def _ends_clause(text: Text, place: int) -> bool:
    return place >= len(text.words) or text.is_break(place) or text.starting("join", place) is not None


def _is_said_later(text: Text, category: str, mention: _Mention) -> bool:
    """Whether the sentence goes on to say so, with nothing of the other modality named in between."""
    stop = text.sentence_end(mention.end)
    said = min(
        (one for one, other in text.spans[category] if mention.end <= one < stop and _ends_clause(text, other)),
        default=None,
    )
    return said is not None and text.within(_CATEGORY[_OTHER[mention.modality]], mention.end, said) is None


def _is_singled_out(text: Text, mention: _Mention) -> bool:
    start, end, (floor, ceiling) = mention.start, mention.end, mention.clause
    if _before(text, "only", start, _WORK, floor) or _before(text, "focus", start, "small", floor):
        return True
    here = _past_marks(text, end)
    here = text.starting("part", here) or here
    return text.starting("only_after", here) is not None or text.starting("focus_after", end) is not None


def _is_granted(text: Text, mention: _Mention) -> bool:
    start, end, (floor, _) = mention.start, mention.end, mention.clause
    if any(not text.ending("negation", one) for one in _before(text, "granted_before", start, "small", floor)):
        return True
    if text.within("whether", floor, start) is None:
        for here in text.forwards(end, "part be", min(len(text.words), end + 8)):
            belongs = text.starting("belongs", here)
            if belongs is not None and _ends_clause(text, belongs):
                return True
            owned = text.starting("owned", here)
            is_fine = text.starting("fine", here) is not None or (owned is not None and _ends_clause(text, owned))
            if is_fine and text.ending("be", here):
                return True
    return _is_conceded(text, mention) or _is_said_later(text, "granted_later", mention)


def _is_conceded(text: Text, mention: _Mention) -> bool:
    """ "It is his face, but ...": granted against something else."""
    start, end, (floor, ceiling) = mention.start, mention.end, mention.clause
    contrast = text.within("but", ceiling, min(ceiling + 4, len(text.words)))
    copulas = text.within("copula", floor, start)
    return contrast is not None and copulas is not None and floor in text.backwards(start, "small be copula", floor)


def _weigh(mentions: list[_Mention], text: Text) -> Subject:
    mentions = _spread(mentions, text)
    aside = {each.modality for each in mentions if each.fate is _Fate.SET_ASIDE}
    alive = [each for each in mentions if each.fate is not _Fate.SET_ASIDE]
    named = {each.modality for each in alive}
    if not aside and _are_compared(text, alive):
        return Subject("both_named")
    if len(named) == 2:
        return _weigh_both(alive, aside, text)
    if len(named) == 1:
        (modality,) = named
        if _OTHER[modality] in aside:
            return _one(modality)
        if modality in aside:
            return _aside(modality, is_sure=False)  # set aside once, and once more in passing
        if _asks_for_everything(text) or all(_is_included(text, each.start, each.clause[0]) for each in alive):
            return Subject("both_named")
        granted = [each for each in alive if each.fate is _Fate.GRANTED]
        remains = "footage person" if modality is Modality.AUDIO else "footage"
        if len(granted) == len(alive) and text.within(remains, alive[-1].end, len(text.words)) is not None:
            return _one(_OTHER[modality], is_sure=False)
        return _one(modality, is_sure=not any(each.fate in (_Fate.DOUBTED, _Fate.GRANTED) for each in alive))
    if len(aside) == 1:
        return _aside(*aside)
    return Subject("nothing_named", is_sure=False) if aside else _unnamed(text)


def _are_compared(text: Text, alive: list[_Mention]) -> bool:
    """Whether picture and sound are held against one another."""
    if text.spans["together"]:
        return True
    firm = {each.modality for each in alive if each.fate is not _Fate.GRANTED}
    return bool(text.spans["matching"]) and len(firm) == 2


def _weigh_both(alive: list[_Mention], aside: set[Modality], text: Text) -> Subject:
    """Both are named: together, or one against the other."""
    firm = {each.modality for each in alive if each.fate in (_Fate.KEPT, _Fate.SINGLED_OUT, _Fate.DOUBTED)}
    singled = {each.modality for each in alive if each.fate is _Fate.SINGLED_OUT}
    claimed = {each.modality for each in alive if each.fate is _Fate.CLAIMED}
    for modality in ALL:
        if firm == {modality}:
            return _one(modality)
        if singled == {modality} or aside == {_OTHER[modality]} or (not firm and claimed == {modality}):
            return _one(modality, is_sure=False)
    if any(each.follows for each in alive):
        return Subject("both_named", is_sure=not aside)
    lesser = {each.modality for each in alive if text.within("lesser", *each.clause) is not None}
    greater = {each.modality for each in alive if text.within("lesser", *each.clause) is None}
    if len(greater) == len(lesser) == 1 and greater != lesser:
        return _one(*greater, is_sure=False)
    is_sure = not aside and not lesser and text.within("also", 0, len(text.words)) is not None
    return Subject("both_named", is_sure=is_sure)


def _unnamed(text: Text) -> Subject:
    """Neither picture nor sound is named: people may be, or all of it, or nothing at all."""
    length = len(text.words)
    if text.spans["swapped"] or (text.spans["person"] and text.within("looking placed", 0, length) is not None):
        return _one(Modality.VISUAL)
    if text.spans["everything"]:
        return Subject("both_named")
    return Subject("asked_in_general") if text.spans["general"] else Subject("nothing_named", is_sure=False)


def _spread(mentions: list[_Mention], text: Text) -> list[_Mention]:
    """What singles out or sets aside a mention holds for those coordinated with it: "neither face nor voice"."""
    made: list[_Mention] = []
    for each in mentions:
        last = made[-1] if made else None
        if last and each.fate is _Fate.KEPT and last.fate is _Fate.GRANTED and last.modality is each.modality:
            each = replace(each, fate=last.fate) if each.start < text.sentence_end(last.end) else each
        if last and last.fate is _Fate.GRANTED and last.modality is not each.modality and _contrasts(text, each):
            each = replace(each, fate=_Fate.KEPT)
        if last and each.follows and each.fate is _Fate.KEPT and last.fate in (_Fate.SINGLED_OUT, _Fate.SET_ASIDE):
            each = replace(each, fate=last.fate)
        made.append(each)
    return made


def _contrasts(text: Text, mention: _Mention) -> bool:
    """After something that is in order: "his face not" asks for it to be looked at."""
    floor, ceiling = mention.clause
    bare = floor in _before(text, "negation", mention.start, "small", floor)
    return bare or any(
        text.starting("negation", here) == ceiling for here in text.forwards(mention.end, "copula be", ceiling)
    )


def _asks_for_everything(text: Text) -> bool:
    """All of it, and not "both eyes" or "everything about the face"."""
    for _, end in text.spans["everything"]:
        named = text.within("picture sound", end, min(end + 8, len(text.words)))
        if named is None or any(text.is_break(place) for place in range(end, named)):
            return True
    return False


def _one(modality: Modality, *, is_sure: bool = True) -> Subject:
    return Subject("picture_named" if modality is Modality.VISUAL else "sound_named", (modality,), is_sure)


def _aside(modality: Modality, *, is_sure: bool = True) -> Subject:
    rule = "picture_set_aside" if modality is Modality.VISUAL else "sound_set_aside"
    return Subject(rule, (_OTHER[modality],), is_sure)
