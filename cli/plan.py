"""`deepwitness plan`: what the planner makes of an instruction, without a server or a file."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic_settings import BaseSettings, SettingsConfigDict

from agents.planner import decide
from core.ports import LanguageModel
from core.settings import LlmSettings, SamplingSettings
from core.types import MediaKind, PlanInputs

EXIT_UNUSABLE: Final = 2


class _Environment(BaseSettings):
    """The only settings that a plan depends on."""

    model_config = SettingsConfigDict(env_nested_delimiter="__", frozen=True, extra="ignore")

    llm: LlmSettings = LlmSettings()
    sampling: SamplingSettings = SamplingSettings()


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
    from_file: Annotated[
        Path | None, typer.Option("--from", help="Read instructions from this file, one a line; - is standard input.")
    ] = None,
    llm: Annotated[
        bool, typer.Option("--llm/--no-llm", help="Whether to ask the model of LLM__BASE_URL, where there is one.")
    ] = True,
) -> None:
    """Print the plan of an instruction as JSON, one line each; needs no server.

    By the rules alone, unless LLM__BASE_URL names a model to ask where they find no clear answer.
    Exit code 2 when there is nothing to plan.
    """
    if (instruction is None) == (from_file is None):
        print("Give one instruction, or --from FILE.", file=sys.stderr)
        raise typer.Exit(EXIT_UNUSABLE)
    environment = _Environment()
    model = _model(environment.llm) if llm and environment.llm.base_url else None
    has_video = kind is Kind.IMAGE or (kind is Kind.VIDEO and video)
    has_audio = kind is Kind.AUDIO or (kind is Kind.VIDEO and audio)
    for asked in _instructions(instruction, from_file):
        inputs = PlanInputs(
            instruction=asked,
            media_kind=MediaKind(kind),
            has_video=has_video,
            has_audio=has_audio,
            duration_s=0.0 if kind is Kind.IMAGE else duration,
        )
        print(decide(inputs, environment.sampling, model).plan.model_dump_json(), flush=True)


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
    from agents.llm import OpenAiLanguageModel  # deferred: the rules need no client

    return OpenAiLanguageModel(settings)


if __name__ == "__main__":
    typer.run(plan)
