"""`deepwitness status`: what a service knows about its analyses."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.service import TokenOption, UrlOption, running


def status(
    analysis_id: Annotated[str | None, typer.Argument(help="One analysis; without it, the latest ones.")] = None,
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show the state of one analysis, or list the latest."""
    console = Console(highlight=False)
    with running(url, token) as client:
        listed = (client.analysis(analysis_id),) if analysis_id else client.page().items
    found = [each.model_dump(mode="json") for each in listed]
    if as_json:
        print(json.dumps(found if analysis_id is None else found[0], indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("analysis", "file", "status", "stage", "verdict", "created"):
        table.add_column(heading)
    for each in found:
        verdict = each.get("verdict") or {}
        outcome = verdict.get("outcome", "") if isinstance(verdict, dict) else str(verdict)
        row = (each["id"], each["file_name"], each["status"], each.get("stage") or "", outcome, each["created_at"])
        table.add_row(*(str(cell) for cell in row))
    console.print(table)
