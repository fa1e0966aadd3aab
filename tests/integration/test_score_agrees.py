"""`score` and the service come to the same result about the same file, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.scoring import FileScore, Scorer
from core.settings import Settings
from core.types import Evidence, JobStatus, Scored, Verdict
from tasks.context import WorkerContext
from tasks.registry import JOBS
from tasks.runner import run_job
from tasks.wiring import build_context
from tests.integration.api_bench import Bench, bench_of
from tests.unit.detectors.clips import H264, make

ALTERED, HONEST = ("-t", "8", "-i", "samples/interview.mp4"), ("-t", "8", "-i", "samples/honest.mp4")
FILES = {
    "two-voices.mp4": (*HONEST, *ALTERED, "-map", "0:v", "-map", "0:a", "-map", "1:a", *H264, "-c:a", "aac"),
    "halved.mp4": (*ALTERED, "-an", "-c:v", "libx264", "-g", "5", "-pix_fmt", "yuv420p", "-vf", "scale=200:-2"),
    "call.wav": (
        *(*HONEST, *ALTERED, "-vn", "-filter_complex"),
        "[0:a]pan=mono|c0=c0[l];[1:a]pan=mono|c0=c0[r];[l][r]join=inputs=2:channel_layout=stereo",
    ),
    "animation.gif": ("-ss", "4", "-t", "3", "-i", "samples/interview.mp4", "-vf", "fps=3,scale=480:-2"),
    "still.png": ("-ss", "5", "-i", "samples/interview.mp4", "-frames:v", "1"),
}


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


@pytest.fixture(scope="module")
def worker(settings: Settings) -> WorkerContext:
    return build_context(settings)


def examined(bench: Bench, worker: WorkerContext, path: Path) -> tuple[Verdict, dict[str, Evidence]]:
    """What the service's jobs make of a file, each done as a worker does it, up to the verdict."""
    analysis_id = bench.upload(path.read_bytes(), path.name).json()["id"]
    while (verdict := worker.case.analysis(analysis_id).verdict) is None:
        waiting = [job.spec.id for job in worker.ledger.of_analysis(analysis_id) if job.status is JobStatus.SUBMITTED]
        assert waiting, worker.ledger.of_analysis(analysis_id)
        for job_id in waiting:
            run_job(worker, JOBS, job_id, "worker")
    return verdict, {each.modality: each for each in worker.case.evidence(analysis_id)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FILES)
def test_score_and_service_agree(bench: Bench, worker: WorkerContext, tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name, *FILES[name])
    verdict, evidence = examined(bench, worker, path)
    settings = worker.settings
    line = Scorer(worker.visual, worker.audio, settings.limits, settings.sampling.frame_budget).score(str(path))
    assert isinstance(line, FileScore), line
    assert (line.verdict, line.p_fake) == (verdict.outcome, pytest.approx(verdict.p_fake, abs=1e-6))
    told = {"visual": line.visual.p_fake, "audio": line.audio.p_fake}
    for modality, p_fake in told.items():
        finding = evidence[modality].finding if modality in evidence else None
        assert p_fake == (pytest.approx(finding.p_fake, abs=1e-6) if isinstance(finding, Scored) else None)
