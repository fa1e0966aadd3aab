"""What an instruction asks to have examined, by rules over plain words.

A rule that is unsure says so: then a model may be asked, and without one its best guess stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from agents.instructions import concessions as settled
from agents.instructions import effort as pace
from agents.instructions import phrases
from agents.instructions.hostility import HOSTILE
from agents.instructions.idioms import IDIOMS, STILL
from agents.instructions.lexicon import GENERAL, HEARD, SEEN
from agents.instructions.patterns import Pattern
from agents.instructions.people import LOOKED, PLACED, SHOWN, SWAPPED, TOGETHER
from agents.instructions.slips import corrected
from core.types import Effort, Modality

ALL_PATHS: Final = (Modality.VISUAL, Modality.AUDIO)
_OTHER: Final = {Modality.VISUAL: Modality.AUDIO, Modality.AUDIO: Modality.VISUAL}
_NEGATION: Final = Pattern(
    r"(?<!\w)(?:not|no|dont|cannot|never|nicht|kein\w*|nie|pas|ni|non|nao|niet|geen|не|inte|ikke|without|neither|nor)(?!\w)|n't(?!\w)"
)

_STOP: Final = Pattern(r"[.;!?]")


@dataclass(frozen=True, slots=True)
class Reading:
    """How an instruction was understood.

    Args:
        wanted: what is to be examined, whether or not the file holds it.
        sure: whether the rule needs no second opinion.
    """

    rule: str
    wanted: tuple[Modality, ...]
    sure: bool
    excludes: bool = True
    """Whether what is not wanted was excluded."""


class _Fate(Enum):
    KEPT = "kept"
    SINGLED_OUT = "singled out"
    DOUBTED = "doubted"
    SETTLED = "settled"
    """Said to be known already: set aside if something else is asked about."""
    CLAIMED = "claimed"
    """Said not to have been done: a claim about the recording."""
    DENIED = "denied"
    """Negated in words that may mean a claim or a lack of interest."""
    SET_ASIDE = "set aside"


@dataclass(frozen=True, slots=True)
class _Mention:
    modality: Modality
    fate: _Fate
    clause: str
    sentence: int
    end: int
    contrasts: bool
    """Whether it ends on a bare "not"."""
    follows: bool
    """Whether it is coordinated with the mention before it: nothing but a conjunction and an article lies between."""
    included: bool
    """Whether it is to be examined along with something that is not named: "not only the voice"."""


def read(words: str) -> Reading:
    """The reading of an instruction in plain words."""
    if not any(character.isalpha() for character in words):
        return Reading("nothing_named" if words else "no_instruction", ALL_PATHS, True)
    if HOSTILE.search(words):
        return Reading("not_a_request", ALL_PATHS, True)
    words = _straightened(words)
    mentions = _mentions(words)
    heard = any(each.modality is Modality.AUDIO and each.fate is not _Fate.SET_ASIDE for each in mentions)
    if phrases.ONLY_VIDEO in words and not heard:
        return Reading("picture_named", (Modality.VISUAL,), True)
    firm = [each for each in mentions if each.fate is not _Fate.SETTLED]
    together = TOGETHER.search(words) or (phrases.MATCHING.search(words) and len({each.modality for each in firm}) == 2)
    if together and not any(each.fate is _Fate.SET_ASIDE for each in mentions):
        return Reading("both_named", ALL_PATHS, True)
    found = _weighed(mentions, words)
    narrowed = any(each.fate in (_Fate.SET_ASIDE, _Fate.SINGLED_OUT, _Fate.SETTLED) for each in mentions)
    return replace(found, excludes=narrowed or phrases.ONLY.search(words) is not None)


def effort(words: str) -> Effort:
    """How hard to look. Hurry wins over care."""
    if pace.QUICK.search(words):
        return "quick"
    return "thorough" if pace.THOROUGH.search(words) else "usual"


def _straightened(words: str) -> str:
    """Idioms removed, and turns of phrase of several words brought to one."""
    if phrases.KEPT_IN.search(words):
        words = phrases.NEITHER.sub("and", phrases.KEPT_IN.sub(f" check {phrases.AMONG} ", words))
    words = phrases.VIDEO_ONLY.sub(f" {phrases.ONLY_VIDEO} ", words)
    words = phrases.YES_OR_NO.sub(_answered, words)
    words = phrases.IN_THE.sub(r"\1 em ", words)
    words = IDIOMS.sub(" ", words)
    words = _without_still(_with_footage_aside(words))
    words = phrases.SOUND_AND_VIDEO.sub(" audio and picture ", words)
    words = phrases.UNLIKE.sub(r" \1 ", words)
    words = phrases.ALSO.sub(f" , {phrases.AMONG} ", words)
    words = phrases.NOTHING_BUT.sub(" only ", words)
    words = phrases.ALL_BUT.sub(" except ", words)
    words = phrases.RATHER.sub(r" only \1 , without ", words)
    return phrases.NO_LOOK.sub(" without picture ", words)


def _with_footage_aside(words: str) -> str:
    """ "The footage is irrelevant": where it is set aside, it is the picture."""
    for found in reversed(list(phrases.FOOTAGE.finditer(words))):
        before, after = words[: found.start()], words[found.end() :]
        skipped = phrases.SKIPPED_BEFORE.search(before) and phrases.CLAUSE_END.match(after)
        if skipped or phrases.DISMISSED_AFTER.search(after) or phrases.OF_NO_INTEREST.match(after.lstrip()):
            words = f"{before}picture{after}"
    return words


def _without_still(words: str) -> str:
    """A picture that only stands there while somebody speaks is left out, where the sound is named besides."""
    cleared = STILL.sub(" ", words)
    return cleared if cleared != words and HEARD.search(cleared) and not SEEN.search(cleared) else words


def _answered(match: re.Match[str]) -> str:
    """ "video: no" as words."""
    subject = "picture" if match[1].startswith(("video", "vis")) else match[1]
    return f" without {subject} ; " if match["no"] else f" {subject} ; "


def _mentions(words: str) -> list[_Mention]:
    found: list[_Mention] = []
    start = last_end = 0
    for clause_end, next_start in [
        *((each.start(), each.end()) for each in phrases.CLAUSE.finditer(words)),
        (len(words),) * 2,
    ]:
        clause, rest = words[start:clause_end], words[clause_end:]
        spots = sorted(
            (spot.start(), spot.end(), modality)
            for modality, pattern in ((Modality.VISUAL, SEEN), (Modality.AUDIO, HEARD))
            for spot in pattern.finditer(clause)
        )
        for begin, end, modality in _outermost(spots):
            before, after = clause[:begin], clause[end:]
            tail = after + (rest if not after.strip() else "")
            onward = after + rest
            between, itself = words[last_end : start + begin], clause[begin:end]
            follows = bool(found) and bool(phrases.JOINED.fullmatch(between)) and not phrases.LISTEN.fullmatch(itself)
            follows = follows and not phrases.LOOK_AT.search(between)
            fate = _fate(before, itself, after, tail)
            if _is_said_later(phrases.OF_NO_INTEREST, onward, modality):
                fate = _Fate.SET_ASIDE
            elif fate is _Fate.KEPT and _is_granted(before, onward, modality):
                fate = _Fate.SETTLED
            sentence = len(_STOP.findall(words[: start + begin]))
            found.append(
                _Mention(
                    modality,
                    fate,
                    clause,
                    sentence,
                    start + end,
                    bool(phrases.ELLIPTIC_NOT.search(after) or phrases.BARE_NOT.fullmatch(before)),
                    follows,
                    phrases.INCLUDED.search(before) is not None,
                )
            )
            last_end = start + end
        start = next_start
    return _with_it_skipped(found, words)


def _outermost(spots: list[tuple[int, int, Modality]]) -> list[tuple[int, int, Modality]]:
    """Without those that lie within another: "words in his mouth" are heard."""
    return [
        (begin, end, modality)
        for begin, end, modality in spots
        if not any(one <= begin and end <= other and other - one > end - begin for one, other, _ in spots)
    ]


def _with_it_skipped(found: list[_Mention], words: str) -> list[_Mention]:
    """ "The sound was replaced, so disregard it": what was named last is set aside."""
    for skipped in phrases.SKIPPED_IT.finditer(words):
        last = max((at for at, each in enumerate(found) if each.end <= skipped.start()), default=None)
        if last is not None:
            found[last] = replace(found[last], fate=_Fate.SET_ASIDE)
    return found


def _is_said_later(said: Pattern, onward: str, modality: Modality) -> bool:
    """Whether the sentence goes on to say so, with nothing of the other modality named in between."""
    stop = _STOP.search(onward)
    sentence = onward[: stop.start()] if stop else onward
    other = HEARD if modality is Modality.VISUAL else SEEN
    return (found := said.search(sentence)) is not None and not other.search(sentence[: found.start()])


def _is_granted(before: str, onward: str, modality: Modality) -> bool:
    """Whether it is granted against something else, or said later to be known."""
    conceded = settled.CONCEDED_BEFORE.search(before) and settled.CONTRAST.search(onward)
    return bool(conceded) or _is_said_later(settled.SETTLED_LATER, onward, modality)


def _fate(before: str, itself: str, after: str, tail: str) -> _Fate:
    if phrases.DETAIL.fullmatch(itself) and phrases.LACKING.search(before):
        return _Fate.KEPT
    if phrases.HAS_NONE.search(before) and not phrases.MEDIUM.fullmatch(itself):
        return _Fate.KEPT
    if _is_a_claim(before, itself) or phrases.DENIED_WITHIN.search(itself):
        return _Fate.CLAIMED
    if phrases.CLAIMED_BEFORE.search(before):
        return _Fate.DENIED
    if phrases.SKIPPED_BEFORE.search(before) or phrases.NEGATED_BEFORE.search(before):
        return _Fate.SET_ASIDE
    done = phrases.SPOKEN_OF.fullmatch(itself)
    if done and phrases.NEVER_AFTER.search(tail):
        return _Fate.KEPT
    late = phrases.LATE_NOT.search(tail) and not phrases.LINKED_BEFORE.search(before) and not done
    if late or phrases.DISMISSED_AFTER.search(tail):
        return _Fate.SET_ASIDE
    if any(
        (
            phrases.ONLY_BEFORE.search(before),
            phrases.FOCUS_BEFORE.search(before),
            phrases.ONLY_AFTER.search(after),
            phrases.FOCUS_AFTER.search(after),
        )
    ):
        return _Fate.SINGLED_OUT
    if _is_settled(before, after, tail):
        return _Fate.SETTLED
    return _Fate.DOUBTED if _NEGATION.search(before) and not phrases.DOUBTS.search(before) else _Fate.KEPT


def _is_settled(before: str, after: str, tail: str) -> bool:
    if settled.SETTLED_BEFORE.search(before):
        return True
    said = settled.SETTLED_AFTER.search(after) or settled.SETTLED_NEXT.search(tail)
    return bool(said) and not settled.ASKED_WHETHER.search(before)


def _is_a_claim(before: str, itself: str) -> bool:
    """ "He never said that", "she doesn't blink": what somebody does is denied, and nobody is told to leave it out."""
    spoken = phrases.SPOKEN_OF.fullmatch(itself) and phrases.DENIED_BEFORE.search(before)
    done = phrases.DONE_BY.fullmatch(itself) and phrases.NOT_DONE_BEFORE.search(before)
    return bool(spoken or done) and not phrases.IMPERATIVE.search(before)


def _weighed(mentions: list[_Mention], words: str) -> Reading:
    mentions = _spread(mentions)
    aside = {each.modality for each in mentions if each.fate is _Fate.SET_ASIDE}
    alive = [each for each in mentions if each.fate is not _Fate.SET_ASIDE]
    named = {each.modality for each in alive}
    singled = {each.modality for each in alive if each.fate is _Fate.SINGLED_OUT}
    firm = {each.modality for each in alive if each.fate in (_Fate.KEPT, _Fate.SINGLED_OUT, _Fate.DOUBTED)}
    if len(named) == 2:
        claimed = {each.modality for each in alive if each.fate is _Fate.CLAIMED}
        for modality in ALL_PATHS:
            if not firm and claimed == {modality}:
                return _one(modality, sure=False)
            if firm == {modality}:
                return _one(modality, sure=True)
            if singled == {modality} or aside == {_OTHER[modality]}:
                return _one(modality, sure=False)
        return _both(alive, words, sure=not aside)
    if len(named) == 1:
        (modality,) = named
        if _OTHER[modality] in aside:
            return _one(modality, sure=True)
        if modality in aside:
            # Mentioned twice: set aside once, and once more in passing.
            return _aside(modality, sure=False)
        if _asks_for_everything(words) or (len(mentions) == 1 and mentions[0].included):
            return Reading("both_named", ALL_PATHS, True)
        rest = words[alive[-1].end :]
        remains = phrases.THE_REST.search(rest) or (modality is Modality.AUDIO and SHOWN.search(rest))
        if all(each.fate is _Fate.SETTLED for each in alive) and remains:
            return _one(_OTHER[modality], sure=False)
        return _one(modality, sure=not any(each.fate in (_Fate.DOUBTED, _Fate.SETTLED) for each in alive))
    if len(aside) == 1:
        (modality,) = aside
        return _aside(modality, sure=True)
    if aside:
        return Reading("nothing_named", ALL_PATHS, False)
    return _unnamed(words)


def _both(alive: list[_Mention], words: str, *, sure: bool) -> Reading:
    """Both are named: together, or one against the other."""
    if any(each.follows for each in alive):
        return Reading("both_named", ALL_PATHS, sure)
    lesser = {each.modality for each in alive if phrases.LESSER.search(each.clause)}
    greater = {each.modality for each in alive if not phrases.LESSER.search(each.clause)}
    for modality in ALL_PATHS:
        if greater == {modality} and lesser == {_OTHER[modality]}:
            return _one(modality, sure=False)
    return Reading("both_named", ALL_PATHS, sure and not lesser and bool(phrases.ALONGSIDE.search(words)))


def _unnamed(words: str) -> Reading:
    """Neither picture nor sound is named: people may be, or all of it, or nothing at all."""
    if SWAPPED.search(words) or (SHOWN.search(words) and (LOOKED.search(words) or PLACED.search(words))):
        return _one(Modality.VISUAL, sure=True)
    if phrases.EVERYTHING.search(words):
        return Reading("both_named", ALL_PATHS, True)
    if (respelt := corrected(words)) and (mentions := _mentions(respelt)):
        guess = _weighed(mentions, respelt)
        return Reading(guess.rule, guess.wanted, False)
    return (
        Reading("asked_in_general", ALL_PATHS, True)
        if GENERAL.search(words)
        else Reading("nothing_named", ALL_PATHS, False)
    )


def _spread(mentions: list[_Mention]) -> list[_Mention]:
    """What singles out or sets aside a mention holds for those coordinated with it: "neither face nor voice"."""
    made: list[_Mention] = []
    for each in mentions:
        settled = [other for other in made if other.fate is _Fate.SETTLED]
        if each.fate is _Fate.KEPT and any(
            (other.modality, other.sentence) == (each.modality, each.sentence) for other in settled
        ):
            each = replace(each, fate=_Fate.SETTLED)
        if each.contrasts and made and (made[-1].fate, made[-1].modality) == (_Fate.SETTLED, _OTHER[each.modality]):
            each = replace(each, fate=_Fate.KEPT)
        if each.follows and made and each.fate is _Fate.KEPT and made[-1].fate in (_Fate.SINGLED_OUT, _Fate.SET_ASIDE):
            each = replace(each, fate=made[-1].fate)
        made.append(each)
    return made


def _asks_for_everything(words: str) -> bool:
    """All of it, and not "both eyes" or "everything about the face"."""
    cleared = phrases.NOT_EVERYTHING.sub(" ", words)
    for found in phrases.EVERYTHING.finditer(cleared):
        following = cleared[found.end() : found.end() + 40]
        mention = min((m.start() for p in (SEEN, HEARD) if (m := p.search(following))), default=None)
        if mention is None or phrases.CLAUSE.search(following[:mention]):
            return True
    return False


def _one(modality: Modality, *, sure: bool) -> Reading:
    return Reading("picture_named" if modality is Modality.VISUAL else "sound_named", (modality,), sure)


def _aside(modality: Modality, *, sure: bool) -> Reading:
    rule = "picture_set_aside" if modality is Modality.VISUAL else "sound_set_aside"
    return Reading(rule, (_OTHER[modality],), sure)
