"""What the language model's endpoint may do, and what the caller is told, over real HTTP."""

from __future__ import annotations

import json
import time
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict

from agents.language.client import MOST_BYTES, OpenAiLanguageModel, answer_format
from agents.language.deadline import within
from core.errors import Misconfigured
from core.ports import Completion, LanguageModel
from core.settings import LlmSettings
from tests.unit.agents.endpoint import KEY, Endpoint, Reply, scripted

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Literal["red", "blue"]
    shade: int = 3


RED = json.dumps({"name": "red", "shade": 2})


def ask(endpoint: Endpoint, *, timeout_s: float = 5.0, max_tokens: int = 64, **changed: object) -> Completion[Colour]:
    return answer(OpenAiLanguageModel(endpoint.settings(**changed)), timeout_s, max_tokens)


def answer(model: LanguageModel, timeout_s: float, max_tokens: int = 64) -> Completion[Colour]:
    return model.complete(
        purpose="colour",
        prompt_id="plan-intent",
        prompt_version=1,
        system="our words",
        user="<untrusted>their words</untrusted>",
        schema=Colour,
        max_tokens=max_tokens,
        timeout_s=timeout_s,
    )


def test_a_good_answer_is_of_the_schema_and_its_cost_is_recorded() -> None:
    with scripted([Reply(RED)]) as endpoint:
        done = ask(endpoint)
    assert done.answer == Colour(name="red", shade=2)
    assert done.call.outcome == "ok"
    assert (done.call.prompt_tokens, done.call.completion_tokens) == (11, 7)
    assert (done.call.purpose, done.call.model, done.call.prompt_id) == ("colour", "scripted", "plan-intent")
    assert 0 < done.call.seconds < 5


def test_what_a_call_cost_is_recorded_where_prices_are_known() -> None:
    with scripted([Reply(RED)]) as endpoint:
        assert ask(endpoint).call.cost is None
        priced = ask(endpoint, prompt_price=2.0, completion_price=10.0)
    assert priced.call.cost == pytest.approx((11 * 2.0 + 7 * 10.0) / 1_000_000)
    with scripted([Reply(RED, usage=False)]) as endpoint:
        assert ask(endpoint, prompt_price=2.0).call.cost is None, "no count, no cost"


def test_the_request_is_bounded_deterministic_and_keeps_our_words_apart_from_theirs() -> None:
    with scripted([Reply(RED)]) as endpoint:
        ask(endpoint, max_tokens=9000)
    (asked,) = endpoint.requests
    assert asked["temperature"] == 0
    assert asked["max_tokens"] == 512
    assert asked["messages"] == [
        {"role": "system", "content": "our words"},
        {"role": "user", "content": "<untrusted>their words</untrusted>"},
    ]
    bound = asked["response_format"]["json_schema"]
    assert bound["strict"] is True
    assert bound["schema"]["additionalProperties"] is False
    assert bound["schema"]["required"] == ["name", "shade"]
    assert endpoint.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "reply",
    [
        Reply("red"),
        Reply('{"name": "green", "shade": 1}'),
        Reply('{"name": "red", "shade": 1, "also": 2}'),
        Reply('{"name": "red", "sha', finish="length"),
        Reply(RED, finish="length"),
        Reply(""),
        Reply(None),
        Reply(body=b"<html>not an endpoint</html>"),
        Reply(body=b'{"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}'),
        Reply(body=b" " * (MOST_BYTES + 10)),
    ],
    ids=[
        "prose",
        "outside the enum",
        "unknown field",
        "cut off",
        "cut off though complete",
        "empty",
        "null",
        "html",
        "no choices",
        "endless",
    ],
)
def test_what_does_not_fit_the_schema_is_malformed(reply: Reply) -> None:
    with scripted([reply]) as endpoint:
        done = ask(endpoint)
    assert done.answer is None
    assert done.call.outcome == "malformed"
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    "reply", [Reply(None, refusal="I cannot help with that."), Reply(RED, finish="content_filter")]
)
def test_a_refusal_is_told_apart(reply: Reply) -> None:
    with scripted([reply]) as endpoint:
        done = ask(endpoint)
    assert (done.answer, done.call.outcome) == (None, "refused")
    assert done.call.completion_tokens == 7


def test_a_transient_fault_is_tried_once_more() -> None:
    with scripted([Reply(status=500), Reply(RED)]) as endpoint:
        done = ask(endpoint)
    assert done.call.outcome == "ok"
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(("status", "attempts"), [(500, 2), (503, 2), (429, 2), (400, 1), (401, 1), (404, 1)])
def test_faults_are_outcomes_and_a_wrong_request_is_not_repeated(status: int, attempts: int) -> None:
    with scripted([Reply(status=status)]) as endpoint:
        done = ask(endpoint)
    assert (done.answer, done.call.outcome) == (None, "unavailable")
    assert len(endpoint.requests) == attempts


def test_a_redirect_is_not_followed() -> None:
    with scripted([Reply(status=307)]) as endpoint:
        assert ask(endpoint).call.outcome == "unavailable"


SLOW = {
    "silent": Reply(RED, wait_s=10.0),
    "dripping": Reply(RED, drip_s=0.2),
    "dripping before the body": Reply(RED, drip_head_s=0.1),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW)
def test_a_slow_endpoint_costs_no_more_than_the_time_allowed(reply: Reply) -> None:
    with scripted([reply]) as endpoint:
        started = time.monotonic()
        done = ask(endpoint, timeout_s=0.5)
        assert time.monotonic() - started < 6
    assert (done.answer, done.call.outcome) == (None, "unavailable")
    assert len(endpoint.requests) == 1


def test_several_calls_share_one_deadline() -> None:
    with scripted([Reply(RED, wait_s=0.4)]) as endpoint:
        model, started = OpenAiLanguageModel(endpoint.settings()), time.monotonic()
        with within(1.0):
            outcomes = [answer(model, 60).call.outcome for _ in range(5)]
        assert time.monotonic() - started < 4
    assert outcomes[-1] == "unavailable"
    assert outcomes[0] == "ok"


def test_the_settings_bound_the_time_too() -> None:
    with scripted([Reply(RED, wait_s=10.0)]) as endpoint:
        started = time.monotonic()
        model = OpenAiLanguageModel(endpoint.settings(timeout_s=0.4))
        done = answer(model, 60)
        assert time.monotonic() - started < 6
    assert done.call.outcome == "unavailable"


def test_nobody_listening_is_unavailable() -> None:
    with scripted([Reply(RED)]) as endpoint:
        pass
    done = ask(endpoint)
    assert (done.answer, done.call.outcome) == (None, "unavailable")
    assert not OpenAiLanguageModel(endpoint.settings()).reachable(0.5)


def test_usage_may_be_missing() -> None:
    with scripted([Reply(RED, usage=False)]) as endpoint:
        done = ask(endpoint)
    assert (done.call.outcome, done.call.prompt_tokens) == ("ok", None)


@pytest.mark.parametrize("name", ["", "auto"])
def test_an_unnamed_model_is_the_first_one_listed(name: str) -> None:
    with scripted([Reply(RED)]) as endpoint:
        model = OpenAiLanguageModel(endpoint.settings(model=name))
        assert model.reachable()
        for _ in range(2):
            done = answer(model, 5)
            assert done.call.model == "first"
    assert {asked["model"] for asked in endpoint.requests} == {"first"}


def test_an_endpoint_that_lists_no_model_is_unavailable() -> None:
    with scripted([Reply(RED)], models=()) as endpoint:
        assert ask(endpoint, model="auto").call.outcome == "unavailable"
    assert endpoint.requests == []


def test_without_an_endpoint_the_deployment_is_wrong() -> None:
    with pytest.raises(Misconfigured):
        OpenAiLanguageModel(LlmSettings())


def test_nested_objects_are_closed_too() -> None:
    class Inner(BaseModel):
        text: str = "x"

    class Outer(BaseModel):
        parts: list[Inner] = []

    schema: Any = answer_format(Outer)["json_schema"]["schema"]
    assert schema["required"] == ["parts"]
    assert schema["$defs"]["Inner"]["additionalProperties"] is False
