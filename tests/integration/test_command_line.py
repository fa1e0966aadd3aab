"""The command line as people and scripts use it, against the service over a real socket."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cli.inputs import Link, arriving, expanded, media_in
from cli.service import results_folder
from core.settings import Settings
from core.types import Report
from deepwitness_client import Client
from stack.process import free_port
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_results import finish
from tests.integration.test_api_uploads import listening

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def finishing(bench: Bench) -> Iterator[None]:
    """Do the workers' part for every new analysis."""
    stopped = threading.Event()

    def work() -> None:
        while not stopped.wait(0.1):
            for each in bench.client.get("/v1/analyses", params={"status": "queued"}).json()["items"]:
                finish(bench, each["id"])

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with bench_of(settings) as bench, listening(bench) as port, finishing(bench):
        yield f"http://127.0.0.1:{port}"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "cli", *(str(each) for each in arguments)]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DEEPWITNESS_STATE": "/nowhere", "COLUMNS": "200", **more}


def ran(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(**more), capture_output=True, text=True, timeout=100, check=False
    )


def lines_of(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_files_and_folders_become_a_line_each_and_bad_ones_do_not_stop_the_rest(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.mp4").write_bytes(clip(tone=1000))
    (folder / "a.mp4").write_bytes(clip(tone=1001))
    (folder / os.fsdecode(b"caf\xe9.mp4")).write_bytes(clip(tone=1002))
    (folder / "notes.txt").write_text("not media")
    bad = tmp_path / "a.mov"
    bad.write_bytes(b"not a film")
    ended = ran("analyze", folder, bad, "--json", "--url", url, "--out", tmp_path / "out")
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr == ""
    told = {Path(each["path"]).name: each for each in lines_of(ended.stdout)}
    odd = "caf\\xe9.mp4"
    assert set(told) == {"a.mp4", "b.mp4", odd, "a.mov"}
    assert told["a.mov"]["error"]["code"] == "unsupported_format"
    assert (told["a.mp4"]["verdict"], told["a.mp4"]["known"]) == ("Fake", False)
    for name in ("a.mp4", "b.mp4", odd):
        out = Path(told[name]["out"])
        assert Report.model_validate_json((out / "report.json").read_text()).analysis_id == told[name]["analysis_id"]
        assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    again = ran("analyze", folder, "--url", url, "--out", tmp_path / "out")
    assert (again.returncode, again.stderr) == (0, "")
    assert [line.split()[0] for line in again.stdout.splitlines()] == ["manipulated"] * 3
    assert {line.split()[-1] for line in again.stdout.splitlines()} == {
        told[name]["analysis_id"] for name in ("a.mp4", "b.mp4", odd)
    }
    folders = {each.name for each in (tmp_path / "out").iterdir()}
    assert folders == {"a", "b", Path(odd).stem}, "the same analysis has the same folder"
    changed = ran("analyze", folder / "a.mp4", "-i", "only the faces", "--url", url, "--out", tmp_path / "out")
    assert changed.returncode == 0, changed.stderr
    assert (tmp_path / "out" / "a-2" / "report.json").exists(), "another analysis has another folder"


def test_a_report_is_printed_written_and_compared(url: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first.mp4", tmp_path / "second.mp4"
    first.write_bytes(clip(tone=1010))
    second.write_bytes(clip(tone=1011))
    one = ran("analyze", first, "--url", url, "--out", tmp_path / "out")
    assert one.returncode == 0, one.stderr
    assert "MANIPULATED" in one.stdout
    assert "Written:" in one.stdout
    with Client(url) as client:
        client.wait(client.submit(second).analysis.id)
        ids = [client.page(name).items[0].id for name in ("first.mp4", "second.mp4")]
    told = ran("report", ids[0], "--json", "--url", url)
    assert Report.model_validate_json(told.stdout).analysis_id == ids[0]
    assert "MANIPULATED" in ran("report", ids[0][:11], "--url", url).stdout
    pdf = tmp_path / "report.pdf"
    assert ran("report", ids[0], "--pdf", pdf, "--url", url).returncode == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    written = ran("report", ids[1], "--out", tmp_path / "again", "--url", url)
    assert str(tmp_path / "again" / "report.json") in written.stdout
    compared = json.loads(ran("compare", *ids, "--json", "--url", url).stdout)
    assert (compared["same_verdict"], compared["first"]["analysis"]["id"]) == (True, ids[0])
    beside = ran("compare", *ids, "--url", url).stdout
    assert "first.mp4" in beside
    assert "Faces" in beside
    listed = json.loads(ran("status", "--json", "--url", url).stdout)
    assert set(ids) <= {each["id"] for each in listed}


def test_a_watched_folder_is_analysed_as_it_fills(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    arguments = ("analyze", "--watch", folder, "--json", "--url", url, "--out", tmp_path / "out")
    with subprocess.Popen(
        command(*arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores interrupts, and its children would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as watching:
        assert watching.stdout is not None
        for number in range(2):
            (folder / f"{number}.mp4").write_bytes(clip(tone=1020 + number))
            line = json.loads(watching.stdout.readline())
            assert (Path(line["path"]).name, line["verdict"]) == (f"{number}.mp4", "Fake")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 130


def test_exit_codes_tell_what_went_wrong(url: str, tmp_path: Path) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    unreachable = ran("status", "--url", away)
    assert (unreachable.returncode, unreachable.stdout) == (3, "")
    assert "cannot be reached" in unreachable.stderr
    unknown = ran("report", "an_none", "--url", url)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "analysis_not_found" in unknown.stderr
    present = tmp_path / "present.mp4"
    present.write_bytes(clip(tone=1031))
    partly = ran("analyze", tmp_path / "absent.mp4", present, "--json", "--url", url, "--out", tmp_path / "out")
    told = {Path(each["path"]).name: each for each in lines_of(partly.stdout)}
    assert partly.returncode == 1
    assert (told["absent.mp4"]["error"]["code"], told["present.mp4"]["verdict"]) == ("file_not_found", "Fake")
    assert "absent.mp4" in ran("analyze", tmp_path / "absent.mp4", "--url", url).stdout
    assert ran("analyze", "--url", url).returncode == 2
    assert ran("status", DEEPWITNESS_STATE=str(tmp_path)).returncode == 2
    refused = tmp_path / "x.mp4"
    refused.write_bytes(b"text")
    assert ran("analyze", refused, "--url", url).returncode == 1
    short = tmp_path / "short.mp4"
    short.write_bytes(clip(tone=1030))
    late = ran("analyze", short, "--only", "faces", "--from", "1:30", "--url", url)
    assert (late.returncode, late.stdout) == (1, "")
    assert "begins after the recording ends" in late.stderr
    assert ran("analyze", refused, "--from", "soon", "--url", url).returncode == 2


def test_shells_can_complete(tmp_path: Path) -> None:
    shown = ran("--show-completion", "bash", SHELL="/bin/bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert shown.returncode == 0, shown.stderr
    assert "_DEEPWITNESS_COMPLETE" in shown.stdout
    words = {"_DEEPWITNESS_COMPLETE": "complete_bash", "COMP_WORDS": "deepwitness co", "COMP_CWORD": "1"}
    assert "compare" in ran(**words).stdout


# ------------------------------------------------------------------------------------------------ without a service


def test_inputs_are_expanded_once_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.MP4").touch()
    (tmp_path / "a.wav").touch()
    (tmp_path / ".hidden.mp4").touch()
    odd = tmp_path / "named-anything"
    odd.touch()
    assert [each.name for each in expanded([str(odd), str(tmp_path), f"{tmp_path}/a.wav"])] == [
        "named-anything",
        "a.wav",
        "b.MP4",
    ]
    assert [each.name for each in media_in(tmp_path)] == ["a.wav", "b.MP4"]


@pytest.mark.parametrize(
    ("url", "name", "stem"),
    [
        ("https://example.org/a/interview%20one.mp4?x=1#t", "interview one.mp4", "interview one"),
        ("https://example.org/", "link", "link"),
        ("http://example.org/%2e%2e", "link", "link"),
        ("http://example.org/..%2f..%2fetc%2fpasswd", "passwd", "passwd"),
    ],
)
def test_a_link_is_named_after_its_end_and_never_leads_out_of_a_folder(url: str, name: str, stem: str) -> None:
    (found,) = expanded([url])
    assert found == Link(url)
    assert (found.name, found.stem, str(found)) == (name, stem, url)


def test_a_file_that_still_grows_is_left_until_it_is_whole(tmp_path: Path) -> None:
    path, growing = tmp_path / "a.mp4", threading.Event()

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            for _ in range(8):
                file.write(b"x")
                time.sleep(0.03)
        growing.set()

    writer = threading.Thread(target=write)
    writer.start()
    found = next(arriving(tmp_path, poll_s=0.1))
    assert growing.is_set()
    writer.join()
    assert found.read_bytes() == b"x" * 8


def test_files_of_one_name_do_not_share_a_folder(tmp_path: Path) -> None:
    for analysis_id, name in (("an_1", "clip"), ("an_2", "clip-2"), ("an_1", "clip"), ("an_3", "clip-3")):
        folder = results_folder(tmp_path, "clip", analysis_id)
        assert folder.name == name
        folder.mkdir(exist_ok=True)
        (folder / "report.json").write_text(json.dumps({"analysis_id": analysis_id}))
