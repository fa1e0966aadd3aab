"""The other modality, where the one that was asked for does not settle it and nobody excluded it. Plain rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.analysis.planner import checks_for, explanations_for
from agents.instructions import EVERYTHING
from agents.report import rests_on_little
from core.types import Evidence, Modality, Outcome, Plan, ReasonCode, Scored, Widening

_PART: Final = {Modality.VISUAL: "picture", Modality.AUDIO: "sound"}


def widen(plan: Plan, evidence: Sequence[Evidence]) -> Plan | None:
    """The plan with the modality that it holds in reserve; None when there is none or it is not needed.

    Args:
        evidence: of what was asked for, after all that may be spent on it.
    """
    if plan.in_reserve is None or plan.widened is not None:
        return None
    asked = next((each for each in evidence if each.modality in plan.paths), None)
    if asked is None:
        return None
    outcome = asked.finding.outcome if isinstance(asked.finding, Scored) else None
    return widened(plan, outcome, is_thin=rests_on_little(asked))


def widened(plan: Plan, outcome: Outcome | None, *, is_thin: bool) -> Plan | None:
    """The same of what it is decided on: the plan that was decided and these two make the decision again."""
    other = plan.in_reserve
    if other is None or not (is_thin or outcome in (None, Outcome.INCONCLUSIVE)):
        return None
    asked = next(_PART[path] for path in EVERYTHING if path is not other)
    found = "could not be scored" if outcome is None else "leaves it open" if not is_thin else "rests on little"
    why = f"The {asked} alone {found}, so the {_PART[other]} is examined too."
    paths = tuple(path for path in EVERYTHING if path in (*plan.paths, other))
    return plan.model_copy(
        update={
            "paths": paths,
            "frame_budget": plan.frame_budget + (plan.reserve_frames if other is Modality.VISUAL else 0),
            "explanations": explanations_for(paths) if plan.explanations else (),
            "checks": tuple(checks_for(paths, plan.inputs, plan.effort)),
            "masked": tuple(reason for reason in plan.masked if reason.code is not ReasonCode.NOT_REQUESTED),
            "why": f"{plan.why} {why}",
            "widened": Widening(path=other, outcome=outcome, is_thin=is_thin, why=why),
        }
    )
