"""`deepwitness report` and `deepwitness compare`: what finished analyses came to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.progress import print_report
from cli.service import (
    JsonOption,
    LanguageOption,
    TokenOption,
    UrlOption,
    find_id,
    report_of,
    results_folder,
    running,
    save,
)
from core.figures import percent_text, points_text
from deepwitness_client.models import Comparison


def report(
    analysis_id: Annotated[
        str, typer.Argument(help="A finished analysis, or the beginning of its id; `status` lists them.")
    ],
    as_json: JsonOption = False,
    pdf: Annotated[Path | None, typer.Option(help="Write the PDF to this file; - is standard output.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report and all its pictures into this folder.")] = None,
    language: LanguageOption = None,
    url: UrlOption = None,
    token: TokenOption = None,
) -> None:
    """Print the report of a finished analysis, or write it out."""
    with running(url, token, language) as client:
        analysis_id = find_id(client, analysis_id)
        if pdf is not None:
            content = client.report_pdf(analysis_id)
            if str(pdf) == "-":
                sys.stdout.buffer.write(content)
                sys.stdout.buffer.flush()
            else:
                pdf.write_bytes(content)
            return
        found = report_of(client, analysis_id)
        if out is not None:
            for path in save(client, found, results_folder(out.parent, out.name, found.analysis_id), language):
                print(path)
            return
    if as_json:
        print(found.model_dump_json(indent=2))
    else:
        print_report(Console(highlight=False), found, language)


def compare(
    first: Annotated[str, typer.Argument(help="A finished analysis.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    as_json: JsonOption = False,
    url: UrlOption = None,
    token: TokenOption = None,
) -> None:
    """Show two finished analyses side by side."""
    with running(url, token) as client:
        found = client.compare(find_id(client, first), find_id(client, second))
    if as_json:
        print(found.model_dump_json(indent=2))
    else:
        Console(highlight=False).print(_beside(found))


def _beside(found: Comparison) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", found.first.analysis.file_name, found.second.analysis.file_name, "difference"):
        table.add_column(heading)
    table.add_row(
        "verdict",
        _VERDICT[found.first.headline.verdict],
        _VERDICT[found.second.headline.verdict],
        _word(found.same_verdict),
    )
    for pair in found.scores:
        table.add_row(
            _PART.get(pair.name, pair.name), _figure(pair.first), _figure(pair.second), _points(pair.difference)
        )
    table.add_row("summary", found.first.headline.xai_summary, found.second.headline.xai_summary, "")
    table.add_row("file", found.first.analysis.id, found.second.analysis.id, _word(found.same_file))
    versions = found.first.analysis.pipeline_version, found.second.analysis.pipeline_version
    table.add_row("pipeline", *versions, _word(found.same_pipeline))
    return table


_PART = {"visual": "Faces", "audio": "Voice", "verdict": "Together"}
_VERDICT = {"Fake": "manipulated", "Real": "no evidence of manipulation", "Inconclusive": "inconclusive"}


def _figure(value: float | None) -> str:
    return "-" if value is None else percent_text(value)


def _points(value: float | None) -> str:
    return "-" if value is None else f"{points_text(value)} points"


def _word(is_same: bool) -> str:
    return "same" if is_same else "different"
