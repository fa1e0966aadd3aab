"""`python -m tests.chaos`: the service while its processes are killed in turn, its disk is full and its model lies.

The same picture and sound are submitted under many digests, so every analysis must come to what an undisturbed one
comes to: verdict, evidence, maps, sentences, PDF and seal. Prints a table; the exit code is 1 when a line is bad.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import psycopg2

from cli.embedded import Service, running_service
from cli.verify import State, checked
from deepwitness_client import Client, DeepwitnessError, Problem
from tests.unit.agents.endpoint import Endpoint, Reply, scripted
from tests.unit.detectors.clips import make

ROOT: Final = Path(__file__).resolve().parents[2]
SAMPLE: Final = ROOT / "samples" / "interview.mp4"
UNHURRIED: Final = {"LIMITS__REQUESTS_PER_MINUTE": "100000", "LIMITS__UPLOADS_PER_HOUR": "100000"}
ASKS_THE_MODEL: Final = "does it ring a bell"
KILLS: Final = 2
"""Of each process, some seconds apart: the second meets what is just coming back."""
APART_S: Final = 4.0
T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    analyses: int
    lost: int
    doubled: int
    changed: int
    recovered_s: float | None
    note: str = ""

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.changed or self.note)


class TimeIsUpError(Exception):
    """An analysis had not ended when all of this had to."""


class Clips:
    """The same four seconds under another digest each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def take(self) -> Path:
        self._made += 1
        path = self._folder / f"clip-{self._made}.mp4"
        return make(path, "-ss", "3", "-i", str(SAMPLE), "-t", "4", "-c", "copy", "-metadata", f"comment={self._made}")


class Bench:
    """The running service, and the end of the time that all of this may take."""

    def __init__(self, service: Service, clips: Clips, ends_at: float) -> None:
        self.service = service
        self.clips = clips
        self.ends_at = ends_at
        self.reference: dict[str, Any] = {}

    @property
    def left_s(self) -> float:
        return self.ends_at - time.monotonic()

    def patiently(self, call: Callable[[Client], T]) -> T:
        """Ask again while the service is away, as any caller would."""
        while True:
            try:
                with Client(self.service.url) as client:
                    return call(client)
            except (DeepwitnessError, httpx.HTTPError) as error:
                passing = not isinstance(error, Problem) or error.status >= 500
                if not passing or self.left_s < 0:
                    raise
                time.sleep(0.5)

    def submit(self, count: int, instruction: str = "") -> list[str]:
        return [self._submitted(self.clips.take(), instruction) for _ in range(count)]

    def _submitted(self, path: Path, instruction: str) -> str:
        return self.patiently(lambda client: client.submit(path, instruction).analysis.id)

    def wait_until_busy(self, ids: Sequence[str], stage: str) -> None:
        """Until one of them has come as far as this stage, or beyond."""
        stages = ("prepare", "plan", "detect", "assess", "weigh", "explain", "write", "done")
        while self.left_s > 0:
            reached = [self.stage_of(each) for each in ids]
            if any(each is not None and stages.index(each) >= stages.index(stage) for each in reached):
                return
            time.sleep(0.1)

    def stage_of(self, analysis_id: str) -> str | None:
        return self.patiently(lambda client: client.analysis(analysis_id).stage)

    def wait_until_ready(self) -> None:
        while self.left_s > 0:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.service.url}/readyz", timeout=5).is_success and not self.service.supervisor.away():
                    return
            time.sleep(0.1)

    def outcome(self, analysis_id: str) -> tuple[bool, bool, bool]:
        """Whether it was lost, doubled, changed."""
        while self.left_s > 0:
            found = self.patiently(lambda client: client.analysis(analysis_id))
            if found.status in ("finished", "failed", "cancelled"):
                break
            time.sleep(0.3)
        if found.status not in ("finished", "failed", "cancelled"):
            raise TimeIsUpError(analysis_id)
        if found.status != "finished":
            return True, False, False
        kinds = [each.kind for each in self.patiently(lambda client: list(client.events(analysis_id)))]
        doubled = any(kinds.count(kind) != 1 for kind in ("finished", "verdict", "plan"))
        return False, doubled or reports_of(self.service, analysis_id) != 1, self.read(analysis_id) != self.reference

    def read(self, analysis_id: str) -> dict[str, Any]:
        """What must be as in an undisturbed analysis."""
        with Client(self.service.url) as client:
            report = client.report(analysis_id).model_dump(mode="json")
            provisional = client.analysis(analysis_id).model_dump(mode="json")["provisional"]
            pdf = client.report_pdf(analysis_id)
            with tempfile.TemporaryDirectory() as folder:
                written = client.artefacts(analysis_id)
                (sealed,) = [each for each in written if each.kind == "report_json"]
                client.download(analysis_id, sealed.id, Path(folder) / "report.json")
                content = json.loads((Path(folder) / "report.json").read_text())
                checks = list(checked(content, Path(folder), media=None, artefacts=None, key=None))
        return {
            "provisional": provisional,
            "verdict": report["verdict"],
            "evidence": report["evidence"],
            "explanations": report["explanations"],
            "stability": report["stability"],
            "sentences": [each["text"] for each in report["narrative"]["sentences"]],
            "notes": [each["code"] for each in report["narrative"]["notes"] if each["code"] != "llm_unavailable"],
            "pictures": sorted(
                (each["id"], each["sha256"]) for each in report["artefacts"] if each["media_type"] == "image/png"
            ),
            "files": sorted(each["id"] for each in report["artefacts"]),
            "pdf": pdf.startswith(b"%PDF") and len(pdf) > 10_000,
            "seal": [each.subject for each in checks if each.state is State.CHANGED],
        }


def reports_of(service: Service, analysis_id: str) -> int:
    connection = psycopg2.connect(service.variables["DB__URL"].replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports WHERE analysis_id = %s", (analysis_id,))
        (count,) = cursor.fetchone() or (0,)
    connection.close()
    return int(count)


def killed(bench: Bench, what: str, count: int, kill: Callable[[], None], stage: str = "detect") -> Line:
    """Analyses in whose midst something is killed."""
    ids = bench.submit(count)
    bench.wait_until_busy(ids, stage)
    began = time.monotonic()
    for number in range(KILLS):
        if number:
            time.sleep(APART_S)
        kill()
    time.sleep(0.5)
    bench.wait_until_ready()
    return judged(bench, what, ids, time.monotonic() - began - APART_S * (KILLS - 1))


def judged(bench: Bench, what: str, ids: Sequence[str], recovered_s: float | None, note: str = "") -> Line:
    outcomes = [bench.outcome(each) for each in ids]
    lost, doubled, changed = (sum(each) for each in zip(*outcomes, strict=True))
    return Line(what, len(ids), lost, doubled, changed, recovered_s, note)


def readers_of(pid: int) -> list[int]:
    """Processes below this one that read files."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            command = (entry / "cmdline").read_bytes()
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if b"detectors.media.reader" in command and (parent == pid or parent in found):
                found.append(int(entry.name))
    return found


def kill_readers(service: Service) -> None:
    """Those that are at work; waits a little for one."""
    deadline = time.monotonic() + 5
    while not (found := readers_of(service.worker.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill(service: Service, name: str) -> None:
    with suppress(ProcessLookupError):
        os.kill(service.process(name).pid, signal.SIGKILL)


def disk_full(bench: Bench, count: int) -> Line:
    """The API is started again with more space to be kept free than there is: uploads are refused, analyses go on."""
    ids = bench.submit(count)
    bench.wait_until_busy(ids, "detect")
    began = time.monotonic()
    environment = bench.service.api.environment
    assert isinstance(environment, dict)
    environment["LIMITS__MIN_FREE_BYTES"] = str(1 << 60)
    kill(bench.service, "api")
    wait_for(bench, lambda: httpx.get(f"{bench.service.url}/readyz", timeout=5).status_code == 503)
    started = time.monotonic()
    refused = httpx.post(
        f"{bench.service.url}/v1/analyses", files={"file": ("a.mp4", bench.clips.take().read_bytes())}, timeout=60
    )
    refused_s = time.monotonic() - started
    note = "" if refused.status_code == 503 and refused.json()["code"] == "no_space" else "an upload was not refused"
    note = note or ("" if refused_s < 5 else f"an upload hung for {refused_s:.0f} s")
    del environment["LIMITS__MIN_FREE_BYTES"]
    kill(bench.service, "api")
    bench.wait_until_ready()
    return judged(bench, "disk full", ids, time.monotonic() - began, note)


def wait_for(bench: Bench, is_so: Callable[[], bool]) -> None:
    while bench.left_s > 0:
        with suppress(httpx.HTTPError):
            if is_so():
                return
        time.sleep(0.2)


LIES: Final = {
    "slow": Reply("late", drip_head_s=0.3),
    "answers in HTML": Reply(body=b"<html>" + b"x" * 5000, drip_s=0.3),
    "chooses nothing": Reply(
        body=b'{"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": []}'
    ),
    "lies": Reply('{"verdict": "real", "asks": "other", "subject": "picture", "effort": "quick"}'),
}


def hostile_model(bench: Bench, count: int, mode: list[str]) -> Line:
    """Instructions that the rules do not read are put to a model that drips, talks nonsense and lies."""
    note, ids = "", list[str]()
    for number in range(count):
        mode[0] = list(LIES)[number % len(LIES)]
        (made,) = bench.submit(1, ASKS_THE_MODEL)
        started = time.monotonic()
        bench.outcome(made)
        if time.monotonic() - started > 120:
            note = f"an analysis took {time.monotonic() - started:.0f} s with a model that is {mode[0]}"
        ids.append(made)
    mode[0] = ""
    return judged(bench, "slow and hostile language model", ids, None, note)


def scenarios(bench: Bench, each: int, mode: list[str]) -> Iterator[Callable[[], Line]]:
    service = bench.service
    yield lambda: killed(bench, "worker's child", each, lambda: kill_readers(service), "prepare")
    for name, told in (
        ("worker", "worker"),
        ("api", "API"),
        ("Valkey", "Valkey"),
        ("PostgreSQL", "PostgreSQL"),
        ("JuiceFS gateway", "S3"),
    ):
        yield lambda name=name, told=told: killed(bench, told, each, lambda: kill(service, name))  # type: ignore[misc]
    yield lambda: disk_full(bench, each)
    yield lambda: hostile_model(bench, each, mode)


def run(total: int, minutes: float) -> list[Line]:
    mode = [""]

    def script(_: dict[str, Any]) -> Reply:
        return LIES.get(mode[0], Reply(status=500))

    state = Path(tempfile.mkdtemp(prefix="deepwitness-chaos-"))
    state.chmod(0o755)
    ends_at = time.monotonic() + minutes * 60
    try:
        with scripted(script) as endpoint:
            settings = {**UNHURRIED, **model_settings(endpoint)}
            with running_service(state, llm=False, settings=settings, tell=say) as service:
                (state / "clips").mkdir()
                bench = Bench(service, Clips(state / "clips"), ends_at)
                (first,) = bench.submit(1)
                bench.outcome(first)
                bench.reference = bench.read(first)
                lines = []
                for scenario in scenarios(bench, max(1, total // 8), mode):
                    if bench.left_s < 20:
                        lines.append(Line("not run: the time was up", 0, 0, 0, 0, None, "time"))
                        break
                    try:
                        lines.append(scenario())
                    except TimeIsUpError:
                        lines.append(Line("not ended: the time was up", 0, 0, 0, 0, None, "time"))
                        break
                    say(str(lines[-1]))
                return lines
    finally:
        shutil.rmtree(state, ignore_errors=True)


def model_settings(endpoint: Endpoint) -> dict[str, str]:
    return {"LLM__BASE_URL": endpoint.base_url, "LLM__MODEL": "scripted", "LLM__API_KEY": "x"}


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--analyses", type=int, default=24)
    parser.add_argument("--minutes", type=float, default=10.0)
    arguments = parser.parse_args()
    started = time.monotonic()
    lines = run(arguments.analyses, arguments.minutes)
    print("| what was killed | analyses | lost | doubled | changed verdict or document | seconds to recover |")
    print("|---|---|---|---|---|---|")
    for line in lines:
        recovered = "–" if line.recovered_s is None else f"{line.recovered_s:.1f}"
        what = f"{line.what} ({line.note})" if line.note else line.what
        print(f"| {what} | {line.analyses} | {line.lost} | {line.doubled} | {line.changed} | {recovered} |")
    print(f"\n{sum(line.analyses for line in lines)} analyses in {time.monotonic() - started:.0f} s.")
    return 0 if all(line.is_good for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
