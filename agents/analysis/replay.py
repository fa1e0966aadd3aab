"""Makes a stored decision again, on the inputs that its plan kept, and says whether it comes out the same."""

from __future__ import annotations

from typing import Any, Final, Literal

from agents.analysis.planner import PROMPT_VERSION, decide
from agents.analysis.reserve import widened
from core.ports import Completion, LanguageModel
from core.types import LlmCall, Plan, Replay

_DECIDED: Final = tuple(name for name in Plan.model_fields if name != "inputs")


class _StoredAnswer:
    """Stands in for the model that was asked: answers as it did then."""

    def __init__(self, plan: Plan) -> None:
        self._decided_by = plan.decided_by

    def complete(
        self, *, purpose: str, prompt_id: str, prompt_version: int, schema: Any, **_: object
    ) -> Completion[Any]:
        model = self._decided_by.model or "unknown"
        call = LlmCall(
            purpose=purpose,
            prompt_id=prompt_id,
            prompt_version=prompt_version,
            model=model,
            prompt_tokens=0,
            completion_tokens=0,
            seconds=0.0,
            outcome="ok",
        )
        return Completion(schema.model_validate(self._decided_by.answer), call)


def replay(stored: Plan, llm: LanguageModel | None) -> Replay:
    """The decision under today's rules and prompt.

    A plan that a model had a part in is replayed with the answer that it gave, where it was kept and the prompt is the
    same: that shows whether the code still makes the same of it. Otherwise `llm` is asked again, if there is one.
    """
    kept = stored.decided_by
    asked: Literal["no_model", "stored_answer", "model"] = "no_model" if llm is None else "model"
    model = llm
    if kept.kind == "rules":
        # Rules that were unsure and found no model, or one that failed, stand for themselves.
        model, asked = None, "no_model"
    elif kept.answer is not None and kept.prompt_version == PROMPT_VERSION:
        model, asked = _StoredAnswer(stored), "stored_answer"
    decision = decide(stored.inputs, model)
    again = decision.plan
    if (spread := stored.widened) is not None:
        again = widened(again, spread.outcome, is_thin=spread.is_thin) or again
    differs = tuple(name for name in _DECIDED if getattr(stored, name) != getattr(again, name))
    calls = decision.calls if asked == "model" else ()
    return Replay(same=not differs, differs=differs, stored=stored, again=again, asked=asked, calls=calls)
