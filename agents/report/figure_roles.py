"""Does every figure of a wording say what it says in the fact: score or threshold, start or end, part or whole?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.report.facts import Fact
from agents.report.statements import Figure, Token
from agents.report.vocabulary import VOCABULARY, Concept, Unit

_BEARERS_OF_PERCENT: Final = VOCABULARY.modalities | {
    Concept.SCORE,
    Concept.LEVEL,
    Concept.SHARE,
    Concept.HOLDING,
    Concept.THRESHOLD,
    Concept.BECAUSE,
}
_SIDES: Final = (Concept.ABOVE, Concept.BELOW)
_COUNTED: Final = frozenset({Concept.FRAME, Concept.FACE, Concept.STRETCH})
MOST_WORDS_BETWEEN: Final = 7
"""Between a part and its whole."""


def figures_keep_their_roles(fact: Fact, said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """Whether figures that are all there also stand where they mean the same.

    Args:
        said: the wording. owed: the fact's own sentence. Both hold the same figures.
    """
    return (
        all(_times_keep_their_roles(unit, said, owed) for unit in (Unit.CLOCK, Unit.SECONDS, Unit.HERTZ))
        and _percentages_keep_their_roles(fact, said, owed)
        and _bounds_stay(said, owed)
        and _counts_keep_their_roles(said, owed)
        and _shares_keep_their_owners(said, owed)
        and _points_the_same_way(said, owed)
        and _stand_together(Concept.ALONE, said, owed)
        and (fact.key != "shares" or _by_part(said) == _by_part(owed))
    )


def _places(tokens: Sequence[Token], unit: Unit) -> list[int]:
    return [place for place, token in enumerate(tokens) if token.figure and token.figure.unit is unit]


def _before(tokens: Sequence[Token], place: int) -> str:
    return tokens[place - 1].text if place else ""


def _after(tokens: Sequence[Token], place: int) -> Token | None:
    return tokens[place + 1] if place + 1 < len(tokens) else None


def _shares_keep_their_owners(said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """`41.0 % of its mass` is a part of the same thing in both, and `42.0 s of speech` a length of the same."""
    ours, theirs = ({_figure(tokens, at): _owner(tokens, at) for at in _parted(tokens)} for tokens in (owed, said))
    for figure, owner in theirs.items():
        if figure not in ours or owner not in ({None, Concept.EVIDENCE} if ours[figure] is None else {ours[figure]}):
            return False
    return all(figure in theirs for figure in ours if figure is not None and figure.unit is Unit.PERCENT)


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


def _points_the_same_way(said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """The map lies on the mouth and the verdict rests on the faces, never the other way round."""
    ours, theirs = ([token.concept for token in tokens] for tokens in (owed, said))
    if Concept.LYING not in ours or Concept.LYING not in theirs:
        return True
    carriers = set(ours[ours.index(Concept.LYING) :]) & (VOCABULARY.regions | VOCABULARY.modalities)
    before, after = theirs[: theirs.index(Concept.LYING)], theirs[theirs.index(Concept.LYING) :]
    return not {Concept.MAP, Concept.VERDICT} & set(after) and not carriers & set(before)


def _stand_together(concept: str, said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """`by themselves, the faces` and `the faces alone` say it of the faces, and of nothing else."""
    parts = _beside(concept, owed) & (VOCABULARY.modalities | VOCABULARY.regions)
    return not parts or not any(token.concept == concept for token in said) or bool(_beside(concept, said) & parts)


def _beside(concept: str, tokens: Sequence[Token]) -> set[str]:
    """What stands right before or behind, apart from figures, marks and words without a meaning."""
    meant = [token.concept for token in tokens if token.concept is not None]
    places = [place for place, each in enumerate(meant) if each == concept]
    return {meant[at] for place in places for at in (place - 1, place + 1) if 0 <= at < len(meant)}


def _times_keep_their_roles(unit: Unit, said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """A stretch keeps its start and its end, joined as a stretch; a moment and a length stay what they are."""
    ours, theirs = _places(owed, unit), _places(said, unit)
    if len(ours) == 2 and ours[1] - ours[0] == 2:
        first, last = theirs
        if last - first != 2 or _figure(said, first) != _figure(owed, ours[0]):
            return False
        before, join = _before(said, first), said[first + 1].text
        joined = join in VOCABULARY.joins or (join == "and" and before == "between")
        return (
            joined and (not before or before in VOCABULARY.before.span) and not (before == "between" and join != "and")
        )
    allowed = VOCABULARY.before.moment if unit is Unit.CLOCK else VOCABULARY.before.length
    return all(not _before(said, place) or _before(said, place) in allowed for place in theirs)


def _figure(tokens: Sequence[Token], place: int) -> Figure | None:
    return tokens[place].figure


def _percentages_keep_their_roles(fact: Fact, said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """A score is not read as a share or a probability, and not taken for the threshold it is held against."""
    of_something = {_figure(owed, place) for place in _places(owed, Unit.PERCENT) if _is_share(owed, place)}
    for place in _places(said, Unit.PERCENT):
        starts_threshold = _before(said, place) == "from" and _is_threshold(said, place)
        if place and not _may_precede_percent(said[place - 1]) and not starts_threshold:
            return False
        if _is_share(said, place) and _figure(said, place) not in of_something:
            return False
        following = _after(said, place)
        if following is not None and following.concept in VOCABULARY.outcomes | VOCABULARY.modalities:
            return False
    if not fact.key.startswith("verdict.") and fact.key != "weakest.close":
        return True
    if len(_places(owed, Unit.PERCENT)) < 2:
        return not any(_is_threshold(said, place) for place in _places(said, Unit.PERCENT))
    return _thresholds(said) == _thresholds(owed) and _keeps_its_side(said, owed)


def _may_precede_percent(token: Token) -> bool:
    return token.text in VOCABULARY.before.percent or token.concept in _BEARERS_OF_PERCENT


def _is_share(tokens: Sequence[Token], place: int) -> bool:
    following = _after(tokens, place)
    return following is not None and following.text == "of"


def _thresholds(tokens: Sequence[Token]) -> list[Figure | None]:
    return [_figure(tokens, place) for place in _places(tokens, Unit.PERCENT) if _is_threshold(tokens, place)]


def _is_threshold(tokens: Sequence[Token], place: int) -> bool:
    """`68.0 % and above`, `from 68.0 % upwards`, `a threshold of 68.0 %`, `the 68.0 % threshold`."""
    after = tokens[place + 1 : place + 3]
    if after and after[0].concept in (*_SIDES, Concept.THRESHOLD):
        return True
    if len(after) == 2 and after[0].text == "and" and after[1].concept in _SIDES:
        return True
    before = [token.concept for token in tokens[max(0, place - 2) : place] if token.text not in ("of", "at", "is", ",")]
    return bool(before) and before[-1] == Concept.THRESHOLD


def _keeps_its_side(said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """`above` or `below` belongs to the threshold: right behind its figure, or right before the word itself."""
    score, threshold = (_figure(owed, place) for place in _places(owed, Unit.PERCENT))
    for place in _places(said, Unit.PERCENT):
        following = [token.concept for token in said[place + 1 : place + 4]]
        if _figure(said, place) == score != threshold and following[:1] == [Concept.SCORE]:
            return False  # "where 91.3 % counts as fake"
        if following[:1] and following[0] in _SIDES and Concept.THRESHOLD in following:
            return False  # "68.0 % above the threshold"
    for place, token in enumerate(said[:-1]):
        if token.concept in _SIDES and said[place + 1].text == "of":
            return False
    for place, token in enumerate(said):
        if token.concept not in _SIDES:
            continue
        behind = [each.figure for each in said[max(0, place - 2) : place] if each.figure]
        ahead = [each.concept for each in said[place + 1 : place + 3] if each.concept]
        if behind == [threshold] and _before(said, place) == "and":
            continue
        if behind == [threshold] and token.text in ("upwards", "downwards"):
            continue
        if ahead[:1] == [Concept.THRESHOLD] and score != threshold:
            continue
        return False
    return True


def _bounds_stay(said: Sequence[Token], owed: Sequence[Token]) -> bool:
    """`moves by 3.1 percentage points at most`: what bounds a change goes on to bound it."""

    def around(tokens: Sequence[Token]) -> list[list[str]]:
        places = _places(tokens, Unit.POINTS)
        return [
            [token.text for token in (*tokens[place - 1 : place], *tokens[place + 1 : place + 3])] for place in places
        ]

    return around(said) == around(owed)


def _counts_keep_their_roles(said: Sequence[Token], owed: Sequence[Token]) -> bool:
    ours, theirs = _places(owed, Unit.COUNT), _places(said, Unit.COUNT)
    named = {_figure(owed, place): _counted_thing(owed, place) for place in ours}
    for place in theirs:
        thing = _counted_thing(said, place)
        if thing is not None and thing != (named[_figure(said, place)] or Concept.FRAME):
            return False
    if any(
        token.concept == Concept.SAMPLED and said[place + 1].concept in VOCABULARY.modalities
        for place, token in enumerate(said[:-1])
    ):
        return False
    if len(ours) == 2:
        return _part_of_whole(said, theirs, _figure(owed, ours[0]), _figure(owed, ours[1]), owed)
    counted = all(_noun(said, place) in (None, _noun(owed, ours[0])) for place in theirs) if ours else True
    plain = all(_before(said, place) not in ("to", "by", "above", "below", "than") for place in theirs)
    return counted and plain


def _noun(tokens: Sequence[Token], place: int) -> str | None:
    """What a count counts: the next of the things that are counted, at most three words on."""
    return next((token.concept for token in tokens[place + 1 : place + 4] if token.concept in _COUNTED), None)


def _counted_thing(tokens: Sequence[Token], place: int) -> str | None:
    """The thing right behind a count, which it must be a count of."""
    following = [token for token in tokens[place + 1 : place + 3] if token.concept != Concept.SAMPLED]
    concept = following[0].concept if following else None
    return concept if concept in _COUNTED | VOCABULARY.modalities else None


def _part_of_whole(
    said: Sequence[Token], places: Sequence[int], part: Figure | None, whole: Figure | None, owed: Sequence[Token]
) -> bool:
    """`30 … of 32 sampled`, or `of 32 sampled …, 30 …`; what was sampled is the whole, what shows a face the part."""
    first, last = places
    samples = [place for place, token in enumerate(said) if token.concept == Concept.SAMPLED]
    is_sampled = any(token.concept == Concept.SAMPLED for token in owed)
    faces = [
        place
        for place, token in enumerate(said)
        if token.text in ("face", "faces") and _before(said, place) in ("a", "with", "show", "shows", "no")
    ]
    between = said[first + 1 : last]
    if _figure(said, first) == part and any(token.text == "of" for token in between):
        held = not is_sampled or all(place > last or place == last - 1 for place in samples)
        leading = [token.text for token in between if token.text not in ("the", "sampled")]
        return held and leading[-1] == "of" and len(between) <= MOST_WORDS_BETWEEN
    if _figure(said, first) == whole and _before(said, first) in ("of", "the") and is_sampled:
        starts = first <= 2 or said[first - 2].text in (",", ":", ";", "of", "(")
        held = all(first - 2 < place < last for place in samples)
        return starts and held and any(place > last for place in faces) and not any(first < at < last for at in faces)
    return False


def _by_part(tokens: Sequence[Token]) -> frozenset[tuple[str, Figure]] | None:
    """Which part each share belongs to: shares and parts alternate, and neighbours belong together."""
    named: list[str | Figure] = []
    for token in tokens:
        if token.figure and token.figure.unit is Unit.PERCENT:
            named.append(token.figure)
        elif token.concept in (Concept.FACE, Concept.VOICE):
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
