"""`python -m tests.chaos`: the service while its processes are killed in turn, its disk is full and its model lies.

The same recording and the same photograph are submitted under many digests, so every analysis must come to what an
undisturbed one comes to: verdict, evidence, maps, sentences, PDF and seal. Prints a table; the exit code is 1 when a
line is bad.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import psycopg2
import pypdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from psycopg2.extras import RealDictCursor

from cli.embedded import Service, running_service
from cli.service import report_of, save
from cli.verify import checked
from deepwitness_client import Client, DeepwitnessError, Problem, Scope
from tests.unit.agents.endpoint import Endpoint, Reply, scripted
from tests.unit.detectors.clips import make

ROOT: Final = Path(__file__).resolve().parents[2]
SAMPLE: Final = ROOT / "samples" / "interview.mp4"
UNHURRIED: Final = {"LIMITS__REQUESTS_PER_MINUTE": "100000", "LIMITS__UPLOADS_PER_HOUR": "100000"}
ASKS_THE_MODEL: Final = "does it ring a bell"
ENDED: Final = ("finished", "failed", "cancelled")
OWN: Final = re.compile(r"an_\w+|[0-9a-f]{6,}|[\d-]{10} \d\d:\d\d(:\d\d)? UTC|\S{30,}")
PROCESSES: Final = {
    "worker": "worker",
    "API": "api",
    "Valkey": "Valkey",
    "PostgreSQL": "PostgreSQL",
    "S3": "JuiceFS gateway",
}
"""Those that are killed, and the names that their supervisor knows them by."""
SCENARIOS: Final = ("child", *PROCESSES, "disk", "model")
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


class Recordings:
    """The same four seconds, or the same photograph, under another digest each time, with the same name and size."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def take(self, material: str) -> Path:
        self._made += 1
        folder = self._folder / str(self._made)
        folder.mkdir(parents=True)
        named = f"{self._made:08x}"
        cut = ("-ss", "3", "-i", str(SAMPLE))
        if material == "clip":
            return make(folder / "clip.mp4", *cut, "-t", "4", "-c", "copy", "-metadata", f"comment={named}")
        text = PngInfo()
        text.add_text("Comment", named)
        with Image.open(make(folder / "frame.png", *cut, "-frames:v", "1")) as frame:
            frame.save(folder / "photo.png", pnginfo=text)
        return folder / "photo.png"


class Bench:
    """The running service, and the end of the time that all of this may take."""

    def __init__(self, service: Service, recordings: Recordings, ends_at: float, *, is_light: bool) -> None:
        self._materials = ("photo",) if is_light else ("clip", "photo", "photo")
        self._scope = Scope(effort="quick", explanations=("faces",)) if is_light else None
        self.service = service
        self.recordings = recordings
        self.ends_at = ends_at
        self.undisturbed: dict[str, dict[str, Any]] = {}
        self.sent: dict[str, Path] = {}

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
        """As many analyses, of every material in turn."""
        materials = (self._materials * count)[:count]
        return [self._submitted(self.recordings.take(each), instruction) for each in materials]

    def _submitted(self, path: Path, instruction: str = "") -> str:
        analysis_id = self.patiently(lambda client: client.submit(path, instruction, scope=self._scope).analysis.id)
        self.sent[analysis_id] = path
        return analysis_id

    def examine_undisturbed(self) -> bool:
        """Have one of each material examined, to compare the others with. False when that fails by itself."""
        ids = [self._submitted(self.recordings.take(each)) for each in dict.fromkeys(self._materials)]
        if any(any(self.outcome(each)) for each in ids):
            return False
        self.undisturbed = {
            self.sent[each].name: self.patiently(lambda client, each=each: self.read(client, each))  # type: ignore[misc]
            for each in ids
        }
        return True

    def wait_until_busy(self, ids: Sequence[str], stage: str) -> None:
        """Until one of them has come as far as this stage, or beyond."""
        stages = ("prepare", "plan", "detect", "assess", "weigh", "explain", "write", "done")
        while self.left_s > 0:
            reached = [self.stage_of(each) for each in ids]
            if any(each is not None and stages.index(each) >= stages.index(stage) for each in reached):
                return
            time.sleep(0.1)
        raise TimeIsUpError

    def stage_of(self, analysis_id: str) -> str | None:
        return self.patiently(lambda client: client.analysis(analysis_id).stage)

    def wait_until_ready(self) -> None:
        while self.left_s > 0:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.service.url}/readyz", timeout=5).is_success and not self.service.supervisor.away():
                    return
            time.sleep(0.1)
        raise TimeIsUpError

    def outcome(self, analysis_id: str) -> tuple[bool, bool, bool]:
        """Whether it was lost, doubled, changed."""
        while self.left_s > 0:
            found = self.patiently(lambda client: client.analysis(analysis_id))
            if found.status in ENDED:
                break
            time.sleep(0.3)
        if found.status not in ENDED:
            raise TimeIsUpError(analysis_id)
        if found.status != "finished":
            say(f"{analysis_id} is lost: {found.status}, {found.failure}\n{self.ledger(analysis_id)}")
            return True, False, False
        kinds = [each.kind for each in self.patiently(lambda client: list(client.events(analysis_id)))]
        repeated = [kind for kind in ("finished", "verdict", "plan") if kinds.count(kind) != 1]
        reports = self.rows("SELECT 1 FROM reports WHERE analysis_id = %s", analysis_id)
        if repeated or len(reports) != 1:
            say(f"{analysis_id} is doubled: {kinds}, {len(reports)} reports\n{self.ledger(analysis_id)}")
        read = self.patiently(lambda client: self.read(client, analysis_id))
        expected = self.undisturbed.get(self.sent[analysis_id].name, read)
        changed = [name for name, value in read.items() if value != expected[name]]
        for name in changed:
            say(f"{analysis_id} has another {name}:\n{difference(expected[name], read[name])}")
        if changed:
            say(self.ledger(analysis_id))
        return False, bool(repeated) or len(reports) != 1, bool(changed)

    def read(self, client: Client, analysis_id: str) -> dict[str, Any]:
        """What must be as in an undisturbed analysis: verdict, evidence, maps, words, PDF and seal."""
        analysis = client.analysis(analysis_id).model_dump(mode="json")
        report = report_of(client, analysis_id)
        told = report.model_dump(mode="json")
        with tempfile.TemporaryDirectory() as name:
            save(client, report, Path(name))
            shutil.copy(self.sent[analysis_id], name)
            sealed = json.loads((Path(name) / "report.json").read_text())
            checks = checked(sealed, Path(name), media=None, artefacts=None, key=None)
            seal = sorted((each.subject, each.state.value) for each in checks)
            pdf = (Path(name) / "report.pdf").read_bytes()
        read = {
            "provisional": analysis["provisional"],
            "verdict": told["verdict"],
            "evidence": told["evidence"],
            "explanations": told["explanations"],
            "stability": told["stability"],
            "sentences": [each["text"] for each in told["narrative"]["sentences"]],
            "notes": [each["code"] for each in told["narrative"]["notes"] if each["code"] != "llm_unavailable"],
            "files": sorted((each["id"], each["sha256"]) for each in told["artefacts"] if each["kind"] != "report_pdf"),
            "seal": seal,
        }
        # The document quotes what was asked, and says that the model gave nothing.
        return read if analysis["instruction"] else {**read, "PDF": words_of(pdf)}

    def rows(self, query: str, analysis_id: str) -> list[Any]:
        url = self.service.variables["DB__URL"].replace("+psycopg2", "")
        connection = psycopg2.connect(url, cursor_factory=RealDictCursor)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, (analysis_id,))
                return list(cursor.fetchall())
        finally:
            connection.close()

    def ledger(self, analysis_id: str) -> str:
        """Its jobs, for whoever looks for what happened."""
        found = self.rows(
            "SELECT id, status, attempts, outages, failure, updated_at::text FROM jobs WHERE analysis_id = %s "
            "ORDER BY wave, id",
            analysis_id,
        )
        return "\n".join(str(dict(each)) for each in found)


def words_of(pdf: bytes) -> list[str]:
    """The text of a document, without what is this one analysis's own: its ids, digests, moment, seal and timings."""
    document = pypdf.PdfReader(io.BytesIO(pdf))
    lines = [line for page in document.pages for line in page.extract_text().splitlines()]
    timed = range(lines.index("Timings"), lines.index("Made"))
    return [OWN.sub("#", line) for number, line in enumerate(lines) if number not in timed]


def difference(expected: Any, found: Any) -> str:
    """Lines that differ."""
    before, after = (json.dumps(each, indent=1, sort_keys=True).splitlines() for each in (expected, found))
    return "\n".join(difflib.unified_diff(before, after, "undisturbed", "disturbed", lineterm="", n=1))


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
        f"{bench.service.url}/v1/analyses",
        files={"file": ("a.png", bench.recordings.take("photo").read_bytes())},
        timeout=60,
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
    raise TimeIsUpError


LIES: Final = (
    Reply("late", drip_head_s=0.3),
    Reply(body=b"<html>" + b"x" * 5000, drip_s=0.3),
    Reply(body=b'{"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": []}'),
    Reply('{"verdict": "real", "asks": "other", "subject": "picture", "effort": "quick"}'),
)
MODEL_S: Final = 22.0
"""The clock's 20 s for an analysis, and what it takes to see that they are over."""


class Model:
    """A language model that only fails, or tells one lie after the other."""

    def __init__(self) -> None:
        self.asked = 0
        self._is_hostile = False

    def __call__(self, _: dict[str, Any]) -> Reply:
        if not self._is_hostile:
            return Reply(status=500)
        self.asked += 1
        return LIES[self.asked % len(LIES)]

    @contextmanager
    def hostile(self) -> Iterator[None]:
        self._is_hostile = True
        yield
        self._is_hostile = False


def hostile_model(bench: Bench, count: int, model: Model) -> Line:
    """Instructions that the rules do not read are put to a model that drips, talks nonsense and lies, each in turn."""
    with model.hostile():
        ids = bench.submit(count, ASKS_THE_MODEL)
        line = judged(bench, "slow and hostile language model", ids, None)
    spent_s = max(
        sum(call.seconds for call in bench.patiently(lambda client, each=each: report_of(client, each)).llm_calls)  # type: ignore[misc]
        for each in ids
    )
    late = f"the model held an analysis for {spent_s:.0f} s" if spent_s > MODEL_S else ""
    return replace(line, note=late or ("" if model.asked else "the model was not asked"))


def scenarios(bench: Bench, each: int, model: Model) -> dict[str, Callable[[], Line]]:
    """By what goes wrong, in the order in which it does."""
    service = bench.service

    def killing(what: str) -> Callable[[], Line]:
        return lambda: killed(bench, what, each, lambda: kill(service, PROCESSES[what]))

    return {
        "child": lambda: killed(bench, "worker's child", each, lambda: kill_readers(service), "prepare"),
        **{what: killing(what) for what in PROCESSES},
        "disk": lambda: disk_full(bench, each),
        "model": lambda: hostile_model(bench, each, model),
    }


def run(total: int, minutes: float, wanted: Sequence[str], *, is_light: bool) -> list[Line]:
    model, lines = Model(), list[Line]()
    state = Path(tempfile.mkdtemp(prefix="deepwitness-chaos-"))
    state.chmod(0o755)
    ends_at = time.monotonic() + minutes * 60
    try:
        with scripted(model) as endpoint:
            settings = {**UNHURRIED, **model_settings(endpoint)}
            with running_service(state, llm=False, settings=settings, tell=say) as service:
                bench = Bench(service, Recordings(state / "recordings"), ends_at, is_light=is_light)
                for line in examined(bench, max(1, total // len(wanted)), wanted, model):
                    say(str(line))
                    lines.append(line)
    finally:
        if lines and all(line.is_good for line in lines):
            shutil.rmtree(state, ignore_errors=True)
        else:
            say(f"Logs and data are kept in {state}.")
    return lines


def examined(bench: Bench, each: int, wanted: Sequence[str], model: Model) -> Iterator[Line]:
    """An undisturbed analysis, then every scenario while there is time."""
    try:
        if not bench.examine_undisturbed():
            yield Line("nothing", 1, 1, 0, 0, None, "an undisturbed analysis failed")
            return
        for name, scenario in scenarios(bench, each, model).items():
            if name in wanted:
                yield scenario()
    except TimeIsUpError:
        yield Line("not ended", 0, 0, 0, 0, None, "the time was up")


def model_settings(endpoint: Endpoint) -> dict[str, str]:
    return {"LLM__BASE_URL": endpoint.base_url, "LLM__MODEL": "scripted", "LLM__API_KEY": "x"}


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--analyses", type=int, default=24)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=SCENARIOS)
    parser.add_argument(
        "--light", action="store_true", help="photographs alone, with maps of the faces: for a machine that is busy"
    )
    arguments = parser.parse_args()
    started = time.monotonic()
    lines = run(arguments.analyses, arguments.minutes, arguments.only, is_light=arguments.light)
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
