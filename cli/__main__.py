"""`./deepwitness`: analyze, ask, serve, status, and what needs no server: score, plan, verify and schema."""

from __future__ import annotations

import sys

import typer

from cli.analyze import analyze
from cli.ask import ask
from cli.client import ServiceError
from cli.plan import plan
from cli.schema import schema
from cli.score import score
from cli.serve import serve
from cli.status import status
from cli.verify import verify
from stack.process import StackError

app = typer.Typer(
    help="Upload a video and get testimony: was it manipulated, where, when, how sure, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(analyze)
app.command()(ask)
app.command()(serve)
app.command()(score)
app.command()(plan)
app.command()(status)
app.command()(verify)
app.command()(schema)


def main() -> int:
    try:
        app()
    except (ServiceError, StackError) as error:
        print(f"deepwitness: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
