"""Decides which paths are examined, how hard and where in time. Rules first; a model is asked only about plain words.

The decision is a function of `PlanInputs`, which the plan stores: running it again on them replays it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from agents.instructions import EVERYTHING, InstructionReading, read_instruction
from core.figures import clock_range
from core.media import is_long
from core.ports import Completion, LanguageModel
from core.types import (
    Check,
    DecidedBy,
    Effort,
    ExplanationKind,
    LlmCall,
    MediaKind,
    Modality,
    Plan,
    PlanInputs,
    Reason,
    Scope,
    TimeRange,
)
from prompts.library import load

RULES_VERSION: Final = 7
"""Changes when the rules or their words do: a plan says which were in force."""
PROMPT_ID: Final = "plan-intent"
PROMPT_VERSION: Final = 2
LEAST_WORDS: Final = 3
ANSWER_TOKENS: Final = 40
ANSWER_TIMEOUT_S: Final = 20.0
LEAST_FRAMES: Final = 8
QUICK_SHARE: Final = 4
THOROUGH_FACTOR: Final = 2


class Intent(BaseModel):
    """What a model may answer about an instruction: three words out of closed lists."""

    model_config = ConfigDict(extra="forbid")

    asks: Literal["examine", "other"]
    subject: Literal["picture", "sound", "both"]
    effort: Effort


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan, and the model calls it took."""

    plan: Plan
    calls: tuple[LlmCall, ...] = ()


@dataclass(frozen=True, slots=True)
class _Understood:
    """How the scope that was given and the words were read together; the fields that were given outweigh the words."""

    reading: InstructionReading
    decided_by: DecidedBy
    why: str
    calls: tuple[LlmCall, ...] = ()


WANTED: Final[dict[str, tuple[Modality, ...]]] = {
    "picture": (Modality.VISUAL,),
    "sound": (Modality.AUDIO,),
    "both": EVERYTHING,
}
_EXPLAINED: Final = {Modality.VISUAL: ExplanationKind.FACES, Modality.AUDIO: ExplanationKind.VOICE}


class Sentences(BaseModel):
    """What a plan says of itself, in `sentences.yaml`: why, by rule and by a model's answer; why a part is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: dict[str, str]
    model: dict[str, str]
    absent: dict[Modality, Reason]
    unreadable: dict[Modality, Reason]
    not_asked: dict[Modality, Reason]
    out_of_scope: dict[Modality, Reason]


_SAYS: Final = Sentences.model_validate(yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text("utf-8")))


def decide(inputs: PlanInputs, llm: LanguageModel | None) -> Decision:
    """The plan for these inputs.

    Args:
        inputs: the fields of their scope outweigh the words of their instruction.
        llm: asked only when the rules find no clear answer in the words and the scope names no modality; when it is
            absent or fails, everything that the file holds is examined.
    """
    understood = _understand(inputs, llm)
    scope, why = understood.reading.scope, understood.why
    wanted, effort = scope.modalities or EVERYTHING, scope.effort or "usual"
    available = tuple(path for path in EVERYTHING if _is_present(path, inputs))
    paths = tuple(path for path in EVERYTHING if path in wanted and path in available)
    if not paths and available:
        paths = available
        why = f"{why} The file does not hold it, so what it does hold is examined instead."
    span = None if inputs.media_kind is MediaKind.IMAGE else _clip(scope.range_s, inputs.duration_s)
    if span is not None:
        why = f"{why} Only {clock_range(span.start_s, span.end_s)} is examined."
    why = " ".join((why, *understood.reading.declined))
    return Decision(
        Plan(
            inputs=inputs,
            paths=paths,
            effort=effort,
            frame_budget=_budget(paths, inputs, effort),
            first_look=_first_look(paths, inputs, effort),
            further_frames=_further(paths, inputs, effort),
            in_reserve=(spare := _spare(understood.reading, paths, available)),
            reserve_frames=_budget((spare,), inputs, effort) if spare else 0,
            range_s=span,
            explanations=explanations_for(paths, scope.explanations),
            checks=tuple(checks_for(paths, inputs, effort)),
            decided_by=understood.decided_by,
            why=why,
            masked=tuple(_masks(paths, available, inputs)),
        ),
        understood.calls,
    )


def _understand(inputs: PlanInputs, llm: LanguageModel | None) -> _Understood:
    given = inputs.scope or Scope()
    read = read_instruction(inputs.instruction, inputs.duration_s)
    is_given = given.modalities is not None or (given != Scope() and read.rule == "no_instruction")
    rule = "scope_given" if is_given else read.rule
    reading = replace(
        read,
        scope=_merged(given, read.scope),
        excluded=read.excluded or given.modalities is not None,
        declined=() if is_given else read.declined,
    )
    decided_by = DecidedBy(kind="rules", rules_version=RULES_VERSION, rule=rule)
    by_rules = _Understood(reading, decided_by, _SAYS.rule[rule])
    if is_given or read.is_sure or llm is None or not _is_askable(read, inputs.instruction):
        return by_rules
    completion = ask(inputs.instruction, llm)
    intent, calls = completion.answer, (completion.call,)
    if intent is None:
        return replace(by_rules, calls=calls)
    by_model = decided_by.model_copy(
        update={
            "kind": "llm",
            "prompt_id": PROMPT_ID,
            "prompt_version": PROMPT_VERSION,
            "model": completion.call.model,
            "answer": intent.model_dump(),
        }
    )
    named: dict[str, object] = {"modalities": EVERYTHING}
    if intent.asks == "examine":
        named = {"modalities": WANTED[intent.subject], "effort": reading.scope.effort or intent.effort}
    why = _SAYS.model["other" if intent.asks == "other" else intent.subject]
    scope = reading.scope.model_copy(update=named)
    return _Understood(replace(reading, scope=scope, excluded=True), by_model, why, calls)


def _merged(given: Scope, read: Scope) -> Scope:
    """The fields that were given, and those that the words name where none was given."""
    named = {field: value for field in Scope.model_fields if (value := getattr(given, field)) is not None}
    return read.model_copy(update=named)


def _clip(span: TimeRange | None, duration_s: float) -> TimeRange | None:
    """The stretch within the file; None when it lies beyond its end."""
    if span is None or duration_s <= 0 or span.end_s <= duration_s:
        return span
    return TimeRange(start_s=span.start_s, end_s=duration_s) if span.start_s < duration_s else None


def ask(instruction: str, llm: LanguageModel) -> Completion[Intent]:
    """What a model makes of an instruction, out of closed lists."""
    prompt = load(PROMPT_ID, PROMPT_VERSION)
    return llm.complete(
        purpose="plan",
        prompt_id=prompt.id,
        prompt_version=prompt.version,
        system=prompt.render("system", {}),
        user=prompt.render("user", {"instruction": instruction}),
        schema=Intent,
        max_tokens=ANSWER_TOKENS,
        timeout_s=ANSWER_TIMEOUT_S,
    )


def _is_askable(reading: InstructionReading, instruction: str) -> bool:
    """Whether a model's answer is worth more than the rules' guess.

    A guess at one modality has words to stand on; a word or two that name nothing are a greeting or nonsense, which a
    small model takes for a request.
    """
    wanted = reading.scope.modalities or EVERYTHING
    return len(wanted) > 1 and sum(any(c.isalpha() for c in word) for word in instruction.split()) >= LEAST_WORDS


def _is_present(path: Modality, inputs: PlanInputs) -> bool:
    return inputs.has_video if path is Modality.VISUAL else inputs.has_audio


def _masks(paths: tuple[Modality, ...], available: tuple[Modality, ...], inputs: PlanInputs) -> Iterable[Reason]:
    given = inputs.scope
    unwanted = _SAYS.out_of_scope if given is not None and given.modalities is not None else _SAYS.not_asked
    for path in EVERYTHING:
        if path not in available:
            yield (_SAYS.unreadable if path in inputs.unreadable else _SAYS.absent)[path]
        elif path not in paths:
            yield unwanted[path]


def _budget(paths: tuple[Modality, ...], inputs: PlanInputs, effort: Effort) -> int:
    if Modality.VISUAL not in paths:
        return 0
    if inputs.media_kind is MediaKind.IMAGE:
        return 1
    usual = inputs.usual_frames
    if effort == "quick":
        return max(min(LEAST_FRAMES, usual), usual // QUICK_SHARE)
    return usual * THOROUGH_FACTOR if effort == "thorough" else usual


def _spare(
    reading: InstructionReading, paths: tuple[Modality, ...], available: tuple[Modality, ...]
) -> Modality | None:
    """What may be examined if what was asked for settles nothing. In a hurry nothing is added."""
    is_met = set(paths) == set(reading.scope.modalities or EVERYTHING)
    if reading.excluded or reading.scope.effort == "quick" or not is_met:
        return None
    return next((path for path in available if path not in paths), None)


def _first_look(paths: tuple[Modality, ...], inputs: PlanInputs, effort: Effort) -> int | None:
    """Half of the frames, where they are enough to tell anything and nobody asked for care; of a long recording all."""
    half = _budget(paths, inputs, effort) // 2
    is_short = inputs.media_kind is MediaKind.VIDEO and not is_long(inputs.duration_s)
    return half if effort == "usual" and is_short and half >= LEAST_FRAMES else None


def _further(paths: tuple[Modality, ...], inputs: PlanInputs, effort: Effort) -> int:
    """In a hurry nothing is added."""
    if Modality.VISUAL not in paths or inputs.media_kind is not MediaKind.VIDEO or effort == "quick":
        return 0
    return inputs.usual_further_frames * (THOROUGH_FACTOR if effort == "thorough" else 1)


def explanations_for(
    paths: tuple[Modality, ...], wanted: tuple[ExplanationKind, ...] | None = None
) -> tuple[ExplanationKind, ...]:
    """All that was examined is explained, unless less is wanted."""
    kinds = (*(_EXPLAINED[path] for path in paths), ExplanationKind.VERDICT) if paths else ()
    return tuple(kind for kind in kinds if wanted is None or kind in wanted)


def checks_for(paths: tuple[Modality, ...], inputs: PlanInputs, effort: Effort) -> Iterable[Check]:
    """In a hurry nothing is taken again."""
    if effort == "quick" or not paths:
        return
    yield Check.RECOMPRESS
    if Modality.VISUAL in paths:
        yield from (Check.DOWNSCALE, Check.FLIP)
    if Modality.AUDIO in paths and inputs.has_audio:
        yield Check.TRIM_SILENCE
