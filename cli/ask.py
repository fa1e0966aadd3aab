"""`deepwitness ask`: a question about an analysis in plain words, or a conversation until an empty line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from cli.service import ID_START, LlmOption, TokenOption, UrlOption, find_id, service
from deepwitness_client import Client


def ask(
    about: Annotated[
        list[str], typer.Argument(help="Ids of analyses, then a question in quotes; without one, a conversation.")
    ],
    url: UrlOption = None,
    token: TokenOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each answer as one line of JSON.")] = False,
    llm: LlmOption = True,
) -> None:
    """Ask about analyses: verdict, faces, voice, a moment, how sure it is, what was not examined.

    Every sentence of an answer names the evidence that it stands on. Questions the evidence cannot answer are declined.
    """
    console = Console(highlight=False)
    named = [each for each in about if each.startswith(ID_START)]
    words = [each for each in about if not each.startswith(ID_START)]
    with service(console, url, llm=llm) as address, Client(address, token) as client:
        conversation = client.begin_conversation(*(find_id(client, each) for each in named)).id
        for question in [" ".join(words)] if words else _typed(console):
            message = client.ask(conversation, question).model_dump(mode="json")
            if as_json:
                console.print_json(data=message, indent=None)
            else:
                print_answer(console, message)


def print_answer(console: Console, message: dict[str, Any]) -> None:
    """One sentence a line, each with its evidence; then what went wrong on the way."""
    answer = message["answer"]
    if answer is None:
        failure = message["failure"]
        console.print(escape(failure["message"] if failure else "The answer is not there yet; ask again later."))
        return
    for statement in answer["statements"]:
        cited = ", ".join(citation["id"] for citation in statement["citations"])
        console.print(f"{escape(statement['text'])} [dim]\\[{escape(cited)}][/dim]")
    if answer["started"]:
        console.print(f"Started: {escape(answer['started'])}")
    for note in answer["notes"]:
        console.print(f"[dim]{escape(note['message'])}[/dim]")


def _typed(console: Console) -> Iterator[str]:
    """Questions from the terminal until an empty line or the end of input."""
    while True:
        try:
            question = console.input("[bold]?[/bold] ").strip()
        except EOFError:
            return
        if not question:
            return
        yield question
