"""`deepwitness analyze`: files and links from upload to testimony, on a running service or on one started for it."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from cli.inputs import Missing, Request, Source, arriving, expanded, sent
from cli.names import printable, shown
from cli.progress import Board, Progress, name_verdict, print_report
from cli.scope import EffortOption, ExplainOption, FromOption, OnlyOption, ToOption, scope_from
from cli.service import (
    EXIT_FAILED,
    Language,
    LanguageOption,
    LlmOption,
    TokenOption,
    UrlOption,
    report_of,
    results_folder,
    save,
    service,
)
from core.figures import per_cent_text, seconds_text
from core.types import Failure, Frozen
from deepwitness_client import AnalysisFailed, Client, DeepwitnessError, Problem, Scope
from prompts.headline import write_headline

SHOWN_ID: Final = 11
"""Characters of an id that are enough to name it."""
_naming: Final = threading.Lock()
"""Two files of one name do not take the same folder."""
JOBS: Final = 2
"""Files on their way at a time: one is examined while the next goes up."""


class AnalyzedLine(Frozen):
    """What `--json` prints of a file. Figures are in per cent, as the service's headline has them."""

    path: str
    analysis_id: str
    known: bool
    """The same was asked before, and this is its result."""
    verdict: str
    state: str
    """`examined`, `nothing_to_examine` or `failed`; of the last two the verdict is `Inconclusive`."""
    confidence: float | None
    fake_frames: float | None
    audio_score: float | None
    xai_summary: str
    out: str
    seconds: float


class FailedLine(Frozen):
    """What `--json` prints of a file that has no result."""

    path: str
    error: Failure
    seconds: float


Line = AnalyzedLine | FailedLine


def analyze(
    files: Annotated[
        list[str] | None, typer.Argument(help="Videos, images, sound files, folders of them, or links to them.")
    ] = None,
    instruction: Annotated[str, typer.Option("--instruction", "-i", help="In plain words: what to examine.")] = "",
    only: OnlyOption = None,
    start: FromOption = None,
    end: ToOption = None,
    effort: EffortOption = None,
    explanations: ExplainOption = True,
    out: Annotated[Path, typer.Option(help="Where reports and pictures go: a folder for each file.")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, as each file is done.")] = False,
    watch: Annotated[
        Path | None,
        typer.Option(help="Analyse new files in this folder, until Ctrl-C.", file_okay=False, exists=True),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=16, help="Files on their way at a time.")] = JOBS,
    language: LanguageOption = None,
    url: UrlOption = None,
    token: TokenOption = None,
    llm: LlmOption = True,
) -> None:
    """Analyse files and write their reports and pictures.

    On a terminal the progress is shown; in a pipe only results are printed, one line for each file. Exit code 0
    when every file has its report, 1 when some file failed, 2 when nothing could start, 3 when the service does
    not answer.
    """
    if watch is not None and files:
        raise typer.BadParameter("name files, or a folder to watch, not both")
    if watch is None and not files:
        raise typer.BadParameter("name at least one file or folder, or --watch FOLDER")
    scope = scope_from(only, start, end, effort, explanations=explanations)
    asked = Request(instruction, None if scope is None else Scope.model_validate(scope.model_dump(mode="json")))
    is_shown = sys.stdout.isatty() and not as_json
    console = Console(highlight=False, stderr=not is_shown)
    paths = [] if watch is not None else expanded(files or [])
    with service(console, url, llm=llm) as address, Client(address, token, language=language) as client:
        if len(paths) == 1 and not as_json and not isinstance(paths[0], Missing):
            _one(client, paths[0], asked, out, language)
            return
        told: Counter[str] = Counter()
        following = arriving(watch) if watch is not None else iter(paths)
        with Board(console, None if watch is not None else len(paths), is_shown=is_shown) as board:

            def tell(line: Line) -> None:
                told["failed" if isinstance(line, FailedLine) else "done"] += 1
                if as_json or not is_shown:
                    print(line.model_dump_json() if as_json else _text(line), flush=True)

            _several(client, following, asked, out, language, jobs, board, tell)
    if told["failed"]:
        raise typer.Exit(EXIT_FAILED)


def _one(client: Client, path: Source, asked: Request, out: Path, language: Language | None) -> None:
    """One file, told at length on a terminal."""
    console = Console(highlight=False)
    uploaded = time.monotonic()
    with Progress(console, printable(path.name)) as progress:
        submitted = sent(client, path, asked, progress.sent)
        if submitted.known:
            progress.note("This file was analysed before; here is its report.")
        for event in client.events(submitted.analysis.id):
            progress.show(event)
    if (failure := progress.failure) is not None:
        raise AnalysisFailed(submitted.analysis.id, failure.code, failure.message)
    report = report_of(client, submitted.analysis.id)
    folder = results_folder(out, path.stem or path.name, report.analysis_id)
    written = save(client, report, folder, language)
    print_report(console, report, language)
    verdict_s = progress.verdict_after_s(uploaded)
    timing = "" if verdict_s is None else f"verdict {seconds_text(verdict_s)} and "
    if console.is_terminal:
        console.print(f"[dim]{timing}report {seconds_text(progress.ended_at - uploaded)} after the upload began[/dim]")
    console.print(f"Written: {', '.join(printable(str(each)) for each in written)}", soft_wrap=True)
    console.print(f'Ask about it: ./deepwitness ask {report.analysis_id[:SHOWN_ID]} "which face, and when?"')


def _several(
    client: Client,
    paths: Iterable[Source],
    asked: Request,
    out: Path,
    language: Language | None,
    jobs: int,
    board: Board,
    tell: Callable[[Line], None],
) -> None:
    """Examine files as they come, at most `jobs` at a time, and tell of each as it is done, one at a time.

    Raises: what `tell` raised, such as BrokenPipeError; what was begun is then left to the service.
    """
    free, telling = threading.Semaphore(jobs), threading.Lock()

    def run(path: Source) -> None:
        try:
            line = _examine(client, path, asked, out, language, board)
            with telling:
                tell(line)
        finally:
            free.release()

    pool = ThreadPoolExecutor(jobs)
    begun: list[Future[None]] = []
    try:
        for path in paths:
            free.acquire()
            begun = [each for each in begun if not each.done() or each.result() is not None]
            begun.append(pool.submit(run, path))
        for each in begun:
            each.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        client.close()
        raise
    pool.shutdown()


def _examine(client: Client, path: Source, asked: Request, out: Path, language: Language | None, board: Board) -> Line:
    started = time.monotonic()
    row = board.begin(printable(str(path)))
    try:
        submitted = sent(client, path, asked, row.sent)
        for event in client.events(submitted.analysis.id):
            row.show(event.message)
            if event.kind in ("failed", "cancelled"):
                raise AnalysisFailed(submitted.analysis.id, str(event.detail.get("code", event.kind)), event.message)
        report = report_of(client, submitted.analysis.id)
        with _naming:
            folder = results_folder(out, path.stem or path.name, report.analysis_id)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "report.json").write_text(report.model_dump_json(indent=2))
        save(client, report, folder, language)
    except FileNotFoundError:
        failure = Failure(code="file_not_found", message="There is no such file.")
    except (Problem, AnalysisFailed) as error:
        words = error.detail if isinstance(error, Problem) else str(error).rpartition(" [")[0]
        failure = Failure(code=error.code, message=words)
    except DeepwitnessError as error:
        failure = Failure(code="service_unreachable", message=str(error))
    except OSError:
        failure = Failure(code="file_unreadable", message="The file cannot be read, or its results not be written.")
    else:
        headline = report.headline
        row.end(headline.verdict, name_verdict(headline.verdict, report.decision.state), headline.confidence)
        return AnalyzedLine(
            path=shown(str(path)),
            analysis_id=report.analysis_id,
            known=submitted.known,
            verdict=headline.verdict,
            state=report.decision.state,
            confidence=headline.confidence,
            fake_frames=headline.fake_frames,
            audio_score=headline.audio_score,
            xai_summary=write_headline(report.decision, language or report.narrative.language),
            out=shown(str(folder)),
            seconds=round(time.monotonic() - started, 3),
        )
    row.fail(failure.message)
    return FailedLine(path=shown(str(path)), error=failure, seconds=round(time.monotonic() - started, 3))


def _text(line: Line) -> str:
    if isinstance(line, FailedLine):
        return f"{'error':<28} {line.error.code:>8}  {printable(line.path)}"
    confidence = "-" if line.confidence is None else per_cent_text(line.confidence)
    return f"{name_verdict(line.verdict, line.state):<28} {confidence:>8}  {printable(line.path)}  {line.analysis_id}"
