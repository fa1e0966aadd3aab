"""`python -m training.language.bench`: how long instructions take to read.

The first instruction of a fresh process with the vocabulary that it loads, the later ones, and the slowest of texts
made to be slow. Processor time; for the first one also what Python and the domain types take to start.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from agents.instructions import read_instruction
from training.language.instructions import labelled

_FIRST: Final = """
import time, core.types
start = time.process_time()
from agents.instructions import read_instruction
read_instruction("look at the face", 60.0)
print(time.process_time() - start, time.process_time())
"""
LONGEST: Final = 20_000
UNITS: Final = (
    *("a ", "the ", "1 ", "0:10 ", "from 1 to ", "no voice no face ", "not only ", "x", "\"'(", "ignore the ", "и "),
    *(
        "don't say he never said ",
        "first last second ",
        "twenty one ",
        "的",
        "face, ",
        "l'",
        "-",
        "if the voice is fine ",
    ),
)


def first_s() -> tuple[float, float]:
    """Seconds that the first instruction takes in a fresh process, and that process until then."""
    command = [sys.executable, "-c", _FIRST]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603, our own words
    reading, process = map(float, ran.stdout.split())
    return reading, process


def slowest_s(texts: Sequence[str]) -> float:
    """Processor seconds of the slowest."""
    return max(map(_seconds, texts))


def adversarial() -> list[str]:
    """Long texts that repeat themselves."""
    return [(unit * LONGEST)[:LONGEST] for unit in UNITS]


def _seconds(text: str) -> float:
    start = time.process_time()
    read_instruction(text, 4000.0)
    return time.process_time() - start


def main() -> None:
    reading, process = first_s()
    texts = [case.text for case in labelled()]
    slowest_s(texts[:1])
    start = time.process_time()
    slowest = slowest_s(texts)
    mean = (time.process_time() - start) / len(texts)
    print(f"first instruction of a process  {1000 * reading:6.1f} ms (the process until then {1000 * process:.0f} ms)")
    print(f"later instructions              {1000 * mean:6.2f} ms on average, {1000 * slowest:.1f} ms at most")
    print(f"{len(UNITS)} adversarial texts           {1000 * slowest_s(adversarial()):6.1f} ms at most")


if __name__ == "__main__":
    main()
