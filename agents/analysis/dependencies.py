"""What the steps of an analysis stand on: their dependencies, and which frames and words their state means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.analysis.state import GraphState
from agents.report import Draft, Fact, Wording, Writer
from core.ports import CaseFile, EventLog, JobLedger, JobQueue, LanguageModel
from core.settings import SamplingSettings
from core.types import Evidence, Manifest, Modality, Plan, PreparedMedia, Provenance, Verdict
from prompts.slots import ENGLISH


@dataclass(frozen=True, slots=True)
class GraphDependencies:
    """What the graph is given by the composition root."""

    case: CaseFile
    events: EventLog
    ledger: JobLedger
    queue: JobQueue
    sampling: SamplingSettings
    llm: LanguageModel | None
    writer: Writer
    interpret: Callable[[str, Modality], Evidence]
    """Evidence of one modality from everything its jobs have observed so far."""
    weigh: Callable[[Sequence[Evidence]], Verdict]
    manifest: Callable[[str, Verdict], Manifest]
    model_s: float = 20.0
    """The clock's time for all model work of one analysis."""
    language: str = ENGLISH
    """Of the narrative. What is not English is worded by template files alone."""


class AnalysisEnded(Exception):
    """The analysis was cancelled, deleted or has failed: nothing more is to be done for it."""


def is_voice_left(state: GraphState, plan: Plan) -> bool:
    return Modality.AUDIO in plan.paths and not state.get("voice_sent")


def list_frames(prepared: PreparedMedia, plan: Plan) -> list[int]:
    span, ordered = plan.range_s, sorted(prepared.frames, key=lambda frame: frame.time_s)
    return [frame.index for frame in ordered if span is None or span.start_s <= frame.time_s <= span.end_s]


def spread(frames: list[int], budget: int) -> list[int]:
    """At most `budget` of the frames, evenly spread."""
    count = min(budget, len(frames))
    return [frames[number * len(frames) // count] for number in range(count)]


def draft(facts: tuple[Fact, ...], sentences: list[dict[str, object]]) -> Draft:
    return Draft(
        tuple(
            Wording(fact, str(sentence["text"]), Provenance(str(sentence["provenance"])))
            for fact, sentence in zip(facts, sentences, strict=True)
        )
    )
