"""Does every figure of a wording say what it says in the fact: score or threshold, start or end, part or whole?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.report import vocabulary as words
from agents.report.facts import Fact
from agents.report.statements import Figure, Token, Unit

_BEFORE_PERCENT: Final = words.listed("at of with is are has have for and where a an the , : ( ; – —")
_BEARERS_OF_PERCENT: Final = words.MODALITIES | {
    words.SCORE,
    words.LEVEL,
    words.SHARE,
    words.HOLDING,
    words.THRESHOLD,
    words.BECAUSE,
}
_BEFORE_SPAN: Final = words.listed("from between at in for over during within of on , : ( ; the band stretch outside")
_BEFORE_MOMENT: Final = words.listed("at the of ( , in : moment")
_BEFORE_LENGTH: Final = words.listed("over of on across in for with from within ( , the : ; is during")
_JOINS: Final = frozenset({"to", "-", "–", "—", "until", "till", "through"})
MOST_WORDS_BETWEEN: Final = 7
"""Between a part and its whole."""
_PAIRED: Final = (Unit.CLOCK, Unit.SECONDS, Unit.HERTZ)
_NOUNS: Final = frozenset({words.FRAME, words.FACE, words.STRETCH})


def figures_keep_their_roles(fact: Fact, told: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether figures that are all there also stand where they mean the same.

    Args:
        told: the wording. known: the fact's own sentence. Both hold the same figures.
    """
    return (
        all(_times(unit, told, known) for unit in _PAIRED)
        and _percentages(fact, told, known)
        and _bounds(told, known)
        and _counts(told, known)
        and _of_what(told, known)
        and _points_the_same_way(told, known)
        and _stand_together(words.ALONE, told, known)
        and (fact.key != "shares" or _by_part(told) == _by_part(known))
    )


def _places(tokens: Sequence[Token], unit: Unit) -> list[int]:
    return [place for place, token in enumerate(tokens) if token.figure and token.figure.unit is unit]


def _before(tokens: Sequence[Token], place: int) -> str:
    return tokens[place - 1].text if place else ""


def _after(tokens: Sequence[Token], place: int) -> Token | None:
    return tokens[place + 1] if place + 1 < len(tokens) else None


# ---------------------------------------------------------------------------------------------- what belongs to what


def _of_what(told: Sequence[Token], known: Sequence[Token]) -> bool:
    """`41.0 % of its mass` is a part of the same thing in both, and `42.0 s of speech` a length of the same."""
    owed = {_figure(known, place): _owner(known, place) for place in _parted(known)}
    offered = {_figure(told, place): _owner(told, place) for place in _parted(told)}
    for figure, owner in offered.items():
        if figure not in owed:
            return False
        pointed_at = {None, words.EVIDENCE} if owed[figure] is None else {owed[figure]}
        if owner not in pointed_at:
            return False
    shares = {figure for figure in owed if figure is not None and figure.unit is Unit.PERCENT}
    return shares <= set(offered)


def _parted(tokens: Sequence[Token]) -> list[int]:
    """Places of figures that are a part or a length of something."""
    units = (Unit.PERCENT, Unit.SECONDS)
    return [place for unit in units for place in _places(tokens, unit) if _is_share(tokens, place)]


def _owner(tokens: Sequence[Token], place: int) -> str | None:
    """What a figure is a part of: the next word of a meaning, before any mark."""
    for token in tokens[place + 2 :]:
        if not token.is_word:
            return None
        if token.concept is not None:
            return token.concept
    return None


_SUBJECTS: Final = frozenset({"map", "verdict"})
_LYING: Final = "lying"


def _points_the_same_way(told: Sequence[Token], known: Sequence[Token]) -> bool:
    """The map lies on the mouth and the verdict rests on the faces, never the other way round."""
    if not any(token.concept == _LYING for token in known):
        return True
    said = [token.concept for token in told]
    after = {token.concept for token in known[_place(known, _LYING) :]} & (words.REGIONS | words.MODALITIES)
    if _LYING not in said:
        return True
    verb = said.index(_LYING)
    subjects = [place for place, concept in enumerate(said) if concept in _SUBJECTS]
    objects = [place for place, concept in enumerate(said) if concept in after]
    return all(place < verb for place in subjects) and all(place > verb for place in objects)


def _place(tokens: Sequence[Token], concept: str) -> int:
    return next(place for place, token in enumerate(tokens) if token.concept == concept)


def _stand_together(concept: str, told: Sequence[Token], known: Sequence[Token]) -> bool:
    """`by themselves, the faces` and `the faces alone` say it of the faces, and of nothing else."""
    parts = _beside(concept, known) & (words.MODALITIES | words.REGIONS)
    return not parts or not any(token.concept == concept for token in told) or bool(_beside(concept, told) & parts)


def _beside(concept: str, tokens: Sequence[Token]) -> set[str]:
    """What stands right before or behind, apart from figures, marks and words without a meaning."""
    meant = [token.concept for token in tokens if token.concept is not None]
    places = [place for place, each in enumerate(meant) if each == concept]
    return {meant[at] for place in places for at in (place - 1, place + 1) if 0 <= at < len(meant)}


# ---------------------------------------------------------------------------------------------- times and bands


def _times(unit: Unit, told: Sequence[Token], known: Sequence[Token]) -> bool:
    """A stretch keeps its start and its end, joined as a stretch; a moment and a length stay what they are."""
    ours, theirs = _places(known, unit), _places(told, unit)
    if len(ours) == 2 and ours[1] - ours[0] == 2:
        first, last = theirs
        if last - first != 2 or _figure(told, first) != _figure(known, ours[0]):
            return False
        before, join = _before(told, first), told[first + 1].text
        joined = join in _JOINS or (join == "and" and before == "between")
        return joined and (not before or before in _BEFORE_SPAN) and not (before == "between" and join != "and")
    allowed = _BEFORE_MOMENT if unit is Unit.CLOCK else _BEFORE_LENGTH
    return all(not _before(told, place) or _before(told, place) in allowed for place in theirs)


def _figure(tokens: Sequence[Token], place: int) -> Figure | None:
    return tokens[place].figure


# ---------------------------------------------------------------------------------------------- percentages


def _percentages(fact: Fact, told: Sequence[Token], known: Sequence[Token]) -> bool:
    """A score is not read as a share or a probability, and not taken for the threshold it is held against."""
    of_something = {_figure(known, place) for place in _places(known, Unit.PERCENT) if _is_share(known, place)}
    for place in _places(told, Unit.PERCENT):
        starts_threshold = _before(told, place) == "from" and _is_threshold(told, place)
        if place and not _may_precede_percent(told[place - 1]) and not starts_threshold:
            return False
        if _is_share(told, place) and _figure(told, place) not in of_something:
            return False
        following = _after(told, place)
        if following is not None and following.concept in words.OUTCOMES | words.MODALITIES:
            return False
    if not fact.key.startswith("verdict.") and fact.key != "weakest.close":
        return True
    if len(_places(known, Unit.PERCENT)) < 2:
        return not any(_is_threshold(told, place) for place in _places(told, Unit.PERCENT))
    return _thresholds(told) == _thresholds(known) and _keeps_its_side(told, known)


def _may_precede_percent(token: Token) -> bool:
    return token.text in _BEFORE_PERCENT or token.concept in _BEARERS_OF_PERCENT


def _is_share(tokens: Sequence[Token], place: int) -> bool:
    following = _after(tokens, place)
    return following is not None and following.text == "of"


def _thresholds(tokens: Sequence[Token]) -> list[Figure | None]:
    return [_figure(tokens, place) for place in _places(tokens, Unit.PERCENT) if _is_threshold(tokens, place)]


def _is_threshold(tokens: Sequence[Token], place: int) -> bool:
    """`68.0 % and above`, `from 68.0 % upwards`, `a threshold of 68.0 %`, `the 68.0 % threshold`."""
    after = tokens[place + 1 : place + 3]
    sides = (words.ABOVE, words.BELOW)
    if after and (after[0].concept in sides or after[0].concept == words.THRESHOLD):
        return True
    if len(after) == 2 and after[0].text == "and" and after[1].concept in sides:
        return True
    before = [token.concept for token in tokens[max(0, place - 2) : place] if token.text not in ("of", "at", "is", ",")]
    return bool(before) and before[-1] == words.THRESHOLD


def _keeps_its_side(told: Sequence[Token], known: Sequence[Token]) -> bool:
    """`above` or `below` belongs to the threshold: right behind its figure, or right before the word itself."""
    score, threshold = (_figure(known, place) for place in _places(known, Unit.PERCENT))
    sides = (words.ABOVE, words.BELOW)
    for place in _places(told, Unit.PERCENT):
        following = [token.concept for token in told[place + 1 : place + 4]]
        if _figure(told, place) == score != threshold and following[:1] == [words.SCORE]:
            return False  # "where 91.3 % counts as fake"
        if following[:1] and following[0] in sides and words.THRESHOLD in following:
            return False  # "68.0 % above the threshold"
    for place, token in enumerate(told[:-1]):
        if token.concept in sides and told[place + 1].text == "of":
            return False
    for place, token in enumerate(told):
        if token.concept not in (words.ABOVE, words.BELOW):
            continue
        behind = [each.figure for each in told[max(0, place - 2) : place] if each.figure]
        ahead = [each.concept for each in told[place + 1 : place + 3] if each.concept]
        if behind == [threshold] and _before(told, place) == "and":
            continue
        if behind == [threshold] and token.text in ("upwards", "downwards"):
            continue
        if ahead[:1] == [words.THRESHOLD] and score != threshold:
            continue
        return False
    return True


def _bounds(told: Sequence[Token], known: Sequence[Token]) -> bool:
    """`moves by 3.1 percentage points at most`: what bounds a change goes on to bound it."""

    def around(tokens: Sequence[Token]) -> list[list[str]]:
        places = _places(tokens, Unit.POINTS)
        return [
            [token.text for token in (*tokens[place - 1 : place], *tokens[place + 1 : place + 3])] for place in places
        ]

    return around(told) == around(known)


# ---------------------------------------------------------------------------------------------- counts


def _counts(told: Sequence[Token], known: Sequence[Token]) -> bool:
    ours, theirs = _places(known, Unit.COUNT), _places(told, Unit.COUNT)
    named = {_figure(known, place): _counted_thing(known, place) for place in ours}
    for place in theirs:
        thing = _counted_thing(told, place)
        if thing is not None and thing != (named[_figure(told, place)] or words.FRAME):
            return False
    if any(
        token.concept == words.SAMPLED and told[place + 1].concept in words.MODALITIES
        for place, token in enumerate(told[:-1])
    ):
        return False
    if len(ours) == 2:
        return _part_of_whole(told, theirs, _figure(known, ours[0]), _figure(known, ours[1]), known)
    counted = all(_noun(told, place) in (None, _noun(known, ours[0])) for place in theirs) if ours else True
    plain = all(_before(told, place) not in ("to", "by", "above", "below", "than") for place in theirs)
    return counted and plain


def _noun(tokens: Sequence[Token], place: int) -> str | None:
    """What a count counts: the next of the things that are counted, at most three words on."""
    return next((token.concept for token in tokens[place + 1 : place + 4] if token.concept in _NOUNS), None)


def _counted_thing(tokens: Sequence[Token], place: int) -> str | None:
    """The thing right behind a count, which it must be a count of."""
    following = [token for token in tokens[place + 1 : place + 3] if token.concept != words.SAMPLED]
    concept = following[0].concept if following else None
    return concept if concept in _NOUNS | words.MODALITIES else None


def _part_of_whole(
    told: Sequence[Token], places: Sequence[int], part: Figure | None, whole: Figure | None, known: Sequence[Token]
) -> bool:
    """`30 … of 32 sampled`, or `of 32 sampled …, 30 …`; what was sampled is the whole, what shows a face the part."""
    first, last = places
    samples = [place for place, token in enumerate(told) if token.concept == words.SAMPLED]
    is_sampled = any(token.concept == words.SAMPLED for token in known)
    faces = [
        place
        for place, token in enumerate(told)
        if token.text in ("face", "faces") and _before(told, place) in ("a", "with", "show", "shows", "no")
    ]
    between = told[first + 1 : last]
    if _figure(told, first) == part and any(token.text == "of" for token in between):
        held = not is_sampled or all(place > last or place == last - 1 for place in samples)
        leading = [token.text for token in between if token.text not in ("the", "sampled")]
        return held and leading[-1] == "of" and len(between) <= MOST_WORDS_BETWEEN
    if _figure(told, first) == whole and _before(told, first) in ("of", "the") and is_sampled:
        starts = first <= 2 or told[first - 2].text in (",", ":", ";", "of", "(")
        held = all(first - 2 < place < last for place in samples)
        return starts and held and any(place > last for place in faces) and not any(first < at < last for at in faces)
    return False


def _by_part(tokens: Sequence[Token]) -> frozenset[tuple[str, Figure]] | None:
    """Which part each share belongs to: shares and parts alternate, and neighbours belong together."""
    named: list[str | Figure] = []
    for token in tokens:
        if token.figure and token.figure.unit is Unit.PERCENT:
            named.append(token.figure)
        elif token.concept in (words.FACE, words.VOICE):
            named.append(token.concept)
    if len(named) != 4:
        return None
    pairs = []
    for one, other in (named[:2], named[2:]):
        if isinstance(one, str) and isinstance(other, Figure):
            pairs.append((one, other))
        elif isinstance(one, Figure) and isinstance(other, str):
            pairs.append((other, one))
        else:
            return None
    return frozenset(pairs)
