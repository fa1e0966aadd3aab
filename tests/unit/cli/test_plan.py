"""The planner from the command line: one instruction, one plan, one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.plan import EXIT_UNUSABLE, plan
from core.types import Modality, Plan, ReasonCode, TimeRange
from tests.unit.agents.endpoint import Reply, scripted

APP = typer.Typer()
APP.command()(plan)


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLM__BASE_URL", raising=False)


def plans(*arguments: str, given: str | None = None) -> list[Plan]:
    result = CliRunner().invoke(APP, list(arguments), input=given)
    assert result.exit_code == 0, result.output
    return [Plan.model_validate_json(line) for line in result.stdout.splitlines()]


def test_an_instruction_gives_its_plan() -> None:
    (made,) = plans("only check the voice", "--duration", "30")
    assert made.paths == (Modality.AUDIO,)
    assert made.inputs.duration_s == 30
    assert made.decided_by.kind == "rules"


def test_the_file_may_lack_sound_or_picture() -> None:
    (made,) = plans("", "--no-audio")
    assert [reason.code for reason in made.masked] == [ReasonCode.NO_AUDIO_STREAM]
    (made,) = plans("", "--no-video")
    assert made.paths == (Modality.AUDIO,)


@pytest.mark.parametrize(("kind", "paths"), [("image", (Modality.VISUAL,)), ("audio", (Modality.AUDIO,))])
def test_the_kind_decides_what_the_file_holds(kind: str, paths: tuple[Modality, ...]) -> None:
    (made,) = plans("check everything", "--kind", kind)
    assert made.paths == paths


def test_a_file_of_instructions_gives_a_line_each_empty_ones_included(tmp_path: Path) -> None:
    listed = tmp_path / "asked.txt"
    listed.write_text("only the face\n\nnur die Stimme\n", encoding="utf-8")
    made = plans("--from", str(listed))
    assert [each.inputs.instruction for each in made] == ["only the face", "", "nur die Stimme"]
    assert [each.paths for each in plans("--from", "-", given=listed.read_text(encoding="utf-8"))] == [
        each.paths for each in made
    ]


def test_options_say_what_to_examine() -> None:
    (made,) = plans("--only", "voice", "--from", "0:10", "--to", "99", "--effort", "thorough", "--no-explanations")
    assert (made.paths, made.effort, made.explanations) == ((Modality.AUDIO,), "thorough", ())
    assert made.range_s == TimeRange(start_s=10, end_s=60)
    assert made.inputs.scope is not None
    (outweighed,) = plans("only check the voice", "--only", "faces")
    assert outweighed.paths == (Modality.VISUAL,)


def test_lines_may_hold_a_scope() -> None:
    lines = '{"text": "check it", "scope": {"modalities": ["visual"]}}\n{"text": ""}\n'
    result = CliRunner().invoke(APP, ["--json", "--from", "5"], input=lines)
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["paths"], first["range_s"]) == (["visual"], None)
    assert (second["paths"], second["range_s"]) == (["visual", "audio"], [5.0, None])
    assert {"paths", "range_s", "decided_by", "why"} == set(first)


@pytest.mark.parametrize("arguments", [[], ["x", "--from", "y"], ["--from", "absent.txt"]])
def test_nothing_to_plan_is_said(arguments: list[str]) -> None:
    result = CliRunner().invoke(APP, arguments)
    assert result.exit_code == EXIT_UNUSABLE
    assert result.stdout == ""


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_named_in_the_environment_is_asked_unless_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted([Reply(json.dumps({"asks": "examine", "subject": "sound", "effort": "usual"}))]) as endpoint:
        monkeypatch.setenv("LLM__BASE_URL", endpoint.base_url)
        (made,) = plans("banana banana banana")
        (by_rules,) = plans("banana banana banana", "--no-llm")
    assert (made.decided_by.kind, made.paths) == ("llm", (Modality.AUDIO,))
    assert by_rules.decided_by.kind == "rules"
    assert len(endpoint.requests) == 1
