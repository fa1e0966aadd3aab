"""How long a user of the whole service waits, as ratios to what decoding the same file takes in the same run.

The service is the one that `make serve` starts, without a language model, in a folder of its own. Each measured file
is the sample at 720p, repeated to a minute under grain of its own, so that no result and no picture is a known one.
Ten minutes repeat one such minute.

Limits: one machine; what else runs on it slows both sides of a ratio, though not always alike. It bears least on the
ratios of processor time.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import httpx
from minio import Minio

from cli.embedded import Service, running_service
from deepwitness_client import AnalysisFailed, Client
from training.bench import reads
from training.bench.clips import repeated, widened
from training.bench.processes import descendants, peak_resident_bytes, use_of

LONG_S: Final = 600
WARM_RUNS: Final = 3
SETTLED_WITHIN_S: Final = 120.0
IDLE_SHARE: Final = 0.05
"""Of one core: a worker that uses less waits for work."""
UNHURRIED: Final = {"LIMITS__REQUESTS_PER_MINUTE": "1000000", "LIMITS__UPLOADS_PER_HOUR": "100000"}


@dataclass(frozen=True, slots=True)
class Step:
    """One event of an analysis: seconds since its upload began, processor seconds that the service has used by then."""

    name: str
    wall_s: float
    processor_s: float


@dataclass(frozen=True, slots=True)
class Waited:
    """One analysis as its user saw it.

    jobs: seconds that each took, by name. parts: processor seconds of each process with its descendants, up to the
    verdict and in all.
    """

    steps: tuple[Step, ...]
    jobs: tuple[tuple[str, float], ...] = ()
    parts: tuple[tuple[str, float, float], ...] = ()

    def until(self, name: str) -> float:
        return next(step.wall_s for step in self.steps if step.name == name)

    @property
    def processor_s(self) -> tuple[float, float]:
        """Of all processes together: until the verdict, and in all."""
        return sum(until for _, until, _ in self.parts), sum(total for _, _, total in self.parts)


@dataclass(frozen=True, slots=True)
class Measured:
    """figures: name to value, lower is better for every one of them. profile: of one warm analysis."""

    figures: dict[str, float]
    profile: Waited


def decode_all(path: Path) -> float:
    """Seconds to decode every frame and every sample of a file."""
    started = time.perf_counter()
    with av.open(str(path)) as container:
        for stream in container.streams.video:
            stream.thread_type = "AUTO"
        for packet in container.demux():
            packet.decode()
    return time.perf_counter() - started


def analyse(client: Client, path: Path, service: Service) -> Waited:
    """One analysis from its upload to its report. Raises: AnalysisFailed."""
    processes = {each.process.name: each.process.pid for each in service.supervisor.kept}

    def used() -> dict[str, float]:
        return {name: use_of(process).processor_s for name, process in processes.items()}

    before, started = used(), time.time()
    steps: list[Step] = []
    at_verdict = before

    def note(name: str, at: float) -> None:
        steps.append(Step(name, at - started, sum(used().values()) - sum(before.values())))

    analysis = client.submit(path).analysis
    note("accepted", time.time())
    for event in client.events(analysis.id):
        name = event.kind if event.stage is None or event.kind != "stage" else f"stage: {event.stage}"
        note(name, event.created_at.timestamp())
        if event.kind == "verdict":
            at_verdict = used()
        if event.kind in ("failed", "cancelled"):
            raise AnalysisFailed(analysis.id, event.kind, event.message)
    after = used()
    parts = tuple((name, at_verdict[name] - before[name], after[name] - before[name]) for name in before)
    report = httpx.get(f"{service.url}/v1/analyses/{analysis.id}/report.json").raise_for_status().json()
    jobs = tuple((str(each["stage"]), float(each["seconds"])) for each in report["manifest"]["timings"])
    return Waited(tuple(steps), jobs, parts)


def measure(source: Path, scratch: Path) -> Measured:
    """Everything on a service of its own. `source`: a video with a face and sound."""
    minute, *others, last = [
        widened(source, scratch / f"minute-{number}.mp4", number=number) for number in range(WARM_RUNS + 2)
    ]
    decode_all(minute)
    before = time.process_time()
    decode_s = statistics.median(decode_all(minute) for _ in range(WARM_RUNS))
    decode_processor_s = (time.process_time() - before) / WARM_RUNS
    long = repeated(last, scratch / "long.mp4", LONG_S)
    long_decode_s = decode_all(long)
    state = scratch / "state"
    state.mkdir()
    figures: dict[str, float] = {"decode of a minute, s": decode_s}
    with (
        running_service(state, llm=False, settings=UNHURRIED, tell=lambda _: None) as service,
        Client(service.url) as client,
    ):
        worker = service.worker.pid
        figures["worker idle, GB"] = use_of(worker).resident_bytes / 1e9
        first = analyse(client, minute, service)
        figures["first verdict / decode"] = first.until("verdict") / decode_s
        warm = [analyse(client, each, service) for each in others]
        for name, event in (("accepted", "accepted"), ("verdict", "verdict"), ("report", "finished")):
            figures[f"{name} / decode"] = statistics.median(each.until(event) for each in warm) / decode_s
        for place, name in enumerate(("verdict", "report")):
            spent = statistics.median(each.processor_s[place] for each in warm)
            figures[f"{name}, processor / decode"] = spent / decode_processor_s
        figures["ten minutes: verdict / decode"] = analyse(client, long, service).until("verdict") / long_decode_s
        figures["upload / raw put"] = _upload(client, service, long, scratch)
        _settle(service)
        figures["reads, p99 ms"] = reads.measured(service.url).p99_ms
        figures["worker peak, GB"] = max(map(peak_resident_bytes, descendants(worker))) / 1e9
        profile = min(warm, key=lambda each: each.until("finished"))
    return Measured(figures, profile)


def _upload(client: Client, service: Service, file: Path, scratch: Path) -> float:
    """Seconds to upload by the API over seconds to put the same bytes into the storage, medians. The worker idles."""
    settings = service.variables
    storage = Minio(
        settings["BLOBS__ENDPOINT"], settings["BLOBS__ACCESS_KEY"], settings["BLOBS__SECRET_KEY"], secure=False
    )
    if not storage.bucket_exists("bench"):
        storage.make_bucket("bench")
    by_api, raw = [], []
    for number in range(WARM_RUNS):
        other = scratch / f"long-{number}.mp4"
        other.write_bytes(file.read_bytes() + b"\x00\x00\x00\x0cfree" + number.to_bytes(4, "big"))
        _settle(service)
        started = time.perf_counter()
        storage.fput_object("bench", other.name, str(other))
        put = time.perf_counter()
        analysis = client.submit(other).analysis
        raw.append(put - started)
        by_api.append(time.perf_counter() - put)
        client.cancel(analysis.id)
        other.unlink()
    return statistics.median(by_api) / statistics.median(raw)


def _settle(service: Service) -> None:
    """Wait until the worker has put away what was cancelled: what comes next is measured beside nothing else."""
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while time.monotonic() < deadline:
        before = use_of(service.worker.pid).processor_s
        time.sleep(1.0)
        if use_of(service.worker.pid).processor_s - before < IDLE_SHARE:
            return


def run(source: Path) -> Measured:
    """Measure in a temporary folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="deepwitness-bench-") as folder:
        return measure(source, Path(folder))
