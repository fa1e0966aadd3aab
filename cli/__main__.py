"""`./deepwitness`: analyze, ask, report, compare, status, serve; score, plan, verify, schema, doctor need no server.

Exit codes of every verb: 0 done; 1 some file or request failed, and the message or the file's line says why; 2 nothing
could be begun (wrong usage, or something needed is missing); 3 the service does not answer; 130 interrupted.
"""

from __future__ import annotations

import sys

import typer

from cli.analyze import analyze
from cli.ask import ask
from cli.doctor import doctor
from cli.plan import plan
from cli.replay import replay
from cli.report import compare, report
from cli.schema import schema
from cli.score import score
from cli.serve import serve
from cli.service import EXIT_FAILED, EXIT_UNREACHABLE, EXIT_UNUSABLE, NoService
from cli.status import status
from cli.verify import verify
from deepwitness_client import AnalysisFailed, DeepwitnessError, Problem, ServiceUnreachable
from stack.process import StackError

EXIT_INTERRUPTED = 130

app = typer.Typer(
    help="Upload a recording and learn whether it was manipulated, where, when, how sure that is, and why.",
    epilog="Exit codes: 0 done, 1 something failed, 2 nothing could be begun, 3 no service answers, 130 interrupted. "
    "Shell completion: --install-completion.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for verb in (analyze, ask, report, compare, status, serve, score, plan, replay, verify, schema, doctor):
    app.command()(verb)


def main() -> int:
    try:
        app(prog_name="deepwitness", standalone_mode=True)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except (DeepwitnessError, StackError) as error:
        print(f"deepwitness: {error}", file=sys.stderr)
        return _exit_code(error)
    return 0


def _exit_code(error: Exception) -> int:
    match error:
        case ServiceUnreachable():
            return EXIT_UNREACHABLE
        case NoService() | StackError():
            return EXIT_UNUSABLE
        case Problem() | AnalysisFailed():
            return EXIT_FAILED
        case _:
            return EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
