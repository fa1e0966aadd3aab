"""Tools that record work for the queues. One tool a kind of job; a tool's docstring is what a model reads.

Every tool is given the `Wave` that its jobs belong to by whoever runs it, never by a model, and answers with the ids
of the jobs it recorded. The ids are deterministic, so calling a tool twice is calling it once. The messages leave
with `send_wave`, after the checkpoint that waits for them is safe: no answer comes before the question is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from langchain.tools import BaseTool, InjectedToolArg, tool
from pydantic import Field

from core.jobs import (
    EXAMINE_FACES,
    EXAMINE_VOICE,
    EXPLAIN_FACES,
    EXPLAIN_VERDICT,
    EXPLAIN_VOICE,
    RECHECK_FACES,
    RECHECK_VOICE,
    SAMPLE_FRAMES,
    WRITE_DOCUMENTS,
    JobKind,
    P,
)
from core.ports import JobLedger, JobQueue
from core.settings import SamplingSettings
from core.types import (
    Check,
    DocumentWriting,
    FaceExamination,
    FaceRecheck,
    FrameSampling,
    JobStatus,
    NoPayload,
    Report,
    TimeRange,
    VoiceExamination,
    VoiceRecheck,
)


class Wave:
    """Where tools record their jobs: one wave of one analysis."""

    def __init__(self, ledger: JobLedger, sampling: SamplingSettings, analysis_id: str, number: int) -> None:
        self.analysis_id = analysis_id
        self.number = number
        self.sampling = sampling
        self._ledger = ledger

    def record(self, kind: JobKind[P], payloads: Sequence[P]) -> list[str]:
        """Ids of the jobs, one for each payload."""
        numbered = len(payloads) > 1
        specs = [
            kind.spec(self.analysis_id, self.number, payload, number=number if numbered else None)
            for number, payload in enumerate(payloads)
        ]
        return [job.spec.id for job in self._ledger.open(specs)]


InWave = Annotated[Wave, InjectedToolArg]
FrameIndexes = Annotated[list[int], Field(min_length=1, description="Indexes of sampled frames.")]
Checks = Annotated[list[Check], Field(min_length=1, description="The changes to make, one at a time.")]
Within = Annotated[
    TimeRange | None, Field(description="The stretch, in seconds from the start; leave out for the whole sound.")
]


_FIRST: Final = EXPLAIN_FACES.name
_LAST: Final = frozenset({RECHECK_FACES.name, RECHECK_VOICE.name})


def send_wave(ledger: JobLedger, queue: JobQueue, analysis_id: str, wave: int) -> None:
    """Send the message of every job of the wave that nobody has taken yet. Sending again is harmless.

    In the order in which people look: maps of faces, other maps, and last what only the report tells.
    """
    waiting = [job.spec for job in ledger.of_analysis(analysis_id, wave) if job.status is JobStatus.SUBMITTED]
    for spec in sorted(waiting, key=lambda each: (each.task in _LAST, each.task != _FIRST)):
        queue.send(spec)


@tool
def sample_frames(
    wave: InWave,
    range_s: Annotated[TimeRange, Field(description="The stretch, in seconds from the start.")],
    budget: Annotated[int, Field(ge=1, description="At most so many frames.")],
    is_rest: Annotated[bool, Field(description="Whether to take the usual frames that were left in the file.")] = False,
) -> list[str]:
    """Take more frames out of a stretch of the video, to examine them later.

    Use it when the frames at hand are too few or too far apart to decide, or when only a part was asked for.
    """
    most = 2 * wave.sampling.frame_budget
    return wave.record(SAMPLE_FRAMES, [FrameSampling(range_s=range_s, budget=min(budget, most), is_rest=is_rest)])


@tool
def examine_faces(wave: InWave, frame_indexes: FrameIndexes) -> list[str]:
    """Look for manipulated faces in sampled frames. Needs a picture, not sound."""
    size = wave.sampling.chunk_frames
    chunks = [frame_indexes[at : at + size] for at in range(0, len(frame_indexes), size)]
    return wave.record(EXAMINE_FACES, [FaceExamination(frame_indexes=tuple(chunk)) for chunk in chunks])


@tool
def examine_voice(wave: InWave, range_s: Within = None) -> list[str]:
    """Listen for a synthetic voice, in the whole sound or in a stretch of it. Needs sound, not a picture."""
    return wave.record(EXAMINE_VOICE, [VoiceExamination(range_s=range_s)])


@tool
def recheck_faces(wave: InWave, frame_indexes: FrameIndexes, checks: Checks) -> list[str]:
    """See how far the faces' score moves when the picture is recompressed, downscaled or flipped.

    Use it after the verdict is known, on a few frames: it shows whether the score rests on an accident of the file.
    """
    return wave.record(RECHECK_FACES, [FaceRecheck(frame_indexes=tuple(frame_indexes), checks=tuple(checks))])


@tool
def recheck_voice(wave: InWave, checks: Checks, range_s: Within = None) -> list[str]:
    """See how far the voice's score moves when the sound is recompressed or its silence is cut out.

    Use it after the verdict is known: it shows whether the score rests on an accident of the file.
    """
    return wave.record(RECHECK_VOICE, [VoiceRecheck(range_s=range_s, checks=tuple(checks))])


@tool
def explain_faces(wave: InWave) -> list[str]:
    """Map where in the most telling faces the evidence lies. Use it only after the verdict is known."""
    return wave.record(EXPLAIN_FACES, [NoPayload()])


@tool
def explain_voice(wave: InWave) -> list[str]:
    """Map when and at which pitch the evidence in the voice lies. Use it only after the verdict is known."""
    return wave.record(EXPLAIN_VOICE, [NoPayload()])


@tool
def explain_verdict(wave: InWave) -> list[str]:
    """Work out how much each input moved the verdict. Use it only after the verdict is known."""
    return wave.record(EXPLAIN_VERDICT, [NoPayload()])


@tool
def write_documents(wave: InWave, report: Report) -> list[str]:
    """Render the finished report as PDF and JSON."""
    return wave.record(WRITE_DOCUMENTS, [DocumentWriting(report=report)])


JOB_TOOLS: Final[tuple[BaseTool, ...]] = (
    sample_frames,
    examine_faces,
    examine_voice,
    recheck_faces,
    recheck_voice,
    explain_faces,
    explain_voice,
    explain_verdict,
)
"""What a model may choose from. The report is written by the graph alone, so `write_documents` is not among them."""
