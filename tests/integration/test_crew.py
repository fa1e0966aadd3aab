"""The CrewAI writer, run against a scripted endpoint over HTTP: what comes back, what it costs, and how it fails."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agents.report import crew
from agents.report.case_evidence import CaseEvidence
from agents.report.checker import Refusal, check_draft, count_refusals
from agents.report.crew import CrewWriter
from agents.report.crew_process import CrewBatch, select_agreed
from agents.report.facts import Fact, collect_facts
from core.errors import Misconfigured
from core.settings import LlmSettings
from core.types import DecidedBy, Modality, Plan, PlanInputs, Provenance, ReasonCode
from detectors.fusion import weigh
from tasks.app import _configuration as worker_configuration
from tests.fixtures.reports import faces, media, track, voice
from tests.unit.agents.endpoint import KEY, Endpoint, Reply, scripted

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def case_evidence() -> CaseEvidence:
    info, evidence = media(), (faces(0.9, (track(1, 10, 25, 0.9),)), voice(0.85))
    inputs = PlanInputs(
        instruction="", media_kind=info.kind, has_video=True, has_audio=True, duration_s=info.duration_s
    )
    plan = Plan(
        inputs=inputs,
        paths=(Modality.VISUAL, Modality.AUDIO),
        frame_budget=32,
        decided_by=DecidedBy(kind="rules", rule="no_instruction"),
        why="Everything.",
    )
    return CaseEvidence(media=info, plan=plan, verdict=weigh(evidence), evidence=evidence)


@pytest.fixture(scope="module")
def facts(case_evidence: CaseEvidence) -> tuple[Fact, ...]:
    return collect_facts(case_evidence)


def found(asked: dict[str, Any]) -> list[str]:
    """The findings that a request lists."""
    text = asked["messages"][-1]["content"].split("Findings:\n")[1].split("\n\nThis is the expected")[0]
    return [line.split(". ", 1)[1] for line in text.strip().splitlines()]


def is_checker(asked: dict[str, Any]) -> bool:
    return "unsupported" in json.dumps(asked["response_format"])


def reworded(finding: str) -> str:
    """An honest rewording of some findings, a lie about others, nothing about the rest."""
    if finding.startswith("The faces alone score"):
        return finding.replace("The faces alone score", "On their own, the faces are rated")
    if finding.startswith("Face 1 scores"):
        return finding.replace("00:25", "00:52")
    if finding.startswith("The voice alone scores"):
        return finding.replace("scores as synthetic", "does not score as synthetic")
    if finding.startswith("The voice accounts for"):
        return finding.replace("accounts for", "carries")
    if finding.startswith("Between the"):
        return " "
    return finding


def honest_and_not(asked: dict[str, Any]) -> Reply:
    listed = found(asked)
    if is_checker(asked):
        objections = [place for place, text in enumerate(listed, start=1) if text.startswith("The voice accounts for")]
        return Reply(json.dumps({"unsupported": objections}))
    worded = {f"finding_{place}": reworded(text) for place, text in enumerate(listed, start=1)}
    return Reply(json.dumps(worded))


@pytest.fixture(scope="module")
def worked(facts: tuple[Fact, ...]) -> tuple[Endpoint, crew.Draft, float]:
    started = time.monotonic()
    with scripted(honest_and_not) as endpoint:
        draft = CrewWriter(endpoint.settings(timeout_s=30, analysis_s=60)).write(facts)
    return endpoint, draft, time.monotonic() - started


def test_the_crew_words_what_it_can_and_only_honest_wordings_are_published(
    worked: tuple[Endpoint, crew.Draft, float], facts: tuple[Fact, ...]
) -> None:
    _, draft, _ = worked
    assert [each.fact for each in draft.wordings] == list(facts)
    made = check_draft(draft)
    by_model = [each.sentence.text for each in made if each.sentence.provenance is Provenance.LLM]
    assert len(by_model) == 1
    assert by_model[0].startswith("On their own, the faces are rated as manipulated at 90.0 %")
    assert count_refusals(made) == {Refusal.FIGURE_NEW: 1, Refusal.NEGATION: 1}
    for ruling, fact in zip(made, facts, strict=True):
        assert ruling.sentence.citations == fact.citations
        assert ruling.sentence.provenance is Provenance.LLM or ruling.sentence.text == fact.text


def test_a_sentence_the_fact_checker_objects_to_stays_in_the_templates_words(
    worked: tuple[Endpoint, crew.Draft, float],
) -> None:
    _, draft, _ = worked
    (shares,) = [each for each in draft.wordings if each.fact.key == "shares"]
    assert (shares.text, shares.provenance) == (shares.fact.text, Provenance.TEMPLATE)


def test_what_was_left_out_is_said(worked: tuple[Endpoint, crew.Draft, float]) -> None:
    _, draft, _ = worked
    (left_out,) = [each for each in draft.wordings if each.fact.key == "unexamined.between"]
    assert left_out.provenance is Provenance.TEMPLATE
    assert [note.code for note in draft.notes] == [ReasonCode.LLM_UNAVAILABLE]
    assert "every sentence" in draft.notes[0].message


def test_every_call_is_bounded_and_recorded(worked: tuple[Endpoint, crew.Draft, float]) -> None:
    endpoint, draft, _ = worked
    assert len(draft.calls) == len(endpoint.requests)
    assert [call.purpose for call in draft.calls[:2]] == ["write", "fact_check"]
    assert {call.outcome for call in draft.calls} == {"ok"}
    assert {(call.prompt_tokens, call.completion_tokens) for call in draft.calls} == {(11, 7)}
    assert {call.prompt_id for call in draft.calls} == {"crew-writer", "crew-checker"}
    for asked, headers in zip(endpoint.requests, endpoint.headers, strict=True):
        assert asked["max_tokens"] <= 512
        assert asked["temperature"] == 0
        assert asked["response_format"]["json_schema"]["strict"] is True
        assert headers["Authorization"] == f"Bearer {KEY}"


def test_each_agent_has_its_own_words_and_sees_facts_only(
    worked: tuple[Endpoint, crew.Draft, float], facts: tuple[Fact, ...]
) -> None:
    endpoint, _, _ = worked
    writers = [asked for asked in endpoint.requests if not is_checker(asked)]
    checkers = [asked for asked in endpoint.requests if is_checker(asked)]
    assert len(writers) == len(checkers) >= 2
    assert "Report writer" in writers[0]["messages"][0]["content"]
    assert "Fact checker" in checkers[0]["messages"][0]["content"]
    assert [text for asked in writers for text in found(asked)] == [fact.text for fact in facts]
    assert [text for asked in checkers for text in found(asked)] == [fact.text for fact in facts]


def test_an_endpoint_that_breaks_off_leaves_the_template_and_the_calls(facts: tuple[Fact, ...]) -> None:
    def script(asked: dict[str, Any]) -> Reply:
        if len(endpoint.requests) == 1:
            return Reply("I would rather write a poem.")
        return Reply('{"unsupported": []}') if is_checker(asked) else Reply(status=500)

    with scripted(script) as endpoint:
        draft = CrewWriter(endpoint.settings(timeout_s=30)).write(facts)
    assert [each.text for each in draft.wordings] == [fact.text for fact in facts]
    assert {each.provenance for each in draft.wordings} == {Provenance.TEMPLATE}
    assert [note.code for note in draft.notes] == [ReasonCode.LLM_UNAVAILABLE]
    assert "template's words" in draft.notes[0].message
    assert [call.outcome for call in draft.calls] == ["malformed", "ok", "unavailable"]


def test_nobody_listening_costs_nothing(facts: tuple[Fact, ...]) -> None:
    with scripted([Reply("{}")]) as endpoint:
        pass
    started = time.monotonic()
    draft = CrewWriter(endpoint.settings()).write(facts)
    assert time.monotonic() - started < 5
    assert {each.provenance for each in draft.wordings} == {Provenance.TEMPLATE}
    assert [note.code for note in draft.notes] == [ReasonCode.LLM_UNAVAILABLE]
    assert draft.calls == ()


def test_the_crew_is_ended_when_its_time_is_up(facts: tuple[Fact, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "START_S", 0.2)
    with scripted([Reply("{}")]) as endpoint:
        started = time.monotonic()
        draft = CrewWriter(endpoint.settings(timeout_s=0.2, analysis_s=0.2)).write(facts)
        assert time.monotonic() - started < 10
    assert {each.provenance for each in draft.wordings} == {Provenance.TEMPLATE}
    assert [note.code for note in draft.notes] == [ReasonCode.LLM_UNAVAILABLE]


def test_no_endpoint_holds_the_crew_longer_than_the_analysis_has_for_its_model(
    facts: tuple[Fact, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A stand-in for CrewAI that waits for ever, as for an endpoint that drips; the clock ends it, not a timeout."""
    (tmp_path / "crewai").mkdir()
    (tmp_path / "crewai" / "__init__.py").write_text(
        "import time\nAgent = Crew = Process = Task = object\ndef LLM(**_):\n    time.sleep(900)\n"
    )
    given = crew._build_environment

    def with_stand_in(home: str) -> dict[str, str]:
        environment = given(home)
        return {**environment, "PYTHONPATH": f"{tmp_path}:{environment['PYTHONPATH']}"}

    monkeypatch.setattr(crew, "_build_environment", with_stand_in)
    with scripted([Reply("{}")]) as endpoint:
        started = time.monotonic()
        draft = CrewWriter(endpoint.settings(timeout_s=500, analysis_s=1.0)).write(facts)
        assert time.monotonic() - started < 120, "far less than a call may take"
    assert {each.provenance for each in draft.wordings} == {Provenance.TEMPLATE}
    assert [note.code for note in draft.notes] == [ReasonCode.LLM_UNAVAILABLE]


def test_the_crews_process_is_given_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB__URL", "postgresql://secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    given = crew._build_environment("/nowhere")
    assert "secret" not in json.dumps(given)
    assert given["HOME"] == "/nowhere"
    assert given["CREWAI_DISABLE_TELEMETRY"] == "true"
    assert given["CREWAI_TRACING_ENABLED"] == "false"


def test_an_answer_is_taken_by_number_where_nobody_objected() -> None:
    written = json.dumps({"finding_1": "A.", "finding_2": " ", "finding_3": "C."})
    assert select_agreed(written, '{"unsupported": [3, 9, -1]}', facts=3) == ("A.", "", "")


@pytest.mark.parametrize(
    ("written", "objected"),
    [
        ('{"finding_1": "A."}', '{"unsupported": []}'),
        ('{"finding_1": "A.", "finding_2": "B.", "finding_3": "C."}', '{"unsupported": []}'),
        ('{"finding_1": "A.", "finding_2": 2}', '{"unsupported": []}'),
        ('{"finding_1": "A.", "finding_2": "B."}', '{"unsupported": "none"}'),
        ('{"finding_1": "A.", "finding_2": "B."}', ""),
    ],
)
def test_an_answer_out_of_form_is_no_answer(written: str, objected: str) -> None:
    with pytest.raises(ValidationError):
        select_agreed(written, objected, facts=2)


@pytest.mark.parametrize("max_tokens", [16, 128, 512, 4096])
def test_batches_keep_every_fact_in_order_and_fit_an_answer(max_tokens: int, facts: tuple[Fact, ...]) -> None:
    batches = crew._make_batches(facts, max_tokens)
    assert tuple(fact for batch in batches for fact in batch) == facts
    for batch in batches:
        cost = sum(crew.ENTRY_TOKENS + len(fact.text) / crew.CHARACTERS_A_TOKEN for fact in batch)
        assert len(batch) == 1 or Decimal(cost) <= max_tokens


def test_output_that_was_cut_off_keeps_what_came_before() -> None:
    whole = CrewBatch(outcome="ok", sentences=("A.",)).model_dump_json().encode()
    assert tuple(crew._read(whole + b"\n" + whole[:20])) == (CrewBatch(outcome="ok", sentences=("A.",)),)


def test_a_crew_that_is_not_installed_is_a_wrong_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "find_spec", lambda name: None)
    with pytest.raises(Misconfigured, match="writer_not_installed") as refused:
        CrewWriter(LlmSettings(base_url="http://127.0.0.1:1/v1"))
    assert "make setup-crew" in refused.value.public_message
    monkeypatch.setenv("LLM__WRITER", "crew")
    for name in ("DB__URL", "BROKER__URL", "BLOBS__ENDPOINT", "BLOBS__ACCESS_KEY", "BLOBS__SECRET_KEY"):
        monkeypatch.setenv(name, "nowhere")
    with pytest.raises(Misconfigured, match="writer_not_installed"):
        worker_configuration()


def test_a_crew_without_an_endpoint_is_a_wrong_deployment() -> None:
    with pytest.raises(Misconfigured):
        CrewWriter(LlmSettings())
