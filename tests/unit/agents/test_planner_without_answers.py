"""The planner against an endpoint that misbehaves, over real HTTP: bounded, complete, and the reason recorded."""

from __future__ import annotations

import json
import time

import pytest

from agents.analysis.planner import decide
from agents.language.client import MOST_BYTES, OpenAiLanguageModel
from core.types import PlanInputs, ReasonCode
from tests.fixtures.reports import media
from tests.unit.agents.endpoint import Reply, scripted
from tests.unit.agents.worker import ID, FakeWorker

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

UNSURE = "does it ring a bell"
GOOD = json.dumps({"asks": "examine", "subject": "sound", "effort": "usual"})
FAULTS = {
    "slow": (Reply(GOOD, wait_s=30.0), "unavailable"),
    "dripping": (Reply(GOOD, drip_s=0.5), "unavailable"),
    "500": (Reply(status=500), "unavailable"),
    "429": (Reply(status=429), "unavailable"),
    "401": (Reply(status=401), "unavailable"),
    "prose": (Reply("I would say the sound."), "malformed"),
    "broken json": (Reply('{"asks": "exam'), "malformed"),
    "empty": (Reply(""), "malformed"),
    "nothing": (Reply(body=b""), "malformed"),
    "wrong schema": (Reply('{"verdict": "real"}'), "malformed"),
    "outside the lists": (Reply('{"asks": "examine", "subject": "nothing", "effort": "none"}'), "malformed"),
    "more than asked": (Reply(GOOD[:-1] + ', "paths": []}'), "malformed"),
    "a list": (Reply(f"[{GOOD}]"), "malformed"),
    "cut off": (Reply(GOOD, finish="length"), "malformed"),
    "endless": (Reply(body=b'{"id":"' + b"x" * (MOST_BYTES + 10)), "malformed"),
    "refuses": (Reply(None, refusal="I cannot use response formats or tools."), "refused"),
    "filtered": (Reply(GOOD, finish="content_filter"), "refused"),
}


def inputs() -> PlanInputs:
    info = media()
    return PlanInputs(
        instruction=UNSURE, media_kind=info.kind, has_video=True, has_audio=True, duration_s=info.duration_s
    )


@pytest.mark.parametrize(("reply", "outcome"), FAULTS.values(), ids=FAULTS)
def test_a_fault_leaves_the_rules_plan_in_bounded_time(reply: Reply, outcome: str) -> None:
    by_rules = decide(inputs(), None).plan  # before the clock runs: a process's first reading compiles its patterns
    with scripted([reply]) as endpoint:
        model = OpenAiLanguageModel(endpoint.settings(timeout_s=2.0))
        started = time.monotonic()
        decision = decide(inputs(), model)
        took_s = time.monotonic() - started
    assert decision.plan == by_rules
    assert [call.outcome for call in decision.calls] == [outcome]
    assert took_s < 12, "2 s are allowed; the rest is for a machine that is busy otherwise"


def test_nobody_there_is_no_reason_to_fail() -> None:
    with scripted([Reply(GOOD)]) as endpoint:
        pass
    decision = decide(inputs(), OpenAiLanguageModel(endpoint.settings(timeout_s=2.0)))
    assert decision.plan == decide(inputs(), None).plan
    assert [call.outcome for call in decision.calls] == ["unavailable"]


@pytest.mark.parametrize("fault", ["500", "wrong schema", "refuses"])
def test_the_report_is_complete_and_says_what_the_model_failed_at(fault: str) -> None:
    reply, outcome = FAULTS[fault]
    with scripted([reply]) as endpoint:
        worker = FakeWorker(instruction=UNSURE, llm=OpenAiLanguageModel(endpoint.settings(timeout_s=5.0)))
        worker.run()
    report = worker.case.report(ID)
    assert report is not None
    assert report.plan.decided_by.kind == "rules"
    assert [(call.purpose, call.outcome) for call in report.llm_calls] == [("plan", outcome)]
    assert ReasonCode.LLM_UNAVAILABLE in {note.code for note in report.narrative.notes}
