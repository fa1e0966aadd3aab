"""`deepwitness serve`: the service and its page until Ctrl-C."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from cli.embedded import address_of_running, running_service
from cli.service import NoService, state_folder


def serve(
    port: Annotated[int, typer.Option(help="Port of the API and the page.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback unless told otherwise.")] = "127.0.0.1",
    llm: Annotated[bool, typer.Option(help="Start the embedded language model too, if installed.")] = True,
) -> None:
    """Run the embedded stack, one worker, the API and the page until Ctrl-C."""
    console = Console(highlight=False)
    if (running := address_of_running(state_folder())) is not None:
        raise NoService(f"already running at {running}")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    console.print("Starting Deepwitness ...")

    def tell_ended(name: str, since: datetime | None) -> None:
        if not stopped.is_set():
            said = "is back." if since is None else f"ended at {since:%H:%M:%S} UTC and is started again."
            console.print(f"[yellow]{name} {said}[/yellow]")

    with running_service(
        state_folder(),
        host=host,
        port=port,
        llm=llm,
        tell=lambda what: console.print(f"[dim]{what}[/dim]"),
        tell_ended=tell_ended,
    ) as service:
        console.print(
            f"Deepwitness is at {service.public_url} (API description at {service.public_url}/docs). Ctrl-C stops it."
        )
        stopped.wait()
    console.print("Stopped.")
