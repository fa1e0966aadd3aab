"""What a terminal shows while an analysis runs, and of its report."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from core.figures import clock_range, per_cent_text, seconds_text
from core.types import Failure, Provenance, Report
from deepwitness_client.models import Event
from explainers.rendering.wording import frequency, level, limits_of, percent, title
from prompts.headline import write_headline
from prompts.slots import reword
from prompts.words import Words

_COLOUR = {"Fake": "red", "Real": "green", "Inconclusive": "yellow"}
_VERDICT = {"Fake": "manipulated", "Real": "no evidence of manipulation", "Inconclusive": "inconclusive"}
_STATE = {"nothing_to_examine": "nothing to examine", "failed": "not examined"}
_MARK = {"verdict": "●", "finished": "✓", "failed": "✗", "cancelled": "✗"}


class Progress:
    """One file on a terminal: each event as it happens, with a spinner under the last. In a pipe it is silent."""

    def __init__(self, console: Console, file_name: str) -> None:
        self._console = console
        self._name = file_name
        self._spinner = Spinner("dots", f"Sending {file_name} ...")
        self._live = Live(self._spinner, console=console, transient=True, refresh_per_second=8)
        self._started = time.monotonic()
        self._verdict_at: float | None = None
        self.failure: Failure | None = None
        self.ended_at = self._started

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended_at = time.monotonic()
        if self._console.is_terminal:
            self._live.stop()

    def sent(self, sent_bytes: int, total_bytes: int) -> None:
        share = 100 * sent_bytes // max(1, total_bytes)
        self._spinner.update(text=f"Sending {self._name}: {share} % ...")

    def note(self, what: str) -> None:
        if self._console.is_terminal:
            self._console.print(what)

    def show(self, event: Event) -> None:
        if event.kind == "verdict":
            self._verdict_at = time.monotonic()
        if event.kind in ("failed", "cancelled"):
            self.failure = Failure(code=str(event.detail.get("code", event.kind)), message=event.message)
        if not self._console.is_terminal:
            return
        elapsed = time.monotonic() - self._started
        style = "bold" if event.kind == "verdict" else ""
        line = Text(f"{seconds_text(elapsed):>8}  {_MARK.get(event.kind, '·')} {event.message}", style=style)
        self._console.print(line)
        self._spinner.update(text=event.message)

    def verdict_after_s(self, since: float) -> float | None:
        return None if self._verdict_at is None else self._verdict_at - since


class Row:
    """One file of several. Written by the thread that has the file, read by the one that draws."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = Text("waiting", style="dim")

    def sent(self, sent_bytes: int, total_bytes: int) -> None:
        self.state = Text(f"sending {100 * sent_bytes // max(1, total_bytes)} %", style="dim")

    def show(self, what: str) -> None:
        self.state = Text(what, style="dim")

    def end(self, verdict: str, name: str, confidence: float | None) -> None:
        shown = name if confidence is None else f"{name}  {per_cent_text(confidence)}"
        self.state = Text(shown, style=f"bold {_COLOUR[verdict]}")

    def fail(self, why: str) -> None:
        self.state = Text(why, style="red")


class Board:
    """Several files on a terminal: a table that fills. In a pipe it is silent.

    Args:
        total: of how many files, where that is known.
    """

    def __init__(self, console: Console, total: int | None, *, is_shown: bool) -> None:
        self._total = total
        self._rows: list[Row] = []
        self._height = max(5, console.height - 4)
        self._is_shown = is_shown
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=4)

    def __enter__(self) -> Self:
        if self._is_shown:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_shown:
            # What scrolled out of sight while it ran is printed whole at the end.
            self._height = len(self._rows) + 1
            self._live.stop()

    def begin(self, name: str) -> Row:
        self._rows.append(row := Row(name))
        return row

    def _table(self) -> Table:
        of = "" if self._total is None else f" of {self._total}"
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column(f"{len(self._rows)}{of} files", overflow="ellipsis", no_wrap=True, ratio=1)
        table.add_column("", overflow="ellipsis", no_wrap=True, ratio=1)
        for row in self._rows[-self._height :]:
            table.add_row(Text(row.name), row.state)
        return table


def name_verdict(verdict: str, state: str) -> str:
    """The service's word in plain ones; nothing to examine is not inconclusive."""
    return _VERDICT[verdict] if state == "examined" else _STATE[state]


def print_report(console: Console, report: Report, language: str | None = None) -> None:
    """The verdict, what it rests on, when, and the testimony with citations; without a language in the report's own."""
    decision, words = report.decision, Words(language or report.narrative.language)
    narrative = reword(report.narrative, words.language)
    colour = _COLOUR[report.headline.verdict] if decision.state == "examined" else "white"
    body = Table.grid(padding=(0, 2))
    body.add_column(style="dim", no_wrap=True)
    body.add_column()
    body.add_row("", Text(write_headline(decision, words.language), style="bold"))
    for part in decision.parts:
        name = words.say(f"part.{part.modality}")
        told = limits_of(words, part).removeprefix(f"{name}: ")
        body.add_row(name, told if part.reason is None else words.reason(part.reason))
        for stretch in part.stretches:
            span = words.figure(clock_range(stretch.start_s, stretch.end_s))
            body.add_row("", f"{span}  {percent(words, stretch.p_fake)}, {level(words, stretch)}")
    leading = decision.leading if decision.state == "examined" else None
    if leading is not None and (told := frequency(words, leading)):
        body.add_row("", told)
    for reason in report.verdict.reasons[1:] if decision.state == "examined" else ():
        body.add_row(words.say("plan.why"), words.reason(reason))
    body.add_row(words.say("case.number"), report.analysis_id)
    heading = Text(title(words, decision).upper(), style=f"bold {colour}")
    console.print(Panel(body, title=heading, title_align="left", border_style=colour))
    for sentence in narrative.sentences:
        line = Text(sentence.text)
        line.append(f"  [{', '.join(sentence.citations)}]", style="dim")
        if sentence.provenance is Provenance.LLM:
            line.append(" *", style="dim italic")
        console.print(line)
    if any(each.provenance is Provenance.LLM for each in narrative.sentences):
        console.print(Text(f"* {words.say('by_model')}", style="dim italic"))
