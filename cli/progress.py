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

from core.figures import clock_range, percent_text
from core.types import AnalysisEvent, Modality, Outcome, Provenance, Report, Scored

_COLOUR = {"Fake": "red", "Real": "green", "Inconclusive": "yellow"}
_WORDS = {
    Outcome.FAKE: "signs of manipulation",
    Outcome.REAL: "no evidence of manipulation found",
    Outcome.INCONCLUSIVE: "inconclusive",
}
_MARK = {"verdict": "●", "finished": "✓", "failed": "✗", "cancelled": "✗"}


class Progress:
    """Prints each event as it happens, with a spinner under the last; plain lines where there is no terminal."""

    def __init__(self, console: Console, file_name: str) -> None:
        self._console = console
        self._spinner = Spinner("dots", f"Examining {file_name} ...")
        self._live = Live(self._spinner, console=console, transient=True, refresh_per_second=8)
        self._started = time.monotonic()
        self._verdict_at: float | None = None
        self.failure: str | None = None
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

    def show(self, event: AnalysisEvent) -> None:
        if event.kind == "verdict":
            self._verdict_at = time.monotonic()
        if event.kind in ("failed", "cancelled"):
            self.failure = event.message
        elapsed = time.monotonic() - self._started
        style = "bold" if event.kind == "verdict" else ""
        line = Text(f"{elapsed:6.1f} s  {_MARK.get(event.kind, '·')} {event.message}", style=style)
        self._console.print(line)
        self._spinner.update(text=event.message)

    def verdict_after_s(self, since: float) -> float | None:
        return None if self._verdict_at is None else self._verdict_at - since


def print_report(console: Console, report: Report) -> None:
    """The verdict, what was examined, when, and the testimony with its citations."""
    headline, verdict = report.headline, report.verdict
    colour = _COLOUR[headline.verdict]
    title = Text(headline.verdict.upper(), style=f"bold {colour}")
    title.append(f"  {_WORDS[verdict.outcome]}", style=colour)
    if headline.confidence is not None:
        title.append(f"  confidence {headline.confidence:.1f} %")
    body = Table.grid(padding=(0, 2))
    body.add_column(style="dim", no_wrap=True)
    body.add_column()
    for modality in Modality:
        found = next((each for each in report.evidence if each.modality == modality.value), None)
        if found is None:
            continue
        if isinstance(found.finding, Scored):
            told = f"p_fake {percent_text(found.finding.p_fake)}, on its own: {_WORDS[found.finding.outcome]}"
        else:
            told = found.finding.reason.message
        body.add_row(modality.value, told)
        for segment in found.segments:
            span = clock_range(segment.start_s, segment.end_s)
            body.add_row("", f"{span}  p_fake {percent_text(segment.p_fake)}")
    for reason in verdict.reasons:
        body.add_row("why", reason.message)
    console.print(Panel(body, title=title, title_align="left", border_style=colour))
    for sentence in report.narrative.sentences:
        line = Text(sentence.text)
        line.append(f"  [{', '.join(sentence.citations)}]", style="dim")
        if sentence.provenance is Provenance.LLM:
            line.append(" (worded by a language model)", style="dim italic")
        console.print(line)
