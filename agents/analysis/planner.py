"""Decides which paths are examined, how hard and where in time. Rules first; a model is asked only about plain words.

The decision is a function of `PlanInputs`, which the plan stores: running it again on them replays it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from agents.instructions import EVERYTHING, InstructionReading, read_instruction
from core.figures import clock_range
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
    ReasonCode,
    Scope,
    TimeRange,
)
from prompts.library import load

RULES_VERSION: Final = 6
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
    """What is to be examined, out of the scope that was given and the words.

    Args:
        scope: both merged; the fields that were given outweigh the words.
        excludes: whether nothing else is wanted, or nobody knows.
        declined: a sentence for everything that the words ask for and no examination offers.
    """

    scope: Scope
    decided_by: DecidedBy
    why: str
    excludes: bool = True
    declined: tuple[str, ...] = ()

    @property
    def wanted(self) -> tuple[Modality, ...]:
        return self.scope.modalities or EVERYTHING

    @property
    def effort(self) -> Effort:
        return self.scope.effort or "usual"


WANTED: Final[dict[str, tuple[Modality, ...]]] = {
    "picture": (Modality.VISUAL,),
    "sound": (Modality.AUDIO,),
    "both": EVERYTHING,
}
_EXPLAINED: Final = {Modality.VISUAL: ExplanationKind.FACES, Modality.AUDIO: ExplanationKind.VOICE}
_WHY: Final = {
    "no_instruction": "No instruction was given, so everything that the file holds is examined.",
    "not_a_request": "The instruction does not ask for an examination, so everything that the file holds is examined.",
    "asked_in_general": "The instruction singles out no part, so everything that the file holds is examined.",
    "time_or_effort_named": "The instruction names a time or an effort, but no part, so no part is left out.",
    "nothing_named": "No part of the file was recognised in the instruction, so all that it holds is examined.",
    "both_named": "The instruction concerns both picture and sound.",
    "picture_named": "The instruction concerns the picture.",
    "sound_named": "The instruction concerns the sound.",
    "sound_set_aside": "The instruction sets the sound aside.",
    "picture_set_aside": "The instruction sets the picture aside.",
    "scope_given": "The request itself says what to examine.",
}
_WHY_MODEL: Final = {
    "picture": "The instruction was understood to concern the picture.",
    "sound": "The instruction was understood to concern the sound.",
    "both": "The instruction was understood to concern both picture and sound.",
    "other": "The instruction was not understood to ask for an examination, so all of the file is examined.",
}
_ABSENT: Final = {
    Modality.VISUAL: Reason(code=ReasonCode.NO_VIDEO_STREAM, message="The file has no picture."),
    Modality.AUDIO: Reason(code=ReasonCode.NO_AUDIO_STREAM, message="The file has no sound."),
}
_LOST: Final = {
    Modality.VISUAL: Reason(code=ReasonCode.PICTURE_UNREADABLE, message="The file's picture cannot be decoded."),
    Modality.AUDIO: Reason(code=ReasonCode.SOUND_UNREADABLE, message="The file's sound cannot be decoded."),
}
_UNWANTED: Final = {
    Modality.VISUAL: Reason(code=ReasonCode.NOT_REQUESTED, message="The instruction did not ask for the picture."),
    Modality.AUDIO: Reason(code=ReasonCode.NOT_REQUESTED, message="The instruction did not ask for the sound."),
}
_OUT_OF_SCOPE: Final = {
    Modality.VISUAL: Reason(code=ReasonCode.NOT_REQUESTED, message="The scope of the request leaves out the picture."),
    Modality.AUDIO: Reason(code=ReasonCode.NOT_REQUESTED, message="The scope of the request leaves out the sound."),
}


def decide(inputs: PlanInputs, llm: LanguageModel | None) -> Decision:
    """The plan for these inputs.

    Args:
        inputs: the fields of their scope outweigh the words of their instruction.
        llm: asked only when the rules find no clear answer in the words and the scope names no modality; when it is
            absent or fails, everything that the file holds is examined.
    """
    understood, calls = _understand(inputs, llm)
    effort, why = understood.effort, understood.why
    available = tuple(path for path in EVERYTHING if _is_present(path, inputs))
    paths = tuple(path for path in EVERYTHING if path in understood.wanted and path in available)
    if not paths and available:
        paths = available
        why = f"{why} The file does not hold it, so what it does hold is examined instead."
    span = None if inputs.media_kind is MediaKind.IMAGE else _clip(understood.scope.range_s, inputs.duration_s)
    if span is not None:
        why = f"{why} Only {clock_range(span.start_s, span.end_s)} is examined."
    why = " ".join((why, *understood.declined))
    return Decision(
        Plan(
            inputs=inputs,
            paths=paths,
            effort=effort,
            frame_budget=_budget(paths, inputs, effort),
            first_look=_first_look(paths, inputs, effort),
            further_frames=_further(paths, inputs, effort),
            in_reserve=(spare := _spare(understood, paths, available)),
            reserve_frames=_budget((spare,), inputs, effort) if spare else 0,
            range_s=span,
            explanations=_explanations(paths, understood.scope.explanations),
            checks=tuple(checks_for(paths, inputs, effort)),
            decided_by=understood.decided_by,
            why=why,
            masked=tuple(_masks(paths, available, inputs)),
        ),
        calls,
    )


def _understand(inputs: PlanInputs, llm: LanguageModel | None) -> tuple[_Understood, tuple[LlmCall, ...]]:
    given = inputs.scope or Scope()
    reading = read_instruction(inputs.instruction, inputs.duration_s)
    scope = _merged(given, reading.scope)
    is_given = given.modalities is not None or (given != Scope() and reading.rule == "no_instruction")
    rule = "scope_given" if is_given else reading.rule
    decided_by = DecidedBy(kind="rules", rules_version=RULES_VERSION, rule=rule)
    excludes = reading.excluded or given.modalities is not None
    declined = () if is_given else reading.declined
    by_rules = _Understood(scope, decided_by, _WHY[rule], excludes, declined)
    if is_given or reading.is_sure or llm is None or not _is_askable(reading, inputs.instruction):
        return by_rules, ()
    completion = ask(inputs.instruction, llm)
    intent = completion.answer
    if intent is None:
        return by_rules, (completion.call,)
    decided_by = DecidedBy(
        kind="llm",
        rules_version=RULES_VERSION,
        rule=rule,
        prompt_id=PROMPT_ID,
        prompt_version=PROMPT_VERSION,
        model=completion.call.model,
        answer=intent.model_dump(),
    )
    if intent.asks == "other":
        scope = scope.model_copy(update={"modalities": EVERYTHING})
        return _Understood(scope, decided_by, _WHY_MODEL["other"], declined=declined), (completion.call,)
    scope = scope.model_copy(
        update={"modalities": WANTED[intent.subject], "effort": scope.effort or intent.effort},
    )
    return _Understood(scope, decided_by, _WHY_MODEL[intent.subject], declined=declined), (completion.call,)


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
    unwanted = _OUT_OF_SCOPE if given is not None and given.modalities is not None else _UNWANTED
    for path in EVERYTHING:
        if path not in available:
            yield (_LOST if path in inputs.unreadable else _ABSENT)[path]
        elif path not in paths:
            yield unwanted[path]


def _budget(paths: tuple[Modality, ...], inputs: PlanInputs, pace: Effort) -> int:
    if Modality.VISUAL not in paths:
        return 0
    if inputs.media_kind is MediaKind.IMAGE:
        return 1
    usual = inputs.usual_frames
    if pace == "quick":
        return max(min(LEAST_FRAMES, usual), usual // QUICK_SHARE)
    return usual * THOROUGH_FACTOR if pace == "thorough" else usual


def _spare(understood: _Understood, paths: tuple[Modality, ...], available: tuple[Modality, ...]) -> Modality | None:
    """What may be examined if what was asked for settles nothing. In a hurry nothing is added."""
    if understood.excludes or understood.effort == "quick" or set(paths) != set(understood.wanted):
        return None
    return next((path for path in available if path not in paths), None)


def _first_look(paths: tuple[Modality, ...], inputs: PlanInputs, pace: Effort) -> int | None:
    """Half of the frames, where they are enough to tell anything and nobody asked for care."""
    half = _budget(paths, inputs, pace) // 2
    return half if pace == "usual" and inputs.media_kind is MediaKind.VIDEO and half >= LEAST_FRAMES else None


def _further(paths: tuple[Modality, ...], inputs: PlanInputs, pace: Effort) -> int:
    """In a hurry nothing is added."""
    if Modality.VISUAL not in paths or inputs.media_kind is not MediaKind.VIDEO or pace == "quick":
        return 0
    return inputs.usual_further_frames * (THOROUGH_FACTOR if pace == "thorough" else 1)


def _explanations(
    paths: tuple[Modality, ...], wanted: tuple[ExplanationKind, ...] | None
) -> tuple[ExplanationKind, ...]:
    """All that was examined is explained, unless less is wanted."""
    if not paths:
        return ()
    return tuple(kind for kind in explanations_for(paths) if wanted is None or kind in wanted)


def explanations_for(paths: tuple[Modality, ...]) -> tuple[ExplanationKind, ...]:
    return (*(_EXPLAINED[path] for path in paths), ExplanationKind.VERDICT)


def checks_for(paths: tuple[Modality, ...], inputs: PlanInputs, pace: Effort) -> Iterable[Check]:
    """In a hurry nothing is taken again."""
    if pace == "quick" or not paths:
        return
    yield Check.RECOMPRESS
    if Modality.VISUAL in paths:
        yield from (Check.DOWNSCALE, Check.FLIP)
    if Modality.AUDIO in paths and inputs.has_audio:
        yield Check.TRIM_SILENCE


def range_text(span: TimeRange | None) -> str | None:
    """The planned stretch as it is shown."""
    return None if span is None else clock_range(span.start_s, span.end_s)
