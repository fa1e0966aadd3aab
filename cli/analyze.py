"""`deepwitness analyze`: one file from upload to testimony, on a running service or on one started for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.client import Client, ServiceError
from cli.embedded import STATE, address_of_running, running_service
from cli.progress import Progress, print_report
from core.types import ArtefactKind, Report

SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
    "application/json": ".json",
    "video/mp4": ".mp4",
}

UrlOption = Annotated[str | None, typer.Option("--url", envvar="DEEPWITNESS_URL", help="A running service.")]
TokenOption = Annotated[str | None, typer.Option("--token", envvar="DEEPWITNESS_TOKEN", help="API key or token.")]


def analyze(
    file: Annotated[Path, typer.Argument(help="A video, an image or a sound file.", exists=True, dir_okay=False)],
    instruction: Annotated[str, typer.Option("--instruction", "-i", help="In plain words: what to examine.")] = "",
    out: Annotated[Path, typer.Option(help="Where report.json, report.pdf and the pictures go.")] = Path("out"),
    url: UrlOption = None,
    token: TokenOption = None,
    llm: Annotated[bool, typer.Option(help="Start the embedded language model too.")] = True,
) -> None:
    """Analyse one file and write the report and its pictures."""
    console = Console(highlight=False)
    started = time.monotonic()
    with service(console, url, llm=llm) as address, Client(address, token) as client:
        uploaded = time.monotonic()
        submitted = client.submit(file, instruction)
        if submitted.known:
            console.print("This file was analysed before; here is its report.")
        with Progress(console, file.name) as progress:
            for event in client.events(submitted.id):
                progress.show(event)
        if (problem := progress.failure) is not None:
            raise ServiceError(problem)
        report = client.report(submitted.id)
        written = save(client, report, out)
    print_report(console, report)
    verdict_s = progress.verdict_after_s(uploaded)
    timing = "" if verdict_s is None else f"verdict {verdict_s:.1f} s and "
    console.print(
        f"[dim]{timing}report {progress.ended_at - uploaded:.1f} s after the upload began; "
        f"{time.monotonic() - started:.1f} s in all[/dim]"
    )
    console.print(f"Written: {', '.join(str(path) for path in written)}")


@contextmanager
def service(console: Console, url: str | None, *, llm: bool) -> Iterator[str]:
    """The address of the service to use: the one named, the one already running here, or one started for now."""
    url = url or address_of_running(state_folder())
    if url is not None:
        yield url
        return
    with console.status("Starting Deepwitness ...") as status:

        def tell(what: str) -> None:
            status.update(f"Starting Deepwitness: {what} ...")

        with running_service(state_folder(), llm=llm, tell=tell) as started:
            status.stop()
            yield started.url


def state_folder() -> Path:
    return Path(os.environ.get("DEEPWITNESS_STATE", STATE))


def save(client: Client, report: Report, out: Path) -> list[Path]:
    """Write the report and every artefact; an earlier run's files of the same names are replaced."""
    out.mkdir(parents=True, exist_ok=True)
    written = [out / "report.json"]
    leading: str | None = None
    for artefact in client.artefacts(report.analysis_id):
        if artefact.kind is ArtefactKind.REPORT_JSON:
            continue
        stem = "report" if artefact.kind is ArtefactKind.REPORT_PDF else artefact.id.replace(".", "-")
        path = out / f"{stem}{SUFFIXES.get(artefact.media_type, '.bin')}"
        path.write_bytes(client.artefact(report.analysis_id, artefact.id))
        written.append(path)
        if artefact.id == report.leading_map:
            leading = path.name
    # The service's address of the heatmap expires; the file beside the report does not.
    headline = report.headline.model_copy(update={"heatmap_url": leading})
    written[0].write_text(report.model_copy(update={"headline": headline}).model_dump_json(indent=2))
    return written
