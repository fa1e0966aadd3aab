"""`verify` over reports that are whole, and over every kind of tampering."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import make_app
from core.sealing import public_text, read_key, sealed
from core.types import Report
from tests.fixtures.reports import every_shape

KEY = read_key("07" * 32)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A folder as `analyze --out` leaves it, with the recording beside it."""
    _, report, pictures = next(every_shape())
    recording = b"a recording"
    (tmp_path / report.file_name).write_bytes(recording)
    digest = hashlib.sha256(recording).hexdigest()
    for name, content in pictures.items():
        (tmp_path / f"{name}.png").write_bytes(content)
    artefacts = tuple(
        each.model_copy(update={"sha256": hashlib.sha256(pictures[each.id]).hexdigest()}) for each in report.artefacts
    )
    manifest = report.manifest.model_copy(update={"media_sha256": digest, "models": ()})
    whole = sealed(report.model_copy(update={"artefacts": artefacts, "manifest": manifest}), KEY)
    linked = whole.headline.model_copy(update={"heatmap_url": "heatmap-1.png"})
    (tmp_path / "report.json").write_text(whole.model_copy(update={"headline": linked}).model_dump_json(indent=2))
    return tmp_path


def run(case: Path, *more: str) -> tuple[int, dict[str, str], str]:
    """Exit code, and the state of every subject."""
    ended = CliRunner().invoke(make_app(), ["verify", str(case / "report.json"), "--json", *more])
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    return ended.exit_code, {line["subject"]: line["state"] for line in lines}, ended.stdout


def change(case: Path, edit: Any) -> None:
    written = json.loads((case / "report.json").read_text())
    edit(written)
    (case / "report.json").write_text(json.dumps(written))


def test_a_whole_case_holds(case: Path) -> None:
    code, states, _ = run(case)
    assert code == 0
    assert set(states.values()) == {"holds"}
    assert {"signature", "report", "media", "artefact heatmap-1", "artefact timeline"} <= set(states)
    readable = CliRunner().invoke(make_app(), ["verify", str(case / "report.json")])
    assert "signature: holds" in readable.stdout


@pytest.mark.parametrize(
    ("edit", "subject"),
    [
        (lambda w: w["verdict"].update(p_fake=0.1), "verdict"),
        (lambda w: w["headline"].update(verdict="Real"), "headline"),
        (lambda w: w["evidence"][1]["windows"][3].update(p_fake=0.0), "evidence.audio"),
        (lambda w: w["explanations"][0]["regions"][0].update(share=0.99), "explanations.heatmap.1"),
        (lambda w: w["narrative"]["sentences"][0].update(text="All is well."), "narrative"),
        (lambda w: w["explanations"].pop(0), "explanations.heatmap.1"),
        (lambda w: w["artefacts"][0].update(sha256="0" * 64), "artefacts.timeline"),
        (lambda w: w.update(origin=None), "origin"),
        (lambda w: w["manifest"].update(media_sha256="0" * 64), "signature"),
        (lambda w: w["manifest"]["digests"].update(verdict="0" * 64), "signature"),
        (lambda w: w["seal"].update(signature="AAAA"), "signature"),
    ],
)
def test_what_was_changed_is_named(case: Path, edit: Any, subject: str) -> None:
    change(case, edit)
    code, states, _ = run(case)
    assert code == 1
    assert states[subject] == "changed"


def test_a_forger_who_signs_again_is_known_by_the_key(case: Path) -> None:
    def forge(written: dict[str, Any]) -> None:
        written["headline"]["verdict"] = "Real"
        forged = sealed(Report.model_validate(written), read_key("08" * 32))
        written.update(json.loads(forged.model_dump_json()))

    change(case, forge)
    assert run(case)[0] == 0, "it is consistent in itself"
    code, states, _ = run(case, "--key", public_text(KEY))
    assert (code, states["signature"]) == (1, "changed")


def test_other_files_than_those_examined_are_named(case: Path) -> None:
    (case / "interview.mp4").write_bytes(b"another recording")
    (case / "heatmap-1.png").write_bytes(b"another picture")
    code, states, _ = run(case)
    assert code == 1
    assert {name for name, state in states.items() if state == "changed"} == {"media", "artefact heatmap-1"}


def test_what_is_not_at_hand_is_unchecked(case: Path) -> None:
    (case / "interview.mp4").unlink()
    (case / "timeline.png").unlink()
    code, states, _ = run(case)
    assert code == 0
    assert (states["media"], states["artefact timeline"]) == ("unchecked", "unchecked")


def test_a_name_that_points_elsewhere_is_not_followed(case: Path) -> None:
    def point(written: dict[str, Any]) -> None:
        written["file_name"] = "../../../etc/passwd"
        written["artefacts"][0]["id"] = "../../etc/passwd"

    change(case, point)
    _, states, _ = run(case)
    assert states["media"] == "unchecked"


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"manifest": {}, "seal": null}', "not json"])
def test_what_is_no_sealed_report_is_said_so(tmp_path: Path, content: str) -> None:
    (tmp_path / "report.json").write_text(content)
    assert run(tmp_path)[0] == 2


def test_models_are_compared_with_the_weights_that_are_installed(case: Path) -> None:
    from cli.verify import WEIGHTS

    def name(written: dict[str, Any]) -> None:
        report = Report.model_validate(written)
        right = hashlib.sha256(WEIGHTS["visual.face"].read_bytes()).hexdigest()
        manifest = report.manifest.model_dump(mode="json")
        manifest["models"] = [
            {"name": "visual.face", "version": "1", "sha256": right},
            {"name": "audio.voice", "version": "1", "sha256": "0" * 64},
        ]
        again = sealed(Report.model_validate({**written, "manifest": manifest}), KEY)
        written.update(json.loads(again.model_dump_json()))

    change(case, name)
    code, states, _ = run(case)
    assert code == 1
    assert (states["model visual.face"], states["model audio.voice"]) == ("holds", "changed")
