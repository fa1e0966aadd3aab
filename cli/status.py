"""`deepwitness status`: what a service knows about its analyses."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from cli.embedded import away_of_running
from cli.service import ID_CHARS, TokenOption, UrlOption, find_id, running, state_folder

PIPE_WIDTH: Final = 240
_WORDS: Final = {"fake": "manipulated", "real": "no evidence of manipulation"}
_AWAY: Final = {
    "database": "The database is",
    "broker": "The queue is",
    "blobs": "The file storage is",
    "disk": "Free disk space is",
    "workers": "The worker is",
}


def status(
    analysis_id: Annotated[str | None, typer.Argument(help="One analysis; without it, the latest ones.")] = None,
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show the state of one analysis, or list the latest."""
    # A pipe has no width: nothing is cut there, and an id never is.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
    if url is None:
        for name, since in away_of_running(state_folder()).items():
            _tell(f"{name} ended at {since:%Y-%m-%d %H:%M:%S} UTC and is being started again")
    with running(url, token) as client:
        for outage in client.service().away:
            _tell(f"{_AWAY.get(outage.name, outage.name)} away since {outage.since:%Y-%m-%d %H:%M:%S} UTC")
        listed = (client.analysis(find_id(client, analysis_id)),) if analysis_id else client.page().items
    found = [each.model_dump(mode="json") for each in listed]
    if as_json:
        print(json.dumps(found if analysis_id is None else found[0], indent=2))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("analysis", no_wrap=True, min_width=ID_CHARS)
    for heading in ("file", "status", "verdict", "created"):
        table.add_column(heading, overflow="fold")
    for each in found:
        verdict = each.get("verdict") or {}
        outcome = verdict.get("outcome", "") if isinstance(verdict, dict) else str(verdict)
        state = each["status"] if not each.get("stage") else f"{each['status']}, {each['stage']}"
        row = (each["id"], each["file_name"], state, _tell_outcome(each, outcome), each["created_at"])
        table.add_row(*(str(cell) for cell in row))
    console.print(table)


def _tell_outcome(each: dict[str, Any], outcome: str) -> str:
    return "nothing to examine" if each.get("nothing_to_examine") else _WORDS.get(outcome, outcome)


def _tell(what: str) -> None:
    print(what, file=sys.stderr)
