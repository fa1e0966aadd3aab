"""How long do all explanations of one analysis take? `python -m training.explanations.bench` prints it.

The explain jobs' own bodies over a video with a face and a voice, repeated to 60 s, with storage in memory, side by
side as a worker of two threads runs them; once to warm up (libraries, networks), then measured. Beside the time on the
clock stands the processor time of all threads: on a machine that is shared, half of that is what two free cores would
need at best.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from pydantic import SecretStr

from core.confinement import ReaderPool
from core.jobs import EXPLAIN_FACES, EXPLAIN_VERDICT, EXPLAIN_VOICE
from core.ports import Bucket
from core.settings import BlobSettings, BrokerSettings, DatabaseSettings, LimitSettings, Settings
from core.types import (
    Analysis,
    AnalysisStatus,
    Artefact,
    Evidence,
    Explanation,
    FrameRef,
    JobRecord,
    JobStatus,
    NoPayload,
    PreparedMedia,
    Verdict,
)
from detectors.faces.detector import load_visual_detector
from detectors.fusion import weigh
from detectors.media.extraction import encode_flac
from detectors.media.reading import load
from detectors.voice.detector import load_audio_detector
from tasks.job import ClaimedJob
from tasks.jobs import explain
from tasks.jobs.artefacts import Bench
from training.bench.clips import LENGTH_S, repeated

ID: Final = "an_bench"
BODIES: Final = {
    EXPLAIN_FACES: explain.explain_visual,
    EXPLAIN_VOICE: explain.explain_audio,
    EXPLAIN_VERDICT: explain.explain_fusion,
}


@dataclass
class Memory:
    """Case file, events and storage in memory: just what the bodies ask for."""

    original: Path
    ready: PreparedMedia
    known: tuple[Evidence, ...]
    verdict: Verdict
    held: dict[tuple[Bucket, str], bytes] = field(default_factory=dict)
    made: dict[str, Explanation] = field(default_factory=dict)

    def prepared(self, _: str) -> PreparedMedia:
        return self.ready

    def save_prepared(self, _: str, prepared: PreparedMedia) -> None:
        self.ready = prepared

    def evidence(self, _: str) -> tuple[Evidence, ...]:
        return self.known

    def analysis(self, _: str) -> Analysis:
        return Analysis(
            id=ID, owner_id="", media_id="", file_name="", instruction="", pipeline_version="", verdict=self.verdict,
            status=AnalysisStatus.RUNNING, stage=None, created_at=datetime.now(UTC),
        )  # fmt: skip

    def original_key(self, _: str) -> str:
        return "original"

    def save_artefact(self, _: str, artefact: Artefact) -> None: ...

    def save_explanation(self, _: str, explanation: Explanation) -> None:
        self.made[explanation.id] = explanation

    def append(self, *_: object, **__: object) -> None: ...

    def put_bytes(self, bucket: Bucket, key: str, content: bytes, _: str) -> None:
        self.held[bucket, key] = content

    def get_bytes(self, bucket: Bucket, key: str) -> bytes:
        return self.held[bucket, key]

    def download(self, _: Bucket, __: str, path: Path) -> None:
        path.write_bytes(self.original.read_bytes())


@dataclass(frozen=True)
class Rig:
    """A worker's view of it all."""

    settings: Settings
    case: Memory
    events: Memory
    blobs: Memory
    reader: ReaderPool
    visual: object
    audio: object


def rig(path: Path, threads: int) -> Rig:
    """Everything up to the verdict, which explanations begin from."""
    visual, audio = load_visual_detector(device="cpu", threads=threads), load_audio_detector(threads=threads)
    media = load(path, LimitSettings(), frame_budget=32)
    evidence = (visual.detect(media), audio.detect(media))
    references = tuple(FrameRef(index=each.index, time_s=each.time_s, key=str(each.index)) for each in media.frames)
    prepared = PreparedMedia(info=media.info, frames=references, audio_key="sound")
    memory = Memory(path, prepared, evidence, weigh(evidence))
    for each in media.frames:
        memory.held[Bucket.FRAMES, str(each.index)] = each.encoded
    if media.waveform is not None:
        memory.held[Bucket.AUDIO, "sound"] = encode_flac(media.waveform)
    nowhere = SecretStr("nowhere")
    settings = Settings(
        db=DatabaseSettings(url=nowhere),
        broker=BrokerSettings(url=nowhere),
        blobs=BlobSettings(endpoint="nowhere", access_key=nowhere, secret_key=nowhere),
    )
    return Rig(settings, memory, memory, memory, ReaderPool(), lambda: visual, lambda: audio)


def explained(given: Rig) -> tuple[float, float]:
    """Seconds on the clock and of all processors, for every map of the analysis."""
    context = cast("Bench", given)
    clock, worked = time.perf_counter(), _processor_s()
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(
                body,
                context,
                ClaimedJob(
                    JobRecord(spec=kind.spec(ID, 4, NoPayload()), status=JobStatus.RUNNING, attempts=1), NoPayload()
                ),
            )
            for kind, body in BODIES.items()
        ]
        for job in jobs:
            job.result()
    return time.perf_counter() - clock, _processor_s() - worked


def _processor_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--video", type=Path, default=Path("samples") / "interview.mp4")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        given = rig(repeated(arguments.video, Path(scratch) / "minute.mp4"), arguments.threads)
        cold, _ = explained(given)
        given.case.ready = given.case.ready.model_copy(update={"origin": None})
        clock, worked = explained(given)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {LENGTH_S} s of {arguments.video.name}")
    print(f"{len(given.case.made)} explanations and the clip: {clock:.2f} s on the clock, {worked:.2f} s of processor")
    print(f"on two free cores at best {worked / 2:.2f} s; the first time {cold:.2f} s on the clock")


if __name__ == "__main__":
    main()
