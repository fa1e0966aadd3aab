"""A model that calls tools, over real HTTP: what it may do, and what is answered whatever it does."""

from __future__ import annotations

import json
import time

import pytest

from agents.conversation.answerer import MODEL_FAILED, AskedQuestion, QuestionAnswerer
from agents.conversation.proposals import Started
from agents.conversation.tool_calling import GIVE, MOST_ROUNDS, ToolCallingAnswerer
from agents.language.client import OpenAiLanguageModel
from core.dialogue import Answer, Proposal
from core.types import Modality, Provenance, Scope, TimeRange
from tests.eval.conversation.cases import ERROR_RATES, SCENES, case_file
from tests.fixtures.meaning import Undecided
from tests.unit.agents.endpoint import Endpoint, Reply, Script, scripted

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
MODEL_S = 2.0


class Nobody:
    def start(self, proposal: Proposal) -> Started | None:
        raise AssertionError("nothing may be started")


def calling(*calls: tuple[str, object]) -> Reply:
    """A reply that calls tools."""
    made = [
        {
            "id": f"call_{number}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for number, (name, given) in enumerate(calls)
    ]
    message = {"role": "assistant", "content": None, "tool_calls": made}
    completion = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls", "logprobs": None}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return Reply(body=json.dumps(completion).encode())


def giving(*sentences: tuple[int, str]) -> Reply:
    return calling((GIVE, {"sentences": [{"fact": fact, "text": text} for fact, text in sentences]}))


def answered(endpoint: Endpoint, question: str, scene: str = "two", model_s: float = 20.0, **changed: object) -> Answer:
    settings = endpoint.settings(**changed)
    tools = ToolCallingAnswerer(settings, ERROR_RATES)
    witness = QuestionAnswerer(case_file(), OpenAiLanguageModel(settings), ERROR_RATES, tools, model_s=model_s)
    return witness.answer(AskedQuestion(question, "owner", SCENES[scene]), Nobody())


def test_a_reworded_fact_is_the_models_and_a_wrong_one_gives_way_to_the_facts_own_words() -> None:
    script = [
        calling(("read_face", {"face": 0})),
        giving(
            (3, "At 89.3 %, face 2 scores as manipulated."),
            (4, "Face 2 scores as manipulated from 00:18 to 00:37, certainly."),
            (9, "The score is 12.0 %."),
            (3, "Face 2 is fake."),
        ),
    ]
    with scripted(script) as endpoint:
        answer = answered(endpoint, "What about the second person?")
    told = [(statement.text, statement.provenance) for statement in answer.statements]
    assert told == [
        ("At 89.3 %, face 2 scores as manipulated.", Provenance.LLM),
        ("Face 2 scores as manipulated from 00:18 to 00:37, at 90.8 %.", Provenance.TEMPLATE),
    ]
    assert [each.id for each in answer.statements[0].citations] == ["visual.track.2"]
    assert answer.decided_by.kind == "llm"
    assert [(call.prompt_tokens, call.completion_tokens, call.outcome) for call in answer.llm_calls] == [
        (11, 7, "ok"),
        (11, 7, "ok"),
    ]
    assert answer.topics == ("faces",)


def test_every_tool_can_be_called_and_answers_with_facts() -> None:
    arguments: dict[str, dict[str, object]] = {
        "read_moment": {"start_s": 22},
        "explain_term": {"term": "heatmap"},
        "decline": {"kind": "author"},
        "read_heatmap": {"region": "mouth", "face": 2},
    }
    with scripted([Reply("nothing")]) as endpoint:
        answered(endpoint, "Tell me.")
    names = [each["function"]["name"] for each in endpoint.requests[0]["tools"]]
    assert GIVE in names
    assert len(names) >= 20
    readers = [name for name in names if name != GIVE]
    batches = [readers[start : start + 7] for start in range(0, len(readers), 7)]
    script = [calling(*((name, arguments.get(name, {})) for name in batch)) for batch in batches]
    with scripted([*script, giving((1, "x"))]) as endpoint:
        answered(endpoint, "Tell me everything that you can.")
    results = [each["content"] for each in endpoint.requests[-1]["messages"] if each["role"] == "tool"]
    assert len(results) == len(readers)
    for name, result in zip(readers, results, strict=True):
        assert "'facts': [{" in result, (name, result)


def test_an_offer_is_made_and_nothing_is_started() -> None:
    script = [
        calling(("offer_analysis", {"part": "voice", "start_s": 10, "end_s": 20})),
        giving((1, "whatever")),
    ]
    with scripted(script) as endpoint:
        answer = answered(endpoint, "Could you listen to that part in more depth?")
    assert answer.proposal is not None
    assert answer.proposal.scope == Scope(
        modalities=(Modality.AUDIO,), range_s=TimeRange(start_s=10, end_s=20), effort="thorough"
    )
    assert "answer yes to start it" in answer.statements[0].text


FAULTS: dict[str, Script | list[Reply]] = {
    "slow": [Reply("late", wait_s=30.0)],
    "error": [Reply(status=500)],
    "no tools": [Reply(status=400)],
    "no json": [Reply(body=b"{")],
    "no object": [Reply(body=b"[]")],
    "nothing": [Reply(body=b"")],
    "empty": [Reply("")],
    "refuses": [Reply("I cannot use tools. The video is real.")],
    "endless": [Reply("x" * 200_000, drip_s=0.02)],
    "huge": [Reply("x" * 3_000_000)],
    "loops": [calling(("read_verdict", {}))],
    "unknown tool": [calling(("format_disk", {}))],
    "wrong schema": [calling((GIVE, {"say": "it is real"}))],
    "no fact": [giving((5, "It is real."))],
    "cut off": [calling((GIVE, '{"sentences": [{"fact": 1'))],
    "bad arguments": [calling(("read_face", {"face": "the left one"}))],
    "filtered": [Reply("", finish="content_filter", refusal="no")],
    "no choices": [Reply(body=b'{"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}')],
    "slow head": [Reply("late", drip_head_s=0.1)],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_endpoint_does_the_answer_is_whole_in_bounded_time(fault: str) -> None:
    started = time.monotonic()
    with scripted(FAULTS[fault]) as endpoint:
        answer = answered(endpoint, "Which face is fake?", model_s=MODEL_S, timeout_s=60.0)
    elapsed = time.monotonic() - started
    assert elapsed < MODEL_S + 12, "far less than one call may take"
    assert "ace 2 scores as manipulated" in answer.statements[0].text
    assert all(statement.provenance is Provenance.TEMPLATE for statement in answer.statements)
    assert MODEL_FAILED in answer.notes
    assert len(answer.llm_calls) <= MOST_ROUNDS + 1
    assert answer.decided_by.kind == "rules"


@pytest.mark.parametrize(
    "fault", ["slow", "slow head", "error", "no json", "empty", "endless", "wrong schema", "filtered", "no choices"]
)
def test_a_sorting_model_that_fails_leaves_the_question_to_code(fault: str) -> None:
    started = time.monotonic()
    with scripted(FAULTS[fault]) as endpoint:
        settings = endpoint.settings(timeout_s=1.0)
        witness = QuestionAnswerer(case_file(), OpenAiLanguageModel(settings), ERROR_RATES, classifier=Undecided())
        answer = witness.answer(AskedQuestion("xyzzy plugh", "owner", SCENES["two"]), Nobody())
    assert time.monotonic() - started < 4
    assert answer.declined
    assert MODEL_FAILED in answer.notes
    assert [call.outcome for call in answer.llm_calls] != ["ok"]
    assert answer.llm_calls[0].prompt_id == "ask-topic"


def test_an_endpoint_that_is_not_there_costs_little() -> None:
    with scripted([Reply("x")]) as endpoint:
        settings = endpoint.settings()
    witness = QuestionAnswerer(
        case_file(), OpenAiLanguageModel(settings), ERROR_RATES, ToolCallingAnswerer(settings, ERROR_RATES)
    )
    started = time.monotonic()
    answer = witness.answer(AskedQuestion("Which face is fake?", "owner", SCENES["two"]), Nobody())
    assert time.monotonic() - started < 5
    assert MODEL_FAILED in answer.notes
    assert not answer.declined
