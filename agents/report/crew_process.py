"""The crew itself, in a process of its own: a writer words facts, a fact-checker names what it would not sign.

Run as `python -m agents.report.crew_process` with a `CrewOrder` on standard input; writes one `CrewBatch` a line. A
process of its own keeps what CrewAI does on import (environment files, signal handlers, files under the home directory)
away from the worker, and can be ended when its time is up.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

from openai import APIError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from core.types import Frozen, LlmCall
from prompts.library import Prompt, load

if TYPE_CHECKING:
    from crewai import Agent, Task

Outcome = Literal["ok", "unavailable", "malformed"]

WRITER: Final = ("crew-writer", 1)
CHECKER: Final = ("crew-checker", 1)
CHECKER_TOKENS: Final = 64
"""A list of numbers is all that the fact-checker may answer."""
LAST_RESORT_S: Final = 5
"""Should the process not end itself in time, it is ended this much later."""


class CrewOrder(Frozen):
    """What is to be worded, by which model, within which bounds."""

    base_url: str
    model: str
    api_key: str = Field(repr=False)
    call_timeout_s: float
    start_s: float
    """Until CrewAI is imported."""
    work_s: float
    """From then on, for all calls together."""
    max_tokens: int
    batches: tuple[tuple[str, ...], ...]
    """Template sentences, in batches that fit one answer."""


class CrewBatch(Frozen):
    """How one batch went: a sentence for each fact, empty where none was agreed on. Nothing in them is checked yet."""

    outcome: Outcome
    sentences: tuple[str, ...]
    calls: tuple[LlmCall, ...] = ()


def make_answer_schema(facts: int) -> type[BaseModel]:
    """What the writer may answer: one sentence for each finding, none left out and none twice."""
    entries: dict[str, Any] = {f"finding_{number}": (str, ...) for number in range(1, facts + 1)}
    return create_model("Reworded", __config__=ConfigDict(extra="forbid"), **entries)


class Objections(BaseModel):
    """What the fact-checker may answer."""

    model_config = ConfigDict(extra="forbid")

    unsupported: list[int]


def run(order: CrewOrder, out: TextIO) -> None:
    """Word the batches one after the other; an endpoint that cannot be reached ends the work."""
    for facts in order.batches:
        done = word(order, facts)
        out.write(done.model_dump_json() + "\n")
        out.flush()
        if done.outcome == "unavailable":
            return


def word(order: CrewOrder, facts: Sequence[str]) -> CrewBatch:
    """One crew run over one batch: two agents, two tasks, two calls."""
    from crewai import LLM, Agent, Crew, Process, Task

    def agent(prompt: Prompt, answer: type[BaseModel], max_tokens: int) -> Agent:
        model = LLM(
            model=f"openai/{order.model}",
            base_url=order.base_url,
            api_key=order.api_key,
            timeout=order.call_timeout_s,
            max_tokens=max_tokens,
            temperature=0,
            max_retries=0,
            response_format=answer,
        )
        return Agent(
            role=prompt.render("role", {}),
            goal=prompt.render("goal", {}),
            backstory=prompt.render("backstory", {}),
            llm=model,
            allow_delegation=False,
            max_iter=1,
            max_retry_limit=0,
            memory=False,
            cache=False,
            verbose=False,
        )

    writer, checker, answer = load(*WRITER), load(*CHECKER), make_answer_schema(len(facts))
    writing = Task(
        description=writer.render("task", {"facts": facts}),
        expected_output=writer.render("expected", {}),
        agent=agent(writer, answer, order.max_tokens),
    )
    checking = Task(
        description=checker.render("task", {"facts": facts}),
        expected_output=checker.render("expected", {}),
        agent=agent(checker, Objections, min(CHECKER_TOKENS, order.max_tokens)),
        context=[writing],
    )
    crew = Crew(
        agents=[task.agent for task in (writing, checking) if task.agent],
        tasks=[writing, checking],
        process=Process.sequential,
        memory=False,
        cache=False,
        verbose=False,
        tracing=False,
    )
    outcome: Outcome = "ok"
    sentences: tuple[str, ...] = ("",) * len(facts)
    try:
        crew.kickoff()
        sentences = select_agreed(_raw(writing), _raw(checking), len(facts))
    except ValidationError:
        outcome = "malformed"
    except Exception as error:  # noqa: BLE001 - CrewAI raises what its tasks, parsers and clients raise
        outcome = "unavailable" if _is_endpoints_fault(error) else "malformed"
    calls = (
        _call(order.model, writing, WRITER, "write", answer, outcome),
        _call(order.model, checking, CHECKER, "fact_check", Objections, outcome),
    )
    return CrewBatch(outcome=outcome, sentences=sentences, calls=tuple(call for call in calls if call is not None))


def select_agreed(written: str, objected: str, facts: int) -> tuple[str, ...]:
    """The writer's sentences in order, empty where the fact-checker objected.

    Raises: ValidationError when either answer is not of its schema.
    """
    offered = make_answer_schema(facts).model_validate_json(written).model_dump()
    objections = Objections.model_validate_json(objected).unsupported
    numbers = range(1, facts + 1)
    return tuple("" if number in objections else offered[f"finding_{number}"].strip() for number in numbers)


def _raw(task: Task) -> str:
    return "" if task.output is None else str(task.output.raw)


def _call(
    model: str, task: Task, prompt: tuple[str, int], purpose: str, answer: type[BaseModel], failed: Outcome
) -> LlmCall | None:
    """The call behind a task; None when it was never made."""
    asked = None if task.agent is None else task.agent.llm
    if task.start_time is None or asked is None or isinstance(asked, str):
        return None
    usage = asked.get_token_usage_summary()
    ended = task.end_time or datetime.now()  # noqa: DTZ005 - CrewAI keeps local time without a zone
    return LlmCall(
        purpose=purpose,
        prompt_id=prompt[0],
        prompt_version=prompt[1],
        model=model,
        prompt_tokens=usage.prompt_tokens or None,
        completion_tokens=usage.completion_tokens or None,
        seconds=round(max(0.0, (ended - task.start_time).total_seconds()), 3),
        outcome=_outcome(task, answer, failed),
    )


def _outcome(task: Task, answer: type[BaseModel], failed: Outcome) -> Outcome:
    """A task without any answer met what ended the run; one with an answer is judged by it."""
    if task.output is None:
        return failed
    try:
        answer.model_validate_json(str(task.output.raw))
    except ValidationError:
        return "malformed"
    return "ok"


def _is_endpoints_fault(error: BaseException) -> bool:
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, APIError | ConnectionError | TimeoutError):
            return True
        chain = chain.__cause__ or chain.__context__
    return False


def main() -> None:
    """What CrewAI prints goes to standard error, so that standard output holds nothing but batches."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        order = CrewOrder.model_validate_json(sys.stdin.read())
        signal.alarm(ceil(order.start_s))
        import crewai  # noqa: F401 - the model's time does not pay for the import

        # The signal ends the process, whatever an endpoint drips; batches that were written stay written.
        signal.setitimer(signal.ITIMER_REAL, order.work_s)
        run(order, out)
        out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
