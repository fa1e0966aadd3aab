"""Decides which paths are examined, how hard and where in time. Rules first; a model is asked only about plain words.

The decision is a function of `PlanInputs`, which the plan stores: running it again on them replays it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from agents.instructions.effort import NO_EXPLANATIONS
from agents.instructions.reading import ALL_PATHS, Reading, effort, read
from agents.instructions.timespans import find_stretch, names_time, plain
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

RULES_VERSION: Final = 4
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
    """How an instruction was understood."""

    wanted: tuple[Modality, ...]
    effort: Effort
    decided_by: DecidedBy
    excludes: bool = True
    """Whether the instruction wants nothing else, or nobody knows."""


WANTED: Final[dict[str, tuple[Modality, ...]]] = {
    "picture": (Modality.VISUAL,),
    "sound": (Modality.AUDIO,),
    "both": ALL_PATHS,
}
_EXPLAINED: Final = {Modality.VISUAL: ExplanationKind.FACES, Modality.AUDIO: ExplanationKind.VOICE}
_WHY: Final = {
    "no_instruction": "No instruction was given, so everything that the file holds is examined.",
    "not_a_request": "The instruction does not ask for an examination, so everything that the file holds is examined.",
    "asked_in_general": "The instruction asks about the file as a whole.",
    "time_or_effort_named": "The instruction names a time or a pace, but no part, so all of it is examined.",
    "nothing_named": "The instruction names neither picture nor sound, so everything that the file holds is examined.",
    "both_named": "The instruction concerns both picture and sound.",
    "picture_named": "The instruction concerns the picture.",
    "scope_given": "The request itself says what to examine.",
    "sound_named": "The instruction concerns the sound.",
    "sound_set_aside": "The instruction sets the sound aside.",
    "picture_set_aside": "The instruction sets the picture aside.",
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
_UNWANTED: Final = {
    Modality.VISUAL: Reason(code=ReasonCode.NOT_REQUESTED, message="The instruction did not ask for the picture."),
    Modality.AUDIO: Reason(code=ReasonCode.NOT_REQUESTED, message="The instruction did not ask for the sound."),
}


def decide(inputs: PlanInputs, llm: LanguageModel | None) -> Decision:
    """The plan for these inputs.

    Args:
        llm: asked only when the instruction is not empty and the rules find no clear answer in it; when it is absent or
            fails, everything that the file holds is examined.
    """
    scope = inputs.scope or Scope()
    stretch = find_stretch(inputs.instruction)
    reading, why, calls = _read_request(inputs.instruction, scope, llm)
    available = tuple(path for path in ALL_PATHS if _is_present(path, inputs))
    paths = tuple(path for path in reading.wanted if path in available)
    if not paths and available:
        paths = available
        why = f"{why} The file does not hold it, so what it does hold is examined instead."
    masked = tuple(_masks(paths, available))
    if reading.decided_by.rule == "not_a_request" or inputs.media_kind is MediaKind.IMAGE:
        stretch = None
    span = None if stretch is None else stretch.within(inputs.duration_s)
    if scope.range_s is not None and inputs.media_kind is not MediaKind.IMAGE:
        span = scope.range_s
    if span is not None:
        why = f"{why} Only {clock_range(span.start_s, span.end_s)} was asked for."
    return Decision(
        Plan(
            inputs=inputs,
            paths=paths,
            effort=reading.effort,
            frame_budget=_budget(paths, inputs, reading.effort),
            first_look=_first_look(paths, inputs, reading.effort),
            further_frames=_further(paths, inputs, reading.effort),
            in_reserve=(spare := _spare(reading, paths, available)),
            reserve_frames=_budget((spare,), inputs, reading.effort) if spare else 0,
            range_s=span,
            explanations=_explanations(paths, inputs.instruction, reading.decided_by)
            if scope.explanations is None
            else tuple(each for each in explanations_for(paths) if each in scope.explanations),
            checks=tuple(checks_for(paths, inputs, reading.effort)),
            decided_by=reading.decided_by,
            why=why,
            masked=masked,
        ),
        calls,
    )


def _read_request(
    instruction: str, scope: Scope, llm: LanguageModel | None
) -> tuple[_Understood, str, tuple[LlmCall, ...]]:
    """The words, outweighed by what the scope says; no model is asked about what it says already."""
    if scope.is_open or (scope.modalities is None and instruction.strip()):
        understood, why, calls = _read(instruction, llm)
        return replace(understood, effort=scope.effort or understood.effort), why, calls
    by_rules = DecidedBy(kind="rules", rules_version=RULES_VERSION, rule="scope_given")
    pace = scope.effort or effort(plain(instruction))
    return _Understood(scope.modalities or ALL_PATHS, pace, by_rules), _WHY["scope_given"], ()


def _read(instruction: str, llm: LanguageModel | None) -> tuple[_Understood, str, tuple[LlmCall, ...]]:
    words = plain(instruction)
    found = read(words)
    if found.rule == "nothing_named" and (names_time(instruction) or effort(words) != "usual"):
        found = Reading("time_or_effort_named", ALL_PATHS, True)
    rule, pace = found.rule, "usual" if found.rule == "not_a_request" else effort(words)
    by_rules = _Understood(
        found.wanted, pace, DecidedBy(kind="rules", rules_version=RULES_VERSION, rule=rule), found.excludes
    )
    if found.sure or llm is None or not _is_askable(found, words):
        return by_rules, _WHY[rule], ()
    completion = ask(instruction, llm)
    intent = completion.answer
    if intent is None:
        return by_rules, _WHY[rule], (completion.call,)
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
        return _Understood(ALL_PATHS, pace, decided_by), _WHY_MODEL["other"], (completion.call,)
    understood = _Understood(WANTED[intent.subject], pace if pace != "usual" else intent.effort, decided_by)
    return understood, _WHY_MODEL[intent.subject], (completion.call,)


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


def _is_askable(found: Reading, words: str) -> bool:
    """Whether a model's answer is worth more than the rules' guess.

    A guess at one modality has words to stand on; a word or two that name nothing are a greeting or nonsense, which a
    small model takes for a request.
    """
    return len(found.wanted) > 1 and sum(any(c.isalpha() for c in word) for word in words.split()) >= LEAST_WORDS


def _is_present(path: Modality, inputs: PlanInputs) -> bool:
    return inputs.has_video if path is Modality.VISUAL else inputs.has_audio


def _masks(paths: tuple[Modality, ...], available: tuple[Modality, ...]) -> Iterable[Reason]:
    for path in ALL_PATHS:
        if path not in available:
            yield _ABSENT[path]
        elif path not in paths:
            yield _UNWANTED[path]


def _budget(paths: tuple[Modality, ...], inputs: PlanInputs, pace: Effort) -> int:
    if Modality.VISUAL not in paths:
        return 0
    if inputs.media_kind is MediaKind.IMAGE:
        return 1
    usual = inputs.usual_frames
    if pace == "quick":
        return max(min(LEAST_FRAMES, usual), usual // QUICK_SHARE)
    return usual * THOROUGH_FACTOR if pace == "thorough" else usual


def _spare(reading: _Understood, paths: tuple[Modality, ...], available: tuple[Modality, ...]) -> Modality | None:
    """What may be examined if what was asked for settles nothing. In a hurry nothing is added."""
    if reading.excludes or reading.effort == "quick" or set(paths) != set(reading.wanted):
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


def _explanations(paths: tuple[Modality, ...], instruction: str, decided_by: DecidedBy) -> tuple[ExplanationKind, ...]:
    """All that was examined is explained, unless the instruction wants the verdict alone."""
    unwanted = decided_by.rule != "not_a_request" and NO_EXPLANATIONS.search(plain(instruction))
    return () if unwanted or not paths else explanations_for(paths)


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
