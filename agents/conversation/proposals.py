"""Offering a new analysis, and starting it only when the user has agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from agents.conversation.answering.phrasing import Listed, word_answer
from agents.conversation.cases import Case
from agents.conversation.understanding.question import Question
from agents.report import Fact
from core.dialogue import Proposal
from core.types import MediaInfo, Modality, Moment, Noun, Scope, Span, TimeRange

AROUND_S: Final = 3.0
"""What is examined before and after a moment."""
_NAMED: Final = {Modality.VISUAL: "part.faces", Modality.AUDIO: "part.voice"}


@dataclass(frozen=True, slots=True)
class Started:
    """A started analysis, or the one that had been made of the same request before."""

    analysis_id: str
    is_new: bool


class Starter(Protocol):
    """Starts an analysis of the media of another, for the owner of the conversation and within it."""

    def start(self, proposal: Proposal) -> Started | None:
        """None when no further analysis may be started."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said of an analysis that is offered or agreed to."""

    facts: tuple[Fact, ...]
    cases: tuple[Case, ...] = ()
    proposal: Proposal | None = None
    started: str | None = None
    """Id of the analysis that was started."""


def offer_analysis(question: Question, cases: Sequence[Case]) -> Offer:
    """What would be examined anew, and the question whether to do it."""
    if not cases:
        return Offer((word_answer("again.none", ("service",)),))
    case = next((each for each in cases if each.number == question.file), cases[-1])
    info = case.analysis.media
    if info is None:
        return Offer((word_answer("status.waiting", ("analysis",)),), (case,))
    parts = tuple(part for part in Modality if question.part in (None, part) and _holds(info, part))
    if not parts:
        absent = "media.no_sound" if question.part is Modality.AUDIO else "media.no_picture"
        return Offer((word_answer(absent, ("media",)),), (case,))
    begins_s = question.moment_s if question.range_s is None else question.range_s.start_s
    if begins_s is not None and 0 < info.duration_s < begins_s:
        subject, ends, asked_for = Noun(info.kind.subject), Moment(info.duration_s), Moment(begins_s)
        fact = word_answer("moment.beyond", ("media",), subject=subject, end=ends, moment=asked_for)
        return Offer((fact,), (case,))
    named = Listed(tuple((_NAMED[part], {}) for part in parts))
    stretch = _stretch(question, info)
    span = Span(Moment(stretch.start_s), Moment(stretch.end_s)) if stretch is not None else ""
    subject = Noun(info.kind.subject)
    fact = word_answer("again.offer", ("analysis",), subject=subject, parts=named, span=span)
    scope = Scope(modalities=parts, range_s=stretch, effort="thorough")
    return Offer((fact,), (case,), Proposal(analysis_id=case.analysis.id, scope=scope))


def accept_proposal(proposal: Proposal | None, starter: Starter) -> Offer:
    """Start what was offered."""
    if proposal is None:
        return Offer((word_answer("again.nothing_offered", ("service",)),))
    started = starter.start(proposal)
    if started is None:
        return Offer((word_answer("again.too_many", ("service",)),))
    key = "again.started" if started.is_new else "again.known"
    return Offer((word_answer(key, ("service",)),), started=started.analysis_id)


def _stretch(question: Question, info: MediaInfo) -> TimeRange | None:
    """The stretch that the question names, or the seconds around its moment, within the file."""
    named, moment_s = question.range_s, question.moment_s
    if named is None and moment_s is not None:
        named = TimeRange(start_s=max(0.0, moment_s - AROUND_S), end_s=moment_s + AROUND_S)
    end_s = min(named.end_s, info.duration_s) if named else 0.0
    return TimeRange(start_s=named.start_s, end_s=end_s) if named and named.start_s < end_s else None


def _holds(info: MediaInfo, part: Modality) -> bool:
    return info.has_video if part is Modality.VISUAL else info.has_audio
