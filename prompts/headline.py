"""The first line of a result, in the reader's language: every part that decided, which face of how many, and when."""

from __future__ import annotations

from typing import Final

from core.figures import ends, percent_text
from core.types import Decision, Leaning, Modality, Outcome, PartReading, ReasonCode
from prompts.library import Prompt, load

VERSIONS: Final = {"en": ("headline", 2), "de": ("headline-de", 1), "fr": ("headline-fr", 1)}
_COMMA: Final = frozenset({"de", "fr"})


def write_headline(decision: Decision, language: str = "en") -> str:
    """One line. An unknown language is told in English."""
    words = _Words(language if language in VERSIONS else "en")
    line = _capital(words.say(decision))
    if decision.is_cut_short:
        line = words.render("cut_short", clause=line)
    return line


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class _Words:
    def __init__(self, language: str) -> None:
        self._comma = language in _COMMA
        self._prompt: Prompt = load(*VERSIONS[language])

    def render(self, section: str, **values: object) -> str:
        return self._prompt.render(section, values)

    def figure(self, p_fake: float) -> str:
        text = percent_text(p_fake)
        return text.replace(".", ",") if self._comma else text

    def time(self, text: str) -> str:
        return text.replace(".", ",") if self._comma else text

    def say(self, decision: Decision) -> str:
        if decision.state != "examined":
            return self._say_absence(decision)
        found = decision.deciding or tuple(each for each in decision.parts if each.outcome is not None)
        if decision.outcome is Outcome.FAKE:
            clauses = [self._say_part(each) for each in found]
            return clauses[0] if len(clauses) == 1 else self.render("and", clauses=clauses)
        if decision.outcome is Outcome.REAL:
            parts = [self.render(f"part.{each.modality}") for each in found]
            return self.render("real", part=self.render("list", clauses=parts))
        return self._say_unclear(decision)

    def _say_absence(self, decision: Decision) -> str:
        codes = list(dict.fromkeys(each.code for each in decision.absent))
        # What was not asked for is worth a word only beside what was.
        told = [code for code in codes if code is not ReasonCode.NOT_REQUESTED] or codes
        sections = [f"absent.{code}" for code in told] or ["absent.other"]
        known = [each if each in self._prompt.sections else "absent.other" for each in sections]
        reasons = self.render("list", clauses=[self.render(each) for each in dict.fromkeys(known)])
        return self.render("failed" if decision.state == "failed" else "nothing", reasons=reasons)

    def _say_part(self, part: PartReading) -> str:
        clause = self.render("voice") if part.modality is Modality.AUDIO else self._say_faces(part)
        stretches = part.manipulated
        if not stretches:
            return clause
        strongest = max(stretches, key=lambda each: each.p_fake)
        start, end = (self.time(each) for each in ends(strongest.start_s, strongest.end_s))
        if len(stretches) == 1:
            return self.render("from", clause=clause, start=start, end=end)
        return self.render("stretches", clause=clause, start=start, end=end, stretches=len(stretches))

    def _say_faces(self, part: PartReading) -> str:
        found = [each.track_id for each in part.faces if each.outcome is Outcome.FAKE]
        total = len(part.faces)
        if not found:
            return self.render("face.only" if total == 1 else "face.unnamed")
        if total == 1:
            return self.render("face.only")
        named = self.render("list", clauses=[str(each) for each in found])
        return self.render("face.one" if len(found) == 1 else "face.many", faces=named, total=total)

    def _say_unclear(self, decision: Decision) -> str:
        leaning, leading = decision.leaning, decision.leading
        if leaning is not None:
            return self._say_leaning(leaning)
        if leading is None or leading.limits is None or leading.p_fake is None:
            return self.render("unclear")
        return self.render(
            "between",
            part=self.render(f"part.{leading.modality}"),
            percent=self.figure(leading.p_fake),
            floor=self.figure(leading.limits.real),
            needed=self.figure(leading.limits.fake),
        )

    def _say_leaning(self, leaning: Leaning) -> str:
        values = {"percent": self.figure(leaning.p_fake), "needed": self.figure(leaning.needed)}
        if leaning.part is None:
            return self.render("combined", **values)
        part = self.render(f"part.{leaning.part}")
        if leaning.withheld is not None:
            section = "withheld" if leaning.part is Modality.VISUAL else "withheld.audio"
            return self.render(section, part=part, percent=values["percent"])
        towards = "fake" if leaning.towards is Outcome.FAKE else "real"
        return self.render(f"leans.{towards}", part=part, **values)
