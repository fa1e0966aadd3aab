"""`deepwitness plan`: what the planner makes of an instruction, without a server or a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from agents.analysis.planner import decide
from agents.instructions import find_stretch
from cli.scope import LONGEST_S, EffortOption, ExplainOption, OnlyOption, ToOption, read_time, scope_from
from core.logging import configure_logging
from core.ports import LanguageModel
from core.settings import LlmSettings, LogSettings, SamplingSettings
from core.types import DecidedBy, MediaKind, Plan, PlanInputs, Scope, TimeRange

EXIT_UNUSABLE: Final = 2


class _Environment(BaseSettings):
    """The only settings that a plan depends on."""

    model_config = SettingsConfigDict(env_nested_delimiter="__", frozen=True, extra="ignore")

    llm: LlmSettings = LlmSettings()
    sampling: SamplingSettings = SamplingSettings()


class Asked(BaseModel):
    """One line of `--json`: the instruction, and which streams the file has."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str = ""
    audio: bool = True
    faces: bool = True
    duration_s: float = 0.0
    """0 when the length is not known: then a stretch without an end has none."""
    scope: Scope | None = None
    """What to examine in fields; the options of the command line where it is absent."""


class Kind(StrEnum):
    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"


def plan(
    instruction: Annotated[str | None, typer.Argument(help="What to examine, in plain words of any language.")] = None,
    kind: Annotated[Kind, typer.Option(help="What the file would be.")] = Kind.VIDEO,
    duration: Annotated[float, typer.Option(min=0.0, help="Its length in seconds.")] = 60.0,
    audio: Annotated[bool, typer.Option("--audio/--no-audio", help="Whether it would have sound.")] = True,
    video: Annotated[bool, typer.Option("--video/--no-video", help="Whether it would have a picture.")] = True,
    only: OnlyOption = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TIME|FILE",
            help="Examine from here on: seconds, 1:30 or 1:02:03. What is no time is a file to read instructions from,"
            " one a line; - is standard input.",
        ),
    ] = None,
    end: ToOption = None,
    effort: EffortOption = None,
    explanations: ExplainOption = True,
    json_lines: Annotated[
        bool,
        typer.Option(
            "--json",
            help='Read lines of {"text", "audio", "faces"} from standard input, and "duration_s", "scope" where known;'
            ' print a line of {"paths", "range_s", "decided_by", "why"} for each.',
        ),
    ] = False,
    llm: Annotated[
        bool, typer.Option("--llm/--no-llm", help="Whether to ask the model of LLM__BASE_URL, where there is one.")
    ] = True,
) -> None:
    """Print the plan of an instruction as JSON, one line each; needs no server.

    By the rules alone, unless LLM__BASE_URL names a model to ask where they find no clear answer.
    Exit code 2 when there is nothing to plan.
    """
    from_file = None if start is None or read_time(start) is not None else Path(start)
    scope = scope_from(only, None if from_file else start, end, effort, explanations=explanations)
    given = sum((instruction is not None, from_file is not None, json_lines))
    if given > 1 or (given == 0 and scope is None):
        print("Give one instruction or options that say what to examine, --from FILE, or --json.", file=sys.stderr)
        raise typer.Exit(EXIT_UNUSABLE)
    # Standard output is for the plans.
    configure_logging(LogSettings(level="WARNING", json_lines=False))
    environment = _Environment()
    model = _model(environment.llm) if llm and environment.llm.base_url else None
    if json_lines:
        for line in _lines():
            print(json.dumps(_answered(line, scope, environment.sampling, model), ensure_ascii=False), flush=True)
        return
    has_video = kind is Kind.IMAGE or (kind is Kind.VIDEO and video)
    has_audio = kind is Kind.AUDIO or (kind is Kind.VIDEO and audio)
    for asked in _instructions(instruction, from_file):
        inputs = PlanInputs(
            instruction=asked,
            scope=_within(scope, duration),
            media_kind=MediaKind(kind),
            has_video=has_video,
            has_audio=has_audio,
            duration_s=0.0 if kind is Kind.IMAGE else duration,
            **_bounds(environment.sampling),
        )
        print(decide(inputs, model).plan.model_dump_json(), flush=True)


def _bounds(sampling: SamplingSettings) -> dict[str, int]:
    return {"usual_frames": sampling.frame_budget, "usual_further_frames": sampling.dense_frame_budget}


def _lines() -> Iterator[str]:
    """The lines of standard input as UTF-8, whatever the locale; blank ones are passed over."""
    for raw in sys.stdin.buffer:
        if line := raw.decode("utf-8", errors="replace").strip():
            yield line


def _within(scope: Scope | None, duration_s: float) -> Scope | None:
    """As the service has it: a stretch ends where the recording does, and one that begins later is none."""
    if scope is None or scope.range_s is None or duration_s <= 0:
        return scope
    start_s, end_s = scope.range_s.start_s, min(scope.range_s.end_s, duration_s)
    stretch = TimeRange(start_s=start_s, end_s=end_s) if start_s < end_s else None
    return scope.model_copy(update={"range_s": stretch})


def _answered(
    line: str, scope: Scope | None, sampling: SamplingSettings, model: LanguageModel | None
) -> dict[str, object]:
    """What is printed for one line; a line that cannot be read is answered with `error`, and the rest go on."""
    try:
        asked = Asked.model_validate_json(line)
    except ValidationError:
        return {"error": 'A line holds {"text": string, "audio": true or false, "faces": true or false}.'}
    inputs = PlanInputs(
        instruction=asked.text,
        scope=_within(asked.scope or scope, asked.duration_s),
        media_kind=MediaKind.VIDEO,
        has_video=asked.faces,
        has_audio=asked.audio,
        duration_s=asked.duration_s,
        **_bounds(sampling),
    )
    made = decide(inputs, model).plan
    return {
        "paths": [str(path) for path in made.paths],
        "range_s": _range(made),
        "decided_by": _decider(made.decided_by),
        "why": made.why,
    }


def _range(made: Plan) -> list[float | None] | None:
    """The stretch; where the length of the file is not known, "from minute 2 on" is [120, null]."""
    if made.range_s is not None:
        end_s = made.range_s.end_s
        return [made.range_s.start_s, None if end_s == LONGEST_S else end_s]
    if made.inputs.duration_s > 0 or made.decided_by.rule == "not_a_request":
        return None
    stretch = find_stretch(made.inputs.instruction)
    return None if stretch is None or stretch.from_end or stretch.halves else [stretch.start_s, stretch.end_s]


def _decider(decided_by: DecidedBy) -> str:
    if decided_by.kind == "rules":
        return f"rules:{decided_by.rule}"
    return f"llm:{decided_by.prompt_id}/v{decided_by.prompt_version}:{decided_by.model}"


def _instructions(instruction: str | None, from_file: Path | None) -> list[str]:
    """Every line counts, an empty one as an empty instruction: output lines up with input."""
    if from_file is None:
        return [instruction or ""]
    try:
        listed = sys.stdin.read() if str(from_file) == "-" else from_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print("The file of instructions cannot be read.", file=sys.stderr)
        raise typer.Exit(EXIT_UNUSABLE) from error
    return listed.split("\n")[:-1] if listed.endswith("\n") else listed.split("\n")


def _model(settings: LlmSettings) -> LanguageModel:
    from agents.language.client import OpenAiLanguageModel  # deferred: the rules need no client

    return OpenAiLanguageModel(settings)


if __name__ == "__main__":
    typer.run(plan)
