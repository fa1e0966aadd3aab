"""Offering a new analysis, and starting it only when the user has agreed. The instruction is ours, never the user's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from agents.conversation.cases import Case
from agents.conversation.phrasing import say
from agents.conversation.question import Question
from agents.report.facts import Fact
from core.dialogue import Proposal
from core.figures import clock
from core.types import MediaInfo, Modality

_NAMED: Final = {Modality.VISUAL: "the faces", Modality.AUDIO: "the voice"}


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
class Offered:
    facts: tuple[Fact, ...]
    cases: tuple[Case, ...] = ()
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    facts: tuple[Fact, ...]
    started: str | None = None


def offer(question: Question, cases: Sequence[Case]) -> Offered:
    """What would be examined anew, and the question whether to do it."""
    if not cases:
        return Offered((say("again.none", ("service",)),))
    case = next((each for each in cases if each.number == question.file), cases[-1])
    info = case.analysis.media
    if info is None:
        return Offered((say("status.waiting", ("analysis",)),), (case,))
    parts = tuple(part for part in Modality if question.part in (None, part) and _holds(info, part))
    if not parts:
        absent = "media.no_sound" if question.part is Modality.AUDIO else "media.no_picture"
        return Offered((say(absent, ("media",)),), (case,))
    if info.duration_s > 0 and question.moment_s is not None and question.moment_s > info.duration_s:
        ends, asked_for = clock(info.duration_s), clock(question.moment_s)
        fact = say("moment.beyond", ("media",), subject=info.kind.value, end=ends, moment=asked_for)
        return Offered((fact,), (case,))
    named = " and ".join(_NAMED[part] for part in parts)
    span = ""
    if question.range_s is not None:
        span = f"{clock(question.range_s.start_s)} to {clock(question.range_s.end_s)}"
    elif question.moment_s is not None and info.duration_s > 0:
        start_s, end_s = max(0.0, question.moment_s - 3.0), min(info.duration_s, question.moment_s + 3.0)
        span = f"{clock(start_s)} to {clock(end_s)}" if start_s < end_s else ""
    only = "" if len(parts) == 2 or not (info.has_video and info.has_audio) else "only "
    instruction = f"Check {only}{named} carefully{f' from {span}' if span else ''}."
    fact = say("again.offer", ("analysis",), subject=info.kind.value, parts=named, span=span)
    return Offered((fact,), (case,), Proposal(analysis_id=case.analysis.id, instruction=instruction))


def accept(proposal: Proposal | None, starter: Starter) -> Accepted:
    """Start what was offered."""
    if proposal is None:
        return Accepted((say("again.nothing_offered", ("service",)),))
    started = starter.start(proposal)
    if started is None:
        return Accepted((say("again.too_many", ("service",)),))
    key = "again.started" if started.is_new else "again.known"
    return Accepted((say(key, ("service",)),), started.analysis_id)


def _holds(info: MediaInfo, part: Modality) -> bool:
    return info.has_video if part is Modality.VISUAL else info.has_audio
