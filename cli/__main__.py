"""`./deepwitness`: analyze, ask, report, compare, status, serve; score, plan, verify, schema, doctor need no server.

Exit codes of every verb: 0 done; 1 some file or request failed, and the message or the file's line says why; 2 nothing
could be begun (wrong usage, or something needed is missing); 3 the service does not answer; 130 interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import typer

EXIT_INTERRUPTED: Final = 130
VERBS: Final = {
    "analyze": "cli.analyze",
    "ask": "cli.ask",
    "report": "cli.report",
    "compare": "cli.report",
    "status": "cli.status",
    "serve": "cli.serve",
    "score": "cli.score",
    "plan": "cli.plan",
    "replay": "cli.replay",
    "verify": "cli.verify",
    "schema": "cli.schema",
    "doctor": "cli.doctor",
}
"""Each verb is the function of its name in this module. By name: all their imports take longer than many a verb."""


def make_app(*verbs: str) -> typer.Typer:
    """The command line with these verbs, with all when none is named."""
    app = typer.Typer(
        help="Upload a recording and learn whether it was manipulated, where, when, how sure that is, and why.",
        epilog="Exit codes: 0 done, 1 something failed, 2 nothing could be begun, 3 no service answers, "
        "130 interrupted. Shell completion: --install-completion.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_group)
    for verb in verbs or VERBS:
        app.command()(getattr(import_module(VERBS[verb]), verb))
    return app


def main() -> int:
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        make_app(*([asked] if asked in VERBS else []))(prog_name="deepwitness", standalone_mode=True)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        print(f"deepwitness: {error}", file=sys.stderr)
        return code
    return 0


def _group() -> None:  # without it a verb that is alone would have no name
    pass


def _exit_code(error: Exception) -> int | None:
    """None for what nobody foresaw."""
    from cli.service import EXIT_FAILED, EXIT_UNREACHABLE, EXIT_UNUSABLE, NoService  # deferred, as the verbs are
    from deepwitness_client import DeepwitnessError, ServiceUnreachable
    from stack.process import StackError

    match error:
        case ServiceUnreachable():
            return EXIT_UNREACHABLE
        case NoService() | StackError():
            return EXIT_UNUSABLE
        case DeepwitnessError():
            return EXIT_FAILED
        case _:
            return None


if __name__ == "__main__":
    sys.exit(main())
