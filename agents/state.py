"""What the graph remembers between its steps: ids, counters and words, never media or arrays. All of it plain JSON."""

from __future__ import annotations

from typing import TypedDict


class SamplingRequest(TypedDict):
    """Frames still to be taken before faces can be examined."""

    start_s: float
    end_s: float
    budget: int


class GraphState(TypedDict, total=False):
    """State of one analysis; the thread id is the analysis id."""

    analysis_id: str
    wave: int
    """The last wave of work that was recorded; even."""
    waiting: bool
    """Whether that wave holds jobs that the graph has to wait for."""
    sampling: SamplingRequest | None
    dense_rounds: int
    offered_frames: list[int]
    """Indexes of all frames there were when faces were last submitted; absent before that."""
    sentences: list[dict[str, object]]
    """The draft, then the checked narrative, as `Sentence` and its fact's key."""
    notes: list[dict[str, object]]
    llm_calls: list[dict[str, object]]
