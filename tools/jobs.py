"""Tools that put work on the Celery queues.

A tool records its jobs in the ledger under deterministic ids, so calling it twice is calling it once. The messages
leave with `send_wave`, after the checkpoint that waits for them is safe: no answer comes before the question is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from langchain_core.tools import BaseTool, tool

from core.ports import JobLedger, JobQueue
from core.settings import SamplingSettings
from core.types import JobSpec, JobStatus

SAMPLE_FRAMES: Final = "prepare.frames"
EXAMINE_FACES: Final = "visual.detect"
EXAMINE_VOICE: Final = "audio.detect"
EXPLAIN_FACES: Final = "explain.visual"
EXPLAIN_VOICE: Final = "explain.audio"
EXPLAIN_VERDICT: Final = "explain.fusion"
RECHECK_FACES: Final = "visual.recheck"
RECHECK_VOICE: Final = "audio.recheck"
RECHECKS: Final = frozenset({RECHECK_FACES, RECHECK_VOICE})
WRITE_DOCUMENTS: Final = "explain.report"


def send_wave(ledger: JobLedger, queue: JobQueue, analysis_id: str, wave: int) -> None:
    """Send the message of every job of the wave that nobody has taken yet. Sending again is harmless."""
    for job in ledger.of_analysis(analysis_id, wave):
        if job.status is JobStatus.SUBMITTED:
            queue.send(job.spec.task, [job.spec.id], task_id=job.spec.id)


def job_tools(ledger: JobLedger, sampling: SamplingSettings) -> Mapping[str, BaseTool]:
    """The tools that submit work, by name. Each answers with the ids of the jobs it recorded."""

    def record(analysis_id: str, wave: int, task: str, payloads: Sequence[dict[str, object]]) -> dict[str, object]:
        numbered = len(payloads) > 1
        specs = [
            JobSpec(
                id=f"{analysis_id}:{wave}:{task}:{number}" if numbered else f"{analysis_id}:{wave}:{task}",
                analysis_id=analysis_id,
                wave=wave,
                task=task,
                payload=payload,
            )
            for number, payload in enumerate(payloads)
        ]
        return {"wave": wave, "jobs": [job.spec.id for job in ledger.open(specs)]}

    @tool
    def sample_frames(analysis_id: str, wave: int, start_s: float, end_s: float, budget: int) -> dict[str, object]:
        """Take more frames out of the video between start_s and end_s, at most budget of them, to examine them later.

        Use it when the frames at hand are too few or too far apart to decide, or when only a part was asked for.
        """
        payload: dict[str, object] = {"range_s": [start_s, end_s], "budget": min(budget, 2 * sampling.frame_budget)}
        return record(analysis_id, wave, SAMPLE_FRAMES, [payload])

    @tool
    def examine_faces(analysis_id: str, wave: int, frame_indexes: list[int]) -> dict[str, object]:
        """Look for manipulated faces in the sampled frames of these indexes. Needs a picture, not sound."""
        size = sampling.chunk_frames
        chunks = [frame_indexes[at : at + size] for at in range(0, len(frame_indexes), size)]
        return record(analysis_id, wave, EXAMINE_FACES, [{"frame_indexes": chunk} for chunk in chunks])

    @tool
    def examine_voice(
        analysis_id: str, wave: int, start_s: float | None = None, end_s: float | None = None
    ) -> dict[str, object]:
        """Listen for a synthetic voice, in the whole sound or between start_s and end_s. Needs sound, not a picture."""
        span = None if start_s is None or end_s is None else [start_s, end_s]
        return record(analysis_id, wave, EXAMINE_VOICE, [{"range_s": span}])

    @tool
    def explain_faces(analysis_id: str, wave: int) -> dict[str, object]:
        """Map where in the most telling faces the evidence lies. Only after the verdict is known."""
        return record(analysis_id, wave, EXPLAIN_FACES, [{}])

    @tool
    def explain_voice(analysis_id: str, wave: int) -> dict[str, object]:
        """Map when and at which pitch the evidence in the voice lies. Only after the verdict is known."""
        return record(analysis_id, wave, EXPLAIN_VOICE, [{}])

    @tool
    def explain_verdict(analysis_id: str, wave: int) -> dict[str, object]:
        """Work out how much each input moved the verdict. Only after the verdict is known."""
        return record(analysis_id, wave, EXPLAIN_VERDICT, [{}])

    @tool
    def recheck_faces(analysis_id: str, wave: int, frame_indexes: list[int], checks: list[str]) -> dict[str, object]:
        """See how far the faces' score moves when the picture is recompressed, downscaled or flipped.

        Use it after the verdict is known, on a few frames: it shows whether the score rests on an accident of the file.
        """
        return record(analysis_id, wave, RECHECK_FACES, [{"frame_indexes": frame_indexes, "checks": checks}])

    @tool
    def recheck_voice(
        analysis_id: str,
        wave: int,
        checks: list[str],
        start_s: float | None = None,
        end_s: float | None = None,
    ) -> dict[str, object]:
        """See how far the voice's score moves when the sound is recompressed or its silence is cut out.

        Use it after the verdict is known: it shows whether the score rests on an accident of the file.
        """
        span = None if start_s is None or end_s is None else [start_s, end_s]
        return record(analysis_id, wave, RECHECK_VOICE, [{"range_s": span, "checks": checks}])

    @tool
    def write_documents(analysis_id: str, wave: int, report: dict[str, object]) -> dict[str, object]:
        """Render the finished report as PDF and JSON."""
        return record(analysis_id, wave, WRITE_DOCUMENTS, [{"report": report}])

    made = (
        sample_frames,
        examine_faces,
        examine_voice,
        explain_faces,
        explain_voice,
        explain_verdict,
        recheck_faces,
        recheck_voice,
        write_documents,
    )
    return MappingProxyType({each.name: each for each in made})
