"""What a report vouches for: the same bytes again, a seal that holds, and further looks at the same recording."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx

from cli.embedded import Service
from cli.service import report_of
from core.types import ArtefactKind, Modality, Report
from deepwitness_client import Client

ROOT = Path(__file__).resolve().parents[2]


def finished(client: Client, path: Path) -> Report:
    analysis_id = client.submit(path).analysis.id
    assert client.wait(analysis_id, timeout_s=300).status == "finished"
    return report_of(client, analysis_id)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_same_recording_gives_the_same_evidence_bytes(client: Client, interview: Path) -> None:
    first = finished(client, interview)
    client.delete(first.analysis_id)
    again = finished(client, interview)
    assert again.analysis_id != first.analysis_id
    for part in ("evidence.visual", "evidence.audio", "verdict", "plan", "headline", "origin"):
        assert again.manifest.digests[part] == first.manifest.digests[part], part
    maps = [name for name in first.manifest.digests if name.startswith("explanations.")]
    assert len(maps) > 3
    assert {name: again.manifest.digests[name] for name in maps} == {
        name: first.manifest.digests[name] for name in maps
    }
    pictures = [
        {each.id: each.sha256 for each in report.artefacts if each.kind is not ArtefactKind.REPORT_PDF}
        for report in (first, again)
    ]
    assert pictures[0] == pictures[1]


def test_the_command_line_writes_a_report_that_it_verifies_and_names_a_change(
    service: Service, interview: Path, tmp_path: Path
) -> None:
    written = run("analyze", str(interview), "--url", service.url, "--out", str(tmp_path / "out"))
    assert written.returncode == 0, written.stderr
    out = tmp_path / "out" / "interview"
    made = Report.model_validate_json((out / "report.json").read_text())
    assert "MANIPULATED" in written.stdout
    assert made.analysis_id in written.stdout
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    assert made.headline.heatmap_url is not None
    assert (out / made.headline.heatmap_url).read_bytes().startswith(b"\x89PNG")
    given = httpx.get(f"{service.url}/v1/analyses/{made.analysis_id}/media").json()["url"]
    assert given.startswith(service.url), "the storage would let browsers guess what a file is"
    fetched = httpx.get(given)
    assert (fetched.status_code, fetched.headers.get("x-content-type-options")) == (200, "nosniff")
    listed = run("status", "--url", service.url, "--json")
    assert made.analysis_id in {each["id"] for each in json.loads(listed.stdout)}
    key = httpx.get(f"{service.url}/v1/signing-key").json()["public_key"]
    shutil.copy(interview, out / interview.name)
    report = str(out / "report.json")
    whole = run("verify", report, "--key", key, "--json")
    states = {line["subject"]: line["state"] for line in map(json.loads, whole.stdout.splitlines())}
    assert whole.returncode == 0, whole.stdout
    assert set(states.values()) == {"holds"}, states
    assert {"media", "model visual.face", "model audio.voice", "artefact report-pdf", "artefact overlay-clip"} <= set(
        states
    )
    tampered = json.loads((out / "report.json").read_text())
    tampered["evidence"][0]["finding"]["p_fake"] = 0.01
    (out / "report.json").write_text(json.dumps(tampered))
    told = run("verify", report)
    assert told.returncode == 1
    assert "evidence.visual: changed" in told.stdout


def test_a_stretch_is_examined_by_itself(service: Service, client: Client, interview: Path) -> None:
    whole = finished(client, interview)
    region = client.examine_region(whole.analysis_id, 3.5, 8.0, "picture").analysis.id
    assert client.wait(region, timeout_s=300).status == "finished"
    report = report_of(client, region)
    assert report.plan.paths == (Modality.VISUAL,)
    assert report.plan.range_s is not None
    assert (report.plan.range_s.start_s, report.plan.range_s.end_s) == (3.5, 8.0)
    seen = report.evidence[0]
    assert seen.modality == "visual"
    times = [frame.time_s for track in seen.tracks for frame in track.frames]
    assert times
    assert all(3.4 <= time_s <= 8.1 for time_s in times)
    told = httpx.get(f"{service.url}/v1/analyses/{region}/timeline").json()
    assert told["faces"]["tracks"][0]["points"]
    assert told["frame"]["width_px"] > 0
    assert any(each["layer"] is not None for each in told["maps"])


def test_a_second_opinion_comes_beside_the_report(service: Service, client: Client, interview: Path) -> None:
    method = "lime"
    report = finished(client, interview)
    address = f"{service.url}/v1/analyses/{report.analysis_id}"
    asked = httpx.post(f"{address}/explanations", json={"method": method})
    assert asked.status_code == 202, asked.text
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        maps = httpx.get(f"{address}/timeline").json()["maps"]
        made = [each for each in maps if each["id"].startswith(f"{method}.")]
        if made:
            break
        time.sleep(1.0)
    assert made, "no second opinion came"
    assert made[0]["second_opinion"]
    picture = httpx.get(f"{address}/artefacts/{made[0]['artefact_id']}", follow_redirects=True)
    assert picture.content.startswith(b"\x89PNG")
    assert httpx.get(f"{address}/report.json").json()["manifest"]["digests"] == report.manifest.digests
