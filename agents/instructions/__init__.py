"""Turns the text of an instruction into what is to be examined.

Other rooms use the names of `__all__ = [
    "EVERYTHING", "InstructionReading", "Stretch", "find_range", "find_second", "find_stretch", "is_one_slip",
    "mentions_picture", "mentions_sound", "plain", "read_instruction",
]  # fmt: skip
_OPEN: Final = frozenset({"no_instruction", "not_a_request", "asked_in_general", "nothing_named"})
"""Rules that leave open what is examined."""


@dataclass(frozen=True, slots=True)
class InstructionReading:
    """How an instruction was understood.

    Args:
        scope: what the words ask for; what they leave open is None there.
        rule: which rule decided.
        is_sure: whether the rule needs no second opinion.
        excluded: whether the words exclude what they do not want.
    """

    scope: Scope
    rule: str
    is_sure: bool
    excluded: bool


def read_instruction(text: str, duration_s: float | None) -> InstructionReading:
    """What an instruction asks for.

    Args:
        text: as it was written; its first 400 words are read.
        duration_s: length of the media; None or 0 when unknown, then a stretch that hangs on it is left open.
    """
    words = read_text(plain(text))
    subject = read_subject(words)
    if subject.rule in ("no_instruction", "not_a_request"):
        return InstructionReading(Scope(), subject.rule, subject.is_sure, subject.excludes)
    stretch, effort = _find_stretch(words), read_effort(words)
    rule, is_sure = subject.rule, subject.is_sure
    if rule == "nothing_named" and (stretch or effort or names_duration(words)):
        rule, is_sure = "time_or_effort_named", True
    scope = Scope(
        modalities=None if rule in _OPEN | {"time_or_effort_named"} else subject.wanted,
        range_s=stretch.within(duration_s or 0.0) if stretch else None,
        effort=effort,
        explanations=() if words.spans["verdict_alone"] else None,
    )
    return InstructionReading(scope, rule, is_sure, subject.excludes)


def find_stretch(text: str) -> Stretch | None:
    """The stretch of the media that a text names, before the length of the media is known."""
    return _find_stretch(read_text(plain(text)))


def find_range(text: str, duration_s: float) -> TimeRange | None:
    """The stretch that a text names, clipped to the media.

    Args:
        duration_s: length of the media; 0 when unknown, then "the last ..." means nothing.
    Returns: None when no stretch is named, or none of it lies within the media.
    """
    named = find_stretch(text)
    return None if named is None else named.within(duration_s)


def find_second(text: str) -> float | None:
    """The moment that a number of seconds names: "the tenth second"."""
    return _find_second(read_text(plain(text)))


def mentions_picture(text: str) -> bool:
    """Whether anything that is seen is named, in any language of the vocabulary."""
    return bool(read_text(plain(text)).spans["picture"])


def mentions_sound(text: str) -> bool:
    """Whether anything that is heard is named, in any language of the vocabulary."""
    return bool(read_text(plain(text)).spans["sound"])
