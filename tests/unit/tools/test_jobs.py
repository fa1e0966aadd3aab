"""The tools that record work, called by a model over real HTTP and by nobody else's hand."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr, ValidationError

from core.jobs import KINDS
from core.settings import SamplingSettings
from core.types import Check, FaceExamination, FrameSampling, TimeRange, VoiceRecheck
from tests.fixtures.ports import MemoryLedger, MemoryQueue
from tests.unit.agents.endpoint import KEY, Reply, scripted
from tests.unit.agents.test_toolcalling import calling
from tools.jobs import (
    JOB_TOOLS,
    Wave,
    examine_faces,
    explain_faces,
    explain_verdict,
    explain_voice,
    recheck_voice,
    sample_frames,
    send_wave,
    write_documents,
)

ID = "an_1"
NAMED = {tool.name: tool for tool in JOB_TOOLS}
SAMPLING = SamplingSettings(chunk_frames=2, frame_budget=4)


def wave(ledger: MemoryLedger) -> Wave:
    return Wave(ledger, SAMPLING, ID, 4)


def asked_by_model(base_url: str, ledger: MemoryLedger) -> list[ToolMessage]:
    """One round: the model is shown the tools, and what it calls is called."""
    model = ChatOpenAI(model="scripted", base_url=base_url, api_key=SecretStr(KEY), max_retries=0)
    reply = model.bind_tools(list(JOB_TOOLS)).invoke([HumanMessage("Look closer.")])
    assert isinstance(reply, AIMessage)
    return [
        NAMED[call["name"]].invoke({**call, "args": {**call["args"], "wave": wave(ledger)}, "type": "tool_call"})
        for call in reply.tool_calls
    ]


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_that_calls_tools_records_typed_jobs() -> None:
    ledger = MemoryLedger()
    script: list[Reply] = [
        calling(
            ("sample_frames", {"range_s": {"start_s": 3, "end_s": 5.5}, "budget": 100}),
            ("examine_faces", {"frame_indexes": [0, 2, 4]}),
            ("recheck_voice", {"checks": ["trim_silence"]}),
            ("explain_verdict", {}),
        )
    ]
    with scripted(script) as endpoint:
        answers = asked_by_model(endpoint.base_url, ledger)
    (request,) = endpoint.requests
    shown = {each["function"]["name"]: each["function"] for each in request["tools"]}
    assert set(shown) == set(NAMED)
    for name, function in shown.items():
        assert len(function["description"]) > 30, name
        assert "wave" not in str(function["parameters"].get("properties")), "a model never says whose jobs they are"
    assert shown["recheck_voice"]["parameters"]["required"] == ["checks"]
    assert [answer.status for answer in answers] == ["success"] * 4
    recorded = {job.spec.id: KINDS[job.spec.task].read(job.spec) for job in ledger.jobs.values()}
    assert recorded == {
        f"{ID}:4:prepare.frames": FrameSampling(range_s=TimeRange(start_s=3, end_s=5.5), budget=8),
        f"{ID}:4:visual.detect:0": FaceExamination(frame_indexes=(0, 2)),
        f"{ID}:4:visual.detect:1": FaceExamination(frame_indexes=(4,)),
        f"{ID}:4:audio.recheck": VoiceRecheck(checks=(Check.TRIM_SILENCE,)),
        f"{ID}:4:explain.fusion": KINDS["explain.fusion"].payload(),
    }
    assert f"{ID}:4:visual.detect:1" in str(answers[1].content)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (sample_frames, {"range_s": {"start_s": 5, "end_s": 3}, "budget": 4}),
        (sample_frames, {"range_s": {"start_s": 1, "end_s": 3}, "budget": 0}),
        (sample_frames, {"range_s": "the beginning", "budget": 4}),
        (examine_faces, {"frame_indexes": ["all"]}),
        (examine_faces, {"frame_indexes": []}),
        (recheck_voice, {"checks": ["hum"]}),
    ],
)
def test_arguments_that_are_not_of_a_tools_schema_record_nothing(tool: Any, arguments: dict[str, object]) -> None:
    ledger = MemoryLedger()
    with pytest.raises(ValidationError):
        tool.invoke({"wave": wave(ledger), **arguments})
    assert ledger.jobs == {}


def test_calling_a_tool_twice_is_calling_it_once() -> None:
    ledger = MemoryLedger()
    first, second = (examine_faces.invoke({"wave": wave(ledger), "frame_indexes": [7]}) for _ in range(2))
    assert first == second == list(ledger.jobs) == [f"{ID}:4:visual.detect"]


def test_the_report_is_not_a_models_to_write() -> None:
    assert write_documents.name not in NAMED


def test_what_people_look_at_first_is_begun_first() -> None:
    ledger, queue = MemoryLedger(), MemoryQueue()
    at = {"wave": wave(ledger)}
    recheck_voice.invoke({**at, "checks": [Check.TRIM_SILENCE]})
    for tool in (explain_verdict, explain_voice, explain_faces):
        tool.invoke(at)
    send_wave(ledger, queue, ID, 4)
    tasks = [task for task, _ in queue.sent]
    assert (tasks[0], tasks[-1]) == ("explain.visual", "audio.recheck")
    assert set(tasks[1:-1]) == {"explain.audio", "explain.fusion"}
