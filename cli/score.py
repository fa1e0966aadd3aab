"""`deepwitness score`: the detectors alone, without a server; one line a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from core.confinement import ReaderPool
from core.errors import Misconfigured
from core.settings import SamplingSettings

EXIT_SOME_FAILED: Final = 1
EXIT_UNUSABLE: Final = 2


def score(
    files: Annotated[list[str] | None, typer.Argument(help="Videos, images or sound files.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    faces: Annotated[bool, typer.Option("--faces", help="Each image is a crop around one face already.")] = False,
    files_from: Annotated[Path | None, typer.Option(help="Read more paths from this file, one a line.")] = None,
    frames: Annotated[int, typer.Option(min=1, help="Frames examined of a video.")] = SamplingSettings().frame_budget,
    jobs: Annotated[int | None, typer.Option(min=1, help="Files at a time; the number of processors.")] = None,
) -> None:
    """Score files with the detectors alone; needs no server. Lines come in the order in which files are done.

    Exit code 0 when every file was read, 1 when some line reports an error, 2 when nothing could be started.
    """
    paths = [*(files or []), *_listed(files_from)]
    if not paths:
        raise typer.BadParameter("name at least one file, or --files-from")
    processors = len(os.sched_getaffinity(0))
    at_once = min(jobs or processors, len(paths))
    failed = False
    readers = ReaderPool()
    readers.warm(at_once)  # they load their decoders while this process loads what it needs itself
    from cli.scoring import FileFailure, shipped_scorer  # deferred: other commands need no media libraries

    try:
        scorer = shipped_scorer(frame_budget=frames, faces=faces, threads=max(1, processors // at_once), run=readers)
        for line in scorer.score_all(paths, at_once):
            failed = failed or isinstance(line, FileFailure)
            print(line.model_dump_json() if json_lines else line.text, flush=True)
    except BrokenPipeError:
        # The reader had enough. What is still buffered must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(EXIT_SOME_FAILED) from None
    except Misconfigured as error:
        print(error.public_message, file=sys.stderr)
        raise typer.Exit(EXIT_UNUSABLE) from error
    if failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def _listed(files_from: Path | None) -> list[str]:
    """Names in a list, one a line, exactly as they stand; empty lines are passed over. `-` is standard input."""
    if files_from is None:
        return []
    try:
        content = sys.stdin.buffer.read() if str(files_from) == "-" else files_from.read_bytes()
    except OSError as error:
        print(f"The list {files_from} cannot be read.", file=sys.stderr)
        raise typer.Exit(EXIT_UNUSABLE) from error
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [os.fsdecode(line.removesuffix(b"\r")) for line in lines if line.strip()]


if __name__ == "__main__":
    typer.run(score)
