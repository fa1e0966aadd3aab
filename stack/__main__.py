"""`python -m stack up --root DIR [--llm] [-- COMMAND ...]`: run a command with the stack in its environment.

Without a command the stack runs until Ctrl-C and its variables are written to DIR/stack.env.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

from stack.launcher import running_stack
from stack.process import StackError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    parser.add_argument("verb", choices=["up"])
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--llm", action="store_true")
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    command = sys.argv[split + 1 :]
    arguments = parser.parse_args(sys.argv[1:split])
    try:
        with running_stack(arguments.root, llm=arguments.llm) as stack:
            if command:
                return subprocess.run(command, env={**os.environ, **stack.variables}, check=False).returncode
            listing = arguments.root / "stack.env"
            listing.touch(mode=0o600)
            listing.write_text("".join(f"export {k}={shlex.quote(v)}\n" for k, v in sorted(stack.variables.items())))
            print(f"The stack is up; `. {listing}` to use it; Ctrl-C stops it.", flush=True)
            stopped = threading.Event()
            signal.signal(signal.SIGTERM, lambda *_: stopped.set())
            signal.signal(signal.SIGINT, lambda *_: stopped.set())
            stopped.wait()
            return 0
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
