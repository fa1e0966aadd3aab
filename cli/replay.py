"""`deepwitness replay`: whether the plan of an analysis comes out the same when it is decided again."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.console import Console

from cli.service import EXIT_FAILED, TokenOption, UrlOption, find_id, running
from core.types import Replay

_ASKED: Final = {
    "no_model": "by the rules",
    "stored_answer": "with the model's answer as it was stored",
    "model": "asking the model again",
}


def replay(
    analysis_id: Annotated[str, typer.Argument(help="The analysis whose plan is made again.")],
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Both plans and what differs, as JSON.")] = False,
) -> None:
    """Decide again on the inputs that the plan of an analysis stored. Exit code 1 when it comes out differently."""
    with running(url, token) as client:
        found = Replay.model_validate(client.replay(find_id(client, analysis_id)).model_dump(mode="json"))
    if as_json:
        print(found.model_dump_json(indent=2))
    else:
        _tell(found, Console(highlight=False))
    if not found.same:
        raise typer.Exit(EXIT_FAILED)


def _tell(found: Replay, console: Console) -> None:
    console.print(f"Decided again {_ASKED[found.asked]}: {'the same' if found.same else 'different'}.")
    console.print(f"  {found.stored.why}", markup=False)
    for name in found.differs:
        console.print(f"  {name}: {getattr(found.stored, name)} -> {getattr(found.again, name)}", markup=False)
