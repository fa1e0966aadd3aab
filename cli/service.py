"""The service that the command line talks to: named, found running here, or started for now."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.console import Console

from cli.embedded import STATE, address_of_running, running_service
from cli.names import shown
from core.types import Report
from deepwitness_client import Client, DeepwitnessError

EXIT_FAILED: Final = 1
"""Some file or request failed; its message says why."""
EXIT_UNUSABLE: Final = 2
"""Nothing was begun: wrong usage, or something that is needed is missing."""
EXIT_UNREACHABLE: Final = 3
"""The service does not answer."""

UrlOption = Annotated[str | None, typer.Option("--url", envvar="DEEPWITNESS_URL", help="A running service.")]
TokenOption = Annotated[str | None, typer.Option("--token", envvar="DEEPWITNESS_TOKEN", help="API key or token.")]
Language = Literal["en", "de", "fr"]
LanguageOption = Annotated[
    Language | None,
    typer.Option(envvar="DEEPWITNESS_LANGUAGE", help="Of results and progress; otherwise that of the service."),
]
LlmOption = Annotated[bool, typer.Option(help="Start the embedded language model too, if installed.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
ID_START: Final = "an_"
ID_CHARS: Final = 35
"""Of a whole id."""
LATEST: Final = 1000
"""Analyses among which the beginning of an id is looked for."""
_SEALED_PDF: Final = "report-pdf"
SUFFIXES: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
    "application/json": ".json",
    "video/mp4": ".mp4",
}


class NoService(DeepwitnessError):
    """Nothing to talk to; the message says what to do."""


def state_folder() -> Path:
    return Path(os.environ.get("DEEPWITNESS_STATE", STATE))


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


def running(url: str | None, token: str | None, language: Language | None = None) -> Client:
    """A client of a service that runs already. Raises: NoService."""
    address = url or address_of_running(state_folder())
    if address is None:
        raise NoService("no service is running here; start one with `serve`, or name one with --url")
    return Client(address, token, language=language)


def report_of(client: Client, analysis_id: str) -> Report:
    """The report as the rooms know it; the command line and the service are of one version."""
    given: dict[str, Any] = client.report(analysis_id).model_dump(mode="json")
    return Report.model_validate(given)


def find_id(client: Client, given: str) -> str:
    """The id of the one analysis whose id begins so, with or without `an_`; a whole id is left as it is.

    Raises: typer.BadParameter when several do.
    """
    start = given if given.startswith(ID_START) else f"{ID_START}{given}"
    if len(start) >= ID_CHARS:
        return start
    latest = itertools.islice(client.analyses(), LATEST)
    found = [each.id for each in latest if each.id.startswith(start)]
    if len(found) > 1:
        raise typer.BadParameter(f"{len(found)} analyses begin with {given}; give more of the id")
    return found[0] if found else given


def results_folder(root: Path, stem: str, analysis_id: str) -> Path:
    """A folder for one file's results under `root`: a new one, or the one that holds this very analysis.

    Files of another analysis are never mixed with them; the next free number is taken instead.
    """
    named = shown(stem)  # lines of JSON hold the folder's name, and text only
    for number in itertools.count(1):
        folder = root / (named if number == 1 else f"{named}-{number}")
        if not folder.exists() or _is_of(folder, analysis_id):
            return folder
    raise AssertionError("there is always a further number")


def _is_of(folder: Path, analysis_id: str) -> bool:
    try:
        return bool(json.loads((folder / "report.json").read_bytes())["analysis_id"] == analysis_id)
    except FileNotFoundError:
        return folder.is_dir() and not any(folder.iterdir())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def save(client: Client, report: Report, out: Path, language: Language | None = None) -> list[Path]:
    """Write the report and every artefact into `out`; the PDF also in a language that the report is not written in."""
    out.mkdir(parents=True, exist_ok=True)
    written = [out / "report.json"]
    leading: str | None = None
    for artefact in client.artefacts(report.analysis_id):
        if artefact.kind == "report_json":
            continue
        if artefact.kind == "report_pdf" and artefact.id != _SEALED_PDF:
            continue
        stem = "report" if artefact.kind == "report_pdf" else artefact.id.replace(".", "-")
        path = out / f"{stem}{SUFFIXES.get(artefact.media_type, '.bin')}"
        written.append(client.download(report.analysis_id, artefact.id, path))
        if artefact.id == report.leading_map:
            leading = path.name
    if language is not None and language != report.narrative.language:
        written.append(out / f"report-{language}.pdf")
        written[-1].write_bytes(client.report_pdf(report.analysis_id))
    # The service's address of the heatmap expires; the file beside the report does not.
    headline = report.headline.model_copy(update={"heatmap_url": leading})
    written[0].write_text(report.model_copy(update={"headline": headline}).model_dump_json(indent=2))
    return written
