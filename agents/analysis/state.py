"""What the graph remembers between its steps: ids, counters and words, never media or arrays. All of it plain JSON."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class SamplingRequest(TypedDict):
    """Frames still to be taken before faces can be examined."""

    start_s: float
    end_s: float
    budget: int
    is_rest: NotRequired[bool]
    """Whether they are the usual frames that the preparation left in the file."""


class GraphState(TypedDict, total=False):
    """State of one analysis; the thread id is the analysis id."""

    analysis_id: str
    wave: int
    """The last wave of work that was recorded; even."""
    waiting: bool
    """Whether that wave holds jobs that the graph has to wait for."""
    sampling: SamplingRequest | None
    first_frames: list[int]
    """Indexes of the plan's frames, as there were when faces were first submitted; absent before that."""
    held_frames: int
    """How many frames the file's preparation and the plan had taken by then; later ones have higher indexes."""
    examined_frames: list[int]
    """Indexes of all frames whose faces were submitted."""
    all_frames: bool
    """Whether the assessment asked for the rest of the plan's frames."""
    voice_sent: bool
    """Whether the voice was submitted."""
    further_asked: int
    """Frames that the assessment asked for beyond the plan's, whether or not so many could be had."""
    sentences: list[dict[str, object]]
    """The draft, then the checked narrative, as `Sentence` and its fact's key."""
    notes: list[dict[str, object]]
    llm_calls: list[dict[str, object]]
