"""From an upload to its testimony, through real processes."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from cli.embedded import Service
from cli.service import report_of
from core.types import (
    ArtefactKind,
    Check,
    MediaKind,
    Modality,
    Outcome,
    ReasonCode,
    Report,
    Scored,
    Unscored,
)
from deepwitness_client import Client, Problem
from deepwitness_client.models import Event
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "videos"


def examined(client: Client, path: Path, instruction: str = "") -> tuple[Report, list[Event]]:
    """The report of a file, and every event on the way to it."""
    submitted = client.submit(path, instruction).analysis.id
    events = list(client.events(submitted))
    assert events[-1].kind == "finished", events[-1].message
    return report_of(client, submitted), events


def citable(report: Report) -> set[str]:
    """Everything a sentence may point at."""
    ids = {"verdict", "plan", "media"} | {each.modality for each in report.evidence}
    for each in report.evidence:
        ids |= {f"{each.modality}.segment.{segment.id}" for segment in each.segments}
        if each.modality == "visual":
            ids |= {f"visual.track.{track.id}" for track in each.tracks}
    ids |= {f"stability.{each.modality}" for each in report.stability}
    return ids | {each.id for each in report.explanations}


def reason_of(report: Report, modality: Modality) -> ReasonCode | None:
    finding = next(each.finding for each in report.evidence if each.modality == modality.value)
    return finding.reason.code if isinstance(finding, Unscored) else None


def test_a_video_becomes_testimony(client: Client, interview: Path) -> None:
    report, events = examined(client, interview)
    kinds = [event.kind for event in events]
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert kinds.count("verdict") == kinds.count("finished") == 1
    assert kinds.index("plan") < kinds.index("verdict") < kinds.index("narrative") < kinds.index("finished")
    assert {each.modality for each in report.evidence} == {"visual", "audio"}
    assert all(isinstance(each.finding, Scored) for each in report.evidence)
    for sentence in report.narrative.sentences:
        assert set(sentence.citations) <= citable(report), sentence
    products = client.artefacts(report.analysis_id)
    kept = {each.id: httpx.get(client.artefact_url(report.analysis_id, each.id)).content for each in products}
    openings = {"image/png": b"\x89PNG", "application/pdf": b"%PDF", "application/json": b"{", "video/mp4": b"ftyp"}
    for product in products:
        assert openings[product.media_type] in kept[product.id][:8], product
    assert ArtefactKind.OVERLAY_CLIP in {product.kind for product in products}
    assert {ArtefactKind.REPORT_PDF, ArtefactKind.REPORT_JSON} <= {product.kind for product in products}
    stored = json.loads(kept[next(each.id for each in products if each.kind == ArtefactKind.REPORT_JSON)])
    assert stored["headline"]["verdict"] == report.headline.verdict
    heatmaps = [each for each in products if each.kind == ArtefactKind.HEATMAP]
    assert heatmaps
    picture = cv2.imdecode(np.frombuffer(kept[heatmaps[0].id], np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.std() > 10
    models = {each.name for each in report.manifest.models}
    assert {
        "visual.face",
        "visual.face.head",
        "visual.face.drawn",
        "audio.voice",
        "audio.voice.encoder",
        "audio.voice.head",
        "audio.voice.speakers",
    } <= models
    assert {each.modality for each in report.stability} == {Modality.VISUAL, Modality.AUDIO}
    assert all(each.baseline is not None for each in report.stability)


def test_an_instruction_in_plain_words_is_followed(client: Client, interview: Path) -> None:
    report, _ = examined(client, interview, "check only the voice")
    assert report.plan.paths == (Modality.AUDIO,)
    assert {each.modality for each in report.evidence if isinstance(each.finding, Scored)} == {"audio"}
    (stability,) = report.stability
    assert stability.modality is Modality.AUDIO
    assert {each.check for each in stability.scores} == {Check.RECOMPRESS, Check.TRIM_SILENCE}
    assert all(each.p_fake is not None for each in stability.scores)


def test_a_plan_comes_out_the_same_when_it_is_made_again(client: Client, service: Service, interview: Path) -> None:
    report, _ = examined(client, interview, "check only the voice")
    again = client.replay(report.analysis_id)
    assert (again.same, again.differs, again.asked) == (True, (), "no_model")
    command = [sys.executable, "-m", "cli", "replay", report.analysis_id, "--url", service.url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "the same" in done.stdout
    with pytest.raises(Problem) as unknown:
        client.replay("an_" + "0" * 32)
    assert unknown.value.code == "analysis_not_found"


def test_a_picture_is_examined(client: Client, interview: Path, tmp_path: Path) -> None:
    report, _ = examined(client, make(tmp_path / "face.png", "-i", str(interview), "-frames:v", "1"))
    assert report.media.kind is MediaKind.IMAGE
    assert isinstance(report.evidence[0].finding, Scored)


def test_sound_without_speech_is_not_scored(client: Client, tmp_path: Path) -> None:
    report, _ = examined(client, make(tmp_path / "tone.wav", *SOUND))
    assert reason_of(report, Modality.AUDIO) is ReasonCode.NO_SPEECH
    assert report.verdict.outcome is Outcome.INCONCLUSIVE


def test_after_a_refused_file_a_video_without_a_face_or_sound_is_served(
    client: Client, service: Service, tmp_path: Path
) -> None:
    before = len(client.page().items)
    bad = tmp_path / "holiday.mp4"
    bad.write_bytes(b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nhttp://127.0.0.1:1/secret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(Problem) as refused:
        client.submit(bad)
    assert re.fullmatch(r"[a-z_]+", refused.value.code)
    response = httpx.post(f"{service.url}/v1/analyses", files={"file": ("x.mp4", b"")})
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"].startswith("application/problem+json")
    assert len(client.page().items) == before
    report, _ = examined(client, make(tmp_path / "bars.mp4", *PICTURE, *H264))
    assert report.verdict.outcome is Outcome.INCONCLUSIVE
    assert report.verdict.p_fake is None
    assert reason_of(report, Modality.VISUAL) is ReasonCode.NO_FACE
    assert ReasonCode.NO_AUDIO_STREAM in {reason.code for reason in report.plan.masked}
    assert report.headline.confidence is None


@pytest.mark.skipif(not DATA.exists(), reason="the development videos are not here")
def test_development_videos_of_either_kind_finish(client: Client) -> None:
    """One honest and one manipulated video; `score` runs over all of them in seconds."""
    with (DATA / "manifest.csv").open(newline="") as handle:
        by_label = {row["label"]: DATA / row["path"] for row in csv.DictReader(handle)}
    paths = sorted(by_label.values())
    assert len(paths) == 2
    submitted = [client.submit(path) for path in paths]
    for each in submitted:
        events = list(client.events(each.analysis.id))
        assert events[-1].kind == "finished"
        report = report_of(client, each.analysis.id)
        unscored = [found.finding for found in report.evidence if isinstance(found.finding, Unscored)]
        assert all(finding.reason.message for finding in unscored)
